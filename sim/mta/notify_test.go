package mta_test

import (
	"strings"
	"testing"
	"time"

	"mailscope/protocol/smtp"
)

func TestNotificationsAsAskedFor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		mail  smtp.Mail
		rcpt  smtp.Rcpt
		want  []string
		lacks []string
	}{
		{name: "failure", rcpt: smtp.Rcpt{To: "nobody@rocket.example"},
			want: []string{"Action: failed", "Status: 5.1.1", "Final-Recipient: rfc822; nobody@rocket.example", "Reporting-MTA: dns; mail.romashka.example",
				"Remote-MTA: dns; mx.rocket.example", "Diagnostic-Code: smtp; 550 5.1.1 ", "Content-Type: message/rfc822", "\r\nHello\r\n", "Return-Path: <>"},
			lacks: []string{"Original-Envelope-Id", "Original-Recipient"}},
		{name: "failure declined", rcpt: smtp.Rcpt{To: "nobody@rocket.example", Notify: []string{"NEVER"}}},
		{name: "only success wanted", rcpt: smtp.Rcpt{To: "nobody@rocket.example", Notify: []string{"SUCCESS"}}},
		{name: "success not wanted", rcpt: smtp.Rcpt{To: "boris@romashka.example"}},
		{name: "delivered here", rcpt: smtp.Rcpt{To: "boris@romashka.example", Notify: []string{"SUCCESS"}},
			want: []string{"Action: delivered", "Status: 2.1.5", "Reporting-MTA: dns; mail.romashka.example"}},
		{name: "delivered there", rcpt: smtp.Rcpt{To: "ilon@rocket.example", Notify: []string{"SUCCESS", "FAILURE"}},
			want: []string{"Action: delivered", "Reporting-MTA: dns; mx.rocket.example"}},
		{name: "next server sends none", rcpt: smtp.Rcpt{To: "vera@old.example", Notify: []string{"SUCCESS"}},
			want: []string{"Action: relayed", "Remote-MTA: dns; mx.old.example"}},
		{name: "delay", rcpt: smtp.Rcpt{To: "vera@fake.example", Notify: []string{"DELAY"}},
			want: []string{"Action: delayed", "Status: 4.4.1", "Subject: Your letter is delayed", "Will-Retry-Until: Tue, 01 Sep 2026 13:00:00 +0000"}},
		{name: "header only", mail: smtp.Mail{Ret: "HDRS"}, rcpt: smtp.Rcpt{To: "nobody@rocket.example"},
			want: []string{"Content-Type: text/rfc822-headers", "Subject: Test"}, lacks: []string{"Hello"}},
		{name: "names of the envelope", mail: smtp.Mail{EnvID: "order+7"}, rcpt: smtp.Rcpt{To: "nobody@rocket.example", ORcpt: "rfc822;No+Body@rocket.example"},
			want: []string{"Original-Envelope-Id: order+7", "Original-Recipient: rfc822;No+Body@rocket.example"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.submit(tt.mail, letter, tt.rcpt)
			w.pass(24 * time.Hour)
			if tt.want == nil {
				if got := w.letters("anna@romashka.example"); len(got) != 0 {
					t.Errorf("a notification came:\n%s", got[0])
				}
				return
			}
			got := w.only("anna@romashka.example")
			contains(t, got, tt.want...)
			for _, lack := range tt.lacks {
				if strings.Contains(got, lack) {
					t.Errorf("%q in\n%s", lack, got)
				}
			}
		})
	}
}
