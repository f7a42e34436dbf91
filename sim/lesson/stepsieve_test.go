package lesson

import (
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// TestSieveStep: a script sorts letters from the step on that brings it, and
// until one that takes it away.
func TestSieveStep(t *testing.T) {
	const send = "\n  - send: {device: anna-laptop.alfa.example, to: [anna@alfa.example], subject: Hi, text: Hello}"
	text := strings.Replace(small, "password: a,", "password: a, sieve: 'require \"fileinto\"; fileinto \"Archive\";',", 1)
	from := strings.Index(text, "steps:")
	l, err := Parse("steps.yaml", []byte(text[:from]+"steps:"+send+`
  - sieve:
      account: Anna@alfa.example
      script: |
        require "fileinto";
        if header "subject" "Hi" { fileinto "Trash"; }`+send+`
  - sieve: {account: anna@alfa.example}`+send))
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for seq := 1; seq <= res.Recording.Len(); seq++ {
		if b, ok := res.Recording.At(seq).Body.(*trace.Store); ok {
			folders = append(folders, b.Folder)
		}
	}
	if got := strings.Join(folders, " "); got != "Archive Trash INBOX" {
		t.Errorf("the letters went to %s", got)
	}
}
