package inspector

import "testing"

// As the drawing has it: two columns of one height, what both lead to below.
func TestPlaceCourtAsDrawn(t *testing.T) {
	p := placeCourt(522, strand{124, []float32{36, 150}, 1}, strand{124, []float32{150}, 0}, []float32{72, 96, 84})
	for _, c := range []struct {
		name      string
		got, want place
	}{
		{"envelope", p.envelope[0], place{0, 0, 255, 124}},
		{"block list", p.envelope[1], place{0, 146, 255, 36}},
		{"SPF", p.envelope[2], place{0, 188, 255, 150}},
		{"letter", p.letter[0], place{267, 0, 255, 124}},
		{"DKIM", p.letter[1], place{267, 146, 255, 192}}, // as far down as SPF
		{"DMARC", p.below[0], place{0, 360, 522, 72}},
		{"policy", p.below[1], place{0, 454, 522, 96}},
		{"field", p.below[2], place{0, 562, 522, 84}},
	} {
		if c.got != c.want {
			t.Errorf("%s at %v, want %v", c.name, c.got, c.want)
		}
	}
	if len(p.arrows) != 5 || p.high != 646 {
		t.Errorf("%d arrows, %v high", len(p.arrows), p.high)
	}
}

// Parts never overlap and stay within the width; arrows go down, through no
// part; all of it is as high as it says.
func TestPlaceCourtNeverOverlaps(t *testing.T) {
	strands := []strand{{100, []float32{40}, 0}, {130, []float32{36, 170, 56}, 1}, {80, []float32{20, 20}, -1}}
	for _, w := range []float32{250, 330, 439, 440, 522, 900} {
		for _, e := range strands {
			for _, l := range strands {
				for n := range 5 {
					p := placeCourt(w, e, l, []float32{40, 96, 60, 84}[:n%5])
					all := append(append(append([]place{}, p.envelope...), p.letter...), p.below...)
					for i, a := range all {
						if a.x < 0 || a.x+a.w > w || a.h <= 0 || a.bottom() > p.high {
							t.Fatalf("%v: part %d at %v of %v", w, i, a, p.high)
						}
						for j, b := range all[:i] {
							if a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.bottom() && b.y < a.bottom() {
								t.Fatalf("%v: parts %d and %d overlap: %v %v", w, i, j, a, b)
							}
						}
						for _, r := range p.arrows {
							if r.y0 >= r.y1 || r.x > a.x && r.x < a.x+a.w && r.y0 < a.bottom() && a.y < r.y1 {
								t.Fatalf("%v: arrow %v crosses part %d at %v", w, r, i, a)
							}
						}
					}
				}
			}
		}
	}
}
