package stage_test

import (
	"slices"
	"testing"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// sessionAfter is the session after a dialogue, before its connection closes.
func sessionAfter(t *testing.T, service, dialogue string) (*stage.Session, string) {
	t.Helper()
	b := stagetest.NewBuilder()
	b.Session(stagetest.Mail, stagetest.MX1, service, 25, dialogue)
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	sc := s.Scene(s.Len() - 1)
	if sc.Session == nil {
		t.Fatal("no session")
	}
	return sc.Session, sc.Command
}

func TestPipelinedReplies(t *testing.T) {
	se, command := sessionAfter(t, "smtp", `
S: 220 ready
C: EHLO mail
S: 250-mx1
S: 250 PIPELINING
C: MAIL FROM:<a@x.test>
C: RCPT TO:<b@y.test>
C: RCPT TO:<c@y.test>
C: RCPT TO:<d@y.test>
S: 250 ok
S: 250 ok
S: 550 nobody`)
	want := []stage.Rcpt{{"b@y.test", "250"}, {"c@y.test", "550"}, {"d@y.test", ""}}
	if !slices.Equal(se.Rcpts, want) {
		t.Errorf("recipients are %v, want %v", se.Rcpts, want)
	}
	if command != "RCPT TO:<c@y.test>" {
		t.Errorf("the last reply answers %q", command)
	}
}

func TestSender(t *testing.T) {
	for name, tt := range map[string]struct {
		lines string
		known bool
	}{
		"none":         {"C: EHLO a\nS: 250 ok", false},
		"asked":        {"C: MAIL FROM:<a@x.test>", true},
		"refused":      {"C: MAIL FROM:<a@x.test>\nS: 550 no", false},
		"notification": {"C: MAIL FROM:<>\nS: 250 ok", true},
		"reset":        {"C: MAIL FROM:<a@x.test>\nS: 250 ok\nC: RSET\nS: 250 ok", false},
	} {
		if se, _ := sessionAfter(t, "smtp", tt.lines); se.SenderKnown != tt.known {
			t.Errorf("%s: sender %q known: %v", name, se.Sender, se.SenderKnown)
		}
	}
}

func TestAuthInSteps(t *testing.T) {
	se, command := sessionAfter(t, "submission", `
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: YW5uYQ==
S: 334 UGFzc3dvcmQ6
C: c2VjcmV0
S: 235 welcome
C: MAIL FROM:<a@x.test>
S: 250 ok`)
	if command != "MAIL FROM:<a@x.test>" || !se.SenderKnown {
		t.Errorf("the last reply answers %q", command)
	}
	if se.Chips[1] != (stage.Chip{Name: "AUTH", State: stage.Done}) {
		t.Errorf("chips are %v", se.Chips)
	}
}

func TestSecondLetterStartsAfresh(t *testing.T) {
	se, _ := sessionAfter(t, "smtp", stagetest.Relay+"\nC: MAIL FROM:<b@x.test>")
	if se.DataSent || len(se.Rcpts) != 0 || se.Sender != "b@x.test" {
		t.Errorf("session is %+v", se)
	}
	for _, c := range se.Chips {
		if (c.Name == "RCPT" || c.Name == "DATA") && c.State != stage.Future {
			t.Errorf("chips are %v", se.Chips)
		}
	}
	if se, _ := sessionAfter(t, "smtp", stagetest.Relay); !se.DataSent {
		t.Error("the letter was sent and is not said to be")
	}
}

func TestRefusedConnection(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Add(trace.Event{From: stagetest.Mail, To: stagetest.MX1, Body: &trace.Refused{Service: "smtp", Port: 25, Reason: "host down"}})
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	sc := s.Scene(1)
	if len(sc.Links) != 1 || sc.Links[0].State != stage.RefusedLink || !sc.Links[0].Active || sc.Session != nil {
		t.Errorf("links are %+v", sc.Links)
	}
	if len(s.Conns()) != 1 || s.Lane(1) != s.Conns()[0] || sc.Flight.Code != "refused" {
		t.Errorf("lanes are %v, flight %+v", s.Conns(), sc.Flight)
	}
}
