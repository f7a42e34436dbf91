package explain

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// signingIn tells whether the line may be the client's answer within AUTH:
// the last command was AUTH, or was itself such an answer, and this is none
// of the known commands.
func (s *speech) signingIn(commands map[string]string) bool {
	line := s.line.Text
	if strings.ContainsAny(line, " :") {
		return false
	}
	if plain, ok := unbase64(line); ok && strings.Count(plain, "\x00") == 2 {
		return true // no command looks like the answer of PLAIN
	}
	if line == s.ctx.Command {
		return false
	}
	if s.ctx.Asked != "" {
		return true
	}
	if verb, _ := verbOf(s.ctx.Command); verb == "AUTH" {
		return true
	} else if _, known := commands[verb]; known || verb == "" {
		return false
	}
	_, ok := unbase64(s.ctx.Command)
	return ok
}

// auth explains AUTH with its mechanism and initial response.
//
// SMTP: RFC 4954 §4. POP3: RFC 5034 §4.
func (s *speech) auth(ex Explained) Explained {
	line := s.line.Text
	_, end := verbOf(line)
	ex.Parts = []Part{s.part(0, end, Verb, "auth.verb")}
	args := fields(line, end)
	if len(args) > 0 {
		ex.Parts = append(ex.Parts, s.part(args[0].start, args[0].end, Param, s.mechanism(args[0].of(line))))
	}
	if len(args) > 1 {
		a := args[1]
		p := s.part(a.start, a.end, Param, "")
		switch {
		case a.of(line) == "=":
			p.Meaning = s.t("auth.nothing")
		case strings.EqualFold(args[0].of(line), "LOGIN"):
			p.Meaning = s.secret(a.of(line), "auth.login.user")
		default:
			p.Meaning = s.secret(a.of(line), "auth.opaque")
		}
		ex.Parts = append(ex.Parts, p)
	}
	return ex
}

// mechanism is the key of what a SASL mechanism does.
func (s *speech) mechanism(name string) string {
	return s.first("auth.mechanism."+strings.ToLower(name), "auth.mechanism.other")
}

// authAnswer explains a line of base64 that the client says within AUTH.
func (s *speech) authAnswer(rfc string) Explained {
	line := s.line.Text
	if line == "*" {
		return Explained{Sentence: s.t("auth.cancel"), Parts: []Part{s.part(0, 1, Verb, "auth.cancel.part")}, RFC: rfc}
	}
	ex := Explained{Sentence: s.t("auth.answer"), RFC: rfc}
	if s.line.Encrypted {
		ex.Sentence = s.t("auth.answer.encrypted")
	}
	if line == "" {
		ex.Sentence = s.t("auth.answer.empty")
		return ex
	}
	if key := proofKey(line); key != "" {
		ex.Sentence = s.t(key)
	}
	key := s.answered()
	p := s.part(0, len(line), Param, "")
	p.Meaning = s.secret(line, key)
	ex.Parts = []Part{p}
	return ex
}

// proofKey is the key for a line of base64 by which one end proves to the
// other that it knows the password and does not say it; "" for any other.
//
// CRAM-MD5: RFC 2195 §2. SCRAM: RFC 5802 §5.
func proofKey(in string) string {
	plain, _ := unbase64(in)
	switch {
	case !legible(plain):
	case strings.HasPrefix(plain, "<") && strings.HasSuffix(plain, ">"):
		return "auth.cram.challenge"
	case digest.MatchString(plain):
		return "auth.cram.response"
	case strings.HasPrefix(plain, "r=") && strings.Contains(plain, ",s="):
		return "auth.scram.challenge"
	case strings.HasPrefix(plain, "c=") && strings.Contains(plain, ",p="):
		return "auth.scram.proof"
	case strings.HasPrefix(plain, "v="):
		return "auth.scram.server"
	}
	return ""
}

// digest is how an answer of CRAM-MD5 looks: name and 16 octets.
var digest = regexp.MustCompile(`^\S+ [0-9a-f]{32}$`)

// answered is the key for what the client answers within AUTH: what the
// server asked for, or else what the command before lets one know.
func (s *speech) answered() string {
	if s.ctx.Asked != "" {
		switch _, asked, _ := strings.Cut(s.ctx.Asked, " "); challengeKey(asked) {
		case "auth.challenge.user":
			return "auth.login.user"
		case "auth.challenge.password":
			return "auth.login.password"
		}
	}
	said := strings.Fields(strings.ToUpper(s.ctx.Command))
	switch {
	case len(said) > 2 && said[0] == "AUTH" && said[1] == "LOGIN":
		return "auth.login.password" // the user's name came with the command
	case len(said) == 2 && said[0] == "AUTH" && said[1] == "LOGIN":
		return "auth.login.text"
	case len(said) == 1 && said[0] != "AUTH" && s.ctx.Command != s.line.Text:
		return "auth.login.password" // the line before was the user's name
	}
	return "auth.opaque"
}

// secret tells what stands in base64: user and password of PLAIN, or one
// text, as the text of key says. Base64 hides nothing, and that is what is
// to be seen.
func (s *speech) secret(in, key string) string {
	plain, ok := unbase64(in)
	if !ok {
		return s.t("auth.opaque")
	}
	// PLAIN: authorization identity, NUL, user, NUL, password (RFC 4616 §2).
	if id := strings.Split(plain, "\x00"); len(id) == 3 {
		return s.t("auth.plain", "User", printable(id[1]), "Password", printable(id[2]))
	}
	if key == "auth.opaque" {
		if !legible(plain) {
			return s.t(key)
		}
		key = "auth.login.text" // of CRAM-MD5 and SCRAM: no secret, but a proof of one
	}
	return s.t(key, "Text", printable(plain))
}

// challenge explains the server's 334: its text is base64.
func (s *speech) challenge(start int) []Part {
	line := s.line.Text
	if start >= len(line) {
		return nil
	}
	key := challengeKey(line[start:])
	if plain, ok := unbase64(line[start:]); ok && key == "auth.challenge.other" && legible(plain) {
		what := "auth.challenge.text"
		if proofKey(line[start:]) == "auth.scram.server" {
			what = "auth.challenge.proof"
		}
		return []Part{s.part(start, len(line), Plain, what, "Text", plain)}
	}
	return []Part{s.part(start, len(line), Plain, key)}
}

// legible tells whether a text can be shown as it is.
func legible(text string) bool {
	return text != "" && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// challengeKey is the key for what the server asks in base64.
func challengeKey(in string) string {
	plain, _ := unbase64(in)
	switch strings.ToLower(strings.Trim(plain, " :\x00")) {
	case "username", "user name":
		return "auth.challenge.user"
	case "password":
		return "auth.challenge.password"
	}
	return "auth.challenge.other"
}

// unbase64 decodes in; ok is false if it is not base64 of any length.
func unbase64(in string) (plain string, ok bool) {
	if in == "" {
		return "", false
	}
	b, err := base64.StdEncoding.DecodeString(in)
	return string(b), err == nil
}

// printable is text with what cannot be shown replaced, cut to a length that
// fits a label.
func printable(text string) string {
	const most = 60
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		if r < ' ' || r == 0x7f {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String()
}
