package world

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
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
func Decode(name string, data []byte, into any) (*File, error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%s: %d octets, at most %d", name, len(data), MaxFile)
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, located(name, err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into); err != nil {
		return nil, located(name, err)
	}
	return &File{Name: name, tree: tree}, nil
}

// located puts file and line before the library's message.
func located(name string, err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		message, _, _ := strings.Cut(e.GetMessage(), "\n")
		return fmt.Errorf("%s:%d: %s", name, e.GetToken().Position.Line, message)
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", name, message)
}

// Errorf makes an error about the value at key, such as "hosts[1].mx":
// file, line, key and what is wrong.
func (f *File) Errorf(key, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if line := f.line(key); line > 0 {
		return fmt.Errorf("%s:%d: %s: %s", f.Name, line, key, what)
	}
	return fmt.Errorf("%s: %s: %s", f.Name, key, what)
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
