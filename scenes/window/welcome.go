//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/look"
	"mailscope/scenes/mapview"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// way is one of the further ways in, below the first lesson.
type way struct {
	icon, title, text string
	do                func()
}

// newWelcome is the first screen: one promise, one button, three further ways.
func newWelcome(s *Screen) fyne.CanvasObject {
	w := &welcome{s: s}
	w.langs = look.NewSegmented([]string{"Русский", "English"}, langIndex(s.lang), func(i int) { s.setLang(words.Langs[i]) })
	w.theme = look.NewIconButton(themeIcon(), s.toggleTheme)
	w.start = bigButton(s.t("welcome.watch"), s.startFirst)
	w.still = newStill(s)
	for _, o := range []way{
		{"list", s.t("welcome.lessons"), s.n("welcome.lessons.text", len(s.opts.Lessons)), s.openLessons},
		{"plug", s.t("welcome.serve"), s.t("welcome.serve.text"), s.openServe},
		{"pencil", s.t("welcome.write"), s.t("welcome.write.text"), s.openCompose},
	} {
		if o.icon == "pencil" && s.opts.Try == nil {
			continue
		}
		w.ways = append(w.ways, wayCard(o))
	}
	return sketch.New(sketch.Fixed(900, 600), w.draw)
}

type welcome struct {
	s     *Screen
	langs *look.Segmented
	theme *look.Button
	start *sketch.Hot
	still fyne.CanvasObject
	ways  []fyne.CanvasObject
}

func (w *welcome) draw(pen *sketch.Pen, size fyne.Size) {
	p, s := look.P(), w.s
	pen.Text("mailscope", 32, 44, 22, p.Text, look.Bold)
	m := w.langs.MinSize()
	pen.Place(w.langs, size.Width-32-m.Width, 22, m.Width, 44)
	pen.Place(w.theme, size.Width-32-m.Width-52, 22, 44, 44)

	wide := min(size.Width-2*32, 1216)
	left := (size.Width - wide) / 2
	// What height is spare goes between the parts, once the card is full.
	ways := clamp(size.Height-570, 128, 152)
	card := clamp(size.Height-304-ways, 220, 320)
	spare := clamp((size.Height-304-ways-card)/4, 0, 60)
	y := 84 + spare
	pen.Text(s.t("welcome.title"), left, y+28, 44, p.Text, look.Bold)
	pen.Text(s.t("welcome.subtitle"), left, y+78, 20, p.Muted)
	y += 112 + spare/2
	w.first(pen, left, y, wide, card)
	y += card + 24
	gap := float32(24)
	each := (wide - 2*gap) / 3
	for i, c := range w.ways {
		pen.Place(c, left+float32(i)*(each+gap), y, each, ways)
	}
	y += ways + 38 + spare/2
	pen.Icon("lock", left, y-9, 18, p.OK)
	pen.Text(s.t("welcome.safe"), left+32, y, 16, p.Text)
	pen.Right(s.t("welcome.keys"), left+wide, y, 16, p.Muted)
}

// first draws the card of the first lesson.
func (w *welcome) first(pen *sketch.Pen, x, y, wide, high float32) {
	p, s := look.P(), w.s
	pen.Box(x, y, wide, high, p.Panel, p.Now, 3, look.PanelRadius)
	const pad = 32
	column := wide*0.36 - pad
	if len(s.opts.Lessons) > 0 {
		l := s.opts.Lessons[0]
		button := y + high - clamp(high/10, 20, pad) - 56
		top := y + clamp(high/7, 28, 44)
		pen.Text(s.t("lesson", "N", l.Number), x+pad, top, 16, p.Muted)
		titles := look.Wrap(words.Pick(s.lang, l.Title), 36, column, 2, look.Bold)
		ty := pen.Lines(titles, x+pad, top+40, 44, 36, p.Text, look.Bold)
		lines := look.Wrap(words.Pick(s.lang, l.Promise), 18, column, max(int((button-ty)/27), 1))
		pen.Lines(lines, x+pad, ty-2, 27, 18, p.Text)
		bw := w.start.MinSize().Width
		pen.Place(w.start, x+pad, button, bw, 56)
		pen.Text(s.t("welcome.enter"), x+pad+bw+20, button+28, 16, p.Muted)
	}
	mx := x + pad + column + pad
	pen.Box(mx, y+24, x+wide-24-mx, high-48, p.Panel, p.Line, 1, 12)
	pen.Place(w.still, mx+12, y+36, x+wide-48-mx, high-72)
}

// bigButton is the one that asks to be tapped.
func bigButton(label string, tap func()) *sketch.Hot {
	min := func() fyne.Size { return fyne.NewSize(max(look.Width(label, 20, look.Bold)+112, 200), 56) }
	return sketch.NewHot(min, tap, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p := look.P()
		fill := p.Now
		if h.Hover {
			fill = look.Mix(p.Now, p.Ink, 0.1)
		}
		pen.Rect(0, 0, size.Width, size.Height, fill, look.CardRadius)
		pen.Icon("play", 28, size.Height/2-11, 22, p.Ink)
		pen.Text(label, 64, size.Height/2, 20, p.Ink, look.Bold)
	})
}

func wayCard(o way) fyne.CanvasObject {
	return sketch.NewHot(sketch.Fixed(200, 152), o.do, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p := look.P()
		border := p.Line
		if h.Hover {
			border = p.Muted
		}
		pen.Box(0, 0, size.Width, size.Height, p.Panel, border, 1, look.PanelRadius)
		pen.Rect(24, 24, 48, 48, p.Selection, look.CardRadius)
		pen.Icon(o.icon, 36, 36, 24, p.SMTP)
		pen.Text(look.Fit(o.title, 20, size.Width-112, look.Bold), 88, 48, 20, p.Text, look.Bold)
		pen.Lines(look.Wrap(o.text, 16, size.Width-48, 2), 24, 98, 24, 16, p.Muted)
	})
}

// newStill is the map in the middle of a letter's first flight, if the first
// lesson has been run; see Screen.prepare.
func newStill(s *Screen) fyne.CanvasObject {
	m := mapview.New()
	m.Bare = true
	if s.still != nil {
		m.SetShow(s.still, s.lang)
		m.Set(s.still.Scene(firstFlight(s.still)), 0.45)
	}
	return m
}

// firstFlight is the first step in which an envelope flies; 0 if none does.
func firstFlight(show *stage.Show) int {
	for step := range show.Len() {
		if f := show.Scene(step).Flight; f != nil && f.What == stage.FlyEnvelope {
			return step
		}
	}
	return 0
}

// prepare runs the first lesson for the picture on the welcome.
func (s *Screen) prepare() {
	if len(s.opts.Lessons) == 0 || s.opts.Play == nil {
		return
	}
	name := s.opts.Lessons[0].Name
	go func() {
		run, err := s.opts.Play(s.ctx, name)
		if err != nil {
			return // said when the lesson is started
		}
		fyne.Do(func() {
			s.still = stage.New(run.Recordings[0])
			if s.show == nil {
				s.rebuild()
			}
		})
	}()
}

// startFirst plays the first lesson.
func (s *Screen) startFirst() {
	if len(s.opts.Lessons) > 0 {
		s.startLesson(s.opts.Lessons[0].Name)
	}
}

// openLessons shows the lessons to choose from, in a list over the screen, all
// of them where the window is high enough.
func (s *Screen) openLessons() {
	const besides, button = 96, 36 // title and rules; what else can be done
	h := float32(besides + button*len(s.actions()))
	for _, u := range s.units() {
		h += unitHigh
		if !s.folded[u.number] {
			h += lessonHigh * float32(len(u.lessons))
		}
	}
	s.openOverlay(newLessonList(s, false), fyne.NewSize(460, h))
}

// openServe says how to join with a mail program of one's own.
func (s *Screen) openServe() {
	s.tell(s.t("welcome.serve"), s.t("serve.text"))
}

func (s *Screen) n(key string, n int) string { return words.N(s.lang, "window."+key, n) }

// blank is a recording in which nothing happens.
func blank() trace.Recording { return trace.Recording{Trace: trace.New()} }
