package inspector

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// judged is a letter that came to every check that there is, and to one that
// nobody knows, result by result.
func judged(results map[string]string, decision string) *stage.Show {
	b := stagetest.NewBuilder()
	b.Letter = "L1"
	say := func(from, to, text string, role trace.Role, code string) {
		b.Add(trace.Event{From: from, To: to, Conn: 1, Proto: "smtp", Body: &trace.Line{Text: text, Role: role, Code: code}})
	}
	b.Add(trace.Event{From: stagetest.Mail, To: stagetest.MX1, Conn: 1, Proto: "smtp", Body: &trace.Connect{Service: "smtp", Port: 25, FromAddr: "192.0.2.10"}})
	say(stagetest.Mail, stagetest.MX1, "MAIL FROM:<a.rather.long.name.of.somebody@department.romashka.example>", trace.Command, "")
	for _, who := range []string{"ilon", "gwen", "boris"} {
		say(stagetest.Mail, stagetest.MX1, "RCPT TO:<"+who+"@rocket.example>", trace.Command, "")
	}
	for _, check := range []string{"dnsbl", "spf", "greylist", "dkim", "dkim", "dmarc", "content", "forged", "filter", "dance"} {
		result, ok := results[check]
		if check == "filter" {
			result, ok = decision, decision != ""
		}
		if !ok {
			continue
		}
		if check == "dkim" {
			say(stagetest.Mail, stagetest.MX1, stagetest.Letter, trace.Data, "")
		}
		v := &trace.Verdict{Check: check, Result: result, Domain: "romashka.example", Addr: "192.0.2.10", Asked: []string{"TXT _dmarc.romashka.example"},
			Record: strings.Repeat("v=DMARC1; p=quarantine; ", 9), Policy: "quarantine", Reason: "nothing vouches for romashka.example; SPF passed for x.example"}
		if check == "filter" && decision != "refuse" {
			v.Field = "Authentication-Results: mx1.rocket.example;\r\n\tspf=fail smtp.mailfrom=romashka.example;\r\n\tdmarc=fail"
		}
		b.Add(trace.Event{From: stagetest.MX1, Body: v})
	}
	switch decision {
	case "refuse":
		say(stagetest.MX1, stagetest.Mail, "550 5.7.1 no", trace.Reply, "550")
	case "":
		say(stagetest.MX1, stagetest.Mail, "451 4.7.1 later", trace.Reply, "451")
	default:
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Store{Action: "add", Mailbox: "ilon@rocket.example", Folder: "Junk"}})
	}
	return stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
}

// written is all that a page says, and how high it is.
func written(show *stage.Show, l words.Lang, step int, width float32) (string, float32, []fyne.CanvasObject) {
	v := New()
	v.show, v.lang, v.scene = show, l, show.Scene(step)
	var pen sketch.Pen
	high := v.set(&pen, width)
	var text strings.Builder
	for _, o := range pen.Objects() {
		if t, ok := o.(*canvas.Text); ok {
			text.WriteString(t.Text + "\n")
		}
	}
	return text.String(), high, pen.Objects()
}

// Whatever checks came to, the picture of it stays in its column and says what
// became of the letter.
func TestJudgementIsDrawn(t *testing.T) {
	test.NewApp()
	all := map[string]string{}
	for _, check := range []string{"dnsbl", "spf", "greylist", "dkim", "dmarc", "content", "forged", "dance"} {
		all[check] = "pass"
	}
	fails := map[string]string{"spf": "permerror", "dkim": "temperror", "dmarc": "fail", "content": "fail"}
	for _, c := range []struct {
		name     string
		results  map[string]string
		decision string
		want     []string // at the last step, in English
	}{
		{"all that there is", all, "deliver", []string{"Envelope", "Letter", "Junk", "RFC 8601", "quarantine", "Check"}},
		{"not all is asked", map[string]string{"spf": "fail"}, "junk", []string{"Junk", "Not asked: DKIM, content.", "Not asked: DMARC."}},
		{"refused", fails, "refuse", []string{"refused 550", "quarantine"}},
		{"greylisted", map[string]string{"spf": "none", "greylist": "wait"}, "", []string{"later 451"}},
	} {
		show := judged(c.results, c.decision)
		for _, l := range words.Langs {
			for _, width := range []float32{228, 340, 532} {
				for step := 1; step <= show.Len(); step++ {
					if show.Judgement(step) == nil {
						continue
					}
					text, high, objects := written(show, l, step, width)
					if strings.Contains(text, "verdict.") || strings.Contains(text, "court.") {
						t.Errorf("%s, %s, step %d: a key is shown:\n%s", c.name, l, step, text)
					}
					for _, o := range objects {
						if x := o.Position().X + o.Size().Width; x > width || o.Position().X < 0 || o.Position().Y+o.Size().Height > high {
							what, _ := o.(*canvas.Text)
							t.Errorf("%s, %s, step %d, %v wide: %v %v reaches out of %v (%+v)", c.name, l, step, width, o.Position(), o.Size(), high, what)
						}
					}
				}
			}
		}
		text, _, _ := written(show, words.EN, show.Len(), 532)
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not said in\n%s", c.name, want, text)
			}
		}
	}
}

// The policy that comes to bear is filled; one that does not need to, since
// somebody vouches, is not.
func TestPolicyIsFilledIfItMatters(t *testing.T) {
	test.NewApp()
	for result, want := range map[string]int{"fail": 1, "pass": 0, "none": 0} {
		show := judged(map[string]string{"dmarc": result}, "deliver")
		_, _, objects := written(show, words.EN, show.Len(), 532)
		filled := 0
		for _, o := range objects {
			if r, ok := o.(*canvas.Rectangle); ok && r.FillColor == look.P().Now {
				filled++
			}
		}
		if filled != want {
			t.Errorf("dmarc=%s: %d choices are filled", result, filled)
		}
	}
}

// What happens now is scrolled into view, though the picture is longer than the
// panel is high.
func TestVerdictIsInView(t *testing.T) {
	test.NewApp()
	all := map[string]string{}
	for _, check := range []string{"dnsbl", "spf", "greylist", "dkim", "dmarc", "content", "forged", "dance"} {
		all[check] = "fail"
	}
	show := judged(all, "junk")
	v := New()
	v.Resize(fyne.NewSize(340, 500))
	v.SetShow(show, words.RU)
	for step := 1; step <= show.Len(); step++ {
		v.Set(show.Scene(step))
		if show.Judgement(step) == nil {
			continue
		}
		if v.focus.h <= 0 {
			t.Fatalf("step %d: nothing happens", step)
		}
		top := v.scroll.Offset.Y
		if v.focus.y < top || min(v.focus.bottom(), v.focus.y+480) > top+500 {
			t.Errorf("step %d: %v of %v is out of view, scrolled to %v", step, v.focus, v.high, top)
		}
	}
}
