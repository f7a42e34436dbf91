package mta_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// watchful is town with every way to sign in.
var watchful = strings.Replace(town, "[smtp, submission, pop3]", "[smtp, submission, pop3, imap], auth: [SCRAM-SHA-256, CRAM-MD5, PLAIN, LOGIN]", 1)

// plain is a sign-in by SMTP.
func plain(user, password string) string {
	return "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password))
}

// signIn tries to sign in by SMTP over a connection of its own, and returns
// the reply's code.
func (w *running) signIn(host, user, password string) string {
	w.t.Helper()
	replies := w.sayFrom(host, office+":587", "EHLO x.test", plain(user, password), "QUIT")
	code, _, _ := strings.Cut(replies[2], " ")
	return code
}

// A hundred wrong passwords, each on a connection of its own, meet the limit
// after ten; each takes longer, up to a limit; it is over a quarter of an hour
// after the last one that counted. Neither the owner elsewhere nor another
// account is locked out by it.
func TestGuessingMeetsALimit(t *testing.T) {
	const stranger, boris = "mx.rocket.example", "boris@romashka.example"
	w := startWorld(t, watchful)
	var codes []string
	before := w.clock.Now()
	for i := range 100 {
		codes = append(codes, w.signIn(stranger, boris, fmt.Sprint("guess", i)))
	}
	if n := len(slices.DeleteFunc(slices.Clone(codes), func(c string) bool { return c != "535" })); n != 10 || codes[9] != "535" || codes[10] != "454" || codes[99] != "454" {
		t.Errorf("100 guesses were answered %v", codes)
	}
	if spent := w.clock.Now() - before; spent < 70*time.Second {
		t.Errorf("100 guesses took %v", spent)
	}
	if got := w.signIn(laptop, boris, "b"); got != "235" {
		t.Errorf("the owner is answered %s", got)
	}
}

// While it is locked out a client is told nothing of a password, right or
// wrong, by no protocol; then it is as before.
func TestLockedOut(t *testing.T) {
	w := startWorld(t, watchful)
	const boris = "boris@romashka.example"
	for range 10 {
		w.signIn(laptop, boris, "wrong")
	}
	for _, password := range []string{"b", "wrong"} {
		if got := w.signIn(laptop, boris, password); got != "454" {
			t.Errorf("by SMTP with password %q: %s", password, got)
		}
		if got := w.say(office+":110", "USER "+boris, "PASS "+password)[2]; got != "-ERR [SYS/TEMP] too many failed logins, try later" {
			t.Errorf("by POP3 with password %q: %s", password, got)
		}
		if got := w.say(office+":143", "a LOGIN "+boris+" "+password)[1]; got != "a NO [UNAVAILABLE] too many failed logins, try later" {
			t.Errorf("by IMAP with password %q: %s", password, got)
		}
	}
	if got := w.signIn(laptop, "anna@romashka.example", "a"); got != "235" {
		t.Errorf("another account from there: %s", got)
	}
	w.pass(15 * time.Minute)
	if got := w.signIn(laptop, boris, "b"); got != "235" {
		t.Errorf("a quarter of an hour later: %s", got)
	}
	for range 9 { // who got in is forgiven
		w.signIn(laptop, boris, "wrong")
	}
	if got := w.signIn(laptop, boris, "b"); got != "235" {
		t.Errorf("after nine failures: %s", got)
	}
	for range 9 {
		w.signIn(laptop, boris, "wrong")
	}
	if got := w.signIn(laptop, boris, "b"); got != "235" {
		t.Errorf("after nine more: %s", got)
	}
}

// One password tried on many accounts meets the limit of the address.
func TestSprayingMeetsALimit(t *testing.T) {
	w := startWorld(t, watchful)
	n := 0
	for i := range 100 {
		if w.signIn("mx.rocket.example", fmt.Sprintf("user%d@romashka.example", i), "summer") == "535" {
			n++
		}
	}
	if n != 50 {
		t.Errorf("%d accounts could be tried", n)
	}
	if got := w.signIn(laptop, "anna@romashka.example", "a"); got != "235" {
		t.Errorf("somebody elsewhere is answered %s", got)
	}
}

// Mechanisms that send no password are limited as well.
func TestChallengesAreLimited(t *testing.T) {
	w := startWorld(t, watchful)
	answer := base64.StdEncoding.EncodeToString([]byte("boris@romashka.example 0123456789abcdef0123456789abcdef"))
	var codes []string
	for range 12 {
		replies := w.sayFrom("mx.rocket.example", office+":587", "EHLO x.test", "AUTH CRAM-MD5", answer, "QUIT")
		code, _, _ := strings.Cut(replies[3], " ")
		codes = append(codes, code)
	}
	if codes[9] != "535" || codes[10] != "454" {
		t.Errorf("answered %v", codes)
	}
}

// Two runs are the same.
func TestLimitsRepeat(t *testing.T) {
	run := func() (out []string) {
		w := startWorld(t, watchful)
		for range 15 {
			out = append(out, w.signIn("mx.rocket.example", "boris@romashka.example", "x"), w.clock.Now().String())
		}
		return out
	}
	if one, two := run(), run(); !slices.Equal(one, two) {
		t.Error("two runs differ")
	}
}
