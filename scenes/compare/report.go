package compare

import (
	"encoding/json"
	"io"
	"time"

	"mailscope/scenes/words"
)

// WriteJSON writes the differences at the end as one line of JSON, whose form
// docs/compare.md tells.
func (p *Pair) WriteJSON(w io.Writer) error {
	type row struct {
		ID     ID         `json:"id"`
		Unit   Unit       `json:"unit"`
		Device string     `json:"device,omitempty"`
		Values [2]float64 `json:"values"`
	}
	out := struct {
		Sides   [2]string `json:"sides"`
		Way     Way       `json:"way"`
		Moments int       `json:"moments"`
		Meters  []row     `json:"meters"`
	}{[2]string{p.Title(words.EN, 0), p.Title(words.EN, 1)}, p.Way, p.Len(), nil}
	for _, m := range p.Meters(p.Len()) {
		r := row{ID: m.ID, Unit: m.Unit, Device: m.Device}
		for i, v := range m.Values {
			r.Values[i] = float64(v)
			if m.Unit == Span {
				r.Values[i] = time.Duration(v).Seconds()
			}
		}
		out.Meters = append(out.Meters, r)
	}
	return json.NewEncoder(w).Encode(out)
}
