package sieve

import (
	"fmt"
	"strings"
)

// String is the script in one form of all those in which it can be written:
// without comments, a command a line.
func (s *Script) String() string {
	var b strings.Builder
	printBlock(&b, s.commands, "")
	return b.String()
}

func printBlock(b *strings.Builder, commands []*node, indent string) {
	for _, n := range commands {
		b.WriteString(indent)
		n.print(b)
		if !n.open {
			b.WriteString(";\n")
			continue
		}
		b.WriteString(" {\n")
		printBlock(b, n.block, indent+"    ")
		b.WriteString(indent + "}\n")
	}
}

// String is a test on one line, or a command without its block.
func (n *node) String() string {
	var b strings.Builder
	n.print(&b)
	return b.String()
}

func (n *node) print(b *strings.Builder) {
	b.WriteString(n.name)
	for _, a := range n.args {
		b.WriteString(" " + a.String())
	}
	if n.list {
		b.WriteString(" (")
	}
	for i, t := range n.tests {
		if i > 0 {
			b.WriteByte(',')
		}
		if i > 0 || !n.list {
			b.WriteByte(' ')
		}
		t.print(b)
	}
	if n.list {
		b.WriteByte(')')
	}
}

func (a argument) String() string {
	switch a.sort {
	case tagged:
		return ":" + a.tag
	case number:
		for _, q := range quantities {
			if a.number > 0 && a.number%q.times == 0 {
				return fmt.Sprint(a.number/q.times, q.letter)
			}
		}
		return fmt.Sprint(a.number)
	}
	return stringsText(a.strings)
}

// stringsText writes a string, or a list of several.
func stringsText(list []string) string {
	if len(list) == 1 {
		return quote(list[0])
	}
	text := make([]string, len(list))
	for i, s := range list {
		text[i] = quote(s)
	}
	return "[" + strings.Join(text, ", ") + "]"
}

// quote writes a string in quotes.
func quote(s string) string {
	if !strings.ContainsAny(s, `\"`) {
		return `"` + s + `"`
	}
	return `"` + quoting.Replace(s) + `"`
}

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
