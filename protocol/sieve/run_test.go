package sieve

import (
	"errors"
	"strings"
	"testing"
)

var offer = strings.ReplaceAll(`Return-Path: <vera@kollegi.example>
From: "Vera, the baker" <Vera@kollegi.example>, second@rocket.example
To: team: anna@romashka.example, boris@romashka.example;
Cc: no address here
Subject: =?utf-8?B?0J/RgNC+0LXQutGC?= "Kettle",
 draft *2*
X-Empty:
List-Id : kettles
X-Spam-Score: ****
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=koi8-r
Content-Transfer-Encoding: quoted-printable

=F0=D2=C9=D7=C5=D4 to all
--b
Content-Type: text/html

<b>Hello</b>
--b
Content-Type: message/rfc822

Subject: within

inner text
--b
Content-Type: image/png
Content-Transfer-Encoding: base64

cGl4ZWxz
--b--
`, "\n", "\r\n")

func input() Input {
	return Input{From: "vera+bake@kollegi.example", To: "Boris@romashka.example", Letter: []byte(offer),
		Exists: func(name string) bool { return name == "INBOX" || name == "Projects" }}
}

// TestTests puts each test into an if.
func TestTests(t *testing.T) {
	const require = `require ["envelope", "body", "imap4flags", "mailbox", "encoded-character", "comparator-i;unicode-casemap"];
setflag ["\\Seen", "Red blue"]; `
	for test, want := range map[string]bool{
		`true`: true, `false`: false, `not false`: true,
		`allof (true, not false)`: true, `allof (true, false)`: false, `anyof (false, true)`: true, `anyof (false)`: false,

		`exists "subject"`: true, `exists ["from", "X-EMPTY"]`: true, `exists ["from", "date"]`: false, `exists "from:"`: false, `exists ""`: false, `exists "list-id"`: true,
		`exists "within"`: false,

		`size :over 10`: true, `size :under 10`: false, `size :over 1M`: false, `size :under 1M`: true,

		`header "subject" "проект"`: false, `header :contains "Subject" "Проект"`: true, `header :contains "subject" "ПРОЕКТ"`: false,
		`header :comparator "i;unicode-casemap" :contains "subject" "ПРОЕКТ"`: true,
		`header "subject" "Проект \"kettle\", DRAFT *2*"`:                     true,
		`header :comparator "i;octet" :contains "subject" "kettle"`:           false,
		`header :comparator "i;octet" :contains "subject" "Kettle"`:           true,
		`header "x-empty" ""`: true, `header :contains "x-empty" ""`: true, `header :contains "x-none" ""`: false,
		`header :is ["x-none", "list-id"] ["x", "KETTLES"]`: true,
		`header :contains "received" "x"`:                   false,

		`header :matches "list-id" "k*s"`: true, `header :matches "list-id" "ket?les"`: true, `header :matches "list-id" "ket?tles"`: false,
		`header :matches "list-id" "*"`: true, `header :matches "list-id" "k"`: false, `header :matches "x-empty" "*"`: true, `header :matches "x-empty" "?"`: false,
		`header :matches "x-spam-score" "\\*\\*\\**"`: true, `header :matches "x-spam-score" "\\*\\*\\*\\*\\**"`: false,
		`header :matches "subject" "*\\*2\\*"`: true, `header :matches "subject" "*\\*3\\*"`: false, `header :matches "subject" "*\"*\"*draft*"`: true,
		`header :comparator "i;unicode-casemap" :matches "subject" "ПРО?КТ *"`: true,
		`header :matches "subject" "Про?кт *"`:                                 false, // one octet
		`header :matches "subject" "Про??кт *"`:                                true,

		`address "from" "vera@KOLLEGI.example"`: true, `address :all "from" "second@rocket.example"`: true, `address :domain "from" "rocket.example"`: true,
		`address :localpart "from" "vera"`: true, `address :localpart "from" "baker"`: false, `address :localpart :is "to" "boris"`: true,
		`address :domain :contains ["to", "cc"] "romashka"`: true, `address :contains "cc" "address"`: false, `address "to" "team"`: false,
		`address :matches "from" "*@*.example"`: true,

		`envelope "from" "vera+bake@kollegi.example"`: true, `envelope :localpart :matches "from" "vera+*"`: true, `envelope :domain "to" "romashka.example"`: true,
		`envelope "to" "boris@romashka.example"`: true, `envelope "from" ""`: false,

		`body :contains "привет"`: false, `body :contains "Привет"`: true, `body :comparator "i;unicode-casemap" :contains "ПРИВЕТ"`: true, `body :raw :contains "привет"`: false,
		`body :raw :contains "=F0=D2"`: true, `body :raw :contains "X-Empty"`: false, `body :text :contains "<b>hello"`: true,
		`body :content "text/html" :contains "all"`: false, `body :content "text/plain" :contains "to all"`: true,
		`body :content "image" :is "pixels"`: true, `body :content "" :is "pixels"`: true, `body :contains "pixels"`: false,
		`body :contains "inner"`: true, `body :content "message" :contains "within"`: true, `body :contains "within"`: false,
		`body :content ["/html", "text/", "a/b/c"] :contains "hello"`: false,
		`body :content "multipart" :contains ""`:                      false,

		`hasflag "\\seen"`: true, `hasflag ["x", "BLUE"]`: true, `hasflag "x red"`: true, `hasflag "green"`: false, `hasflag :contains "ed"`: true, `hasflag :matches "\\\\*"`: true,

		`mailboxexists "Projects"`: true, `mailboxexists ["Projects", "INBOX"]`: true, `mailboxexists ["Projects", "Nowhere"]`: false,

		`header "list-id" "${hex:6b 65}ttle${unicode:73}"`: true, `header :contains "subject" "${unicode:041F}"`: true, `header "list-id" "${hex:}"`: false,
		`header :contains "subject" "${hex:d0 9f}"`: true,
	} {
		s, err := Parse(require + "if " + test + " { discard; }")
		if err != nil {
			t.Errorf("%s: %v", test, err)
			continue
		}
		actions, err := s.Run(input())
		if got := actions[0].Kind == Discard; got != want || err != nil {
			t.Errorf("%s: %v, %v", test, got, err)
		}
	}
	s, _ := Parse(`require "envelope"; if allof (envelope "from" "", envelope :domain "from" "", envelope :localpart "from" "") { discard; }`)
	if got, _ := s.Run(Input{}); got[0].Kind != Discard {
		t.Error("the null reverse-path is empty in each part")
	}
	s, _ = Parse(`require "mailbox"; if mailboxexists "inbox" { discard; }`)
	if got, _ := s.Run(Input{}); got[0].Kind != Discard {
		t.Error("INBOX is always there")
	}
	s, _ = Parse(`if header "subject" "${hex:61}" { discard; }`)
	if got, _ := s.Run(Input{Letter: []byte("Subject: ${hex:61}\r\n\r\n")}); got[0].Kind != Discard {
		t.Error("encoded characters were not asked for")
	}
}

// TestActions: what comes of a script, and by which rule.
func TestActions(t *testing.T) {
	const all = `require ["fileinto", "copy", "imap4flags", "mailbox", "reject", "ereject"]; `
	for _, c := range []struct{ script, want string }{
		{``, "keep!"},
		{`stop; discard;`, "keep!"},
		{`keep;`, "keep"},
		{`keep; keep;`, "keep"},
		{`discard;`, "discard"},
		{`discard; keep;`, "discard, keep"},
		{`fileinto "A"; fileinto "B"; fileinto "A";`, `fileinto "A", fileinto "B"`},
		{`fileinto :copy "A";`, `fileinto :copy "A", keep!`},
		{`fileinto :copy "A"; discard;`, `fileinto :copy "A", discard`},
		{`fileinto :create "A";`, `fileinto :create "A"`},
		{`redirect "anna@romashka.example";`, `redirect "anna@romashka.example"`},
		{`redirect :copy "Anna <anna@romashka.example>";`, `redirect :copy "anna@romashka.example", keep!`},
		{`keep; redirect "a@b.example"; redirect "a@b.example";`, `keep, redirect "a@b.example"`},
		{`reject "no, thanks";`, `reject "no, thanks"`},
		{`ereject "no"; discard;`, `reject "no", discard`},
		{`setflag "\\Seen"; keep;`, `keep :flags "\\Seen"`},
		{`setflag "\\Seen"; addflag ["a \\seen", "\\Bogus", "\\Recent", "b(c"];`, `keep :flags ["\\Seen", "a"]!`},
		{`setflag ["a", "b", "c"]; removeflag "B c"; fileinto "A"; setflag "";`, `fileinto :flags "a" "A"`},
		{`setflag "a"; keep :flags "b";`, `keep :flags "b"`},
		{`setflag "a"; keep :flags "";`, `keep`},
		{"if true {\n fileinto \"A\";\n}\nkeep;", `fileinto "A" (if true in 1), keep`},
		{"if false {}\nelsif size :over 1K { stop; }\nelse\n{ discard; }", `discard (else in 3)`},
		{"if true {\n if header \"a\" \"b\" {} elsif not false { keep; }\n discard; }", `keep (elsif not false in 2), discard (if true in 1)`},
		{`if true { stop; } discard;`, "keep!"},
	} {
		s, err := Parse(all + c.script)
		if err != nil {
			t.Errorf("%s: %v", c.script, err)
			continue
		}
		actions, err := s.Run(Input{Letter: []byte("Subject: x\r\n\r\n")})
		if got := tell(actions); got != c.want || err != nil {
			t.Errorf("%s\ngot  %s, %v\nwant %s", c.script, got, err, c.want)
		}
	}
}

func tell(actions []Action) string {
	var list []string
	for _, a := range actions {
		text := a.String()
		if a.Implicit {
			text += "!"
		}
		if a.Rule.Line > 0 {
			text += " (" + a.Rule.Text + " in " + string(rune('0'+a.Rule.Line)) + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// TestGoesWrong: what a script does in error is not done, and the letter kept.
func TestGoesWrong(t *testing.T) {
	redirects, files := "", `require "fileinto"; `
	for i := range maxRedirects + 1 {
		redirects += `redirect "` + string(rune('a'+i)) + `@b.example"; `
	}
	for i := range maxActions + 1 {
		files += `fileinto "` + strings.Repeat("x", i+1) + `"; `
	}
	for script, want := range map[string]string{
		redirects:                              "more than 4 redirections",
		files:                                  "more than 32 actions",
		`require "reject"; keep; reject "no";`: "reject does not go together with keep",
		`require "reject"; reject "no"; keep;`: "keep does not go together with reject",
		`require "reject"; reject "no"; reject "never";`:                         "reject does not go together with reject",
		`require ["reject", "copy"]; redirect :copy "a@b.example"; reject "no";`: "reject does not go together with redirect",
	} {
		s, err := Parse(script)
		if err != nil {
			t.Errorf("%s: %v", script, err)
			continue
		}
		actions, err := s.Run(Input{})
		if err == nil || err.Error() != want || tell(actions) != "keep!" {
			t.Errorf("%s: %s, %v, want %s", script, tell(actions), err, want)
		}
	}
}

// TestWork: no script takes long, whatever letter it meets.
func TestWork(t *testing.T) {
	stars := "*" + strings.Repeat("a?", 4000) + "b"
	script := `require "body"; ` + strings.Repeat(`if body :raw :matches "`+stars+`" { discard; }`, 4)
	s, err := Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	actions, err := s.Run(Input{Letter: []byte("\r\n" + strings.Repeat("a", 1<<20))})
	if !errors.Is(err, ErrWork) || tell(actions) != "keep!" {
		t.Error(tell(actions), err)
	}
	s, err = Parse(`if header :matches "subject" "` + strings.Repeat("*a", 100) + `*b" { discard; }`)
	if err != nil {
		t.Fatal(err)
	}
	m := machine{Input: Input{Letter: []byte("Subject: " + strings.Repeat("a", 1000) + "\r\n\r\n")}}
	if m.block(s.body); m.err != nil || m.done > 100*2*1000*2*stepWork {
		t.Errorf("a hundred stars took %d steps, %v", m.done, m.err)
	}
}
