package trace

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Every octet, at every place of a word, is written so that another reader
// gets it back.
func TestStrings(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			s := strings.Repeat("x", at) + string(rune(c)) + strings.Repeat("y", 16-at)
			b := appendString(nil, s)
			var back string
			if err := json.Unmarshal(b, &back); err != nil || back != s {
				t.Fatalf("%q was written as %s: %v", s, b, err)
			}
		}
	}
}

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 1: "0.000000001", time.Second: "1", 420 * time.Millisecond: "0.42",
		90 * time.Minute: "5400", 1234567890123: "1234.567890123", -time.Second / 2: "-0.5",
		time.Duration(maxSeconds)*time.Second - 1: "9223372035.999999999",
	} {
		got := string(appendSeconds(nil, d))
		if got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
		if back, ok := parseSeconds([]byte(got)); d >= 0 && (!ok || back != d) {
			t.Errorf("%s came back as %d", got, back)
		}
	}
}
