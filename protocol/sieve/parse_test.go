package sieve

import (
	"errors"
	"strings"
	"testing"
)

// TestParse: scripts that are right, and how they are printed.
func TestParse(t *testing.T) {
	for _, c := range []struct{ script, printed string }{
		{"", ""},
		{"# nothing\r\n/* at\nall */", ""},
		{"KEEP;", "keep;\n"},
		{"discard ; stop;", "discard;\nstop;\n"},
		{`require "fileinto"; fileinto "Projects";`, "require \"fileinto\";\nfileinto \"Projects\";\n"},
		{`require ["fileinto"]; require ["copy"]; fileinto :copy "a\"b\\c\d";`, "require \"fileinto\";\nrequire \"copy\";\nfileinto :copy \"a\\\"b\\\\cd\";\n"},
		{`if size :over 100k { discard; }`, "if size :over 100K {\n    discard;\n}\n"},
		{`if size :under 1025 {}`, "if size :under 1025 {\n}\n"},
		{`if not anyof (true, allof (false)) { keep; } elsif false { } else { stop; }`,
			"if not anyof (true, allof (false)) {\n    keep;\n}\nelsif false {\n}\nelse {\n    stop;\n}\n"},
		{"if header :contains [\"Subject\", \"x\"] text: # the key\r\nline\r\n..dot\r\n.\r\n{ stop; }",
			"if header :contains [\"Subject\", \"x\"] \"line\r\n.dot\r\n\" {\n    stop;\n}\n"},
		{`if header :comparator "i;octet" :matches "a" "b" {}`, "if header :comparator \"i;octet\" :matches \"a\" \"b\" {\n}\n"},
		{`redirect "Anna <anna@romashka.example>";`, "redirect \"Anna <anna@romashka.example>\";\n"},
		{`require ["imap4flags", "fileinto", "mailbox"]; fileinto :flags ["\\Seen", "a b"] :create "Работа";`,
			"require [\"imap4flags\", \"fileinto\", \"mailbox\"];\nfileinto :flags [\"\\\\Seen\", \"a b\"] :create \"Работа\";\n"},
		{`require ["body"]; if body :content ["text", "image/png"] :contains "x" {}`,
			"require \"body\";\nif body :content [\"text\", \"image/png\"] :contains \"x\" {\n}\n"},
	} {
		s, err := Parse(c.script)
		if err != nil {
			t.Errorf("%s: %v", c.script, err)
			continue
		}
		if got := s.String(); got != c.printed {
			t.Errorf("%s\nprinted %q\nwant    %q", c.script, got, c.printed)
		}
	}
}

// TestRefused: scripts that are wrong, and where.
func TestRefused(t *testing.T) {
	deep := "if " + strings.Repeat("not ", 20) + "true " + strings.Repeat("{ if true ", 40)
	for _, c := range []struct {
		script       string
		line, column int
		problem      string
	}{
		{"keep", 1, 5, `want ";" or a block`},
		{"\n  keep keep;", 2, 8, "keep takes no test"},
		{"explode;", 1, 1, "no command explode"},
		{"true;", 1, 1, "true is a test"},
		{"if keep {}", 1, 4, "keep is a command"},
		{"if perhaps {}", 1, 4, "no test perhaps"},
		{"if {}", 1, 1, "if wants one test"},
		{"if (true) {}", 1, 1, "if wants one test"},
		{"if true;", 1, 1, "if wants a block"},
		{"if true", 1, 8, `want ";" or a block`},
		{"if true {", 1, 10, `want a command or "}"`},
		{"}", 1, 1, "want a command"},
		{"keep; elsif true {}", 1, 7, "elsif without if"},
		{"if true {} else {} else {}", 1, 20, "else without if"},
		{"if true {} keep; else {}", 1, 18, "else without if"},
		{"else {}", 1, 1, "else without if"},
		{"if true {} else true {}", 1, 17, "else takes no test"},
		{"keep; require \"fileinto\";", 1, 7, "require stands at the start"},
		{"if true { require \"fileinto\"; }", 1, 11, "require stands at the start"},
		{"require \"vacation\";", 1, 9, `no extension "vacation"`},
		{"require 1;", 1, 9, "require wants a string or a list of strings"},
		{"require;", 1, 1, "require wants a string"},
		{"require \"copy\" {}", 1, 1, "require takes no block"},
		{"fileinto \"x\";", 1, 1, `fileinto needs require "fileinto"`},
		{"keep :flags \"x\";", 1, 6, `:flags needs require "imap4flags"`},
		{"redirect :copy \"a@b.example\";", 1, 10, `:copy needs require "copy"`},
		{"require \"fileinto\"; fileinto :create \"x\";", 1, 30, `:create needs require "mailbox"`},
		{"if envelope \"from\" \"\" {}", 1, 4, `envelope needs require "envelope"`},
		{"if body \"x\" {}", 1, 4, `body needs require "body"`},
		{"setflag \"x\";", 1, 1, `setflag needs require "imap4flags"`},
		{"reject \"no\";", 1, 1, `reject needs require "reject"`},
		{"if header :comparator \"i;unicode-casemap\" \"a\" \"b\" {}", 1, 23, `needs require "comparator-i;unicode-casemap"`},
		{"if header :comparator \"i;none\" \"a\" \"b\" {}", 1, 23, `no comparator "i;none"`},
		{"if header :comparator [\"i;octet\", \"x\"] \"a\" \"b\" {}", 1, 11, "want a string behind :comparator"},
		{"if header :is :contains \"a\" \"b\" {}", 1, 15, ":contains after :is"},
		{"if header :is :is \"a\" \"b\" {}", 1, 15, ":is after :is"},
		{"if header :all \"a\" \"b\" {}", 1, 11, "header takes no :all"},
		{"if header \"a\" :is \"b\" {}", 1, 15, "header wants a string or a list"},
		{"if header \"a\" \"b\" :is {}", 1, 19, "tags stand before"},
		{"if header \"a\" {}", 1, 4, "header wants a string or a list of strings more"},
		{"if header \"a\" \"b\" \"c\" {}", 1, 19, "takes no more"},
		{"if size 10 {}", 1, 4, "size wants :over or :under"},
		{"if size :over :under 10 {}", 1, 15, ":under after :over"},
		{"if size :over \"10\" {}", 1, 15, "size wants a number"},
		{"if address \"subject\" \"x\" {}", 1, 12, "no field with addresses"},
		{"require \"envelope\"; if envelope \"auth\" \"x\" {}", 1, 33, "an envelope has"},
		{"if allof true {}", 1, 4, "allof wants a list of tests"},
		{"if not true, false {}", 1, 12, `want ";" or a block`},
		{"redirect \"no address\";", 1, 10, "redirect wants an address"},
		{"redirect [\"a@b.example\", \"c@d.example\"];", 1, 10, "redirect wants a string here"},
		{"keep \"INBOX\";", 1, 6, "keep takes no more"},
		{"stop {}", 1, 1, "stop takes no block"},
		{"if exists [] {}", 1, 12, "want a string in the list"},
		{"if exists [\"a\" \"b\"] {}", 1, 16, `want "," or "]"`},
		{"if exists \"a {}", 1, 11, "a string without its end"},
		{"if exists text: x\n.\n {}", 1, 11, "want the end of the line"},
		{"if exists text:\nx\n {}", 1, 11, "text: without its end"},
		{"/* no end", 1, 1, "a comment without its end"},
		{"# é\n  é", 2, 3, "'é' means nothing here"},
		{"if size :over 99999999999999999999 {}", 1, 15, "too large"},
		{"if size :over 9999999999999G {}", 1, 15, "too large"},
		{"if size :over 10KB {}", 1, 15, "want K, M, G"},
		{"if exists \"\xff\" {}", 1, 12, "not UTF-8"},
		{"if exists \"a\rb\" {}", 1, 11, "lone CR"},
		{"if exists \"a\x00\" {}", 1, 11, "NUL"},
		{"require \"encoded-character\"; if exists \"${unicode:D800}\" {}", 1, 40, "no character D800"},
		{deep, 1, 404, "nested deeper"},
		{"if exists \"" + strings.Repeat("a", maxString+1) + "\" {}", 1, 11, "more than 16384 octets"},
		{"if exists [" + strings.Repeat("\"a\",", maxItems) + "\"a\"] {}", 1, 4012, "more than 1000 strings"},
		{strings.Repeat("a", 65), 1, 1, "a name of 65 octets"},
		{strings.Repeat(" ", maxScript+1), 1, 1, "octets, at most"},
	} {
		_, err := Parse(c.script)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.60q: got %v, want %q", c.script, err, c.problem)
			continue
		}
		if e.Line != c.line || e.Column != c.column || !strings.Contains(e.Problem, c.problem) {
			t.Errorf("%.60q: got %v, want line %d, column %d: %s", c.script, e, c.line, c.column, c.problem)
		}
	}
}

// TestNames tries every octet at the front and in the middle of a name.
func TestNames(t *testing.T) {
	for i := range 256 {
		c := byte(i)
		letter := c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z'
		l := lexer{in: string([]byte{c, 'x'}), mark: Position{1, 1}}
		if got := l.name() != ""; got != letter {
			t.Errorf("%q begins a name: %v", c, got)
		}
		l = lexer{in: string([]byte{'x', c, 'x'}), mark: Position{1, 1}}
		if got := len(l.name()) == 3; got != (letter || '0' <= c && c <= '9') {
			t.Errorf("%q goes on with a name: %v", c, got)
		}
	}
}
