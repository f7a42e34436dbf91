package compareview

import (
	"mailscope/scenes/compare"
	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/words"
)

// narrate draws the bar below: both lines, and one sentence.
func (v *View) narrate() {
	p, r := look.P(), v.places.narration
	v.box(r, p.Card, p.Line, 1, look.CardRadius)
	v.round(rect{r.x, r.y, 4, r.h}, p.Now, 2)
	const left = 20
	x, room := r.x+left, r.w-2*left
	if v.moment == 0 {
		v.sentence(-1, v.opening, x, r.y+r.h/2, room)
		return
	}
	end := r.right() - left
	if i := v.pair.Chapter(v.moment); i >= 0 {
		chapters := v.pair.Chapters()
		text := v.t("chapter", "N", i+1, "All", len(chapters), "Title", words.Pick(v.lang, chapters[i].Title))
		end = v.right(look.Fit(text, 15, room*0.3), 15, end, r.y+26, p.Muted) - 24
	}
	for side, l := range shareLine(end-x-24, v.lineWidth(0), v.lineWidth(1)) {
		v.line(side, x, r.y+26, l)
		x += l + 24
	}
	x = r.x + left
	side, text := v.told()
	v.sentence(side, text, x, r.y+58, room)
}

// line sets what a side says or does in its colour, a little smaller before it is
// cut short.
func (v *View) line(side int, x, y, room float32) {
	text, size, style := v.said(side)
	for size > 16 && look.Width(text, size, style...) > room {
		size--
	}
	v.pool.Text(look.Fit(text, size, room, style...), size, x, y, v.colour(side), style...)
}

func (v *View) lineWidth(side int) float32 {
	text, size, style := v.said(side)
	return look.Width(text, size, style...)
}

// said is what a side says or does, and how it is set; "" before its first step.
func (v *View) said(side int) (text string, size float32, style []look.Style) {
	s := v.pair.Sides[side]
	e := s.Show.Event(v.step(side))
	if e == nil {
		return "", 18, nil
	}
	text, wire := explain.Label(v.lang, s.Show.Recording().Header.World, e)
	if wire {
		return text, 20, []look.Style{look.Mono}
	}
	return text, 18, nil
}

// told is what is said of the moment: the lesson's story, or else what the
// event of the side that leads means. side is the one that is spoken of.
func (v *View) told() (side int, text string) {
	side, story := v.pair.Story(v.moment)
	if side >= 0 {
		return side, words.Pick(v.lang, story)
	}
	side = v.pair.Lead(v.moment)
	s := v.pair.Sides[side]
	step := v.step(side)
	e := s.Show.Event(step)
	if e == nil {
		return -1, ""
	}
	service := ""
	if lane := s.Show.Lane(step); lane != nil {
		service = lane.Service
	}
	ctx := explain.At(s.Show.Place(step), service)
	return side, explain.Event(v.lang, s.Show.Recording().Header.World, e, ctx).Sentence
}

// sentence sets a text in one line or two, behind the name of the side that it
// is about.
func (v *View) sentence(side int, text string, x, y, room float32) {
	p := look.P()
	if side >= 0 && side != compare.Both {
		after := v.pool.Text(v.pair.Title(v.lang, side), 18, x, y, v.colour(side), look.Bold) + 12
		room -= after - x
		x = after
	}
	for _, size := range []float32{20, 18, 16} {
		if look.Width(text, size) <= room {
			v.pool.Text(text, size, x, y, p.Text)
			return
		}
	}
	lines := look.Wrap(text, 15, room, 2)
	y -= 10*float32(len(lines)-1) - 4
	for i, l := range lines {
		v.pool.Text(l, 15, x, y+float32(i)*20, p.Text)
	}
}
