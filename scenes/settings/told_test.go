package settings

import (
	"strings"
	"testing"

	"mailscope/scenes/words"
)

// TestWhyIsTold: with the kind of outcome comes what decided it, in both
// languages.
func TestWhyIsTold(t *testing.T) {
	forged := letter("mallory@spam.example", "anna@romashka.example")
	forged.From, forged.Sender = "ilon@rocket.example", "ilon@rocket.example"
	for _, tt := range []struct {
		set    [][3]string
		kind   string
		en, ru string
	}{
		{nil, Refused, "The policy of rocket.example is to refuse it.", "Политика домена rocket.example велит отказать."},
		{[][3]string{{"rocket.example", "dmarc", "quarantine"}}, Junk, "put it aside", "велит отложить"},
		{[][3]string{{"rocket.example", "dmarc", "none"}}, Inbox, "let it pass", "велит пропустить"},
		{[][3]string{{"rocket.example", "dmarc", "off"}}, Junk, "SPF failed", "SPF не сошёлся"},
		{[][3]string{{"rocket.example", "dmarc", "off"}, {"rocket.example", "spf", "none"}}, Inbox, "nothing against", "ничего нет"},
	} {
		d := newDesk(t)
		for _, s := range tt.set {
			d.choose(s[0], s[1], s[2])
		}
		if err := d.Write(t.Context(), forged); err != nil {
			t.Fatal(err)
		}
		got := d.outcome()
		if got.Kind != tt.kind || !strings.Contains(got.Told(words.EN), tt.en) || !strings.Contains(got.Told(words.RU), tt.ru) {
			t.Errorf("with %v: %+v, %q, %q", tt.set, got, got.Told(words.EN), got.Told(words.RU))
		}
	}
}

// TestTwice: cut off before the answer, a letter is there and is sent again;
// both are told.
func TestTwice(t *testing.T) {
	d := newDesk(t)
	d.choose("rocket.example", "cut", "on")
	if err := d.Write(t.Context(), letter("anna@romashka.example", "ilon@rocket.example")); err != nil {
		t.Fatal(err)
	}
	if got := d.outcome(); got.Kind != Inbox || got.Times != 1 || !got.Held || !strings.Contains(got.Told(words.EN), "will bring it again") {
		t.Errorf("after the cut: %+v", got)
	}
	for d.Waiting() > 0 {
		if err := d.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.outcome(); got.Times != 2 || got.Held || !strings.Contains(got.Told(words.RU), "Пришло 2 раза") {
		t.Errorf("in the end: %+v", got)
	}
}

// TestWay: a stretch is in clear where STARTTLS is not offered or is erased,
// and only there.
func TestWay(t *testing.T) {
	d := newDesk(t)
	write := letter("anna@romashka.example", "ilon@rocket.example")
	told := func() (Way, string) {
		if err := d.Write(t.Context(), write); err != nil {
			t.Fatal(err)
		}
		rec := d.Recording()
		w := WayOf(rec, rec.Len())
		return w, w.Told(words.EN, rec.Header.World)
	}
	if w, text := told(); len(w.Clear) != 0 || w.Sealed < 3 || !strings.Contains(text, "padlock") {
		t.Errorf("careful: %+v, %q", w, text)
	}
	d.choose("rocket.example", "strip", "on")
	w, text := told()
	if len(w.Clear) != 1 || w.Clear[0].From != "mail.romashka.example" || w.Sealed < 2 || !strings.Contains(text, "mail.romashka → mx1.rocket") {
		t.Errorf("stripped: %+v, %q", w, text)
	}
	if got := WayOf(d.Recording(), 1); got.Sealed != 0 || got.Told(words.EN, d.Recording().Header.World) != "" {
		t.Errorf("before anything: %+v", got)
	}
}
