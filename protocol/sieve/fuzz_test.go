package sieve

import (
	"slices"
	"strings"
	"testing"
)

var seeds = []string{
	`require ["fileinto", "copy"]; if header :contains "subject" ["a", "b"] { fileinto :copy "A"; } elsif size :over 1K { discard; } else { keep; stop; }`,
	"if allof (not exists \"x\", anyof (true, false)) { redirect \"a@b.example\"; }",
	"require [\"body\", \"envelope\", \"imap4flags\"]; if body :matches \"*?\\\\*\" { setflag \"\\\\Seen\"; } # end\r\nif envelope :domain \"from\" text:\r\n..x\r\n.\r\n{}",
	`require ["encoded-character", "comparator-i;unicode-casemap"]; if address :comparator "i;unicode-casemap" :matches "from" "${unicode:41}?*" { keep; }`,
	`require ["reject", "mailbox"]; if mailboxexists "A" { reject "${hex:0}"; }`,
}

// FuzzParse: a mistake has a place in the script, and what is right is the
// same script again when it is printed.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		s, err := Parse(script)
		if err != nil {
			e := err.(*Error)
			if lines := strings.Count(script, "\n") + 1; e.Line < 1 || e.Line > lines || e.Column < 1 || e.Column > len(script)+1 || e.Problem == "" {
				t.Errorf("%q: no place: %v", script, e)
			}
			return
		}
		printed := s.String()
		if len(printed) > maxScript { // blocks were moved in
			return
		}
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q printed as %q: %v", script, printed, err)
		}
		if again.String() != printed || !slices.EqualFunc(s.commands, again.commands, same) {
			t.Errorf("%q printed as %q and then as %q", script, printed, again.String())
		}
	})
}

// same tells whether two commands are the same but for where they stand.
func same(a, b *node) bool {
	return a.name == b.name && a.list == b.list && a.open == b.open &&
		slices.EqualFunc(a.args, b.args, func(x, y argument) bool {
			return x.sort == y.sort && x.tag == y.tag && x.number == y.number && slices.Equal(x.strings, y.strings)
		}) &&
		slices.EqualFunc(a.tests, b.tests, same) && slices.EqualFunc(a.block, b.block, same)
}

// FuzzRun: whatever script meets whatever letter, something is done with the
// letter, the same every time, within the limits, and an error means that it
// is kept.
func FuzzRun(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, offer, "a@b.example")
	}
	f.Fuzz(func(t *testing.T, script, letter, from string) {
		s, err := Parse(script)
		if err != nil {
			return
		}
		data := []byte(letter)
		in := Input{From: from, To: "boris@romashka.example", Letter: data}
		actions, err := s.Run(in)
		if len(actions) == 0 || len(actions) > maxActions+1 {
			t.Fatalf("%q: %d actions", script, len(actions))
		}
		if string(data) != letter {
			t.Errorf("%q changed the letter", script)
		}
		if err != nil && tell(actions) != "keep!" {
			t.Errorf("%q: %s although %v", script, tell(actions), err)
		}
		redirects := 0
		for _, a := range actions {
			switch a.Kind {
			case Redirect:
				redirects++
				if !strings.Contains(a.Address, "@") {
					t.Errorf("%q: redirected to %q", script, a.Address)
				}
			case FileInto:
				if a.Mailbox == "" {
					t.Errorf("%q: filed nowhere", script)
				}
			case Keep, Discard, Reject:
			default:
				t.Errorf("%q: %q", script, a.Kind)
			}
			if a.Rule.Line > 0 && !strings.HasPrefix(a.Rule.Text, "if ") && !strings.HasPrefix(a.Rule.Text, "els") {
				t.Errorf("%q: the rule is %q", script, a.Rule.Text)
			}
		}
		if redirects > maxRedirects {
			t.Errorf("%q: %d redirections", script, redirects)
		}
		again, err2 := s.Run(in)
		if tell(again) != tell(actions) || (err == nil) != (err2 == nil) {
			t.Errorf("%q: first %s, then %s", script, tell(actions), tell(again))
		}
	})
}

// FuzzPattern: the quick way to look for a pattern finds what the plain one
// does.
func FuzzPattern(f *testing.F) {
	f.Add("*a?b*", "xaxb")
	f.Add(`\*?*`, "*a")
	f.Fuzz(func(t *testing.T, key, text string) {
		if len(key) > 40 || len(text) > 40 {
			return
		}
		k := keys{comparator: comparators["i;octet"], kind: "matches"}
		p := k.pattern(key)
		if got, want := k.fits(&machine{}, p, []byte(text)), plainly(p, text); got != want {
			t.Errorf("%q matches %q: %v", key, text, got)
		}
	})
}

// plainly is RFC 5228 §2.7.1 word by word.
func plainly(p []piece, text string) bool {
	memo := map[[2]int]bool{}
	var fits func(i, at int) bool
	fits = func(i, at int) (ok bool) {
		if known, ok := memo[[2]int{i, at}]; ok {
			return known
		}
		defer func() { memo[[2]int{i, at}] = ok }()
		switch {
		case i == len(p):
			return at == len(text)
		case p[i].any:
			return fits(i+1, at) || at < len(text) && fits(i, at+1)
		case p[i].text == nil:
			return at < len(text) && fits(i+1, at+1)
		}
		rest, found := strings.CutPrefix(text[at:], string(p[i].text))
		return found && fits(i+1, len(text)-len(rest))
	}
	return fits(0, 0)
}
