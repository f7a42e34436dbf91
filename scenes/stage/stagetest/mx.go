// Package stagetest builds recordings by hand for tests of the scenes.
package stagetest

import (
	"strings"
	"time"

	"mailscope/sim/trace"
)

// The hosts of the recordings.
const (
	Anna = "anna-laptop.romashka.example"
	Mail = "mail.romashka.example"
	Ilon = "ilon-laptop.rocket.example"
	MX1  = "mx1.rocket.example"
	MX2  = "mx2.rocket.example"
	NS   = "ns.example"
)

// Letter is the text that the letter of MX has, lines kept apart by CR LF.
const Letter = "From: Anna <anna@romashka.example>\r\nTo: Ilon <ilon@rocket.example>\r\n" +
	"Subject: Hello\r\n\r\nHow is the rocket?"

// World is the world of the recordings: two domains and a DNS server.
func World() trace.World {
	return trace.World{
		Domains: []trace.Domain{
			{Name: "romashka.example", Title: trace.Words{"en": "our office", "ru": "наш офис"}},
			{Name: "rocket.example", Title: trace.Words{"en": "rockets", "ru": "ракеты"}},
		},
		Hosts: []trace.Host{
			{Name: NS, Addr: "203.0.113.53", Kind: trace.DNS},
			{Name: Mail, Addr: "192.0.2.10", Domain: "romashka.example", Kind: trace.Server, MX: 10},
			{Name: Anna, Addr: "192.0.2.100", Domain: "romashka.example", Kind: trace.Laptop,
				Title: trace.Words{"en": "Anna", "ru": "Анна"}, Account: "anna@romashka.example"},
			{Name: MX1, Addr: "198.51.100.10", Domain: "rocket.example", Kind: trace.Server, MX: 10},
			{Name: MX2, Addr: "198.51.100.20", Domain: "rocket.example", Kind: trace.Server, MX: 20},
			{Name: Ilon, Addr: "198.51.100.100", Domain: "rocket.example", Kind: trace.Laptop,
				Title: trace.Words{"en": "Ilon", "ru": "Илон"}, Account: "ilon@rocket.example"},
		},
	}
}

// Builder appends events, each a few simulated milliseconds after the last.
type Builder struct {
	*trace.Trace
	At     time.Duration // of the event before
	Letter string        // of the events to come
	conns  int
}

// NewBuilder starts an empty trace.
func NewBuilder() *Builder { return &Builder{Trace: trace.New()} }

// Add appends an event 10 ms after the one before and returns its Seq.
func (b *Builder) Add(e trace.Event) int {
	b.At += 10 * time.Millisecond
	e.At = b.At
	if e.Letter == "" {
		e.Letter = b.Letter
	}
	return b.Append(e, nil)
}

// Chapter starts a chapter at the next event.
func (b *Builder) Chapter(en, ru string) {
	b.Append(trace.Event{At: b.At, Body: &trace.Note{Chapter: true, Text: trace.Words{"en": en, "ru": ru}}}, nil)
}

// Story tells of the event seq.
func (b *Builder) Story(seq int, en, ru string) {
	b.Append(trace.Event{At: b.At, Cause: seq, Body: &trace.Note{Text: trace.Words{"en": en, "ru": ru}}}, nil)
}

// Session plays a dialogue on a connection of its own. Lines start with "C: "
// or "S: "; the lines after a 354 up to ".", and those of a POP3 server after
// RETR, UIDL or LIST, are data. Literals of IMAP start with "c: " or "s: ",
// their line ends written as \r\n. It returns the connection's number.
func (b *Builder) Session(client, server, service string, port int, dialogue string) int {
	b.conns++
	conn := b.conns
	proto := "smtp"
	if service == "pop3" || service == "imap" {
		proto = service
	}
	b.Add(trace.Event{From: client, To: server, Conn: conn, Proto: proto,
		Body: &trace.Connect{Service: service, Port: port, FromAddr: "192.0.2.10", ToAddr: "198.51.100.10"}})
	data := false
	for line := range strings.SplitSeq(strings.TrimSpace(dialogue), "\n") {
		who, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		text = strings.ReplaceAll(text, "{letter}", Letter)
		from, to := client, server
		if strings.EqualFold(who, "S") {
			from, to = server, client
		}
		l := &trace.Line{Text: text, Role: trace.Command, Bytes: len(text) + 2}
		switch {
		case who == "c", who == "s":
			l.Role, l.Text = trace.Data, strings.ReplaceAll(text, `\r\n`, "\r\n")
			l.Bytes = len(l.Text)
		case proto == "imap":
			if who == "S" {
				l.Role, l.Code = trace.Reply, imapCode(text)
			}
		case data && (who == "C") == (proto == "smtp"):
			l.Role = trace.Data
			data = text != "."
		case who == "S":
			l.Role = trace.Reply
			l.Code, _, _ = strings.Cut(text, " ")
			if proto == "smtp" {
				l.Code = text[:3]
			}
			data = data || l.Code == "354"
		case proto == "pop3":
			verb, _, _ := strings.Cut(text, " ")
			data = verb == "RETR" || text == "UIDL" || text == "LIST"
		}
		// The answer that announces data is a reply itself.
		if proto == "pop3" && l.Role == trace.Data && strings.HasPrefix(text, "+OK") {
			l.Role, l.Code, data = trace.Reply, "+OK", true
		}
		b.Add(trace.Event{From: from, To: to, Conn: conn, Proto: proto, Body: l})
	}
	b.Add(trace.Event{From: client, To: server, Conn: conn, Proto: proto, Body: &trace.Close{}})
	return conn
}

// imapCode is how a line of an IMAP server says that something came out.
func imapCode(line string) string {
	words := strings.Fields(line)
	if len(words) > 0 && words[0] == "+" {
		return "+"
	}
	if len(words) > 1 {
		switch words[1] {
		case "OK", "NO", "BAD", "BYE", "PREAUTH":
			return words[1]
		}
	}
	return ""
}

// Lookup asks the name server.
func (b *Builder) Lookup(asker, name, typ string, answers ...string) int {
	return b.Add(trace.Event{From: asker, To: NS, Proto: "dns",
		Body: &trace.Lookup{Name: name, Type: typ, RCode: "NOERROR", Answers: answers, TTL: time.Hour}})
}

// Wait lets simulated time pass.
func (b *Builder) Wait(d time.Duration) { b.At += d }

// Submission is the dialogue in which Anna hands in the letter.
const Submission = `
S: 220 mail.romashka.example ESMTP
C: EHLO anna-laptop.romashka.example
S: 250-mail.romashka.example
S: 250-SIZE 10485760
S: 250 AUTH PLAIN
C: AUTH PLAIN AGFubmEAc2VjcmV0
S: 235 2.7.0 welcome
C: MAIL FROM:<anna@romashka.example> SIZE=812
S: 250 2.1.0 sender ok
C: RCPT TO:<ilon@rocket.example>
S: 250 2.1.5 recipient ok
C: DATA
S: 354 end with a single dot
C: {letter}
C: .
S: 250 2.0.0 queued as Q1
C: QUIT
S: 221 2.0.0 bye`

// Relay is the dialogue in which the letter goes from server to server.
const Relay = `
S: 220 mx1.rocket.example ESMTP
C: EHLO mail.romashka.example
S: 250-mx1.rocket.example
S: 250 SIZE 10485760
C: MAIL FROM:<anna@romashka.example>
S: 250 2.1.0 sender ok
C: RCPT TO:<ilon@rocket.example>
S: 250 2.1.5 recipient ok
C: DATA
S: 354 end with a single dot
C: {letter}
C: .
S: 250 2.0.0 queued as Q7
C: QUIT
S: 221 2.0.0 bye`

// Poll is the dialogue in which Ilon fetches the letter.
const Poll = `
S: +OK mx1.rocket.example ready
C: USER ilon@rocket.example
S: +OK
C: PASS secret
S: +OK welcome
C: STAT
S: +OK 1 812
C: UIDL
S: +OK
S: 1 u1
S: .
C: RETR 1
S: +OK 812 octets
S: {letter}
S: .
C: DELE 1
S: +OK
C: QUIT
S: +OK bye`

// MX is the lesson of a letter from Anna to Ilon: handed in, its way looked
// up, relayed, stored and, a quarter of an hour later, fetched by POP3.
func MX() trace.Recording {
	b := NewBuilder()
	b.Letter = "L1"
	b.Chapter("Anna hands it in", "Анна сдаёт письмо")
	seq := b.Add(trace.Event{From: Anna, Body: &trace.Device{Action: "compose", Account: "anna@romashka.example", Subject: "Hello"}})
	b.Story(seq, "Anna writes to Ilon.", "Анна пишет Илону.")
	b.Session(Anna, Mail, "submission", 587, Submission)
	b.Add(trace.Event{From: Mail, Body: &trace.Queue{Action: "accepted", ID: "Q1", Sender: "anna@romashka.example",
		Recipients: []string{"ilon@rocket.example"}, Length: 1}})
	b.Chapter("Where is the MX?", "Где MX?")
	b.Lookup(Mail, "rocket.example.", "MX", "10 mx1.rocket.example.", "20 mx2.rocket.example.")
	b.Lookup(Mail, "mx1.rocket.example.", "A", "198.51.100.10")
	b.Chapter("The relay", "Передача")
	b.Session(Mail, MX1, "smtp", 25, Relay)
	b.Add(trace.Event{From: Mail, Body: &trace.Queue{Action: "relayed", ID: "Q1", Sender: "anna@romashka.example",
		Recipients: []string{"ilon@rocket.example"}, NextHop: MX1, Attempt: 1}})
	b.Add(trace.Event{From: MX1, Body: &trace.Store{Action: "add", Mailbox: "ilon@rocket.example", Folder: "INBOX", UID: "u1", Bytes: 812, Count: 1}})
	b.Chapter("Ilon reads", "Илон читает")
	b.Wait(15 * time.Minute)
	b.Add(trace.Event{From: Ilon, Body: &trace.Device{Action: "poll", Account: "ilon@rocket.example"}})
	b.Session(Ilon, MX1, "pop3", 110, Poll)
	b.Add(trace.Event{From: MX1, Body: &trace.Store{Action: "remove", Mailbox: "ilon@rocket.example", Folder: "INBOX", UID: "u1", Bytes: 812}})
	b.Add(trace.Event{From: Ilon, Body: &trace.Device{Action: "fetched", Account: "ilon@rocket.example", Count: 1, New: 1}})
	return trace.Recording{
		Header: trace.Header{
			Lesson: "mx", Number: 7,
			Title: trace.Words{"en": "Who takes mail for rocket.example?", "ru": "Кто принимает почту для rocket.example?"},
			Start: time.Date(2008, 3, 14, 9, 0, 0, 0, time.UTC),
			World: World(),
		},
		Trace: b.Trace,
	}
}

// Long is a recording of n events or a few more: sessions between two servers,
// one after another, some of them refused.
func Long(n int) trace.Recording {
	b := NewBuilder()
	for b.Len() < n {
		b.Session(Mail, MX1, "smtp", 25, Relay)
		b.Add(trace.Event{From: MX1, Body: &trace.Store{Action: "add", Mailbox: "ilon@rocket.example", Folder: "INBOX", Count: b.Len()}})
		b.Session(Mail, MX2, "smtp", 25, "S: 554 no service here")
		b.Wait(2 * time.Second)
	}
	return trace.Recording{Header: trace.Header{World: World()}, Trace: b.Trace}
}
