package mua_test

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	parts "mailscope/protocol/imap/letter"
	"mailscope/protocol/smtp"
	"mailscope/sim/clock"
	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

const office = `
start: 2026-09-01T09:00:00Z
dns: {name: ns.example, address: 203.0.113.53}
domains:
  - name: alfa.example
    servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [smtp, submission, pop3]}]
    mx: [{host: mail.alfa.example, preference: 10}]
    people:
      - {name: anna, title: {en: Anna Ivanova}, password: a, devices: [{kind: laptop}, {kind: phone, leave_copies: true}]}
`

// devices starts an office and gives Anna's laptop and phone.
func devices(t *testing.T) (w *world.World, c *clock.Sim, laptop, phone *mua.Device) {
	t.Helper()
	return start(t, office)
}

func start(t *testing.T, office string) (w *world.World, c *clock.Sim, laptop, phone *mua.Device) {
	t.Helper()
	spec := &world.Spec{}
	f, err := world.Decode("office.yaml", []byte(office), spec)
	if err == nil {
		err = spec.Check(f, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	c = clock.NewSim(spec.Start)
	if w, err = world.Start(t.Context(), spec, f, c, true, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w, c, w.Device("anna-laptop.alfa.example"), w.Device("anna-phone.alfa.example")
}

// letter has Anna write to herself.
func letter(t *testing.T, c *clock.Sim, d *mua.Device, subject string) {
	t.Helper()
	l, err := d.Compose(mua.Draft{To: []string{"anna@alfa.example"}, Subject: subject, Text: "Hello\n"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if err := c.Settle(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
}

func poll(t *testing.T, d *mua.Device, want int) {
	t.Helper()
	if n, err := d.Poll(t.Context()); n != want || err != nil {
		t.Errorf("Poll = %d, %v; want %d", n, err, want)
	}
}

func TestComposeWritesALetter(t *testing.T) {
	_, _, d, _ := devices(t)
	l, err := d.Compose(mua.Draft{To: []string{"a@x.test", "b@x.test"}, Cc: []string{"c@x.test"}, Bcc: []string{"secret@x.test"},
		Subject: "Обед", Text: "Первая строка\nвторая"})
	if err != nil {
		t.Fatal(err)
	}
	text := string(l.Data)
	for _, want := range []string{"Date: Tue, 01 Sep 2026 09:00:00 +0000\r\n", "Message-Id: <1.1788253200@anna-laptop.alfa.example>\r\n",
		"From: \"Anna Ivanova\" <anna@alfa.example>\r\n", "To: <a@x.test>, <b@x.test>\r\n", "Cc: <c@x.test>\r\n", "Subject: =?utf-8?",
		"Mime-Version: 1.0\r\n", "charset=utf-8", "Content-Transfer-Encoding: 8bit\r\n", "\r\n\r\nПервая строка\r\nвторая\r\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "secret") || strings.Contains(text, "Bcc") {
		t.Errorf("the blind copy shows:\n%s", text)
	}
	if len(l.Rcpts) != 4 || l.Rcpts[3].To != "secret@x.test" || l.From != "anna@alfa.example" || l.UTF8() {
		t.Errorf("envelope from %s to %v, UTF-8 %v", l.From, l.Rcpts, l.UTF8())
	}
	if got := mua.SubjectOf(l.Data); got != "Обед" {
		t.Errorf("subject comes back as %q", got)
	}
	if got, err := mua.TextOf(l.Data); got != "Первая строка\nвторая\n" || err != nil {
		t.Errorf("text comes back as %q, %v", got, err)
	}
}

func TestLongLinesTravelQuoted(t *testing.T) {
	_, _, d, _ := devices(t)
	long := strings.Repeat("длинно ", 500)
	l, err := d.Compose(mua.Draft{To: []string{"a@x.test"}, Text: long})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(l.Data, []byte("Content-Transfer-Encoding: quoted-printable\r\n")) {
		t.Errorf("encoding:\n%s", l.Data[:400])
	}
	for line := range bytes.SplitSeq(l.Data, []byte("\r\n")) {
		if len(line) > 78 {
			t.Fatalf("a line of %d octets", len(line))
		}
	}
	if got, err := mua.TextOf(l.Data); strings.TrimRight(got, "\n") != long || err != nil {
		t.Errorf("text comes back as %q, %v", got, err)
	}
}

func TestComposeRefuses(t *testing.T) {
	_, _, d, _ := devices(t)
	for name, draft := range map[string]mua.Draft{
		"needs a recipient":     {},
		"is no address":         {To: []string{"nobody"}},
		"recipients, at most":   {To: make([]string, mua.MaxRecipients+1)},
		"octets of text, at m":  {To: []string{"a@x.test"}, Text: strings.Repeat("x", mua.MaxText+1)},
		"attachment \"x\" of 8": {To: []string{"a@x.test"}, Attach: []mua.Attachment{{"x", mua.MaxAttached + 1}}},
		"attachment \"\" of 1 ": {To: []string{"a@x.test"}, Attach: []mua.Attachment{{"", 1}}},
	} {
		if _, err := d.Compose(draft); err == nil || !strings.HasPrefix(err.Error(), "compose: ") || !strings.Contains(err.Error(), name) {
			t.Errorf("want %q, got %v", name, err)
		}
	}
}

func TestPollTakesEachLetterOnce(t *testing.T) {
	w, c, laptop, phone := devices(t)
	box := w.Home("anna@alfa.example").Store().Box("anna@alfa.example")
	letter(t, c, laptop, "One")
	poll(t, phone, 1) // leaves copies
	poll(t, phone, 0)
	if n := len(box.Messages()); n != 1 {
		t.Errorf("the phone left %d letters, want 1", n)
	}
	letter(t, c, laptop, "Two")
	poll(t, phone, 1)
	poll(t, laptop, 2) // takes them away
	if n := len(box.Messages()); n != 0 {
		t.Errorf("the laptop left %d letters", n)
	}
	poll(t, laptop, 0)
	poll(t, phone, 0)
	for _, d := range []*mua.Device{laptop, phone} {
		kept := d.Letters()
		if len(kept) != 2 || mua.SubjectOf(kept[0].Data) != "One" || mua.SubjectOf(kept[1].Data) != "Two" || kept[1].Letter != "L2" {
			t.Errorf("%s keeps %d letters", d.Host, len(kept))
		}
	}
}

func TestCopiesAreDeletedByAge(t *testing.T) {
	w, c, laptop, phone := devices(t)
	phone.DeleteAfter = 24 * time.Hour
	box := w.Home("anna@alfa.example").Store().Box("anna@alfa.example")
	letter(t, c, laptop, "One")
	poll(t, phone, 1)
	pass := func(d time.Duration) {
		if err := c.Run(t.Context(), c.Now()+d); err != nil {
			t.Fatal(err)
		}
	}
	pass(23 * time.Hour)
	letter(t, c, laptop, "Two")
	poll(t, phone, 1)
	if n := len(box.Messages()); n != 2 {
		t.Errorf("%d letters are left on the server before their time", n)
	}
	pass(2 * time.Hour)
	poll(t, phone, 0)
	if left := box.Messages(); len(left) != 1 || left[0].Letter != "L2" || len(phone.Letters()) != 2 {
		t.Errorf("%d letters on the server, %d on the phone", len(left), len(phone.Letters()))
	}
}

func TestDeletesOnlyWhatItKeeps(t *testing.T) {
	w, c, laptop, _ := devices(t)
	letter(t, c, laptop, "One")
	poll(t, laptop, 1)
	fetched := 0
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		switch b := w.Trace.At(seq).Body.(type) {
		case *trace.Device:
			if b.Action == "fetched" {
				fetched = seq
			}
		case *trace.Line:
			if strings.HasPrefix(b.Text, "DELE") && (fetched == 0 || fetched > seq) {
				t.Error("DELE came before the letter was kept")
			}
		}
	}
	if fetched == 0 {
		t.Error("nothing was fetched")
	}
}

func TestFailuresAreRecorded(t *testing.T) {
	w, _, laptop, _ := devices(t)
	laptop.Password = "wrong"
	l, err := laptop.Compose(mua.Draft{To: []string{"a@x.test"}})
	if err != nil {
		t.Fatal(err)
	}
	var refused *smtp.ReplyError
	if err := laptop.Send(t.Context(), l); !errors.As(err, &refused) || refused.Code != 535 {
		t.Errorf("Send with a wrong password: %v", err)
	}
	if _, err := laptop.Poll(t.Context()); err == nil {
		t.Error("Poll with a wrong password went well")
	}
	laptop.Server = netip.MustParseAddr("203.0.113.53") // the name server
	if _, err := laptop.Poll(context.Background()); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("Poll at a closed port: %v", err)
	}
	failed := 0
	for seq := 1; seq <= w.Trace.Len(); seq++ {
		if b, ok := w.Trace.At(seq).Body.(*trace.Device); ok && b.Action == "failed" && b.Reason != "" {
			failed++
		}
	}
	if failed != 3 {
		t.Errorf("%d failures recorded, want 3", failed)
	}
}

func TestRead(t *testing.T) {
	w, c, laptop, _ := devices(t)
	letter(t, c, laptop, "One")
	poll(t, laptop, 1)
	for _, i := range []int{-1, 1} {
		if err := laptop.Read(t.Context(), i); !errors.Is(err, mua.ErrNoLetter) {
			t.Errorf("Read(%d): %v", i, err)
		}
	}
	if err := laptop.Read(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b, ok := w.Trace.At(w.Trace.Len()).Body.(*trace.Device)
	if !ok || b.Action != "read" || b.Subject != "One" || b.Text != "Hello\n" {
		t.Errorf("recorded %+v", b)
	}
}

func TestALostDeviceDoesNothing(t *testing.T) {
	w, c, laptop, _ := devices(t)
	letter(t, c, laptop, "One")
	poll(t, laptop, 1)
	l, err := laptop.Compose(mua.Draft{To: []string{"a@x.test"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := laptop.Lose(); err != nil {
		t.Fatal(err)
	}
	events := w.Trace.Len()
	_, polled := laptop.Poll(t.Context())
	_, searched := laptop.Search(t.Context(), mua.Query{Text: "Hello"})
	for what, err := range map[string]error{"poll": polled, "search": searched, "send": laptop.Send(t.Context(), l),
		"read": laptop.Read(t.Context(), 0), "delete": laptop.Delete(t.Context(), 0, false), "set": laptop.Set(mua.Settings{}),
		"connect": laptop.Connect(true), "lose": laptop.Lose()} {
		if !errors.Is(err, mua.ErrLost) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := len(laptop.Letters()); n != 0 || w.Trace.Len() != events {
		t.Errorf("it keeps %d letters and recorded %d events", n, w.Trace.Len()-events)
	}
}

// FuzzText reads whatever comes as a letter.
func FuzzText(f *testing.F) {
	f.Add([]byte("Subject: =?utf-8?q?x?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b--\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		mua.SubjectOf(data)
		if text, err := mua.TextOf(data); err != nil && text != "" || len(text) > 4*mua.MaxText {
			t.Errorf("%d octets of text and %v", len(text), err)
		}
	})
}

// TestAttachmentsAreTheSameEachTime: what goes with a letter is made up, but
// always the same, and so is the boundary.
func TestAttachmentsAreTheSameEachTime(t *testing.T) {
	var letters [2][]byte
	for i := range letters {
		_, _, d, _ := devices(t)
		l, err := d.Compose(mua.Draft{To: []string{"a@x.test"}, Text: "Смотри\n", Attach: []mua.Attachment{{"план.pdf", 1000}, {"a.jpg", 10}, {"b.bin", 1}}})
		if err != nil {
			t.Fatal(err)
		}
		letters[i] = l.Data
	}
	if !bytes.Equal(letters[0], letters[1]) {
		t.Errorf("two letters differ:\n%s\n%s", letters[0], letters[1])
	}
	root := parts.Parse(letters[0])
	var types []string
	for _, p := range root.Parts {
		types = append(types, string(p.Type.Type)+"/"+string(p.Type.Subtype)+" "+string(p.Encoding))
	}
	if want := []string{"text/plain 8bit", "application/pdf base64", "image/jpeg base64", "application/octet-stream base64"}; !slices.Equal(types, want) {
		t.Errorf("parts %q, want %q", types, want)
	}
	if octets, _, err := parts.Binary(letters[0], []int{2}); len(octets) != 1000 || err != nil {
		t.Errorf("%d octets, %v", len(octets), err)
	}
	if text, err := mua.TextOf(letters[0]); text != "Смотри\n" || err != nil {
		t.Errorf("text %q, %v", text, err)
	}
}
