package stage_test

import (
	"strings"
	"testing"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// court writes a letter's way through a filter: "C: " and "S: " are lines of a
// conversation, "D: " is data, "V: spf=fail" a verdict, "? TXT a.example" a
// question, "+ Junk" what is put into a mailbox.
func court(b *stagetest.Builder, conn int, script string) {
	for line := range strings.SplitSeq(strings.TrimSpace(script), "\n") {
		mark, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		e := trace.Event{From: stagetest.MX1}
		say := func(from, to string, role trace.Role) {
			e.From, e.To, e.Conn, e.Proto = from, to, conn, "smtp"
			l := &trace.Line{Text: text, Role: role, Bytes: len(text) + 2}
			if role == trace.Reply {
				l.Code = text[:3]
			}
			e.Body = l
		}
		switch mark {
		case "C:":
			say(stagetest.Mail, stagetest.MX1, trace.Command)
		case "D:":
			say(stagetest.Mail, stagetest.MX1, trace.Data)
		case "S:":
			say(stagetest.MX1, stagetest.Mail, trace.Reply)
		case "V:":
			check, result, _ := strings.Cut(text, "=")
			e.Body = &trace.Verdict{Check: check, Result: result, Asked: []string{"TXT " + check + ".example"}}
		case "?":
			e.To = stagetest.NS
			e.Body = &trace.Lookup{Type: "TXT", Name: strings.TrimPrefix(text, "TXT ") + ".", RCode: "NOERROR"}
		case "+":
			e.Body = &trace.Store{Action: "add", Mailbox: "ilon@rocket.example", Folder: text}
		case "open":
			e.From, e.To, e.Conn, e.Proto = stagetest.Mail, stagetest.MX1, conn, "smtp"
			e.Body = &trace.Connect{Service: "smtp", Port: 25, FromAddr: "203.0.113.66"}
		}
		if e.Letter = b.Letter; text == "QUIT" || text == "221 2.0.0 bye" {
			e.Letter = "none" // the conversation has let go of it
		}
		b.Add(e)
	}
}

func found(j *stage.Judgement) string {
	if j == nil {
		return ""
	}
	var list []string
	for _, v := range j.Checks {
		list = append(list, v.Check+"="+v.Result)
	}
	for _, check := range []string{"dnsbl", "spf", "dkim", "dmarc"} {
		list = append(list, check+":"+[]string{"to come", "not asked", "asking", "taken"}[j.State(check)])
	}
	if j.Reply != nil {
		list = append(list, j.Reply.Code)
	}
	if j.Folder != "" {
		list = append(list, j.Folder)
	}
	return strings.Join(list, " ")
}

// What stands on the stage is what is known of this letter, at this server, in
// this attempt; it is there for what follows from a verdict and for no more.
func TestJudgement(t *testing.T) {
	b := stagetest.NewBuilder()
	b.Letter = "L1"
	court(b, 1, `
		open
		C: MAIL FROM:<old@rocket.example>
		C: RCPT TO:<ilon@rocket.example>
		V: spf=pass
		V: greylist=wait
		S: 250 2.1.0 sender ok
		S: 451 4.7.1 greylisted
		C: QUIT
		S: 221 2.0.0 bye`)
	court(b, 2, `
		open
		C: MAIL FROM:<mallory@rocket.example>
		S: 250 2.1.0 sender ok
		C: RCPT TO:<ilon@rocket.example>
		? TXT spf.example
		V: spf=fail
		S: 250 2.1.5 recipient ok
		C: DATA
		S: 354 go on
		D: From: Ilon
		D: .
		V: dkim=none
		? TXT dmarc.example
		? TXT elsewhere.example
		V: dmarc=fail
		V: filter=junk
		S: 250 2.0.0 queued
		C: QUIT
		S: 221 2.0.0 bye
		+ Junk`)
	show := stage.New(trace.Recording{Header: trace.Header{World: stagetest.World()}, Trace: b.Trace})
	later := " dnsbl:not asked spf:taken dkim:taken dmarc:taken"
	want := []string{
		"", "", "",
		"spf=pass dnsbl:not asked spf:taken dkim:not asked dmarc:not asked",
		"spf=pass greylist=wait dnsbl:not asked spf:taken dkim:not asked dmarc:not asked",
		"spf=pass greylist=wait dnsbl:not asked spf:taken dkim:not asked dmarc:not asked 250",
		"spf=pass greylist=wait dnsbl:not asked spf:taken dkim:not asked dmarc:not asked 451",
		"", "", // QUIT and its answer
		"", "", "", "",
		"", // nothing is known yet
		"spf=fail dnsbl:not asked spf:taken dkim:to come dmarc:to come",
		"spf=fail dnsbl:not asked spf:taken dkim:to come dmarc:to come 250",
		"", "", "", "",
		"spf=fail dkim=none dnsbl:not asked spf:taken dkim:taken dmarc:to come",
		"spf=fail dkim=none dnsbl:not asked spf:taken dkim:taken dmarc:asking",
		"", // a question of something else
		"spf=fail dkim=none dmarc=fail" + later,
		"spf=fail dkim=none dmarc=fail filter=junk" + later,
		"spf=fail dkim=none dmarc=fail filter=junk" + later + " 250",
		"", "",
		"spf=fail dkim=none dmarc=fail filter=junk" + later + " 250 Junk",
	}
	if show.Len() != len(want) {
		t.Fatalf("%d steps", show.Len())
	}
	for i, w := range want {
		if got := found(show.Judgement(i + 1)); got != w {
			t.Errorf("step %d: %q, want %q", i+1, got, w)
		}
	}
	j := show.Judgement(show.Len())
	if j.Addr != "203.0.113.66" || j.Sender != "mallory@rocket.example" || len(j.Rcpts) != 1 || j.Conn == nil || show.Event(j.Heard).Conn != 2 {
		t.Errorf("%+v", j)
	}
	if d := j.Decision(); d == nil || d.Result != "junk" {
		t.Errorf("decision %+v", d)
	}
	// A short while between two steps of the same does not end it.
	for step := 1; step <= show.Len(); step++ {
		inside := step >= 4 && step <= 7 || step >= 15
		if show.Judging(step) != inside {
			t.Errorf("step %d: judging %v", step, !inside)
		}
	}
}

// A letter that no server judges has no judgement anywhere.
func TestNoJudgement(t *testing.T) {
	show := stage.New(stagetest.MX())
	for step := range show.Len() + 1 {
		if show.Judgement(step) != nil || show.Judging(step) {
			t.Errorf("step %d", step)
		}
	}
}
