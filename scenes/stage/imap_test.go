package stage_test

import (
	"strings"
	"testing"
	"time"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// imapShow is a show of one IMAP session.
func imapShow(dialogue string) *stage.Show {
	b := stagetest.NewBuilder()
	b.Session(stagetest.Ilon, stagetest.MX1, "imap", 143, dialogue)
	return stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
}

const imapSession = `
S: * OK ready
C: a1 LOGIN ilon secret
S: a1 OK welcome
C: a2 SELECT "My \"Work\""
S: * FLAGS (\Seen)
S: * 4 EXISTS
S: a2 OK [READ-WRITE] done
C: a3 UID FETCH 7 BODY[]
S: * 4 FETCH (UID 7 BODY[] {12}
s: Subject: x\r\n
S: )
S: a3 OK done
C: a4 IDLE
S: + idling
S: * 5 EXISTS
S: * 2 EXPUNGE
S: * VANISHED 7,9:10
C: DONE
S: a4 OK done
C: a5 EXAMINE {4}
S: + go ahead
c: Sent
C:
S: * 2 EXISTS
S: a5 OK done
C: a6 SELECT nowhere
S: a6 NO [NONEXISTENT] there is none
C: a7 LOGOUT
S: * BYE bye
S: a7 OK done`

func TestIMAPSession(t *testing.T) {
	s := imapShow(imapSession)
	after := func(text string) *stage.Scene {
		t.Helper()
		for step := 1; step <= s.Len(); step++ {
			if l, ok := s.Event(step).Body.(*trace.Line); ok && l.Text == text {
				return s.Scene(step)
			}
		}
		t.Fatalf("no line %q", text)
		return nil
	}
	for _, c := range []struct {
		line, command, before string
		folder                string
		count                 int
		readOnly, idle        bool
	}{
		{"* OK ready", "", "", "", 0, false, false},
		{"* 4 EXISTS", `a2 SELECT "My \"Work\""`, "", "", 4, false, false},
		{"a2 OK [READ-WRITE] done", `a2 SELECT "My \"Work\""`, "", `My "Work"`, 4, false, false},
		{"Subject: x\r\n", "a3 UID FETCH 7 BODY[]", "* 4 FETCH (UID 7 BODY[] {12}", `My "Work"`, 4, false, false},
		{")", "a3 UID FETCH 7 BODY[]", "* 4 FETCH (UID 7 BODY[] {12}", `My "Work"`, 4, false, false},
		{"+ idling", "a4 IDLE", "", `My "Work"`, 4, false, true},
		{"* 5 EXISTS", "a4 IDLE", "", `My "Work"`, 5, false, true},
		{"* 2 EXPUNGE", "a4 IDLE", "", `My "Work"`, 4, false, true},
		{"* VANISHED 7,9:10", "a4 IDLE", "", `My "Work"`, 1, false, true},
		{"DONE", "a4 IDLE", "", `My "Work"`, 1, false, false},
		{"Sent", "a5 EXAMINE {4}", "a5 EXAMINE {4}", "", 0, false, false},
		{"a5 OK done", "a5 EXAMINE {4}", "", "Sent", 2, true, false},
		{"a6 NO [NONEXISTENT] there is none", "a6 SELECT nowhere", "", "", 0, false, false},
	} {
		sc := after(c.line)
		se := sc.Session
		if sc.Command != c.command || sc.Before != c.before {
			t.Errorf("%s: command %q, before %q", c.line, sc.Command, sc.Before)
		}
		if se.Folder != c.folder || se.Count != c.count || se.ReadOnly != c.readOnly || se.Idle != c.idle {
			t.Errorf("%s: %+v", c.line, se)
		}
	}
	var chips []string
	for _, c := range after("a4 IDLE").Session.Chips {
		chips = append(chips, c.Name+[]string{"", "!", "+"}[c.State])
	}
	if got, want := strings.Join(chips, " "), "LOGIN+ SELECT+ EXAMINE FETCH+ STORE IDLE! LOGOUT"; got != want {
		t.Errorf("chips are %s, want %s", got, want)
	}
	for line, want := range map[string]stage.FlightKind{
		"a4 IDLE": stage.FlyCommand, "* 5 EXISTS": stage.FlyReply, "Subject: x\r\n": stage.FlyLetter,
		")": stage.FlyReply, "Sent": stage.FlyCommand,
	} {
		if got := after(line).Flight.What; got != want {
			t.Errorf("%s: flies as %d, want %d", line, got, want)
		}
	}
	for line, want := range map[string]string{
		"a4 IDLE": "IDLE", "* 5 EXISTS": "EXISTS", "* FLAGS (\\Seen)": "FLAGS", ")": "", "Sent": "", "DONE": "DONE",
		"a3 UID FETCH 7 BODY[]": "FETCH", "a3 OK done": "OK", "* BYE bye": "BYE", "+ idling": "+",
	} {
		if got := after(line).Flight.Word; got != want {
			t.Errorf("%s: the word is %q, want %q", line, got, want)
		}
	}
	for line, long := range map[string]bool{
		"a4 IDLE": true, `* FLAGS (\Seen)`: true, "* 4 EXISTS": false, "a2 OK [READ-WRITE] done": false,
		"Subject: x\r\n": true, ")": false, "a3 OK done": false, "": false,
	} {
		if beat := s.Beat(after(line).Step); (beat > time.Second) != long {
			t.Errorf("%q takes %v", line, beat)
		}
	}
}

func TestIMAPStops(t *testing.T) {
	for rule, want := range map[stage.StopRule]string{stage.StopRefusal: "a6 NO [NONEXISTENT] there is none", stage.StopLetter: ""} {
		s := imapShow(imapSession)
		p := stage.NewPlayer(s)
		p.StopAt = rule
		p.Play()
		for p.Playing {
			p.Advance(time.Second)
		}
		got := ""
		if l, ok := s.Event(p.Step).Body.(*trace.Line); ok {
			got = l.Text
		}
		if got != want {
			t.Errorf("rule %d stops at %q, want %q", rule, got, want)
		}
	}
}

// A mailbox keeps its letters whatever its folders are called.
func TestFolders(t *testing.T) {
	b := stagetest.NewBuilder()
	store := func(action, folder, to string, count int) {
		b.Add(trace.Event{From: stagetest.MX1, Body: &trace.Store{Action: action, Mailbox: "ilon@rocket.example", Folder: folder, To: to, Count: count}})
	}
	store("add", "INBOX", "", 2)
	store("create", "Work", "", 0)
	store("add", "Work", "", 3)
	store("add", "Work/Old", "", 4)
	store("add", "Workshop", "", 5)
	store("rename", "Work", "Play", 3)
	store("subscribe", "Play", "", 0)
	store("flags", "Play", "", 3)
	store("delete", "Play/Old", "", 0)
	store("rename", "INBOX", "Archive", 2)
	store("remove", "Archive", "", 1)
	b.Add(trace.Event{From: stagetest.Ilon, Body: &trace.Device{Action: "fetched", Count: 3}})
	s := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	for step, want := range []int{0, 2, 2, 5, 9, 14, 14, 14, 14, 10, 10, 9} {
		if got := s.Scene(step).Hosts[stagetest.MX1].Letters; got != want {
			t.Errorf("after step %d: %d letters, want %d", step, got, want)
		}
	}
	sc := s.Scene(s.Len())
	if n := sc.Mailboxes["ilon@rocket.example"]; n != 0 {
		t.Errorf("%d letters in INBOX after it was renamed", n)
	}
	if n := sc.Hosts[stagetest.Ilon].Kept; n != 3 {
		t.Errorf("%d letters on the device", n)
	}
}
