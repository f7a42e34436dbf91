package explain

import (
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/mua"
	"mailscope/sim/network"
)

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
	const said = "550 5.1.1 no such mailbox here"
	if got := Reason(words.RU, said); got != said {
		t.Errorf("a server's words became %q", got)
	}
}
