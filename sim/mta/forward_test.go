package mta_test

import (
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// lists is the town with addresses that stand for others.
var lists = strings.NewReplacer(
	"    people:\n      - {name: anna", `    aliases:
      - {name: team, to: [boris@romashka.example, ilon@rocket.example]}
      - {name: sales, to: [anna@romashka.example]}
      - {name: everybody, to: [team@romashka.example]}
      - {name: gone, to: [nobody@rocket.example]}
      - {name: full, to: [zoya@romashka.example]}
      - {name: news, to: [boris@romashka.example, nobody@rocket.example], owner: boris@romashka.example, footer: You are on the list}
      - {name: round, to: [about@romashka.example]}
      - {name: about, to: [round@romashka.example]}
      - {name: there, to: [back@rocket.example]}
    people:
      - {name: anna`,
	"    people: [{name: ilon", "    aliases: [{name: back, to: [there@romashka.example]}]\n    people: [{name: ilon",
	"lax_sender: true, ", "max_hops: 6, ",
).Replace(town)

func TestAliasesGoOn(t *testing.T) {
	for _, tt := range []struct {
		name       string
		rcpt       smtp.Rcpt
		boris      []string // in the letter that he gets; nil for none
		lacks      string   // in it
		ilon, anna []string
	}{
		{name: "to several", rcpt: smtp.Rcpt{To: "Team@romashka.example"},
			boris: []string{"Return-Path: <anna@romashka.example>", "Received: from " + laptop, "\r\nHello\r\n"}, ilon: []string{"Return-Path: <anna@romashka.example>"}},
		{name: "to an alias", rcpt: smtp.Rcpt{To: "everybody@romashka.example"},
			boris: []string{"Return-Path: <anna@romashka.example>"}, ilon: []string{"Received: from mail.romashka.example"}},
		{name: "to nobody", rcpt: smtp.Rcpt{To: "gone@romashka.example", ORcpt: "rfc822;gone@romashka.example"},
			anna: []string{"Return-Path: <>", "Original-Recipient: rfc822;gone@romashka.example", "Final-Recipient: rfc822; nobody@rocket.example", "Status: 5.1.1"}},
		{name: "to nobody, declined", rcpt: smtp.Rcpt{To: "gone@romashka.example", Notify: []string{"NEVER"}}},
		{name: "to a list, whose owner hears of its trouble", rcpt: smtp.Rcpt{To: "news@romashka.example", Notify: []string{"SUCCESS"}},
			boris: []string{"Return-Path: <boris@romashka.example>", "\r\nHello\r\nYou are on the list\r\n"},
			anna:  []string{"Action: delivered", "Final-Recipient: rfc822; news@romashka.example"}},
		{name: "in a circle", rcpt: smtp.Rcpt{To: "round@romashka.example"}, anna: []string{"Status: 5.4.6", "this letter loops"}},
		{name: "in a circle of servers", rcpt: smtp.Rcpt{To: "there@romashka.example"}, anna: []string{"Status: 5.4.6", "this letter loops"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, lists)
			w.submit(smtp.Mail{}, letter, tt.rcpt)
			w.pass(24 * time.Hour)
			for who, want := range map[string][]string{"boris@romashka.example": tt.boris, "ilon@rocket.example": tt.ilon, "anna@romashka.example": tt.anna} {
				got := w.letters(who)
				switch {
				case want == nil && len(got) > 0:
					t.Errorf("%s got\n%s", who, got[0])
				case want != nil && len(got) == 0:
					t.Errorf("%s got nothing; queue %q", who, w.queues())
				case want != nil:
					contains(t, got[0], want...)
				}
			}
			left := map[string]int{}
			for seq := 1; seq <= w.Trace.Len(); seq++ {
				if q, ok := w.Trace.At(seq).Body.(*trace.Queue); ok {
					left[w.Trace.At(seq).From] = q.Length
				}
			}
			if left["mail.romashka.example"]+left["mx.rocket.example"] != 0 {
				t.Errorf("left in queues: %v", left)
			}
		})
	}
}

// TestBounceToAList: the notification about a letter to a list goes to its
// owner, and there is none about that.
func TestBounceToAList(t *testing.T) {
	w := startWorld(t, lists)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "news@romashka.example"})
	w.pass(24 * time.Hour)
	got := w.letters("boris@romashka.example")
	if len(got) != 2 {
		t.Fatalf("%d letters", len(got))
	}
	contains(t, got[1], "Return-Path: <>", "To: <boris@romashka.example>", "Final-Recipient: rfc822; nobody@rocket.example")
}

// TestAliasToAFullMailbox waits there: the alias itself has room.
func TestAliasToAFullMailbox(t *testing.T) {
	w := startWorld(t, lists)
	w.submit(smtp.Mail{}, letter+strings.Repeat("x", 400)+"\r\n", smtp.Rcpt{To: "zoya@romashka.example"})
	w.submit(smtp.Mail{}, letter+strings.Repeat("x", 400)+"\r\n", smtp.Rcpt{To: "full@romashka.example"})
	w.pass(time.Minute)
	if q := w.queues(); !strings.Contains(q[len(q)-1], " deferred ") {
		t.Errorf("queue %q", q)
	}
}

// TestOwnAddresses: an alias that leads to a user is one of his, and a list is
// nobody's.
func TestOwnAddresses(t *testing.T) {
	w := startWorld(t, lists)
	for from, want := range map[string]string{"anna": "250", "sales": "250", "team": "553", "news": "553", "boris": "553"} {
		got := w.say(office+":587", "EHLO x", "AUTH PLAIN AGFubmFAcm9tYXNoa2EuZXhhbXBsZQBh", "MAIL FROM:<"+from+"@romashka.example>")
		if !strings.HasPrefix(got[3], want) {
			t.Errorf("%s: %q", from, got)
		}
	}
}
