package sieve

import (
	"strings"
	"testing"
)

// BenchmarkRun runs a script of five rules on a letter of 4 KiB.
func BenchmarkRun(b *testing.B) {
	s, err := Parse(`require ["fileinto", "imap4flags", "envelope"];
if anyof (header :contains "list-id" "kettles", header :matches "subject" "[kettles] *") {
    fileinto "Lists";
} elsif address :domain "from" ["kollegi.example", "soft.example"] {
    fileinto :flags "\\Seen" "News";
} elsif header :contains ["x-spam-flag", "x-spam"] "yes" {
    fileinto "Junk";
} elsif size :over 1M {
    discard;
} elsif allof (envelope :domain "from" "rocket.example", header :contains "subject" "seat") {
    fileinto :flags "\\Flagged" "Rockets";
}`)
	if err != nil {
		b.Fatal(err)
	}
	letter := []byte("Received: from a by b;\r\n\tTue, 01 Sep 2026 09:00:00 +0000\r\nFrom: Ilon <ilon@rocket.example>\r\nTo: anna@romashka.example\r\n" +
		"Subject: A seat\r\nDate: Tue, 01 Sep 2026 09:00:00 +0000\r\nMessage-ID: <1@rocket.example>\r\n\r\n" + strings.Repeat("Is there a seat by the window?\r\n", 128))
	b.ReportAllocs()
	for b.Loop() {
		actions, err := s.Run(Input{From: "ilon@rocket.example", To: "anna@romashka.example", Letter: letter})
		if err != nil || len(actions) != 1 || actions[0].Mailbox != "Rockets" {
			b.Fatal(actions, err)
		}
	}
}
