package mailauth

import (
	"cmp"
	"strconv"
	"strings"

	"mailscope/protocol/wire"
)

// AuthResults is what an Authentication-Results field says.
type AuthResults struct {
	ID      string // who says it: the authserv-id
	Version int    // 0 if it is not there; else 1
	Results []MethodResult
}

// MethodResult is what one check came to.
type MethodResult struct {
	Method  string // "spf", "dkim", "dmarc", …; lower case
	Version int    // of the method; 0 if it is not there
	Result  Result
	Reason  string // "" if it is not there
	Props   []Prop
	Note    string // written as a comment after the result; dropped when read
}

// Prop is one fact that a check was about, as smtp.mailfrom.
type Prop struct {
	Type  string // "smtp", "header", "body", "policy"
	Name  string
	Value string
}

// AuthResultsName is the name of the field.
const AuthResultsName = "Authentication-Results"

// Field is the field in a letter, folded, with its final CR LF.
func (a AuthResults) Field() string {
	return AuthResultsName + ": " + a.written(";\r\n\t") + "\r\n"
}

// String is the field's value on one line: "; " stands before each result and
// nowhere else.
//
// RFC 8601 §2.2.
func (a AuthResults) String() string { return a.written("; ") }

func (a AuthResults) written(between string) string {
	var b strings.Builder
	b.Grow(256)
	b.WriteString(authValue(a.ID))
	if a.Version != 0 {
		b.WriteString(" " + strconv.Itoa(a.Version))
	}
	if len(a.Results) == 0 {
		b.WriteString(between + "none")
	}
	for _, r := range a.Results {
		b.WriteString(between)
		b.WriteString(r.Method)
		if r.Version != 0 {
			b.WriteString("/" + strconv.Itoa(r.Version))
		}
		b.WriteString("=" + string(r.Result))
		if r.Note != "" {
			b.WriteString(" (" + unlist(comment(r.Note)) + ")")
		}
		if r.Reason != "" {
			b.WriteString(" reason=" + authValue(r.Reason))
		}
		for _, p := range r.Props {
			b.WriteString(" " + p.Type + "." + p.Name + "=" + propValue(p.Value))
		}
	}
	return b.String()
}

// unlist keeps a text in a comment or a quoted string from looking like the
// end of a result to those who do not parse.
func unlist(s string) string { return strings.ReplaceAll(s, "; ", ";") }

// authValue is a token or a quoted string (RFC 2045 §5.1).
func authValue(s string) string {
	for i := range len(s) {
		if !isToken(s[i]) {
			return unlist(quote(s))
		}
	}
	return cmp.Or(s, `""`)
}

// propValue is a value that may be an address too.
func propValue(s string) string {
	local, domain, ok := strings.Cut(s, "@")
	if ok && domain != "" && authValue(local) == s[:len(local)] && authValue(domain) == domain {
		return s
	}
	if ok && local == "" && authValue(domain) == domain {
		return s
	}
	return authValue(s)
}

// isToken tells whether c may stand in a token (RFC 2045 §5.1); what is
// beyond ASCII may too (RFC 8601 §5, RFC 6532 §3.2).
func isToken(c byte) bool {
	return c > ' ' && c != 0x7f && strings.IndexByte(`()<>@,;:\"/[]?=`, c) < 0
}

// maxResults is how many results one field may have.
const maxResults = 100

// ParseAuthResults reads the value of an Authentication-Results field, folded
// or not. Comments are dropped. Errors are *wire.SyntaxError.
//
// RFC 8601 §2.2. A version other than 1 is an error, as §2.5 has it.
func ParseAuthResults(s string) (AuthResults, error) {
	p := &resultsParser{s: s}
	a, ok := p.payload()
	if !ok {
		return AuthResults{}, &wire.SyntaxError{At: p.at, Want: p.want}
	}
	return a, nil
}

// resultsParser reads from at on. A method that fails says what it wanted.
type resultsParser struct {
	s    string
	at   int
	want string
}

func (p *resultsParser) fail(want string) bool {
	p.want = want
	return false
}

func (p *resultsParser) payload() (a AuthResults, ok bool) {
	if !p.cfws() {
		return a, false
	}
	if a.ID, ok = p.value(); !ok || !p.cfws() {
		return a, false
	}
	if version := p.at; p.digit() {
		if a.Version, ok = p.number(); !ok || !p.cfws() {
			return a, false
		}
		if a.Version != 1 {
			p.at = version
			return a, p.fail("version 1")
		}
	}
	if p.at == len(p.s) {
		return a, p.fail(`";"`)
	}
	for p.at < len(p.s) {
		if !p.octet(';') || !p.cfws() {
			return a, false
		}
		if p.at == len(p.s) && len(a.Results) > 0 {
			return a, true // many write a semicolon after the last one too
		}
		if len(a.Results) == 0 && p.none() {
			return a, true
		}
		r, ok := p.result()
		if !ok {
			return a, false
		}
		if len(a.Results) == maxResults {
			return a, p.fail("fewer results")
		}
		a.Results = append(a.Results, r)
	}
	return a, true
}

// none reads the "none" that says that nothing was checked.
func (p *resultsParser) none() bool {
	before := p.at
	if word, ok := p.keyword(); ok && word == "none" && p.cfws() && p.at == len(p.s) {
		return true
	}
	p.at = before
	return false
}

func (p *resultsParser) result() (r MethodResult, ok bool) {
	if r.Method, ok = p.keyword(); !ok || !p.cfws() {
		return r, false
	}
	if p.peek() == '/' {
		p.at++
		if !p.cfws() {
			return r, false
		}
		if r.Version, ok = p.number(); !ok || !p.cfws() {
			return r, false
		}
	}
	word, ok := "", p.octet('=') && p.cfws()
	if !ok {
		return r, false
	}
	if word, ok = p.keyword(); !ok {
		return r, false
	}
	r.Result = Result(word)
	for {
		spaced := p.at
		if !p.cfws() {
			return r, false
		}
		if p.at == len(p.s) || p.peek() == ';' {
			return r, true
		}
		if p.at == spaced {
			return r, p.fail("space")
		}
		if !p.fact(&r) {
			return r, false
		}
	}
}

// fact reads a reason or a property.
func (p *resultsParser) fact(r *MethodResult) bool {
	begin := p.at
	word, ok := p.keyword()
	if !ok || !p.cfws() {
		return false
	}
	if word == "reason" && p.peek() == '=' {
		if len(r.Props) > 0 || r.Reason != "" {
			p.at = begin
			return p.fail("a property")
		}
		p.at++
		if !p.cfws() {
			return false
		}
		r.Reason, ok = p.value()
		return ok
	}
	if !p.octet('.') || !p.cfws() {
		return false
	}
	prop := Prop{Type: word}
	if prop.Name, ok = p.keyword(); !ok || !p.cfws() || !p.octet('=') || !p.cfws() {
		return false
	}
	if prop.Value, ok = p.pvalue(); !ok {
		return false
	}
	r.Props = append(r.Props, prop)
	return true
}

func (p *resultsParser) peek() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

func (p *resultsParser) octet(c byte) bool {
	if p.peek() != c {
		return p.fail(`"` + string(c) + `"`)
	}
	p.at++
	return true
}

func (p *resultsParser) digit() bool { return '0' <= p.peek() && p.peek() <= '9' }

func (p *resultsParser) number() (int, bool) {
	begin := p.at
	for p.digit() {
		p.at++
	}
	n, err := strconv.Atoi(p.s[begin:p.at])
	if err != nil || p.at-begin > 4 || n == 0 {
		p.at = begin
		return 0, p.fail("a number")
	}
	return n, true
}

// keyword reads letters, digits and hyphens (RFC 5321 §4.1.2, Keyword), and
// gives them in lower case; underscores too, which ptypes in use have.
func (p *resultsParser) keyword() (string, bool) {
	begin := p.at
	for p.at < len(p.s) && (isAlnum(p.s[p.at]) || p.s[p.at] == '-' || p.s[p.at] == '_') {
		p.at++
	}
	if p.at == begin {
		return "", p.fail("a word")
	}
	return strings.ToLower(p.s[begin:p.at]), true
}

// value reads a token or a quoted string.
func (p *resultsParser) value() (string, bool) {
	if p.peek() == '"' {
		return p.quoted()
	}
	begin := p.at
	for p.at < len(p.s) && isToken(p.s[p.at]) {
		p.at++
	}
	if p.at == begin {
		return "", p.fail("a value")
	}
	return p.s[begin:p.at], true
}

// pvalue reads a value, or an address whose parts may be either. Tokens are
// taken generously: many servers write what should stand in quotes without.
func (p *resultsParser) pvalue() (string, bool) {
	text, begin := "", p.at
	if p.peek() == '"' {
		var ok bool
		if text, ok = p.quoted(); !ok || p.peek() != '@' {
			return text, ok
		}
	}
	from := p.at
	for p.at < len(p.s) && (isToken(p.s[p.at]) || strings.IndexByte("@/:=[]<>?,", p.s[p.at]) >= 0) {
		p.at++
	}
	if p.at == begin {
		return "", p.fail("a value")
	}
	return text + p.s[from:p.at], true
}

// quoted reads a quoted string (RFC 5322 §3.2.4).
func (p *resultsParser) quoted() (string, bool) {
	var b strings.Builder
	for p.at++; p.at < len(p.s); p.at++ {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return b.String(), true
		case c == '\\' && p.at+1 < len(p.s):
			p.at++
			b.WriteByte(p.s[p.at])
		case c == '\r' || c == '\n': // folding
		default:
			b.WriteByte(c)
		}
	}
	return "", p.fail(`a closing '"'`)
}

// cfws passes over space and comments, which may nest (RFC 5322 §3.2.2).
func (p *resultsParser) cfws() bool {
	depth := 0
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '(':
			depth++
		case depth > 0 && c == ')':
			depth--
		case depth > 0 && c == '\\' && p.at+1 < len(p.s):
			p.at++
		case depth == 0 && strings.IndexByte(wsp, c) < 0:
			return true
		}
		p.at++
	}
	if depth > 0 {
		return p.fail(`a closing ")"`)
	}
	return true
}
