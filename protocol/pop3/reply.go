package pop3

import (
	"strings"

	"mailscope/protocol/wire"
)

// Response codes that the server uses.
const (
	codeAuth      = "[AUTH]"     // RFC 3206 §4
	codeInUse     = "[IN-USE]"   // RFC 2449 §8.1.2
	codeTemporary = "[SYS/TEMP]" // RFC 3206 §3
	codePermanent = "[SYS/PERM]"
)

// reply is what a handler answers: one line, then perhaps a list or a letter.
type reply struct {
	ok     bool
	code   string   // with brackets; sent only if Offer.RespCodes
	text   string   // fixed English, never what the client sent
	items  []string // lines of a list
	letter []byte   // lines end in CR LF
	shape  shape

	mistake bool // counts towards Server.MaxErrors
	close   bool // ends the session
	secure  bool // a TLS handshake follows
}

// shape is what follows the first line of a reply.
type shape uint8

const (
	oneLine shape = iota
	listLines
	letterLines
)

func ok(text string) reply         { return reply{ok: true, text: text} }
func fail(code, text string) reply { return reply{code: code, text: text} }
func mistake(text string) reply    { return reply{text: text, mistake: true} }

func list(text string, items []string) reply {
	return reply{ok: true, text: text, items: items, shape: listLines}
}

// line is the first line of r.
func (r reply) line(codes bool) string {
	status := "-ERR"
	if r.ok {
		status = "+OK"
	}
	if r.code != "" && codes {
		status += " " + r.code
	}
	return status + " " + r.text
}

// ReplyError is a -ERR from the server.
type ReplyError struct {
	Command string // the verb, such as "RETR"; "" for the greeting
	Code    string // with brackets, such as "[IN-USE]"; "" if none
	Text    string
}

func (e *ReplyError) Error() string {
	what := e.Command
	if what == "" {
		what = "connection"
	}
	return what + " refused: " + strings.TrimSpace(e.Code+" "+e.Text)
}

// Temporary tells whether the same command may succeed later.
//
// RFC 2449 §8.1 and RFC 3206 §3; a code's unknown lower levels are ignored.
func (e *ReplyError) Temporary() bool {
	code := strings.ToUpper(strings.Trim(e.Code, "[]"))
	for _, temporary := range []string{"IN-USE", "LOGIN-DELAY", "SYS/TEMP"} {
		if code == temporary || strings.HasPrefix(code, temporary+"/") {
			return true
		}
	}
	return false
}

// parseReply reads the first line of a reply, without its CR LF. code keeps
// its brackets, and is empty unless text began with a well-formed one.
//
// RFC 1939 §3, RFC 2449 §8.
func parseReply(line string) (ok bool, code, text string, err error) {
	status, text, _ := strings.Cut(line, " ")
	switch status {
	case "+OK":
		ok = true
	case "-ERR":
	default:
		return false, "", "", &wire.SyntaxError{Want: `"+OK" or "-ERR"`}
	}
	code, text = cutCode(text)
	return ok, code, text, nil
}

// cutCode takes a response code in brackets from the front of text.
func cutCode(text string) (code, rest string) {
	end := strings.IndexByte(text, ']')
	if end < 2 || text[0] != '[' {
		return "", text
	}
	for i := 1; i < end; i++ {
		if text[i] <= ' ' || text[i] > '~' || text[i] == '[' {
			return "", text
		}
	}
	return text[:end+1], strings.TrimPrefix(text[end+1:], " ")
}
