package mapview

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// TestGearLeavesTheNameAlone: it stands beside the name where there is room,
// and otherwise in the place of the host's picture.
func TestGearLeavesTheNameAlone(t *testing.T) {
	test.NewTempApp(t)
	for wide, beside := range map[float32]bool{300: true, 150: false} {
		v := newCardView(card{rect: rect{0, 0, wide, 44}, Host: trace.Host{Name: "ns.example", Kind: trace.DNS}, Name: "ns.example", Sub: "203.0.113.53"}, 1)
		v.paint(hostLook{gear: true}, words.EN)
		if v.gear.Visible() != beside || strings.HasPrefix(v.icon.Resource.Name(), "gear") == beside {
			t.Errorf("%v wide: beside %v, picture %s", wide, v.gear.Visible(), v.icon.Resource.Name())
		}
	}
}
