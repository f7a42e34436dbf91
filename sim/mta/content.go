package mta

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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

// rules are what a letter's text is given points for. text is in lower case.
var rules = []struct {
	name   string
	points int
	hit    func(subject, text string) bool
}{
	{"GTUBE", 1000, func(_, text string) bool { return strings.Contains(text, strings.ToLower(gtube)) }},
	{"subject in capitals", 2, func(subject, _ string) bool { return capitals(subject) }},
	{"exclamation marks in subject", 1, func(subject, _ string) bool { return strings.Contains(subject, "!!") }},
	{"talk of money for nothing", 3, func(subject, text string) bool {
		return mentions(strings.ToLower(subject)+"\n"+text, "you have won", "free money", "lottery", "вы выиграли", "лотере", "деньги даром", "лёгкие деньги", "бесплатный приз")
	}},
	{"talk of haste", 1, func(_, text string) bool {
		return mentions(text, "act now", "urgent", "only today", "срочно", "только сегодня")
	}},
}

func mentions(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
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
	text = strings.ToLower(text)
	for _, r := range rules {
		if r.hit(subject, text) {
			points += r.points
			why = append(why, fmt.Sprintf("%s %d", r.name, r.points))
		}
	}
	missing := func(there bool, name string) {
		if !there {
			points++
			why = append(why, "no "+name+" 1")
		}
	}
	missing(h.date, "Date")
	missing(h.messageID, "Message-ID")
	return points, why
}

// readable is a letter's subject and the text in it, decoded as far as that
// can be done.
func readable(letter []byte) (subject, text string) {
	e, err := message.Read(io.LimitReader(bytes.NewReader(letter), maxText))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return "", string(letter[:min(len(letter), maxText)])
	}
	subject, _ = e.Header.Text("Subject")
	var b strings.Builder
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
	return subject, b.String()
}

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
