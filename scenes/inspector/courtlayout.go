package inspector

// Measures of the picture of a judgement, in device-independent pixels.
const (
	twoColumns = 440 // least width at which envelope and letter stand beside each other
	courtGap   = 12  // between the columns
	groupGap   = 6   // between the checks of one column
	arrowHigh  = 22
	partGap    = 12 // between what no arrow connects
)

// place is a rectangle.
type place struct{ x, y, w, h float32 }

func (p place) bottom() float32 { return p.y + p.h }

// arrow points downwards from y0 to y1.
type arrow struct{ x, y0, y1 float32 }

// strand is the heights of what is looked at and of the checks that it feeds.
type strand struct {
	source float32
	checks []float32
	grows  int // the check that takes up room that is left over; -1 for none
}

// high is the height of all of it.
func (s strand) high() float32 {
	h := s.source + arrowHigh
	for i, c := range s.checks {
		h += c
		if i > 0 {
			h += groupGap
		}
	}
	return h
}

// courtPlan is where the parts of a judgement stand. Each strand has its
// source first and then its checks.
type courtPlan struct {
	envelope, letter, below []place
	arrows                  []arrow
	high                    float32
}

// courtColumns tells how many columns fit into a width, and how wide each is.
func courtColumns(w float32) (n int, each float32) {
	if w < twoColumns {
		return 1, w
	}
	return 2, (w - courtGap) / 2
}

// placeCourt places the two strands, the envelope's and the letter's, and
// below them what both lead to: the first two of below by arrows.
//
// Pure: no theme or widget. The heights are those at the widths that
// courtColumns gives; below is as wide as w.
func placeCourt(w float32, envelope, letter strand, below []float32) courtPlan {
	var p courtPlan
	n, each := courtColumns(w)
	var ends []arrow // from the strands to what they lead to
	var y float32
	if n == 2 {
		y = max(envelope.high(), letter.high())
		p.envelope = p.strand(0, 0, each, envelope, y)
		p.letter = p.strand(each+courtGap, 0, each, letter, y)
		for _, s := range [][]place{p.envelope, p.letter} {
			last := s[len(s)-1]
			ends = append(ends, arrow{last.x + last.w/2, last.bottom(), y + arrowHigh})
		}
	} else {
		p.envelope = p.strand(0, 0, each, envelope, envelope.high())
		y = envelope.high() + partGap
		p.letter = p.strand(0, y, each, letter, letter.high())
		y += letter.high()
		ends = append(ends, arrow{w / 2, y, y + arrowHigh})
	}
	if len(below) > 0 {
		p.arrows = append(p.arrows, ends...)
		y += arrowHigh
	}
	for i, h := range below {
		switch i {
		case 0:
		case 1:
			p.arrows = append(p.arrows, arrow{w / 2, y, y + arrowHigh})
			y += arrowHigh
		default:
			y += partGap
		}
		p.below = append(p.below, place{0, y, w, h})
		y += h
	}
	p.high = y
	return p
}

// strand places one strand, which is to be high in all.
func (p *courtPlan) strand(x, y, w float32, s strand, high float32) []place {
	list := []place{{x, y, w, s.source}}
	extra := high - s.high()
	y += s.source
	if len(s.checks) > 0 {
		p.arrows = append(p.arrows, arrow{x + w/2, y, y + arrowHigh})
	}
	y += arrowHigh
	for i, h := range s.checks {
		if i > 0 {
			y += groupGap
		}
		if i == s.grows {
			h += extra
		}
		list = append(list, place{x, y, w, h})
		y += h
	}
	return list
}
