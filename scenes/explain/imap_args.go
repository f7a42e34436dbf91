package explain

import (
	"strings"

	"mailscope/protocol/imap"
)

// mailbox explains the name of a mailbox.
func (r *reader) mailbox() { r.mailboxAs("arg.mailbox") }

// mailboxAs explains the name of a mailbox in the words of key.
func (r *reader) mailboxAs(key string) {
	tok := r.take()
	if tok.kind == opening || tok.kind == closing || tok.kind == ended {
		return
	}
	if tok.kind == literal {
		r.part(tok, Param, key)
		return
	}
	name := r.value(tok)
	r.box = printable(imap.NameFromWire(name))
	switch {
	case strings.EqualFold(name, "INBOX"):
		key += ".inbox"
	case imap.NameFromWire(name) != name:
		key += ".encoded"
	}
	r.add(tok.start, tok.end, Param, r.t(r.first(key, "arg.mailbox"+key[strings.LastIndexByte(key, '.'):], "arg.mailbox"), "Text", r.box))
}

// numbers explains a set of numbers or of unique ids.
//
// RFC 9051 §9 sequence-set; RFC 5182 §2.1 for "$".
func (r *reader) numbers() {
	tok := r.take()
	if tok.kind == ended {
		return
	}
	key := "arg.numbers"
	switch r.of(tok) {
	case "$":
		key = "arg.saved"
	case "1:*":
		key = "arg.all"
	default:
		if r.uid {
			key = "arg.uids"
		}
	}
	r.part(tok, Param, key)
}

// login explains a user and a password.
func (r *reader) login() {
	r.part(r.take(), Param, "arg.user")
	r.part(r.take(), Param, "arg.password")
}

// authenticate explains a mechanism and what may follow it at once.
//
// RFC 4959 §3.
func (r *reader) authenticate() {
	way := r.take()
	if way.kind == ended {
		return
	}
	r.add(way.start, way.end, Param, r.s.t(r.s.mechanism(r.of(way))))
	first := r.take()
	if first.kind == ended {
		return
	}
	meaning := ""
	switch {
	case r.of(first) == "=":
		meaning = r.s.t("auth.nothing")
	case r.upper(way) == "LOGIN":
		meaning = r.s.secret(r.of(first), "auth.login.user")
	default:
		meaning = r.s.secret(r.of(first), "auth.opaque")
	}
	r.add(first.start, first.end, Param, meaning)
}

// open explains a mailbox and how it is to be opened.
//
// RFC 7162 §3.1.8, §3.2.5.
func (r *reader) open() {
	r.mailbox()
	r.list(func(tok token) {
		switch r.upper(tok) {
		case "CONDSTORE":
			r.part(tok, Keyword, "open.condstore")
		case "QRESYNC":
			r.part(tok, Keyword, "open.qresync")
			if r.peek().kind != opening {
				return
			}
			r.take()
			for _, key := range []string{"open.validity", "open.modseq", "open.known", "open.match"} {
				if r.peek().kind != closing {
					r.whole(Param, key)
				}
			}
			r.leave()
		default:
			r.part(tok, Param, "arg.other")
		}
	})
}

// leave passes over what is left of a list.
func (r *reader) leave() {
	for {
		switch r.peek().kind {
		case ended:
			return
		case closing:
			r.take()
			return
		}
		r.skip()
	}
}

// create explains a new mailbox and what it is to be for.
//
// RFC 6154 §3.
func (r *reader) create() {
	r.mailbox()
	r.list(func(tok token) {
		if r.upper(tok) != "USE" {
			r.part(tok, Param, "arg.other")
			return
		}
		r.part(tok, Keyword, "create.use")
		r.list(func(tok token) { r.named(tok, Param, "attr.", "attr.other") })
	})
}

func (r *reader) rename() {
	r.mailboxAs("rename.from")
	from := r.box
	r.mailboxAs("rename.to")
	r.box = from
}

// named explains a word by the text whose key ends in it, or by other.
func (r *reader) named(tok token, kind Kind, prefix, other string) {
	name := strings.ToLower(strings.TrimPrefix(r.of(tok), `\`))
	r.part(tok, kind, r.first(prefix+name, other), "Name", printable(r.of(tok)))
}

// listing explains which mailboxes are to be named, and what about them.
//
// RFC 9051 §6.3.9.
func (r *reader) listing() {
	if r.peek().kind == opening {
		r.list(func(tok token) { r.named(tok, Keyword, "list.", "arg.other") })
	}
	if top := r.take(); top.kind == quoted && r.value(top) == "" {
		r.part(top, Param, "list.top")
	} else {
		r.part(top, Param, "list.under")
	}
	r.list(func(tok token) {
		switch key := "list.pattern"; r.value(tok) {
		case "":
			r.part(tok, Param, key+".none")
		case "*":
			r.part(tok, Param, key+".all")
		case "%":
			r.part(tok, Param, key+".level")
		default:
			if name := r.value(tok); tok.kind == literal {
				r.part(tok, Param, key)
			} else {
				r.add(tok.start, tok.end, Param, r.t(key, "Text", printable(imap.NameFromWire(name))))
			}
		}
	})
	tok := r.take()
	if tok.kind == ended {
		return
	}
	r.part(tok, Keyword, "return")
	r.list(func(tok token) {
		r.named(tok, Keyword, "list.return.", "arg.other")
		if r.upper(tok) == "STATUS" {
			r.list(func(tok token) { r.named(tok, Keyword, "status.", "arg.other") })
		}
	})
}

func (r *reader) status() {
	r.mailbox()
	r.list(func(tok token) { r.named(tok, Keyword, "status.", "arg.other") })
}

// append explains where a letter is to lie, its flags and date.
//
// RFC 9051 §6.3.12; RFC 6855 §4 for UTF8.
func (r *reader) append() {
	r.mailbox()
	for {
		switch tok := r.peek(); tok.kind {
		case ended, closing:
			return
		case opening:
			r.list(r.flag)
		case quoted:
			r.part(r.take(), Param, "append.date")
		case literal:
			r.part(r.take(), LetterText, "append.letter")
		default:
			r.take()
			if r.upper(tok) != "UTF8" {
				r.part(tok, Param, "arg.other")
				break
			}
			r.part(tok, Keyword, "append.utf8")
			if r.peek().kind == opening {
				r.take()
			}
		}
	}
}

// flag explains a mark on a letter.
func (r *reader) flag(tok token) {
	if r.of(tok) == `\*` {
		r.part(tok, Keyword, "flag.any")
		return
	}
	r.named(tok, Keyword, "flag.", "flag.other")
}

// fetch explains which letters, and what of them.
func (r *reader) fetch() {
	r.numbers()
	r.list(r.item)
	if r.peek().kind != opening {
		return
	}
	r.list(func(tok token) { // RFC 7162 §3.1.4.1, §3.2.6
		switch r.upper(tok) {
		case "CHANGEDSINCE":
			r.run(tok.start, r.take(), Keyword, "fetch.changedsince")
		case "VANISHED":
			r.part(tok, Keyword, "fetch.vanished")
		default:
			r.part(tok, Param, "arg.other")
		}
	})
}

// item explains one thing that is asked of letters.
func (r *reader) item(tok token) {
	name, inner, section := strings.Cut(r.upper(tok), "[")
	switch {
	case name == "BINARY.SIZE":
	case section && !strings.HasPrefix(inner, "HEADER"), name == "RFC822", name == "RFC822.TEXT":
		r.asked = texts
	case section, name == "ENVELOPE", name == "ALL", name == "FULL", name == "RFC822.HEADER":
		r.asked = max(r.asked, headers)
	case name == "FLAGS":
		r.asked = max(r.asked, marks)
	}
	if section {
		r.section(tok, r.first("item."+strings.ToLower(name)+".section", "item.other"))
		return
	}
	r.named(tok, Keyword, "item.", "item.other")
}

// section explains "BODY.PEEK[HEADER]<0.100>": a piece of a letter's text.
// name is the key for what stands before the bracket.
//
// RFC 9051 §6.4.5.1.
func (r *reader) section(tok token, name string) {
	text := r.of(tok)
	open := strings.IndexByte(text, '[')
	end := strings.IndexByte(text[open:], ']')
	if end < 0 {
		end = len(text)
	} else {
		end += open
	}
	r.add(tok.start, tok.start+open, Keyword, r.t(name, "Text", printable(text)))
	inner := text[open+1 : end]
	start := tok.start + open + 1
	digits := len(inner) - len(strings.TrimLeft(inner, "0123456789."))
	number := strings.TrimSuffix(inner[:digits], ".")
	spec, fields, _ := strings.Cut(inner[digits:], " ")
	if inner == "" {
		r.add(start-1, min(start+1, tok.end), Param, r.t("section.all"))
	}
	if number != "" {
		r.add(start, start+len(number), Param, r.t("section.part", "Text", number))
	}
	if spec != "" {
		key := "section.other"
		switch strings.ToUpper(spec) {
		case "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME":
			key = "section." + strings.ToLower(spec)
		}
		fields = strings.Join(strings.Fields(strings.Trim(fields, "()")), ", ")
		r.add(start+digits, tok.start+end, Param, r.t(key, "Text", printable(fields)))
	}
	if end+1 >= len(text) {
		return
	}
	at, count, partial := strings.Cut(strings.Trim(text[end+1:], "<>"), ".")
	key := "section.origin"
	if partial {
		key = "section.partial"
	}
	r.add(tok.start+end+1, tok.end, Param, r.t(key, "At", printable(at), "Count", printable(count)))
}

// store explains which letters, and what is to become of their flags.
//
// RFC 9051 §6.4.6; RFC 7162 §3.1.3.
func (r *reader) store() {
	r.numbers()
	if r.peek().kind == opening {
		r.list(func(tok token) {
			if r.upper(tok) == "UNCHANGEDSINCE" {
				r.run(tok.start, r.take(), Keyword, "store.unchangedsince")
			} else {
				r.part(tok, Param, "arg.other")
			}
		})
	}
	how := r.take()
	name, silent := strings.CutSuffix(r.upper(how), ".SILENT")
	key := map[string]string{"FLAGS": "store.flags", "+FLAGS": "store.add", "-FLAGS": "store.remove"}[name]
	if key == "" {
		key, silent = "arg.other", false
	}
	if how.kind != ended {
		r.run(how.start, token{span{how.start, how.start + len(name)}, atom}, Verb, key)
	}
	if silent {
		r.add(how.start+len(name), how.end, Verb, r.t("store.silent"))
	}
	for tok := r.peek(); tok.kind != ended && tok.kind != closing; tok = r.peek() {
		r.list(r.flag)
	}
}

func (r *reader) copy() {
	r.numbers()
	r.mailboxAs("copy.to")
}

// identity explains who a program says it is.
func (r *reader) identity() {
	if tok := r.peek(); tok.kind != opening {
		if r.take(); tok.kind != ended {
			r.part(tok, Param, "id.nothing")
		}
		return
	}
	r.list(func(tok token) {
		key := r.first("id."+strings.ToLower(r.value(tok)), "id.other")
		r.run(tok.start, r.take(), Param, key, "Name", printable(r.value(tok)))
	})
}

func (r *reader) quotaRoot() {
	if tok := r.take(); tok.kind == quoted && r.value(tok) == "" {
		r.part(tok, Param, "quota.root.all")
	} else {
		r.part(tok, Param, "quota.root")
	}
}

func (r *reader) setQuota() {
	r.quotaRoot()
	r.list(func(tok token) { r.run(tok.start, r.take(), Param, "quota.set", "Name", printable(r.of(tok))) })
}

func (r *reader) other() { r.words(func(tok token) { r.part(tok, Param, "arg.other") }) }

// sort explains the order wished for, and what is sought.
//
// RFC 5256 §3.
func (r *reader) sort() {
	r.returns()
	r.list(func(tok token) { r.named(tok, Keyword, "sort.", "arg.other") })
	r.part(r.take(), Param, "search.charset")
	r.keys()
}

func (r *reader) thread() {
	r.returns()
	r.named(r.take(), Param, "thread.", "arg.other")
	r.part(r.take(), Param, "search.charset")
	r.keys()
}

// search explains what is sought, and what is to be told of it.
//
// RFC 9051 §6.4.4.
func (r *reader) search() {
	r.returns()
	if tok := r.peek(); r.upper(tok) == "CHARSET" {
		r.take()
		r.run(tok.start, r.take(), Param, "search.charset")
	}
	r.keys()
}

// returns explains "RETURN (MIN COUNT)", if it is there.
func (r *reader) returns() {
	tok := r.peek()
	if r.upper(tok) != "RETURN" {
		return
	}
	r.take()
	r.part(tok, Keyword, "return")
	r.list(func(tok token) {
		if r.upper(tok) == "PARTIAL" { // RFC 9394 §3.1
			r.run(tok.start, r.take(), Keyword, "search.return.partial")
			return
		}
		r.named(tok, Keyword, "search.return.", "arg.other")
	})
}

// taking has the search keys that a value follows.
var taking = map[string]bool{
	"bcc": true, "body": true, "cc": true, "from": true, "subject": true, "text": true, "to": true,
	"keyword": true, "unkeyword": true, "before": true, "on": true, "since": true,
	"sentbefore": true, "senton": true, "sentsince": true, "savedbefore": true, "savedon": true, "savedsince": true,
	"larger": true, "smaller": true, "younger": true, "older": true, "uid": true, "emailid": true, "threadid": true,
}

// keys explains all search keys that are left.
func (r *reader) keys() {
	r.words(func(tok token) {
		name := strings.ToLower(r.of(tok))
		switch {
		case taking[name]:
			r.run(tok.start, r.take(), Param, "search."+name)
		case name == "header":
			field, sought := r.take(), r.take()
			key := "search.header"
			if r.of(sought) == `""` {
				key = "search.header.any"
			}
			r.run(tok.start, sought, Param, key, "Name", printable(r.value(field)))
		case name == "modseq":
			if r.peek().kind == quoted { // an entry name and type before the number
				r.take()
				r.take()
			}
			r.run(tok.start, r.take(), Param, "search.modseq")
		case name == "$":
			r.part(tok, Param, "arg.saved")
		case strings.Trim(name, "0123456789:,*") == "":
			r.part(tok, Param, "arg.numbers")
		default:
			r.part(tok, Keyword, r.first("search."+name, "search.other"))
		}
	})
}

// abilities explains a list of what a side can do, word by word.
func (r *reader) abilities() {
	r.words(r.ability)
}

// ability explains one word of such a list.
func (r *reader) ability(tok token) {
	name := strings.ToLower(r.of(tok))
	before, value, _ := strings.Cut(name, "=")
	if value == "" {
		value = "…"
	}
	if before == "auth" {
		r.add(tok.start, tok.end, Keyword, r.s.t(r.s.mechanism(value)))
		return
	}
	r.add(tok.start, tok.end, Keyword, r.t(r.first("cap."+name, "cap."+before, "cap.other"), "Text", printable(value)))
}
