package inspector

import (
	"strings"

	"mailscope/protocol/imap"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
)

// session sets the phases of the conversation as chips.
func (g *page) session(s *stage.Session) {
	g.rule()
	g.title(g.sessionTitle(s.Service), "")
	x := g.x
	for _, c := range s.Chips {
		chip := look.NewChip(c.Name, chipState(c.State))
		m := chip.MinSize()
		if x > g.x && x+m.Width > g.x+g.w {
			x, g.y = g.x, g.y+36
		}
		g.Place(chip, x, g.y, m.Width, 28)
		x += m.Width + 6
	}
	g.y += 28
	if s.Service == "imap" {
		g.folder(s)
		return
	}
	if s.Count > 0 {
		g.y += 12
		g.Icon("letter", g.x, g.y+1, 20, g.p.Letter)
		g.Text(g.n("announced", s.Count), g.x+32, g.y+11, 14, g.p.Text)
		g.y += 22
	}
}

// folder sets which mailbox an IMAP session has open, and how.
func (g *page) folder(s *stage.Session) {
	if s.Folder == "" {
		return
	}
	g.y += 12
	g.Icon("folder", g.x, g.y+1, 20, g.p.IMAP)
	x, w := g.x, g.w
	g.x, g.w = x+32, w-32
	defer func() { g.x, g.w = x, w }()
	g.row(g.t("session.folder"), Printable(imap.NameFromWire(s.Folder)), 64, g.p.Text, look.Mono)
	g.row("", g.n("session.exists", s.Count), 64, g.p.Text)
	if s.ReadOnly {
		g.row("", g.t("session.readonly"), 64, g.p.Muted)
	}
	if s.Idle {
		g.row("", g.t("session.idle"), 64, g.p.Muted)
	}
}

func (g *page) sessionTitle(service string) string {
	switch service {
	case "pop3", "imap", "smtp", "submission":
		return g.t("session." + service)
	}
	return g.t("session.other")
}

func chipState(s stage.ChipState) look.ChipState {
	switch s {
	case stage.Done:
		return look.ChipDone
	case stage.Now:
		return look.ChipNow
	}
	return look.ChipFuture
}

// envelope sets what the servers act on: sender and recipients, each with
// what became of it.
func (g *page) envelope(s *stage.Session) {
	if !s.SenderKnown && len(s.Rcpts) == 0 {
		return
	}
	const indent = 52
	g.y += 16
	g.Icon("envelope", g.x, g.y+1, 20, g.p.NowText)
	x, w := g.x, g.w
	g.x, g.w = x+32, w-32
	from := s.Sender
	switch {
	case !s.SenderKnown: // refused, and the recipients were under way
		from = "—"
	case from == "":
		from = "<>"
	}
	g.row(g.t("from"), Printable(from), indent, g.p.NowText, look.Mono)
	for i, r := range s.Rcpts {
		if i == 8 {
			g.row("", g.n("more", len(s.Rcpts)-i), indent, g.p.Muted)
			break
		}
		g.y += 5
		g.recipient(r, indent)
	}
	g.x, g.w = x, w
}

func (g *page) recipient(r stage.Rcpt, indent float32) {
	y, right := g.y+11, g.x+g.w
	g.Text(g.t("to"), g.x, y, 14, g.p.Muted)
	if r.Code == "" {
		right = g.Right(g.t("waiting"), right, y, 14, g.p.Muted) - 8
	} else {
		c := look.ClassOf(r.Code)
		g.Icon(c.Icon(), right-16, y-8, 16, g.p.Class(c))
		right -= 24
	}
	g.y += 2 + g.value(Printable(r.Address), g.x+indent, y, right-g.x-indent, 14, g.p.NowText, look.Mono)
}

// letter sets what the reader sees, or says that it is still to come.
func (g *page) letter(s *stage.Session, text string) {
	if text == "" {
		if s == nil || s.Service == "pop3" || s.Service == "imap" || len(s.Rcpts) == 0 && !s.SenderKnown || s.DataSent {
			return
		}
		g.y += 6
		g.Icon("letter", g.x, g.y+1, 20, g.p.Letter)
		g.Text(g.t("letter.after"), g.x+32, g.y+11, 14, g.p.Muted)
		g.y += 22
		return
	}
	fields, body := readLetter(text)
	g.rule()
	g.Icon("letter", g.x, g.y, 20, g.p.Letter)
	g.x, g.w = g.x+32, g.w-32
	g.title(g.t("letter"), "")
	g.x, g.w = g.x-32, g.w+32
	for _, f := range fields {
		c := g.p.Muted
		switch f.name {
		case "From", "To", "Cc", "Subject", "Reply-To":
			c = g.p.Letter
		}
		g.row(f.name, Printable(f.value), 88, c, look.Mono)
	}
	g.y += 8
	g.paper(Printable(body))
}

// paper sets a letter's text on a card.
func (g *page) paper(s string) {
	g.block([]Token{{Text: strings.TrimRight(s, "\r\n"), Colour: g.p.Text}})
}

// block sets a letter, or a part of it, in small rows on a card.
func (g *page) block(tokens []Token) {
	const size, pad = 14, 12
	runs, rows, more := flow(tokens, g.columns(g.w-2*pad-4, size), maxLetterRows)
	if more {
		rows++
	}
	high := float32(rows)*rowStep + 2*pad
	g.Box(g.x, g.y, g.w, high, g.p.Card, g.p.Line, 1, look.Radius)
	g.Rect(g.x, g.y, 4, high, g.p.Letter, 2)
	g.runs(tokens, runs, g.x+pad+4, g.y+pad+10, size)
	if more {
		g.Text("…", g.x+pad+4, g.y+high-pad-10, size, g.p.Muted)
	}
	g.y += high
}
