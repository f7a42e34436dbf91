package explain

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// MailboxName is the name of a mailbox as people read it: what stands between
// & and - is a text in UTF-16, in base64 with a comma for the slash. What is
// not written so stays as it is.
//
// RFC 3501 §5.1.3.
func MailboxName(name string) string {
	var b strings.Builder
	for {
		plain, rest, found := strings.Cut(name, "&")
		b.WriteString(plain)
		if !found {
			return b.String()
		}
		code, after, closed := strings.Cut(rest, "-")
		text, ok := "&", true
		if code != "" {
			text, ok = utf7(code)
		}
		if !closed || !ok {
			b.WriteString("&" + rest)
			return b.String()
		}
		b.WriteString(text)
		name = after
	}
}

// utf7 decodes what stands between & and -.
func utf7(code string) (text string, ok bool) {
	b, err := base64.RawStdEncoding.DecodeString(strings.ReplaceAll(code, ",", "/"))
	if err != nil || len(b)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units)), true
}
