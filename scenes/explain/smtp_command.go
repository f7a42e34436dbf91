package explain

import (
	"strings"

	"mailscope/sim/trace"
)

// smtp explains a line of an SMTP dialogue.
func (s *speech) smtp() Explained {
	switch s.line.Role {
	case trace.Reply:
		return s.smtpReply()
	case trace.Data:
		if verb, _ := verbOf(s.ctx.Command); verb == "AUTH" {
			return s.authAnswer("RFC 4954 §4")
		}
		return s.letter("RFC 5321 §4.1.1.4")
	}
	return s.smtpCommand()
}

// smtpSections has, for each command, where its standard describes it.
var smtpSections = map[string]string{
	"EHLO":     "RFC 5321 §4.1.1.1",
	"HELO":     "RFC 5321 §4.1.1.1",
	"MAIL":     "RFC 5321 §4.1.1.2",
	"RCPT":     "RFC 5321 §4.1.1.3",
	"DATA":     "RFC 5321 §4.1.1.4",
	"RSET":     "RFC 5321 §4.1.1.5",
	"VRFY":     "RFC 5321 §4.1.1.6",
	"EXPN":     "RFC 5321 §4.1.1.7",
	"HELP":     "RFC 5321 §4.1.1.8",
	"NOOP":     "RFC 5321 §4.1.1.9",
	"QUIT":     "RFC 5321 §4.1.1.10",
	"BDAT":     "RFC 3030 §2",
	"AUTH":     "RFC 4954 §4",
	"STARTTLS": "RFC 3207 §4",
	"ETRN":     "RFC 1985 §5",
	"TURN":     "RFC 5321 §F.1",
}

// verbOf is the first word of a command in capitals, and where it ends.
func verbOf(line string) (verb string, end int) {
	end = strings.IndexByte(line, ' ')
	if end < 0 {
		end = len(line)
	}
	return strings.ToUpper(line[:end]), end
}

// smtpCommand explains a command of RFC 5321 or of an extension, or the
// client's part of an AUTH exchange.
func (s *speech) smtpCommand() Explained {
	line := s.line.Text
	verb, end := verbOf(line)
	section, ok := smtpSections[verb]
	if !ok {
		if s.signingIn(smtpSections) {
			return s.authAnswer("RFC 4954 §4")
		}
		return Explained{
			Sentence: s.t("smtp.unknown"),
			Parts:    s.whole(line, end, "smtp.unknown.verb"),
			RFC:      "RFC 5321 §4.2.4",
		}
	}
	key := "smtp." + strings.ToLower(verb)
	ex := Explained{Sentence: s.t(key), RFC: section}
	switch verb {
	case "MAIL":
		return s.mail(ex)
	case "RCPT":
		return s.rcpt(ex)
	case "AUTH":
		return s.auth(ex)
	}
	ex.Parts = []Part{s.part(0, end, Verb, key+".verb")}
	args := fields(line, end)
	switch verb {
	case "EHLO", "HELO":
		if len(args) > 0 {
			ex.Parts = append(ex.Parts, s.part(args[0].start, args[0].end, Param, "smtp.hello.name"))
		}
	case "BDAT":
		for i, a := range args {
			switch {
			case i == 0:
				ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, "smtp.bdat.size", "Bytes", a.of(line)))
			case strings.EqualFold(a.of(line), "LAST"):
				ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, "smtp.bdat.last"))
			}
		}
	case "VRFY", "EXPN":
		if len(args) > 0 {
			ex.Parts = append(ex.Parts, s.part(args[0].start, len(line), EnvelopeText, key+".whom"))
		}
	case "NOOP", "HELP", "ETRN":
		if len(args) > 0 {
			ex.Parts = append(ex.Parts, s.part(args[0].start, len(line), Param, key+".arg"))
		}
	}
	return ex
}

// whole is one part for the first end octets of line, none if there are none.
func (s *speech) whole(line string, end int, key string) []Part {
	if line == "" || end == 0 {
		return nil
	}
	return []Part{s.part(0, end, Verb, key)}
}

// mail explains MAIL FROM. The empty reverse-path is that of a notification
// (RFC 5321 §4.5.5).
func (s *speech) mail(ex Explained) Explained {
	p := cutPath(s.line.Text)
	ex.Parts = []Part{s.part(0, p.verb, Verb, "smtp.mail.verb")}
	switch {
	case p.empty:
		ex.Sentence = s.t("smtp.mail.empty")
		ex.RFC = "RFC 5321 §4.5.5"
		ex.Parts = append(ex.Parts, s.part(p.path.start, p.path.end, EnvelopeText, "smtp.mail.nobody"))
	default:
		if s.submitted() {
			ex.Sentence = s.t("smtp.mail.submitted")
		}
		ex.Parts = append(ex.Parts, s.address(p, "smtp.mail")...)
	}
	ex.Parts = append(ex.Parts, s.params(p.rest)...)
	return ex
}

// submitted tells whether a letter is handed in by one of the server's own
// people.
func (s *speech) submitted() bool {
	return s.ctx.Service == "submission" || s.ctx.Service == "submissions"
}

// rcpt explains RCPT TO. What the domain is for depends on who asks: a
// server has looked up its MX, a device leaves that to its server.
func (s *speech) rcpt(ex Explained) Explained {
	p := cutPath(s.line.Text)
	ex.Parts = []Part{s.part(0, p.verb, Verb, "smtp.rcpt.verb")}
	key := "smtp.rcpt"
	if s.submitted() {
		ex.Sentence = s.t("smtp.rcpt.submitted")
	}
	if from := find(s.world, s.event.From); s.submitted() || from != nil && from.Kind.Device() {
		key = "smtp.rcpt.submitted"
		if to := find(s.world, s.event.To); to != nil && strings.EqualFold(to.Domain, p.domain.of(s.line.Text)) {
			key = "smtp.rcpt.own"
		}
	}
	ex.Parts = append(ex.Parts, s.address(p, key)...)
	ex.Parts = append(ex.Parts, s.params(p.rest)...)
	return ex
}

// address makes the parts of the mailbox in a path.
func (s *speech) address(p path, key string) []Part {
	line := s.line.Text
	var parts []Part
	if p.route.end > p.route.start {
		parts = append(parts, s.part(p.route.start, p.route.end, EnvelopeText, "smtp.path.route"))
	}
	if p.local.end > p.local.start {
		if p.domain.end > p.domain.start {
			parts = append(parts, s.part(p.local.start, p.local.end, EnvelopeText, key+".local", "Domain", short(p.domain.of(line))))
		} else {
			parts = append(parts, s.part(p.local.start, p.local.end, EnvelopeText, "smtp.path.nodomain"))
		}
	}
	if p.domain.end > p.domain.start {
		key += ".domain"
		if line[p.domain.start] == '[' {
			key = "smtp.path.literal"
		}
		parts = append(parts, s.part(p.domain.start, p.domain.end, EnvelopeText, key))
	}
	return parts
}
