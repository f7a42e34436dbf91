package stage_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// stepOf finds the nth line that starts with text.
func stepOf(t *testing.T, s *stage.Show, text string, nth int) int {
	t.Helper()
	for step := 1; step <= s.Len(); step++ {
		if l, ok := s.Event(step).Body.(*trace.Line); ok && strings.HasPrefix(l.Text, text) {
			if nth--; nth == 0 {
				return step
			}
		}
	}
	t.Fatalf("no line %q", text)
	return 0
}

func TestSceneDuringRelay(t *testing.T) {
	s := stage.New(stagetest.MX())
	sc := s.Scene(stepOf(t, s, "RCPT", 2))
	if sc.Hosts[stagetest.Mail].Queue != 1 || !sc.Hosts[stagetest.Mail].Acting {
		t.Errorf("mail host is %+v", sc.Hosts[stagetest.Mail])
	}
	if sc.Flight == nil || sc.Flight.What != stage.FlyEnvelope || sc.Flight.To != stagetest.MX1 {
		t.Errorf("flight is %+v", sc.Flight)
	}
	se := sc.Session
	if se == nil || !se.SenderKnown || se.Sender != "anna@romashka.example" || len(se.Rcpts) != 1 || se.Rcpts[0].Code != "" {
		t.Fatalf("session is %+v", se)
	}
	want := []stage.Chip{{"EHLO", stage.Done}, {"MAIL", stage.Done}, {"RCPT", stage.Now}, {"DATA", stage.Future}, {"QUIT", stage.Future}}
	if !slices.Equal(se.Chips, want) {
		t.Errorf("chips are %v, want %v", se.Chips, want)
	}
	var states []stage.LinkState
	for _, l := range sc.Links {
		states = append(states, l.State)
		if l.Active != (l.Service == "smtp") {
			t.Errorf("link %+v", l)
		}
	}
	if !slices.Equal(states, []stage.LinkState{stage.Past, stage.Past, stage.Open}) {
		t.Errorf("links are %v", states)
	}
	if got := s.Scene(sc.Step + 1); got.Session.Rcpts[0].Code != "250" || got.Command != "RCPT TO:<ilon@rocket.example>" {
		t.Errorf("after the reply: %+v, command %q", got.Session.Rcpts, got.Command)
	}
}

// TestQueueWaits: of letters that wait, the one that is tried soonest counts,
// from the playhead's moment on; one that is being tried waits for nothing.
func TestQueueWaits(t *testing.T) {
	tr := trace.New()
	queue := func(at time.Duration, action, id string, next time.Duration, length int, to ...string) {
		tr.Append(trace.Event{At: at, From: stagetest.Mail, Body: &trace.Queue{Action: action, ID: id, Recipients: to, Next: next, Length: length}}, nil)
	}
	queue(0, "accepted", "Q1", 0, 2, "a@x.test", "b@y.test")
	queue(time.Minute, "deferred", "Q1", 61*time.Minute, 2, "a@x.test")
	queue(2*time.Minute, "deferred", "Q1", 17*time.Minute, 2, "b@y.test")
	queue(10*time.Minute, "accepted", "Q2", 0, 3, "c@x.test")
	queue(17*time.Minute, "attempt", "Q1", 0, 3, "b@y.test")
	queue(18*time.Minute, "relayed", "Q2", 0, 2, "c@x.test")
	queue(61*time.Minute, "relayed", "Q1", 0, 1, "a@x.test")
	queue(62*time.Minute, "bounced", "Q1", 0, 0, "b@y.test")
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: tr})
	var got []time.Duration
	for step := 1; step <= s.Len(); step++ {
		got = append(got, s.Scene(step).Hosts[stagetest.Mail].Wait/time.Minute)
	}
	if want := []time.Duration{0, 60, 15, 7, 44, 43, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("waits %v minutes, want %v", got, want)
	}
}

// TestFaultsStandOnTheStage from when they are switched on until they are
// mended; where one strikes the scene says so; a connection that breaks off
// differs from one that ends.
func TestFaultsStandOnTheStage(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Session(stagetest.Anna, stagetest.Mail, "submission", 587, "S: 220 hello")
	fault := func(action, kind, name, from, to string, conn int) {
		b.Add(trace.Event{From: from, To: to, Conn: conn, Body: &trace.Fault{Action: action, Type: kind, Name: name}})
	}
	from := b.Trace.Len()
	fault("on", "slow", "slowly", stagetest.Mail, stagetest.MX1, 0)
	fault("on", "cut", "cut", stagetest.Mail, "", 0)
	fault("struck", "cut", "cut", stagetest.Anna, stagetest.Mail, 1)
	b.Add(trace.Event{From: stagetest.Anna, To: stagetest.Mail, Conn: 1, Body: &trace.Close{Reason: "connection lost"}})
	fault("off", "cut", "cut", stagetest.Mail, "", 0)
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	first := s.Step(from + 1)
	for i, want := range []string{"slowly", "slowly cut", "slowly cut !cut", "slowly cut", "slowly"} {
		sc := s.Scene(first + i)
		var got []string
		for _, f := range sc.Faults {
			got = append(got, f.Name)
		}
		if sc.Struck != nil {
			got = append(got, "!"+sc.Struck.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("step %d: faults %q, want %q", first+i, got, want)
		}
	}
	sc := s.Scene(first + 2)
	if !sc.Links[0].Active || sc.Links[0].Broken || *sc.Struck != (stage.Fault{Type: "cut", Name: "cut", From: stagetest.Anna, To: stagetest.Mail}) {
		t.Errorf("where it strikes: %+v, %+v", sc.Links, sc.Struck)
	}
	if l := s.Scene(first + 3).Links[0]; !l.Broken || l.State != stage.Past {
		t.Errorf("the connection broke off: %+v", l)
	}
}

// TestHostsGoDark when they are down, when their power goes, and not while that
// is only about to happen.
func TestHostsGoDark(t *testing.T) {
	b := stagetest.NewBuilder()
	add := func(action, to string, f fault.Fault) {
		b.Add(trace.Event{From: f.Host, To: to, Body: &trace.Fault{Action: action, Type: f.Type, Name: f.Called(), Detail: f.Detail()}})
	}
	down := fault.Fault{Type: fault.Down, Host: stagetest.MX1}
	off := fault.Fault{Type: fault.Power, Name: "off", Host: stagetest.Mail}
	soon := fault.Fault{Type: fault.Power, Name: "soon", Host: stagetest.MX2, Says: "250 *"}
	add("on", "", down)
	add("on", "", off)
	add("on", "", soon)
	add("struck", stagetest.Mail, soon)
	add("off", "", off)
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for step, want := range []string{"", "down", "down off", "down off", "down off soon", "down soon"} {
		var dark []string
		for _, f := range s.Scene(step).Faults {
			if f.Dark {
				dark = append(dark, f.Name)
			}
		}
		if strings.Join(dark, " ") != want {
			t.Errorf("step %d: dark by %q, want %q", step, dark, want)
		}
	}
}

func TestSceneOfPOP3(t *testing.T) {
	s := stage.New(stagetest.MX())
	sc := s.Scene(stepOf(t, s, "RETR", 1) + 2)
	if sc.Flight == nil || sc.Flight.What != stage.FlyLetter || sc.Flight.From != stagetest.MX1 {
		t.Errorf("flight is %+v", sc.Flight)
	}
	if sc.Session.Count != 1 || sc.Mailboxes["ilon@rocket.example"] != 1 || sc.Hosts[stagetest.MX1].Letters != 1 {
		t.Errorf("count %d, mailboxes %v", sc.Session.Count, sc.Mailboxes)
	}
	last := s.Scene(s.Len())
	if last.Hosts[stagetest.Ilon].Kept != 1 || last.Hosts[stagetest.MX1].Letters != 0 || last.Session != nil {
		t.Errorf("at the end %+v", last)
	}
}

func TestStepsSkipNotes(t *testing.T) {
	rec := stagetest.MX()
	s := stage.New(rec)
	if s.Event(1).Kind() != trace.KindDevice || s.Story(1)["en"] != "Anna writes to Ilon." || s.Step(3) != 1 {
		t.Errorf("step 1 is %v, story %v, note's step %d", s.Event(1).Kind(), s.Story(1), s.Step(3))
	}
	chapters := s.Chapters()
	if len(chapters) != 4 || chapters[0].Step != 1 || s.Event(chapters[1].Step).Kind() != trace.KindLookup {
		t.Errorf("chapters are %v", chapters)
	}
	if s.Step(rec.Len()) != s.Len() || s.Sync() {
		t.Error("the last event is not the last step")
	}
}

func TestStepOfALessonTellsNothing(t *testing.T) {
	tr := trace.New()
	for _, body := range []trace.Payload{&trace.Note{Text: trace.Words{"en": "Now"}}, &trace.Note{Step: 1}, &trace.Device{Action: "poll"}} {
		tr.Append(trace.Event{Body: body}, nil)
	}
	tr.Append(trace.Event{Cause: 3, Body: &trace.Note{Step: 2}}, nil)
	s := stage.New(trace.Recording{Trace: tr})
	if s.Len() != 1 || len(s.Chapters()) != 0 || s.Story(1)["en"] != "Now" || s.Step(2) != 1 {
		t.Errorf("%d steps, chapters %v, story %v", s.Len(), s.Chapters(), s.Story(1))
	}
}

// TestAnyScene checks that a scene reached by a jump, with kept states, equals
// the one of a show that ends there.
func TestAnyScene(t *testing.T) {
	rec := stagetest.Long(3000)
	s := stage.New(rec)
	for step := 0; step <= s.Len(); step += 97 {
		short := trace.New()
		for seq := 1; seq <= step; seq++ {
			short.Append(*rec.At(seq), nil)
		}
		a, b := s.Scene(step), stage.New(trace.Recording{Header: rec.Header, Trace: short}).Scene(step)
		if !slices.Equal(a.Links, b.Links) || a.Mailboxes["ilon@rocket.example"] != b.Mailboxes["ilon@rocket.example"] || a.Command != b.Command {
			t.Fatalf("step %d: %+v, %+v", step, a, b)
		}
	}
}
