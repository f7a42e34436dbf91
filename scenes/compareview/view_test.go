package compareview

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/compare"
	"mailscope/scenes/compare/comparetest"
	"mailscope/scenes/look"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
)

func shown(t testing.TB, w, h float32, l words.Lang) *View {
	t.Helper()
	test.NewTempApp(t)
	v := New(nil)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(v)
	c.Resize(fyne.NewSize(w, h))
	v.SetPair(compare.New(comparetest.Day()), l, "…")
	return v
}

// texts are those drawn, by what they say.
func (v *View) texts() map[string]*canvas.Text {
	found := make(map[string]*canvas.Text)
	for _, o := range v.pool.Objects() {
		if t, ok := o.(*canvas.Text); ok {
			found[t.Text] = t
		}
	}
	return found
}

// At every moment, in both languages, everything stays inside the view and is
// not too much.
func TestEveryMoment(t *testing.T) {
	for _, l := range words.Langs {
		for _, size := range [][2]float32{{936, 468}, {1256, 588}, {1416, 768}} {
			v := shown(t, size[0], size[1], l)
			for m := range v.pair.Len() + 1 {
				v.Set(m)
				if n := len(v.pool.Objects()); n > 500 {
					t.Fatalf("%d objects at moment %d", n, m)
				}
				for text, o := range v.texts() {
					if at, s := o.Position(), o.MinSize(); at.X < 0 || at.Y < 0 || at.X+s.Width > size[0] || at.Y+s.Height > size[1] {
						t.Fatalf("%q at %v, %v in a view of %v", text, at, s, size)
					}
				}
			}
		}
	}
}

// The current row stands at one height on both sides, whatever the moment.
func TestCurrentRow(t *testing.T) {
	v := shown(t, 1416, 768, words.RU)
	for m := 1; m < v.pair.Len(); m++ {
		v.Set(m)
		n := 0
		for _, o := range v.pool.Objects() {
			s := v.places.sides[0]
			r, ok := o.(*canvas.Rectangle)
			if !ok || r.FillColor != look.P().Selection || r.Size().Height < s.row-1 {
				continue
			}
			n++
			if y := s.ladder.y + float32(s.current)*s.row; r.Position().Y != y {
				t.Fatalf("moment %d: the current row is at %v, want %v", m, r.Position().Y, y)
			}
		}
		if n != 1 && n != 2 { // one side may have taken no step yet
			t.Fatalf("moment %d: %d current rows", m, n)
		}
	}
}

func TestWhatIsKeptIsSeen(t *testing.T) {
	v := shown(t, 1416, 768, words.RU)
	v.Set(v.pair.Chapters()[2].Step - 1) // the phone has looked
	for _, want := range []string{"Отчёт", "шапка", "2,1 МБ", "пусто", "письма на ноутбуке", "ничего нового", "2 с текстом", "4 письма · 2,1 МБ", "Глава 2 из 5: В дороге"} {
		if v.texts()[want] == nil {
			t.Errorf("no text %q", want)
		}
	}
	v.Set(v.pair.Chapters()[1].Step) // it is about to look
	for _, want := range []string{"письма на ноутбуке", "письма на сервере"} {
		if v.texts()[want] == nil {
			t.Errorf("before the phone looks, no text %q", want)
		}
	}
	v.Set(v.pair.Len())
	for _, want := range []string{"В чём разница", "На медленной связи", "с ним пропали 4 письма", "письма целы"} {
		if v.texts()[want] == nil {
			t.Errorf("at the end no text %q", want)
		}
	}
}

// A device that only the other recording has is empty, and misses nothing.
func TestNobodysDeviceMissesNothing(t *testing.T) {
	v := shown(t, 1416, 768, words.RU)
	pop, _ := comparetest.Day()
	v.SetPair(compare.New(stagetest.MX(), pop), words.RU, "…")
	for m := range v.pair.Len() + 1 {
		v.Set(m)
		left, _ := v.pair.Steps(m)
		st := v.pair.Sides[0].At(left)
		for i := range st.Devices {
			d := &st.Devices[i]
			if hint := v.elsewhere(0, d, st); v.pair.Sides[0].Account(d.Host) == "" && hint != "" {
				t.Fatalf("moment %d: %s has no owner, and yet %q", m, d.Host, hint)
			}
		}
	}
}

func TestTapChoosesAnEvent(t *testing.T) {
	v := shown(t, 1416, 768, words.EN)
	chosen := -1
	v.OnSelect = func(m int) { chosen = m }
	at := v.pair.Chapters()[1].Step + 4
	v.Set(at)
	s := v.places.sides[1]
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.ladder.x+50, s.ladder.y+(float32(s.current)-0.5)*s.row)})
	_, step := v.pair.Steps(at)
	if want := v.pair.Moment(1, step-1); chosen != want {
		t.Errorf("chose moment %d, want %d", chosen, want)
	}
	chosen = -1
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.panel.x+20, 20)})
	v.Set(v.pair.Len())
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.ladder.x+50, s.ladder.y+30)})
	if chosen != -1 {
		t.Errorf("a tap on nothing chose %d", chosen)
	}
}

// BenchmarkSet draws moment after moment, as play does.
func BenchmarkSet(b *testing.B) {
	v := shown(b, 1416, 768, words.RU)
	m := 0
	for b.Loop() {
		m = (m + 1) % v.pair.Len()
		v.Set(m)
	}
}
