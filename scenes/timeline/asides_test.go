package timeline

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// TestFaultsHaveALane with the settings that are changed; one that strikes a
// connection is in the connection's.
func TestFaultsHaveALane(t *testing.T) {
	test.NewTempApp(t)
	b := stagetest.NewBuilder()
	fault := func(action string, conn int) int {
		return b.Add(trace.Event{From: stagetest.Mail, To: stagetest.MX1, Conn: conn, Body: &trace.Fault{Action: action, Type: "cut", Name: "cut"}})
	}
	on := fault("on", 0)
	b.Session(stagetest.Mail, stagetest.MX1, "smtp", 25, "S: 220 hello")
	struck := fault("struck", 1)
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	v := New(nil)
	v.SetShow(s, words.RU)
	v.Resize(fyne.NewSize(1000, 260))
	if !strings.Contains(texts(v), "сбои") || strings.Contains(texts(v), "настройки") {
		t.Errorf("no label in %s", texts(v))
	}
	change := b.Add(trace.Event{From: stagetest.Mail, Body: &trace.Change{Domain: "romashka.example", Key: "spf"}})
	off := fault("off", 0)
	s.Sync()
	v.Sync()
	if len(v.lanes) != 2 || v.lanes[0].conn.Service != asidesService || !strings.Contains(texts(v), "сбои и настройки") {
		t.Fatalf("%d lanes: %s", len(v.lanes), texts(v))
	}
	for seq, lane := range map[int]int{on: 0, struck: 1, change: 0, off: 0} {
		if got := v.laneOf(s.Step(seq)); got != lane {
			t.Errorf("event %d is in lane %d, want %d", seq, got, lane)
		}
	}
	var kinds []kind
	for _, m := range v.lanes[0].marks {
		kinds = append(kinds, m.kind)
	}
	if last := v.lanes[1].marks[len(v.lanes[1].marks)-1]; last.kind != bolt || !slices.Equal(kinds, []kind{bolt, gear, verdict}) {
		t.Errorf("marks %v, and %v", kinds, last.kind)
	}
}

// TestBoltAndGear look like nothing else on the timeline.
func TestBoltAndGear(t *testing.T) {
	seen := map[string]bool{}
	draw := func(f func(b *brush)) {
		img := image.NewRGBA(image.Rect(0, 0, 17, 17))
		f(&brush{dst: img, stamps: stamps{}})
		if seen[string(img.Pix)] {
			t.Error("two shapes look the same")
		}
		seen[string(img.Pix)] = true
	}
	c := color.NRGBA{R: 255, A: 255}
	draw(func(*brush) {})
	draw(func(b *brush) { b.bolt(8, 8, 8, c) })
	draw(func(b *brush) { b.gear(8, 8, 8, c) })
	for _, class := range []look.Class{look.ClassNone, look.GoOn, look.Later, look.Refusal} {
		draw(func(b *brush) { b.shape(class, 8, 8, 8, c) })
		if class != look.GoOn {
			draw(func(b *brush) { b.sign(class, 8, 8, 8, c) })
		}
	}
}
