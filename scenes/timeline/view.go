// Package timeline shows a recording as lanes over simulated time: a lane for
// each connection, a mark for each event, chapters above, a ruler below.
package timeline

import (
	"image"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
)

// View is the timeline. All of its methods belong to the goroutine of the user
// interface.
type View struct {
	widget.BaseWidget

	onSelect func(step int)
	show     *stage.Show
	lang     words.Lang
	lanes    []*lane // in order of their first step
	conns    int     // lanes that are connections
	checks   checks
	asides   asides
	names    map[string]string // of hosts, in lanes' labels
	frame    frame
	fitted   bool // the whole axis is shown, also when it grows
	step     int
	hovered  int // the step under the pointer, 0 if none
	frac     float64
	drag     dragging
	image    *image.RGBA
	raster   *canvas.Raster
	head     *canvas.Rectangle // the playhead
	chip     *canvas.Rectangle
	chipText *canvas.Text
	pool     pool.Pool
	stamps   stamps
}

// dragging is what a drag moves.
type dragging int

const (
	nothing dragging = iota
	playhead
	axis
)

// New makes an empty timeline; onSelect is told which step a person chose.
func New(onSelect func(step int)) *View {
	v := &View{onSelect: onSelect, lang: words.EN, fitted: true, stamps: stamps{}}
	v.raster = canvas.NewRaster(v.draw)
	v.head = canvas.NewRectangle(look.P().Now)
	v.chip = canvas.NewRectangle(look.P().Now)
	v.chip.CornerRadius = 6
	v.chipText = look.Text("", 14, look.P().Ink, look.Mono)
	v.ExtendBaseWidget(v)
	return v
}

// SetShow shows another recording, or the same in another language.
func (v *View) SetShow(s *stage.Show, l words.Lang) {
	if v.show != s {
		v.show, v.lanes, v.step, v.hovered, v.frac, v.fitted = s, nil, 0, 0, 1, true
		v.conns, v.checks, v.asides = 0, checks{}, asides{}
		v.frame.scroll = 0
	}
	v.lang = l
	v.names = nil
	if s != nil {
		v.names = laneNames(l, s.Recording().Header.World)
	}
	v.Sync()
}

// Sync takes in what the show has got since.
func (v *View) Sync() {
	if v.show == nil {
		return
	}
	for _, c := range v.show.Conns()[v.conns:] {
		v.lanes = append(v.lanes, &lane{conn: c})
		v.conns++
	}
	checks, asides := v.checks.sync(v.show), v.asides.sync(v.show)
	if checks {
		v.lanes = append(v.lanes, &lane{conn: v.checks.conn})
	}
	if asides {
		v.lanes = append(v.lanes, &lane{conn: v.asides.conn})
	}
	if checks || asides {
		slices.SortStableFunc(v.lanes, func(a, b *lane) int { return a.conn.First - b.conn.First })
	}
	for _, l := range v.lanes {
		if len(l.marks) < len(l.conn.Steps) {
			l.sync(v.show)
		}
	}
	v.frame.axis, v.frame.count = v.show.Axis(), len(v.lanes)
	if v.fitted {
		v.frame.all()
	}
	v.Refresh()
}

// SetStep moves the playhead to a step; frac is how much of its beat is over.
func (v *View) SetStep(step int, frac float64) {
	if v.show == nil {
		return
	}
	moved := step != v.step
	v.step, v.frac = step, frac
	if !moved {
		v.placeHead()
		return
	}
	if v.drag == nothing {
		v.frame.show(v.headPos())
		v.showLane()
	}
	v.Refresh()
}

// Zoom shows 1/f as much of the axis round the playhead.
func (v *View) Zoom(f float64) {
	if v.show == nil {
		return
	}
	x := v.frame.x(v.headPos())
	if x < labelWidth || x > v.frame.size.Width {
		x = labelWidth + v.frame.width()/2
	}
	v.zoom(f, x)
}

func (v *View) zoom(f float64, x float32) {
	v.fitted = false
	v.frame.zoom(f, x)
	v.Refresh()
}

// All shows the whole recording.
func (v *View) All() {
	v.fitted = true
	if v.show != nil {
		v.frame.all()
		v.Refresh()
	}
}

// LastChapter shows what has happened since the last chapter began.
func (v *View) LastChapter() {
	if v.show == nil {
		return
	}
	chapters := v.show.Chapters()
	for len(chapters) > 0 && chapters[len(chapters)-1].Step > v.show.Len() {
		chapters = chapters[:len(chapters)-1]
	}
	if len(chapters) < 2 {
		v.All()
		return
	}
	v.fitted = false
	v.frame.part(v.frame.axis.Pos(v.show.Time(chapters[len(chapters)-1].Step)), v.frame.axis.Len())
	v.Refresh()
}

// headPos is where on the axis the playhead is: it goes from event to event.
func (v *View) headPos() float64 {
	a := v.frame.axis
	to := a.Pos(v.show.Time(v.step))
	if v.step == 0 {
		return to
	}
	from := a.Pos(v.show.Time(v.step - 1))
	return from + (to-from)*v.frac
}

// showLane scrolls so that the lane of the current step is in view, or, if it
// has none, that of the step before it in its chapter, or of the one after it.
func (v *View) showLane() {
	const far = 100 // steps
	start := 1
	if c := v.show.Chapter(v.step); c >= 0 {
		start = v.show.Chapters()[c].Step
	}
	for step := v.step; step >= max(start, v.step-far); step-- {
		if i := v.laneOf(step); i >= 0 {
			v.frame.reveal(i)
			return
		}
	}
	for step := v.step + 1; step <= min(v.show.Len(), v.step+far); step++ {
		if i := v.laneOf(step); i >= 0 {
			v.frame.reveal(i)
			return
		}
	}
}

// laneOf is the number of a step's lane, -1 if it has none.
func (v *View) laneOf(step int) int {
	c := v.show.Lane(step)
	if e := v.show.Event(step); e != nil && aside(e) {
		c = v.asides.conn
	}
	if v.checks.has(v.show.Event(step)) {
		c = v.checks.conn
	}
	return slices.IndexFunc(v.lanes, func(l *lane) bool { return l.conn == c })
}

// laneTop is where the lane of a step begins.
func (v *View) laneTop(step int) float32 {
	return chapterRow + float32(v.laneOf(step))*v.frame.pitch() - v.frame.scroll
}

// laneAt is the lane at a height of the view, nil if there is none.
func (v *View) laneAt(y float32) *lane {
	i := int((y - chapterRow + v.frame.scroll) / v.frame.pitch())
	if y < chapterRow || y >= chapterRow+v.frame.height() || i >= len(v.lanes) {
		return nil
	}
	return v.lanes[i]
}

// draw paints the lanes' raster, w by h device pixels.
func (v *View) draw(w, h int) image.Image {
	if v.image == nil || v.image.Rect.Dx() != w || v.image.Rect.Dy() != h {
		v.image = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	p := picture{frame: v.frame, lanes: v.lanes, now: v.step, look: look.P(), stamps: v.stamps}
	if p.axis == nil {
		p.axis = &stage.Axis{}
		p.all()
	}
	p.paint(v.image, float64(w)/float64(v.frame.width()))
	return v.image
}

// CreateRenderer makes the widget's renderer.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return (*renderer)(v) }

type renderer View

func (r *renderer) Destroy() {}
func (r *renderer) MinSize() fyne.Size {
	return fyne.NewSize(labelWidth+160, chapterRow+rulerRow+laneHeight)
}
func (r *renderer) Objects() []fyne.CanvasObject { return r.pool.Objects() }

// Layout moves everything to a new size.
func (r *renderer) Layout(size fyne.Size) {
	v := (*View)(r)
	v.frame.size = size
	v.frame.clampScroll()
	if v.show != nil {
		v.showLane()
	}
	v.place()
}

// Refresh draws everything again.
func (r *renderer) Refresh() { (*View)(r).place() }

// place lays out all that is visible.
func (v *View) place() {
	p := &v.pool
	p.Begin()
	f := &v.frame
	look.Put(v.raster, labelWidth, chapterRow, f.width(), f.height())
	p.Add(v.raster)
	if v.show == nil || f.axis == nil {
		v.raster.Refresh()
		return
	}
	v.placeChapters()
	v.placeLabels()
	v.placeRuler()
	pal := look.P()
	v.head.FillColor, v.chip.FillColor, v.chipText.Color = pal.Now, pal.Now, pal.Ink
	p.Add(v.head)
	p.Add(v.chip)
	p.Add(v.chipText)
	v.placeHead()
	v.placeHover()
	v.raster.Refresh()
}

func (v *View) placeChapters() {
	pal, p := look.P(), &v.pool
	now := v.show.Chapter(max(v.step, 1))
	for _, b := range placeChapters(&v.frame, v.show) {
		fill, edge, style := pal.Card, pal.Muted, []look.Style(nil)
		if b.index == now {
			fill, edge, style = pal.Selection, pal.Now, []look.Style{look.Bold}
		}
		p.Rect(b.x, 2, b.width, 24, fill)
		p.Rect(b.x, 2, min(3, b.width), 24, edge)
		title := strconv.Itoa(b.index + 1)
		if b.width > 64 {
			title += " " + words.Pick(v.lang, v.show.Chapters()[b.index].Title)
		}
		if b.width > 64 || look.Width(title, 14, style...) <= b.width-10 {
			p.Text(look.Fit(title, 14, b.width-10, style...), 14, b.x+8, 14, pal.Text, style...)
		}
	}
}

func (v *View) placeLabels() {
	pal, p := look.P(), &v.pool
	for i := max(0, int(v.frame.scroll/v.frame.pitch())); i < len(v.lanes); i++ {
		y := chapterRow + float32(i)*v.frame.pitch() - v.frame.scroll
		if y+v.frame.pitch()-laneGap > chapterRow+v.frame.height()+1 {
			break
		}
		if y < chapterRow-1 {
			continue
		}
		c := v.lanes[i].conn
		mid := y + (v.frame.pitch()-laneGap)/2
		if c.Service == checksService {
			p.Rect(0, mid-6, 12, 12, pal.Text).CornerRadius = 3
			p.Text(words.T(v.lang, "timeline.checks"), 14, 20, mid, pal.Text)
			continue
		}
		if c.Service == asidesService {
			p.Rect(0, mid-6, 12, 12, pal.Refused).CornerRadius = 3
			p.Text(words.T(v.lang, v.asides.name()), 14, 20, mid, pal.Text)
			continue
		}
		p.Rect(0, mid-6, 12, 12, pal.Service(c.Service)).CornerRadius = 3
		p.Text(strconv.Itoa(c.Port), 14, 20, mid, pal.Service(c.Service), look.Mono)
		names := words.T(v.lang, "timeline.lane", "From", v.name(c.From), "To", v.name(c.To))
		p.Text(look.Fit(names, 14, labelWidth-64), 14, 58, mid, pal.Text)
	}
}

// name is how a lane's label calls a host.
func (v *View) name(host string) string {
	if n := v.names[host]; n != "" {
		return n
	}
	return explain.Name(v.lang, v.show.Recording().Header.World, host)
}

func (v *View) placeRuler() {
	pal, p, f := look.P(), &v.pool, &v.frame
	bottom := chapterRow + f.height()
	for _, g := range placeGaps(f, v.lang) {
		mid := chapterRow + f.height()/2
		n, unit, ok := strings.Cut(g.text, " ")
		if !ok {
			continue
		}
		x := (g.x0 + g.x1) / 2
		p.Text(n, 14, x-look.Width(n, 14, look.Bold)/2, mid-9, pal.Text, look.Bold)
		p.Text(unit, 13, x-look.Width(unit, 13)/2, mid+9, pal.Muted)
	}
	chip := v.chipBox()
	for _, t := range placeTicks(f, v.lang) {
		p.Rect(t.x, bottom, 1, 5, pal.Muted)
		if w := look.Width(t.text, 13); t.x+w <= f.size.Width && (t.x+w < chip.x0-4 || t.x > chip.x1+4) {
			p.Text(t.text, 13, t.x, bottom+16, pal.Muted)
		}
	}
}

// chipBox is where the playhead's chip stands, kept inside the view.
func (v *View) chipBox() gapBox {
	s := Clock(v.lang, v.show.Time(v.step))
	w := look.Width(s, 14, look.Mono) + 16
	x := v.frame.x(v.headPos())
	x0 := min(max(x-w/2, 0), max(0, v.frame.size.Width-w))
	return gapBox{x0, x0 + w, s}
}

// placeHead moves the playhead alone.
func (v *View) placeHead() {
	if v.show == nil || v.frame.axis == nil {
		return
	}
	x := v.frame.x(v.headPos())
	bottom := chapterRow + v.frame.height()
	if x < labelWidth-1 || x > v.frame.size.Width {
		v.head.Hide()
		v.chip.Hide()
		v.chipText.Hide()
		return
	}
	v.head.Show()
	v.chip.Show()
	v.chipText.Show()
	look.Put(v.head, x-1, 26, 2, bottom-24)
	b := v.chipBox()
	look.Put(v.chip, b.x0, bottom+3, b.x1-b.x0, 24)
	v.chipText.Text = b.text
	look.PutText(v.chipText, b.x0+8, bottom+15)
}
