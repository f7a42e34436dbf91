package sieve

// statement is a command that can be run.
type statement interface {
	// run tells whether the script stops here.
	run(m *machine) (stopped bool)
}

// test is a test that can be made.
type test interface{ holds(m *machine) bool }

// commandForm is a command's signature, and how it is made from arguments that
// fit it.
type commandForm struct {
	signature
	make func(c *checker, b *bound) statement
}

// testForm is the same of a test.
type testForm struct {
	signature
	make func(c *checker, b *bound) test
}

// conditions are an if, the elsif behind it, and perhaps an else: the first
// that holds is the only one (RFC 5228 §3.1).
type conditions []branch

type branch struct {
	rule Rule
	test test
	body []statement
}

func (list conditions) run(m *machine) bool {
	for _, b := range list {
		if b.test.holds(m) && m.err == nil {
			defer func(outer Rule) { m.rule = outer }(m.rule)
			m.rule = b.rule
			return m.block(b.body)
		}
	}
	return false
}

// stop ends the script (RFC 5228 §3.3).
type stop struct{}

func (stop) run(*machine) bool { return true }

// always is true and false (RFC 5228 §5.10, §5.6).
type always bool

func (a always) holds(*machine) bool { return bool(a) }

// negation: RFC 5228 §5.8.
type negation struct{ test }

func (n negation) holds(m *machine) bool { return !n.test.holds(m) }

// allOf holds if all do (RFC 5228 §5.2).
type allOf []test

func (list allOf) holds(m *machine) bool {
	for _, t := range list {
		if !m.work(1) || !t.holds(m) {
			return false
		}
	}
	return true
}

// anyOf holds if one does (RFC 5228 §5.3).
type anyOf []test

func (list anyOf) holds(m *machine) bool {
	for _, t := range list {
		if m.work(1) && t.holds(m) {
			return true
		}
	}
	return false
}

// source is what the tests among these commands, and in them, look at; the
// letter if there are none.
func source(list []*node) string {
	envelope, letter := looks(list)
	switch {
	case envelope && letter:
		return "both"
	case envelope:
		return "envelope"
	}
	return "letter"
}

func looks(list []*node) (envelope, letter bool) {
	for _, n := range list {
		switch n.name {
		case "envelope":
			envelope = true
		case "header", "address", "exists", "size", "body":
			letter = true
		}
		for _, within := range [][]*node{n.tests, n.block} {
			e, l := looks(within)
			envelope, letter = envelope || e, letter || l
		}
	}
	return envelope, letter
}
