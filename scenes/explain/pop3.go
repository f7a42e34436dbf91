package explain

import (
	"strings"

	"mailscope/sim/trace"
)

// pop3Sections has, for each command, where its standard describes it.
var pop3Sections = map[string]string{
	"USER": "RFC 1939 §7",
	"PASS": "RFC 1939 §7",
	"APOP": "RFC 1939 §7",
	"STAT": "RFC 1939 §5",
	"LIST": "RFC 1939 §5",
	"RETR": "RFC 1939 §5",
	"DELE": "RFC 1939 §5",
	"NOOP": "RFC 1939 §5",
	"RSET": "RFC 1939 §5",
	"TOP":  "RFC 1939 §7",
	"UIDL": "RFC 1939 §7",
	"QUIT": "RFC 1939 §6",
	"CAPA": "RFC 2449 §5",
	"AUTH": "RFC 5034 §4",
	"STLS": "RFC 2595 §4",
	"UTF8": "RFC 6856 §2.1",
	"LANG": "RFC 6856 §3",
}

// pop3 explains a line of a POP3 dialogue.
func (s *speech) pop3() Explained {
	switch s.line.Role {
	case trace.Reply:
		return s.pop3Reply()
	case trace.Data:
		return s.pop3Data()
	}
	return s.pop3Command()
}

// pop3Command explains a command and what it is told.
func (s *speech) pop3Command() Explained {
	line := s.line.Text
	verb, end := verbOf(line)
	section, ok := pop3Sections[verb]
	if !ok {
		if s.signingIn(pop3Sections) {
			return s.authAnswer("RFC 5034 §4")
		}
		return Explained{
			Sentence: s.t("pop3.unknown"),
			Parts:    s.whole(line, end, "pop3.unknown.verb"),
			RFC:      "RFC 1939 §3",
		}
	}
	key := "pop3." + strings.ToLower(verb)
	ex := Explained{Sentence: s.t(key), RFC: section}
	if verb == "AUTH" {
		return s.auth(ex)
	}
	ex.Parts = []Part{s.part(0, end, Verb, key+".verb")}
	args := fields(line, end)
	if len(args) == 0 {
		return ex
	}
	if verb == "LIST" || verb == "UIDL" {
		ex.Sentence = s.t(key + ".one")
	}
	if verb == "PASS" { // a password may have spaces in it
		ex.Parts = append(ex.Parts, s.part(args[0].start, len(line), Param, "pop3.arg.password"))
		return ex
	}
	for i, a := range args {
		ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, pop3Arg(verb, i), "Text", printable(a.of(line))))
	}
	return ex
}

// pop3Arg is the text that explains the argument of verb at place i.
func pop3Arg(verb string, i int) string {
	switch {
	case verb == "USER" && i == 0, verb == "APOP" && i == 0:
		return "pop3.arg.user"
	case verb == "APOP" && i == 1:
		return "pop3.arg.digest"
	case verb == "TOP" && i == 1:
		return "pop3.arg.lines"
	case i == 0 && (verb == "LIST" || verb == "UIDL" || verb == "RETR" || verb == "DELE" || verb == "TOP"):
		return "pop3.arg.number"
	case verb == "LANG" && i == 0:
		return "pop3.arg.language"
	}
	return "pop3.arg.other"
}

// pop3Data explains the lines of a long reply: a list or a letter.
func (s *speech) pop3Data() Explained {
	verb, _ := verbOf(s.ctx.Command)
	if s.line.Text == "." && verb != "RETR" && verb != "TOP" {
		return Explained{
			Sentence: s.t("pop3.dot"),
			Parts:    []Part{s.part(0, 1, Verb, "pop3.dot.part")},
			RFC:      "RFC 1939 §3",
		}
	}
	switch verb {
	case "LIST", "UIDL":
		return s.listing(verb)
	case "CAPA":
		return s.capabilities()
	case "AUTH":
		return s.authAnswer("RFC 5034 §4")
	}
	return s.letter("RFC 1939 §3")
}

// listing explains the lines "number size" of LIST, "number name" of UIDL.
func (s *speech) listing(verb string) Explained {
	key := "pop3.data." + strings.ToLower(verb)
	ex := Explained{Sentence: s.t(key), RFC: pop3Sections[verb]}
	lines(s.line.Text, func(start, end int) {
		for i, a := range fields(s.line.Text[:end], start) {
			switch i {
			case 0:
				ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, "pop3.data.number"))
			case 1:
				ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, key+".value", "Text", a.of(s.line.Text)))
			}
		}
	})
	return ex
}

// capaSections has, for each keyword of the CAPA list, its standard.
var capaSections = map[string]string{
	"TOP":            "RFC 2449 §6.1",
	"USER":           "RFC 2449 §6.2",
	"SASL":           "RFC 2449 §6.3",
	"RESP-CODES":     "RFC 2449 §6.4",
	"LOGIN-DELAY":    "RFC 2449 §6.5",
	"PIPELINING":     "RFC 2449 §6.6",
	"EXPIRE":         "RFC 2449 §6.7",
	"UIDL":           "RFC 2449 §6.8",
	"IMPLEMENTATION": "RFC 2449 §6.9",
	"AUTH-RESP-CODE": "RFC 3206 §6",
	"STLS":           "RFC 2595 §4",
	"UTF8":           "RFC 6856 §2",
	"LANG":           "RFC 6856 §3",
}

// capabilities explains the lines of CAPA.
func (s *speech) capabilities() Explained {
	ex := Explained{RFC: "RFC 2449 §5"}
	text := s.line.Text
	lines(text, func(start, end int) {
		args := fields(text[:end], start)
		if len(args) == 0 {
			return
		}
		name := strings.ToUpper(args[0].of(text))
		key := "capa.other"
		if section, ok := capaSections[name]; ok {
			key = "capa." + strings.ToLower(name)
			ex.RFC = section
		}
		if ex.Sentence == "" {
			ex.Sentence = s.t(key)
		}
		ex.Parts = append(ex.Parts, s.part(args[0].start, args[0].end, Keyword, key+".keyword"))
		for _, a := range args[1:] {
			arg := "capa.arg"
			if name == "SASL" {
				arg = s.mechanism(a.of(text))
			}
			ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, arg))
		}
	})
	if ex.Sentence == "" {
		ex.Sentence = s.t("capa.other")
	}
	return ex
}

// lines calls do with the ends of every line of a block; the line ends are
// not within.
func lines(block string, do func(start, end int)) {
	for start := 0; start <= len(block); {
		end, next := len(block), len(block)+1
		if i := strings.Index(block[start:], "\r\n"); i >= 0 {
			end, next = start+i, start+i+2
		}
		do(start, end)
		start = next
	}
}
