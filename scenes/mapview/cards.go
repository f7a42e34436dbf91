package mapview

import (
	"image/color"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// cardView is the canvas objects of one card.
type cardView struct {
	card
	k                   float32
	frame, tile         *canvas.Rectangle
	icon                *canvas.Image
	name, sub           *canvas.Text
	queue, count        *canvas.Rectangle
	queueText, countNum *canvas.Text
	countIcon           *canvas.Image
	queueIcon           *canvas.Image
	faultIcon           *canvas.Image
	gear                *canvas.Image
	strike              *canvas.Line // through the picture of a host that is down
	painted             *hostLook    // nil before the first time
}

func newCardView(c card, k float32) *cardView {
	v := &cardView{card: c, k: k,
		frame: &canvas.Rectangle{StrokeWidth: 2, CornerRadius: look.CardRadius * k},
		tile:  &canvas.Rectangle{CornerRadius: look.Radius * k}, icon: look.Image(),
		name: look.Text(c.Name, nameSize*k, color.White, look.Bold), sub: look.Text(c.Sub, subSize*k, color.White),
		queue: &canvas.Rectangle{CornerRadius: 10 * k}, queueText: look.Text("", subSize*k, color.White, look.Bold),
		count: &canvas.Rectangle{CornerRadius: 6 * k}, countNum: look.Text("", subSize*k, color.White, look.Bold), countIcon: look.Image(), queueIcon: look.Image(),
		faultIcon: look.Image(), gear: look.Image(), strike: &canvas.Line{StrokeWidth: 3 * k},
	}
	v.sub.TextStyle.Monospace = c.MonoSub
	v.place()
	return v
}

func (v *cardView) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.frame, v.tile, v.icon, v.name, v.sub, v.queue, v.queueIcon, v.queueText, v.count, v.countIcon, v.countNum, v.faultIcon, v.gear, v.strike}
}

func (v *cardView) place() {
	k := v.k
	look.Put(v.frame, v.X, v.Y, v.W, v.H)
	tile, pad, gap := float32(tileBig)*k, 12*k, 12*k
	if v.Small {
		tile, pad, gap = tileSmall*k, 10*k, 10*k
	}
	look.Put(v.tile, v.X+pad, v.cy()-tile/2, tile, tile)
	in := tile * 0.62
	look.Put(v.icon, v.X+pad+(tile-in)/2, v.cy()-in/2, in, in)
	x := v.X + pad + tile + gap
	look.PutText(v.name, x, v.cy()-11*k)
	look.PutText(v.sub, x, v.cy()+11*k)
}

// hostLook is what a card shows of the scene.
type hostLook struct {
	colour     color.NRGBA
	acting     bool     // edged amber
	touched    bool     // took part so far
	uninvolved bool     // never takes part
	faults     []string // types of what is out of order here
	dark       bool     // it is gone
	gear       bool     // a setting of it is changed in this step
	state      stage.HostState
}

// same tells whether two look alike.
func (h *hostLook) same(o *hostLook) bool {
	return h.colour == o.colour && h.acting == o.acting && h.touched == o.touched && h.uninvolved == o.uninvolved &&
		h.gear == o.gear && h.dark == o.dark && h.state == o.state && slices.Equal(h.faults, o.faults)
}

// paint gives the card the colours of the palette and the scene's numbers. A
// card lives as long as the palette and the language do.
func (v *cardView) paint(h hostLook, lang words.Lang) {
	if v.painted != nil && v.painted.same(&h) {
		return
	}
	v.painted = &h
	p := look.P()
	v.frame.FillColor = p.Card
	v.frame.StrokeColor = h.colour
	v.name.Color, v.sub.Color = p.Text, p.Muted
	mark := h.colour
	switch {
	case h.acting:
		v.frame.StrokeColor, v.frame.FillColor = p.Now, p.Selection
	case h.uninvolved:
		v.frame.StrokeColor, mark = look.Mix(p.Card, h.colour, 0.45), p.Disabled
		v.name.Color = p.Muted
	case !h.touched:
		v.frame.StrokeColor = look.Mix(p.Card, h.colour, 0.6)
	}
	v.tile.FillColor = p.Tint(mark)
	v.icon.Resource = look.IconOn(iconOf(v.Host.Kind), mark, p.Tint(mark))
	v.trouble(h, lang)
	v.badges(h.state, len(h.faults) > 0, lang)
	for _, o := range v.objects() {
		o.Refresh()
	}
}

// trouble says in the card's second row what is out of order there, and
// crosses out a host that is down.
func (v *cardView) trouble(h hostLook, lang words.Lang) {
	p, k := look.P(), v.k
	x := v.name.Position().X
	v.faultIcon.Hide()
	v.strike.Hide()
	v.gear.Hide()
	v.sub.Text, v.sub.TextStyle.Monospace = v.Sub, v.MonoSub
	if n := len(h.faults); n > 0 {
		kind := h.faults[n-1]
		icon, word := faultSign(kind, lang)
		if n > 1 {
			word += " +" + strconv.Itoa(n-1)
		}
		c := p.Class(faultClass(kind))
		v.sub.Text, v.sub.Color, v.sub.TextStyle.Monospace = word, c, false
		v.faultIcon.Resource = look.IconOn(icon, c, v.frame.FillColor)
		look.Put(v.faultIcon, x, v.cy()+3*k, 16*k, 16*k)
		v.faultIcon.Show()
		x += 20 * k
		if !h.acting {
			v.frame.StrokeColor = c
		}
		if h.dark {
			v.name.Color = p.Muted
			v.strike.StrokeColor = c
			at, size := v.tile.Position(), v.tile.Size()
			v.strike.Position1, v.strike.Position2 = at, at.Add(size)
			v.strike.Show()
		}
	}
	look.PutText(v.sub, x, v.cy()+11*k)
	switch {
	case h.gear && v.name.Position().X+v.name.MinSize().Width > v.right()-28*k: // no room beside the name
		v.icon.Resource = look.IconOn("gear", p.Text, v.tile.FillColor)
	case h.gear:
		v.gear.Resource = look.IconOn("gear", p.Text, v.frame.FillColor)
		look.Put(v.gear, v.right()-27*k, v.Y+5*k, 20*k, 20*k)
		v.gear.Show()
	}
}

// badges shows the queue and the letters held, in the lower right corner.
func (v *cardView) badges(s stage.HostState, trouble bool, lang words.Lang) {
	p, k := look.P(), v.k
	letters := s.Letters
	if v.Host.Kind != trace.Server {
		letters = s.Kept
	}
	x, y, left := v.right()-8*k, v.cy()+13*k, v.sub.Position().X+v.sub.Size().Width+6*k
	h := 20 * k // clear of the name's descenders
	show := func(on bool, o ...fyne.CanvasObject) {
		for _, c := range o {
			if on {
				c.Show()
			} else {
				c.Hide()
			}
		}
	}
	show(letters > 0, v.count, v.countIcon, v.countNum)
	if letters > 0 {
		v.countNum.Text, v.countNum.Color = strconv.Itoa(letters), p.Text
		w := v.countNum.MinSize().Width + (16+6+4)*k
		look.Put(v.count, x-w, y-h/2, w, h)
		v.count.FillColor = look.Mix(p.Card, p.Letter, 0.2)
		look.Put(v.countIcon, x-w+4*k, y-8*k, 16*k, 16*k)
		v.countIcon.Resource = look.IconOn("letter", p.Letter, look.Mix(p.Card, p.Letter, 0.2))
		look.PutText(v.countNum, x-w+21*k, y)
		x -= w + 5*k
	}
	show(true, v.sub)
	show(s.Queue > 0, v.queue, v.queueText)
	show(s.Queue > 0 && s.Wait > 0, v.queueIcon)
	if s.Queue > 0 {
		icon := float32(0)
		if s.Wait > 0 { // when it goes on is worth more than the address
			icon = 18 * k
			if !trouble {
				left = v.sub.Position().X
				v.sub.Hide()
			}
		}
		v.queueText.Color = p.Panel
		for _, text := range queueTexts(s, lang) {
			v.queueText.Text = text
			if x-v.queueText.MinSize().Width-16*k-icon >= left {
				break
			}
		}
		w := v.queueText.MinSize().Width + 16*k + icon
		look.Put(v.queue, x-w, y-h/2, w, h)
		v.queue.FillColor = p.SMTP
		v.queueIcon.Resource = look.IconOn("later", p.Panel, p.SMTP)
		look.Put(v.queueIcon, x-w+6*k, y-8*k, 16*k, 16*k)
		look.PutText(v.queueText, x-w+8*k+icon, y)
	}
}

// queueTexts is what a queue's badge may say, the longest text first: how many
// letters wait, and until when; at last their number alone, in the badge's
// shape.
func queueTexts(s stage.HostState, lang words.Lang) []string {
	number := strconv.Itoa(s.Queue)
	if s.Wait > 0 {
		return []string{words.Span(lang, "map.next", s.Wait, "Queue", s.Queue), words.Span(lang, "map.next.short", s.Wait, "Queue", s.Queue), number}
	}
	return []string{words.N(lang, "map.queue", s.Queue), number}
}

func iconOf(k trace.HostKind) string {
	switch k {
	case trace.Server, trace.DNS, trace.Laptop, trace.Phone, trace.Browser, trace.Foreign:
		return string(k)
	}
	return "server"
}
