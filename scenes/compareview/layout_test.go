package compareview

import "testing"

func TestPlaceAsDrawn(t *testing.T) {
	p := place(1416, 768, 2)
	for i, want := range []rect{{0, 0, 576, 672}, {840, 0, 576, 672}} {
		if got := p.sides[i].panel; got != want {
			t.Errorf("side %d at %v, want %v", i, got, want)
		}
	}
	if p.meters != (rect{588, 0, 240, 672}) || p.narration != (rect{0, 684, 1416, 84}) {
		t.Errorf("meters at %v, narration at %v", p.meters, p.narration)
	}
	small := place(1256, 588, 2).sides[0]
	if small.panel.w != 500 || int(small.ladder.h/small.row) != 4 {
		t.Errorf("at 1280×720 a side is %v wide with %v rows", small.panel.w, small.ladder.h/small.row)
	}
}

func TestPlaceNeverOverlaps(t *testing.T) {
	for _, size := range [][2]float32{{936, 468}, {1256, 588}, {1416, 768}, {1576, 868}, {3816, 2028}} {
		for devices := range 5 {
			p := place(size[0], size[1], devices)
			inside(t, rect{0, 0, size[0], size[1]}, []rect{p.sides[0].panel, p.sides[1].panel, p.meters, p.narration})
			for _, s := range p.sides {
				inside(t, s.panel, append([]rect{s.shelf, s.heads, s.ladder}, s.devices...))
				inside(t, s.shelf, s.slots)
				if s.current < 0 || float32(s.current+1)*s.row > s.ladder.h+0.5 {
					t.Errorf("%v: the current row is number %d of %v", size, s.current, s.ladder.h/s.row)
				}
				for _, d := range s.devices {
					if float32(s.rows)*s.pitch+4 > d.h-28 {
						t.Errorf("%v: %d letters do not fit into %v", size, s.rows, d)
					}
				}
			}
		}
	}
}

// inside checks that parts lie in a whole and do not overlap.
func inside(t *testing.T, whole rect, parts []rect) {
	t.Helper()
	for i, a := range parts {
		if a.w <= 0 || a.h <= 0 || a.x < whole.x-0.1 || a.y < whole.y || a.right() > whole.right()+0.1 || a.bottom() > whole.bottom()+0.1 {
			t.Errorf("part %d at %v is not in %v", i, a, whole)
		}
		for j, b := range parts[:i] {
			if a.x < b.right()-0.1 && b.x < a.right()-0.1 && a.y < b.bottom()-0.1 && b.y < a.bottom()-0.1 {
				t.Errorf("parts %d and %d overlap: %v %v", i, j, a, b)
			}
		}
	}
}

func TestShareLine(t *testing.T) {
	for _, c := range []struct{ room, left, right, gotLeft, gotRight float32 }{
		{1000, 300, 400, 500, 500},
		{1000, 600, 300, 700, 300},
		{1000, 200, 900, 200, 800},
		{1000, 900, 900, 500, 500},
		{1000, 0, 900, 0, 1000},
	} {
		if got := shareLine(c.room, c.left, c.right); got != [2]float32{c.gotLeft, c.gotRight} {
			t.Errorf("%v and %v in %v get %v", c.left, c.right, c.room, got)
		}
	}
}
