package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var header = Header{
	Lesson: "mx", Number: 4, Title: Words{"en": "Whose server?", "ru": "Чей сервер?"}, Side: "POP3",
	Start: time.Date(2026, 3, 2, 9, 0, 0, 5e6, time.UTC),
	World: World{
		Domains: []Domain{{"romashka.example", Words{"ru": "Ромашка"}}, {Name: "rocket.example"}},
		Hosts: []Host{
			{Name: "mail.romashka.example", Addr: "192.0.2.10", Domain: "romashka.example", Kind: Server, MX: 10},
			{Name: "anna-laptop.romashka.example", Addr: "192.0.2.20", Domain: "romashka.example", Kind: Laptop,
				Title: Words{"en": "Anna", "ru": "Анна"}, Account: "anna@romashka.example", Receive: "imap"},
		},
		Eavesdropper: &Eavesdropper{Name: "eve.test", Title: Words{"en": "Eve", "ru": "Ева"}, Place: Words{"en": "the café", "ru": "кафе"},
			Hears: []string{"anna-laptop.romashka.example", "mail.romashka.example"}},
	},
}

// everyKind has an event of each kind, with every field set and with none.
var everyKind = []Event{
	{At: 0, From: "a.example", To: "b.example", Conn: 1, Proto: "smtp", Letter: "L1",
		Body: &Connect{Service: "smtp", Port: 25, FromAddr: "192.0.2.10", ToAddr: "192.0.2.11", Foreign: true}},
	{At: 1, Body: &Connect{}},
	{At: 420 * time.Millisecond, Body: &Close{Reason: "timeout"}},
	{At: 420 * time.Millisecond, Body: &Close{}},
	{At: time.Second, Body: &Refused{Service: "smtp", Port: 25, ToAddr: "192.0.2.1", Reason: "host down"}},
	{At: time.Second, Body: &Refused{}},
	{At: time.Hour, Cause: 5, Body: &Line{Text: "250 ok", Role: Reply, Code: "250", Bytes: 8, Encrypted: true}},
	{At: time.Hour, Body: &Line{Text: "+OK", Role: Reply, Code: "+OK", Bytes: 5}},
	{At: time.Hour, Body: &Line{Text: "", Role: Data, Bytes: 2}},
	{At: time.Hour, Body: &Line{Text: "Привет\r\n\ttab \"q\" \\ \x00\x1f\x7f\u2028", Role: Data}},
	{At: time.Hour, Body: &Line{Text: "\xcf\xf0\xe8\xe2\xe5\xf2", Role: Data}},
	{At: time.Hour, Body: &Line{Code: "007"}},
	{At: time.Hour, Conn: 1, Body: &TLS{Mode: "starttls", Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", ServerName: "mail.b.example",
		Subject: "www.other.example", Issuer: "this run", NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		Verified: true, Reason: "expired", Discarded: 14, Seen: []Record{{Type: "handshake", Version: "TLS 1.0", Bytes: 1500, Messages: []string{"client_hello"}},
			{Server: true, Type: "application_data", Version: "TLS 1.2"}, {}}}},
	{At: time.Hour, Body: &TLS{}},
	{At: time.Hour, Body: &Lookup{Name: "rocket.example.", Type: "MX", RCode: "NOERROR",
		Answers: []string{"10 mx1.rocket.example.", "20 mx2.rocket.example."}, TTL: 300 * time.Second, Cached: true}},
	{At: time.Hour, Body: &Lookup{}},
	{At: time.Hour, Body: &Queue{Action: "deferred", ID: "Q1", Sender: "anna@romashka.example",
		Recipients: []string{"boris@rocket.example", "\xff@rocket.example"}, NextHop: "mx1.rocket.example", Attempt: 2,
		Next: time.Hour + 15*time.Minute + 1, Reason: "421 \x80", Length: 3}},
	{At: time.Hour, Body: &Queue{}},
	{At: time.Hour, Body: &Store{Action: "add", Mailbox: "boris@rocket.example", Folder: "INBOX", UID: "7", Bytes: 812, Count: 1,
		To: "Архив", Flags: []string{`\Seen`, "важно"}, Total: 900, Limit: 1000}},
	{At: time.Hour, Body: &Store{}},
	{At: time.Hour, Body: &Device{Action: "read", Account: "boris@rocket.example", Subject: "Тема", Count: 2, New: 1,
		Text: "one\ntwo", Reason: "none", Folder: "INBOX", UID: "9.7", Flags: []string{`\Seen`}, Holds: HoldsText, Size: 5000, Bytes: 700, Offline: 2}},
	{At: time.Hour, Body: &Device{}},
	{At: time.Hour, Body: &Verdict{Check: "dmarc", Source: "letter", Identity: "header.from", Value: "илон@rocket.example", Domain: "rocket.example",
		Addr: "203.0.113.66", Asked: []string{"TXT _dmarc.rocket.example"}, Record: "v=DMARC1; p=reject", Term: "-all", Result: "fail",
		Aligned: []string{"spf", "dkim"}, Policy: "reject", Score: 5, Reason: "nothing vouches for it",
		Field: "Authentication-Results: mx1.rocket.example;\r\n\tdmarc=fail"}},
	{At: time.Hour, Body: &Verdict{}},
	{At: time.Hour, From: "ns.example", Body: &Change{Domain: "romashka.example", Key: "spf", Old: "v=spf1 -all", New: "v=spf1 mx\n\xff"}},
	{At: time.Hour, Body: &Change{}},
	{At: time.Hour, From: "a.example", To: "b.example", Conn: 2, Body: &Fault{Action: "struck", Type: "reply", Name: "cross b", Detail: `"RCPT TO:*" is answered "451 no"`, Line: "250 ok"}},
	{At: time.Hour, Body: &Fault{}},
	{At: time.Hour, Body: &Note{Chapter: true, Text: Words{"en": "Off it goes", "ru": "Поехали"}, Step: 3}},
	{At: 200 * 365 * 24 * time.Hour, Body: &Note{}},
}

func record(h Header, events []Event) Recording {
	rec := Recording{h, New()}
	for _, e := range events {
		rec.Append(e, nil)
	}
	return rec
}

func events(rec Recording) []Event {
	var all []Event
	for seq := 1; seq <= rec.Len(); seq++ {
		all = append(all, *rec.At(seq))
	}
	return all
}

func written(t testing.TB, rec Recording) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, rec); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for _, rec := range []Recording{
		record(header, everyKind),
		record(Header{}, nil),
		record(Header{Start: time.Date(1982, 8, 1, 0, 0, 0, 0, time.UTC)}, everyKind[:1]),
	} {
		text := written(t, rec)
		again, err := Read(bytes.NewReader(text), "x.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(rec.Header, again.Header); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(events(rec), events(again)); d != "" {
			t.Error(d)
		}
		if !bytes.Equal(text, written(t, again)) {
			t.Error("written again, the recording differs")
		}
	}
}

func TestEveryKindIsTested(t *testing.T) {
	seen := map[Kind]int{}
	for _, e := range everyKind {
		seen[e.Kind()]++
	}
	for _, k := range []Kind{KindConnect, KindClose, KindRefused, KindLine, KindTLS, KindLookup, KindQueue, KindStore, KindDevice, KindVerdict, KindChange, KindFault, KindNote} {
		if seen[k] < 2 || newPayload(k).Kind() != k {
			t.Errorf("kind %q lacks a test", k)
		}
	}
}

func TestWriterStreams(t *testing.T) {
	rec := record(header, everyKind)
	var b bytes.Buffer
	w, err := NewWriter(&b, header)
	if err != nil {
		t.Fatal(err)
	}
	for seq := 1; seq <= rec.Len(); seq++ {
		if err := w.Append(rec.At(seq)); err != nil {
			t.Fatal(err)
		}
		if b.Bytes()[b.Len()-1] != '\n' {
			t.Fatal("an event was written in part")
		}
	}
	if !bytes.Equal(b.Bytes(), written(t, rec)) {
		t.Error("the stream differs from the whole")
	}
}

// The form that DESIGN.md promises.
func TestForm(t *testing.T) {
	rec := record(Header{Lesson: "mx", World: World{Domains: []Domain{{Name: "a.example"}}}}, []Event{
		{At: 420 * time.Millisecond, From: "mail.romashka.example", To: "mx1.rocket.example", Conn: 3, Proto: "smtp", Letter: "L1",
			Body: &Line{Text: "250-\"x\"\tok\x01", Role: Reply, Code: "250", Bytes: 12}},
		{At: time.Minute, From: "a", Cause: 1,
			Body: &Lookup{Name: "rocket.example.", Type: "MX", Answers: []string{"10 mx1.rocket.example."}, TTL: time.Second / 2}},
		{At: time.Minute, Body: &Line{Text: "\xff", Role: Data, Code: "+OK"}},
		{At: time.Minute, Body: &Close{}},
	})
	want := `{"mailscope":1,"lesson":"mx","world":{"domains":[{"name":"a.example"}]}}
{"seq":1,"at":0.42,"kind":"line","conn":3,"from":"mail.romashka.example","to":"mx1.rocket.example","proto":"smtp","letter":"L1","line":{"text":"250-\"x\"\tok\u0001","role":"reply","code":250,"bytes":12}}
{"seq":2,"at":60,"kind":"lookup","from":"a","cause":1,"lookup":{"name":"rocket.example.","type":"MX","answers":["10 mx1.rocket.example."],"ttl":0.5}}
{"seq":3,"at":60,"kind":"line","line":{"text":{"base64":"/w=="},"role":"data","code":"+OK"}}
{"seq":4,"at":60,"kind":"close","close":{}}
`
	if d := cmp.Diff(want, string(written(t, rec))); d != "" {
		t.Error(d)
	}
}

func TestReadTolerates(t *testing.T) {
	for _, in := range []string{
		"{\"world\":{},\"mailscope\":1,\"future\":[{\"x\":[1]}]}\r\n\n {\"close\":{\"new\":null},\"seq\":1, \"kind\":\"close\",\"at\":1e-3,\"future\":{}}",
		"{\"mailscope\":1}\n{\"seq\":1,\"at\":0.0010000004,\"kind\":\"close\",\"close\":{}}\n",
	} {
		rec, err := Read(strings.NewReader(in), "x.jsonl")
		if err != nil || rec.Len() != 1 || rec.At(1).At != time.Millisecond {
			t.Errorf("%s: %v, %+v", in, err, events(rec))
		}
	}
}

func TestReadRefuses(t *testing.T) {
	const head = `{"mailscope":1}` + "\n"
	const first = `{"seq":1,"at":5,"kind":"close","close":{}}` + "\n"
	for _, c := range []struct{ in, err string }{
		{"", "x.jsonl: not a mailscope recording"},
		{"\n", "x.jsonl: not a mailscope recording"},
		{"PK\x03\x04", "x.jsonl: not a mailscope recording"},
		{"title: a lesson\n", "x.jsonl: not a mailscope recording"},
		{`{"mailscope":"1"}`, "x.jsonl: not a mailscope recording"},
		{`{"mailscope":2}`, "x.jsonl:1: mailscope: recording of version 2; this program reads version 1"},
		{`{"mailscope":1,"world":{"hosts":[{},{"kind":"tank"}]}}`, `x.jsonl:1: world.hosts.1.kind: want "server", "dns", "laptop", "phone", "browser" or "foreign"`},
		{`{"mailscope":1,"start":"noon"}`, "x.jsonl:1: start: want a date and time: 2026-03-02T09:00:00Z"},
		{`{"mailscope":1,"title":{"en":5}}`, "x.jsonl:1: title.en: want a string"},
		{`{"mailscope":1}}` + "\n", "x.jsonl:1: want the end of the line after its object"},
		{head + "[]\n", "x.jsonl:2: want an object"},
		{head + "{\"seq\":1\n", "x.jsonl:2: want one JSON object"},
		{head + `{"seq":"1"}` + "\n", "x.jsonl:2: seq: want a number"},
		{head + `{"seq":1,"at":-1}`, "x.jsonl:2: at: want seconds from 0 up to 9223372036"},
		{head + `{"seq":1,"at":1e300}`, "x.jsonl:2: at: want seconds from 0 up to 9223372036"},
		{head + `{"seq":1.5}`, "x.jsonl:2: seq: want a whole number from 0"},
		{head + `{"seq":1}`, "x.jsonl:2: want a kind"},
		{head + `{"seq":1,"kind":"dance","dance":{}}`, `x.jsonl:2: kind: unknown kind "dance"`},
		{head + `{"seq":1,"kind":"close"}`, `x.jsonl:2: want what happened under the key "close"`},
		{head + `{"seq":1,"kind":"close","connect":{}}`, `x.jsonl:2: want what happened under the key "close"`},
		{head + `{"seq":1,"kind":"close","connect":{},"close":{}}`, `x.jsonl:2: close: a second payload, after connect`},
		{head + `{"seq":1,"kind":"line","line":{"role":"shout"}}`, `x.jsonl:2: line.role: want "command", "reply" or "data"`},
		{head + `{"seq":1,"kind":"line","line":{"bytes":true}}`, `x.jsonl:2: line.bytes: want a number`},
		{head + `{"seq":1,"kind":"line","line":{"text":{"base64":"?"}}}`, `x.jsonl:2: line.text.base64: want base64`},
		{head + `{"seq":1,"kind":"line","line":{"text":{}}}`, `x.jsonl:2: line.text: want a string or {"base64":"…"}`},
		{head + `{"seq":1,"kind":"lookup","lookup":{"answers":["a",7]}}`, `x.jsonl:2: lookup.answers.1: want a string`},
		{head + `{"seq":1,"kind":"close","close":[]}`, `x.jsonl:2: close: want an object`},
		{head + `{"seq":1,"kind":"close","close":{},"conn":9999999999}`, `x.jsonl:2: conn: want at most 2147483647`},
		{head + `{"seq":2,"at":0,"kind":"close","close":{}}`, "x.jsonl:2: seq: want 1"},
		{head + `{"seq":1,"cause":1,"kind":"close","close":{}}`, "x.jsonl:2: cause: want the seq of an earlier event"},
		{head + "\n" + first + `{"seq":2,"at":4,"kind":"close","close":{}}`, "x.jsonl:4: at: want a time not before that of the event above"},
	} {
		rec, err := Read(strings.NewReader(c.in), "x.jsonl")
		if err == nil || err.Error() != c.err || rec.Len() != 0 {
			t.Errorf("%q:\n got %v\nwant %s", c.in, err, c.err)
		}
	}
	if _, err := Read(strings.NewReader("From x\n"), "x"); !errors.Is(err, ErrForeign) {
		t.Error(err)
	}
}

// A file may hold several recordings: each begins with its header.
func TestReadAll(t *testing.T) {
	first := record(header, everyKind)
	second := header
	second.Side = "IMAP"
	text := slices.Concat(written(t, first), written(t, record(second, everyKind[:3])), written(t, record(Header{}, nil)))
	recs, err := ReadAll(bytes.NewReader(text), "x.jsonl")
	if err != nil || len(recs) != 3 {
		t.Fatalf("%v, %d recordings", err, len(recs))
	}
	for i, want := range []int{len(everyKind), 3, 0} {
		if recs[i].Len() != want {
			t.Errorf("recording %d has %d events, want %d", i, recs[i].Len(), want)
		}
	}
	if recs[0].Header.Side != "POP3" || recs[1].Header.Side != "IMAP" {
		t.Errorf("sides %q and %q", recs[0].Header.Side, recs[1].Header.Side)
	}
	if one, err := Read(bytes.NewReader(text), "x.jsonl"); !errors.Is(err, ErrSeveral) || one.Len() != 0 ||
		err.Error() != fmt.Sprintf("x.jsonl:%d: a second recording begins here; one was wanted", len(everyKind)+2) {
		t.Errorf("%v, %d events", err, one.Len())
	}
}

func TestReadAllRefuses(t *testing.T) {
	const one = `{"mailscope":1}` + "\n" + `{"seq":1,"at":5,"kind":"close","close":{}}` + "\n"
	for _, c := range []struct{ in, err string }{
		{"", "x.jsonl: not a mailscope recording"},
		{one + `{"mailscope":2}`, "x.jsonl:3: mailscope: recording of version 2; this program reads version 1"},
		{one + `{"mailscope":1,"start":"noon"}`, "x.jsonl:3: start: want a date and time: 2026-03-02T09:00:00Z"},
		{one + one + `{"seq":3,"at":5,"kind":"close","close":{}}`, "x.jsonl:5: seq: want 2"},
		{one + "PK\x03\x04\n", "x.jsonl:3: want an object"},
	} {
		recs, err := ReadAll(strings.NewReader(c.in), "x.jsonl")
		if err == nil || err.Error() != c.err || recs != nil {
			t.Errorf("%q:\n got %v\nwant %s", c.in, err, c.err)
		}
	}
	recs, err := ReadAll(strings.NewReader(one+`{"mailscope":1,"les`), "x.jsonl")
	if !errors.Is(err, ErrCutOff) || len(recs) != 1 || recs[0].Len() != 1 {
		t.Errorf("cut in the second header: %v, %d recordings", err, len(recs))
	}
}

func TestReadCutOff(t *testing.T) {
	rec := record(header, everyKind[:7])
	text := written(t, rec)
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	for cut := last + 1; cut < len(text)-1; cut++ {
		got, err := Read(bytes.NewReader(text[:cut]), "x.jsonl")
		if !errors.Is(err, ErrCutOff) || got.Len() != 6 || !strings.HasPrefix(err.Error(), "x.jsonl:8: ") {
			t.Fatalf("cut at %d: %v, %d events", cut, err, got.Len())
		}
	}
	for _, cut := range []int{last, len(text) - 1} {
		if _, err := Read(bytes.NewReader(text[:cut]), "x.jsonl"); err != nil {
			t.Errorf("cut at a line's end: %v", err)
		}
	}
	if _, err := Read(bytes.NewReader(text[:40]), "x.jsonl"); !errors.Is(err, ErrCutOff) {
		t.Errorf("cut in the header: %v", err)
	}
}

// endless gives the octet 'x' for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestReadLimit(t *testing.T) {
	_, err := Read(io.MultiReader(strings.NewReader("{\"mailscope\":1}\n"), endless{}), "x.jsonl")
	if err == nil || err.Error() != "x.jsonl:2: line longer than 64 MiB" {
		t.Error(err)
	}
}

func TestReadPassesOnErrors(t *testing.T) {
	broken := errors.New("disk gone")
	_, err := Read(io.MultiReader(strings.NewReader("{\"mailscope\":1}\n"), readError{broken}), "x.jsonl")
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}

type readError struct{ err error }

func (r readError) Read([]byte) (int, error) { return 0, r.err }

// What was read is written in a form that reads the same, however many
// recordings there are.
func FuzzRead(f *testing.F) {
	whole := written(f, record(header, everyKind))
	f.Add(whole)
	f.Add(slices.Concat(whole, written(f, record(Header{Side: "IMAP"}, everyKind[:2]))))
	f.Add([]byte("{\"mailscope\":1,\"title\":{\"\\ud800\":\"\\u0000\"}}\n{\"seq\":1,\"at\":1e-9,\"kind\":\"line\",\"line\":{\"code\":1e3,\"text\":{\"base64\":\"/w==\"}}}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		recs, err := ReadAll(bytes.NewReader(in), "x")
		if err != nil && !errors.Is(err, ErrCutOff) {
			if len(recs) != 0 {
				t.Error("events came with an error")
			}
			return
		}
		one, oneErr := Read(bytes.NewReader(in), "x")
		if (len(recs) > 1) != errors.Is(oneErr, ErrSeveral) || one.Len() != 0 && len(recs) != 1 {
			t.Errorf("%d recordings, but read as one: %v", len(recs), oneErr)
		}
		var text []byte
		for _, rec := range recs {
			text = append(text, written(t, rec)...)
		}
		again, err := ReadAll(bytes.NewReader(text), "x")
		if len(recs) > 0 && (err != nil || len(again) != len(recs)) {
			t.Fatalf("%s\n%v, %d recordings of %d", text, err, len(again), len(recs))
		}
		for i, rec := range again {
			if d := cmp.Diff(recs[i].Header, rec.Header); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(events(recs[i]), events(rec)); d != "" {
				t.Error(d)
			}
			if !bytes.Equal(written(t, recs[i]), written(t, rec)) {
				t.Error("written again, the recording differs")
			}
		}
	})
}
