package inspector

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
)

// TestEavesdropperPage tells all that she has after each step, and no more:
// the password once it was said in clear, and of a padlock lengths.
func TestEavesdropperPage(t *testing.T) {
	test.NewApp()
	for device, reads := range map[string]bool{"security: none": true, "security: starttls": false} {
		show := stage.New(stagetest.Cafe(t, device))
		v := New()
		v.Resize(fyne.NewSize(340, 700))
		v.SetShow(show, words.EN)
		v.SetHost("eve.test")
		page := func(step int) string {
			v.Set(show.Scene(step))
			var b strings.Builder
			var pen sketch.Pen
			v.set(&pen, 340)
			for _, o := range pen.Objects() {
				if text, ok := o.(*canvas.Text); ok {
					b.WriteString(text.Text + "\n")
				}
			}
			return b.String()
		}
		if at := page(0); !strings.Contains(at, "Eve\n") || !strings.Contains(at, "Anna, laptop\n") || !strings.Contains(at, "the café\n") {
			t.Errorf("%s: at the start the page says\n%s", device, at)
		}
		password, text, length := false, false, false
		for step := 1; step <= show.Len(); step++ {
			at := page(step)
			password = password || strings.Contains(at, stagetest.CafePassword)
			text = text || strings.Contains(at, stagetest.CafeSecret)
			length = length || strings.Contains(at, "application_data, ")
		}
		if password != reads || text != reads || length == reads {
			t.Errorf("%s: password %v, text %v, lengths %v", device, password, text, length)
		}
	}
}
