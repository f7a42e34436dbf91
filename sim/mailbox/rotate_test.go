package mailbox

import (
	"testing"
	"time"
)

func TestRotationGoesByWhenALetterCameIntoItsFolder(t *testing.T) {
	b, f := filled(t, 0)
	now := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	day := func(n int) { now = now.Add(time.Duration(n) * 24 * time.Hour) }
	last := now.Add(-365 * 24 * time.Hour)
	if _, err := b.Append("Trash", nil, nil, last); err != nil { // before anybody kept time
		t.Fatal(err)
	}
	b.SetRotation([]Rotation{{"trash of old", time.Hour}, {"Trash", 30 * 24 * time.Hour}}, func() time.Time { return now })
	b.Deliver(Message{Date: last})
	b.Deliver(Message{Date: last})
	if _, _, err := f.Move([]uint32{1}, "Trash"); err != nil {
		t.Fatal(err)
	}
	trash := open(t, b, "Trash")
	for _, tt := range []struct{ days, removed, left int }{{0, 1, 1}, {30, 0, 1}, {1, 1, 0}} {
		day(tt.days)
		if removed, left := b.Rotate(), trash.Status().Messages; removed != tt.removed || left != tt.left {
			t.Errorf("after %d more days: %d removed, %d left, want %+v", tt.days, removed, left, tt)
		}
	}
	if n := f.Status().Messages; n != 1 || len(b.folders["Trash"].arrivals) != 0 {
		t.Errorf("the inbox has %d letters; the bin remembers %d", n, len(b.folders["Trash"].arrivals))
	}
}
