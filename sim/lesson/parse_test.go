package lesson

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// small is a whole lesson, short enough to count its lines.
const small = `name: small
number: 1
unit: 1
title: {ru: Малый, en: Small}
world:
  start: 2026-09-01T09:00:00Z
  dns: {name: ns.example, address: 203.0.113.53}
  domains:
    - name: alfa.example
      servers: [{name: mail.alfa.example, address: 192.0.2.10, services: [smtp, submission, pop3]}]
      people: [{name: anna, password: a, devices: [{kind: laptop}]}]
steps:
  - send: {device: anna-laptop.alfa.example, to: [anna@alfa.example], subject: Hi, text: Hello}
  - poll: anna-laptop.alfa.example
  - read: {device: anna-laptop.alfa.example, letter: 1}
  - wait: 15m
narrate:
  - on: {kind: store, from: mail.alfa.example}
    say: {en: Here it is}
questions:
  - ask: {en: Why?}
    answers: [{text: {en: Because}, right: true}, {text: {en: Not}}]
expect:
  - sees: {kind: line, to: mail.alfa.example}
    says: {en: A line passed}
  - device: {name: anna-laptop.alfa.example, letters: 1}
    says: {en: It came}
`

func TestSmallLessonComesTrue(t *testing.T) {
	l, err := Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	if err != nil || !res.OK() {
		t.Errorf("%v, %+v", err, res.Checks)
	}
}

func TestMistakesNameFileLineAndKey(t *testing.T) {
	mistakes(t, small, []mistake{
		{"name: small", "name: ''", "small.yaml:1: name: a lesson needs a name"},
		{"unit: 1", "unit: 9", "small.yaml:3: unit: want 1 to 6, got 9"},
		{"title: {ru: Малый, en: Small}", "title: {de: Klein}", "small.yaml:4: title: a lesson needs a title, in ru or en"},
		{"wait: 15m", "sieve: {account: boris@alfa.example}", `small.yaml:16: steps[3].sieve.account: nobody has the address "boris@alfa.example"`},
		{"wait: 15m", `sieve: {account: anna@alfa.example, script: "if true {"}`, `small.yaml:16: steps[3].sieve.script: the script is wrong in line 1, column 10: want a command or "}", got the end of the script`},
		{"password: a,", `password: a, sieve: "true;",`, `small.yaml:11: world.domains[0].people[0].sieve: the script is wrong in line 1, column 1: true is a test: it wants an if before it`},
		{"subject: Hi", "from: nobody", `small.yaml:13: steps[0].send.from: want an address such as anna@romashka.example, got "nobody"`},
		{"subject: Hi", "sender: '<a@b.test>'", `small.yaml:13: steps[0].send.sender: want an address such as anna@romashka.example, got "<a@b.test>"`},
		{"number: 1", "nummer: 1", `small.yaml:2: nummer: unknown field "nummer"`},
		{"number: 1", "number: one", "small.yaml:2: "},
		{"number: 1", "number: 1\nnumber: 2", "small.yaml:3: "},
		{"name: alfa.example", "name: alfa.com", "small.yaml:9: world.domains[0].name: want a name that ends in"},
		{"send: {device: anna-laptop", "send: {device: anna-phone", `small.yaml:13: steps[0].send.device: no device "anna-phone.alfa.example"`},
		{"to: [anna@alfa.example]", "to: []", "small.yaml:13: steps[0].send.to: a letter needs a recipient"},
		{"poll: anna-laptop", "poll: eve-laptop", `small.yaml:14: steps[1].poll: no device "eve-laptop.alfa.example"`},
		{"letter: 1", "letter: 0", "small.yaml:15: steps[2].read.letter: letters are counted from 1, got 0"},
		{"wait: 15m", "wait: soon", "small.yaml:16: steps[3].wait: want a duration such as 15m"},
		{"  - wait: 15m", "  - {wait: 15m, poll: anna-laptop.alfa.example}", "small.yaml:16: steps[3]: want one of send, poll, sync, read, attachment, flag, move, delete, folder, empty, search, quota, set, sieve, close, type, offline, online, lose, wait, change, fault, mend, power_off, power_on, got 2"},
		{"poll: anna-laptop.alfa.example", "poll: {device: eve}", `small.yaml:14: steps[1].poll.device: no device "eve"`},
		{"poll: anna-laptop.alfa.example", "poll: {devise: eve}", `small.yaml:14: steps[1].poll.devise: unknown field "devise"`},
		{"poll: anna-laptop.alfa.example", "poll: [eve]", `small.yaml:14: steps[1].poll: `},
		{"poll: anna-laptop.alfa.example", "poll: {device: anna-laptop.alfa.example, cut: {}}", "small.yaml:14: steps[1].poll.cut: want after, a line, or bytes, a number"},
		{"poll: anna-laptop.alfa.example", "poll: {device: anna-laptop.alfa.example, cut: {bytes: 1, after: STAT}}", "small.yaml:14: steps[1].poll.cut: want after"},
		{"poll: anna-laptop.alfa.example", "lose: anna-laptop.alfa.example", "small.yaml:15: steps[2].read.device: anna-laptop.alfa.example was lost in steps[1]"},
		{"poll: anna-laptop.alfa.example", "offline: eve", `small.yaml:14: steps[1].offline: no device "eve"`},
		{"poll: anna-laptop.alfa.example", "set: {device: anna-laptop.alfa.example}", "small.yaml:14: steps[1].set: want leave_copies, delete_after, password or security"},
		{"poll: anna-laptop.alfa.example", "set: {device: anna-laptop.alfa.example, security: some}", `small.yaml:14: steps[1].set.security: want none, if_offered, starttls or tls, got "some"`},
		{"poll: anna-laptop.alfa.example", "set: {device: anna-laptop.alfa.example, delete_after: x}", "small.yaml:14: steps[1].set.delete_after: want a duration"},
		{"poll: anna-laptop.alfa.example", "search: {device: anna-laptop.alfa.example}", "small.yaml:14: steps[1].search.text: want something to look for"},
		{"read: {device: anna-laptop.alfa.example, letter: 1}", "delete: {device: anna-laptop.alfa.example}", "small.yaml:15: steps[2].delete.letter: letters are counted from 1, got 0"},
		{"kind: store", "kind: shop", `small.yaml:18: narrate[0].on.kind: no kind of event "shop"`},
		{"from: mail.alfa", "from: mail.beta", `small.yaml:18: narrate[0].on.from: no host "mail.beta.example"`},
		{"say: {en: Here it is}", "say: {}", "small.yaml:19: narrate[0].say: nothing is said"},
		{"right: true", "right: false", "small.yaml:22: questions[0].answers: want one right answer, got 0"},
		{"to: mail.alfa.example}", "to: mail.beta.example}", `small.yaml:24: expect[0].sees.to: no host "mail.beta.example"`},
		{"says: {en: A line passed}", "apart: [soon]", "small.yaml:25: expect[0].apart[0]: want a duration such as 15m"},
		{"says: {en: It came}", "apart: [15m]", "small.yaml:27: expect[1].apart: this goes with sees"},
		{"says: {en: A line passed}", "times: 1", "small.yaml:24: expect[0].says: an expectation says"},
		{"device: {name: anna-laptop", "device: {name: anna-phone", `small.yaml:26: expect[1].device.name: no device`},
		{"wait: 15m", "fault: {type: flood}", `small.yaml:16: steps[3].fault.type: want one of down,`},
		{"wait: 15m", "fault: {typ: down}", `small.yaml:16: steps[3].fault.typ: unknown field "typ"`},
		{"wait: 15m", "fault: {type: reply, host: anna-laptop.alfa.example, command: x, reply: 451 no}", "small.yaml:16: steps[3].fault.host: anna-laptop.alfa.example is no mail server"},
		{"wait: 15m", "power_off: anna-laptop.alfa.example", `small.yaml:16: steps[3].power_off: anna-laptop.alfa.example is no mail server`},
		{"wait: 15m", "power_on: mail.alfa.example", `small.yaml:16: steps[3].power_on: mail.alfa.example has power, as far as the steps before say`},
		{"  - poll: anna", "  - power_off: mail.alfa.example\n  - power_off: mail.alfa.example\n  - poll: anna", `small.yaml:15: steps[2].power_off: mail.alfa.example has no power already`},
		{"wait: 15m", "mend: down", `small.yaml:16: steps[3].mend: no fault "down" is on`},
		{"  - poll: anna", "  - fault: {type: down, host: mail.alfa.example}\n  - fault: {type: down, host: mail.alfa.example}\n  - poll: anna", `small.yaml:15: steps[2].fault.name: a fault "down" is on already`},
		{"  domains:", "  faults: [{type: down, host: mx.alfa.example}]\n  domains:", `small.yaml:8: world.faults[0].host: no host "mx.alfa.example"`},
		{"steps:", "steps: [", "small.yaml:"},
	})
}

// mistake is what the error begins with if new stands in place of old.
type mistake struct{ old, new, want string }

func mistakes(t *testing.T, lesson string, list []mistake) {
	t.Helper()
	for _, tt := range list {
		text := strings.Replace(lesson, tt.old, tt.new, 1)
		if text == lesson {
			t.Fatalf("no %q in the lesson", tt.old)
		}
		if _, err := Parse("small.yaml", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.new, err, tt.want)
		}
	}
}

func TestOneLanguageIsEnough(t *testing.T) {
	if _, err := Parse("small.yaml", []byte(strings.Replace(small, "ru: Малый, ", "", 1))); err != nil {
		t.Error(err)
	}
}

func TestLoad(t *testing.T) {
	if _, err := Load("no-such"); !errors.Is(err, ErrNoLesson) {
		t.Errorf("unknown lesson: %v", err)
	}
	file := filepath.Join(t.TempDir(), "big.yaml")
	if _, err := Load(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(file, make([]byte, world.MaxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file); err == nil || !strings.HasPrefix(err.Error(), file+": 1048577 octets, at most 1048576") {
		t.Errorf("large file: %v", err)
	}
}

func TestWhatDidNotComeTrueIsSaid(t *testing.T) {
	got := failures(t, strings.NewReplacer("letters: 1}", "letters: 3}", "kind: store, from", "kind: refused, from").Replace(small))
	if strings.Join(got, "; ") != "1 letters; narrate[0]: no event matches" {
		t.Errorf("failed: %q", got)
	}
}

// failures plays a lesson and tells what was there instead of what was
// expected.
func failures(t *testing.T, lesson string) (got []string) {
	t.Helper()
	l, err := Parse("failing.yaml", []byte(lesson))
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range res.Checks {
		if !c.OK {
			got = append(got, c.Got)
		}
	}
	if res.OK() != (got == nil) {
		t.Errorf("OK is %v with %q", res.OK(), got)
	}
	return got
}

func TestMatchComparesEveryKey(t *testing.T) {
	e := &trace.Event{From: "a.test", To: "b.test", Proto: "smtp", Letter: "L1", Body: &trace.Line{Text: "250 ok", Role: trace.Reply, Code: "250"}}
	all := Match{Kind: "line", From: "a.test", To: "b.test", Proto: "smtp", Letter: "L1", Role: "reply", Code: "250", Text: "250 *"}
	if !all.Matches(e) {
		t.Error("what agrees in every key does not match")
	}
	for i, key := range []*string{&all.Kind, &all.From, &all.To, &all.Proto, &all.Letter, &all.Role, &all.Code, &all.Text} {
		was := *key
		*key = "other"
		if all.Matches(e) {
			t.Errorf("key %d is not compared", i)
		}
		*key = was
	}
}

// FuzzParse wants either a lesson or a mistake that begins with the file's name.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("name: x\nsteps: [{}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Parse("f.yaml", data)
		if err == nil && (l.Name == "" || len(l.Steps) == 0) {
			t.Errorf("a lesson without a name or steps: %q", data)
		}
		if err != nil && (l != nil || !strings.HasPrefix(err.Error(), "f.yaml:") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error %q", err)
		}
	})
}
