package sieve

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// extensions are what a script may require, and whether there is anything that
// it could not use without.
var extensions = []string{
	"fileinto", "envelope", "encoded-character", // RFC 5228
	"body",              // RFC 5173
	"copy",              // RFC 3894
	"imap4flags",        // RFC 5232
	"mailbox",           // RFC 5490
	"reject", "ereject", // RFC 5429
	"comparator-i;octet", "comparator-i;ascii-casemap", "comparator-i;unicode-casemap",
}

// signature is what follows the name of a command or a test.
type signature struct {
	needs string // the extension that it belongs to; "" for the base
	tags  []option
	takes []sort   // arguments behind the tags, in order: number or quoted
	one   []bool   // of takes: a string alone, not a list
	tests quantity // of tests that follow
}

// option is a tag that may stand among the arguments, and what belongs to it.
type option struct {
	tag   string
	group string // of those with one name only one may be there
	value sort   // that follows it: number or quoted; ending if none
	list  bool   // the value may be a list
	needs string // as of signature
}

// quantity is how many tests follow.
type quantity uint8

const (
	noTest quantity = iota
	oneTest
	manyTests // in parentheses
)

// checker turns commands as they were read into those that can be run. After
// the first mistake what it makes is of no use.
type checker struct {
	required map[string]bool
	err      *Error
}

// fail notes a mistake.
func (c *checker) fail(at Position, format string, args ...any) {
	if c.err == nil {
		c.err = wrong(at, format, args...)
	}
}

// need fails if an extension was not required (RFC 5228 §3.2).
func (c *checker) need(extension string, at Position, what string) {
	if extension != "" && !c.required[extension] {
		c.fail(at, "%s needs require %s", what, quote(extension))
	}
}

// script checks a whole script: what it requires comes first (RFC 5228 §3.2).
func (c *checker) script(commands []*node) []statement {
	for len(commands) > 0 && commands[0].name == "require" {
		c.require(commands[0])
		commands = commands[1:]
	}
	return c.block(commands)
}

func (c *checker) require(n *node) {
	if c.err != nil {
		return
	}
	b := c.bind(n, signature{takes: []sort{quoted}})
	c.plain(n)
	for _, name := range b.strings(0) {
		if !slices.Contains(extensions, name) {
			c.fail(n.args[0].at, "no extension %s is known here", quote(name))
		}
		c.required[name] = true
	}
}

// plain fails if a command has a block that it should not have.
func (c *checker) plain(n *node) {
	if n.open {
		c.fail(n.at, "%s takes no block", n.name)
	}
}

// block checks the commands of a block, or of the script.
func (c *checker) block(commands []*node) (list []statement) {
	for len(commands) > 0 && c.err == nil {
		n := commands[0]
		switch n.name {
		case "if":
			var s statement
			s, commands = c.chain(commands)
			list = append(list, s)
			continue
		case "elsif", "else":
			c.fail(n.at, "%s without if before it", n.name)
		case "require":
			c.fail(n.at, "require stands at the start of a script, before all else")
		default:
			list = append(list, c.command(n))
		}
		commands = commands[1:]
	}
	return list
}

// chain checks an if with what belongs to it (RFC 5228 §3.1).
func (c *checker) chain(commands []*node) (s statement, rest []*node) {
	var branches conditions
	var made []*node // tests, up to this one
	for i, n := range commands {
		if n.name != "elsif" && n.name != "else" && i > 0 {
			return branches, commands[i:]
		}
		sig := signature{tests: oneTest}
		if n.name == "else" {
			sig = signature{}
		}
		b := c.bind(n, sig)
		if !n.open && c.err == nil {
			c.fail(n.at, "%s wants a block", n.name)
		}
		if c.err != nil {
			return nil, nil
		}
		made = append(made, n.tests...)
		br := branch{rule: Rule{n.at.Line, n.String(), source(made)}, test: always(true)}
		if n.name != "else" {
			br.test = b.tests[0]
		}
		br.body = c.block(n.block)
		branches = append(branches, br)
		if n.name == "else" {
			return branches, commands[i+1:]
		}
	}
	return branches, nil
}

// command checks any other command.
func (c *checker) command(n *node) statement {
	form, ok := commands[n.name]
	if !ok {
		if _, ok := tests[n.name]; ok {
			c.fail(n.at, "%s is a test: it wants an if before it", n.name)
		}
		c.fail(n.at, "no command %s is known here", n.name)
		return nil
	}
	b := c.bind(n, form.signature)
	c.plain(n)
	if c.err != nil {
		return nil
	}
	return form.make(c, b)
}

// test checks a test.
func (c *checker) test(n *node) test {
	form, ok := tests[n.name]
	if !ok {
		if _, ok := commands[n.name]; ok {
			c.fail(n.at, "%s is a command, not a test", n.name)
		}
		c.fail(n.at, "no test %s is known here", n.name)
		return nil
	}
	b := c.bind(n, form.signature)
	if c.err != nil {
		return nil
	}
	return form.make(c, b)
}

// bound is a command or test whose arguments fit its signature.
type bound struct {
	*node
	given map[string]argument // by tag: its value, or the tag itself
	plain []argument
	tests []test
}

func (b *bound) has(tag string) bool { _, ok := b.given[tag]; return ok }

// strings is the list of strings at place i behind the tags.
func (b *bound) strings(i int) []string {
	if i >= len(b.plain) {
		return nil
	}
	return b.plain[i].strings
}

// bind puts the arguments of n into their places: tags first, in any order,
// each group once, then the others (RFC 5228 §2.6).
func (c *checker) bind(n *node, sig signature) *bound {
	b := &bound{node: n, given: map[string]argument{}}
	c.need(sig.needs, n.at, n.name)
	groups := map[string]string{}
	args := n.args
	for len(args) > 0 && args[0].sort == tagged {
		a := args[0]
		args = args[1:]
		i := slices.IndexFunc(sig.tags, func(o option) bool { return o.tag == a.tag })
		if i < 0 {
			c.fail(a.at, "%s takes no :%s", n.name, a.tag)
			return b
		}
		o := sig.tags[i]
		c.need(o.needs, a.at, ":"+o.tag)
		group := o.group
		if group == "" {
			group = o.tag
		}
		if other := groups[group]; other != "" {
			c.fail(a.at, ":%s after :%s", a.tag, other)
			return b
		}
		groups[group] = a.tag
		if o.value != ending {
			if len(args) == 0 || args[0].sort != o.value || !o.list && len(args[0].strings) > 1 {
				c.fail(a.at, "want %s behind :%s", kindName(o.value, !o.list), a.tag)
				return b
			}
			a, args = args[0], args[1:]
		}
		b.given[o.tag] = c.decoded(a)
	}
	for i, want := range sig.takes {
		one := i < len(sig.one) && sig.one[i]
		switch {
		case i >= len(args):
			c.fail(n.at, "%s wants %s more", n.name, kindName(want, one))
			return b
		case args[i].sort != want || one && len(args[i].strings) > 1:
			c.fail(args[i].at, "%s wants %s here", n.name, kindName(want, one))
			return b
		}
		b.plain = append(b.plain, c.decoded(args[i]))
	}
	if len(args) > len(sig.takes) {
		a := args[len(sig.takes)]
		if a.sort == tagged {
			c.fail(a.at, ":%s comes too late: tags stand before all else", a.tag)
		}
		c.fail(a.at, "%s takes no more arguments", n.name)
	}
	c.bindTests(n, b, sig.tests)
	return b
}

// bindTests checks the tests that follow.
func (c *checker) bindTests(n *node, b *bound, want quantity) {
	switch {
	case want == noTest && len(n.tests) > 0:
		c.fail(n.tests[0].at, "%s takes no test", n.name)
	case want == oneTest && (len(n.tests) != 1 || n.list):
		c.fail(n.at, "%s wants one test, not in parentheses", n.name)
	case want == manyTests && !n.list:
		c.fail(n.at, "%s wants a list of tests in parentheses", n.name)
	}
	for _, t := range n.tests {
		if c.err != nil {
			return
		}
		b.tests = append(b.tests, c.test(t))
	}
}

func kindName(s sort, one bool) string {
	switch {
	case s == number:
		return "a number"
	case one:
		return "a string"
	}
	return "a string or a list of strings"
}

// decoded is the argument as it is meant, where a script may write characters
// by their numbers.
func (c *checker) decoded(a argument) argument {
	if !c.required["encoded-character"] || a.sort != quoted {
		return a
	}
	list := make([]string, len(a.strings))
	for i, s := range a.strings {
		list[i] = c.characters(s, a.at)
	}
	a.strings = list
	return a
}

// characters replaces ${hex:…} by octets and ${unicode:…} by characters; what
// only looks alike stays as it is.
//
// RFC 5228 §2.4.2.4.
func (c *checker) characters(s string, at Position) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, "}")
		kind, numbers, _ := strings.Cut(inside, ":")
		list := strings.Fields(numbers)
		text, ok := "", closed && len(list) > 0
		for _, n := range list {
			v, err := strconv.ParseUint(n, 16, 32)
			switch {
			case err != nil:
				ok = false
			case strings.EqualFold(kind, "hex"):
				ok = ok && len(n) <= 2
				text += string([]byte{byte(v)})
			case strings.EqualFold(kind, "unicode"):
				if ok && len(n) <= 6 && !utf8.ValidRune(rune(v)) {
					c.fail(at, "there is no character %s", n)
				}
				ok = ok && len(n) <= 6
				text += string(rune(v))
			default:
				ok = false
			}
		}
		if !ok {
			b.WriteString("${")
			s = rest
			continue
		}
		b.WriteString(text)
		s = after
	}
}
