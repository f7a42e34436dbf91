package imap

import "strings"

// The system flags: RFC 3501 §2.3.2.
const (
	Seen     = `\Seen`
	Answered = `\Answered`
	Flagged  = `\Flagged`
	Deleted  = `\Deleted`
	Draft    = `\Draft`
)

const recentFlag = `\Recent`

var systemFlags = []string{Answered, Flagged, Deleted, Seen, Draft}

// maxFlags is how many flags one command may name.
const maxFlags = 1000

// flag takes a flag that a client may set: a system flag in its usual
// spelling, or a keyword.
func (p *parser) flag() string {
	at := p.at
	if !p.skip('\\') {
		return p.atom()
	}
	name := `\` + p.atom()
	for _, f := range systemFlags {
		if strings.EqualFold(f, name) {
			return f
		}
	}
	if p.err == nil {
		p.at = at
		p.want("a flag that can be set")
	}
	return ""
}

// flags takes flags in parentheses.
func (p *parser) flags() []string {
	var list []string
	p.list(func() {
		if len(list) == maxFlags {
			p.want("fewer flags")
		}
		list = append(list, p.flag())
	})
	if p.err != nil {
		return nil
	}
	return list
}
