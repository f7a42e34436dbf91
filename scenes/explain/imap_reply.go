package explain

import (
	"strconv"
	"strings"

	"mailscope/scenes/imapline"
)

// imapReply explains a line of the server: the answer to a command, a request
// to go on, or something told without a tag.
func (s *speech) imapReply() Explained {
	r := s.reader()
	first := r.take()
	switch r.of(first) {
	case "+":
		return r.done(r.goOn(first))
	case "*":
		r.part(first, Field, "star")
		return r.done(r.untagged())
	}
	status := r.take()
	if !isOutcome(r.upper(status)) {
		return r.done(r.t("reply.unknown"), "RFC 9051 §7")
	}
	r.part(first, Field, "tag.reply")
	return r.done(r.outcome(status, true))
}

// isOutcome tells whether a word says how something came out.
func isOutcome(word string) bool {
	switch word {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// goOn explains the "+" that asks the client for more.
//
// RFC 9051 §7.6.
func (r *reader) goOn(plus token) (sentence, section string) {
	r.part(plus, Code, "more.code")
	switch imapline.Verb(r.s.ctx.Command) {
	case "AUTHENTICATE":
		if tok := r.peek(); tok.kind != ended {
			r.add(tok.start, len(r.text), Plain, r.s.t(challengeKey(r.text[tok.start:])))
		}
		return r.t("more.auth"), "RFC 9051 §6.2.2"
	case "IDLE":
		r.forPeople()
		return r.t("more.idle"), "RFC 9051 §6.3.13"
	}
	r.forPeople()
	return r.t("more"), "RFC 9051 §7.6"
}

// forPeople explains the text at the end of a line, which no program reads.
func (r *reader) forPeople() {
	if tok := r.peek(); tok.kind != ended {
		r.add(tok.start, len(r.text), Plain, r.s.t("smtp.text"))
	}
	r.at = len(r.text)
}

// outcomeSections has, for each outcome, where its standard describes it.
var outcomeSections = map[string]string{
	"OK": "RFC 9051 §7.1.1", "NO": "RFC 9051 §7.1.2", "BAD": "RFC 9051 §7.1.3",
	"PREAUTH": "RFC 9051 §7.1.4", "BYE": "RFC 9051 §7.1.5",
}

// outcome explains how something came out, the code in brackets that may
// follow, and the text for people.
func (r *reader) outcome(status token, tagged bool) (sentence, section string) {
	word := r.upper(status)
	key := "outcome." + strings.ToLower(word)
	if !tagged {
		key = r.first("outcome.note."+strings.ToLower(word), key)
	}
	r.part(status, Code, key)
	code, section := r.code()
	r.forPeople()
	if section == "" {
		section = outcomeSections[word]
	}
	return r.t(r.outcomeKey(word, code, tagged)), section
}

// outcomeKey is the text that says what the outcome means here. A reply
// without a tag that answers nothing is the greeting.
func (r *reader) outcomeKey(word, code string, tagged bool) string {
	verb := strings.ToLower(imapline.Verb(r.s.ctx.Command))
	code = strings.ToLower(code)
	switch {
	case word == "BYE" && verb == "logout":
		return "bye.logout"
	case word == "BYE":
		return "bye"
	case word == "PREAUTH":
		return "preauth"
	case word == "BAD":
		return "bad"
	case word == "NO" && tagged:
		return r.first("no.code."+code, "no."+verb, "no")
	case word == "NO":
		return "warning"
	case tagged && verb == "select" && code == "read-only":
		return "ok.examine"
	case tagged:
		return r.first("ok."+verb, "ok")
	case verb == "" && (code == "" || code == "capability"):
		return "greeting"
	}
	return r.first("note."+code, "note")
}

// untaggedSections has, for each word that a line without a tag begins with or
// that follows its number, where its standard describes it.
var untaggedSections = map[string]string{
	"CAPABILITY": "RFC 9051 §7.2.2",
	"ENABLED":    "RFC 9051 §7.2.1",
	"LIST":       "RFC 9051 §7.3.1",
	"LSUB":       "RFC 3501 §7.2.3",
	"NAMESPACE":  "RFC 9051 §7.3.2",
	"STATUS":     "RFC 9051 §7.3.3",
	"ESEARCH":    "RFC 9051 §7.3.4",
	"FLAGS":      "RFC 9051 §7.3.5",
	"SEARCH":     "RFC 3501 §7.2.5",
	"SORT":       "RFC 5256 §4",
	"THREAD":     "RFC 5256 §4",
	"EXISTS":     "RFC 9051 §7.4.1",
	"RECENT":     "RFC 3501 §7.3.2",
	"EXPUNGE":    "RFC 9051 §7.5.1",
	"FETCH":      "RFC 9051 §7.5.2",
	"ID":         "RFC 2971 §3.2",
	"QUOTA":      "RFC 9208 §4.2.1",
	"QUOTAROOT":  "RFC 9208 §4.2.2",
	"VANISHED":   "RFC 7162 §3.2.10",
}

// untagged explains what follows the star.
func (r *reader) untagged() (sentence, section string) {
	tok := r.take()
	word := r.upper(tok)
	if isOutcome(word) {
		return r.outcome(tok, false)
	}
	number, err := strconv.Atoi(word)
	if numbered := err == nil && number >= 0; numbered {
		what := r.take()
		word = r.upper(what)
		switch word {
		case "EXISTS", "RECENT":
			r.part(tok, Param, "count")
		case "EXPUNGE", "FETCH":
			r.part(tok, Param, "number")
		default:
			return r.t("reply.unknown"), "RFC 9051 §7"
		}
		r.part(what, Verb, "data."+strings.ToLower(word)+".word")
		return r.aboutNumber(word, number), untaggedSections[word]
	}
	section, known := untaggedSections[word]
	switch word {
	case "EXISTS", "RECENT", "EXPUNGE", "FETCH":
		known = false // they need a number
	}
	if !known {
		return r.t("reply.unknown"), "RFC 9051 §7"
	}
	r.part(tok, Verb, "data."+strings.ToLower(word)+".word")
	return r.told(word), section
}

// aboutNumber explains what follows a number and its word.
func (r *reader) aboutNumber(word string, number int) (sentence string) {
	switch word {
	case "EXISTS":
		switch imapline.Verb(r.s.ctx.Command) {
		case "SELECT", "EXAMINE":
			return r.n("data.exists.open", number)
		}
		return r.n("data.exists", number)
	case "RECENT":
		return r.n("data.recent", number)
	case "FETCH":
		return r.fetched(number)
	}
	return r.t("data.expunge", "Number", number)
}

// told explains what follows a word that needs no number.
func (r *reader) told(word string) (sentence string) {
	key := "data." + strings.ToLower(word)
	switch word {
	case "CAPABILITY", "ENABLED":
		r.abilities()
	case "FLAGS":
		r.list(r.flag)
	case "LIST", "LSUB":
		if r.mailboxLine(); r.box == "" {
			key = "data.list.none"
		}
	case "NAMESPACE":
		for _, key := range []string{"namespace.own", "namespace.others", "namespace.shared"} {
			if r.none(r.peek()) {
				r.part(r.take(), Param, key+".none")
			} else if r.peek().kind != ended {
				r.whole(Param, key)
			}
		}
	case "STATUS":
		r.mailbox()
		r.list(func(tok token) { r.pair(tok, "status.", "status.other") })
	case "ID":
		r.identity()
	case "ESEARCH":
		return r.found()
	case "SEARCH", "SORT":
		if tok := r.peek(); tok.kind == ended {
			return r.t("data.search.none")
		}
		r.results()
	case "THREAD":
		for r.peek().kind == opening {
			r.whole(Param, "data.thread.one")
		}
	case "QUOTA":
		r.quotaRoot()
		if strings.TrimSpace(r.text[r.at:]) == "()" {
			key = "data.quota.none"
		}
		r.list(r.resource)
	case "QUOTAROOT":
		r.mailbox()
		r.words(func(tok token) { r.part(tok, Param, "quota.root") })
	case "VANISHED":
		if r.peek().kind == opening {
			r.whole(Keyword, "data.vanished.earlier.word")
			key = "data.vanished.earlier"
		}
		r.part(r.take(), Param, "data.vanished.uids")
	}
	return r.t(key)
}

// pair explains a name and the value behind it.
func (r *reader) pair(name token, prefix, other string) {
	key := r.first(prefix+strings.ToLower(r.of(name))+".value", other+".value")
	if r.peek().kind == opening {
		sp := r.skip()
		r.add(name.start, sp.end, Param, r.t(key, "Text", printable(strings.Trim(sp.of(r.text), "()")), "Name", printable(r.of(name))))
		return
	}
	r.run(name.start, r.take(), Param, key, "Name", printable(r.of(name)))
}

// mailboxLine explains the attributes of a mailbox, what parts its levels, its
// name, and more that may follow.
//
// RFC 9051 §7.3.1.
func (r *reader) mailboxLine() {
	r.list(func(tok token) { r.named(tok, Keyword, "attr.", "attr.other") })
	if delimiter := r.take(); r.none(delimiter) {
		r.part(delimiter, Param, "list.flat")
	} else if delimiter.kind != ended {
		r.part(delimiter, Param, "list.delimiter")
	}
	r.mailbox()
	if r.peek().kind == opening {
		r.whole(Param, "list.extended")
	}
}

// found explains the answer to a search in the new form.
//
// RFC 9051 §7.3.4.
func (r *reader) found() (sentence string) {
	if r.peek().kind == opening {
		r.whole(Field, "esearch.tag")
	}
	key := "data.esearch.none"
	r.words(func(tok token) {
		name := r.upper(tok)
		if name == "UID" {
			r.uid = true
			r.part(tok, Keyword, "esearch.uid")
			return
		}
		if name != "COUNT" || r.of(r.peek()) != "0" {
			key = "data.esearch"
		}
		r.pair(tok, "esearch.", "esearch.other")
	})
	return r.t(key)
}

// results explains the numbers of the letters found, as one part.
//
// RFC 3501 §7.2.5; RFC 7162 §3.1.5 for what may follow in parentheses.
func (r *reader) results() {
	start := r.peek()
	if start.kind == opening {
		return
	}
	end := start
	for tok := r.peek(); tok.kind == atom; tok = r.peek() {
		end = r.take()
	}
	r.add(start.start, end.end, Param, r.t("data.search.numbers", "Text", printable(r.text[start.start:end.end])))
	r.list(func(tok token) { r.pair(tok, "esearch.", "esearch.other") })
}

// resource explains a limit: what of, how much is used, how much may be.
//
// RFC 9208 §5.1.
func (r *reader) resource(name token) {
	key := r.first("quota."+strings.ToLower(r.of(name)), "quota.other")
	used, limit := r.take(), r.take()
	if limit.kind != atom {
		r.part(name, Param, "arg.other")
		return
	}
	r.run(name.start, limit, Param, key, "Name", printable(r.of(name)), "Used", printable(r.of(used)), "Limit", printable(r.of(limit)))
}
