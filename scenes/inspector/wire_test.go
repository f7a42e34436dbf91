package inspector

import (
	"testing"

	"mailscope/sim/trace"
)

// TestPassing: an eavesdropper sees sizes, and who spoke.
func TestPassing(t *testing.T) {
	for _, tt := range []struct{ octets, records, last int }{
		{0, 0, 0}, {1, 1, 23}, {16384, 1, 16406}, {16385, 2, 23}, {1 << 30, maxRecords + 1, 16406},
	} {
		list := passing(tt.octets, true)
		if len(list) != tt.records || tt.records > 0 && (list[len(list)-1].Bytes != tt.last || !list[0].Server) {
			t.Errorf("%d octets: %d records, %+v", tt.octets, len(list), list[max(0, len(list)-1):])
		}
	}
	for want, r := range map[string]trace.Record{
		"→  1500  handshake: client_hello": {Type: "handshake", Bytes: 1500, Messages: []string{"client_hello"}},
		"←     …  application_data":        {Server: true, Type: "application_data"},
	} {
		if got := recordText(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
