package world

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxFile is the most octets of a description.
const MaxFile = 1 << 20

// File is a YAML description that was read, kept to say where a mistake is.
type File struct {
	Name string
	tree *ast.File
}

// Decode reads a description into a struct, strictly: an unknown key is a
// mistake. Errors name file, line and key.
func Decode(name string, data []byte, into any) (f *File, err error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%s: %d octets, at most %d", name, len(data), MaxFile)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("%s: nothing in it", name)
	}
	if line := tooDeep(data); line > 0 {
		return nil, fmt.Errorf("%s:%d: nested more than %d deep", name, line, maxDepth)
	}
	defer func() { // the library has panicked on some malformed files
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("%s: this is no YAML that can be read: %v", name, firstLine(fmt.Sprint(r)))
		}
	}()
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, located(name, nil, err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into); err != nil {
		return nil, located(name, tree, err)
	}
	return &File{Name: name, tree: tree}, nil
}

// maxDepth is how deep brackets, dashes or indentation may nest; what the
// parser takes for a file grows with the square of it.
const maxDepth = 100

// tooDeep gives the line where a description is nested too deep, 0 if it
// nowhere is. Brackets in quotes count too.
func tooDeep(data []byte) int {
	open, line := 0, 0
	for text := range bytes.Lines(data) {
		line++
		dashes := 0
		for i, c := range text {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(open-1, 0)
			case '-', '?', ':':
				if i+1 < len(text) && text[i+1] == ' ' {
					dashes++
				}
			}
			if open > maxDepth || dashes > maxDepth {
				return line
			}
		}
	}
	return 0
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// located puts file, line and, if there is a tree to find it in, key before
// the library's message.
func located(name string, tree *ast.File, err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		if key := keyOf(tree, e.GetToken()); key != "" {
			return fmt.Errorf("%s:%d: %s: %s", name, e.GetToken().Position.Line, key, firstLine(e.GetMessage()))
		}
		return fmt.Errorf("%s:%d: %s", name, e.GetToken().Position.Line, firstLine(e.GetMessage()))
	}
	return fmt.Errorf("%s: %s", name, firstLine(err.Error()))
}

// keyOf finds the key at or under which a token stands, such as "hosts[1].mx";
// "" if there is none.
func keyOf(tree *ast.File, t *token.Token) string {
	if tree == nil {
		return ""
	}
	f := finder{at: t.Position.Offset}
	for _, d := range tree.Docs {
		ast.Walk(&f, d)
	}
	return strings.TrimPrefix(strings.TrimPrefix(f.path, "$"), ".")
}

// finder looks for the path of the node that stands at an offset.
type finder struct {
	at   int
	path string
}

// Visit is for ast.Walk.
func (f *finder) Visit(n ast.Node) ast.Visitor {
	if t := n.GetToken(); t != nil && t.Position != nil && t.Position.Offset == f.at {
		f.path = n.GetPath()
	}
	return f
}

// Mistake is what is wrong with a description.
type Mistake struct {
	File string // "" if it did not come from one
	Line int    // from 1; 0 if it is not known
	Key  string // such as "hosts[1].mx"
	What string
}

func (m *Mistake) Error() string {
	switch {
	case m.File == "":
		return fmt.Sprintf("%s: %s", m.Key, m.What)
	case m.Line > 0:
		return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Key, m.What)
	}
	return fmt.Sprintf("%s: %s: %s", m.File, m.Key, m.What)
}

// Errorf makes a *Mistake about the value at key, such as "hosts[1].mx". A nil
// file is a description that was not read from one.
func (f *File) Errorf(key, format string, args ...any) error {
	m := &Mistake{Key: key, What: fmt.Sprintf(format, args...)}
	if f != nil {
		m.File, m.Line = f.Name, f.line(key)
	}
	return m
}

// line finds where a key's value stands, or the nearest key around it.
func (f *File) line(key string) int {
	for key != "" {
		if p, err := yaml.PathString("$." + key); err == nil {
			if node, err := p.FilterFile(f.tree); err == nil && node != nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 0
}
