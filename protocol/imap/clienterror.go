package imap

import "strings"

// ReplyError is a NO, a BAD or a BYE from the server.
type ReplyError struct {
	Command string // such as "UID FETCH"; "" for the greeting, "session" for a BYE after it
	Status  string // NO, BAD or BYE
	Code    string // response code without brackets, such as "TRYCREATE"; "" if none
	Text    string
}

func (e *ReplyError) Error() string {
	what, code := e.Command+" refused", ""
	switch {
	case e.Command == "":
		what = "connection refused"
	case e.Status == "BYE":
		what = e.Command + " ended"
	}
	if e.Code != "" {
		code = " [" + e.Code + "]"
	}
	return strings.TrimSpace(what + ": " + e.Status + code + " " + e.Text)
}

// HasCode tells whether the response code has that name, in capital letters.
func (e *ReplyError) HasCode(name string) bool {
	code, _, _ := strings.Cut(e.Code, " ")
	return strings.ToUpper(code) == name
}

// Temporary tells whether the same command may succeed later.
//
// RFC 5530 §3; a BYE ends the session, and another may go better.
func (e *ReplyError) Temporary() bool {
	return e.Status == "BYE" || e.HasCode("UNAVAILABLE") || e.HasCode("INUSE")
}

// refusal is the response as an error.
func (r *response) refusal(command string) *ReplyError {
	return &ReplyError{Command: command, Status: r.name, Code: r.code, Text: r.text}
}
