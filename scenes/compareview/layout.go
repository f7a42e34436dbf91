package compareview

// Measures, in device-independent pixels.
const (
	gap       = 12 // between panels
	pad       = 16 // inside a panel
	narration = 84 // high
	rowText   = 15
)

// rect is a place in the view.
type rect struct{ x, y, w, h float32 }

func (r rect) right() float32  { return r.x + r.w }
func (r rect) bottom() float32 { return r.y + r.h }

// has tells whether a point lies in the rectangle.
func (r rect) has(x, y float32) bool {
	return x >= r.x && x < r.right() && y >= r.y && y < r.bottom()
}

// places is where the panels stand.
type places struct {
	sides     [2]sidePlaces
	meters    rect
	narration rect
}

// sidePlaces is where the parts of one side stand.
type sidePlaces struct {
	panel   rect
	title   float32 // middle of the title row
	shelf   rect
	slots   []rect // of letters on the shelf
	devices []rect // cards
	rows    int    // letters that a card has room for
	pitch   float32
	heads   rect // of the ladder
	ladder  rect // its rows
	row     float32
	current int // the row that the current step has
}

// table is where a side's part of the table of differences stands, of so many
// rows: in the place of the conversation, or of all but the title where that
// is too low.
func (s *sidePlaces) table(rows int) rect {
	r := rect{s.heads.x, s.heads.y, s.heads.w, s.panel.bottom() - 8 - s.heads.y}
	if r.h < 19*float32(rows+1) {
		r.y = s.shelf.y
		r.h = s.panel.bottom() - 8 - r.y
	}
	return r
}

// place computes the layout for a view of the given size and number of
// devices.
//
// Pure: no theme or widget. Nothing overlaps and everything stays inside as
// long as the view is at least 900×430.
func place(w, h float32, devices int) places {
	meters := float32(240)
	if w < 1400 {
		meters = 232
	}
	var p places
	high := h - narration - gap
	side := (w - meters - 2*gap) / 2
	p.sides[0] = placeSide(rect{0, 0, side, high}, devices)
	p.sides[1] = placeSide(rect{side + meters + 2*gap, 0, side, high}, devices)
	p.meters = rect{side + gap, 0, meters, high}
	p.narration = rect{0, high + gap, w, narration}
	return p
}

// shareLine divides a row between two texts: half each, but what one does not
// need the other may have.
func shareLine(room, left, right float32) [2]float32 {
	half := room / 2
	switch {
	case left > half && right < half:
		return [2]float32{room - right, right}
	case right > half && left < half:
		return [2]float32{left, room - left}
	}
	return [2]float32{half, half}
}

func placeSide(panel rect, devices int) sidePlaces {
	x, w := panel.x+pad, panel.w-2*pad
	s := sidePlaces{panel: panel, title: panel.y + 24, rows: 4, pitch: 29}
	top, between, shelf, head, foot, heads := float32(44), float32(8), float32(78), float32(34), float32(5), float32(33)
	switch {
	case panel.h >= 600: // as at 1440×900
		s.title, s.pitch = panel.y+26, 36
		top, between, shelf, head, foot, heads = 50, 12, 94, 44, 8, 36
	case panel.h < 440: // as at 960×600
		s.rows = 2
	}
	y := panel.y + top
	s.shelf = rect{x, y, w, shelf}
	const most, least, inner, apart = 4, 84, 12, 8
	slots := min(max(int((w-2*inner+apart)/(least+apart)), 1), most)
	slot := (w - 2*inner - float32(slots-1)*apart) / float32(slots)
	high := min(shelf-44, 38)
	for i := range slots {
		s.slots = append(s.slots, rect{x + inner + float32(i)*(slot+apart), y + shelf - 10 - high, slot, high})
	}
	y += shelf + between

	n := float32(max(devices, 1))
	card := (w - (n-1)*gap) / n
	high = head + float32(s.rows)*s.pitch + foot
	for i := range devices {
		s.devices = append(s.devices, rect{x + float32(i)*(card+gap), y, card, high})
	}
	y += high + between

	s.heads = rect{x, y, w, heads}
	room := panel.bottom() - 8 - s.heads.bottom()
	n = max(float32(int(room/36)), 1)
	s.row = min(room/n, 40)
	n = max(float32(int(room/s.row)), 1)
	s.ladder = rect{x, s.heads.bottom(), w, n * s.row}
	s.current = max(int(n)-2, 0)
	return s
}
