package inspector

import (
	"mime"
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// maxLetter is how many octets of a letter are shown.
const maxLetter = 16 << 10

// letterSoFar is the text of the letter that passes on the connection of the
// given step, as far as it has come: the last data block before or at the
// step. It is "" before the letter and after a further one began.
func letterSoFar(show *stage.Show, step int) string {
	e := show.Event(step)
	if e == nil || e.Conn == 0 {
		return ""
	}
	lane := show.Lane(step)
	if lane == nil {
		return ""
	}
	var b strings.Builder
	var talk imapline.Talk
	for _, s := range lane.Steps {
		if s > step {
			break
		}
		e := show.Event(s)
		line, ok := e.Body.(*trace.Line)
		if !ok {
			continue
		}
		if e.Proto == "imap" {
			literal(&b, talk.Take(e, line), line)
			continue
		}
		verb, _, _ := strings.Cut(line.Text, " ")
		switch {
		case line.Role == trace.Command && startsLetter(verb):
			b.Reset()
		case line.Role == trace.Data && line.Text != "." && e.Letter != "" && b.Len() < maxLetter:
			if b.Len() > 0 {
				b.WriteString("\r\n")
			}
			b.WriteString(line.Text)
		}
	}
	s := b.String()
	return s[:min(len(s), maxLetter)]
}

// literal takes in a line of IMAP: a block of a letter, or what ends the
// showing of the letter before, which is a command or the literal of another.
func literal(b *strings.Builder, p imapline.Place, line *trace.Line) {
	switch {
	case line.Role == trace.Data:
		if !imapline.Letter(p.Before) || b.Len() >= maxLetter {
			return
		}
		b.WriteString(line.Text)
		if line.Bytes != len(line.Text) {
			b.WriteString("\r\n")
		}
	case line.Role == trace.Command && p.Command == line.Text:
		b.Reset()
	default:
		if _, ok := imapline.Literal(line.Text); ok && imapline.Letter(p.Before+line.Text) {
			b.Reset()
		}
	}
}

// startsLetter tells whether a command ends the showing of the letter before.
func startsLetter(verb string) bool {
	switch strings.ToUpper(verb) {
	case "MAIL", "RSET", "RETR", "TOP", "LIST", "UIDL":
		return true
	}
	return false
}

// field is one field of a letter's header, decoded and unfolded.
type field struct{ name, value string }

// readLetter divides a letter into the fields that people look at first and
// its text. Encoded words are decoded; a text in base64 or quoted-printable
// stays as it went over the wire.
func readLetter(s string) (fields []field, body string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	head, body, _ := strings.Cut(s, "\n\n")
	var dec mime.WordDecoder
	for line := range strings.SplitSeq(head, "\n") {
		if (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")) && len(fields) > 0 {
			fields[len(fields)-1].value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		fields = append(fields, field{name, strings.TrimSpace(value)})
	}
	for i := range fields {
		if v, err := dec.DecodeHeader(fields[i].value); err == nil {
			fields[i].value = v
		}
	}
	return fields, strings.TrimRight(body, "\n")
}
