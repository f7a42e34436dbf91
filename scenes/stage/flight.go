package stage

import (
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// FlightKind is what is drawn flying.
type FlightKind int

// What flies. A lookup is one event: an answered one (FlyAnswer) flies to the
// server and back, an unanswered one (FlyQuestion) only there. A handshake goes
// there and back, too.
const (
	FlyCommand FlightKind = iota
	FlyReply
	FlyEnvelope // MAIL and RCPT
	FlyLetter
	FlyQuestion
	FlyAnswer
	FlyHandshake // for TLS; Code is "refused" if it failed, "unproven" if the server may be another
	FlyConnect   // a connection is being opened, or was refused (Code "refused")
)

// Flight is what goes from host to host in one step.
type Flight struct {
	From, To string
	What     FlightKind
	Code     string // of a reply; of an answer its RCODE; or what is said above
	Word     string // of a line, the one that says most: a command's verb, a reply's code; "" for data and the rest of a line
	Text     string // the line, or the question: "MX rocket.example."
}

func flight(e *trace.Event, place imapline.Place) *Flight {
	f := &Flight{From: e.From, To: e.To}
	switch b := e.Body.(type) {
	case *trace.Connect:
		f.What, f.Text = FlyConnect, b.Service
	case *trace.Refused:
		f.What, f.Text, f.Code = FlyConnect, b.Service, "refused"
	case *trace.TLS:
		f.What, f.Text = FlyHandshake, b.ServerName
		switch {
		case b.Version == "":
			f.Code = "refused"
		case b.Reason != "":
			f.Code = "unproven"
		}
	case *trace.Lookup:
		if e.To == "" {
			return nil
		}
		f.What, f.Text, f.Code = FlyQuestion, b.Type+" "+b.Name, b.RCode
		if b.RCode != "" {
			f.What = FlyAnswer
		}
	case *trace.Line:
		f.Text, f.Code, f.What = b.Text, b.Code, lineFlight(b, place.Command)
		f.Word = wordOf(b)
		if e.Proto == "imap" {
			f.What, f.Word = imapFlight(b, place), imapWord(b, place)
		}
	default:
		return nil
	}
	return f
}

// Returns tells whether what flies comes back in the same step.
func (f *Flight) Returns() bool { return f.What == FlyAnswer || f.What == FlyHandshake }

func lineFlight(l *trace.Line, command string) FlightKind {
	verb := verbOf(command)
	switch l.Role {
	case trace.Reply:
		return FlyReply
	case trace.Data:
		switch {
		case l.Text == "." && verb == "DATA", verb == "AUTH":
			return FlyCommand
		case verb == "DATA", verb == "RETR", verb == "TOP":
			if l.Text != "." {
				return FlyLetter
			}
		}
		return FlyReply
	}
	if verb == "MAIL" || verb == "RCPT" {
		return FlyEnvelope
	}
	return FlyCommand
}

// imapFlight is what flies with a line of IMAP. What follows a literal on a
// client's line is of its command, and so is a literal that is no letter.
func imapFlight(l *trace.Line, place imapline.Place) FlightKind {
	switch {
	case l.Role == trace.Data && imapline.Letter(place.Before):
		return FlyLetter
	case l.Role == trace.Reply, l.Role == trace.Data && strings.HasPrefix(place.Before, "* "):
		return FlyReply
	}
	return FlyCommand
}

// wordOf is the word that says most of a line of SMTP or POP3.
func wordOf(l *trace.Line) string {
	switch l.Role {
	case trace.Data:
		return ""
	case trace.Reply:
		return l.Code
	}
	word, _, _ := strings.Cut(l.Text, " ")
	return word
}

// imapWord is that word of a line of IMAP, which begins with a tag, a star or a
// number.
func imapWord(l *trace.Line, place imapline.Place) string {
	switch {
	case l.Role == trace.Data || place.Before != "":
		return ""
	case l.Role == trace.Reply && l.Code != "":
		return l.Code
	case l.Role == trace.Command && place.Command != l.Text:
		return wordOf(l) // DONE, or an answer within AUTHENTICATE
	case l.Role == trace.Command:
		return imapline.Verb(l.Text)
	}
	words := strings.SplitN(l.Text, " ", 4)
	if len(words) > 2 && strings.Trim(words[1], "0123456789") == "" {
		return strings.ToUpper(words[2])
	}
	if len(words) > 1 {
		return strings.ToUpper(words[1])
	}
	return ""
}

// verbOf is the first word of a command, in capitals.
func verbOf(line string) string {
	verb, _, _ := strings.Cut(line, " ")
	return strings.ToUpper(verb)
}
