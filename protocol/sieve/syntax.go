package sieve

// node is a command or a test, as the grammar has them.
type node struct {
	at    Position
	name  string // in lower case
	args  []argument
	tests []*node
	list  bool // the tests stand in parentheses
	block []*node
	open  bool // there is a block, perhaps an empty one
}

// argument is a tag, a number, or a list of strings; a string alone is a list
// of one (RFC 5228 §2.4.2.1).
type argument struct {
	sort    // tagged, number, quoted
	at      Position
	tag     string
	number  int64
	strings []string
}

// parser reads what the grammar of RFC 5228 §8.2 allows, whatever it means.
type parser struct {
	lexer
	token // the next one
}

func parse(script string) ([]*node, *Error) {
	p := parser{lexer: lexer{in: script, mark: Position{1, 1}}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	commands, err := p.commands(0)
	if err == nil && p.sort != ending {
		err = wrong(p.at, "want a command, got %s", p.token)
	}
	return commands, err
}

func (p *parser) advance() (err *Error) {
	p.token, err = p.next()
	return err
}

// is tells whether the next token is that special character.
func (p *parser) is(c string) bool { return p.sort == special && p.text == c }

// commands reads commands as long as there are any.
func (p *parser) commands(depth int) (list []*node, err *Error) {
	for p.sort == identifier {
		n := &node{at: p.at, name: p.text}
		if err := p.arguments(n, depth); err != nil {
			return nil, err
		}
		switch {
		case p.is(";"):
		case p.is("{"):
			n.open = true
			if err := p.advance(); err != nil {
				return nil, err
			}
			if n.block, err = p.commands(depth + 1); err != nil {
				return nil, err
			}
			if !p.is("}") {
				return nil, wrong(p.at, "want a command or \"}\", got %s", p.token)
			}
		default:
			return nil, wrong(p.at, "want \";\" or a block behind %s, got %s", n.name, p.token)
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

// arguments reads a name and what follows it: arguments, then a test or a list
// of tests.
func (p *parser) arguments(n *node, depth int) *Error {
	if depth > maxNesting {
		return wrong(p.at, "nested deeper than %d levels", maxNesting)
	}
	for {
		if err := p.advance(); err != nil {
			return err
		}
		a := argument{sort: p.sort, at: p.at}
		switch {
		case p.sort == tagged:
			a.tag = p.text
		case p.sort == number:
			a.number = p.number
		case p.sort == quoted:
			a.strings = []string{p.text}
		case p.is("["):
			var err *Error
			a.sort = quoted
			if a.strings, err = p.stringList(); err != nil {
				return err
			}
		case p.is("("):
			n.list = true
			return p.testList(n, depth+1)
		case p.sort == identifier:
			return p.test(n, depth+1)
		default:
			return nil
		}
		if len(n.args) == maxItems {
			return wrong(p.at, "more than %d arguments", maxItems)
		}
		n.args = append(n.args, a)
	}
}

// stringList reads a list up to its closing bracket.
func (p *parser) stringList() (list []string, err *Error) {
	for {
		if err := p.advance(); err != nil {
			return nil, err
		}
		switch {
		case p.sort != quoted:
			return nil, wrong(p.at, "want a string in the list, got %s", p.token)
		case len(list) == maxItems:
			return nil, wrong(p.at, "a list of more than %d strings", maxItems)
		}
		list = append(list, p.text)
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.is("]") {
			return list, nil
		}
		if !p.is(",") {
			return nil, wrong(p.at, "want \",\" or \"]\", got %s", p.token)
		}
	}
}

// testList reads tests up to the closing parenthesis and over it.
func (p *parser) testList(n *node, depth int) *Error {
	for {
		if err := p.advance(); err != nil {
			return err
		}
		switch {
		case p.sort != identifier:
			return wrong(p.at, "want a test, got %s", p.token)
		case len(n.tests) == maxItems:
			return wrong(p.at, "a list of more than %d tests", maxItems)
		}
		if err := p.test(n, depth); err != nil {
			return err
		}
		if p.is(")") {
			return p.advance()
		}
		if !p.is(",") {
			return wrong(p.at, "want \",\" or \")\", got %s", p.token)
		}
	}
}

// test reads one test of n.
func (p *parser) test(n *node, depth int) *Error {
	t := &node{at: p.at, name: p.text}
	n.tests = append(n.tests, t)
	return p.arguments(t, depth)
}
