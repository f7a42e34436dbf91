package terminal

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"mailscope/scenes/explain"
	"mailscope/scenes/words"
	"mailscope/sim/lesson"
	"mailscope/sim/trace"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	laptop = "anna-laptop.romashka.example"
	mail   = "mail.romashka.example"
	mx     = "mx1.rocket.example"
)

// sample has an event of every kind.
func sample() trace.Recording {
	rec := trace.Recording{Header: trace.Header{
		Lesson: "sample", Number: 7, Title: trace.Words{"en": "Whose server is it?", "ru": "Чей это сервер?"},
		Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		World: trace.World{
			Domains: []trace.Domain{{Name: "romashka.example", Title: trace.Words{"en": "our office", "ru": "наша контора"}}, {Name: "rocket.example"}},
			Hosts: []trace.Host{
				{Name: mail, Addr: "192.0.2.10", Domain: "romashka.example", Kind: trace.Server, MX: 10},
				{Name: laptop, Addr: "192.0.2.20", Domain: "romashka.example", Kind: trace.Laptop, Title: trace.Words{"en": "Anna", "ru": "Анна"}},
				{Name: mx, Addr: "198.51.100.10", Domain: "rocket.example", Kind: trace.Server, MX: 10},
				{Name: "ns.example", Addr: "203.0.113.53", Kind: trace.DNS},
			},
		},
	}, Trace: trace.New()}
	at := time.Duration(0)
	add := func(from, to string, conn int, body trace.Payload) {
		at += 20 * time.Millisecond
		proto := "smtp"
		if conn == 0 {
			proto = ""
		}
		rec.Append(trace.Event{At: at, From: from, To: to, Conn: conn, Proto: proto, Letter: "L1", Body: body}, nil)
	}
	say := func(text string) {
		add(laptop, mail, 1, &trace.Line{Text: text, Role: trace.Command, Bytes: len(text) + 2})
	}
	answer := func(texts ...string) {
		for _, text := range texts {
			add(mail, laptop, 1, &trace.Line{Text: text, Role: trace.Reply, Code: text[:3], Bytes: len(text) + 2})
		}
	}
	add("", "", 0, &trace.Note{Chapter: true, Text: trace.Words{"en": "Anna hands her letter over", "ru": "Анна отдаёт письмо"}})
	add(laptop, "", 0, &trace.Device{Action: "compose", Account: "anna@romashka.example", Subject: "Привет", Text: "Hello!\nIs it far?\n"})
	add(laptop, mail, 1, &trace.Connect{Service: "submission", Port: 587, FromAddr: "192.0.2.20", ToAddr: "192.0.2.10"})
	answer("220 mail.romashka.example ESMTP")
	say("EHLO anna-laptop.romashka.example")
	answer("250-mail.romashka.example", "250-SIZE 10485760", "250 PIPELINING")
	say("MAIL FROM:<anna@romashka.example> SIZE=812")
	answer("250 2.1.0 ok")
	add("", "", 0, &trace.Note{Text: trace.Words{"en": "This is the envelope: the only thing that servers act on, whatever the letter inside says about itself.", "ru": "Это конверт: только на него и смотрят серверы, что бы ни было написано внутри."}})
	say("RCPT TO:<nobody@rocket.example>")
	answer("550 5.1.1 no such mailbox here")
	say("RCPT TO:<ilon@rocket.example>")
	answer("451 4.3.0 try again later")
	say("DATA")
	answer("354 go ahead")
	body := strings.Repeat("A line of the letter.\r\n", 12)
	add(laptop, mail, 1, &trace.Line{Role: trace.Data, Bytes: 812, Text: "From: Anna <anna@romashka.example>\r\nSubject: =?utf-8?q?=D0=9F?=\r\n\tfolded on\r\n\r\n" + body + "the end"})
	add(laptop, mail, 1, &trace.Line{Role: trace.Data, Bytes: 3, Text: "."})
	answer("250 2.0.0 queued as Q1")
	add(mail, "", 0, &trace.Queue{Action: "accepted", ID: "Q1", Sender: "anna@romashka.example", Recipients: []string{"ilon@rocket.example"}, Length: 1})
	say("QUIT")
	answer("221 2.0.0 bye")
	add(laptop, mail, 1, &trace.Close{})
	add(mail, "ns.example", 0, &trace.Lookup{Name: "rocket.example.", Type: "MX", RCode: "NOERROR", Answers: []string{"10 mx1.rocket.example.", "20 mx2.rocket.example."}, TTL: time.Minute})
	add(mail, "", 0, &trace.Lookup{Name: "mx9.rocket.example.", Type: "A", RCode: "NXDOMAIN", Cached: true})
	add(mail, mx, 0, &trace.Refused{Service: "smtp", Port: 25, ToAddr: "198.51.100.10", Reason: "host down"})
	add(mail, "", 0, &trace.Queue{Action: "deferred", ID: "Q1", Recipients: []string{"ilon@rocket.example"}, NextHop: mx, Attempt: 1, Next: 15 * time.Minute, Reason: "host down", Length: 1})
	at += 15 * time.Minute
	add(mail, mx, 2, &trace.Connect{Service: "smtp", Port: 25, Foreign: true})
	add(mail, mx, 2, &trace.Line{Text: "evil \x1b]0;title\x07 \u202e \xff\r\x00", Role: trace.Command})
	add(mail, mx, 2, &trace.Close{Reason: "timeout"})
	add(mx, "", 0, &trace.Store{Action: "add", Mailbox: "ilon@rocket.example", Folder: "INBOX", UID: "1", Bytes: 812, Count: 1})
	add(laptop, "", 0, &trace.Device{Action: "nothing", Count: 2})
	add(mx, "", 0, &trace.Verdict{Check: "spf", Source: "envelope", Identity: "mailfrom", Value: "ilon@rocket.example", Domain: "rocket.example",
		Addr: "203.0.113.66", Asked: []string{"TXT rocket.example"}, Record: "v=spf1 mx -all", Term: "all", Result: "fail", Reason: "not permitted"})
	add(mx, "", 0, &trace.Verdict{Check: "filter", Result: "junk",
		Field: "Authentication-Results: mx1.rocket.example;\r\n\tspf=fail"})
	add(mx, "", 0, &trace.Verdict{Check: "dance", Result: "long"})
	imap := func(from, to, text string, role trace.Role, code string) {
		at += 20 * time.Millisecond
		rec.Append(trace.Event{At: at, From: from, To: to, Conn: 3, Proto: "imap", Letter: "L1",
			Body: &trace.Line{Text: text, Role: role, Code: code, Bytes: len(text)}}, nil)
	}
	add(laptop, mail, 3, &trace.Connect{Service: "imap", Port: 143})
	imap(mail, laptop, "* PREAUTH ready", trace.Reply, "PREAUTH")
	imap(laptop, mail, "a1 UID FETCH 7 BODY[]", trace.Command, "")
	imap(mail, laptop, "* 1 FETCH (UID 7 BODY[] {240}", trace.Reply, "")
	imap(mail, laptop, "Subject: x\r\n\r\n"+strings.Repeat("A line of it.\r\n", 15), trace.Data, "")
	imap(mail, laptop, ")", trace.Reply, "")
	imap(mail, laptop, "a1 OK done", trace.Reply, "OK")
	imap(laptop, mail, "a2 CREATE {4+}", trace.Command, "")
	imap(laptop, mail, "Work", trace.Data, "")
	imap(laptop, mail, "", trace.Command, "")
	imap(mail, laptop, "a2 NO [ALREADYEXISTS] it is there", trace.Reply, "NO")
	add(mail, "", 0, &trace.Store{Action: "flags", Mailbox: "anna@romashka.example", Folder: "INBOX", UID: "1.7", Flags: []string{`\Seen`}, Count: 1})
	add(mail, "", 0, &trace.Store{Action: "rename", Mailbox: "anna@romashka.example", Folder: "Work", To: "Play"})
	add(mail, "", 0, &trace.Store{Action: "add", Mailbox: "anna@romashka.example", Folder: "Play", UID: "2.1", Bytes: 812, Count: 1, Total: 812, Limit: 1000})
	add(laptop, "", 0, &trace.Device{Action: "listed", Subject: "Привет", Folder: "INBOX", Holds: trace.HoldsHeader, Count: 1, Bytes: 310})
	add(laptop, "", 0, &trace.Device{Action: "fetched", Subject: "Привет", Folder: "INBOX", Holds: trace.HoldsText, Count: 1, Bytes: 812})
	add(laptop, "", 0, &trace.Device{Action: "marked", Subject: "Привет", Folder: "INBOX"})
	add(laptop, "", 0, &trace.Device{Action: "moved", Subject: "Привет", Folder: "Play"})
	add(laptop, "", 0, &trace.Device{Action: "search", Text: "far", New: 1, Count: 1})
	add(laptop, "", 0, &trace.Device{Action: "set", Text: "leave_copies: true\ndelete_after: 24h", Count: 1})
	add(laptop, "", 0, &trace.Device{Action: "offline", Count: 1, Offline: 1})
	add(laptop, "", 0, &trace.Device{Action: "online", Count: 1})
	add(laptop, "", 0, &trace.Device{Action: "gone", Subject: "Привет"})
	add(laptop, "", 0, &trace.Device{Action: "lost"})
	return rec
}

// meaning explains in a way that does not change with the program's texts.
func meaning(_ words.Lang, _ trace.World, e *trace.Event, ctx explain.Context) explain.Explained {
	x := explain.Explained{Sentence: "A sentence about " + string(e.Kind()) + " that is so long that it goes on in another row."}
	if l, ok := e.Body.(*trace.Line); ok {
		x.Sentence = "A sentence about the " + string(l.Role) + ", after " + ctx.Command + "."
		x.Parts = []explain.Part{{Start: 0, End: min(4, len(l.Text)), Kind: explain.Verb}}
		if l.Role == trace.Reply {
			x.Parts[0].Kind = explain.Code
		} else if at := strings.IndexByte(l.Text, '<'); at >= 0 {
			x.Parts = append(x.Parts, explain.Part{Start: at, End: strings.IndexByte(l.Text, '>') + 1, Kind: explain.EnvelopeText})
		}
	}
	return x
}

func text(t *testing.T, rec trace.Recording, o Options) string {
	t.Helper()
	var b bytes.Buffer
	p := NewPrinter(&b, rec.Header, o)
	p.explain = meaning
	if err := p.all(rec.Trace); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var checks = []lesson.Check{
	{Text: trace.Words{"en": "The letter arrives", "ru": "Письмо доходит"}, OK: true},
	{Text: trace.Words{"en": "It is read", "ru": "Его прочли"}, Got: "nothing"},
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		file string
		o    Options
	}{
		{"en", Options{Lang: words.EN}},
		{"ru", Options{Lang: words.RU}},
		{"ru-narrow", Options{Lang: words.RU, Width: 64}},
		{"en-color", Options{Lang: words.EN, Color: true}},
	} {
		t.Setenv("NO_COLOR", "")
		t.Setenv("TERM", "xterm-256color")
		var b bytes.Buffer
		b.WriteString(text(t, sample(), c.o))
		if err := Report(&b, checks, c.o); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("testdata", c.file+".txt")
		if *update {
			if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s: %s", c.file, d)
		}
	}
}

// No row is wider than it may be, whatever the width.
func TestWidth(t *testing.T) {
	for w := minWidth; w <= maxWidth; w += 7 {
		for row := range strings.Lines(text(t, sample(), Options{Lang: words.RU, Width: w})) {
			if got := width(strings.TrimSuffix(row, "\n")); got > w {
				t.Errorf("%d columns, want at most %d: %s", got, w, row)
			}
		}
	}
}

func TestFollow(t *testing.T) {
	rec := sample()
	want := text(t, rec, Options{Lang: words.EN})
	var b bytes.Buffer
	p := NewPrinter(&b, rec.Header, Options{Lang: words.EN})
	p.explain = meaning
	live := trace.New()
	ctx, cancel := context.WithCancel(t.Context())
	end := make(chan error)
	go func() { end <- p.Follow(ctx, live) }()
	for seq := 1; seq <= rec.Len(); seq++ {
		live.Append(*rec.At(seq), nil)
	}
	cancel()
	if err := <-end; err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, b.String()+"\n"); d != "" {
		t.Error(d)
	}
}

// A note that came later stands at the event that it tells of.
func TestNotes(t *testing.T) {
	rec := trace.Recording{Trace: trace.New()}
	rec.Append(trace.Event{Body: &trace.Device{Action: "poll"}}, nil)
	before := text(t, rec, Options{Lang: words.EN})
	rec.Append(trace.Event{At: time.Hour, Body: &trace.Note{Step: 1}}, nil) // says nothing
	if after := text(t, rec, Options{Lang: words.EN}); after != before {
		t.Errorf("a step that begins is printed:\n%s", after)
	}
	rec.Append(trace.Event{At: time.Hour, Body: &trace.Device{Action: "nothing"}}, nil)
	rec.Append(trace.Event{At: time.Hour, Cause: 3, Body: &trace.Note{Text: trace.Words{"en": "STORY"}}}, nil)
	rec.Append(trace.Event{At: time.Hour, Cause: 3, Body: &trace.Note{Chapter: true, Text: trace.Words{"en": "CHAPTER"}}}, nil)
	got := text(t, rec, Options{Lang: words.EN})
	at := -1
	for _, s := range []string{"anything new", "CHAPTER", "nothing new", "STORY"} {
		next := strings.Index(got, s)
		if next <= at {
			t.Errorf("%s stands in the wrong place:\n%s", s, got)
		}
		at = next
	}
}

// What is folded away of a letter is told even if its dot never came.
func TestLetterThatBrokeOff(t *testing.T) {
	rec := trace.Recording{Trace: trace.New()}
	for _, body := range []trace.Payload{
		&trace.Line{Text: "RETR 1", Role: trace.Command}, &trace.Line{Text: "+OK", Role: trace.Reply, Code: "+OK"},
		&trace.Line{Text: "Subject: Hi\r\n\r\n" + strings.Repeat("line\r\n", 8) + "line", Role: trace.Data}, &trace.Close{Reason: "connection lost"},
	} {
		rec.Append(trace.Event{From: "a.test", To: "b.test", Conn: 1, Proto: "pop3", Body: body}, nil)
	}
	got := text(t, rec, Options{Lang: words.EN})
	if hidden, lost := strings.Index(got, "3 more lines"), strings.Index(got, "the line went dead"); hidden < 0 || lost < hidden {
		t.Errorf("printed\n%s", got)
	}
}

// Nothing that came from outside steers the terminal.
func FuzzNoInjection(f *testing.F) {
	f.Add("\x1b[2J\u009b31m\u202e\u200b\xff\r\n\x00\u0301", "250 ok\x07")
	f.Fuzz(func(t *testing.T, a, b string) {
		rec := trace.Recording{Header: trace.Header{Lesson: a, Title: trace.Words{"en": a},
			World: trace.World{Domains: []trace.Domain{{Name: b}}, Hosts: []trace.Host{{Name: a, Addr: b, Domain: b}}}}, Trace: trace.New()}
		for _, body := range []trace.Payload{
			&trace.Note{Chapter: true, Text: trace.Words{"en": a}}, &trace.Note{Text: trace.Words{"en": b}},
			&trace.Connect{Service: a}, &trace.Line{Text: a, Role: trace.Command}, &trace.Line{Text: b, Role: trace.Reply, Code: b},
			&trace.Line{Text: "DATA", Role: trace.Command}, &trace.Line{Text: a, Role: trace.Data},
			&trace.Lookup{Name: a, Type: b, RCode: a}, &trace.Lookup{RCode: "NOERROR", Answers: []string{a}},
			&trace.Queue{Action: "accepted", ID: a, Sender: b, Recipients: []string{a}, NextHop: b, Reason: a},
			&trace.Store{Action: "add", Mailbox: a, Folder: b, UID: a}, &trace.Device{Action: "read", Subject: a, Text: b, Reason: a},
			&trace.Store{Action: "rename", Folder: a, To: b}, &trace.Store{Action: "flags", Flags: []string{a, b}},
			&trace.Device{Action: "marked", Folder: a, Flags: []string{b}}, &trace.Device{Action: "search", Text: a},
			&trace.Line{Text: a + "{9}", Role: trace.Reply}, &trace.Line{Text: b, Role: trace.Data}, &trace.Line{Text: a, Role: trace.Reply},
			&trace.Refused{Service: a, Reason: b}, &trace.Close{Reason: a},
		} {
			for _, proto := range []string{"smtp", "imap"} {
				rec.Append(trace.Event{From: a, To: b, Conn: 1, Proto: proto, Body: body}, nil)
			}
		}
		var out bytes.Buffer
		if err := Text(&out, rec, Options{Lang: words.EN}); err != nil {
			t.Fatal(err)
		}
		for _, r := range out.String() {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar && !strings.ContainsRune(a+b, r)) {
				t.Fatalf("%q reached the terminal", r)
			}
		}
	})
}
