package mapview

import (
	"fmt"
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

// internet is a world of n domains with a server and a device or more each.
func internet(n, devices, backups int, foreign bool) trace.World {
	w := trace.World{Hosts: []trace.Host{{Name: "ns.example", Addr: "203.0.113.53", Kind: trace.DNS}}}
	for i := range n {
		d := fmt.Sprintf("domain%d.example", i+1)
		w.Domains = append(w.Domains, trace.Domain{Name: d, Title: trace.Words{"en": "an office", "ru": "контора"}})
		w.Hosts = append(w.Hosts, trace.Host{Name: "mail." + d, Addr: fmt.Sprintf("198.51.100.%d", 10+i), Domain: d, Kind: trace.Server, MX: 10})
		for j := range backups {
			w.Hosts = append(w.Hosts, trace.Host{Name: fmt.Sprintf("mx%d.%s", j+2, d), Addr: "198.51.100.200", Domain: d, Kind: trace.Server, MX: 20 + j})
		}
		for j := range devices {
			kind := trace.Laptop
			if j%2 == 1 {
				kind = trace.Phone
			}
			w.Hosts = append(w.Hosts, trace.Host{Name: fmt.Sprintf("d%d.%s", j+1, d), Domain: d, Kind: kind,
				Title: trace.Words{"en": "Anna", "ru": "Анна"}})
		}
	}
	if foreign {
		w.Hosts = append(w.Hosts, trace.Host{Name: "you.test", Addr: "203.0.113.200", Kind: trace.Foreign})
	}
	return w
}

func all(string) bool { return true }

func TestNoCardCoversAnother(t *testing.T) {
	test.NewApp()
	for _, size := range []fyne.Size{{Width: 764, Height: 340}, {Width: 600, Height: 300}, {Width: 1400, Height: 700}, {Width: 420, Height: 240}} {
		for n := 0; n <= 8; n++ {
			for _, devices := range []int{0, 1, 3, 12} {
				for _, lang := range words.Langs {
					w := internet(n, devices, n%3, n%2 == 0 || n == 1)
					l := arrange(w, lang, size.Width, size.Height, all, textWidth)
					check(t, fmt.Sprintf("%v, %d domains, %d devices, %s", size, n, devices, lang), l, len(w.Hosts), size)
				}
			}
		}
	}
}

func check(t *testing.T, name string, l layout, hosts int, size fyne.Size) {
	t.Helper()
	if len(l.Cards) != hosts {
		t.Fatalf("%s: %d cards for %d hosts", name, len(l.Cards), hosts)
	}
	const slack = 0.5 // rounding
	for i := range l.Cards {
		c := &l.Cards[i]
		if c.X < -slack || c.Y < -slack || c.right() > size.Width+slack || c.bottom() > size.Height+slack {
			t.Errorf("%s: %s is outside the map: %v", name, c.Host.Name, c.rect)
		}
		tile := float32(tileBig + 24)
		if c.Small {
			tile = tileSmall + 20
		}
		if need := (tile + textWidth(c.Name, nameSize, true, false)) * l.K; need > c.W+slack {
			t.Errorf("%s: the name %s needs %.0f of %.0f", name, c.Name, need, c.W)
		}
		for j := i + 1; j < len(l.Cards); j++ {
			if c.hits(l.Cards[j].rect) {
				t.Errorf("%s: %s covers %s", name, c.Host.Name, l.Cards[j].Host.Name)
			}
		}
	}
	for i := range l.Islands {
		for j := i + 1; j < len(l.Islands); j++ {
			if l.Islands[i].hits(l.Islands[j].rect) {
				t.Errorf("%s: island %s covers %s", name, l.Islands[i].Name, l.Islands[j].Name)
			}
		}
	}
}

// TestCafe seats the eavesdropper in worlds of many shapes: near whom she
// hears, covering nobody, and the café holds her and the devices and no other
// card.
func TestCafe(t *testing.T) {
	test.NewApp()
	for _, size := range []fyne.Size{{Width: 764, Height: 384}, {Width: 852, Height: 280}, {Width: 600, Height: 300}, {Width: 1400, Height: 700}} {
		for n := 1; n <= 6; n++ {
			for _, devices := range []int{1, 2, 3, 5} {
				for _, hears := range [][]string{{"d1.domain1.example"}, {"d1.domain1.example", "d2.domain1.example"},
					{fmt.Sprintf("d1.domain%d.example", n)}, {"mail.domain1.example"}, {"ns.example"}, {"you.test"}} {
					if hears[0] == "you.test" && n%2 > 0 && n > 1 {
						continue // who is not there
					}
					w := internet(n, devices, n%3, n%2 == 0 || n == 1)
					w.Eavesdropper = &trace.Eavesdropper{Name: "eve.test", Title: trace.Words{"en": "Eve"}, Place: trace.Words{"en": "the café"}, Hears: hears}
					l := arrange(w, words.EN, size.Width, size.Height, all, textWidth)
					name := fmt.Sprintf("%v, %d domains, %d devices, hears %v", size, n, devices, hears)
					check(t, name, l, len(w.Hosts)+1, size)
					eve := l.card("eve.test")
					for i := range l.Cards {
						c := &l.Cards[i]
						inside := c.Eve || (c.Host.Kind.Device() || c.Host.Kind == trace.Foreign) && slices.Contains(hears, c.Host.Name)
						inside = inside && l.Cafe.W > 0
						if holds := l.Cafe.hits(c.rect); holds != inside {
							t.Errorf("%s: %s is in the café: %v", name, c.Host.Name, holds)
						}
					}
					if inCafe := strings.HasPrefix(hears[0], "d") || hears[0] == "you.test"; inCafe != (l.Cafe.W > 0) || inCafe != l.Cafe.hits(eve.rect) {
						t.Errorf("%s: the café is %+v", name, l.Cafe.rect)
					}
					if eve == nil || l.Cafe.X < -0.5 || l.Cafe.Y < -0.5 || l.Cafe.right() > size.Width+0.5 || l.Cafe.bottom() > size.Height+0.5 {
						t.Errorf("%s: the café is outside the map: %+v", name, l.Cafe.rect)
					}
				}
			}
		}
	}
	w := internet(2, 1, 0, false)
	w.Eavesdropper = &trace.Eavesdropper{Name: "eve.test", Hears: []string{"d1.domain1.example"}}
	if l := arrange(w, words.EN, 700, 340, func(n string) bool { return n == "d1.domain2.example" }, textWidth); l.card("eve.test") != nil || l.Cafe.W > 0 {
		t.Error("she sits there although nobody whom she hears is on the map")
	}
}

func TestPillsCoverNothing(t *testing.T) {
	test.NewApp()
	s := stage.New(stagetest.MX())
	size := fyne.NewSize(764, 340)
	w := s.Recording().Header.World
	for _, lang := range words.Langs {
		l := arrange(w, lang, size.Width, size.Height, all, textWidth)
		for step := range s.Len() + 1 {
			sc := s.Scene(step)
			ln := lines(&l, w, s, sc, true, lang)
			pills := placePills(&l, ln, nil, size.Width, size.Height, textWidth)
			if want := len(sc.Links); len(pills) != want {
				t.Errorf("step %d: %d pills for %d links", step, len(pills), want)
			}
			for i, p := range pills {
				for j := range l.Cards {
					if p.hits(l.Cards[j].rect) {
						t.Errorf("step %d: pill %q covers %s", step, p.text, l.Cards[j].Host.Name)
					}
				}
				for _, q := range pills[i+1:] {
					if p.hits(q.rect) {
						t.Errorf("step %d: pill %q covers %q", step, p.text, q.text)
					}
				}
			}
		}
	}
}

func TestCurveEndsAtTheCards(t *testing.T) {
	test.NewApp()
	l := arrange(internet(4, 2, 1, true), words.EN, 1000, 600, all, textWidth)
	for i := range l.Cards {
		for j := range l.Cards {
			if i == j {
				continue
			}
			a, b := &l.Cards[i], &l.Cards[j]
			for slot := range 3 {
				c := course(a, b, slot, l.K)
				if !onEdge(c.pts[0], a.rect) || !onEdge(c.pts[len(c.pts)-1], b.rect) {
					t.Errorf("%s to %s, slot %d: from %v to %v", a.Name, b.Name, slot, c.pts[0], c.pts[len(c.pts)-1])
				}
			}
		}
	}
}

// TestLinksGoRoundCards: on a map of two rows the links between servers, to the
// name server and to devices cross no other card.
func TestLinksGoRoundCards(t *testing.T) {
	test.NewApp()
	for _, size := range []fyne.Size{{Width: 764, Height: 340}, {Width: 852, Height: 280}} {
		for _, devices := range []int{1, 2} {
			w := internet(4, devices, 0, false)
			l := arrange(w, words.EN, size.Width, size.Height, all, textWidth)
			mail := func(n int) *card { return l.card(fmt.Sprintf("mail.domain%d.example", n)) }
			for i := 1; i <= 4; i++ {
				for j := 0; j <= 4; j++ {
					a, b := mail(i), l.card("ns.example")
					if j > 0 {
						b = mail(j)
					}
					if a == b || i == 2 && j == 3 || i == 3 && j == 2 || i == 1 && j == 4 || i == 4 && j == 1 {
						continue // across the middle, where nothing stands
					}
					c := l.route(a, b, 0)
					if !onEdge(c.pts[0], a.rect) || !onEdge(c.pts[len(c.pts)-1], b.rect) {
						t.Errorf("%v: %s to %s: from %v to %v", size, a.Name, b.Name, c.pts[0], c.pts[len(c.pts)-1])
					}
					for _, o := range l.crossed(c, a, b) {
						t.Errorf("%v, %d devices: %s to %s crosses %s", size, devices, a.Name, b.Name, o.Name)
					}
				}
			}
		}
	}
}

// onEdge tells whether p is near the edge of r.
func onEdge(p look.Pt, r rect) bool {
	x, y := float32(p.X), float32(p.Y)
	const near = 1.5
	if x < r.X-near || x > r.right()+near || y < r.Y-near || y > r.bottom()+near {
		return false
	}
	return min(abs(x-r.X), abs(x-r.right()), abs(y-r.Y), abs(y-r.bottom())) < near
}

func TestEase(t *testing.T) {
	last := -1.0
	for i := range 101 {
		v := ease(float64(i) / 100)
		if v < last || v < 0 || v > 1 {
			t.Fatalf("ease(%d%%) = %v after %v", i, v, last)
		}
		last = v
	}
	if ease(0) != 0 || ease(1) != 1 || ease(0.5) != 0.5 {
		t.Error("ease does not go from 0 over 0.5 to 1")
	}
}

func TestShortAnswer(t *testing.T) {
	for in, want := range map[string]string{
		"10 mx1.rocket.example.":           "mx1",
		"198.51.100.10":                    "198.51.100.10",
		`"v=spf1 mx -all"`:                 "v=spf1",
		"":                                 "—",
		"2001:db8:1234:5678:9abc:def0:1:2": "2001:db8:1234:…",
	} {
		if got := shortAnswer(in); got != want {
			t.Errorf("shortAnswer(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestDrawsBigWorlds draws worlds of many shapes; with a hundred hosts the map
// shows those that take part.
func TestDrawsBigWorlds(t *testing.T) {
	test.NewApp()
	t.Cleanup(func() { look.Use(look.DarkPalette) })
	for _, n := range []int{1, 3, 5, 8} {
		devices := 2
		if n == 8 {
			devices = 12
		}
		b := stagetest.NewBuilder()
		b.Session("d1.domain1.example", "mail.domain1.example", "submission", 587, "S: 220 hi\nC: EHLO me\nS: 250 ok")
		if n > 1 {
			b.Session("mail.domain1.example", fmt.Sprintf("mail.domain%d.example", n), "smtp", 25, "S: 220 hi\nC: EHLO me\nS: 250 ok\nC: MAIL FROM:<a@b>\nS: 550 5.7.1 no")
		}
		b.Session("you.test", "mail.domain1.example", "smtp", 25, "S: 220 hi\nC: EHLO me\nS: 250 ok\nC: MAIL FROM:<a@b>\nS: 451 4.3.0 later")
		s := stage.New(trace.Recording{Header: trace.Header{World: internet(n, devices, n%2, true)}, Trace: b.Trace})
		step := stepOf(s, func(sc *stage.Scene) bool { return sc.Flight != nil && sc.Flight.What == stage.FlyEnvelope })
		picture(t, fmt.Sprintf("world%d", n), look.DarkPalette, words.RU, s, step+1, 0.6, fyne.NewSize(796, 404))
		picture(t, fmt.Sprintf("world%d-wide", n), look.LightPalette, words.EN, s, s.Len()-2, 0.6, fyne.NewSize(1300, 800))
	}
}

func TestFewObjects(t *testing.T) {
	test.NewApp()
	s := stage.New(stagetest.MX())
	v := New()
	v.Resize(fyne.NewSize(764, 376))
	v.SetShow(s, words.EN)
	for step := range s.Len() + 1 {
		v.Set(s.Scene(step), 0.5)
		if n := len(v.objects); n > 300 {
			t.Fatalf("step %d: %d objects", step, n)
		}
	}
}

func TestTapReportsTheHost(t *testing.T) {
	test.NewApp()
	v := New()
	v.Resize(fyne.NewSize(764, 376))
	v.SetShow(stage.New(stagetest.MX()), words.EN)
	got := ""
	v.OnHost = func(n string) { got = n }
	c := v.lay.card(stagetest.MX1)
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(c.cx(), c.cy()+titleRow)})
	if got != stagetest.MX1 {
		t.Errorf("tapped %q, want %q", got, stagetest.MX1)
	}
	got = ""
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(1, 1)})
	if got != "" {
		t.Errorf("tapped %q where nothing is", got)
	}
}

// BenchmarkStep is one frame in which the scene changes, without the painter.
func BenchmarkStep(b *testing.B) {
	test.NewApp()
	s := stage.New(stagetest.MX())
	v := New()
	v.Resize(fyne.NewSize(764, 376))
	v.SetShow(s, words.EN)
	for i := 0; b.Loop(); i++ {
		v.Set(s.Scene(i%s.Len()+1), 0.5)
	}
}

// BenchmarkGround is one painting of the raster.
func BenchmarkGround(b *testing.B) {
	test.NewApp()
	s := stage.New(stagetest.MX())
	v := New()
	v.Resize(fyne.NewSize(764, 376))
	v.SetShow(s, words.EN)
	v.Set(s.Scene(s.Len()), 1)
	for b.Loop() {
		v.painted = ""
		v.paintGround(764, 340)
	}
}
