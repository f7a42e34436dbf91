//go:build cgo || ci

package window

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"mailscope/scenes/words"
)

// TestNarrationIsNotCut: beside a wide inspector too the verdicts are told to
// the end.
func TestNarrationIsNotCut(t *testing.T) {
	test.NewTempApp(t)
	const room = 400
	for _, l := range []words.Lang{words.EN, words.RU} {
		text := words.T(l, "explain.verdict.dmarc.fail", "Domain", "rocket.example", "Policy", "reject")
		lines, size, step := lay(text, room)
		if len(lines) < 2 || strings.HasSuffix(lines[len(lines)-1], "…") || size < 14 {
			t.Errorf("%s: %q, %v", l, lines, size)
		}
		if high := 38 + step*float32(len(lines)-1) + size/2; len(lines) > 2 && high > narrationHigh {
			t.Errorf("%s: %d lines are %v high", l, len(lines), high)
		}
	}
	if lines, size, _ := lay("done", room); len(lines) != 1 || size != 20 {
		t.Errorf("a short text is set as %q, %v", lines, size)
	}
}
