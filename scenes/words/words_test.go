package words

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/assets"
	"mailscope/sim/trace"
)

// area reads one file of texts as it stands: key to forms, "other" if there is
// one form only.
func area(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	buf, err := assets.FS.ReadFile("i18n/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(buf, &raw); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	texts := make(map[string]map[string]string)
	for key, v := range raw {
		switch v := v.(type) {
		case string:
			texts[key] = map[string]string{"other": v}
		case map[string]any:
			texts[key] = make(map[string]string)
			for form, s := range v {
				texts[key][form] = s.(string)
			}
		}
	}
	return texts
}

// areas lists the areas by their English files.
func areas(t *testing.T) []string {
	t.Helper()
	files, err := assets.FS.ReadDir("i18n")
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	for _, f := range files {
		if path.Ext(f.Name()) == ".json" {
			name, _, _ := strings.Cut(f.Name(), ".")
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	for _, name := range areas(t) {
		en, ru := area(t, name+".en.json"), area(t, name+".ru.json")
		for key := range en {
			if _, ok := ru[key]; !ok {
				t.Errorf("%s.ru.json: no key %q", name, key)
			}
			if !strings.HasPrefix(key, name+".") {
				t.Errorf("%s.en.json: key %q does not begin with its area", name, key)
			}
		}
		for key := range ru {
			if _, ok := en[key]; !ok {
				t.Errorf("%s.en.json: no key %q", name, key)
			}
		}
	}
}

var place = regexp.MustCompile(`\{\{[^}]*\}\}`)
var cyrillic = regexp.MustCompile(`\p{Cyrillic}`)
var word = regexp.MustCompile(`[a-z]{3,}`)

func TestTextsAreTranslated(t *testing.T) {
	for _, name := range areas(t) {
		en, ru := area(t, name+".en.json"), area(t, name+".ru.json")
		for key, forms := range ru {
			for form, s := range forms {
				bare := place.ReplaceAllString(s, "")
				if strings.TrimSpace(s) == "" {
					t.Errorf("%s: empty text in Russian", key)
				}
				// What has no small letters of its own is a code: "OK", "RU", "{{.From}} → {{.To}}".
				if s == en[key][form] && word.MatchString(bare) && !sameInBoth[key] {
					t.Errorf("%s: %q is not translated", key, s)
				}
			}
			if len(forms) > 1 {
				for _, form := range []string{"one", "few", "many", "other"} {
					if forms[form] == "" {
						t.Errorf("%s: no plural form %q in Russian", key, form)
					}
				}
			}
		}
		for key, forms := range en {
			for _, s := range forms {
				if strings.TrimSpace(s) == "" {
					t.Errorf("%s: empty text in English", key)
				}
				if cyrillic.MatchString(s) && !sameInBoth[key] {
					t.Errorf("%s: Cyrillic letters in English: %q", key, s)
				}
			}
		}
	}
}

// sameInBoth are keys whose text is a name: the same in both languages.
var sameInBoth = map[string]bool{}

// Both languages must ask for the same values: a caller passes one set.
func TestTextsHaveTheSamePlaces(t *testing.T) {
	for _, name := range areas(t) {
		en, ru := area(t, name+".en.json"), area(t, name+".ru.json")
		for key := range en {
			a, b := places(en[key]), places(ru[key])
			for p := range b {
				if !a[p] && !optional[p] {
					t.Errorf("%s: only Russian has %s", key, p)
				}
			}
			for p := range a {
				if !b[p] && !optional[p] {
					t.Errorf("%s: only English has %s", key, p)
				}
			}
		}
	}
}

// optional places are given to every text of their area; a language may do
// without.
var optional = map[string]bool{"{{.From}}": true, "{{.To}}": true, "{{.N}}": true}

func places(forms map[string]string) map[string]bool {
	found := make(map[string]bool)
	for _, s := range forms {
		for _, p := range place.FindAllString(s, -1) {
			found[p] = true
		}
	}
	return found
}

func TestPluralForms(t *testing.T) {
	catalogs := map[Lang]catalog{EN: {}, RU: {}}
	err := add(catalogs, "t.ru.json", []byte(`{"t.n": {"one": "{{.N}} письмо", "few": "{{.N}} письма", "many": "{{.N}} писем", "other": "{{.N}} письма"}}`))
	if err != nil {
		t.Fatal(err)
	}
	m := catalogs[RU]["t.n"]
	for n, want := range map[int]string{0: "0 писем", 1: "1 письмо", 2: "2 письма", 5: "5 писем", 11: "11 писем", 21: "21 письмо", 22: "22 письма", 112: "112 писем"} {
		if got := m.forms[form(RU, n)].fill([]any{"N", n}); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// None at all may be said in a sentence of its own.
func TestZero(t *testing.T) {
	catalogs := map[Lang]catalog{EN: {}, RU: {}}
	err := add(catalogs, "t.en.json", []byte(`{"t.n": {"zero": "nothing", "one": "{{.N}} letter", "other": "{{.N}} letters"}, "t.m": {"one": "{{.N}} letter", "other": "{{.N}} letters"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"nothing 0 letters", "1 letter 1 letter", "2 letters 2 letters"} {
		kv := []any{"N", n}
		if got := catalogs[EN]["t.n"].plural(EN, n).fill(kv) + " " + catalogs[EN]["t.m"].plural(EN, n).fill(kv); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Millisecond: "через 1 секунду", 119 * time.Second: "через 119 секунд", 2 * time.Minute: "через 2 минуты",
		14*time.Minute + 59900*time.Millisecond: "через 15 минут", 90 * time.Minute: "через 90 минут", 4 * time.Hour: "через 4 часа", 5 * 24 * time.Hour: "через 5 дней",
	} {
		if got := Span(RU, "window.queue.next", d); got != "следующая попытка "+want {
			t.Errorf("%v: %q", d, got)
		}
	}
}

func TestMistakesInAFile(t *testing.T) {
	for name, in := range map[string]string{
		"twice.en.json": `{"a.b": "x", "a": {"b": "y"}}`,
		"open.en.json":  `{"a.b": "{{.X"}`,
		"logic.en.json": `{"a.b": "{{if .X}}y{{end}}"}`,
		"lang.de.json":  `{"a.b": "x"}`,
		"json.en.json":  `{`,
	} {
		if err := add(map[Lang]catalog{EN: {}, RU: {}}, name, []byte(in)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMissingKeyPanicsInTests(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	T(EN, "no.such.key")
}

func TestPickFallsBack(t *testing.T) {
	if got := Pick(RU, trace.Words{"en": "a"}); got != "a" {
		t.Errorf("got %q", got)
	}
	if got := Pick(RU, trace.Words{"en": "a", "ru": "б"}); got != "б" {
		t.Errorf("got %q", got)
	}
	if got := Pick(EN, nil); got != "" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkT(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		T(RU, "explain.name.laptop", "Who", "Анна")
	}
}
