package timeline

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/explain"
	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// newView is a view of the lesson of MX, 1000×260.
func newView(t *testing.T, chosen *int) (*View, *stage.Show) {
	t.Helper()
	test.NewTempApp(t)
	v := New(func(step int) { *chosen = step })
	s := stage.New(stagetest.MX())
	v.SetShow(s, words.RU)
	v.Resize(fyne.NewSize(1000, 260))
	return v, s
}

// texts are the texts on the screen.
func texts(v *View) string {
	var s []string
	for _, o := range v.pool.Objects() {
		if t, ok := o.(*canvas.Text); ok && t.Visible() {
			s = append(s, t.Text)
		}
	}
	return strings.Join(s, "|")
}

func TestLabels(t *testing.T) {
	var chosen int
	v, s := newView(t, &chosen)
	v.SetStep(s.Chapters()[2].Step, 1)
	all := texts(v)
	for _, want := range []string{"587|Анна → mail", "53|mail → ns", "25|mail → mx1", "110|Илон → mx1", "15|мин", "1 Анна сдаёт", "3 Передача", "0 с"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
}

func TestFrameGoesThereAndBack(t *testing.T) {
	var chosen int
	v, _ := newView(t, &chosen)
	f := v.frame
	x := f.x(f.axis.Len() / 3)
	was := f.pos(x)
	f.zoom(4, x)
	if got := f.pos(x); got-was > 1 || was-got > 1 {
		t.Errorf("zoom moved what is at the cursor from %v to %v", was, got)
	}
	f.pan(30)
	if got := f.x(was); got < x+29 || got > x+31 {
		t.Errorf("pan by 30 moved %v to %v", x, got)
	}
	f.zoom(1e-9, x)
	if f.to-f.from > 1.05*f.axis.Len() {
		t.Errorf("zoomed out to %v of %v", f.to-f.from, f.axis.Len())
	}
	f.zoom(1e30, x)
	if !(f.to > f.from) {
		t.Errorf("zoomed in to %v..%v", f.from, f.to)
	}
}

func TestTicks(t *testing.T) {
	var chosen int
	v, _ := newView(t, &chosen)
	for range 12 {
		last := float32(-1000)
		for _, tick := range placeTicks(&v.frame, words.EN) {
			if tick.x-last < tickGap-0.5 {
				t.Errorf("ticks at %v and %v", last, tick.x)
			}
			last = tick.x
		}
		v.frame.zoom(3, 400)
	}
	for _, tt := range []struct {
		at, spacing time.Duration
		want        string
	}{
		{380 * time.Millisecond, 20 * time.Millisecond, "0,38"},
		{2 * time.Second, time.Second, "2"},
		{15 * time.Minute, 15 * time.Minute, "15:00"},
		{15*time.Minute + 2*time.Second, 500 * time.Millisecond, "15:02,0"},
		{time.Hour + 3*time.Second, time.Second, "1:00:03"},
	} {
		if got := tickText(words.RU, tt.at, tt.spacing, false); got != tt.want {
			t.Errorf("%v is written %q, want %q", tt.at, got, tt.want)
		}
	}
}

func TestChoosing(t *testing.T) {
	var chosen int
	v, s := newView(t, &chosen)
	for _, step := range []int{3, 20, s.Len() - 3} {
		c := s.Lane(step)
		for i, l := range v.lanes {
			if l.conn == c {
				v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(v.frame.timeX(s.Time(step))+1, chapterRow+float32(i)*v.frame.pitch()+10)})
			}
		}
		if chosen != step {
			t.Errorf("a tap on step %d chose %d", step, chosen)
		}
	}
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(v.frame.timeX(s.Time(s.Chapters()[1].Step))+4, 10)})
	if chosen != s.Chapters()[1].Step {
		t.Errorf("a tap on a chapter chose %d", chosen)
	}
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(v.frame.timeX(s.Time(9)), 100)}})
	v.DragEnd()
	if chosen != 9 {
		t.Errorf("a drag to step 9 chose %d", chosen)
	}
}

func TestLanesShrinkThenScrollWhole(t *testing.T) {
	for _, tt := range []struct {
		height      float32 // of all lanes
		count       int
		pitch       float32
		shown, last float32 // scroll that shows lane 1, and the last lane
	}{
		{200, 3, laneHeight, 0, 0},
		{72, 3, leastLane, 0, 0},
		{84, 3, 28, 0, 0},
		{72, 5, leastLane, 0, 2 * leastLane},
		{60, 5, leastLane, 0, 3 * leastLane},
		{10, 5, leastLane, leastLane, 4 * leastLane},
	} {
		f := frame{size: fyne.NewSize(600, tt.height+chapterRow+rulerRow), count: tt.count}
		f.reveal(1)
		shown := f.scroll
		f.reveal(tt.count - 1)
		if f.pitch() != tt.pitch || shown != tt.shown || f.scroll != tt.last {
			t.Errorf("%d lanes in %v: pitch %v, scrolled to %v and %v; want %v, %v, %v",
				tt.count, tt.height, f.pitch(), shown, f.scroll, tt.pitch, tt.shown, tt.last)
		}
	}
}

func TestLaneNamesTellHostsApart(t *testing.T) {
	w := trace.World{Hosts: []trace.Host{
		{Name: "mail.romashka.example", Domain: "romashka.example", Kind: trace.Server},
		{Name: "mail.kollegi.example", Domain: "kollegi.example", Kind: trace.Server},
		{Name: "mx1.rocket.example", Domain: "rocket.example", Kind: trace.Server},
		{Name: "mx2.rocket.example", Domain: "rocket.example", Kind: trace.Server},
		{Name: "anna-laptop.romashka.example", Domain: "romashka.example", Kind: trace.Laptop, Title: trace.Words{"en": "Anna"}},
		{Name: "boris-laptop.romashka.example", Domain: "romashka.example", Kind: trace.Laptop, Title: trace.Words{"en": "Boris"}},
		{Name: "boris-phone.romashka.example", Domain: "romashka.example", Kind: trace.Phone, Title: trace.Words{"en": "Boris"}},
	}}
	want := map[string]string{
		"mail.romashka.example": "romashka", "mail.kollegi.example": "kollegi",
		"mx1.rocket.example": "mx1", "mx2.rocket.example": "mx2",
		"anna-laptop.romashka.example":  "Anna",
		"boris-laptop.romashka.example": "Boris, laptop", "boris-phone.romashka.example": "Boris, phone",
	}
	if got := laneNames(words.EN, w); !maps.Equal(got, want) {
		t.Errorf("lanes call them %q, want %q", got, want)
	}
}

func TestHoverTellsOfTheMark(t *testing.T) {
	var chosen int
	v, s := newView(t, &chosen)
	for _, step := range []int{3, 20, s.Len() - 3} {
		y := v.laneTop(step) + 10
		v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(v.frame.timeX(s.Time(step))+1, y)}})
		want, _ := explain.Label(words.RU, s.Recording().Header.World, s.Event(step))
		if v.hovered != step || !strings.Contains(texts(v), look.Fit(want, 14, 460, look.Mono)) {
			t.Errorf("over step %d it tells of %d: %q", step, v.hovered, texts(v))
		}
		box := v.hoverBox(300, 48)
		if lane := v.laneTop(step); box.X < 0 || box.X+300 > v.frame.size.Width || box.Y < lane+v.frame.pitch() && box.Y+48 > lane {
			t.Errorf("the card of step %d covers its lane or leaves the view: %v", step, box)
		}
	}
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 60)}})
	if v.hovered != 0 {
		t.Errorf("over a label it tells of step %d", v.hovered)
	}
}

func TestEncryptedLinesAreUnderlined(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Session(stagetest.Mail, stagetest.MX1, "smtp", 25, stagetest.Relay)
	from := b.Trace.Len() / 2
	sealed := trace.New()
	for seq := 1; seq <= b.Trace.Len(); seq++ {
		e := *b.Trace.At(seq)
		if line, ok := e.Body.(*trace.Line); ok && seq >= from {
			one := *line
			one.Encrypted = true
			e.Body = &one
		}
		sealed.Append(e, nil)
	}
	count := func(tr *trace.Trace) (green int) {
		s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: tr})
		p := newPicture(s)
		p.now = s.Len()
		img := image.NewRGBA(image.Rect(0, 0, 800, 60))
		p.paint(img, 1)
		for x := range 800 {
			if img.At(x, laneHeight-laneGap-1) == color.Color(color.RGBA(look.P().OK)) {
				green++
			}
		}
		return green
	}
	if clear, some := count(b.Trace), count(sealed); clear != 0 || some < 100 || some > 700 {
		t.Errorf("%d pixels underlined in clear, %d when the second half is encrypted", clear, some)
	}
}

func TestPlayheadStaysInView(t *testing.T) {
	var chosen int
	v, s := newView(t, &chosen)
	v.frame.zoom(10, 300)
	for step := 1; step <= s.Len(); step++ {
		v.SetStep(step, 1)
		if x := v.head.Position().X; !v.head.Visible() || x < labelWidth-2 || x > 1000 {
			t.Fatalf("at step %d the playhead is at %v", step, x)
		}
	}
}

// TestDraws checks with the software painter that marks of every colour appear.
func TestDraws(t *testing.T) {
	var chosen int
	v, s := newView(t, &chosen)
	v.SetStep(s.Len()-6, 1)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(v)
	c.Resize(fyne.NewSize(1000, 260))
	seen := make(map[color.NRGBA]int)
	img := c.Capture()
	for y := range img.Bounds().Dy() {
		for x := labelWidth; x < img.Bounds().Dx(); x++ {
			seen[color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)]++
		}
	}
	p := look.P()
	for name, want := range map[string]color.NRGBA{
		"submission": p.Submission, "smtp": p.SMTP, "dns": p.DNS, "pop3": p.POP3,
		"letter": p.Letter, "done": p.OK, "now": p.Now, "gap": p.Card, "later steps": look.Mix(p.Panel, p.POP3, 0.62),
	} {
		if seen[want] < 8 {
			t.Errorf("%s: %d pixels", name, seen[want])
		}
	}
}

func TestEmpty(t *testing.T) {
	test.NewTempApp(t)
	v := New(nil)
	v.Resize(fyne.NewSize(600, 200))
	v.Zoom(2)
	v.SetStep(3, 0.5)
	v.SetShow(stage.New(trace.Recording{Trace: trace.New()}), words.EN)
	v.Zoom(2)
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(300, 60)})
	v.draw(400, 100)
}

func TestGrows(t *testing.T) {
	test.NewTempApp(t)
	b := stagetest.NewBuilder()
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	v := New(nil)
	v.Resize(fyne.NewSize(600, 200))
	v.SetShow(s, words.EN)
	for range 3 {
		b.Session(stagetest.Mail, stagetest.MX1, "smtp", 25, stagetest.Relay)
		s.Sync()
		v.Sync()
	}
	n := 0
	for _, l := range v.lanes {
		n += len(l.marks)
	}
	if n != s.Len() || len(v.lanes) != 3 {
		t.Errorf("%d marks in %d lanes for %d steps", n, len(v.lanes), s.Len())
	}
}

// TestLastChapter: what was tried last fills the view; the whole comes back.
func TestLastChapter(t *testing.T) {
	test.NewTempApp(t)
	b := stagetest.NewBuilder()
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	v := New(nil)
	v.Resize(fyne.NewSize(600, 200))
	v.SetShow(s, words.EN)
	for range 3 {
		b.Add(trace.Event{Body: &trace.Note{Chapter: true, Text: trace.Words{"en": "Letter"}}})
		b.Session(stagetest.Mail, stagetest.MX1, "smtp", 25, stagetest.Relay)
	}
	s.Sync()
	v.Sync()
	v.LastChapter()
	start := v.frame.timeX(s.Time(s.Chapters()[2].Step))
	if end := v.frame.x(v.frame.axis.Len()); start < labelWidth || start > labelWidth+20 || end > 600 || end < 560 {
		t.Errorf("the last chapter is from %v to %v", start, end)
	}
	for range 5 { // more than there is room for
		b.Session(stagetest.Mail, stagetest.MX1, "smtp", 25, stagetest.Relay)
	}
	b.Add(trace.Event{From: stagetest.Anna, Body: &trace.Device{Action: "send"}})
	s.Sync()
	v.Sync()
	v.SetStep(1, 1)
	v.SetStep(s.Len(), 1)
	if y := v.laneTop(s.Len() - 1); v.laneOf(s.Len()) >= 0 || y < 0 || y > v.frame.size.Height-rulerRow {
		t.Errorf("at a step without a lane, the lane before it is at %v", y)
	}
	v.All()
	if x := v.frame.timeX(s.Time(1)); x < labelWidth {
		t.Errorf("of all, the first step is at %v", x)
	}
}

func BenchmarkPaint(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		s := stage.New(stagetest.Long(n))
		many := newPicture(s)
		few := newPicture(s)
		few.lanes = nil
		for i := range 8 {
			few.lanes = append(few.lanes, dealt(s, i, 8))
		}
		one := newPicture(s)
		one.lanes = []*lane{dealt(s, 0, 1)}
		for name, p := range map[string]picture{"lanes": many, "busy": few, "one": one} {
			for _, zoom := range []float64{1, 100, 10_000} {
				b.Run(fmt.Sprintf("%s/%d/x%g", name, n, zoom), func(b *testing.B) {
					p := p
					p.all()
					p.zoom(zoom, 640)
					img := image.NewRGBA(image.Rect(0, 0, 1280, 300))
					for b.Loop() {
						p.paint(img, 1)
					}
				})
			}
		}
	}
}

func newPicture(s *stage.Show) picture {
	p := picture{now: s.Len() / 2, look: look.P(), stamps: stamps{}}
	p.axis, p.size = s.Axis(), fyne.NewSize(1280+labelWidth+rightMargin, 300+chapterRow+rulerRow)
	p.all()
	for _, c := range s.Conns() {
		l := &lane{conn: c}
		l.sync(s)
		p.lanes = append(p.lanes, l)
	}
	return p
}

// dealt is lane i of n, which share all steps evenly.
func dealt(s *stage.Show, i, n int) *lane {
	c := *s.Conns()[0]
	c.Steps = nil
	for step := 1 + i; step <= s.Len(); step += n {
		c.Steps = append(c.Steps, step)
	}
	l := &lane{conn: &c}
	l.sync(s)
	return l
}

// Every squeezed wait in view is drawn, and all of them alike: a line where a
// band has no room.
func TestGapsAreAlike(t *testing.T) {
	b := stagetest.NewBuilder()
	for range 12 {
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Queue{Action: "accepted"}})
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Queue{Action: "delivered"}})
		b.Wait(24 * time.Hour)
	}
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for _, w := range []int{120, 200, 333, 500, 801} {
		img := image.NewRGBA(image.Rect(0, 0, w, 4))
		p := picture{frame: frame{size: fyne.NewSize(labelWidth+rightMargin+float32(w), 200), axis: s.Axis()}, look: look.P(), stamps: stamps{}}
		p.all()
		p.paint(img, 1)
		torn := map[int]int{} // by number of the gap: pixels of its edges in a row of the picture
		for x := range w {
			c := img.RGBAAt(x, 3)
			for i, g := range s.Axis().Gaps() {
				at := p.from + (float64(x)+0.5)/float64(w)*(p.to-p.from)
				margin := 4 / float64(w) * (p.to - p.from)
				if at > g.Pos0-margin && at < g.Pos1+margin && (c == color.RGBA{look.P().Muted.R, look.P().Muted.G, look.P().Muted.B, 255}) {
					torn[i]++
					break
				}
			}
		}
		if n := len(torn); n != 0 && n != len(s.Axis().Gaps()) {
			t.Errorf("%d wide: %d of %d waits are drawn", w, n, len(s.Axis().Gaps()))
		}
		if w > 300 && len(torn) == 0 {
			t.Errorf("%d wide: no wait is drawn", w)
		}
	}
}
