package inspector

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// holdings is what a host holds after a step, as the trace tells it.
type holdings struct {
	queue []waiting     // in order of acceptance
	boxes []trace.Store // the latest change of each folder, in order of appearance
	last  *trace.Line   // the latest line said by it or to it
	talk  *stage.Conn   // on which that was; nil if it never spoke
	ports []string      // of services that it answers on: "25 smtp"
}

// waiting is one entry of a queue.
type waiting struct {
	id         string
	recipients []string // not yet settled
	last       *trace.Queue
}

// holdingsOf reads the trace up to a step.
func holdingsOf(show *stage.Show, host string, step int) holdings {
	var h holdings
	for st := 1; st <= step; st++ {
		e := show.Event(st)
		switch b := e.Body.(type) {
		case *trace.Queue:
			if e.From == host {
				h.enqueue(b)
			}
		case *trace.Store:
			if e.From == host {
				h.store(b)
			}
		case *trace.Line:
			if e.From == host || e.To == host {
				h.last, h.talk = b, show.Lane(st)
			}
		}
	}
	for _, c := range show.Conns() {
		if _, refused := show.Event(c.First).Body.(*trace.Refused); c.To != host || refused {
			continue
		}
		if p := fmt.Sprintf("%d %s", c.Port, c.Service); !slices.Contains(h.ports, p) {
			h.ports = append(h.ports, p)
		}
	}
	return h
}

// enqueue takes in what happened to an entry; it leaves the queue with its
// last recipient.
func (h *holdings) enqueue(q *trace.Queue) {
	i := slices.IndexFunc(h.queue, func(w waiting) bool { return w.id == q.ID })
	if i < 0 {
		i = len(h.queue)
		h.queue = append(h.queue, waiting{id: q.ID, recipients: slices.Clone(q.Recipients)})
	}
	w := &h.queue[i]
	w.last = q
	switch q.Action {
	case "relayed", "delivered", "forwarded", "bounced", "discarded":
		w.recipients = slices.DeleteFunc(w.recipients, func(r string) bool { return slices.Contains(q.Recipients, r) })
	}
	if len(w.recipients) == 0 {
		h.queue = slices.Delete(h.queue, i, i+1)
	}
	if q.Length == 0 {
		h.queue = nil
	}
}

func (h *holdings) store(b *trace.Store) {
	switch b.Action {
	case "subscribe", "unsubscribe":
		return
	case "delete", "rename":
		h.boxes = slices.DeleteFunc(h.boxes, func(o trace.Store) bool { return o.Mailbox == b.Mailbox && o.Folder == b.Folder })
		if b.Action == "delete" {
			return
		}
		renamed := *b
		renamed.Folder = b.To
		b = &renamed
	}
	i := slices.IndexFunc(h.boxes, func(o trace.Store) bool { return o.Mailbox == b.Mailbox && o.Folder == b.Folder })
	if i < 0 {
		h.boxes = append(h.boxes, *b)
		return
	}
	h.boxes[i] = *b
}

// maxListed is how many entries of a queue and mailboxes are listed.
const maxListed = 12

// host sets the page of a host: what it is and what it holds at the playhead.
func (g *page) host(show *stage.Show, name string, scene *stage.Scene) {
	world := show.Recording().Header.World
	h := trace.Host{Name: name, Kind: trace.Foreign}
	if i := slices.IndexFunc(world.Hosts, func(h trace.Host) bool { return h.Name == name }); i >= 0 {
		h = world.Hosts[i]
	}
	const indent = 96
	row := func(key, value string) {
		if value != "" {
			g.row(g.t("host."+key), Printable(value), indent, g.p.Text, look.Mono)
		}
	}
	device := h.Kind.Device()
	title := name
	if device || h.Kind == trace.Foreign {
		title = explain.Name(g.l, world, name)
	}
	g.text(title, 18, 26, g.p.Text, look.Bold)
	g.text(g.t("host.role."+string(h.Kind)), 15, 22, g.p.Muted)
	g.y += 10
	if title != name {
		row("name", name)
	}
	row("address", h.Addr)
	row("domain", h.Domain)
	row("account", h.Account)
	if h.MX > 0 {
		row("mx", strconv.Itoa(h.MX))
	}
	held := holdingsOf(show, name, scene.Step)
	row("services", strings.Join(held.ports, "\n"))
	if h.Kind == trace.Server {
		g.hostQueue(held.queue, show.Time(scene.Step))
		g.hostBoxes(held.boxes)
	}
	if h.Account != "" {
		g.rule()
		g.title(g.t("host.kept"), g.n("letters", scene.Hosts[name].Kept))
	}
	g.lastTalk(world, held)
	g.rule()
	g.text(g.t("host.back"), 14, 20, g.p.Muted)
}

// hostQueue lists what waits, and for how long from now on.
func (g *page) hostQueue(queue []waiting, now time.Duration) {
	g.rule()
	g.title(g.t("host.queue"), g.n("letters", len(queue)))
	for i, w := range queue {
		if i == maxListed {
			g.text(g.n("more", len(queue)-i), 14, 20, g.p.Muted)
			return
		}
		g.row(w.id, Printable(strings.Join(w.recipients, "\n")), 96, g.p.NowText, look.Mono)
		state := words.T(g.l, "window.queue."+w.last.Action)
		if w.last.Next > 0 {
			state += " · " + Clock(g.l, w.last.Next)
		}
		g.row("", state, 96, queueColour(g.p, w.last.Action))
		if wait := w.last.Next - now; wait > 0 {
			g.row("", words.Span(g.l, "window.queue.next", wait), 96, g.p.Text)
		}
	}
}

func (g *page) hostBoxes(boxes []trace.Store) {
	if len(boxes) == 0 {
		return
	}
	g.rule()
	g.title(g.t("host.boxes"), "")
	slices.SortStableFunc(boxes, func(a, b trace.Store) int { return strings.Compare(a.Mailbox, b.Mailbox) })
	for i, b := range boxes {
		if i == maxListed {
			g.text(g.n("more", len(boxes)-i), 14, 20, g.p.Muted)
			return
		}
		if i == 0 || boxes[i-1].Mailbox != b.Mailbox {
			g.text(Printable(b.Mailbox), 14, 20, g.p.NowText, look.Mono)
		}
		g.row(Printable(b.Folder), g.n("letters", b.Count), 96, g.p.Text)
	}
}

// lastTalk tells with whom the host spoke last, and the last line of it.
func (g *page) lastTalk(w trace.World, h holdings) {
	g.rule()
	g.title(g.t("host.last"), "")
	if h.talk == nil {
		g.text(g.t("host.silent"), 14, 20, g.p.Muted)
		return
	}
	c := h.talk
	g.text(explain.Name(g.l, w, c.From)+" → "+explain.Name(g.l, w, c.To), 14, 20, g.p.Muted, look.Mono)
	g.text(fmt.Sprintf("%d %s", c.Port, c.Service), 14, 20, g.p.Service(c.Service), look.Mono)
	g.y += 6
	first, _, _ := strings.Cut(h.last.Text, "\r\n")
	if first == "" {
		first = words.T(g.l, "window.head.empty")
	}
	g.speech([]Token{{Text: Printable(first), Colour: g.p.Text}}, g.p.Service(c.Service))
}
