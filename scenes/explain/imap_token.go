package explain

import (
	"mime"
	"strings"

	"mailscope/scenes/imapline"
	"mailscope/scenes/words"
)

// tokenKind is what a piece of an IMAP line is.
type tokenKind int

const (
	ended tokenKind = iota
	opening
	closing
	atom // with its section, if it has one: BODY[HEADER.FIELDS (TO)]<0.9>
	quoted
	literal // {812}: the text itself comes as data
)

// token is a piece of an IMAP line.
type token struct {
	span
	kind tokenKind
}

// reader goes through a line of IMAP and makes its parts.
//
// A literal parts a line into several events: text is the whole line up to the
// end of this event, and only what lies behind base is this event's own.
type reader struct {
	s     *speech
	text  string
	base  int
	at    int
	parts []Part

	uid     bool   // numbers are unique ids
	box     string // the mailbox spoken of, decoded
	literal use    // what the last literal is
	asked   asked  // what FETCH asks for
}

// use is what a literal is: the kind of part that it would be, and its text.
type use struct {
	kind Kind
	key  string
}

// asked is what FETCH asks for: the most telling thing counts.
type asked int

const (
	somethingElse asked = iota
	marks
	headers
	texts
)

// maxParts is how many parts a line gets at most; the rest stays plain.
const maxParts = 200

// maxDepth is how deep structures are followed; deeper ones stay plain.
const maxDepth = 16

func (s *speech) reader() *reader {
	return &reader{s: s, text: s.ctx.Before + s.line.Text, base: len(s.ctx.Before), box: "…"}
}

// t is a text about IMAP that may speak of From and To.
func (r *reader) t(key string, kv ...any) string {
	return words.T(r.s.lang, "imap."+key, append(kv, "From", r.s.from, "To", r.s.to, "Box", r.box)...)
}

// n is a text about IMAP that counts.
func (r *reader) n(key string, n int, kv ...any) string {
	return words.N(r.s.lang, "imap."+key, n, append(kv, "From", r.s.from, "To", r.s.to, "Box", r.box)...)
}

func (r *reader) has(key string) bool { return words.Has(r.s.lang, "imap."+key) }

// first is the first of keys that has a text; the last one must.
func (r *reader) first(keys ...string) string {
	for _, key := range keys {
		if r.has(key) {
			return key
		}
	}
	return keys[len(keys)-1]
}

// add makes a part of what lies between two octets of the whole line, as far
// as this event said it.
func (r *reader) add(start, end int, kind Kind, meaning string) {
	start, end = start-r.base, end-r.base
	at := 0
	if n := len(r.parts); n > 0 {
		at = r.parts[n-1].End
	}
	if start = max(start, at); start < end && len(r.parts) < maxParts {
		r.parts = append(r.parts, Part{Start: start, End: end, Kind: kind, Meaning: meaning})
	}
}

// part makes a part of a token; the text of key may speak of it as Text.
func (r *reader) part(tok token, kind Kind, key string, kv ...any) {
	r.run(tok.start, tok, kind, key, kv...)
}

// run makes one part of all that lies between start and the end of a token,
// the value that the text of key may speak of.
func (r *reader) run(start int, value token, kind Kind, key string, kv ...any) {
	switch value.kind {
	case ended:
		if start < len(r.text) {
			r.add(start, len(r.text), kind, r.t(key, append(kv, "Text", "…")...))
		}
		return
	case literal:
		r.literal = use{kind, key}
		if start < value.start {
			r.add(start, value.start, kind, r.t(key, append(kv, "Text", "…")...))
		}
		n, _ := imapline.Literal(r.of(value))
		r.add(value.start, value.end, Field, r.t("literal", "Bytes", n))
		return
	}
	text := printable(r.value(value))
	if r.none(value) {
		text = "—"
	}
	r.add(start, value.end, kind, r.t(key, append(kv, "Text", text)...))
}

// of is the text of a token as it stands.
func (r *reader) of(tok token) string { return tok.span.of(r.text) }

// upper is the text of a token in capitals.
func (r *reader) upper(tok token) string { return strings.ToUpper(r.of(tok)) }

// value is what a token says: a quoted string without its quotes.
func (r *reader) value(tok token) string {
	s := r.of(tok)
	if tok.kind != quoted {
		return s
	}
	s = strings.TrimSuffix(s[1:], `"`)
	return unescape.Replace(s)
}

var unescape = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

// none tells whether a token is NIL.
func (r *reader) none(tok token) bool { return tok.kind == atom && strings.EqualFold(r.of(tok), "NIL") }

// peek is the next token, which stays to be taken.
func (r *reader) peek() token {
	at := r.at
	for at < len(r.text) && (r.text[at] == ' ' || r.text[at] == '\t') {
		at++
	}
	if at == len(r.text) {
		return token{span{at, at}, ended}
	}
	switch c := r.text[at]; {
	case c == '(':
		return token{span{at, at + 1}, opening}
	case c == ')':
		return token{span{at, at + 1}, closing}
	case c == '"':
		return token{span{at, quoteEnd(r.text, at)}, quoted}
	case c == '{' || c == '~' && at+1 < len(r.text) && r.text[at+1] == '{':
		if n := strings.IndexByte(r.text[at:], '}'); n >= 0 {
			if _, ok := imapline.Literal(r.text[at : at+n+1]); ok {
				return token{span{at, at + n + 1}, literal}
			}
		}
	}
	return token{span{at, atomEnd(r.text, at)}, atom}
}

// take takes the next token.
func (r *reader) take() token {
	tok := r.peek()
	r.at = tok.end
	return tok
}

// quoteEnd is where the quoted string that begins at octet at ends: behind its
// closing quote, or with the line.
func quoteEnd(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// atomEnd is where the atom that begins at octet at ends; a section in
// brackets belongs to it.
func atomEnd(text string, at int) int {
	for i := at; i < len(text); i++ {
		switch text[i] {
		case ' ', '\t', '(', ')', '"':
			return max(i, at+1)
		case '[':
			if n := strings.IndexByte(text[i:], ']'); n >= 0 {
				i += n
			}
		}
	}
	return len(text)
}

// list takes a list in parentheses and calls do for every token in it that do
// itself does not take; an inner list is passed over. A single token counts as
// a list of one.
func (r *reader) list(do func(tok token)) {
	if r.peek().kind != opening {
		if tok := r.take(); tok.kind != ended && tok.kind != closing {
			do(tok)
		}
		return
	}
	r.take()
	for {
		switch tok := r.peek(); tok.kind {
		case ended:
			return
		case closing:
			r.take()
			return
		case opening:
			r.skip()
		default:
			do(r.take())
		}
	}
}

// skip takes one value, a list as a whole, and tells where it lies.
func (r *reader) skip() span {
	tok := r.take()
	sp := tok.span
	for depth := 0; ; tok = r.take() {
		switch tok.kind {
		case opening:
			depth++
		case closing:
			depth--
		case ended:
			depth = 0
		}
		if depth <= 0 {
			sp.end = tok.end
			return sp
		}
	}
}

// whole makes one part of one value, a list as a whole; the text of key may
// speak of it as Text.
func (r *reader) whole(kind Kind, key string) {
	if tok := r.peek(); tok.kind != opening {
		if tok.kind != closing {
			r.part(r.take(), kind, key)
		}
		return
	}
	sp := r.skip()
	r.add(sp.start, sp.end, kind, r.t(key, "Text", printable(sp.of(r.text))))
}

// words makes a part of each token left, as do says.
func (r *reader) words(do func(tok token)) {
	for {
		switch tok := r.take(); tok.kind {
		case ended:
			return
		case opening, closing:
		default:
			do(tok)
		}
	}
}

// readable is a text with encoded words (RFC 2047) read.
func readable(text string) string {
	if plain, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
		return plain
	}
	return text
}
