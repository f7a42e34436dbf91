package mapview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Tapped reports the card under the pointer.
func (v *View) Tapped(e *fyne.PointEvent) {
	if name := v.hostAt(e.Position); name != "" && v.OnHost != nil {
		v.OnHost(name)
	}
}

// hostAt is whose card is at a place, "" if none is.
func (v *View) hostAt(p fyne.Position) string {
	at := rect{p.X, p.Y - v.head(), 0.1, 0.1}
	for i := range v.lay.Cards {
		if v.lay.Cards[i].hits(at) {
			return v.lay.Cards[i].Host.Name
		}
	}
	return ""
}

// MouseIn is for Fyne.
func (v *View) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved notes what is under the pointer.
func (v *View) MouseMoved(e *desktop.MouseEvent) { v.over = v.hostAt(e.Position) }

// MouseOut is for Fyne.
func (v *View) MouseOut() { v.over = "" }

// Cursor is a hand over a card that can be tapped.
func (v *View) Cursor() desktop.Cursor {
	if v.OnHost != nil && v.over != "" {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
