package mta_test

import (
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
)

const letter = "From: <anna@romashka.example>\r\nTo: <ilon@rocket.example>\r\nSubject: Test\r\n" +
	"Date: Tue, 01 Sep 2026 08:00:00 +0000\r\nMessage-ID: <1@x.test>\r\n\r\nHello\r\n"

func TestReceivedField(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"SMTP", []string{"HELO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<boris@romashka.example>"},
			"Received: from x.test (" + laptop + " [192.0.2.100])\r\n\tby mail.romashka.example with SMTP id Q1\r\n" +
				"\tfor <boris@romashka.example>;\r\n\tTue, 01 Sep 2026 09:00:0"},
		{"ESMTP", []string{"EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<boris@romashka.example>"}, "with ESMTP id Q1\r\n\tfor <boris"},
		{"UTF8SMTP", []string{"EHLO x.test", "MAIL FROM:<x@x.test> SMTPUTF8", "RCPT TO:<boris@romashka.example>"}, "with UTF8SMTP id Q1"},
		{"two", []string{"EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<boris@romashka.example>", "RCPT TO:<anna@romashka.example>"},
			"with ESMTP id Q1;\r\n\tTue"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.say(office+":25", append(tt.lines, "DATA", letter+".", "QUIT")...)
			w.pass(time.Minute)
			got := w.only("boris@romashka.example")
			contains(t, got, tt.want, "Return-Path: <x@x.test>\r\nReceived: ")
			if !strings.HasPrefix(got, "Return-Path: ") || !strings.HasSuffix(got, letter) {
				t.Errorf("the letter was changed:\n%s", got)
			}
		})
	}
}

func TestSubmissionTellsWhoSignedIn(t *testing.T) {
	w := start(t)
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "ilon@rocket.example"})
	w.pass(time.Minute)
	got := w.only("ilon@rocket.example")
	contains(t, got, "by mail.romashka.example with ESMTPA id Q1\r\n", "by mx.rocket.example with ESMTP id Q1\r\n")
	if n := strings.Count(got, "Return-Path:"); n != 1 {
		t.Errorf("%d Return-Path fields", n)
	}
}

func TestSubmissionCompletesTheHeader(t *testing.T) {
	w := start(t)
	w.submit(smtp.Mail{}, "Subject: Bare\r\n\r\nHello\r\n", smtp.Rcpt{To: "boris@romashka.example"})
	w.submit(smtp.Mail{}, letter, smtp.Rcpt{To: "boris@romashka.example"})
	w.pass(time.Minute)
	got := w.letters("boris@romashka.example")
	if len(got) != 2 {
		t.Fatalf("%d letters", len(got))
	}
	contains(t, got[0], "\r\nDate: Tue, 01 Sep 2026 09:00:0", "\r\nMessage-ID: <1.", "@mail.romashka.example>\r\n")
	if strings.Count(got[1], "\r\nDate:") != 1 || strings.Count(got[1], "Message-ID:") != 1 {
		t.Errorf("fields that were there came twice:\n%s", got[1])
	}
}

func TestRelayedLetterIsNotCompleted(t *testing.T) {
	w := start(t)
	w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<boris@romashka.example>", "DATA", "Subject: Bare\r\n\r\nHello\r\n.", "QUIT")
	w.pass(time.Minute)
	if got := w.only("boris@romashka.example"); strings.Contains(got, "Message-ID") {
		t.Errorf("port 25 added a field:\n%s", got)
	}
}

func TestPostmasterNeedsNoDomain(t *testing.T) {
	w := start(t)
	got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<PostMaster>", "DATA", letter+".", "QUIT")
	if !strings.HasPrefix(got[3], "250 ") {
		t.Fatalf("RCPT: %q", got[3])
	}
	w.pass(time.Minute)
	w.only("postmaster@romashka.example")
}

func TestTooManyHops(t *testing.T) {
	for hops, want := range map[int]string{49: "250 ", 50: "554 5.4.6 "} {
		w := start(t)
		looped := strings.Repeat("received: from a.test\r\n\tby b.test; now\r\n", hops) + letter
		got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<boris@romashka.example>", "DATA", looped+".", "QUIT")
		if !strings.HasPrefix(got[5], want) {
			t.Errorf("%d hops: %q, want %s", hops, got[5], want)
		}
	}
}

func TestDefaultRefusals(t *testing.T) {
	w := start(t)
	got := w.say(office+":25", "EHLO x.test", "MAIL FROM:<x@x.test>", "RCPT TO:<nobody@romashka.example>",
		"RCPT TO:<ilon@rocket.example>", "VRFY boris", "QUIT")
	for i, want := range map[int]string{3: "550 5.1.1 ", 4: "550 5.7.1 ", 5: "252 2.1.5 "} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("reply %d: %q, want %s", i, got[i], want)
		}
	}
}
