package explain

import "strings"

// respSections has, for each response code, its standard.
var respSections = map[string]string{
	"IN-USE":      "RFC 2449 §8.1.2",
	"LOGIN-DELAY": "RFC 2449 §8.1.1",
	"SYS/TEMP":    "RFC 3206 §4",
	"SYS/PERM":    "RFC 3206 §4",
	"AUTH":        "RFC 3206 §5",
	"UTF8":        "RFC 6856 §5",
}

// pop3Reply explains +OK, -ERR and the + that asks for more, with what the
// reply to this very command carries.
//
// RFC 1939 §3; response codes RFC 2449 §8.
func (s *speech) pop3Reply() Explained {
	line := s.line.Text
	status, end := verbOf(line)
	verb, _ := verbOf(s.ctx.Command)
	ex := Explained{RFC: "RFC 1939 §3"}
	switch status {
	case "+OK":
		ex.Sentence = s.t(s.first(s.okKey(verb), "pop3.ok"))
		ex.Parts = []Part{s.part(0, end, Code, "pop3.ok.code")}
	case "-ERR":
		ex.Sentence = s.t(s.first("pop3.err."+strings.ToLower(verb), "pop3.err"))
		ex.Parts = []Part{s.part(0, end, Code, "pop3.err.code")}
	case "+":
		ex.Sentence = s.t("pop3.more")
		ex.Parts = append([]Part{s.part(0, end, Code, "pop3.more.code")}, s.challenge(min(2, len(line)))...)
		ex.RFC = "RFC 5034 §4"
		return ex
	default:
		return Explained{Sentence: s.t("pop3.reply.unknown"), RFC: "RFC 1939 §3"}
	}
	at := s.responseCode(&ex, end)
	if status == "+OK" && (verb == "STAT" || verb == "LIST" || verb == "UIDL") {
		at = s.numbers(&ex, verb, at)
	}
	if verb == "" {
		at = s.banner(&ex, at)
	}
	if rest := fields(line, at); len(rest) > 0 {
		ex.Parts = append(ex.Parts, s.part(rest[0].start, len(line), Plain, "smtp.text"))
	}
	return ex
}

// okKey is the text for +OK to verb, which may not exist.
func (s *speech) okKey(verb string) string {
	if verb == "" {
		return "pop3.greeting"
	}
	key := "pop3.ok." + strings.ToLower(verb)
	if verb == "LIST" || verb == "UIDL" {
		if _, end := verbOf(s.ctx.Command); len(fields(s.ctx.Command, end)) > 0 {
			return key + ".one"
		}
	}
	return key
}

// responseCode explains "[IN-USE]" and the like behind octet at, and returns
// where it ends.
func (s *speech) responseCode(ex *Explained, at int) int {
	line := s.line.Text
	rest := fields(line, at)
	if len(rest) == 0 || line[rest[0].start] != '[' {
		return at
	}
	start := rest[0].start
	length := strings.IndexByte(line[start:], ']')
	if length < 0 {
		return at
	}
	name := strings.ToUpper(line[start+1 : start+length])
	name, _, _ = strings.Cut(name, " ")
	key := "pop3.code.other"
	if section, ok := respSections[name]; ok {
		key, ex.RFC = "pop3.code."+strings.ToLower(name), section
	}
	ex.Parts = append(ex.Parts, s.part(start, start+length+1, Enhanced, key))
	return start + length + 1
}

// numbers explains the two values that the reply to STAT, or to LIST and
// UIDL of one letter, carries, and returns where they end.
func (s *speech) numbers(ex *Explained, verb string, at int) int {
	line := s.line.Text
	rest := fields(line, at)
	if len(rest) < 2 || strings.Trim(rest[0].of(line), "0123456789") != "" {
		return at
	}
	count, value := rest[0], rest[1]
	if verb == "UIDL" || strings.Trim(value.of(line), "0123456789") == "" {
		first, second := "pop3.data.number", "pop3.data."+strings.ToLower(verb)+".value"
		if verb == "STAT" {
			first, second = "pop3.stat.count", "pop3.stat.size"
		} else if _, end := verbOf(s.ctx.Command); len(fields(s.ctx.Command, end)) == 0 {
			return at // "+OK 2 320 octets" in words of the server's own
		}
		ex.Parts = append(ex.Parts,
			s.part(count.start, count.end, Param, first),
			s.part(value.start, value.end, Param, second, "Text", value.of(line)))
		return value.end
	}
	return at
}

// banner explains the time stamp of a greeting, which APOP needs, and
// returns where it ends. The server's words before it get no part.
//
// RFC 1939 §7.
func (s *speech) banner(ex *Explained, at int) int {
	line := s.line.Text
	open := strings.LastIndexByte(line, '<')
	if open < at || !strings.HasSuffix(line, ">") {
		return at
	}
	ex.Parts = append(ex.Parts, s.part(open, len(line), Param, "pop3.stamp"))
	return len(line)
}
