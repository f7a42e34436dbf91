package explain

import "strings"

// abilitySections has, for each keyword of a server's list, its standard.
var abilitySections = map[string]string{
	"SIZE":                "RFC 1870 §4",
	"8BITMIME":            "RFC 6152 §2",
	"SMTPUTF8":            "RFC 6531 §3.1",
	"PIPELINING":          "RFC 2920 §3",
	"CHUNKING":            "RFC 3030 §2",
	"BINARYMIME":          "RFC 3030 §3",
	"DSN":                 "RFC 3461 §4",
	"ENHANCEDSTATUSCODES": "RFC 2034 §3",
	"AUTH":                "RFC 4954 §3",
	"STARTTLS":            "RFC 3207 §2",
	"HELP":                "RFC 5321 §4.1.1.8",
	"VRFY":                "RFC 5321 §4.1.1.6",
	"EXPN":                "RFC 5321 §4.1.1.7",
	"ETRN":                "RFC 1985 §4",
	"DELIVERBY":           "RFC 2852 §2",
	"REQUIRETLS":          "RFC 8689 §2",
	"LIMITS":              "RFC 9422 §3",
}

// ability explains one line of the reply to EHLO: the server's name, or one
// thing that it can do. A keyword has no dot, a host's name has one.
//
// RFC 5321 §4.1.1.1.
func (s *speech) ability() Explained {
	line := s.line.Text
	parts := s.codeParts(line[:3])
	if len(line) > 3 && line[3] == '-' {
		parts = append(parts, s.part(3, 4, Code, "smtp.more"))
	}
	ex := Explained{Sentence: s.t("ehlo.hello"), Parts: parts, RFC: "RFC 5321 §4.1.1.1"}
	args := fields(line, min(4, len(line)))
	if len(args) == 0 {
		return ex
	}
	first := args[0].of(line)
	if strings.ContainsAny(first, ".[:") || strings.EqualFold(first, s.event.From) {
		ex.Parts = append(ex.Parts, s.part(args[0].start, args[0].end, Param, "ehlo.name"))
		if len(args) > 1 {
			ex.Parts = append(ex.Parts, s.part(args[1].start, len(line), Plain, "smtp.text"))
		}
		return ex
	}
	keyword := strings.ToUpper(first)
	if oldAuth, ok := strings.CutPrefix(keyword, "AUTH="); ok && oldAuth != "" {
		keyword = "AUTH"
	}
	key := "ehlo.other"
	if section, ok := abilitySections[keyword]; ok {
		key, ex.RFC = "ehlo."+strings.ToLower(keyword), section
	}
	ex.Sentence = s.t(key)
	ex.Parts = append(ex.Parts, s.part(args[0].start, args[0].end, Keyword, key+".keyword"))
	for _, a := range args[1:] {
		switch keyword {
		case "SIZE":
			ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, s.sizeKey(a.of(line)), "Bytes", a.of(line)))
		case "AUTH":
			ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, s.mechanism(a.of(line))))
		default:
			ex.Parts = append(ex.Parts, s.part(a.start, a.end, Param, "ehlo.arg"))
		}
	}
	return ex
}

// sizeKey is the text for the limit of SIZE; 0 is none (RFC 1870 §4).
func (s *speech) sizeKey(limit string) string {
	if strings.Trim(limit, "0") == "" {
		return "ehlo.size.none"
	}
	return "ehlo.size.limit"
}
