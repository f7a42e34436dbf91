package lesson

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"mailscope/sim/trace"
)

// recording plays a lesson and returns its file form, one side after the other.
func recording(t *testing.T, name string) []byte {
	t.Helper()
	l, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.Play(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range res.Checks {
		if !c.OK {
			t.Errorf("%s: expected: %s; got %s", name, c.Text["en"], c.Got)
		}
	}
	var b bytes.Buffer
	for _, rec := range res.Recordings {
		if err := trace.Write(&b, rec); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestLessonsComeTrueAndRepeat(t *testing.T) {
	list, err := List()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 3 {
		t.Fatalf("%d lessons", len(list))
	}
	for _, info := range list {
		t.Run(info.Name, func(t *testing.T) {
			t.Parallel()
			first, second := recording(t, info.Name), recording(t, info.Name)
			if !bytes.Equal(first, second) {
				a, b := strings.Split(string(first), "\n"), strings.Split(string(second), "\n")
				for i := range min(len(a), len(b)) {
					if a[i] != b[i] {
						t.Fatalf("two runs differ in line %d:\n%s\n%s", i+1, a[i], b[i])
					}
				}
				t.Fatalf("two runs have %d and %d lines", len(a), len(b))
			}
		})
	}
}

func TestLessonsSpeakBothLanguages(t *testing.T) {
	list, err := List()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range list {
		l, err := Load(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		texts := []trace.Words{l.Title, l.Promise, l.Belief.Wrong, l.Belief.Right}
		for _, s := range l.Steps {
			if len(s.Chapter) > 0 {
				texts = append(texts, s.Chapter)
			}
		}
		for _, n := range l.Narrate {
			texts = append(texts, n.Say)
		}
		for _, q := range l.Question {
			texts = append(texts, q.Ask)
			for _, a := range q.Answers {
				texts = append(texts, a.Text, a.Why)
			}
		}
		for _, e := range l.Expect {
			texts = append(texts, e.Says)
		}
		for _, w := range texts {
			if len(w) != 2 || w["ru"] == "" || w["en"] == "" || w["ru"] == w["en"] { // a comma without quotes begins a third
				t.Errorf("%s: %q", info.Name, w)
			}
		}
	}
}

// TestListIsOfWholeLessons: what a glance finds is what the lesson says.
func TestListIsOfWholeLessons(t *testing.T) {
	list, err := List()
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	for _, i := range list {
		l, err := Load(i.Name)
		if err != nil {
			t.Fatal(err)
		}
		if whole := (Info{l.Name, l.Number, l.Unit, l.Title, l.Promise}); !reflect.DeepEqual(i, whole) {
			t.Errorf("%+v, want %+v", i, whole)
		}
	}
}
