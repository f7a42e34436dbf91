// Package comparetest builds one day told twice, by POP3 and by IMAP, for tests
// of what compares recordings.
package comparetest

import (
	"fmt"
	"strings"
	"time"

	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// The hosts of the day.
const (
	Mail   = "mail.romashka.example"
	Anna   = "anna-laptop.romashka.example"
	Laptop = "boris-laptop.romashka.example"
	Phone  = "boris-phone.romashka.example"
	Boris  = "boris@romashka.example"
)

// Letter is one that Boris gets that day.
type Letter struct {
	Subject string
	Size    int // octets
}

// Letters are those of the day, in order.
var Letters = []Letter{{"Отчёт", 1234}, {"Обед?", 921}, {"Фото", 2_202_010}, {"Счёт № 17", 3482}}

const headerSize = 420 // octets of a header, as a FETCH brings it

// Day is the same day by POP3 and by IMAP: four letters come, the laptop gets
// them and two are read, the phone looks, the metro has no network, the archive
// is searched, and the laptop is lost.
func Day() (pop3, imap trace.Recording) { return tell("POP3"), tell("IMAP") }

// teller writes one telling.
type teller struct {
	*stagetest.Builder
	side string
	step int
	conn int    // of the conversation under way
	who  string // its client
	tag  int
	had  map[string][]string // by device and letter: what it holds
	kept map[string]int      // octets by device
}

func tell(side string) trace.Recording {
	t := &teller{Builder: stagetest.NewBuilder(), side: side, conn: 100, had: map[string][]string{}, kept: map[string]int{}}
	for _, d := range []string{Laptop, Phone} {
		t.had[d] = make([]string, len(Letters))
	}
	t.Chapter("Morning", "Утро")
	total := 0
	for i, l := range Letters {
		t.next()
		t.Letter = id(i)
		t.Add(trace.Event{From: Anna, Body: &trace.Device{Action: "compose", Account: "anna@romashka.example", Subject: l.Subject}})
		t.submit()
		total += l.Size
		t.store(i, "add", i+1, total)
		t.Letter = ""
		t.Wait(time.Minute)
	}
	t.next()
	if side == "POP3" {
		t.popAll(Laptop)
	} else {
		t.imapOpen(Laptop, 0, 3)
	}
	t.next()
	for _, i := range []int{0, 3} {
		t.device(Laptop, i, "read", true)
	}
	t.Chapter("On the way", "В дороге")
	t.next()
	if side == "POP3" {
		t.popNothing(Phone)
	} else {
		t.imapOpen(Phone)
	}
	t.Chapter("The metro", "В метро")
	t.next()
	t.act(Phone, "offline", 0)
	t.Chapter("The archive", "Архив")
	t.next()
	t.act(Phone, "online", 0)
	if side == "IMAP" {
		t.open(Phone, 143)
		t.imap(Phone, `SEARCH CHARSET UTF-8 TEXT {8}`)
		t.say(Mail, "+ go on", trace.Reply, "+")
		t.say(Phone, "Счёт", trace.Data, "")
		t.say(Phone, "", trace.Command, "")
		t.say(Mail, "* SEARCH 4", trace.Reply, "")
		t.ok("SEARCH")
		t.act(Phone, "search", 1)
		t.logout(Phone)
	} else {
		t.act(Phone, "search", 0)
	}
	t.Chapter("No laptop", "Без ноутбука")
	t.next()
	t.had[Laptop] = make([]string, len(Letters))
	t.kept[Laptop] = 0
	t.act(Laptop, "lost", 0)
	t.next()
	if side == "POP3" {
		t.popNothing(Phone)
	} else {
		t.imapFetch(Phone, 3)
	}
	return trace.Recording{
		Header: trace.Header{
			Lesson: "pop3-vs-imap", Number: 27, Side: side,
			Title: trace.Words{"en": "POP3 and IMAP: the same day", "ru": "POP3 и IMAP: один и тот же день"},
			Start: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC),
			World: world(side),
		},
		Trace: t.Trace,
	}
}

func world(side string) trace.World {
	receive := strings.ToLower(side)
	boris := trace.Words{"en": "Boris", "ru": "Борис"}
	return trace.World{
		Domains: []trace.Domain{{Name: "romashka.example", Title: trace.Words{"en": "our office", "ru": "наш офис"}}},
		Hosts: []trace.Host{
			{Name: Mail, Addr: "192.0.2.10", Domain: "romashka.example", Kind: trace.Server, MX: 10},
			{Name: Anna, Addr: "192.0.2.100", Domain: "romashka.example", Kind: trace.Laptop,
				Title: trace.Words{"en": "Anna", "ru": "Анна"}, Account: "anna@romashka.example", Receive: receive},
			{Name: Laptop, Addr: "192.0.2.101", Domain: "romashka.example", Kind: trace.Laptop, Title: boris, Account: Boris, Receive: receive},
			{Name: Phone, Addr: "192.0.2.102", Domain: "romashka.example", Kind: trace.Phone, Title: boris, Account: Boris, Receive: receive},
		},
	}
}

func id(i int) string { return fmt.Sprintf("L%d", i+1) }

// next begins the next step of the lesson.
func (t *teller) next() {
	t.step++
	t.Append(trace.Event{At: t.At, Body: &trace.Note{Step: t.step}}, nil)
}

func (t *teller) submit() {
	t.Session(Anna, Mail, "submission", 587, stagetest.Submission)
}

// store tells of a change in the mailbox.
func (t *teller) store(i int, action string, count, total int) {
	t.Add(trace.Event{From: Mail, Letter: id(i), Body: &trace.Store{Action: action, Mailbox: Boris, Folder: "INBOX",
		UID: fmt.Sprint(100 + i), Bytes: Letters[i].Size, Count: count, Total: total}})
}

// sums are what a device's event tells besides its letter.
func (t *teller) sums(device string) (count, bytes, offline int) {
	for _, h := range t.had[device] {
		if h != "" {
			count++
		}
		if h == trace.HoldsWhole || h == trace.HoldsText {
			offline++
		}
	}
	return count, t.kept[device], offline
}

// act is something that a device does, with no letter.
func (t *teller) act(device, action string, found int) {
	d := &trace.Device{Action: action, Account: Boris, New: found}
	d.Count, d.Bytes, d.Offline = t.sums(device)
	t.Add(trace.Event{From: device, Body: d})
}

// device is something that happens to a letter on a device.
func (t *teller) device(device string, i int, action string, seen bool) {
	d := &trace.Device{Action: action, Account: Boris, Subject: Letters[i].Subject, UID: fmt.Sprint(100 + i),
		Size: Letters[i].Size, Holds: t.had[device][i]}
	if t.side == "IMAP" {
		d.Folder = "INBOX"
	}
	if seen {
		d.Flags = []string{`\Seen`}
	}
	d.Count, d.Bytes, d.Offline = t.sums(device)
	t.Add(trace.Event{From: device, Letter: id(i), Body: d})
}

// hold has a device keep so much of a letter.
func (t *teller) hold(device string, i int, holds string) {
	before := map[string]int{trace.HoldsHeader: headerSize, trace.HoldsWhole: Letters[i].Size}
	t.kept[device] += before[holds] - before[t.had[device][i]]
	t.had[device][i] = holds
}

// open starts a conversation.
func (t *teller) open(device string, port int) {
	t.conn++
	t.who = device
	service, greeting, code := "pop3", "+OK ready", "+OK"
	if port == 143 {
		service, greeting, code = "imap", "* OK ready", "OK"
	}
	t.Add(trace.Event{From: device, To: Mail, Conn: t.conn, Proto: service,
		Body: &trace.Connect{Service: service, Port: port, FromAddr: "192.0.2.101", ToAddr: "192.0.2.10"}})
	t.say(Mail, greeting, trace.Reply, code)
}

// say is one line of the conversation under way.
func (t *teller) say(from, text string, role trace.Role, code string) {
	to := Mail
	if from == Mail {
		to = t.who
	}
	t.line(from, to, text, role, code, len(text)+2)
}

func (t *teller) line(from, to, text string, role trace.Role, code string, octets int) {
	t.Add(trace.Event{From: from, To: to, Conn: t.conn, Proto: strings.ToLower(t.side),
		Body: &trace.Line{Text: text, Role: role, Code: code, Bytes: octets}})
}

func (t *teller) command(device, text, reply string) {
	t.say(device, text, trace.Command, "")
	t.say(Mail, reply, trace.Reply, "+OK")
}

// popStart signs in and asks for the number of letters.
func (t *teller) popStart(device string, n int) {
	t.act(device, "poll", 0)
	t.open(device, 110)
	t.command(device, "USER "+Boris, "+OK send PASS")
	t.command(device, "PASS boris-21", fmt.Sprintf("+OK %d messages", n))
	t.command(device, "STAT", fmt.Sprintf("+OK %d 0", n))
}

func (t *teller) popNothing(device string) {
	t.popStart(device, 0)
	t.command(device, "QUIT", "+OK bye")
	t.hangUp(device)
	t.act(device, "nothing", 0)
}

func (t *teller) popAll(device string) {
	t.popStart(device, len(Letters))
	for i, l := range Letters {
		t.command(device, fmt.Sprintf("RETR %d", i+1), fmt.Sprintf("+OK %d octets", l.Size))
		t.line(Mail, device, "Subject: "+l.Subject+"\r\n\r\n…", trace.Data, "", l.Size)
		t.say(Mail, ".", trace.Data, "")
		t.hold(device, i, trace.HoldsWhole)
		t.device(device, i, "fetched", false)
		t.command(device, fmt.Sprintf("DELE %d", i+1), "+OK marked")
	}
	t.command(device, "QUIT", "+OK bye")
	for i := range Letters {
		t.store(i, "remove", len(Letters)-1-i, 0)
	}
	t.hangUp(device)
}

func (t *teller) hangUp(device string) {
	t.Add(trace.Event{From: device, To: Mail, Conn: t.conn, Proto: strings.ToLower(t.side), Body: &trace.Close{}})
}

// imap says a command of IMAP.
func (t *teller) imap(device, text string) {
	t.tag++
	t.say(device, fmt.Sprintf("a%d %s", t.tag, text), trace.Command, "")
}

func (t *teller) ok(verb string) {
	t.say(Mail, fmt.Sprintf("a%d OK %s completed", t.tag, verb), trace.Reply, "OK")
}

// imapOpen lists the inbox and reads the letters named.
func (t *teller) imapOpen(device string, read ...int) {
	t.act(device, "poll", 0)
	t.open(device, 143)
	t.imap(device, "LOGIN "+Boris+" boris-21")
	t.ok("LOGIN")
	t.imap(device, "SELECT INBOX")
	t.say(Mail, fmt.Sprintf("* %d EXISTS", len(Letters)), trace.Reply, "")
	t.ok("[READ-WRITE] SELECT")
	t.imap(device, "FETCH 1:4 (FLAGS ENVELOPE RFC822.SIZE)")
	for i, l := range Letters {
		seen := t.had[Laptop][i] == trace.HoldsWhole
		flags := map[bool]string{true: `\Seen`}[seen]
		t.line(Mail, device, fmt.Sprintf("* %d FETCH (FLAGS (%s) ENVELOPE (\"%s\" …) RFC822.SIZE %d)", i+1, flags, l.Subject, l.Size), trace.Reply, "", headerSize)
		t.hold(device, i, trace.HoldsHeader)
		t.device(device, i, "listed", seen)
	}
	t.ok("FETCH")
	for _, i := range read {
		t.fetch(device, i)
	}
	t.logout(device)
}

// imapFetch reads one letter in a conversation of its own.
func (t *teller) imapFetch(device string, i int) {
	t.act(device, "poll", 0)
	t.open(device, 143)
	t.imap(device, "SELECT INBOX")
	t.ok("SELECT")
	t.fetch(device, i)
	t.logout(device)
}

func (t *teller) fetch(device string, i int) {
	l := Letters[i]
	t.imap(device, fmt.Sprintf("FETCH %d BODY[]", i+1))
	t.say(Mail, fmt.Sprintf("* %d FETCH (BODY[] {%d}", i+1, l.Size), trace.Reply, "")
	t.line(Mail, device, "Subject: "+l.Subject+"\r\n\r\n…", trace.Data, "", l.Size)
	t.say(Mail, ")", trace.Reply, "")
	t.ok("FETCH")
	t.hold(device, i, trace.HoldsWhole)
	t.device(device, i, "fetched", true)
	total := 0
	for _, l := range Letters {
		total += l.Size
	}
	t.Add(trace.Event{From: Mail, Letter: id(i), Body: &trace.Store{Action: "flags", Mailbox: Boris, Folder: "INBOX",
		UID: fmt.Sprint(100 + i), Count: len(Letters), Flags: []string{`\Seen`}, Total: total}})
}

func (t *teller) logout(device string) {
	t.imap(device, "LOGOUT")
	t.say(Mail, "* BYE", trace.Reply, "BYE")
	t.ok("LOGOUT")
	t.hangUp(device)
}

// Long is one telling of n events or a few more: Boris's laptop looks at his
// mailbox again and again, and now and then a letter comes.
func Long(n int, side string) trace.Recording {
	rec := tell(side)
	t := &teller{Builder: &stagetest.Builder{Trace: rec.Trace, At: rec.At(rec.Len()).At}, side: side, conn: 1000, who: Laptop,
		had: map[string][]string{Laptop: make([]string, len(Letters))}, kept: map[string]int{}}
	for i := 0; rec.Len() < n; i++ {
		letter := fmt.Sprintf("M%d", i)
		t.Add(trace.Event{From: Mail, Letter: letter, Body: &trace.Store{Action: "add", Mailbox: Boris, Folder: "INBOX",
			UID: letter, Bytes: 1000, Count: i, Total: 1000 * i}})
		t.conn++
		t.Add(trace.Event{From: Laptop, To: Mail, Conn: t.conn, Proto: strings.ToLower(side),
			Body: &trace.Connect{Service: strings.ToLower(side), Port: 110}})
		for range 24 {
			t.say(Laptop, "NOOP", trace.Command, "")
			t.line(Mail, Laptop, "OK", trace.Reply, "OK", 4)
		}
		t.hangUp(Laptop)
		t.Add(trace.Event{From: Laptop, Letter: letter, Body: &trace.Device{Action: "fetched", Account: Boris, UID: letter,
			Holds: trace.HoldsWhole, Size: 1000, Bytes: 1000 * i, Offline: i, Count: i}})
	}
	return rec
}
