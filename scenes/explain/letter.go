package explain

import (
	"mime"
	"strings"
)

// fieldSections has, for each well-known header field, its standard.
var fieldSections = map[string]string{
	"from": "RFC 5322 §3.6.2", "sender": "RFC 5322 §3.6.2", "reply-to": "RFC 5322 §3.6.2",
	"to": "RFC 5322 §3.6.3", "cc": "RFC 5322 §3.6.3", "bcc": "RFC 5322 §3.6.3",
	"subject": "RFC 5322 §3.6.5", "date": "RFC 5322 §3.6.1",
	"message-id": "RFC 5322 §3.6.4", "in-reply-to": "RFC 5322 §3.6.4", "references": "RFC 5322 §3.6.4",
	"return-path": "RFC 5321 §4.4", "received": "RFC 5321 §4.4",
	"mime-version": "RFC 2045 §4", "content-type": "RFC 2045 §5",
	"content-transfer-encoding": "RFC 2045 §6", "content-disposition": "RFC 2183 §2",
	"auto-submitted": "RFC 3834 §5", "authentication-results": "RFC 8601 §2",
	"dkim-signature": "RFC 6376 §3.5", "received-spf": "RFC 7208 §9.1",
	"user-agent": "RFC 5322 §3.6.8", "x-mailer": "RFC 5322 §3.6.8",
}

// seen are the fields whose values a person reads.
var seen = map[string]bool{
	"from": true, "sender": true, "reply-to": true, "to": true, "cc": true,
	"bcc": true, "subject": true, "date": true,
}

// letter explains a block of a letter's text, or the dot behind it: dot is
// the section that speaks of it. Header fields stand at the front of a block
// that begins with one; nothing is known of the blocks before.
func (s *speech) letter(dot string) Explained {
	text := s.line.Text
	if text == "." {
		return Explained{
			Sentence: s.t("letter.dot"),
			Parts:    []Part{s.part(0, 1, Verb, "letter.dot.part")},
			RFC:      dot,
		}
	}
	return s.letterBlock()
}

// letterBlock explains a block of a letter's text.
func (s *speech) letterBlock() Explained {
	text := s.line.Text
	parts, body := s.header()
	ex := Explained{Sentence: s.t("letter.block"), Parts: parts, RFC: "RFC 5322 §2.1"}
	if len(parts) == 0 {
		ex.Sentence, ex.RFC = s.t("letter.body"), "RFC 5322 §2.3"
	}
	if body < len(text) {
		ex.Parts = append(ex.Parts, s.part(body, len(text), LetterText, "letter.body.part"))
	}
	return ex
}

// header makes the parts of the header fields at the front of the block, and
// tells where the body begins. A block that has no well-known field there is
// all body.
func (s *speech) header() (parts []Part, body int) {
	text := s.line.Text
	known := false
	for body < len(text) {
		end, next := fieldEnd(text, body)
		name, ok := fieldName(text[body:end])
		if !ok {
			break
		}
		lower := strings.ToLower(name)
		_, well := fieldSections[lower]
		known = known || well
		parts = append(parts, s.field(body, end, lower, well)...)
		body = next
	}
	if !known {
		return nil, 0
	}
	if strings.HasPrefix(text[body:], "\r\n") { // the empty line between
		body += 2
	}
	return parts, body
}

// field makes the parts of one header field: its name, and its value, in
// the colour of the letter if a person reads it.
func (s *speech) field(start, end int, lower string, known bool) []Part {
	text := s.line.Text
	key := "field.other"
	if known {
		key = "field." + lower
	}
	colon := start + len(lower) + 1
	parts := []Part{s.part(start, colon, Field, key)}
	value := colon
	for value < end && (text[value] == ' ' || text[value] == '\t') {
		value++
	}
	if value == end || !seen[lower] && !strings.Contains(text[value:end], "=?") {
		return parts
	}
	p := Part{Start: value, End: end, Kind: LetterText}
	if plain := text[value:end]; strings.Contains(plain, "=?") {
		// Encoded words, RFC 2047 §2: what they read as is the meaning.
		plain = strings.ReplaceAll(plain, "\r\n", "")
		if decoded, err := new(mime.WordDecoder).DecodeHeader(plain); err == nil && decoded != plain {
			p.Meaning = s.t("field.encoded", "Text", printable(decoded))
		}
	}
	return append(parts, p)
}

// fieldEnd is where the field that begins at octet at ends, continuation
// lines included (RFC 5322 §2.2.3), and where the next line begins.
func fieldEnd(text string, at int) (end, next int) {
	for from := at; ; {
		i := strings.Index(text[from:], "\r\n")
		if i < 0 {
			return len(text), len(text)
		}
		end, next = from+i, from+i+2
		if next == len(text) || text[next] != ' ' && text[next] != '\t' {
			return end, next
		}
		from = next
	}
}

// fieldName is the name before the colon; ok is false if this is no header
// field (RFC 5322 §2.2).
func fieldName(line string) (name string, ok bool) {
	name, _, ok = strings.Cut(line, ":")
	if !ok || name == "" {
		return "", false
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] >= 0x7f {
			return "", false
		}
	}
	return name, true
}
