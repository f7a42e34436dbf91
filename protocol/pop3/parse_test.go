package pop3

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"mailscope/protocol/wire"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]int{"0": 0, "7": 7, "10": 10, "999999999999999": 999999999999999} {
		if got, err := parseNumber(in); got != want || err != nil {
			t.Errorf("parseNumber(%q) = %d, %v", in, got, err)
		}
	}
	for in, at := range map[string]int{"": 0, "-1": 0, "+1": 0, " 1": 0, "1 ": 1, "1.5": 1, "00": 0, "01": 0, "0x1": 1, "1e3": 1, "1000000000000000": 15, "٣": 0} {
		var bad *wire.SyntaxError
		if n, err := parseNumber(in); n != 0 || !errors.As(err, &bad) || bad.At != at {
			t.Errorf("parseNumber(%q) = %d, %v; want an error at octet %d", in, n, err, at)
		}
	}
}

func TestParseReply(t *testing.T) {
	for _, tt := range []struct {
		in         string
		ok         bool
		code, text string
	}{
		{"+OK", true, "", ""},
		{"+OK 2 320", true, "", "2 320"},
		{"-ERR", false, "", ""},
		{"-ERR [IN-USE] busy", false, "[IN-USE]", "busy"},
		{"-ERR [SYS/TEMP]", false, "[SYS/TEMP]", ""},
		{"-ERR [two words] x", false, "", "[two words] x"},
		{"-ERR [] x", false, "", "[] x"},
		{"-ERR [open x", false, "", "[open x"},
		{"-ERR a [CODE]", false, "", "a [CODE]"},
	} {
		ok, code, text, err := parseReply(tt.in)
		if ok != tt.ok || code != tt.code || text != tt.text || err != nil {
			t.Errorf("parseReply(%q) = %v, %q, %q, %v", tt.in, ok, code, text, err)
		}
	}
	for _, in := range []string{"", "+ok", "+OKAY", " +OK", "-ERR\t", "OK", "+OK\r"} {
		if ok, code, text, err := parseReply(in); ok || code != "" || text != "" || err == nil {
			t.Errorf("parseReply(%q) = %v, %q, %q, %v", in, ok, code, text, err)
		}
	}
}

func TestTemporary(t *testing.T) {
	for code, want := range map[string]bool{"": false, "[IN-USE]": true, "[in-use]": true, "[LOGIN-DELAY]": true, "[SYS/TEMP]": true, "[SYS/TEMP/DISK]": true, "[SYS/PERM]": false, "[SYS/TEMPER]": false, "[AUTH]": false} {
		if got := (&ReplyError{Code: code}).Temporary(); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
}

func TestFindStamp(t *testing.T) {
	for in, want := range map[string]string{
		"POP3 server ready " + testStamp: testStamp,
		"<a@b> hello":                    "<a@b>",
		"hello":                          "",
		"<a@b":                           "",
		"<ab>":                           "",
		"<@b>":                           "",
		"<a@>":                           "",
		"<a b@c>":                        "",
		"<a@b@c>":                        "",
		"<<a@b>":                         "",
		"<a@\x00b>":                      "",
		"<\xff@b>":                       "",
	} {
		if got := findStamp(in); got != want {
			t.Errorf("findStamp(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestValidUID(t *testing.T) {
	for c := range 256 {
		if got, want := validUID(string([]byte{byte(c)})), c >= 0x21 && c <= 0x7e; got != want {
			t.Errorf("octet %#x: %v", c, got)
		}
	}
	if validUID("") || !validUID(strings.Repeat("x", 70)) || validUID(strings.Repeat("x", 71)) {
		t.Error("a length from 1 to 70 is not enforced")
	}
}

func TestWholeLines(t *testing.T) {
	for in, want := range map[string]string{
		"":           "",
		"a\r\n":      "a\r\n",
		"a":          "a\r\n",
		"a\r":        "a\r\n",
		"a\n.\nb":    "a\r\n.\r\nb\r\n",
		"a\r\r\nb":   "a\r\n\r\nb\r\n",
		"\n\r":       "\r\n\r\n",
		"a\r\nb\n":   "a\r\nb\r\n",
		"a\n\r\nb\r": "a\r\n\r\nb\r\n",
	} {
		if got := string(wholeLines([]byte(in))); got != want {
			t.Errorf("wholeLines(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCutTop(t *testing.T) {
	const letter = "A: b\r\n\r\none\r\n\r\ntwo\r\n"
	for lines, want := range []string{"A: b\r\n\r\n", "A: b\r\n\r\none\r\n", "A: b\r\n\r\none\r\n\r\n", letter, letter} {
		if got := string(cutTop([]byte(letter), lines)); got != want {
			t.Errorf("%d lines: %q", lines, got)
		}
	}
	if got := string(cutTop([]byte("A: b\r\n"), 0)); got != "A: b\r\n" {
		t.Errorf("header alone: %q", got)
	}
}

// FuzzParseTop wants what was accepted to be written in only one way.
func FuzzParseTop(f *testing.F) {
	f.Add("1 0")
	f.Add("12 -1")
	f.Fuzz(func(t *testing.T, in string) {
		message, lines, err := parseTop(in)
		var bad *wire.SyntaxError
		switch {
		case err != nil && (message != 0 || lines != 0 || !errors.As(err, &bad) || bad.At < 0 || bad.At > len(in)):
			t.Errorf("parseTop(%q) = %d, %d, %v", in, message, lines, err)
		case err == nil && (message < 1 || strconv.Itoa(message)+" "+strconv.Itoa(lines) != in):
			t.Errorf("parseTop(%q) = %d, %d", in, message, lines)
		}
	})
}

// FuzzParseAPOP wants the parts to make up the whole.
func FuzzParseAPOP(f *testing.F) {
	f.Add("mrose c4c9334bac560ecc979e58001b3e22fb")
	f.Fuzz(func(t *testing.T, in string) {
		user, digest, err := parseAPOP(in)
		var bad *wire.SyntaxError
		switch {
		case err != nil && (user != "" || digest != "" || !errors.As(err, &bad) || bad.At < 0 || bad.At > len(in)):
			t.Errorf("parseAPOP(%q) = %q, %q, %v", in, user, digest, err)
		case err == nil && (user+" "+digest != in || len(digest) != 32 || strings.Contains(user, " ")):
			t.Errorf("parseAPOP(%q) = %q, %q", in, user, digest)
		}
	})
}

// FuzzParseReply wants a reply that is said again to be read alike.
func FuzzParseReply(f *testing.F) {
	f.Add("-ERR [IN-USE] busy")
	f.Fuzz(func(t *testing.T, in string) {
		ok, code, text, err := parseReply(in)
		if err != nil {
			return
		}
		again := reply{ok: ok, code: code, text: text}.line(true)
		if ok2, code2, text2, err := parseReply(again); ok2 != ok || code2 != code || text2 != text || err != nil {
			t.Errorf("%q came back as %q", in, again)
		}
	})
}
