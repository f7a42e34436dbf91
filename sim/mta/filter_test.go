package mta_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/protocol/mailauth"
	"mailscope/sim/trace"
)

// guarded has an office that asks everything, with a backup that asks too, a
// careful company, a lax one, and the server of somebody who lies.
const guarded = `
start: 2026-09-01T09:00:00Z
dns: {name: ns.example, address: 203.0.113.53}
domains:
  - name: romashka.example
    servers:
      - {name: mail.romashka.example, address: 192.0.2.10, services: [smtp, submission, pop3], filter: {dnsbl: bl.example, spf: true, dkim: true, dmarc: true, content: true%s}}
      - {name: mx2.romashka.example, address: 192.0.2.20, services: [smtp], backup: true, filter: {spf: true, dkim: true, dmarc: true}}
    mx: [{host: mail.romashka.example, preference: 10}, {host: mx2.romashka.example, preference: 20}]
    spf: "v=spf1 mx -all"
    dmarc: "v=DMARC1; p=quarantine"
    dkim: {selector: s1}
    people:
      - {name: anna, password: a, devices: [{kind: laptop}]}
  - name: rocket.example
    servers: [{name: mx.rocket.example, address: 198.51.100.10, services: [smtp, submission, pop3]}]
    mx: [{host: mx.rocket.example, preference: 10}]
    spf: "v=spf1 mx -all"
    dmarc: "v=DMARC1; p=reject"
    dkim: {selector: s1}
    people: [{name: ilon, password: i, devices: [{kind: laptop}]}]
  - name: soft.example
    servers: [{name: mx.soft.example, address: 198.51.100.20, services: [smtp]}]
    mx: [{host: mx.soft.example, preference: 10}]
    spf: "v=spf1 mx -all"
  - name: watch.example
    spf: "v=spf1 -all"
    dmarc: "v=DMARC1; p=none"
  - name: lax.example
    servers: [{name: mx.lax.example, address: 198.51.100.30, services: [smtp, pop3]}]
    mx: [{host: mx.lax.example, preference: 10}]
    people: [{name: petr, password: p}]
  - name: spam.example
    servers: [{name: out.spam.example, address: 203.0.113.66, services: [smtp]}, {name: listed.spam.example, address: 203.0.113.99, services: [smtp]}]
    spf: "v=spf1 ip4:203.0.113.66 -all"
  - name: bl.example
    records: ["2.0.0.127 IN A 127.0.0.2", "99.113.0.203 IN A 127.0.0.2", '99.113.0.203 IN TXT "spam was sent from here"']
`

// checks are the checks that came to something from event seq on, as
// "spf=fail".
func (w *running) checks(seq int) (list []string) {
	for ; seq <= w.Trace.Len(); seq++ {
		if v, ok := w.Trace.At(seq).Body.(*trace.Verdict); ok {
			list = append(list, v.Check+"="+v.Result)
			if v.Reason == "" {
				w.t.Errorf("%s=%s without a reason", v.Check, v.Result)
			}
		}
	}
	return list
}

// written is the field that the decision after event seq put on top of a
// letter, as it was recorded.
func (w *running) written(seq int) (field string) {
	for ; seq <= w.Trace.Len(); seq++ {
		if v, ok := w.Trace.At(seq).Body.(*trace.Verdict); ok {
			field += v.Field
		}
	}
	return field
}

// in is what lies in a folder of a mailbox.
func (w *running) in(address, folder string) (list []string) {
	for seq := range w.Trace.Len() {
		if b, ok := w.Trace.At(seq + 1).Body.(*trace.Store); ok && b.Action == "add" && b.Mailbox == address && b.Folder == folder {
			list = append(list, fmt.Sprint(b.UID))
		}
	}
	return list
}

func TestFilter(t *testing.T) {
	const date = "Date: Tue, 01 Sep 2026 09:00:00 +0000\r\nMessage-ID: <1@x.example>\r\n"
	for _, tt := range []struct {
		name, host, from, letter string
		rcpt, reply              string // the beginnings of
		checks                   string
		folder                   string
	}{
		{"the same rocket man", "out.spam.example", "ilon@rocket.example", "From: ilon@rocket.example\r\n" + date,
			"250", "550 5.7.26", "dnsbl=pass spf=fail dkim=none dmarc=fail content=pass filter=refuse", ""},
		{"his own envelope, another's From", "out.spam.example", "mallory@spam.example", "From: ilon@rocket.example\r\n" + date,
			"250", "550 5.7.1 ", "dnsbl=pass spf=pass dkim=none dmarc=fail content=pass filter=refuse", ""},
		{"a domain that asks for quarantine", "out.spam.example", "anna@romashka.example", "From: anna@romashka.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=fail dkim=none dmarc=fail content=pass filter=junk", "Junk"},
		{"a domain that only watches", "out.spam.example", "a@watch.example", "From: a@watch.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=fail dkim=none dmarc=fail content=pass filter=deliver", "INBOX"},
		{"a domain with SPF alone", "out.spam.example", "a@soft.example", "From: a@soft.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=fail dkim=none dmarc=none content=pass filter=junk", "Junk"},
		{"a lax domain", "out.spam.example", "petr@lax.example", "From: petr@lax.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=none dkim=none dmarc=none content=pass filter=deliver", "INBOX"},
		{"in his own name", "out.spam.example", "mallory@spam.example", "From: mallory@spam.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=pass dkim=none dmarc=none content=pass filter=deliver", "INBOX"},
		{"from a listed address", "listed.spam.example", "mallory@spam.example", "",
			"550 5.7.1 203.0.113.99 is listed in bl.example", "", "dnsbl=fail filter=refuse", ""},
		{"GTUBE", "out.spam.example", "mallory@spam.example", "From: mallory@spam.example\r\n" + date + "\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n",
			"250", "550 5.7.1 letter looks", "dnsbl=pass spf=pass dkim=none dmarc=none content=fail filter=refuse", ""},
		{"GTUBE in base64", "out.spam.example", "mallory@spam.example", "From: mallory@spam.example\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n" + date +
			"\r\nWEpTKkM0SkRCUUFETjEuTlNCTjMqMklETkVOKkdUVUJFLVNUQU5EQVJELUFOVEktVUJFLVRF\r\nU1QtRU1BSUwqQy4zNFg=\r\n",
			"250", "550 5.7.1 letter looks", "dnsbl=pass spf=pass dkim=none dmarc=none content=fail filter=refuse", ""},
		{"a shouting letter", "out.spam.example", "mallory@spam.example", "From: mallory@spam.example\r\nSubject: YOU HAVE WON!!\r\n" + date,
			"250", "250", "dnsbl=pass spf=pass dkim=none dmarc=none content=fail filter=junk", "Junk"},
		{"two From fields", "mx.rocket.example", "ilon@rocket.example", "From: ilon@rocket.example\r\nFrom: gwen@rocket.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=pass dkim=none dmarc=permerror content=pass filter=junk", "Junk"},
		{"forged verdicts", "out.spam.example", "mallory@spam.example", "Authentication-Results: mail.romashka.example; dmarc=pass\r\nAuthentication-Results: MX2.romashka.example; dmarc=pass\r\nFrom: mallory@spam.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=pass dkim=none dmarc=none content=pass forged=removed filter=deliver", "INBOX"},
		{"a notification", "mx.rocket.example", "", "From: postmaster@lax.example\r\n" + date,
			"250", "250", "dnsbl=pass spf=none dkim=none dmarc=none content=pass filter=deliver", "INBOX"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := startWorld(t, fmt.Sprintf(guarded, ""))
			letter := tt.letter
			if !strings.Contains(letter, "\r\n\r\n") {
				letter += "\r\ntext\r\n"
			}
			said := w.sayFrom(tt.host, office+":25", "EHLO mail.rocket.example", "MAIL FROM:<"+tt.from+">", "RCPT TO:<anna@romashka.example>")
			if !strings.HasPrefix(said[3], tt.rcpt) {
				t.Errorf("RCPT: %q", said[3])
			}
			begin := 1
			if tt.reply != "" {
				begin = w.Trace.Len() + 1
				said = w.sayFrom(tt.host, office+":25", "EHLO mail.rocket.example", "MAIL FROM:<"+tt.from+">", "RCPT TO:<anna@romashka.example>", "DATA", letter+".")
				if !strings.HasPrefix(said[5], tt.reply) {
					t.Errorf("letter: %q", said[5])
				}
			}
			w.pass(time.Second)
			if got := strings.Join(w.checks(begin), " "); got != tt.checks {
				t.Errorf("%s; want %s", got, tt.checks)
			}
			for _, folder := range []string{"INBOX", "Junk"} {
				if got := w.in("anna@romashka.example", folder); (folder == tt.folder) != (len(got) == 1) {
					t.Errorf("%s: %q", folder, got)
				}
			}
			if tt.folder != "INBOX" {
				return
			}
			got := w.letters("anna@romashka.example")[0]
			_, got, _ = strings.Cut(got, "\r\n") // Return-Path
			if !strings.HasPrefix(got, "Authentication-Results: mail.romashka.example;\r\n\tspf=") || !strings.Contains(got, "\r\nReceived-SPF: ") {
				t.Errorf("%q", got)
			}
			if field := w.written(begin); field == "" || !strings.HasPrefix(got, field+"\r\n") {
				t.Errorf("the record says that %q was written on top of\n%s", field, got)
			}
			if strings.Count(got, "Authentication-Results:") != 1 {
				t.Errorf("a forged field was left: %q", got)
			}
		})
	}
}

// Letters of people who sign in are signed, pass everything, and are not
// asked for anything where they are handed in.
func TestFilterSigned(t *testing.T) {
	w := startWorld(t, fmt.Sprintf(guarded, ""))
	const letter = "From: Ilon <ilon@rocket.example>\r\nTo: anna@romashka.example\r\nSubject: a seat\r\n\r\nBy the window.\r\n"
	said := w.sayFrom("ilon-laptop.rocket.example", "198.51.100.10:587", "EHLO x", "AUTH PLAIN AGlsb25Acm9ja2V0LmV4YW1wbGUAaQ==",
		"MAIL FROM:<ilon@rocket.example>", "RCPT TO:<anna@romashka.example>", "DATA", letter+".")
	if !strings.HasPrefix(said[6], "250") {
		t.Fatalf("%q", said)
	}
	w.pass(time.Minute)
	if got := strings.Join(w.checks(1), " "); got != "dnsbl=pass spf=pass dkim=pass dmarc=pass content=pass filter=deliver" {
		t.Error(got)
	}
	got := w.letters("anna@romashka.example")[0]
	const fields = "Authentication-Results: mail.romashka.example;\r\n\tspf=pass smtp.mailfrom=rocket.example;\r\n\tdkim=pass header.d=rocket.example header.s=s1 header.b="
	if !strings.Contains(got, fields) || !strings.Contains(got, ";\r\n\tdmarc=pass (p=reject) header.from=rocket.example\r\nReceived-SPF: pass (") || !strings.HasSuffix(got, letter) {
		t.Errorf("%s", got)
	}
	// A letter within the house meets no filter.
	w = startWorld(t, fmt.Sprintf(strings.Replace(guarded, "filter: {dnsbl", "lax_sender: true, filter: {dnsbl", 1), ""))
	said = w.say(office+":587", "EHLO x", "AUTH PLAIN AGFubmFAcm9tYXNoa2EuZXhhbXBsZQBh", "MAIL FROM:<anna@romashka.example>", "RCPT TO:<anna@romashka.example>", "DATA", letter+".")
	w.pass(time.Minute)
	if got := w.checks(1); got != nil || !strings.HasPrefix(said[6], "250") {
		t.Errorf("%v, %q", got, said)
	}
	if got := w.letters("anna@romashka.example")[0]; strings.Contains(got, "DKIM-Signature") {
		t.Errorf("signed in the name of another domain: %s", got)
	}
}

// A notification passes the filter of whoever wrote in vain: it is signed.
func TestFilterNotification(t *testing.T) {
	w := startWorld(t, fmt.Sprintf(guarded, ""))
	w.submitted("From: anna@romashka.example\r\n\r\nx\r\n", "nobody@rocket.example")
	w.pass(time.Minute)
	if got := w.letters("anna@romashka.example"); len(got) != 1 || !strings.Contains(got[0], "no such mailbox") {
		t.Errorf("%q", got)
	}
	w.submitted("From: anna@romashka.example\r\n\r\nx\r\n", "petr@lax.example")
	w.pass(time.Minute)
	w.sayFrom("mx.lax.example", office+":25", "EHLO x", "MAIL FROM:<petr@lax.example>", "RCPT TO:<anna@romashka.example>", "DATA", "From: petr@lax.example\r\n\r\nx\r\n.")
	w.pass(time.Minute)
	if got := w.letters("anna@romashka.example"); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func (w *running) submitted(letter, to string) {
	w.t.Helper()
	said := w.say(office+":587", "EHLO x", "AUTH PLAIN AGFubmFAcm9tYXNoa2EuZXhhbXBsZQBh", "MAIL FROM:<anna@romashka.example>", "RCPT TO:<"+to+">", "DATA", letter+".")
	if !strings.HasPrefix(said[6], "250") {
		w.t.Fatalf("%q", said)
	}
}

// What the backup finds out, the main server believes, and asks nothing again;
// nobody else is believed.
func TestFilterBackup(t *testing.T) {
	w := startWorld(t, fmt.Sprintf(guarded, ""))
	lie := "Authentication-Results: mail.romashka.example; x-filter=junk\r\n"
	w.sayFrom("out.spam.example", "192.0.2.20:25", "EHLO x", "MAIL FROM:<a@soft.example>", "RCPT TO:<anna@romashka.example>", "DATA", lie+"From: a@soft.example\r\n\r\nx\r\n.")
	w.sayFrom("out.spam.example", "192.0.2.20:25", "EHLO x", "MAIL FROM:<mallory@spam.example>", "RCPT TO:<anna@romashka.example>", "DATA", lie+"From: mallory@spam.example\r\n\r\nx\r\n.")
	w.pass(time.Minute)
	got := strings.Join(w.checks(1), " ")
	if got != "spf=fail dkim=none dmarc=none forged=removed filter=junk spf=pass dkim=none dmarc=none forged=removed filter=deliver filter=junk" {
		t.Error(got)
	}
	if in, junk := w.in("anna@romashka.example", "INBOX"), w.in("anna@romashka.example", "Junk"); len(in) != 1 || len(junk) != 1 {
		t.Errorf("%v, %v", in, junk)
	}
	a, ok := mailauth.FindAuthResults([]byte(w.letters("anna@romashka.example")[0]), "mx2.romashka.example")
	if !ok || len(a.Results) != 3 {
		t.Errorf("%v", a)
	}
}

func TestGreylist(t *testing.T) {
	w := startWorld(t, fmt.Sprintf(guarded, ", greylist: 5m"))
	try := func(from string) string {
		t.Helper()
		return w.sayFrom("out.spam.example", office+":25", "EHLO x", "MAIL FROM:<"+from+">", "RCPT TO:<anna@romashka.example>")[3]
	}
	for _, tt := range []struct {
		wait       time.Duration
		from, want string
	}{
		{0, "mallory@spam.example", "451 4.7.1 greylisted"},
		{2 * time.Minute, "mallory@spam.example", "451 4.7.1 greylisted"},
		{4 * time.Minute, "MALLORY@spam.example", "250"},
		{0, "other@spam.example", "451"},
		{30 * 24 * time.Hour, "mallory@spam.example", "250"},
		{0, "other@spam.example", "451"}, // forgotten
		{37 * 24 * time.Hour, "mallory@spam.example", "451"},
	} {
		w.pass(tt.wait)
		if got := try(tt.from); !strings.HasPrefix(got, tt.want) {
			t.Errorf("after %s more, %s: %q", tt.wait, tt.from, got)
		}
	}
	// A real server's queue comes again by itself.
	w.sayFrom("ilon-laptop.rocket.example", "198.51.100.10:587", "EHLO x", "AUTH PLAIN AGlsb25Acm9ja2V0LmV4YW1wbGUAaQ==",
		"MAIL FROM:<ilon@rocket.example>", "RCPT TO:<anna@romashka.example>", "DATA", "From: ilon@rocket.example\r\n\r\nx\r\n.")
	w.pass(time.Hour)
	if got := w.letters("anna@romashka.example"); len(got) != 1 {
		t.Errorf("%q", got)
	}
	if got := w.checks(1); !slices.Contains(got, "greylist=wait") || !slices.Contains(got, "greylist=pass") {
		t.Errorf("%v", got)
	}
}

// Questions to DNS that a check asks are about the letter.
func TestFilterLookups(t *testing.T) {
	w := startWorld(t, fmt.Sprintf(guarded, ""))
	w.submitted("From: anna@romashka.example\r\n\r\nx\r\n", "ilon@rocket.example")
	w.sayFrom("ilon-laptop.rocket.example", "198.51.100.10:587", "EHLO x", "AUTH PLAIN AGlsb25Acm9ja2V0LmV4YW1wbGUAaQ==",
		"MAIL FROM:<ilon@rocket.example>", "RCPT TO:<anna@romashka.example>", "DATA", "From: ilon@rocket.example\r\n\r\nx\r\n.")
	w.pass(time.Minute)
	var asked []string
	letter := ""
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if v, ok := e.Body.(*trace.Verdict); ok && v.Check == "filter" {
			letter = e.Letter
		}
	}
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		e := w.Trace.At(seq)
		if l, ok := e.Body.(*trace.Lookup); ok && e.From == "mail.romashka.example" && e.Letter == letter {
			asked = append(asked, l.Type+" "+l.Name)
		}
	}
	if got := strings.Join(asked, ", "); letter == "" || got != "A 10.100.51.198.bl.example., TXT rocket.example., MX rocket.example., A mx.rocket.example., TXT s1._domainkey.rocket.example., TXT _dmarc.rocket.example." {
		t.Errorf("about %q: %s", letter, got)
	}
}

// Whatever stands in a letter or in what domains publish, the filter comes to
// a verdict, and the letter is there.
func TestFilterKeepsLetters(t *testing.T) {
	bad := strings.Replace(guarded, "  - name: watch.example\n", `  - name: loop.example
    spf: "v=spf1 include:loop.example -all"
    records: ['_dmarc IN TXT "v=DMARC1; p=rej"', 's1._domainkey IN TXT "v=DKIM1; p=AAAA"', 's2._domainkey IN TXT "v=spf1 -all"']
  - name: watch.example
`, 1)
	sign := func(selector, names string) string {
		return "DKIM-Signature: v=1; a=rsa-sha256; d=loop.example; s=" + selector + "; h=" + names + "; bh=AAAA; b=AAAA\r\n"
	}
	const from = "From: a@loop.example\r\n"
	for name, letter := range map[string]string{
		"an absurd key":        sign("s1", "from") + from,
		"no key at all":        sign("s2", "from") + from,
		"ten thousand names":   sign("s1", strings.Repeat("x:\r\n\t", 10000)+"from") + from,
		"a hundred signatures": strings.Repeat(sign("s1", "from"), 100) + from,
		"no header":            "\r\n" + from,
		"a long From":          "From: " + strings.Repeat("a@loop.example,\r\n\t", 5000) + "b@loop.example\r\n",
		"fields cut short":     "Authentication-Results: (((\r\nDKIM-Signature\r\n" + from,
	} {
		t.Run(name, func(t *testing.T) {
			w := startWorld(t, fmt.Sprintf(bad, ""))
			said := w.sayFrom("out.spam.example", office+":25", "EHLO x", "MAIL FROM:<a@loop.example>", "RCPT TO:<anna@romashka.example>", "DATA", letter+"\r\nthe text\r\n.")
			w.pass(time.Second)
			if got := len(w.in("anna@romashka.example", "INBOX")) + len(w.in("anna@romashka.example", "Junk")); got != 1 || !strings.HasPrefix(said[5], "250") {
				t.Errorf("%d letters, %q", got, said)
			}
			got := w.checks(1)
			if !slices.Contains(got, "spf=permerror") || slices.Contains(got, "dkim=pass") || slices.Contains(got, "dmarc=pass") {
				t.Errorf("%q", got)
			}
		})
	}
}
