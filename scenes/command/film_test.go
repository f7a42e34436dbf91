package command

import (
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilm(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.gif")
	code, _, stderr := mailscope(t, "film", "first-letter", "--steps", "3-4", "--size", "480x320", "--speed", "4", "--rate", "4", "-o", file)
	if strings.Contains(stderr, "without a window") {
		t.Skip(stderr)
	}
	f, err := os.Open(file)
	if code != 0 || err != nil {
		t.Fatalf("%d, %s, %v", code, stderr, err)
	}
	defer f.Close()
	g, err := gif.DecodeAll(f)
	if err != nil || len(g.Image) < 3 || g.Config.Width != 480 || g.Config.Height != 320 {
		t.Errorf("%+v, %v", g.Config, err)
	}
}

func TestFilmMistakes(t *testing.T) {
	for _, tt := range []struct{ args, says string }{
		{"film mx", "--output"}, {"film nothing -o x.gif", "nothing"}, {"film mx -o x.gif --size big", "--size: want a size"},
		{"film mx -o x.gif --size 10x10", "--size: want sides"}, {"film mx -o x.gif --size 99999999999999999999x400", "--size: want sides"},
		{"film mx -o x.gif --steps 4", "--steps: want steps"}, {"film mx -o x.gif --steps 9-4", "--steps: want the first"},
		{"film mx -o x.gif --rate 0", "--rate"}, {"film mx -o x.gif --speed 0", "--speed"}, {"film mx -o x.gif --speed NaN", "--speed"},
	} {
		if code, _, stderr := mailscope(t, strings.Fields(tt.args)...); code != exitError || !strings.Contains(stderr, tt.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: %d, %s", tt.args, code, stderr)
		}
	}
}
