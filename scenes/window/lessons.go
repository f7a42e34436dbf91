//go:build cgo || ci

package window

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// Rows of the list of lessons, in device-independent pixels.
const unitHigh, lessonHigh = 34, 32

// unit is a group of lessons as the list shows it.
type unit struct {
	number  int
	title   string
	lessons []LessonInfo
	done    int
}

// units groups the lessons in their order. Units without lessons are left out.
func (s *Screen) units() []unit {
	var us []unit
	for _, l := range s.opts.Lessons {
		if len(us) == 0 || us[len(us)-1].number != l.Unit {
			u := unit{number: l.Unit}
			if i := l.Unit - 1; i >= 0 && i < len(s.opts.Units) {
				u.title = words.Pick(s.lang, s.opts.Units[i])
			}
			us = append(us, u)
		}
		u := &us[len(us)-1]
		u.lessons = append(u.lessons, l)
		if s.done[l.Name] {
			u.done++
		}
	}
	return us
}

// newLessonList is the lessons' panel: units that fold, a row for each lesson,
// and what else can be done. The list beside the map can be folded to the rail.
func newLessonList(s *Screen, beside bool) fyne.CanvasObject {
	rows := container.New(&stacked{})
	for _, u := range s.units() {
		rows.Add(s.unitRow(u))
		if s.folded[u.number] {
			continue
		}
		for _, l := range u.lessons {
			rows.Add(s.lessonRow(l))
		}
	}
	done := s.t("lessons.done", "N", len(s.done), "All", len(s.opts.Lessons))
	corner := container.NewHBox(look.Text(done, 14, look.P().Muted))
	if beside {
		corner.Add(foldButton(s))
	}
	body := container.NewBorder(nil, s.lessonActions(), nil, nil, container.NewVScroll(rows))
	return look.NewPanel(s.t("lessons"), corner, container.New(bleed(inset), body))
}

// foldButton folds the list, as the same icon on the rail unfolds it.
func foldButton(s *Screen) fyne.CanvasObject {
	return sketch.NewHot(sketch.Fixed(24, 24), func() { s.setFold(foldRail) },
		func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
			c := look.P().Muted
			if h.Hover {
				pen.Rect(0, 0, size.Width, size.Height, look.P().Card, 6)
				c = look.P().Text
			}
			pen.Icon("list", 3, 3, 18, c)
		})
}

func (s *Screen) unitRow(u unit) fyne.CanvasObject {
	return sketch.NewHot(sketch.Fixed(160, unitHigh), func() {
		s.folded[u.number] = !s.folded[u.number]
		s.rebuildLessons()
	}, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p, mid := look.P(), size.Height/2
		icon := "down"
		if s.folded[u.number] {
			icon = "right"
		}
		if h.Hover {
			pen.Rect(0, 1, size.Width, size.Height-2, p.Card, 6)
		}
		pen.Icon(icon, inset, mid-8, 16, p.Muted)
		count := color.Color(p.Muted)
		if u.done == len(u.lessons) {
			count = p.OK
		}
		right := pen.Right(s.t("lessons.of", "N", u.done, "All", len(u.lessons)), size.Width-inset, mid, 14, count)
		title := s.t("unit", "N", u.number, "Title", u.title)
		pen.Text(look.Fit(title, 15, right-inset-28, look.Bold), inset+20, mid, 15, p.Text, look.Bold)
	})
}

func (s *Screen) lessonRow(l LessonInfo) fyne.CanvasObject {
	return sketch.NewHot(sketch.Fixed(160, lessonHigh), func() { s.startLesson(l.Name) },
		func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
			p, mid := look.P(), size.Height/2
			current := s.lesson == l.Name
			if current || h.Hover {
				ground := p.Selection
				if !current {
					ground = p.Card
				}
				pen.Rect(0, 1, size.Width, size.Height-2, ground, 6)
			}
			style := []look.Style{}
			icon, c := "ring", p.Muted
			if s.done[l.Name] {
				icon, c = "done", p.OK
			}
			if current {
				pen.Rect(0, 1, 4, size.Height-2, p.Now, 2)
				if !s.done[l.Name] {
					icon, c = "now", p.NowText
				}
				style = append(style, look.Bold)
			}
			pen.Icon(icon, inset+4, mid-8, 16, c)
			pen.Right(strconv.Itoa(l.Number), inset+44, mid, 15, p.Muted)
			pen.Text(look.Fit(words.Pick(s.lang, l.Title), 15, size.Width-inset-56, style...), inset+52, mid, 15, p.Text, style...)
		})
}

// lessonActions are what else can be done, below the lessons.
func (s *Screen) lessonActions() fyne.CanvasObject {
	rows := container.New(&stacked{}, sketch.New(sketch.Fixed(10, 13), func(pen *sketch.Pen, size fyne.Size) {
		pen.Rule(inset, 4, size.Width-2*inset, look.P().Line)
	}))
	for _, a := range s.actions() {
		b := look.NewButton(a.icon, a.label, a.do)
		b.Flat, b.Left = true, true
		rows.Add(b)
	}
	return rows
}

type action struct {
	icon, label string
	do          func()
}

// actions lists what can be done besides the lessons.
func (s *Screen) actions() []action {
	var as []action
	if s.opts.Try != nil {
		as = append(as, action{"gear", s.t("settings"), s.toggleSettings}, action{"pencil", s.t("compose"), s.openCompose})
	}
	if s.opts.Open != nil && s.openFile != nil {
		as = append(as, action{"open", s.t("open"), func() {
			s.openFile(func(recs []trace.Recording) { s.ShowAll(recs, recs[0].Header.Lesson) })
		}})
	}
	if s.compared() != nil {
		as = append(as, action{"compare", s.t("compare"), s.openCompare})
	}
	return as
}

// newRail is the lessons folded: a number for each unit.
func newRail(s *Screen) fyne.CanvasObject {
	list := look.NewIconButton("list", func() { s.setFold(foldList) })
	var acts []fyne.CanvasObject
	for _, a := range s.actions() {
		acts = append(acts, look.NewIconButton(a.icon, a.do))
	}
	var cells []fyne.CanvasObject
	us := s.units()
	for _, u := range us {
		cells = append(cells, s.railCell(u))
	}
	return sketch.New(sketch.Fixed(railWide, 200), func(pen *sketch.Pen, size fyne.Size) {
		p := look.P()
		pen.Panel(0, 0, size.Width, size.Height, p.Panel, p.Line, 1, look.PanelRadius)
		pen.Place(list, 12, 12, 36, 36)
		pen.Rule(12, 60, size.Width-24, p.Line)
		for i, c := range cells {
			pen.Place(c, 0, 72+float32(i)*48, size.Width, 40)
		}
		y := size.Height - 12 - float32(len(acts))*44 + 8
		if len(acts) > 0 {
			pen.Rule(12, y-12, size.Width-24, p.Line)
		}
		for i, b := range acts {
			pen.Place(b, 12, y+float32(i)*44, 36, 36)
		}
	})
}

func (s *Screen) railCell(u unit) fyne.CanvasObject {
	current := false
	for _, l := range u.lessons {
		current = current || l.Name == s.lesson
	}
	return sketch.NewHot(sketch.Fixed(railWide, 40), func() {
		s.folded[u.number] = false
		s.setFold(foldList)
	}, func(h *sketch.Hot, pen *sketch.Pen, size fyne.Size) {
		p, mid := look.P(), size.Height/2
		style := []look.Style{}
		if current || h.Hover {
			pen.Rect(8, 1, size.Width-16, size.Height-2, p.Selection, 6)
		}
		if current {
			pen.Rect(8, 1, 4, size.Height-2, p.Now, 2)
			style = append(style, look.Bold)
		}
		pen.Centre(strconv.Itoa(u.number), size.Width/2, mid, 16, p.Text, style...)
		if u.done == len(u.lessons) {
			pen.Icon("done", size.Width-20, 2, 14, p.OK)
		}
	})
}

// inset is how far rows reach beyond the panel's padding on either side.
const inset = 8

// bleed lets objects reach beyond their place on the left and right.
type bleed float32

func (b bleed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		look.Put(o, -float32(b), 0, size.Width+2*float32(b), size.Height)
	}
}

func (b bleed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().SubtractWidthHeight(2*float32(b), 0)
}

// stacked puts objects below each other at full width, without gaps.
type stacked struct{}

func (stacked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h
	}
}

func (stacked) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		n := o.MinSize()
		m = fyne.NewSize(max(m.Width, n.Width), m.Height+n.Height)
	}
	return m
}
