package mapview

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/look"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// TestFaultsAreDrawnWhereTheyAre: on the card of a host, in the middle of a
// link, even one that nobody has used; where one strikes its sign is edged in
// the colour of now; each has a picture and a word, and covers no card.
func TestFaultsAreDrawnWhereTheyAre(t *testing.T) {
	test.NewApp()
	t.Cleanup(func() { look.Use(look.DarkPalette) })
	b := stagetest.NewBuilder()
	fault := func(action, kind, from, to string, conn int) {
		b.Add(trace.Event{From: from, To: to, Conn: conn, Body: &trace.Fault{Action: action, Type: kind, Name: kind}})
	}
	fault("on", "strip", stagetest.Mail, stagetest.MX1, 0)
	fault("on", "down", stagetest.MX2, "", 0)
	fault("on", "dns", stagetest.NS, "", 0)
	b.Session(stagetest.Anna, stagetest.Mail, "submission", 587, "S: 220 hello")
	fault("struck", "reply", stagetest.Mail, stagetest.Anna, 1)
	b.Add(trace.Event{From: stagetest.Anna, To: stagetest.Mail, Conn: 1, Body: &trace.Close{Reason: "connection lost"}})
	fault("off", "strip", stagetest.Mail, stagetest.MX1, 0)
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for _, lang := range words.Langs {
		v := New()
		v.Resize(fyne.NewSize(764, 384))
		v.SetShow(s, lang)
		for step, want := range map[int]string{
			1: "scissors", 3: "scissors", s.Len() - 2: "bolt! scissors", s.Len() - 1: "scissors cut", s.Len(): "cut",
		} {
			v.Set(s.Scene(step), 1)
			var got []string
			for _, p := range v.faults {
				sign := p.icon
				if p.now {
					sign += "!"
				}
				got = append(got, sign)
				for i := range v.lay.Cards {
					if p.hits(v.lay.Cards[i].rect) {
						t.Errorf("step %d: %s covers %s", step, p.icon, v.lay.Cards[i].Name)
					}
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, step %d: %q, want %q", lang, step, got, want)
			}
		}
		v.Set(s.Scene(s.Len()), 1)
		for _, c := range v.cards {
			trouble := c.Host.Name == stagetest.MX2 || c.Host.Name == stagetest.NS
			if c.faultIcon.Visible() != trouble || trouble != (c.sub.Text != c.Sub) || c.strike.Visible() != (c.Host.Name == stagetest.MX2) {
				t.Errorf("%s: the card of %s says %q", lang, c.Name, c.sub.Text)
			}
		}
	}
	picture(t, "faults", look.LightPalette, words.EN, s, s.Len()-2, 1, fyne.NewSize(796, 404))
}

// TestEveryFaultHasASign that no other has, in both languages.
func TestEveryFaultHasASign(t *testing.T) {
	seen := make(map[string]bool)
	for _, kind := range fault.Types() {
		if faultIcons[kind] == "" {
			t.Errorf("%s has no picture", kind)
		}
	}
	for kind := range faultIcons {
		for _, lang := range words.Langs {
			icon, word := faultSign(kind, lang)
			if icon == "" || seen[word] {
				t.Errorf("%s: %q, %q", kind, icon, word)
			}
			seen[word] = true
		}
	}
	if icon, word := faultSign("of tomorrow", words.EN); icon == "" || word == "" {
		t.Error("a fault that is not known has no sign")
	}
}
