package stage

import (
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/sim/trace"
)

// FlightKind is what is drawn flying.
type FlightKind int

// What flies. A lookup is one event: an answered one (FlyAnswer) flies to the
// server and back, an unanswered one (FlyQuestion) only there.
const (
	FlyCommand FlightKind = iota
	FlyReply
	FlyEnvelope // MAIL and RCPT
	FlyLetter
	FlyQuestion
	FlyAnswer
	FlyConnect // a connection is being opened, or was refused (Code "refused")
)

// Flight is what goes from host to host in one step.
type Flight struct {
	From, To string
	What     FlightKind
	Code     string // of a reply; of an answer its RCODE
	Text     string // the line, or the question: "MX rocket.example."
}

func flight(e *trace.Event, place imapline.Place) *Flight {
	f := &Flight{From: e.From, To: e.To}
	switch b := e.Body.(type) {
	case *trace.Connect:
		f.What, f.Text = FlyConnect, b.Service
	case *trace.Refused:
		f.What, f.Text, f.Code = FlyConnect, b.Service, "refused"
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
		if e.Proto == "imap" {
			f.What = imapFlight(b, place)
		}
	default:
		return nil
	}
	return f
}

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

// verbOf is the first word of a command, in capitals.
func verbOf(line string) string {
	verb, _, _ := strings.Cut(line, " ")
	return strings.ToUpper(verb)
}
