package terminal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"mailscope/scenes/explain"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Text writes the whole of a recording.
func Text(w io.Writer, rec trace.Recording, o Options) error {
	return NewPrinter(w, rec.Header, o).all(rec.Trace)
}

// all writes the events that t holds now. A note stands at the event that it
// tells of: a chapter's heading before it, a story after it.
func (p *Printer) all(t *trace.Trace) error {
	notes := make(map[int][]*trace.Note)
	for seq := 1; seq <= t.Len(); seq++ {
		if e := t.At(seq); e.Cause > 0 && e.Kind() == trace.KindNote {
			notes[e.Cause] = append(notes[e.Cause], e.Body.(*trace.Note))
		}
	}
	for seq := 1; seq <= t.Len(); seq++ {
		e := t.At(seq)
		if e.Cause > 0 && e.Kind() == trace.KindNote {
			continue
		}
		for _, n := range notes[seq] {
			if n.Chapter {
				p.note(n)
			}
		}
		if err := p.Event(e); err != nil {
			return err
		}
		for _, n := range notes[seq] {
			if !n.Chapter && len(n.Text) > 0 {
				p.note(n)
			}
		}
	}
	p.gap()
	return p.out.flush()
}

// Printer writes a transcript event by event. It belongs to one goroutine.
type Printer struct {
	out   *paint
	lang  words.Lang
	world trace.World
	width int
	names map[string]string // of hosts, as people say them
	name  int               // columns of a name
	whom  bool              // there is room for who hears a line
	// explain is explain.Event, but for tests.
	explain func(words.Lang, trace.World, *trace.Event, explain.Context) explain.Explained

	any     bool // an event was printed
	at      time.Duration
	chapter int
	talks   map[int]*talk
	apart   bool // the row above is not of the columns
	last    rowKey
}

// rowKey is what tells a line that goes on from one that begins.
type rowKey struct {
	from, to string
	conn     int
	role     trace.Role
}

// talk is what is known about one connection.
type talk struct {
	explain.Talk
	said string // the meaning last printed
	fold fold
}

// wait is how much time has to pass between two events to be remarked upon.
const wait = 5 * time.Second

// NewPrinter writes the head of the transcript: the lesson and who takes part.
func NewPrinter(w io.Writer, h trace.Header, o Options) *Printer {
	p := &Printer{
		out: newPaint(w, o.Color), lang: o.Lang, world: h.World, width: o.width(),
		names: make(map[string]string), talks: make(map[int]*talk), name: 9, apart: true,
		explain: explain.Event,
	}
	for _, host := range h.World.Hosts {
		p.name = max(p.name, width(p.host(host.Name)))
	}
	p.name = min(p.name, 18)
	p.whom = p.width >= 64+p.name
	p.head(h)
	return p
}

// Event writes one event. An error is the writer's.
func (p *Printer) Event(e *trace.Event) error {
	if n, ok := e.Body.(*trace.Note); ok && !n.Chapter && len(n.Text) == 0 {
		return nil // it says nothing to a reader
	}
	p.pause(e.At)
	switch b := e.Body.(type) {
	case *trace.Note:
		p.note(b)
	case *trace.Line:
		p.line(e, b)
	default:
		p.happening(e)
	}
	p.any = true
	return p.out.flush()
}

// Follow writes the events of t from its start, and those appended until ctx
// ends.
func (p *Printer) Follow(ctx context.Context, t *trace.Trace) error {
	more, stop := t.Subscribe()
	defer stop()
	seq := 1
	for {
		for ; seq <= t.Len(); seq++ {
			if err := p.Event(t.At(seq)); err != nil {
				return err
			}
		}
		select {
		case <-more:
		case <-ctx.Done():
			for ; seq <= t.Len(); seq++ {
				if err := p.Event(t.At(seq)); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

func (p *Printer) t(key string, kv ...any) string {
	return words.T(p.lang, "terminal."+key, kv...)
}

func (p *Printer) n(key string, n int, kv ...any) string {
	return words.N(p.lang, "terminal."+key, n, kv...)
}

func (p *Printer) host(name string) string {
	s, ok := p.names[name]
	if !ok && name != "" {
		s = explain.Name(p.lang, p.world, name)
		p.names[name] = s
	}
	return s
}

// talk returns what is known about the event's connection.
func (p *Printer) talk(e *trace.Event) *talk {
	t, ok := p.talks[e.Conn]
	if !ok {
		t = new(talk)
		p.talks[e.Conn] = t
	}
	return t
}

// pause remarks upon a long wait before an event.
func (p *Printer) pause(at time.Duration) {
	d := at - p.at
	if p.any && d >= wait {
		p.gap()
		p.free(strings.Repeat(" ", timeWidth+1), []span{{"⋯ " + p.later(d) + " ⋯", muted}})
		p.gap()
	}
	p.at = at
}

func (p *Printer) later(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return p.n("later.seconds", int(d.Round(time.Second)/time.Second))
	case d < 2*time.Hour:
		return p.n("later.minutes", int(d.Round(time.Minute)/time.Minute))
	case d < 48*time.Hour:
		return p.n("later.hours", int(d.Round(time.Hour)/time.Hour))
	}
	return p.n("later.days", int(d.Round(24*time.Hour)/(24*time.Hour)))
}

// note writes a chapter's heading or a piece of the story.
func (p *Printer) note(n *trace.Note) {
	text := words.Pick(p.lang, n.Text)
	if !n.Chapter {
		p.free("", []span{{"▌ ", story}}, span{text, story})
		p.gap()
		return
	}
	p.chapter++
	p.gap()
	title := fmt.Sprintf("━━ %d · %s ", p.chapter, text)
	title += strings.Repeat("━", max(p.width-width(title), 2))
	p.out.row(glyphs([]span{{title, heading}}))
	p.apart = false
	p.gap()
}

// gap leaves one empty row, unless there is one.
func (p *Printer) gap() {
	if !p.apart {
		p.out.row(nil)
	}
	p.apart = true
	p.last = rowKey{}
}

// free writes text outside the columns, the edge before each of its rows.
func (p *Printer) free(indent string, edge []span, text ...span) {
	head := glyphs(append([]span{{indent, plain}}, edge...))
	used := 0
	for _, g := range head {
		used += g.width
	}
	for _, row := range wrap(glyphs(text), p.width-used) {
		p.out.row(append(head[:len(head):len(head)], row...))
	}
	p.apart = false
}
