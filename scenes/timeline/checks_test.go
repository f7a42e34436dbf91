package timeline

import (
	"image"
	"image/color"
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

// judged is a letter that is judged on its way, and a letter that is not.
func judged() (*stagetest.Builder, *stage.Show) {
	b := stagetest.NewBuilder()
	b.Letter = "L1"
	b.Session(stagetest.Mail, stagetest.MX1, "smtp", 25, "S: 220 hello\nC: MAIL FROM:<a@romashka.example>\nS: 250 ok")
	for _, r := range []string{"pass", "fail", "none", "wait"} {
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "spf", Result: r}})
	}
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Store{Action: "add", Folder: "Junk"}})
	b.Letter = "L2"
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Store{Action: "add", Folder: "INBOX"}})
	b.Session(stagetest.Ilon, stagetest.MX1, "pop3", 110, "S: +OK hello\nC: QUIT\nS: +OK bye")
	return b, stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
}

// Checks have a lane after those that began before; so has a letter that was
// judged, where it is put away. It grows with the recording.
func TestChecksHaveALane(t *testing.T) {
	test.NewTempApp(t)
	b, s := judged()
	v := New(nil)
	v.SetShow(s, words.RU)
	v.Resize(fyne.NewSize(1000, 260))
	kinds := func() (list []kind) {
		for _, m := range v.lanes[1].marks {
			list = append(list, m.kind)
		}
		return list
	}
	if len(v.lanes) != 3 || v.lanes[1].conn.Service != checksService || v.lanes[2].conn.Service != "pop3" {
		t.Fatalf("%d lanes", len(v.lanes))
	}
	if got := kinds(); len(got) != 5 || got[0] != verdict || got[4] != stored {
		t.Errorf("marks %v", got)
	}
	if !strings.Contains(texts(v), "проверки") {
		t.Errorf("no label in %s", texts(v))
	}
	step := v.lanes[1].conn.Steps[1]
	if v.laneOf(step) != 1 || v.under(fyne.NewPos(v.frame.timeX(s.Time(step)), v.laneTop(step)+10)) != step {
		t.Errorf("step %d is not found in its lane", step)
	}
	b.Letter = "L1"
	b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Verdict{Check: "filter", Result: "deliver"}})
	s.Sync()
	v.Sync()
	if len(v.lanes) != 3 || len(v.lanes[1].marks) != 6 {
		t.Errorf("%d lanes; marks %v", len(v.lanes), kinds())
	}
	v.SetShow(stage.New(stagetest.MX()), words.RU)
	for _, l := range v.lanes {
		if l.conn.Service == checksService {
			t.Error("a recording without checks has a lane for them")
		}
	}
}

// Connections keep their room: what has no room is scrolled to, and the lane of
// a step is in view.
func TestChecksTakeNoRoom(t *testing.T) {
	test.NewTempApp(t)
	_, s := judged()
	v := New(nil)
	v.SetShow(s, words.EN)
	v.Resize(fyne.NewSize(600, chapterRow+rulerRow+2*leastLane))
	for step := 1; step <= s.Len(); step++ {
		v.SetStep(step, 1)
		if i := v.laneOf(step); i >= 0 {
			if top := v.laneTop(step); top < chapterRow || top+leastLane > v.frame.size.Height-rulerRow+1 {
				t.Errorf("step %d: its lane is at %v", step, top)
			}
		}
	}
	if v.frame.pitch() != leastLane {
		t.Errorf("lanes are %v high", v.frame.pitch())
	}
}

// Every result has a shape of its own, whatever its colour.
func TestSignsDiffer(t *testing.T) {
	seen := map[string]look.Class{}
	for _, class := range []look.Class{look.ClassNone, look.Done, look.Later, look.Refusal} {
		img := image.NewRGBA(image.Rect(0, 0, 15, 15))
		b := brush{dst: img, stamps: stamps{}}
		b.sign(class, 7, 7, 7, color.NRGBA{A: 255, R: 255})
		if was, same := seen[string(img.Pix)]; same {
			t.Errorf("classes %v and %v look the same", was, class)
		}
		seen[string(img.Pix)] = class
	}
}
