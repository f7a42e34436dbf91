package look

import (
	"image/png"
	"math"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"image/color"

	"mailscope/assets"
)

// luminance is the relative luminance of WCAG 2.
func luminance(c color.NRGBA) float64 {
	f := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

func TestTextStandsOutFromItsGround(t *testing.T) {
	for _, p := range []*Palette{DarkPalette, LightPalette} {
		for gn, g := range map[string]color.NRGBA{"panel": p.Panel, "island": p.Island, "card": p.Card} {
			for n, c := range map[string]color.NRGBA{
				"text": p.Text, "muted": p.Muted, "smtp": p.SMTP, "submission": p.Submission, "dns": p.DNS,
				"imap": p.IMAP, "pop3": p.POP3, "ok": p.OK, "refused": p.Refused, "later": p.Later,
				"now": p.NowText, "letter": p.Letter,
			} {
				a, b := luminance(g), luminance(c)
				if r := (max(a, b) + 0.05) / (min(a, b) + 0.05); r < 4.5 {
					t.Errorf("%s: %s on %s has contrast %.2f, want 4.5", p.Name, n, gn, r)
				}
			}
		}
	}
}

func TestClassOf(t *testing.T) {
	for code, want := range map[string]Class{
		"250": Done, "+OK": Done, "354": GoOn, "+": GoOn, "451": Later, "550": Refusal, "-ERR": Refusal, "": ClassNone, "x": ClassNone,
	} {
		if got := ClassOf(code); got != want {
			t.Errorf("ClassOf(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestEveryIconDraws(t *testing.T) {
	test.NewApp()
	files, err := assets.FS.ReadDir("icons")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := f.Name()
		if len(name) < 5 || name[len(name)-4:] != ".svg" {
			continue
		}
		img := Image()
		img.Resource = Icon(name[:len(name)-4], rgb(0xff0000))
		c := software.NewCanvas()
		c.SetPadded(false)
		c.SetContent(img)
		c.Resize(fyne.NewSize(24, 24))
		got, n := c.Capture(), 0
		for y := range 24 {
			for x := range 24 {
				if r, g, _, _ := got.At(x, y).RGBA(); r > 0x8000 && g < 0x6000 {
					n++
				}
			}
		}
		if n < 20 {
			t.Errorf("icon %s draws %d pixels in its colour", name, n)
		}
	}
}

func TestFitAndWrap(t *testing.T) {
	test.NewApp()
	const s = "Сервер Анны называет получателя: письмо для ilon"
	for w := float32(40); w < 500; w += 30 {
		if got := Fit(s, 20, w); Width(got, 20) > w {
			t.Errorf("Fit to %v is %v wide: %q", w, Width(got, 20), got)
		}
		lines := Wrap(s, 20, w, 2)
		if len(lines) > 2 {
			t.Errorf("Wrap to %v has %d lines", w, len(lines))
		}
		for _, l := range lines {
			if Width(l, 20) > w {
				t.Errorf("line %q is wider than %v", l, w)
			}
		}
	}
}

func TestButtonTaps(t *testing.T) {
	test.NewApp()
	n := 0
	b := NewButton("play", "", func() { n++ })
	test.Tap(b)
	b.Disable()
	test.Tap(b)
	if n != 1 {
		t.Errorf("tapped %d times, want 1", n)
	}
	got := -1
	s := NewSegmented([]string{"a", "b", "c"}, 0, func(i int) { got = i })
	test.Tap(s.buttons[2])
	if got != 2 || s.Chosen() != 2 {
		t.Errorf("chose %d, %d; want 2", got, s.Chosen())
	}
}

// TestDraws draws all parts in both themes; LOOK_OUT names a folder for the pictures.
func TestDraws(t *testing.T) {
	test.NewApp()
	t.Cleanup(func() { Use(DarkPalette) })
	for _, p := range []*Palette{DarkPalette, LightPalette} {
		Use(p)
		fyne.CurrentApp().Settings().SetTheme(NewTheme(p))
		prim, off, chosen := NewIconButton("play", nil), NewIconButton("step", nil), NewButton("list", "Lessons", nil)
		prim.Primary = true
		prim.SetMin(64, 40)
		off.Disable()
		chosen.SetChosen(true)
		smtp := func(p *Palette) color.NRGBA { return p.SMTP }
		icons := container.NewGridWrap(fyne.NewSize(28, 28))
		files, _ := assets.FS.ReadDir("icons")
		for _, f := range files {
			if n := f.Name(); n[len(n)-3:] == "svg" {
				i := Image()
				i.Resource = Icon(n[:len(n)-4], p.Text)
				icons.Add(i)
			}
		}
		body := container.NewVBox(
			container.NewHBox(NewIconButton("first", nil), NewIconButton("back", nil), prim, off, NewIconButton("last", nil), chosen, NewButton("", "all", nil)),
			container.NewHBox(NewSegmented([]string{"Timeline", "Ladder", "Transcript"}, 0, nil), NewSegmented([]string{"1/10", "1/4", "1×", "4×", "100×"}, 2, nil)),
			container.NewHBox(NewChip("EHLO", ChipDone), NewChip("RCPT", ChipNow), NewChip("DATA", ChipFuture),
				NewBadge("250"), NewBadge("354"), NewBadge("450"), NewBadge("550"),
				NewPill("unlock", "25 clear", smtp, func(p *Palette) color.NRGBA { return p.Refused })),
			icons,
		)
		c := software.NewCanvas()
		c.SetPadded(false)
		ground := canvas.NewRectangle(p.Bg)
		c.SetContent(container.NewStack(ground, container.NewPadded(NewPanel("Карта", Text("6 из 27", 14, p.Muted), body))))
		c.Resize(fyne.NewSize(640, 380))
		img := c.Capture()
		if dir := os.Getenv("LOOK_OUT"); dir != "" {
			f, err := os.Create(dir + "/look-" + p.Name + ".png")
			if err != nil {
				t.Fatal(err)
			}
			if err := png.Encode(f, img); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	test.NewApp()
	long := strings.Repeat("verylongword", 8)
	for _, s := range []string{"", "one", "to " + long + " and on", long} {
		lines := Wrap(s, 15, 120, 0)
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(s, " ", "") {
			t.Errorf("Wrap(%q) = %q", s, lines)
		}
		for _, l := range lines {
			if Width(l, 15) > 120 {
				t.Errorf("%q is wider than 120", l)
			}
		}
	}
	if got := Wrap("яя", 15, 1, 0); len(got) != 2 {
		t.Errorf("Wrap in no width: %q", got)
	}
}
