package mapview

import "mailscope/scenes/words"

// placing is the state of one pass over the map from top to bottom.
type placing struct {
	*arranger
	plan
	out   layout
	vw, y float32 // width of the area before the camera; where the next row begins
	grow  float32 // added to each channel
}

// place carries a plan out with the camera k.
func (a *arranger) place(p plan, k, w, h float32) layout {
	_, nh := a.natural(p)
	s := placing{arranger: a, plan: p, vw: w / k, out: layout{K: k, W: w, Head: p.head * k, index: make(map[string]int)}}
	rows := a.rows(p)
	spare := h/k - nh
	if len(rows) > 0 {
		s.grow = min(spare/float32(len(rows)), 60)
	}
	s.y = (spare - s.grow*float32(len(rows))) / 2
	if len(a.dns) > 0 {
		s.centred(a.dns)
		s.y += p.dns + p.row
	}
	for i, row := range rows {
		if i > 0 {
			s.y += 4 * p.row
		}
		s.islands(row)
	}
	if len(a.outside) > 0 && !a.beside() {
		s.y += 2 * p.row
		if s.cafeOut {
			s.y += cafeRise
		}
		s.centred(a.outside)
	}
	s.enclose()
	for i := range s.out.Cards {
		s.out.Cards[i].rect = s.out.Cards[i].scaled(k, 0, 0)
	}
	for i := range s.out.Islands {
		s.out.Islands[i].rect = s.out.Islands[i].scaled(k, 0, 0)
	}
	s.out.Cafe.rect = s.out.Cafe.scaled(k, 0, 0)
	s.out.CafeW = s.measure(s.cafeName, subSize*k, false, false)
	return s.out
}

// centred puts a row of cards in the middle.
func (s *placing) centred(cards []card) {
	x := (s.vw - rowWidth(cards)) / 2
	for _, c := range cards {
		x = s.add(c, x, s.y, c.W) + cardGap
	}
}

// add puts one card down and gives its right edge.
func (s *placing) add(c card, x, y, w float32) float32 {
	c.rect = rect{x, y, w, s.height(&c)}
	s.out.index[c.Host.Name] = len(s.out.Cards)
	s.out.Cards = append(s.out.Cards, c)
	return c.right()
}

// height is how high the plan makes a card.
func (s *placing) height(c *card) float32 {
	switch {
	case c.Row == 0:
		return s.plan.dns
	case c.Small:
		return s.small
	}
	return s.server
}

// islands puts a row of islands from edge to edge. Room to spare goes into the
// gaps first, then into the islands.
func (s *placing) islands(row []group) {
	widths, heights := make([]float32, len(row)), make([]float32, len(row))
	total, tall := float32(0), float32(0)
	for i := range row {
		widths[i], heights[i] = row[i].size(s.plan)
		total += widths[i]
		tall = max(tall, heights[i])
	}
	gaps := float32(len(row) - 1)
	gap := s.gap
	spare := s.vw - total - gap*gaps
	if s.beside() {
		spare -= s.gap + s.arranger.column()
	}
	if gaps > 0 {
		more := min(spare/gaps, 90)
		gap += more
		spare -= more * gaps
	}
	wider := max(0, min(spare/float32(len(row)), 60))
	x := (spare - wider*float32(len(row))) / 2
	if s.beside() {
		x = s.column(x) + s.gap
	}
	for i := range row {
		g := &row[i]
		w, h := widths[i]+wider, heights[i]
		if len(g.main) > 0 && len(g.below)+len(g.backup)+len(g.cafe) > 0 {
			h += s.grow
		}
		s.out.Islands = append(s.out.Islands, island{
			rect: rect{x, s.y, w, h}, Name: g.domain.Name, Title: words.Pick(s.lang, g.domain.Title)})
		s.inside(g, rect{x, s.y, w, h}, 2*i < len(row)-1 || len(row) == 1)
		x += w + gap
	}
	s.y += tall + s.grow
}

// inside puts a group's cards on its island.
func (s *placing) inside(g *group, r rect, left bool) {
	room := r.W - 2*islandPad
	y := r.Y + s.head
	if len(g.main) > 0 {
		stretch := (room - rowWidth(g.main)) / float32(len(g.main))
		x := r.X + islandPad
		for _, c := range g.main {
			x = s.add(c, x, y, c.W+stretch) + cardGap
		}
		y += s.server + s.channel + s.grow
	}
	for i, line := range g.lines(s.plan, left) {
		if i > 0 {
			y += lineGap(line)
		}
		spare := room - rowWidth(line)
		stretch := max(0, min(spare/float32(len(line)), 16))
		spare -= stretch * float32(len(line))
		x := r.X + islandPad
		for _, c := range line {
			w := c.W + stretch
			if c.Eve {
				w += max(0, min(spare, cafeMore))
			}
			x = s.add(c, x, y, w) + cardGap
		}
		y += s.small
	}
}

// column puts the hosts outside all domains at x, beside the upper row, and
// gives their right edge.
func (s *placing) column(x float32) float32 {
	w := s.arranger.column()
	if s.cafeOut {
		x += cafePad
		w -= cafePad
	}
	y := s.y + s.head + (s.server-s.small)/2
	for i, c := range s.outside {
		if i > 0 && c.InCafe && !s.outside[i-1].InCafe {
			y += cafeRise
		}
		s.add(c, x, y, w)
		y += s.small + cardGap
	}
	return x + w
}
