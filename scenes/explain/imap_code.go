package explain

import "strings"

// codeSections has, for each code in the brackets of a reply, its standard.
var codeSections = map[string]string{
	"ALERT":                "RFC 9051 §7.1",
	"ALREADYEXISTS":        "RFC 9051 §7.1",
	"APPENDUID":            "RFC 9051 §7.1",
	"AUTHENTICATIONFAILED": "RFC 9051 §7.1",
	"AUTHORIZATIONFAILED":  "RFC 9051 §7.1",
	"BADCHARSET":           "RFC 9051 §7.1",
	"CANNOT":               "RFC 9051 §7.1",
	"CAPABILITY":           "RFC 9051 §7.1",
	"CLIENTBUG":            "RFC 9051 §7.1",
	"CLOSED":               "RFC 9051 §7.1",
	"COMPRESSIONACTIVE":    "RFC 4978 §3",
	"CONTACTADMIN":         "RFC 9051 §7.1",
	"COPYUID":              "RFC 9051 §7.1",
	"CORRUPTION":           "RFC 9051 §7.1",
	"EXPIRED":              "RFC 9051 §7.1",
	"EXPUNGEISSUED":        "RFC 9051 §7.1",
	"HASCHILDREN":          "RFC 9051 §7.1",
	"HIGHESTMODSEQ":        "RFC 7162 §3.1.2.1",
	"INUSE":                "RFC 9051 §7.1",
	"LIMIT":                "RFC 9051 §7.1",
	"MAILBOXID":            "RFC 8474 §4.1",
	"MODIFIED":             "RFC 7162 §3.1.3",
	"NOMODSEQ":             "RFC 7162 §3.1.2.2",
	"NONEXISTENT":          "RFC 9051 §7.1",
	"NOPERM":               "RFC 9051 §7.1",
	"NOTSAVED":             "RFC 9051 §7.1",
	"OVERQUOTA":            "RFC 9051 §7.1",
	"PARSE":                "RFC 9051 §7.1",
	"PERMANENTFLAGS":       "RFC 9051 §7.1",
	"PRIVACYREQUIRED":      "RFC 9051 §7.1",
	"READ-ONLY":            "RFC 9051 §7.1",
	"READ-WRITE":           "RFC 9051 §7.1",
	"SERVERBUG":            "RFC 9051 §7.1",
	"TOOBIG":               "RFC 4469 §4.2",
	"TRYCREATE":            "RFC 9051 §7.1",
	"UIDNEXT":              "RFC 9051 §7.1",
	"UIDNOTSTICKY":         "RFC 9051 §7.1",
	"UIDVALIDITY":          "RFC 9051 §7.1",
	"UNAVAILABLE":          "RFC 9051 §7.1",
	"UNKNOWN-CTE":          "RFC 9051 §7.1",
	"UNSEEN":               "RFC 3501 §7.1",
	"USEATTR":              "RFC 6154 §3",
}

// code explains the code in brackets, if there is one, with what it holds.
func (r *reader) code() (name, section string) {
	for r.at < len(r.text) && r.text[r.at] == ' ' {
		r.at++
	}
	if r.at == len(r.text) || r.text[r.at] != '[' {
		return "", ""
	}
	length := strings.IndexByte(r.text[r.at:], ']')
	if length < 0 {
		return "", ""
	}
	// What is within is read like a line of its own, at its place.
	start, end := r.at+1, r.at+length
	inner := *r
	inner.text, inner.at = r.text[:end], start
	tok := inner.take()
	name = strings.ToUpper(tok.of(r.text))
	section, known := codeSections[name]
	if !known {
		section = "RFC 9051 §7.1"
		inner.add(start-1, end+1, Enhanced, inner.t("code.other"))
	} else {
		inner.codeParts(name, tok, end)
	}
	r.parts, r.at = inner.parts, end+1
	return name, section
}

// codeParts explains a known code; its bracket closes at octet end.
func (r *reader) codeParts(name string, tok token, end int) {
	key := "code." + strings.ToLower(name)
	switch name {
	case "UIDVALIDITY", "UIDNEXT", "UNSEEN", "HIGHESTMODSEQ", "MODIFIED", "MAILBOXID":
		value := r.peek()
		r.add(tok.start, end, Enhanced, r.t(key, "Text", printable(strings.Trim(r.text[value.start:end], "()"))))
		return
	}
	r.add(tok.start, tok.end, Enhanced, r.t(key))
	switch name {
	case "CAPABILITY":
		r.abilities()
	case "PERMANENTFLAGS":
		r.list(r.flag)
	case "BADCHARSET":
		r.list(func(tok token) { r.part(tok, Param, "code.charset") })
	case "APPENDUID":
		r.part(r.take(), Param, "code.validity")
		r.part(r.take(), Param, "code.uid.new")
	case "COPYUID":
		r.part(r.take(), Param, "code.validity")
		r.part(r.take(), Param, "code.uid.old")
		r.part(r.take(), Param, "code.uid.new")
	}
}
