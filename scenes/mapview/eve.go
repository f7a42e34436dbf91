package mapview

import (
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
)

// heard is what the eavesdropper's card shows: the last thing that she has.
type heard struct {
	texts    []string // that say it, the longest first
	icon     string
	readable bool
	now      bool // it passes in this step
}

// hearing finds what the eavesdropper has after a scene's step.
func hearing(show *stage.Show, step int, lang words.Lang) heard {
	const records = 20 // of a handshake, which has its name in the first
	list := show.Overheard(step, records)
	if len(list) == 0 {
		return heard{texts: []string{words.T(lang, "map.eve.silent")}}
	}
	h := list[len(list)-1]
	for _, o := range list {
		if o.Step == h.Step && o.What == stage.HeardHandshake && o.Text != "" {
			h = o // whom the client asked for
			break
		}
	}
	v := heard{icon: "eye", readable: h.Readable(), now: h.Step == step}
	switch h.What {
	case stage.HeardConnect, stage.HeardRefused:
		v.texts = []string{words.T(lang, "map.eve.port", "Port", h.Port)}
	case stage.HeardSealed:
		v.icon = "lock"
		if h.Bytes == 0 {
			v.texts = []string{h.Record}
			break
		}
		v.texts = []string{words.N(lang, "map.eve.sealed", h.Bytes, "Record", h.Record), words.N(lang, "map.eve.octets", h.Bytes)}
	default:
		v.texts = []string{firstSaid(h.Text)}
	}
	return v
}

// firstSaid is the first line of a text that says something.
func firstSaid(text string) string {
	for line := range strings.SplitSeq(text, "\r\n") {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

// eveView is the canvas objects of the eavesdropper's card.
type eveView struct {
	card
	k                 float32
	frame, tile       *canvas.Rectangle
	icon, mark        *canvas.Image
	name, said        *canvas.Text
	painted, paintedP string
}

func newEveView(c card, k float32) *eveView {
	v := &eveView{card: c, k: k,
		frame: &canvas.Rectangle{StrokeWidth: 2, CornerRadius: look.CardRadius * k},
		tile:  &canvas.Rectangle{CornerRadius: look.Radius * k}, icon: look.Image(), mark: look.Image(),
		name: look.Text(c.Name, nameSize*k, color.White, look.Bold), said: look.Text("", subSize*k, color.White, look.Mono),
	}
	look.Put(v.frame, v.X, v.Y, v.W, v.H)
	tile := tileSmall * k
	look.Put(v.tile, v.X+10*k, v.cy()-tile/2, tile, tile)
	look.Put(v.icon, v.X+10*k+tile*0.19, v.cy()-tile*0.31, tile*0.62, tile*0.62)
	return v
}

func (v *eveView) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.frame, v.tile, v.icon, v.name, v.mark, v.said}
}

// paint shows what she has heard.
func (v *eveView) paint(h heard) {
	p, k := look.P(), v.k
	x := v.X + (10+tileSmall+10)*k
	left := x
	if h.icon != "" {
		left += 20 * k
	}
	text := ""
	for _, text = range h.texts {
		if look.Width(text, subSize*k, look.Mono) <= v.right()-10*k-left {
			break
		}
	}
	text = look.Fit(text, subSize*k, v.right()-10*k-left, look.Mono)
	key := strings.Join([]string{text, h.icon, map[bool]string{true: "now"}[h.now]}, "|")
	if v.painted == key && v.paintedP == p.Name {
		return
	}
	v.painted, v.paintedP = key, p.Name
	edge, ink := p.Muted, p.Muted
	if h.readable {
		ink = p.Text
		if h.now {
			edge = p.Text
		}
	}
	v.frame.FillColor, v.frame.StrokeColor = p.Card, edge
	v.tile.FillColor = p.Tint(edge)
	v.icon.Resource = look.IconOn("eye", edge, p.Tint(edge))
	v.name.Color, v.said.Color, v.said.Text = p.Text, ink, text
	look.PutText(v.name, x, v.cy()-11*k)
	look.PutText(v.said, left, v.cy()+11*k)
	v.mark.Hide()
	if h.icon != "" {
		c := p.OK
		if h.readable {
			c = p.Refused
		}
		v.mark.Resource = look.IconOn(h.icon, c, p.Card)
		look.Put(v.mark, x, v.cy()+3*k, 16*k, 16*k)
		v.mark.Show()
	}
	for _, o := range v.objects() {
		o.Refresh()
	}
}

// tap is the way on which something reaches her: from the middle of the link
// on which it passes to her card. ok is false if nothing passes that she
// hears, or the map does not show where.
func tap(lay *layout, lines []line, now bool) (way []look.Pt, ok bool) {
	var eve *card
	for i := range lay.Cards {
		if lay.Cards[i].Eve {
			eve = &lay.Cards[i]
		}
	}
	if eve == nil || !now {
		return nil, false
	}
	for _, ln := range lines {
		if !ln.now {
			continue
		}
		p := ln.point(ln.length() / 2)
		q := look.Pt{X: within(p.X, eve.X, eve.right()), Y: float64(eve.Y)}
		switch {
		case p.Y > float64(eve.bottom()):
			q.Y = float64(eve.bottom())
		case p.Y > float64(eve.Y) && p.X < float64(eve.X):
			q = look.Pt{X: float64(eve.X), Y: float64(eve.cy())}
		case p.Y > float64(eve.Y):
			q = look.Pt{X: float64(eve.right()), Y: float64(eve.cy())}
		}
		if math.Hypot(q.X-p.X, q.Y-p.Y) < 4 {
			return nil, false
		}
		return []look.Pt{p, q}, true
	}
	return nil, false
}
