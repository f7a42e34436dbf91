package stage

import (
	"encoding/base64"
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// credentials are the user and the password that anybody reads in a client's
// line: base64 hides nothing. What CRAM-MD5 and SCRAM say is no password, but
// a proof of one. A password that comes as a literal is read as it stands.
//
// RFC 1939 §7, RFC 9051 §6.2.3, RFC 4954 §4.
func credentials(proto string, l *trace.Line, at imapline.Place) (user, password string) {
	switch {
	case l.Role == trace.Reply:
		return "", ""
	case at.Asked != "":
		verb, rest := spoken(proto, at.Command)
		if verb == "AUTH" || verb == "AUTHENTICATE" {
			mechanism, _, _ := strings.Cut(rest, " ")
			return response(mechanism, at.Asked, l.Text)
		}
		return "", ""
	case l.Role != trace.Command || at.Before != "":
		return "", ""
	}
	switch verb, rest := spoken(proto, l.Text); {
	case proto == "pop3" && verb == "USER":
		return rest, ""
	case proto == "pop3" && verb == "PASS":
		return "", rest
	case proto == "imap" && verb == "LOGIN":
		user, rest = astring(rest)
		password, _ = astring(rest)
		return user, password
	case verb == "AUTH" || verb == "AUTHENTICATE":
		mechanism, initial, _ := strings.Cut(rest, " ")
		return response(mechanism, "", initial)
	}
	return "", ""
}

// spoken parts a command into its verb, in capitals, and what follows.
func spoken(proto, line string) (verb, rest string) {
	if proto == "imap" {
		_, line, _ = strings.Cut(line, " ") // the tag
	}
	verb, rest, _ = strings.Cut(line, " ")
	return strings.ToUpper(verb), rest
}

// response reads what a client says within a mechanism, in base64; asked is
// the server's challenge with its code, "" if the client says it at once.
//
// RFC 4616 §2; draft-murchison-sasl-login §2.
func response(mechanism, asked, text string) (user, password string) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", ""
	}
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		if id := strings.Split(string(b), "\x00"); len(id) == 3 {
			return id[1], id[2]
		}
	case "LOGIN":
		_, challenge, _ := strings.Cut(asked, " ")
		if c, _ := base64.StdEncoding.DecodeString(challenge); strings.HasPrefix(strings.ToLower(string(c)), "password") {
			return "", string(b)
		}
		return string(b), ""
	}
	return "", ""
}

// astring is the first of the things that stand in a line of IMAP, without
// quotes, and the rest.
//
// RFC 9051 §9.
func astring(line string) (first, rest string) {
	if !strings.HasPrefix(line, `"`) {
		first, rest, _ = strings.Cut(line, " ")
		return first, rest
	}
	var b strings.Builder
	i := 1
	for ; i < len(line) && line[i] != '"'; i++ {
		if line[i] == '\\' && i+1 < len(line) {
			i++
		}
		b.WriteByte(line[i])
	}
	return b.String(), strings.TrimPrefix(line[min(i+1, len(line)):], " ")
}
