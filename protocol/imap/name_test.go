package imap

import "testing"

func TestNameFromWire(t *testing.T) {
	for in, want := range map[string]string{
		"INBOX":                 "INBOX",
		"&BBAEQARFBDgEMg-":      "Архив",
		"a&-b":                  "a&b",
		"~peter/&U,BTFw-/&ZeU-": "~peter/台北/日",
		"&2D3eAA-":              "😀",
		"Входящие":              "Входящие",
		"R&D":                   "R&D",
		"&!-":                   "&!-",
		"&AA-":                  "&AA-",
		"x&":                    "x&",
	} {
		if got := NameFromWire(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
