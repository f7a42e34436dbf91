package smtp

import (
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// parseParam reads one parameter from the front of s, which starts with
// spaces: " SIZE=812". key is in capitals; hasValue tells "SIZE=" from
// "SIZE". At the end of s key is "". On error rest is s.
//
// RFC 5321 §4.1.2: esmtp-param.
func parseParam(s string) (key, value string, hasValue bool, rest string, err error) {
	text := strings.TrimLeft(s, " ")
	if text == "" {
		return "", "", false, "", nil
	}
	at := len(s) - len(text)
	if at == 0 {
		return "", "", false, s, &wire.SyntaxError{At: 0, Want: "a space"}
	}
	n := 0
	for n < len(text) && (text[n] < 0x80 && alnum(text[n]) || text[n] == '-' && n > 0) {
		n++
	}
	if n == 0 {
		return "", "", false, s, &wire.SyntaxError{At: at, Want: "a parameter"}
	}
	key, rest = strings.ToUpper(text[:n]), text[n:]
	if rest == "" || rest[0] == ' ' {
		return key, "", false, rest, nil
	}
	if rest[0] != '=' {
		return "", "", false, s, &wire.SyntaxError{At: at + n, Want: `"="`}
	}
	value = rest[1:]
	for i := range len(value) {
		if c := value[i]; c == ' ' {
			return key, value[:i], true, value[i:], nil
		} else if c < ' ' || c == '=' || c == 0x7f {
			return "", "", false, s, &wire.SyntaxError{At: at + n + 1 + i, Want: "a printable character"}
		}
	}
	return key, value, true, "", nil
}

// param is one parameter of MAIL or RCPT: which offer it needs, and how its
// value is taken. take tells whether the value is good.
type param[T any] struct {
	offered func(o *Offer) bool
	value   bool // it must have one; without, it may not
	take    func(to *T, value string) bool
}

// readParams takes every parameter of text into to. The reply is zero if all
// were good.
func readParams[T any](s *session, text string, known map[string]param[T], to *T) Reply {
	var seen [8]string
	count := 0
	for {
		key, value, hasValue, rest, err := parseParam(text)
		if err != nil {
			return mistakeAt("5.5.4", err)
		}
		if key == "" {
			return Reply{}
		}
		p, ok := known[key]
		if !ok || !s.env.ESMTP || !p.offered(&s.srv.Offer) {
			return reply(555, "5.5.4", "parameter "+key+" not recognized") // RFC 5321 §4.1.1.11
		}
		for _, k := range seen[:count] {
			if k == key {
				return reply(501, "5.5.4", "parameter "+key+" given twice")
			}
		}
		seen[count] = key
		count++
		if hasValue != p.value || !p.take(to, value) {
			return reply(501, "5.5.4", "bad value of "+key)
		}
		text = rest
	}
}

// mailParams are the parameters of MAIL.
var mailParams = map[string]param[Mail]{
	"SIZE": {func(o *Offer) bool { return o.Size }, true, takeSize},
	"BODY": {func(o *Offer) bool { return o.EightBitMIME }, true, func(m *Mail, v string) bool {
		m.Body = strings.ToUpper(v)
		return m.Body == "7BIT" || m.Body == "8BITMIME" // RFC 6152 §2
	}},
	"SMTPUTF8": {func(o *Offer) bool { return o.SMTPUTF8 }, false, func(m *Mail, _ string) bool {
		m.UTF8 = true
		return true
	}},
	"RET": {offersDSN, true, func(m *Mail, v string) bool {
		m.Ret = strings.ToUpper(v)
		return m.Ret == "FULL" || m.Ret == "HDRS" // RFC 3461 §4.3
	}},
	"ENVID": {offersDSN, true, func(m *Mail, v string) bool {
		id, err := parseXtext(v)
		m.EnvID = id
		return err == nil && id != "" && len(v) <= 100 // RFC 3461 §4.4
	}},
	"AUTH": {func(o *Offer) bool { return len(o.Auth) > 0 }, true, takeAuth},
}

// rcptParams are the parameters of RCPT.
var rcptParams = map[string]param[Rcpt]{
	"NOTIFY": {offersDSN, true, func(r *Rcpt, v string) (ok bool) {
		r.Notify, ok = ParseNotify(v)
		return ok
	}},
	"ORCPT": {offersDSN, true, func(r *Rcpt, v string) bool {
		kind, text, found := strings.Cut(v, ";")
		text, err := parseXtext(text)
		r.ORcpt = kind + ";" + text
		return found && kind != "" && text != "" && err == nil && len(v) <= 500 // RFC 3461 §4.2
	}},
}

func offersDSN(o *Offer) bool { return o.DSN }

// takeSize reads 1 to 20 digits; more than an int holds becomes the largest.
//
// RFC 1870 §3.
func takeSize(m *Mail, v string) bool {
	if v == "" || len(v) > 20 || strings.Trim(v, "0123456789") != "" {
		return false
	}
	m.Size, _ = strconv.Atoi(v) // the largest if out of range
	return true
}

// takeAuth reads who submitted the letter.
//
// RFC 4954 §5.
func takeAuth(m *Mail, v string) bool {
	text, err := parseXtext(v)
	if err != nil || text == "" {
		return false
	}
	m.Auth = text
	if text == "<>" {
		return true
	}
	_, err = ParseAddress(text)
	return err == nil
}

// ParseNotify reads the value of NOTIFY, in any case: what a sender wants to be
// told about a recipient. ok is false if the words do not go together.
//
// RFC 3461 §4.1.
func ParseNotify(v string) (words []string, ok bool) {
	list := strings.Split(strings.ToUpper(v), ",")
	for i, word := range list {
		switch word {
		case "SUCCESS", "FAILURE", "DELAY":
		case "NEVER":
			if len(list) > 1 {
				return nil, false
			}
		default:
			return nil, false
		}
		for _, earlier := range list[:i] {
			if earlier == word {
				return nil, false
			}
		}
	}
	return list, true
}

// parseXtext decodes xtext: "+" and two capital hexadecimal digits stand for
// any octet. err is a *wire.SyntaxError.
//
// RFC 3461 §4.
func parseXtext(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			if i+2 >= len(s) || !hexDigit(s[i+1]) || !hexDigit(s[i+2]) {
				return "", &wire.SyntaxError{At: i + 1, Want: "two hexadecimal digits"}
			}
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			b.WriteByte(byte(n))
			i += 2
		case c <= ' ' || c == '=' || c == 0x7f:
			return "", &wire.SyntaxError{At: i, Want: "a printable character"}
		default:
			b.WriteByte(c) // Deviates: UTF-8 passes as it is (RFC 6533 §3)
		}
	}
	return b.String(), nil
}

func hexDigit(b byte) bool { return digit(b) || 'A' <= b && b <= 'F' }

// encodeXtext is the opposite of parseXtext.
func encodeXtext(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == '+' || c == '=' || c >= 0x7f {
			b.Write([]byte{'+', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
