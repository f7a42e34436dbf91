package command

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// noEnv is the environment of a test: no display, no language.
func noEnv(string) string { return "" }

// mailscope runs the program and returns what it printed.
func mailscope(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(t.Context(), args, noEnv, &out, &errs)
	return code, out.String(), errs.String()
}

func TestLessonsRun(t *testing.T) {
	code, list, stderr := mailscope(t, "lessons", "--lang", "ru")
	if code != 0 || stderr != "" {
		t.Fatalf("lessons: %d, %s", code, stderr)
	}
	for _, name := range []string{"first-letter", "mx", "pop3", "pop3-second-device", "pop3-cut-off"} {
		if !strings.Contains(list, name) {
			t.Errorf("lessons does not list %s:\n%s", name, list)
		}
		for _, lang := range []string{"en", "ru"} {
			code, text, stderr := mailscope(t, "run", name, "--lang", lang)
			if code != 0 || stderr != "" || !strings.Contains(text, "✓") || strings.Contains(text, "\x1b") {
				t.Errorf("run %s --lang %s: %d, %s\n%s", name, lang, code, stderr, text)
			}
		}
	}
}

// Two runs of a lesson are alike, and a recording that is opened and written
// again does not change.
func TestRecordings(t *testing.T) {
	for _, name := range []string{"first-letter", "mx", "pop3", "pop3-second-device", "pop3-cut-off"} {
		file := filepath.Join(t.TempDir(), name+".jsonl")
		if code, _, stderr := mailscope(t, "run", name, "--format", "json", "-o", file); code != 0 {
			t.Fatalf("run %s: %s", name, stderr)
		}
		first, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, second, _ := mailscope(t, "run", name, "--format", "json"); second != string(first) {
			t.Errorf("two runs of %s differ", name)
		}
		code, again, stderr := mailscope(t, "open", file, "--format", "json")
		if code != 0 || again != string(first) {
			t.Errorf("open %s: %d, %s; or the recording changed", name, code, stderr)
		}
		_, played, _ := mailscope(t, "run", name)
		_, opened, _ := mailscope(t, "open", file, "--format", "text")
		if opened == "" || !strings.HasPrefix(played, opened) {
			t.Errorf("%s opened reads otherwise than %s played", name, name)
		}
	}
}

func TestALessonToldTwice(t *testing.T) {
	const told = `name: told
unit: 6
title: {en: Told}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: alfa.example
      servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [smtp, submission, pop3]}]
      people: [{name: anna, password: a, devices: [{kind: laptop}]}]
sides: [{name: One, receive: pop3}, {name: Two, receive: imap}]
steps:
  - send: {device: anna-laptop.alfa.example, to: [anna@alfa.example], text: Hello}
`
	file := filepath.Join(t.TempDir(), "told.yaml")
	if err := os.WriteFile(file, []byte(told), 0o600); err != nil {
		t.Fatal(err)
	}
	_, text, stderr := mailscope(t, "run", file)
	if one, two := strings.Index(text, "Told · One"), strings.Index(text, "Told · Two"); one < 0 || two < one {
		t.Errorf("%s\n%s", stderr, text)
	}
	for side, want := range map[string]string{"": `"side":"One"`, "Two": `"side":"Two"`} {
		if code, text, _ := mailscope(t, "run", file, "--format", "json", "--side", side); code != 0 || !strings.Contains(text, want) {
			t.Errorf("side %q: %d, %s", side, code, text)
		}
	}
	if code, table, stderr := mailscope(t, "compare", file); code != 0 || table == "" || !strings.Contains(text, table) {
		t.Errorf("compare: %d, %s\n%s", code, stderr, table)
	}
	_, both, _ := mailscope(t, "run", file, "--format", "json")
	if recs, err := trace.ReadAll(strings.NewReader(both), "stdout"); err != nil || len(recs) != 2 {
		t.Errorf("%d recordings, %v", len(recs), err)
	}
	if code, _, stderr := mailscope(t, "run", file, "--side", "Three"); code != exitError || !strings.Contains(stderr, `no side "Three"`) {
		t.Errorf("%d, %s", code, stderr)
	}
}

// TestViewOfTheEavesdropper: of a lesson in clear she has the password, which
// stands in base64 in what the ends say.
func TestViewOfTheEavesdropper(t *testing.T) {
	for lang, want := range map[string]string{"en": "password: romashka-7", "ru": "пароль: romashka-7"} {
		code, text, stderr := mailscope(t, "run", "first-letter", "--view", "eavesdropper", "--lang", lang)
		if code != 0 || !strings.Contains(text, want) || strings.Contains(text, "compose") {
			t.Errorf("%s: %d, %s\n%s", lang, code, stderr, text)
		}
	}
	if code, _, stderr := mailscope(t, "run", "mx", "--view", "eavesdropper", "--format", "json"); code != exitError || !strings.Contains(stderr, "--view") {
		t.Errorf("%d, %s", code, stderr)
	}
}

func TestCutOff(t *testing.T) {
	_, whole, _ := mailscope(t, "run", "mx", "--format", "json")
	file := filepath.Join(t.TempDir(), "cut.jsonl")
	if err := os.WriteFile(file, []byte(whole[:len(whole)-20]), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := mailscope(t, "open", file, "--format", "json")
	if code != exitError || !strings.Contains(stderr, "cut off") {
		t.Errorf("%d, %s", code, stderr)
	}
	if got, want := strings.Count(out, "\n"), strings.Count(whole, "\n")-1; got != want {
		t.Errorf("%d lines were read, want %d", got, want)
	}
}

func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "letter.eml")
	if err := os.WriteFile(foreign, []byte("From: anna@romashka.example\n\nHello\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{"run nosuch", `no such lesson: "nosuch"`},
		{"run " + filepath.Join(dir, "nosuch.yaml"), "no such file"},
		{"run", `expected "<lesson>"`},
		{"run mx --format xml", "--format"},
		{"run mx -o " + filepath.Join(dir, "no", "dir"), "no such file"},
		{"run " + foreign, "letter.eml:3"},
		{"serve nosuch", `no such world: "nosuch"`},
		{"serve --fault {type:flood}", `--fault: type: want one of down,`},
		{"serve --fault x", "--fault"},
		{"open " + foreign, "not a mailscope recording"},
		{"open " + filepath.Join(dir, "nosuch"), "no such file"},
		{"dance", "unexpected argument dance"},
		{"--lang fr", "--lang"},
		{"--lesson nosuch", `no such lesson: "nosuch"`},
	} {
		code, _, stderr := mailscope(t, strings.Fields(c.args)...)
		if code != exitError || !strings.Contains(stderr, c.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("mailscope %s: %d, %q; want %q", c.args, code, stderr, c.says)
		}
	}
}

// Two recordings are compared, from files, from lessons, or from one file.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, parts ...string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(strings.Join(parts, "")), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	_, pop3, _ := mailscope(t, "run", "pop3", "--format", "json")
	_, mx, _ := mailscope(t, "run", "mx", "--format", "json")
	one, both := write("pop3.jsonl", pop3), write("both.jsonl", pop3, mx)
	three, cut := write("three.jsonl", pop3, mx, mx), write("cut.jsonl", pop3, mx[:len(mx)-20])

	code, want, stderr := mailscope(t, "compare", both)
	if code != 0 || stderr != "" || !strings.Contains(want, "Downloaded") {
		t.Errorf("%d, %s\n%s", code, stderr, want)
	}
	for _, args := range [][]string{{one, "mx"}, {"pop3", "mx"}} {
		if _, got, stderr := mailscope(t, append([]string{"compare"}, args...)...); got != want {
			t.Errorf("%q: %s\n%s", args, stderr, got)
		}
	}
	if _, text, _ := mailscope(t, "open", both, "--format", "text"); !strings.HasSuffix(text, want) {
		t.Error("two recordings opened as text do not end with their differences")
	}
	if _, again, _ := mailscope(t, "open", both, "--format", "json"); again != pop3+mx {
		t.Error("two recordings change when they are opened")
	}
	_, text, _ := mailscope(t, "compare", both, "--format", "json")
	var out struct{ Meters []struct{ Values []float64 } }
	if err := json.Unmarshal([]byte(text), &out); err != nil || len(out.Meters) == 0 {
		t.Errorf("%v: %s", err, text)
	}
	if code, text, stderr := mailscope(t, "compare", cut); code != exitError || !strings.Contains(stderr, "cut off") || text == "" {
		t.Errorf("cut off: %d, %s", code, stderr)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{one}, one + " is told once"},
		{[]string{"mx"}, "mx is told once"},
		{[]string{three}, "holds 3 recordings; two can be compared"},
		{[]string{one, both}, "both.jsonl holds 2 recordings; to compare it"},
		{[]string{"mx", "nosuch"}, `no such lesson: "nosuch"`},
		{[]string{filepath.Join(dir, "nosuch"), "mx"}, "no such file"},
		{[]string{write("x.eml", "From: x"), "mx"}, "not a mailscope recording"},
		{[]string{}, "name two recordings or lessons"},
	} {
		code, _, stderr := mailscope(t, append([]string{"compare"}, c.args...)...)
		if code != exitError || !strings.Contains(stderr, c.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("compare %q: %d, %q; want %q", c.args, code, stderr, c.says)
		}
	}
}

// A lesson whose expectation fails is told apart from a mistake.
func TestExpectationFails(t *testing.T) {
	text, err := os.ReadFile("../../assets/lessons/first-letter.yaml")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(text, []byte("\nsteps:"))
	end := bytes.Index(text, []byte("\nexpect:"))
	if at < 0 || end < at {
		t.Fatal("the lesson has no steps and expectations in the usual order")
	}
	idle := string(text[:at]) + "\nsteps:\n  - wait: 1s\n" + string(text[end:])
	file := filepath.Join(t.TempDir(), "idle.yaml")
	if err := os.WriteFile(file, []byte(idle), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := mailscope(t, "run", file)
	if code != exitFailed || stderr != "" || !strings.Contains(out, "✕") {
		t.Errorf("%d, %s\n%s", code, stderr, out)
	}
	code, out, stderr = mailscope(t, "run", file, "--format", "json")
	if code != exitFailed || !strings.Contains(stderr, "✕") {
		t.Errorf("%d, %s", code, stderr)
	}
	if _, err := trace.Read(strings.NewReader(out), "stdout"); err != nil {
		t.Error(err)
	}
}

// serve tells where everything is in one line, and ends when it is told to.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, w := io.Pipe()
	end := make(chan int, 1)
	var stderr bytes.Buffer
	go func() { end <- Run(ctx, []string{"serve", "--json"}, noEnv, w, &stderr); w.Close() }()
	var info struct {
		DNS   string
		Hosts []struct {
			Name     string
			Services []struct{ Service, Addr string }
		}
		Accounts []struct{ Address, Password string }
	}
	dec := json.NewDecoder(r)
	if err := dec.Decode(&info); err != nil {
		t.Fatal(err)
	}
	if info.DNS == "" || len(info.Hosts) == 0 || len(info.Hosts[0].Services) == 0 || len(info.Accounts) == 0 {
		t.Errorf("got %+v", info)
	}
	stop()
	if code := <-end; code != 0 {
		t.Errorf("serve ended with %d: %s", code, stderr.String())
	}
	if _, err := dec.Token(); err != io.EOF {
		t.Errorf("more than one line on standard output: %v", err)
	}
}

func TestSystemLang(t *testing.T) {
	for _, c := range []struct{ all, lang, want string }{
		{"", "", "en"}, {"", "ru_RU.UTF-8", "ru"}, {"C", "ru_RU.UTF-8", "en"}, {"RU", "en_US", "ru"}, {"", "de_DE", "en"},
	} {
		got := systemLang(func(name string) string { return map[string]string{"LC_ALL": c.all, "LANG": c.lang}[name] })
		if string(got) != c.want {
			t.Errorf("LC_ALL=%s LANG=%s: %s", c.all, c.lang, got)
		}
	}
}
