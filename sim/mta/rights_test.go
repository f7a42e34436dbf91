package mta_test

import (
	"strings"
	"testing"
)

// TestWhoIsNamed: the header of a letter that is handed in names the user,
// unless the server is lax.
func TestWhoIsNamed(t *testing.T) {
	const no = "550 5.7.1"
	for header, want := range map[string]string{
		"From: Anna <anna@romashka.example>": "250",
		"From: ANNA@romashka.example":        "250",
		"From: sales@romashka.example":       "250",
		"Subject: nobody is named":           "250",
		"From: boris@romashka.example, Anna <anna@romashka.example>\r\nSender: anna@romashka.example": "250",
		"From: =?utf-8?q?=D0=90=D0=BD=D0=BD=D0=B0?= <anna@romashka.example>":                          "250",
		"From: boris@romashka.example":                                  no,
		"From: news@romashka.example":                                   no,
		"From: ilon@rocket.example":                                     no,
		"From: boris@romashka.example\r\nSender: anna@romashka.example": no,
		"From: anna@romashka.example\r\nSender: boris@romashka.example": no,
		"From: anna@romashka.example\r\nFrom: ilon@rocket.example":      no,
		"From: \"anna@romashka.example\" <ilon@rocket.example>":         no,
		"From: Ilon": no,
		"From: anna@romashka.example <ilon@rocket.example>": no,
		"From: undisclosed:;":                               no,
		"From:":                                             no,
	} {
		for server, want := range map[string]string{lists: want, town: "250"} {
			w := startWorld(t, server)
			said := w.say(office+":587", "EHLO x", "AUTH PLAIN AGFubmFAcm9tYXNoa2EuZXhhbXBsZQBh", "MAIL FROM:<anna@romashka.example>",
				"RCPT TO:<boris@romashka.example>", "DATA", header+"\r\n\r\nHi\r\n.")
			if !strings.HasPrefix(said[6], want) {
				t.Errorf("%s: %q, want %s", header, said[6], want)
			}
		}
	}
}
