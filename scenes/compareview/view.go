// Package compareview draws two recordings beside each other: what servers and
// devices keep on either side, both conversations, and the meters between.
package compareview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/compare"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/words"
)

// View shows one moment of a pair. All of its methods belong to the goroutine
// of the user interface.
type View struct {
	widget.BaseWidget
	// OnSelect is told which moment a person chose.
	OnSelect func(moment int)

	pair    *compare.Pair // nil before the first
	lang    words.Lang
	moment  int
	opening string // what is said before the first moment

	size   fyne.Size
	places places
	pool   pool.Pool
	dashes []*look.Dashes // reused
	used   int            // of dashes
	talks  [2]compare.Talk
	base   [2]int // the row in which the first step of a talk stands
}

// New makes an empty view; onSelect is told which moment a person chose.
func New(onSelect func(moment int)) *View {
	v := &View{OnSelect: onSelect, lang: words.EN}
	v.ExtendBaseWidget(v)
	return v
}

// SetPair shows another pair from its start, or the same in another language.
// opening is what is said before the first moment.
func (v *View) SetPair(p *compare.Pair, l words.Lang, opening string) {
	if v.pair != p {
		v.pair, v.moment = p, 0
	}
	v.lang, v.opening = l, opening
	v.Refresh()
}

// Set shows a moment.
func (v *View) Set(moment int) {
	if moment != v.moment {
		v.moment = moment
		v.draw()
	}
}

// Tapped chooses the event of a row.
func (v *View) Tapped(e *fyne.PointEvent) {
	if v.pair == nil || v.OnSelect == nil || v.done() {
		return
	}
	for side, s := range v.places.sides {
		if !s.ladder.has(e.Position.X, e.Position.Y) {
			continue
		}
		t := v.talks[side]
		i := int((e.Position.Y-s.ladder.y)/s.row) - v.base[side]
		if i >= 0 && i < len(t.Steps) {
			v.OnSelect(v.pair.Moment(side, t.Steps[i]))
		}
	}
}

// done tells whether the end is shown: the table stands where the
// conversations were.
func (v *View) done() bool { return v.moment > 0 && v.moment == v.pair.Len() }

// t is a text of this view.
func (v *View) t(key string, kv ...any) string { return words.T(v.lang, "compare."+key, kv...) }

// draw puts everything in its place for the current moment.
func (v *View) draw() {
	v.pool.Begin()
	v.used = 0
	if v.pair == nil || v.size.Width <= 0 {
		return
	}
	v.places = place(v.size.Width, v.size.Height, len(v.pair.Sides[0].Cast))
	meters := v.pair.Meters(v.moment)
	half := (len(meters) + 1) / 2
	for side := range v.pair.Sides {
		part := meters[side*half : min((side+1)*half, len(meters))]
		r := v.places.sides[side].table(half)
		covers := v.done() && r.y < v.places.sides[side].heads.y
		v.side(side, covers)
		if v.done() {
			v.table(side, part, r, half)
		} else {
			v.ladder(side)
		}
	}
	v.meters(compare.Chief(meters))
	v.narrate()
	v.pool.Objects()[0].Refresh() // one is enough to have the window drawn again
}

// box is a filled rectangle with a border.
func (v *View) box(r rect, fill, border color.Color, width, radius float32) {
	b := v.pool.Rect(r.x, r.y, r.w, r.h, fill)
	b.StrokeColor, b.StrokeWidth, b.CornerRadius = border, width, radius
}

// round is a filled rectangle with rounded corners.
func (v *View) round(r rect, fill color.Color, radius float32) {
	v.pool.Rect(r.x, r.y, r.w, r.h, fill).CornerRadius = radius
}

// right is a text that ends at x; it returns where the text begins.
func (v *View) right(s string, size, x, y float32, c color.Color, o ...look.Style) float32 {
	w := look.Width(s, size, o...)
	v.pool.Text(s, size, x-w, y, c, o...)
	return x - w
}

// centre is a text with its middle at x.
func (v *View) centre(s string, size, x, y float32, c color.Color, o ...look.Style) {
	v.pool.Text(s, size, x-look.Width(s, size, o...)/2, y, c, o...)
}

// icon is an icon on a ground, by its middle.
func (v *View) icon(name string, x, y, size float32, c, ground color.Color) {
	v.pool.Icon(look.IconOn(name, c, ground), x, y+1, size) // the middle of letters lies below that of their line
}

// dashed is a dashed frame.
func (v *View) dashed(r rect, c color.NRGBA) {
	if v.used == len(v.dashes) {
		v.dashes = append(v.dashes, look.NewDashes(look.Radius))
	}
	d := v.dashes[v.used]
	v.used++
	changed := d.Colour != c || d.Size() != fyne.NewSize(r.w, r.h)
	d.Colour = c
	look.Put(d.Raster, r.x, r.y, r.w, r.h)
	if changed {
		d.Refresh()
	}
	v.pool.Add(d.Raster)
}

// colour is a side's: that of its protocol, or one that tells it from the
// other.
func (v *View) colour(side int) color.NRGBA {
	if s := v.pair.Protocol(side); s != "" {
		return look.P().Service(s)
	}
	return []color.NRGBA{look.P().SMTP, look.P().DNS}[side]
}

// CreateRenderer makes the widget's renderer.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return (*renderer)(v) }

type renderer View

func (r *renderer) Destroy()                     {}
func (r *renderer) MinSize() fyne.Size           { return fyne.NewSize(900, 430) }
func (r *renderer) Objects() []fyne.CanvasObject { return r.pool.Objects() }
func (r *renderer) Refresh()                     { (*View)(r).draw() }

func (r *renderer) Layout(size fyne.Size) {
	if r.size != size {
		r.size = size
		(*View)(r).draw()
	}
}
