package mta

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // Cyrillic in old letters

	"mailscope/sim/trace"
)

// Points from which a letter is put out of sight, and refused.
const (
	junkScore   = 5
	refuseScore = 15
)

// gtube is the text by which spam filters are tried out: every one takes it
// for spam. It stands in pieces here, or this file could not be mailed.
const gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"

// maxText is how many octets of a letter's text are looked at.
const maxText = 256 << 10

// maxDepth is how deep parts may lie in parts to be looked at.
const maxDepth = 10

var errDeep = errors.New("parts lie too deep")

// talks are what a letter is given points for if it speaks of it, once each.
var talks = []struct {
	name   string
	points int
	words  []string // any of them, whatever their case, where a word begins
}{
	{"talk of money for nothing", 3, []string{"you have won", "free money", "lottery", "вы выиграли", "лотере", "деньги даром", "лёгкие деньги", "бесплатный приз"}},
	{"talk of haste", 1, []string{"act now", "urgent", "only today", "срочно", "только сегодня"}},
}

// begins has, for each octet that words of talks begin with, those words.
var begins = func() (table [256][]talk) {
	for i, t := range talks {
		for _, w := range t.words {
			for _, first := range []string{w, strings.ToUpper(w)} {
				if at := &table[first[0]]; !slices.ContainsFunc(*at, func(t talk) bool { return string(t.word) == w }) {
					*at = append(*at, talk{[]byte(w), i})
				}
			}
		}
	}
	return table
}()

type talk struct {
	word []byte
	of   int // index in talks
}

// speaks notes which of talks a text speaks of.
func speaks(text []byte, of []bool) {
	start := true
	for i, c := range text {
		if start {
			for _, t := range begins[c] {
				end := i + len(t.word)
				if end <= len(text) && text[end-1]|0x20 == t.word[len(t.word)-1]|0x20 && bytes.EqualFold(text[i:end], t.word) {
					of[t.of] = true
				}
			}
		}
		start = c <= '@' // space, digits, punctuation
	}
}

// capitals tells whether s shouts.
func capitals(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 8
}

// score gives a letter points for what its text looks like, and says what for.
func score(letter []byte, h header) (points int, why []string) {
	subject, text := readable(letter)
	add := func(hit bool, name string, n int) {
		if hit {
			points += n
			why = append(why, fmt.Sprintf("%s %d", name, n))
		}
	}
	add(bytes.Contains(text, []byte(gtube)), "GTUBE", 1000)
	add(capitals(subject), "subject in capitals", 2)
	add(strings.Contains(subject, "!!"), "exclamation marks in subject", 1)
	of := make([]bool, len(talks))
	speaks([]byte(subject), of)
	speaks(text, of)
	for i, t := range talks {
		add(of[i], t.name, t.points)
	}
	add(!h.date, "no Date", 1)
	add(!h.messageID, "no Message-ID", 1)
	return points, why
}

// readable is a letter's subject and the text in it, decoded as far as that
// can be done. Most letters stand there as they are.
func readable(letter []byte) (subject string, text []byte) {
	letter = letter[:min(len(letter), maxText)]
	head, body, _ := bytes.Cut(letter, []byte("\r\n\r\n"))
	if len(head) < len(letter) && plain(head) {
		return subjectOf(head), body
	}
	e, err := message.Read(bytes.NewReader(letter))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return "", letter
	}
	subject, _ = e.Header.Text("Subject")
	var b bytes.Buffer
	e.Walk(func(path []int, part *message.Entity, err error) error {
		if len(path) > maxDepth {
			return errDeep
		}
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return nil
		}
		if t, _, _ := part.Header.ContentType(); strings.HasPrefix(t, "text/") {
			io.Copy(&b, io.LimitReader(part.Body, int64(maxText-b.Len()))) // what can be read counts
			b.WriteByte('\n')
		}
		return nil
	})
	return subject, b.Bytes()
}

// plain tells whether a header says nothing of how the text is written.
func plain(head []byte) bool {
	for line := range bytes.SplitSeq(head, crlf) {
		if len(line) > len(content) && bytes.EqualFold(line[:len(content)], content) {
			return false
		}
	}
	return true
}

var content = []byte("Content-")

// subjectOf finds the subject in a header.
func subjectOf(head []byte) string {
	for {
		line, rest, more := bytes.Cut(head, crlf)
		if name, value, ok := bytes.Cut(line, colon); ok && bytes.EqualFold(name, fieldSubject) {
			for more && len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') { // folded
				line, rest, more = bytes.Cut(rest, crlf)
				value = slices.Concat(value, line)
			}
			value = bytes.TrimSpace(value)
			if !bytes.Contains(value, []byte("=?")) {
				return string(value)
			}
			var h message.Header
			h.Set("Subject", string(value))
			subject, _ := h.Text("Subject")
			return subject
		}
		if !more {
			return ""
		}
		head = rest
	}
}

var fieldSubject = []byte("Subject")

// scored records what a letter's text is worth.
func (r *receiver) scored(id string, letter []byte) int {
	points, why := score(letter, inspect(letter))
	v := &trace.Verdict{Check: "content", Source: "letter", Score: points, Result: "pass", Reason: "nothing remarkable"}
	if len(why) > 0 {
		v.Reason = strings.Join(why, ", ")
	}
	if points >= junkScore {
		v.Result = "fail"
	}
	r.s.record(id, v)
	return points
}
