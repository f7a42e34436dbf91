package smtp

import (
	"slices"
	"strings"
	"testing"
)

func TestParseParam(t *testing.T) {
	for _, tt := range []struct {
		in, key, value string
		has            bool
		rest           string
	}{
		{"", "", "", false, ""},
		{"  ", "", "", false, ""},
		{" SMTPUTF8", "SMTPUTF8", "", false, ""},
		{"  size=10 BODY=7BIT", "SIZE", "10", true, " BODY=7BIT"},
		{" X-A=", "X-A", "", true, ""},
	} {
		key, value, has, rest, err := parseParam(tt.in)
		if err != nil || key != tt.key || value != tt.value || has != tt.has || rest != tt.rest {
			t.Errorf("parseParam(%q) = %q, %q, %v, %q, %v", tt.in, key, value, has, rest, err)
		}
	}
	for _, in := range []string{"SIZE=1", " =1", " -A", " A,B", " A=b=c", " A=\x01", " А=1"} {
		if key, _, _, rest, err := parseParam(in); err == nil || key != "" || rest != in {
			t.Errorf("parseParam(%q) = %q, rest %q, %v", in, key, rest, err)
		}
	}
}

func TestParseNotify(t *testing.T) {
	for in, want := range map[string][]string{
		"never": {"NEVER"}, "SUCCESS,Delay": {"SUCCESS", "DELAY"}, "NEVER,DELAY": nil,
		"": nil, "DELAY,": nil, "DELAY,DELAY": nil, "ALWAYS": nil,
	} {
		if got, ok := ParseNotify(in); ok != (want != nil) || !slices.Equal(got, want) {
			t.Errorf("ParseNotify(%q) = %q, %v", in, got, ok)
		}
	}
}

func TestXtext(t *testing.T) {
	for in, want := range map[string]string{"": "", "a+2Bb": "a+b", "+3D": "=", "+00": "\x00"} {
		if got, err := parseXtext(in); err != nil || got != want {
			t.Errorf("parseXtext(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"+", "+2", "+2b", "+GG", "a b", "a=b", "\x7f"} {
		if got, err := parseXtext(in); err == nil {
			t.Errorf("parseXtext(%q) = %q", in, got)
		}
	}
}

func FuzzXtext(f *testing.F) {
	f.Add("a+b=c d\x00я")
	f.Fuzz(func(t *testing.T, in string) {
		if out, err := parseXtext(encodeXtext(in)); err != nil || out != in {
			t.Errorf("%q came back as %q, %v", in, out, err)
		}
		if text, err := parseXtext(in); err == nil {
			if again, err := parseXtext(encodeXtext(text)); err != nil || again != text {
				t.Errorf("decoded %q came back as %q, %v", text, again, err)
			}
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add(550, "5.1.1", "no such\r\nmailbox", "я")
	f.Fuzz(func(t *testing.T, code int, enhanced, one, two string) {
		if code < 200 || code > 559 || code/10%10 > 5 || enhancedLen(enhanced) != len(enhanced) || enhanced != "" && int(enhanced[0]-'0') != code/100 {
			return
		}
		lines := encodeReply(Reply{code, enhanced, []string{one, two}}, true, false)
		for i, line := range lines {
			got, more, enh, text, err := parseReplyLine(line)
			if err != nil || got != code || more != (i == 0) || len(line) > maxReplyLine-2 || !ascii(line) || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("%q: %v", line, err)
			}
			if enhanced != "" && (enh != enhanced || len(one) < 400 && i == 0 && text != clean(one, false)) {
				t.Errorf("%q: enhanced %q, text %q", line, enh, text)
			}
		}
	})
}
