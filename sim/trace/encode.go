package trace

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// The functions of this file append to a buffer and return it, as append
// does. A key is given as it is written: `,"from":`. A field with the zero
// value of its type is left out, unless said otherwise.

// appendHeader adds the first line of a recording, line end included.
func appendHeader(b []byte, h Header) []byte {
	b = append(b, `{"mailscope":`...)
	b = strconv.AppendInt(b, Version, 10)
	b = appendText(b, `,"lesson":`, h.Lesson)
	b = appendInt(b, `,"number":`, h.Number)
	b = appendWords(b, `,"title":`, h.Title)
	b = appendText(b, `,"side":`, h.Side)
	b = appendDate(b, `,"start":`, h.Start)
	b = append(b, `,"world":`...)
	at := len(b)
	b = appendList(b, `,"domains":`, h.World.Domains, appendDomain)
	b = appendList(b, `,"hosts":`, h.World.Hosts, appendHost)
	if v := h.World.Eavesdropper; v != nil {
		b = append(b, `,"eavesdropper":`...)
		b = appendEavesdropper(b, v)
	}
	b = closeObject(b, at)
	return append(b, '}', '\n')
}

func appendEavesdropper(b []byte, v *Eavesdropper) []byte {
	at := len(b)
	b = appendText(b, `,"name":`, v.Name)
	b = appendWords(b, `,"title":`, v.Title)
	b = appendWords(b, `,"place":`, v.Place)
	b = appendList(b, `,"hears":`, v.Hears, appendString)
	return closeObject(b, at)
}

func appendDomain(b []byte, d Domain) []byte {
	at := len(b)
	b = appendText(b, `,"name":`, d.Name)
	b = appendWords(b, `,"title":`, d.Title)
	return closeObject(b, at)
}

func appendHost(b []byte, h Host) []byte {
	at := len(b)
	b = appendText(b, `,"name":`, h.Name)
	b = appendText(b, `,"addr":`, h.Addr)
	b = appendText(b, `,"domain":`, h.Domain)
	b = appendText(b, `,"kind":`, string(h.Kind))
	b = appendWords(b, `,"title":`, h.Title)
	b = appendText(b, `,"account":`, h.Account)
	b = appendText(b, `,"receive":`, h.Receive)
	b = appendInt(b, `,"mx":`, h.MX)
	return closeObject(b, at)
}

// closeObject makes an object of the fields that stand from at on: the comma
// before the first of them becomes the opening brace.
func closeObject(b []byte, at int) []byte {
	if len(b) == at {
		return append(b, '{', '}')
	}
	b[at] = '{'
	return append(b, '}')
}

// appendEvent adds one event's line, line end included. seq, at and kind are
// always there, and so is the payload.
func appendEvent(b []byte, e *Event) []byte {
	b = append(b, `{"seq":`...)
	b = strconv.AppendInt(b, int64(e.Seq), 10)
	b = append(b, `,"at":`...)
	b = appendSeconds(b, e.At)
	b = append(b, `,"kind":"`...)
	kind := e.Kind()
	b = append(b, kind...)
	b = append(b, '"')
	b = appendInt(b, `,"conn":`, e.Conn)
	b = appendText(b, `,"from":`, e.From)
	b = appendText(b, `,"to":`, e.To)
	b = appendText(b, `,"proto":`, e.Proto)
	b = appendText(b, `,"letter":`, e.Letter)
	b = appendInt(b, `,"cause":`, e.Cause)
	b = append(b, ',', '"')
	b = append(b, kind...)
	b = append(b, '"', ':')
	at := len(b)
	b = e.Body.appendFields(b)
	b = closeObject(b, at)
	return append(b, '}', '\n')
}

func (p *Connect) appendFields(b []byte) []byte {
	b = appendText(b, `,"service":`, p.Service)
	b = appendInt(b, `,"port":`, p.Port)
	b = appendText(b, `,"fromAddr":`, p.FromAddr)
	b = appendText(b, `,"toAddr":`, p.ToAddr)
	return appendBool(b, `,"foreign":`, p.Foreign)
}

func (p *Close) appendFields(b []byte) []byte {
	return appendText(b, `,"reason":`, p.Reason)
}

func (p *Refused) appendFields(b []byte) []byte {
	b = appendText(b, `,"service":`, p.Service)
	b = appendInt(b, `,"port":`, p.Port)
	b = appendText(b, `,"toAddr":`, p.ToAddr)
	return appendText(b, `,"reason":`, p.Reason)
}

// appendFields writes the text even if it is empty, and the code as a number
// where it is one.
func (p *Line) appendFields(b []byte) []byte {
	b = append(b, `,"text":`...)
	b = appendString(b, p.Text)
	b = appendText(b, `,"role":`, string(p.Role))
	if isNumber(p.Code) {
		b = append(b, `,"code":`...)
		b = append(b, p.Code...)
	} else {
		b = appendText(b, `,"code":`, p.Code)
	}
	b = appendInt(b, `,"bytes":`, p.Bytes)
	return appendBool(b, `,"encrypted":`, p.Encrypted)
}

func (p *TLS) appendFields(b []byte) []byte {
	b = appendText(b, `,"mode":`, p.Mode)
	b = appendText(b, `,"version":`, p.Version)
	b = appendText(b, `,"cipher":`, p.Cipher)
	b = appendText(b, `,"serverName":`, p.ServerName)
	b = appendText(b, `,"subject":`, p.Subject)
	b = appendText(b, `,"issuer":`, p.Issuer)
	b = appendDate(b, `,"notBefore":`, p.NotBefore)
	b = appendDate(b, `,"notAfter":`, p.NotAfter)
	b = appendBool(b, `,"verified":`, p.Verified)
	b = appendText(b, `,"reason":`, p.Reason)
	b = appendInt(b, `,"discarded":`, p.Discarded)
	return appendList(b, `,"seen":`, p.Seen, appendRecord)
}

func appendRecord(b []byte, r Record) []byte {
	at := len(b)
	b = appendBool(b, `,"server":`, r.Server)
	b = appendText(b, `,"type":`, r.Type)
	b = appendText(b, `,"version":`, r.Version)
	b = appendInt(b, `,"bytes":`, r.Bytes)
	b = appendList(b, `,"messages":`, r.Messages, appendString)
	return closeObject(b, at)
}

func (p *Lookup) appendFields(b []byte) []byte {
	b = appendText(b, `,"name":`, p.Name)
	b = appendText(b, `,"type":`, p.Type)
	b = appendText(b, `,"rcode":`, p.RCode)
	b = appendList(b, `,"answers":`, p.Answers, appendString)
	b = appendDuration(b, `,"ttl":`, p.TTL)
	return appendBool(b, `,"cached":`, p.Cached)
}

func (p *Queue) appendFields(b []byte) []byte {
	b = appendText(b, `,"action":`, p.Action)
	b = appendText(b, `,"id":`, p.ID)
	b = appendText(b, `,"sender":`, p.Sender)
	b = appendList(b, `,"recipients":`, p.Recipients, appendString)
	b = appendText(b, `,"nextHop":`, p.NextHop)
	b = appendInt(b, `,"attempt":`, p.Attempt)
	b = appendDuration(b, `,"next":`, p.Next)
	b = appendText(b, `,"reason":`, p.Reason)
	return appendInt(b, `,"length":`, p.Length)
}

func (p *Store) appendFields(b []byte) []byte {
	b = appendText(b, `,"action":`, p.Action)
	b = appendText(b, `,"mailbox":`, p.Mailbox)
	b = appendText(b, `,"folder":`, p.Folder)
	b = appendText(b, `,"to":`, p.To)
	b = appendText(b, `,"uid":`, p.UID)
	b = appendInt(b, `,"bytes":`, p.Bytes)
	b = appendInt(b, `,"count":`, p.Count)
	b = appendList(b, `,"flags":`, p.Flags, appendString)
	b = appendInt(b, `,"total":`, p.Total)
	return appendInt(b, `,"limit":`, p.Limit)
}

func (p *Device) appendFields(b []byte) []byte {
	b = appendText(b, `,"action":`, p.Action)
	b = appendText(b, `,"account":`, p.Account)
	b = appendText(b, `,"subject":`, p.Subject)
	b = appendInt(b, `,"count":`, p.Count)
	b = appendInt(b, `,"new":`, p.New)
	b = appendText(b, `,"text":`, p.Text)
	b = appendText(b, `,"reason":`, p.Reason)
	b = appendText(b, `,"folder":`, p.Folder)
	b = appendText(b, `,"uid":`, p.UID)
	b = appendList(b, `,"flags":`, p.Flags, appendString)
	b = appendText(b, `,"holds":`, p.Holds)
	b = appendInt(b, `,"size":`, p.Size)
	b = appendInt(b, `,"bytes":`, p.Bytes)
	return appendInt(b, `,"offline":`, p.Offline)
}

func (p *Verdict) appendFields(b []byte) []byte {
	b = appendText(b, `,"check":`, p.Check)
	b = appendText(b, `,"source":`, p.Source)
	b = appendText(b, `,"identity":`, p.Identity)
	b = appendText(b, `,"value":`, p.Value)
	b = appendText(b, `,"domain":`, p.Domain)
	b = appendText(b, `,"addr":`, p.Addr)
	b = appendList(b, `,"asked":`, p.Asked, appendString)
	b = appendText(b, `,"record":`, p.Record)
	b = appendText(b, `,"term":`, p.Term)
	b = appendText(b, `,"result":`, p.Result)
	b = appendList(b, `,"aligned":`, p.Aligned, appendString)
	b = appendText(b, `,"policy":`, p.Policy)
	b = appendInt(b, `,"score":`, p.Score)
	b = appendText(b, `,"reason":`, p.Reason)
	return appendText(b, `,"field":`, p.Field)
}

func (p *Change) appendFields(b []byte) []byte {
	b = appendText(b, `,"domain":`, p.Domain)
	b = appendText(b, `,"key":`, p.Key)
	b = appendText(b, `,"old":`, p.Old)
	return appendText(b, `,"new":`, p.New)
}

func (p *Fault) appendFields(b []byte) []byte {
	b = appendText(b, `,"action":`, p.Action)
	b = appendText(b, `,"type":`, p.Type)
	b = appendText(b, `,"name":`, p.Name)
	b = appendText(b, `,"detail":`, p.Detail)
	return appendText(b, `,"line":`, p.Line)
}

func (p *Note) appendFields(b []byte) []byte {
	b = appendBool(b, `,"chapter":`, p.Chapter)
	b = appendWords(b, `,"text":`, p.Text)
	return appendInt(b, `,"step":`, p.Step)
}

func appendText(b []byte, key, s string) []byte {
	if s == "" {
		return b
	}
	return appendString(append(b, key...), s)
}

func appendInt(b []byte, key string, n int) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, key...), int64(n), 10)
}

func appendBool(b []byte, key string, v bool) []byte {
	if !v {
		return b
	}
	return append(append(b, key...), "true"...)
}

func appendDate(b []byte, key string, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	b = append(append(b, key...), '"')
	b = t.UTC().AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

func appendDuration(b []byte, key string, d time.Duration) []byte {
	if d == 0 {
		return b
	}
	return appendSeconds(append(b, key...), d)
}

func appendList[T any](b []byte, key string, list []T, item func([]byte, T) []byte) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(append(b, key...), '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, v)
	}
	return append(b, ']')
}

// appendWords adds an object from language to text, in order of language.
func appendWords(b []byte, key string, w Words) []byte {
	if len(w) == 0 {
		return b
	}
	langs := make([]string, 0, 4)
	for lang := range w {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	b = append(b, key...)
	at := len(b)
	for _, lang := range langs {
		b = appendQuoted(append(b, ','), lang)
		b = appendString(append(b, ':'), w[lang])
	}
	return closeObject(b, at)
}

// appendSeconds adds a number of seconds, exact to the nanosecond, without
// needless zeros: 0.42.
func appendSeconds(b []byte, d time.Duration) []byte {
	n := uint64(d)
	if d < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendUint(b, n/1e9, 10)
	frac := n % 1e9
	if frac == 0 {
		return b
	}
	var digits [10]byte
	digits[0] = '.'
	for i := 9; i > 0; i-- {
		digits[i] = byte('0' + frac%10)
		frac /= 10
	}
	end := len(digits)
	for digits[end-1] == '0' {
		end--
	}
	return append(b, digits[:end]...)
}

// appendString adds a JSON string; of octets that are not UTF-8, the object
// {"base64":"…"} instead, so that nothing is lost.
func appendString(b []byte, s string) []byte {
	n := plainLen(s)
	if n == len(s) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	if !utf8.ValidString(s[n:]) {
		b = append(b, `{"base64":"`...)
		b = base64.StdEncoding.AppendEncode(b, []byte(s))
		return append(b, `"}`...)
	}
	return appendQuoted(b, s)
}

const hexDigits = "0123456789abcdef"

// appendQuoted adds s, which is UTF-8, as a JSON string (RFC 8259 §7).
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for {
		n := plainLen(s)
		for n < len(s) && s[n] >= utf8.RuneSelf {
			n++
		}
		b = append(b, s[:n]...)
		if n == len(s) {
			return append(b, '"')
		}
		c := s[n]
		s = s[n+1:]
		switch {
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, c)
		}
	}
}

// plainLen is how many octets at the front of s are ASCII that JSON need not
// escape. It looks at eight of them at a time.
func plainLen(s string) int {
	const (
		low  = 0x0101010101010101
		high = 0x8080808080808080
	)
	i := 0
	for ; i+8 <= len(s); i += 8 {
		v := binary.LittleEndian.Uint64([]byte(s[i : i+8]))
		quote, slash := v^('"'*low), v^('\\'*low)
		// The high bit of an octet is set if the octet is over 127, under
		// 0x20, or equal to the one sought (then it is zero here). A borrow
		// from the octet below can set it wrongly, but never the lowest.
		if found := (v | (v - 0x20*low) | (quote - low) | (slash - low)) & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

// isNumber tells whether a reply code reads the same when written as a JSON
// number.
func isNumber(code string) bool {
	if code == "" || len(code) > 9 || code[0] == '0' {
		return false
	}
	for i := range len(code) {
		if code[i] < '0' || code[i] > '9' {
			return false
		}
	}
	return true
}
