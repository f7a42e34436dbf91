package explain

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestIMAP explains a dialogue as a reader of it would see it: one long
// conversation with every command, reply and code that matters. The golden
// files are meant to be read.
//
// Lines of the dialogue start with "C: " or "S: "; those of literals with
// "c: " or "s: ", their line ends as \r\n.
func TestIMAP(t *testing.T) {
	dialogue, err := os.ReadFile(filepath.Join("testdata", "imap.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range words.Langs {
		var talk Talk
		var got strings.Builder
		for line := range strings.Lines(string(dialogue)) {
			line = strings.TrimSuffix(line, "\n")
			e := imapEvent(line)
			text := e.Body.(*trace.Line).Text
			x := Event(lang, world, e, talk.Context(e))
			checkParts(t, text, x.Parts)
			if said := name.ReplaceAllString(x.Sentence, ""); cyrillic.MatchString(said) != (lang == words.RU) {
				t.Errorf("%s: %q is not %s", line, x.Sentence, lang)
			}
			fmt.Fprintf(&got, "%s\n  %s (%s)\n", line, x.Sentence, x.RFC)
			for _, p := range x.Parts {
				fmt.Fprintf(&got, "    %-12s %s = %s\n", kinds[p.Kind], strings.ReplaceAll(text[p.Start:p.End], "\r\n", `\r\n`), p.Meaning)
			}
		}
		golden := filepath.Join("testdata", "imap."+string(lang)+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got.String()); d != "" {
			t.Errorf("%s: %s", golden, d)
		}
	}
}

// name is a folder's name in an English sentence.
var name = regexp.MustCompile("“[^”]*”")

var kinds = map[Kind]string{
	Plain: "plain", Verb: "verb", Param: "param", EnvelopeText: "envelope", LetterText: "letter",
	Code: "code", Enhanced: "enhanced", Keyword: "keyword", Field: "field",
}

// imapEvent makes the event of one line of a dialogue.
func imapEvent(line string) *trace.Event {
	who, text, _ := strings.Cut(line, ": ")
	e := say("imap", trace.Command, text)
	l := e.Body.(*trace.Line)
	l.Bytes = len(text) + 2
	if strings.EqualFold(who, "S") {
		e.From, e.To = e.To, e.From
	}
	switch who {
	case "S":
		l.Role = trace.Reply
	case "c", "s":
		l.Role, l.Text = trace.Data, strings.ReplaceAll(text, `\r\n`, "\r\n")
		l.Bytes = len(l.Text)
	}
	return e
}

func TestIMAPTablesHaveTheirTexts(t *testing.T) {
	need := func(key string) {
		for _, l := range words.Langs {
			if !words.Has(l, "imap."+key) {
				t.Errorf("%s: no text %s", l, key)
			}
		}
	}
	for verb := range imapVerbs {
		need("cmd." + strings.ToLower(verb))
		need("cmd." + strings.ToLower(verb) + ".verb")
	}
	for word := range untaggedSections {
		need("data." + strings.ToLower(word) + ".word")
	}
	for name := range codeSections {
		need("code." + strings.ToLower(name))
	}
	for name := range taking {
		need("search." + name)
	}
	for _, name := range envelopeFields {
		need("envelope." + name)
	}
}

// Nonsense is explained, too, and never in the words of something else.
func TestIMAPNonsense(t *testing.T) {
	for _, c := range []struct {
		role trace.Role
		text string
		want string
	}{
		{trace.Command, "", "строка вместе с ним"}, // the end of a line, as far as can be seen
		{trace.Command, "a1", "Такой команды"},
		{trace.Command, "a1 UID", "Такой команды"},
		{trace.Command, "a1 UID XYZZY", "Такой команды"},
		{trace.Reply, ")", "строка вместе с ним"},
		{trace.Reply, "* 4", "Такого ответа"},
		{trace.Reply, "* EXISTS", "Такого ответа"},
		{trace.Reply, "hello", "Такого ответа"},
		{trace.Data, "", "обещанный"},
	} {
		if got := checkLanguages(t, say("imap", c.role, c.text), Context{}); !strings.Contains(got.Sentence, c.want) {
			t.Errorf("%q: %q, want %q in it", c.text, got.Sentence, c.want)
		}
	}
}
