package explain

import (
	"testing"

	"mailscope/protocol/smtp"
	"mailscope/scenes/words"
	"mailscope/sim/mua"
	"mailscope/sim/network"
)

var full = smtp.Reply{Code: 552, Enhanced: "5.3.4", Lines: []string{"too big"}}

// What the program itself finds is told in both languages, behind whatever
// attempt it ended; what a server said is not.
func TestReason(t *testing.T) {
	for _, err := range []error{mua.ErrOffline, mua.ErrLost, mua.ErrNoLetter, mua.ErrNotPOP3, network.ErrCut, network.ErrRefused, network.ErrNoRoute} {
		for _, text := range []string{err.Error(), "read reply to RETR 1: " + err.Error()} {
			if got := Reason(words.RU, text); got == text {
				t.Errorf("%q has no words in Russian", text)
			}
		}
	}
	for text, want := range map[string]string{
		(&smtp.ReplyError{Reply: full, Command: "MAIL FROM:<a@b.example> SIZE=9", Host: "mx.b.example"}).Error():                           "mx.b.example отказал: 552 5.3.4 too big",
		"<x@b.example>: " + (&smtp.ReplyError{Reply: full, Command: "letter", Host: "mx.b.example"}).Error():                               "mx.b.example отказал: 552 5.3.4 too big",
		(&smtp.ReplyError{Reply: full, Command: "RCPT TO:<x@b.example>", Host: "mx.b.example", Local: true}).Error():                       "mx.b.example этого не умеет, и просить не стали: 552 5.3.4 too big",
		(&smtp.ReplyError{Reply: smtp.Reply{Code: 535}, Command: "AUTH PLAIN", Host: "mx"}).Error() + "\nmx refused RCPT TO:<a@b>: 550 no": "mx отказал: 535; mx отказал: 550 no",
	} {
		if got := Reason(words.RU, text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	const said = "550 5.1.1 no such mailbox here"
	if got := Reason(words.RU, said); got != said {
		t.Errorf("a server's words became %q", got)
	}
}
