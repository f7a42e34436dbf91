package mapview

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// picture draws one step; MAP_OUT names a folder for the picture.
func picture(t *testing.T, name string, p *look.Palette, l words.Lang, s *stage.Show, step int, frac float64, size fyne.Size) image.Image {
	t.Helper()
	look.Use(p)
	fyne.CurrentApp().Settings().SetTheme(look.NewTheme(p))
	v := New()
	v.SetShow(s, l)
	v.Set(s.Scene(step), frac)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(container.NewStack(canvas.NewRectangle(p.Bg), look.NewPanel("", nil, v)))
	c.Resize(size)
	img := c.Capture()
	if dir := os.Getenv("MAP_OUT"); dir != "" {
		f, err := os.Create(fmt.Sprintf("%s/map-%s-%s-%s.png", dir, name, p.Name, l))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, img); err != nil {
			t.Fatal(err)
		}
	}
	return img
}

// stepOf is the first step whose flight is of the kind and between two
// different hosts.
func stepOf(s *stage.Show, want func(*stage.Scene) bool) int {
	for i := 1; i <= s.Len(); i++ {
		if want(s.Scene(i)) {
			return i
		}
	}
	return s.Len()
}

func TestDrawsEveryKindOfFlight(t *testing.T) {
	test.NewApp()
	t.Cleanup(func() { look.Use(look.DarkPalette) })
	s := stage.New(stagetest.MX())
	size := fyne.NewSize(796, 404)
	for name, want := range map[string]func(*stage.Scene) bool{
		"envelope": func(sc *stage.Scene) bool {
			return sc.Flight != nil && sc.Flight.What == stage.FlyEnvelope && sc.Flight.From == stagetest.Mail
		},
		"letter":  func(sc *stage.Scene) bool { return sc.Flight != nil && sc.Flight.What == stage.FlyLetter },
		"reply":   func(sc *stage.Scene) bool { return sc.Flight != nil && sc.Flight.What == stage.FlyReply },
		"answer":  func(sc *stage.Scene) bool { return sc.Flight != nil && sc.Flight.What == stage.FlyAnswer },
		"command": func(sc *stage.Scene) bool { return sc.Flight != nil && sc.Flight.What == stage.FlyCommand },
		"connect": func(sc *stage.Scene) bool { return sc.Flight != nil && sc.Flight.What == stage.FlyConnect },
		"pop": func(sc *stage.Scene) bool {
			return sc.Flight != nil && sc.Flight.What == stage.FlyLetter && sc.Flight.To == stagetest.Ilon
		},
	} {
		step := stepOf(s, want)
		for l, p := range map[words.Lang]*look.Palette{words.RU: look.DarkPalette, words.EN: look.LightPalette} {
			moving := picture(t, name, p, l, s, step, 0.45, size)
			still := picture(t, name+"-end", p, l, s, step, 1, size)
			if same(moving, still) {
				t.Errorf("%s: nothing moves in the %s theme", name, p.Name)
			}
		}
	}
	picture(t, "start", look.DarkPalette, words.RU, s, 0, 1, size)
	picture(t, "last", look.LightPalette, words.EN, s, s.Len(), 1, size)
}

func same(a, b image.Image) bool {
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

// TestDrawsOneOffice draws a domain whose devices hand in and fetch letters at
// the same server.
func TestDrawsOneOffice(t *testing.T) {
	test.NewApp()
	t.Cleanup(func() { look.Use(look.DarkPalette) })
	w := internet(1, 3, 0, false)
	const mail = "mail.domain1.example"
	b := stagetest.NewBuilder()
	for _, d := range []string{"d1", "d2", "d3"} {
		b.Session(d+".domain1.example", mail, "submission", 587, "S: 220 hi\nC: EHLO me\nS: 250 ok")
		b.Session(d+".domain1.example", mail, "pop3", 110, "S: +OK hi\nC: USER anna\nS: -ERR no")
	}
	s := stage.New(trace.Recording{Header: trace.Header{World: w}, Trace: b.Trace})
	picture(t, "office", look.DarkPalette, words.RU, s, s.Len()-1, 0.7, fyne.NewSize(796, 404))
	picture(t, "office", look.LightPalette, words.EN, s, s.Len()-3, 0.7, fyne.NewSize(660, 360))
}
