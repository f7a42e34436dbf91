package mailauth

import "strings"

// ReceivedSPF is the field that keeps an SPF verdict of the server receiver,
// folded, with its final CR LF.
//
// RFC 7208 §9.1.
func ReceivedSPF(v SPF, receiver string) string {
	var b strings.Builder
	b.Grow(512)
	b.WriteString("Received-SPF: " + string(v.Result) + " (" + comment(receiver+": "+v.Reason) + ")")
	pair := func(key, value string) {
		if value != "" {
			b.WriteString(key + "=" + spfValue(value))
		}
	}
	b.WriteString("\r\n\t")
	pair("client-ip", v.IP.String())
	from := v.Sender
	if v.Identity == "helo" {
		from = "" // the null reverse-path
	}
	pair("; envelope-from", from)
	pair("; helo", v.Helo)
	b.WriteString(";\r\n\t")
	pair("receiver", receiver)
	pair("; identity", v.Identity)
	pair("; mechanism", v.Term)
	if v.Result == TempError || v.Result == PermError {
		pair("; problem", v.Reason)
	}
	b.WriteString("\r\n")
	return b.String()
}

// spfValue is a dot-atom or a quoted string (RFC 7208 §9.1, RFC 5322 §3.2.3).
func spfValue(s string) string {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" {
			return quote(s)
		}
		for i := range len(label) {
			if c := label[i]; !isAlnum(c) && strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) < 0 {
				return quote(s)
			}
		}
	}
	return s
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// quote makes a quoted string (RFC 5322 §3.2.4). Controls, which it cannot
// hold, become question marks.
func quote(s string) string { return `"` + escape(s, `"\`) + `"` }

// comment makes the inside of a comment (RFC 5322 §3.2.2).
func comment(s string) string { return escape(s, `()\`) }

func escape(s, special string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(special, r) }) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f {
			c = '?'
		}
		if strings.IndexByte(special, c) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}
