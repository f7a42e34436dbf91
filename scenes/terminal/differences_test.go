package terminal

import (
	"bytes"
	"strings"
	"testing"

	"mailscope/scenes/compare"
	"mailscope/scenes/compare/comparetest"
	"mailscope/scenes/words"
)

func TestDifferences(t *testing.T) {
	pair := compare.New(comparetest.Day())
	for _, l := range words.Langs {
		for _, columns := range []int{0, 56} {
			var b bytes.Buffer
			if err := Differences(&b, pair, Options{Lang: l, Width: columns}); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if strings.Contains(text, "\x1b") {
				t.Error("colour without a terminal")
			}
			lines := strings.Split(text, "\n")
			ends := 0
			for _, line := range lines {
				if width(line) > max(columns, 56) && columns > 0 {
					t.Errorf("%d columns: %q", width(line), line)
				}
				if strings.Contains(line, "POP3  ") || strings.HasSuffix(line, "IMAP") {
					ends = width(line)
				}
			}
			for _, m := range pair.Meters(pair.Len()) {
				found := false
				for _, line := range lines {
					if strings.HasPrefix(strings.TrimSpace(line), pair.Label(l, m)+" ") {
						found = true
						if width(line) != ends || !strings.HasSuffix(line, m.Unit.Text(l, m.Values[1])) {
							t.Errorf("%s is not aligned: %q", m.ID, line)
						}
					}
				}
				if !found {
					t.Errorf("%s: no row %q in\n%s", l, pair.Label(l, m), text)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := Differences(&b, pair, Options{Lang: words.EN, Color: true}); err != nil || !strings.Contains(b.String(), "\x1b[") {
		t.Error("no colour on a terminal")
	}
}
