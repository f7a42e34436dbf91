// Package words holds the program's texts in its two languages.
//
// A text is found by its key, AREA.NAME, and is a whole sentence or label:
// texts are never glued together from parts of sentences. The files are
// assets/i18n/AREA.LANGUAGE.json, in the form of go-i18n: a text, or one text
// for each plural form.
package words

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"mailscope/assets"
	"mailscope/sim/trace"
)

// Lang is a language of the program, by its tag.
type Lang string

// The languages of the program.
const (
	EN Lang = "en"
	RU Lang = "ru"
)

// Langs lists the languages, in the order in which they are offered.
var Langs = []Lang{RU, EN}

// message is one key's text; forms has the plural forms, other the plain text.
type message struct {
	other text
	forms map[plural.Form]text
}

type catalog map[string]message

// load reads every file once, at the first text asked for.
var load = sync.OnceValue(func() map[Lang]catalog {
	catalogs := map[Lang]catalog{EN: {}, RU: {}}
	files, err := assets.FS.ReadDir("i18n")
	if err != nil {
		panic(err) // embedded: cannot be missing
	}
	for _, f := range files {
		if path.Ext(f.Name()) != ".json" {
			continue
		}
		buf, err := assets.FS.ReadFile("i18n/" + f.Name())
		if err != nil {
			panic(err)
		}
		if err := add(catalogs, f.Name(), buf); err != nil {
			panic(fmt.Sprintf("assets/i18n/%s: %v", f.Name(), err))
		}
	}
	return catalogs
})

// add puts the texts of one file into the catalogue of its language.
func add(catalogs map[Lang]catalog, name string, buf []byte) error {
	file, err := i18n.ParseMessageFileBytes(buf, name, nil)
	if err != nil {
		return err
	}
	c, ok := catalogs[Lang(file.Tag.String())]
	if !ok {
		return fmt.Errorf("no such language: %s", file.Tag)
	}
	for _, m := range file.Messages {
		if _, twice := c[m.ID]; twice {
			return fmt.Errorf("key %q is used twice", m.ID)
		}
		c[m.ID], err = parseMessage(m)
		if err != nil {
			return fmt.Errorf("key %q: %w", m.ID, err)
		}
	}
	return nil
}

func parseMessage(m *i18n.Message) (message, error) {
	other, err := parse(m.Other)
	if err != nil {
		return message{}, err
	}
	parsed := message{other: other}
	for form, s := range map[plural.Form]string{plural.Zero: m.Zero, plural.One: m.One, plural.Few: m.Few, plural.Many: m.Many} {
		if s == "" {
			continue
		}
		t, err := parse(s)
		if err != nil {
			return message{}, err
		}
		if parsed.forms == nil {
			parsed.forms = make(map[plural.Form]text, 4)
		}
		parsed.forms[form] = t
	}
	return parsed, nil
}

// T is the text of key. kv are pairs of a name and a value for the text's
// {{.Name}} places. An unknown key gives the key; in a test it panics.
func T(l Lang, key string, kv ...any) string {
	m, ok := load()[l][key]
	if !ok {
		return missing(l, key)
	}
	return m.other.fill(kv)
}

// N is the text of key in the plural form for n; n is its {{.N}}. For none at
// all a key may have a sentence of its own, "zero": "nothing is found" reads
// better than "0 letters are found".
func N(l Lang, key string, n int, kv ...any) string {
	m, ok := load()[l][key]
	if !ok {
		return missing(l, key)
	}
	return m.plural(l, n).fill(append([]any{"N", n}, kv...))
}

// Span is a text about a length of time, in the unit that fits it: that of
// key.seconds, key.minutes, key.hours or key.days, its {{.N}} the number of
// them.
func Span(l Lang, key string, d time.Duration, kv ...any) string {
	for _, u := range []struct {
		name       string
		unit, most time.Duration
	}{{".seconds", time.Second, 2 * time.Minute}, {".minutes", time.Minute, 2 * time.Hour}, {".hours", time.Hour, 48 * time.Hour}} {
		if d < u.most {
			return N(l, key+u.name, max(1, int(d.Round(u.unit)/u.unit)), kv...)
		}
	}
	return N(l, key+".days", int(d.Round(24*time.Hour)/(24*time.Hour)), kv...)
}

// plural is the form of the message for n.
func (m message) plural(l Lang, n int) text {
	if zero, ok := m.forms[plural.Zero]; ok && n == 0 {
		return zero
	}
	if t, ok := m.forms[form(l, n)]; ok {
		return t
	}
	return m.other
}

// Has tells whether there is a text for key.
func Has(l Lang, key string) bool {
	_, ok := load()[l][key]
	return ok
}

// form is the plural form that n asks for.
func form(l Lang, n int) plural.Form {
	if n < 0 {
		n = -n
	}
	return plural.Cardinal.MatchPlural(tags[l], n, 0, 0, 0, 0)
}

var tags = map[Lang]language.Tag{EN: language.English, RU: language.Russian}

// Pick is w in the language l, or in any other if it has none; "" if w is
// empty.
func Pick(l Lang, w trace.Words) string {
	if s, ok := w[string(l)]; ok {
		return s
	}
	for _, other := range Langs {
		if s, ok := w[string(other)]; ok {
			return s
		}
	}
	return ""
}

func missing(l Lang, key string) string {
	if testing.Testing() {
		panic("no text " + key + " in " + string(l))
	}
	return key
}

// text is a template cut at its places once, so that filling it is cheap.
type text []piece

type piece struct {
	lit  string
	name string // of a place; "" for a literal
}

// parse cuts s at its {{.Name}} places.
func parse(s string) (text, error) {
	var t text
	for s != "" {
		lit, rest, found := strings.Cut(s, "{{")
		if lit != "" {
			t = append(t, piece{lit: lit})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}}")
		name, dotted := strings.CutPrefix(strings.TrimSpace(name), ".")
		if !closed || !dotted || name == "" {
			return nil, fmt.Errorf("want {{.Name}} in %q", s)
		}
		t = append(t, piece{name: name})
		s = after
	}
	return t, nil
}

// fill puts values into the places of t.
func (t text) fill(kv []any) string {
	if len(t) == 1 && t[0].name == "" {
		return t[0].lit
	}
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.lit)
			continue
		}
		b.WriteString(value(kv, p.name))
	}
	return b.String()
}

// value finds the value of name among pairs of names and values.
func value(kv []any, name string) string {
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i] != name {
			continue
		}
		switch v := kv[i+1].(type) {
		case string:
			return v
		case int:
			return strconv.Itoa(v)
		default:
			return fmt.Sprint(v)
		}
	}
	if testing.Testing() {
		panic("no value for {{." + name + "}}")
	}
	return ""
}
