// Package explain tells what an event means, in the chosen language: one
// sentence for the whole step and a few words for each part of the line.
//
// Everything here is a pure function of the event, the world and what the
// client said before.
package explain

import (
	"mailscope/scenes/imapline"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Kind is what a part of a line is; each kind has a colour.
type Kind int

// The kinds of parts.
const (
	Plain        Kind = iota // nothing special
	Verb                     // of a command
	Param                    // of a command
	EnvelopeText             // what the servers act on
	LetterText               // what the reader sees
	Code                     // of a reply
	Enhanced                 // status code of RFC 3463
	Keyword                  // of a list of abilities
	Field                    // name of a letter's header field
)

// Part is a piece of a line with a meaning of its own.
type Part struct {
	Start, End int // octets in Line.Text; End is not included
	Kind       Kind
	Meaning    string // "" if the part is only coloured
}

// Explained is the meaning of an event.
type Explained struct {
	Sentence string // what this step means
	Parts    []Part // in order, not overlapping; nil for events that are no line
	RFC      string // "RFC 5321 §4.1.1.3"; "" if no standard speaks of it
}

// Context is what an explanation needs to know besides the event.
type Context struct {
	Command string // the client's line that this line is, answers or follows; without CR LF
	Service string // of the connection: "smtp", "submission", "pop3", "imap"
	Before  string // of IMAP: what stood on this very line before, up to a literal; "" if it begins here
	Asked   string // the server's last reply, if it asked for more of AUTH; "" if unknown
}

// At is the context of a line whose place in its conversation is known.
func At(p imapline.Place, service string) Context {
	return Context{Command: p.Command, Service: service, Before: p.Before, Asked: p.Asked}
}

// speech is a line to explain and what is known about it.
type speech struct {
	lang  words.Lang
	world trace.World
	event *trace.Event
	line  *trace.Line
	ctx   Context
	from  string // who speaks, as the subject of a sentence
	to    string
}

// Event explains any event.
func Event(l words.Lang, w trace.World, e *trace.Event, ctx Context) Explained {
	line, ok := e.Body.(*trace.Line)
	if !ok {
		return happening(l, w, e)
	}
	s := &speech{lang: l, world: w, event: e, line: line, ctx: ctx,
		from: subject(l, w, e.From), to: subject(l, w, e.To)}
	switch e.Proto {
	case "smtp":
		return s.smtp()
	case "pop3":
		return s.pop3()
	case "imap":
		return s.imap()
	}
	return Explained{Sentence: s.t("line")}
}

// t is a text that may speak of From and To.
func (s *speech) t(key string, kv ...any) string {
	return words.T(s.lang, "explain."+key, append(kv, "From", s.from, "To", s.to)...)
}

// has tells whether there is a text for key.
func (s *speech) has(key string) bool { return words.Has(s.lang, "explain."+key) }

// first is the first of keys that has a text; the last one must.
func (s *speech) first(keys ...string) string {
	for _, key := range keys {
		if s.has(key) {
			return key
		}
	}
	return keys[len(keys)-1]
}

// part makes a part whose meaning is the text of key; "" leaves it without.
func (s *speech) part(start, end int, kind Kind, key string, kv ...any) Part {
	p := Part{Start: start, End: end, Kind: kind}
	if key != "" {
		p.Meaning = s.t(key, kv...)
	}
	return p
}

// span is a stretch of a line, in octets; end is not included.
type span struct{ start, end int }

// of is the text of the span in line.
func (sp span) of(line string) string { return line[sp.start:sp.end] }

// fields finds what stands between spaces in line from octet at on.
func fields(line string, at int) []span {
	var found []span
	for at < len(line) {
		if line[at] == ' ' || line[at] == '\t' {
			at++
			continue
		}
		start := at
		for at < len(line) && line[at] != ' ' && line[at] != '\t' {
			at++
		}
		found = append(found, span{start, at})
	}
	return found
}
