// Package lesson plays lessons: a world, what happens in it step by step, what
// is said about it, and what must come true.
package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"mailscope/assets"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Lesson is one lesson as its file describes it. docs/lessons.md says what
// each key means.
type Lesson struct {
	Name     string      `yaml:"name"`
	Number   int         `yaml:"number"` // in the curriculum
	Unit     int         `yaml:"unit"`   // from 1
	Title    trace.Words `yaml:"title"`
	Promise  trace.Words `yaml:"promise"`
	Belief   Belief      `yaml:"belief"`
	World    world.Spec  `yaml:"world"`
	Sides    []Side      `yaml:"sides"` // none, or two: the lesson is told twice
	Steps    []Step      `yaml:"steps"`
	Narrate  []Narration `yaml:"narrate"`
	Question []Question  `yaml:"questions"`
	Expect   []Expect    `yaml:"expect"`

	file *world.File
}

// Side is one of two tellings: the same world and steps, but every device gets
// its mail in this way.
type Side struct {
	Name    string `yaml:"name"`
	Receive string `yaml:"receive"`
}

// Belief is what students usually believe, and what this lesson shows instead.
type Belief struct {
	Wrong trace.Words `yaml:"wrong"`
	Right trace.Words `yaml:"right"`
}

// Narration is what is said about the first event that matches, after the
// one of the narration before it.
type Narration struct {
	Side    string      `yaml:"side"` // on which it is said; "" is every one
	On      Match       `yaml:"on"`
	Chapter trace.Words `yaml:"chapter"` // begins here, if set
	Say     trace.Words `yaml:"say"`
}

// Question asks the student something about the lesson.
type Question struct {
	Ask     trace.Words `yaml:"ask"`
	Answers []Answer    `yaml:"answers"`
}

// Answer is one choice.
type Answer struct {
	Text  trace.Words `yaml:"text"`
	Right bool        `yaml:"right"`
	Why   trace.Words `yaml:"why"`
}

// Info is one row of a list of lessons.
type Info struct {
	Name    string      `yaml:"name"`
	Number  int         `yaml:"number"`
	Unit    int         `yaml:"unit"`
	Title   trace.Words `yaml:"title"`
	Promise trace.Words `yaml:"promise"`
}

// Units are the titles of the curriculum's units; unit 1 comes first.
var Units = []trace.Words{
	{"ru": "Отправка", "en": "Sending"},
	{"ru": "Найти дорогу", "en": "Finding the way"},
	{"ru": "Кому верить", "en": "Whom to believe"},
	{"ru": "POP3", "en": "POP3"},
	{"ru": "IMAP", "en": "IMAP"},
	{"ru": "Бок о бок", "en": "Side by side"},
}

// dir is where the built-in lessons are.
const dir = "lessons"

// List tells of the built-in lessons, in the order of the curriculum.
func List() ([]Info, error) {
	entries, err := fs.ReadDir(assets.FS, dir)
	if err != nil {
		return nil, err
	}
	var list []Info
	for _, e := range entries {
		if path.Ext(e.Name()) != ".yaml" {
			continue
		}
		i, err := glance(e.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b Info) int { return a.Number - b.Number })
	return list, nil
}

// glance reads of a built-in lesson what stands before its world. A whole
// lesson takes some milliseconds, and a list of them is wanted at once.
func glance(file string) (i Info, err error) {
	data, err := fs.ReadFile(assets.FS, path.Join(dir, file))
	if err != nil {
		return i, err
	}
	head, _, _ := bytes.Cut(data, []byte("\nbelief:"))
	head, _, _ = bytes.Cut(head, []byte("\nworld:"))
	if err := yaml.Unmarshal(head, &i); err != nil {
		return i, fmt.Errorf("%s: %w", file, err)
	}
	return i, nil
}

// ErrNoLesson tells that no lesson has a name.
var ErrNoLesson = errors.New("no such lesson")

// Load reads a built-in lesson by its name, or a lesson's file by its path,
// which has a dot or a slash in it. A mistake names file, line and key.
func Load(name string) (*Lesson, error) {
	if strings.ContainsAny(name, `./\`) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		data, err := io.ReadAll(io.LimitReader(f, world.MaxFile+1))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return Parse(name, data)
	}
	data, err := fs.ReadFile(assets.FS, path.Join(dir, name+".yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %q; `mailscope lessons` lists them", ErrNoLesson, name)
	}
	if err != nil {
		return nil, err
	}
	return Parse(name+".yaml", data)
}

// Parse reads a lesson from its text. A mistake names file, line and key.
func Parse(file string, data []byte) (*Lesson, error) {
	l := &Lesson{}
	f, err := world.Decode(file, data, l)
	if err != nil {
		return nil, err
	}
	l.file = f
	if err := l.check(); err != nil {
		return nil, err
	}
	return l, nil
}
