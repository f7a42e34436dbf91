package stage

import (
	"encoding/base64"
	"strings"
	"testing"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// FuzzCredentials: whoever says user and password in clear, in whatever way,
// has said them to the eavesdropper; and nothing is read out of a line that
// does not stand in it.
func FuzzCredentials(f *testing.F) {
	f.Add("anna@romashka.example", "romashka-7", "AUTH PLAIN AGEAYg==")
	f.Add("a b", `q"u\o te`, `a1 LOGIN "open`)
	f.Add("", "", "PASS")
	f.Fuzz(func(t *testing.T, user, password, line string) {
		said := func(proto, text string, at imapline.Place) (string, string) {
			return credentials(proto, &trace.Line{Text: text, Role: trace.Command}, at)
		}
		b64 := base64.StdEncoding.EncodeToString
		quoted := func(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }
		check := func(how, u, p, wantUser, wantPassword string) {
			if u != wantUser || p != wantPassword {
				t.Errorf("%s: %q, %q; want %q, %q", how, u, p, wantUser, wantPassword)
			}
		}
		u, p := said("imap", "a1 login "+quoted(user)+" "+quoted(password), imapline.Place{})
		check("LOGIN", u, p, user, password)
		u, p = said("pop3", "PASS "+password, imapline.Place{})
		check("PASS", u, p, "", password)
		u, p = said("smtp", b64([]byte(user)), imapline.Place{Command: "AUTH LOGIN", Asked: "334 VXNlcm5hbWU6"})
		check("AUTH LOGIN, user", u, p, user, "")
		u, p = said("imap", b64([]byte(password)), imapline.Place{Command: "a1 AUTHENTICATE LOGIN", Asked: "+ UGFzc3dvcmQ6"})
		check("AUTHENTICATE LOGIN, password", u, p, "", password)
		if !strings.Contains(user+password, "\x00") {
			plain := b64([]byte("\x00" + user + "\x00" + password))
			u, p = said("smtp", "AUTH PLAIN "+plain, imapline.Place{})
			check("AUTH PLAIN", u, p, user, password)
			u, p = said("pop3", plain, imapline.Place{Command: "AUTH PLAIN", Asked: "+ "})
			check("AUTH PLAIN, asked", u, p, user, password)
		}
		for _, proto := range []string{"smtp", "pop3", "imap"} {
			u, p = said(proto, line, imapline.Place{})
			if len(u)+len(p) > len(line) {
				t.Errorf("%s: %q, %q stand in no %q", proto, u, p, line)
			}
			if u, p = credentials(proto, &trace.Line{Text: line, Role: trace.Reply}, imapline.Place{}); u+p != "" {
				t.Errorf("a server signs in: %q", line)
			}
		}
	})
}
