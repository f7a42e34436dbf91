//go:build cgo || ci

package window

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// options are those of a window with two units and nothing behind it.
func options() Options {
	lesson := func(unit, n int, name, en, ru string) LessonInfo {
		return LessonInfo{Name: name, Number: n, Unit: unit,
			Title:   trace.Words{"en": en, "ru": ru},
			Promise: trace.Words{"en": "Anna writes to her colleagues. Follow the letter to their mailboxes.", "ru": "Анна пишет коллегам. Проследи за письмом от её ноутбука до их ящиков."}}
	}
	return Options{
		Lang: "ru", Theme: "dark",
		Units: []trace.Words{{"en": "Sending", "ru": "Отправка"}, {"en": "Finding the way", "ru": "Найти дорогу"}},
		Lessons: []LessonInfo{
			lesson(1, 1, "first-letter", "First letter", "Первое письмо"),
			lesson(2, 7, "mx", "Who takes mail for rocket.example?", "Кто принимает почту для rocket.example?"),
		},
	}
}

// open makes a screen of the given size without a display.
func open(t *testing.T, o Options, w, h float32) (*Screen, test.WindowlessCanvas) {
	t.Helper()
	test.NewTempApp(t)
	c := software.NewCanvas()
	c.SetPadded(false)
	s := NewScreen(t.Context(), o, c)
	s.notice = func(func()) {} // no other goroutine draws: here nothing says which is the one that may
	t.Cleanup(func() { s.rest(); s.follow(nil); look.Use(look.DarkPalette) })
	c.Resize(fyne.NewSize(w, h))
	return s, c
}

// picture writes what the canvas shows into the folder that the variable
// MAILSCOPE_PICTURES names, if it is set: for looking at.
func picture(t *testing.T, c test.WindowlessCanvas, name string) {
	t.Helper()
	img := c.Capture()
	dir := os.Getenv("MAILSCOPE_PICTURES")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func TestScreenInEverySize(t *testing.T) {
	for _, c := range []struct {
		name, lang, theme string
		w, h              float32
		step              int
	}{
		{"ru-dark-1440", "ru", "dark", 1440, 900, 24},
		{"en-light-1600", "en", "light", 1600, 1000, 12},
		{"ru-light-1280", "ru", "light", 1280, 720, 30},
		{"en-dark-960", "en", "dark", 960, 600, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options()
			o.Lang, o.Theme, o.Try = c.lang, c.theme, bench
			s, cv := open(t, o, c.w, c.h)
			s.spawn = func(f func()) { f() }
			s.still = stage.New(stagetest.MX())
			s.rebuild()
			picture(t, cv, "welcome-"+c.name)
			s.Show(stagetest.MX(), "mx")
			s.move(func() { s.player.Seek(c.step) })
			picture(t, cv, "main-"+c.name)
			if img := cv.Capture(); !drawn(img, mapArea(s), look.P().Panel) {
				t.Error("the map is not drawn")
			}
			for i, tab := range s.tabs[1:] {
				s.setTab(i + 1)
				picture(t, cv, tab.key+"-"+c.name)
			}
			s.setTab(0)
			s.openCompose()
			picture(t, cv, "compose-"+c.name)
			s.closeOverlay()
			s.toggleSettings()
			picture(t, cv, "settings-"+c.name)
			s.toggleSettings()
			s.openHelp()
			picture(t, cv, "help-"+c.name)
		})
	}
}

func TestKeysMoveThePlayhead(t *testing.T) {
	s, _ := open(t, options(), 1280, 720)
	s.Show(stagetest.MX(), "mx")
	n := s.show.Len()
	for _, c := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyEnd, n}, {fyne.KeyLeft, n - 1}, {fyne.KeyHome, 0}, {fyne.KeyRight, 1}, {fyne.KeyRight, 2},
		{fyne.KeyPageUp, 1},
	} {
		s.key(c.key)
		if s.player.Step != c.want {
			t.Fatalf("after %s at step %d, want %d", c.key, s.player.Step, c.want)
		}
	}
	s.key(fyne.KeySpace)
	if !s.player.Playing {
		t.Error("space does not play")
	}
	s.key(fyne.KeyUp)
	if s.player.Speed != 4 {
		t.Errorf("speed %v after Up", s.player.Speed)
	}
}

// progress is what is remembered of the lessons.
type progress map[string]bool

func (p progress) Done(lesson string) bool { return p[lesson] }
func (p progress) SetDone(lesson string)   { p[lesson] = true }

func TestOnlyALessonThatHeldIsDone(t *testing.T) {
	o := options()
	remembered := progress{"first-letter": true}
	o.Progress = remembered
	s, _ := open(t, o, 1280, 720)
	if !s.done["first-letter"] || s.done["mx"] {
		t.Errorf("done at the start: %v", s.done)
	}
	s.Show(stagetest.MX(), "mx")
	s.seek(s.show.Len())
	if s.done["mx"] || remembered["mx"] {
		t.Error("a lesson that did not hold has a tick")
	}
	s.Show(stagetest.MX(), "mx")
	s.held = true
	s.seek(s.show.Len())
	if !s.done["mx"] || !remembered["mx"] {
		t.Error("a lesson that held was not remembered")
	}
}

func TestPlayGoesToTheEndAndRests(t *testing.T) {
	s, _ := open(t, options(), 1280, 720)
	s.Show(stagetest.MX(), "mx")
	s.held = true
	s.setSpeed(len(speeds) - 1)
	s.togglePlay()
	now := time.Now()
	s.pulse.last = now
	for range 10000 {
		now = now.Add(16 * time.Millisecond)
		s.tick(now)
		if !s.player.Playing && s.pulse.an == nil {
			break
		}
	}
	if s.player.Step != s.show.Len() {
		t.Errorf("rests at step %d of %d", s.player.Step, s.show.Len())
	}
	if !s.done["mx"] {
		t.Error("a lesson seen to its end has no tick")
	}
}

func TestLanguageAndThemeKeepThePlace(t *testing.T) {
	s, _ := open(t, options(), 1280, 720)
	s.Show(stagetest.MX(), "mx")
	s.seek(9)
	s.rune('д')
	s.rune('t')
	if s.lang != words.EN || look.P().Dark {
		t.Errorf("language %s, dark %v", s.lang, look.P().Dark)
	}
	if s.player.Step != 9 || s.top.title != "Who takes mail for rocket.example?" {
		t.Errorf("at step %d under %q", s.player.Step, s.top.title)
	}
}

func TestEveryStepIsDrawn(t *testing.T) {
	s, _ := open(t, options(), 1280, 720)
	for name, rec := range map[string]trace.Recording{"mx": stagetest.MX()} {
		s.Show(rec, name)
		for step := range s.show.Len() + 1 {
			s.seek(step)
		}
	}
}

func TestGrowingRecordingIsFollowed(t *testing.T) {
	s, _ := open(t, options(), 1280, 720)
	b := stagetest.NewBuilder()
	rec := trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace}
	s.watch(rec, 0)
	b.Add(trace.Event{From: stagetest.Anna, Body: &trace.Device{Action: "send"}})
	s.grow()
	if s.show.Len() != 1 || !s.player.Playing {
		t.Errorf("%d steps, playing %v", s.show.Len(), s.player.Playing)
	}
	s.move(s.player.Pause)
	b.Add(trace.Event{From: stagetest.Anna, Body: &trace.Device{Action: "sent"}})
	s.grow()
	if s.show.Len() != 2 || s.player.Playing {
		t.Errorf("%d steps, playing %v after a pause", s.show.Len(), s.player.Playing)
	}
}

// mapArea is where the map stands on a picture of scale 1.
func mapArea(s *Screen) image.Rectangle {
	at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.mapView), s.mapView.Size()
	return image.Rect(int(at.X), int(at.Y), int(at.X+size.Width), int(at.Y+size.Height))
}

func TestDrawn(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 60, 60))
	if drawn(img, img.Bounds(), color.RGBA{}) {
		t.Error("an empty picture shows something")
	}
	for x := range 60 {
		for y := range 6 {
			img.Set(x, y, color.White)
		}
	}
	if !drawn(img, img.Bounds(), color.RGBA{}) {
		t.Error("a picture with a bar shows nothing")
	}
}

// The list of lessons folds to the rail and unfolds again.
func TestLessonsFold(t *testing.T) {
	s, _ := open(t, options(), 1440, 900)
	s.Show(stagetest.MX(), "mx")
	if !s.lessonList.Visible() || s.rail.Visible() {
		t.Fatal("the list is not in sight")
	}
	test.Tap(foldButton(s).(fyne.Tappable))
	if s.lessonList.Visible() || !s.rail.Visible() {
		t.Error("the list does not fold")
	}
	s.setFold(foldList)
	if !s.lessonList.Visible() || s.rail.Visible() {
		t.Error("the list does not unfold")
	}
}
