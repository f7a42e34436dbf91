package explain

import (
	"regexp"
	"strings"

	"mailscope/scenes/words"
)

// Reason tells in the chosen language why something did not work, where that
// is the program's own finding; what a server said stays as it was said. Only
// the last part of a reason such as "read reply to RETR: connection lost" is
// told.
func Reason(l words.Lang, text string) string {
	for _, r := range reasons {
		if text == r.text || strings.HasSuffix(text, ": "+r.text) {
			return words.T(l, "explain.reason."+r.key)
		}
	}
	if _, names, ok := strings.Cut(text, otherName); ok {
		return words.T(l, "explain.reason.othername", "Names", names)
	}
	var told []string
	for line := range strings.Lines(text) {
		told = append(told, refused(l, strings.TrimSuffix(line, "\n")))
	}
	return strings.Join(told, "; ")
}

// refusal and cannot are what a client says of a server that refuses, and of
// one that it does not even ask: host and reply.
var (
	refusal = regexp.MustCompile(`^(?:<\S*>: )?(\S+) refused \S.*?: ([2-5]\d\d(?: .*)?)$`)
	cannot  = regexp.MustCompile(`^(?:<\S*>: )?cannot send \S.*? to (\S+): ([2-5]\d\d(?: .*)?)$`)
)

// refused tells who refused, and leaves the reply as it is.
func refused(l words.Lang, text string) string {
	for key, form := range map[string]*regexp.Regexp{"said": refusal, "lacks": cannot} {
		if m := form.FindStringSubmatch(text); m != nil {
			return words.T(l, "explain.reason."+key, "Host", m[1], "Reply", m[2])
		}
	}
	return text
}

// otherName comes before the names for which a certificate is.
const otherName = "the certificate is for "

var reasons = []struct{ text, key string }{
	{"no such letter on this device", "noletter"},
	{"no network", "offline"},
	{"the device is lost", "lost"},
	{"POP3 knows no folders", "nofolders"},
	{"connection lost", "cut"},
	{"connection refused", "refused"},
	{"no route to host", "noroute"},
	{"connection timed out", "timedout"},
	{"network is unreachable", "unreachable"},
	{"the server does not offer STARTTLS", "nostarttls"},
	{"the client does not believe the certificate", "distrusted"},
	{"the certificate is not valid at this time", "expired"},
	{"the certificate is signed by nobody whom we trust", "untrusted"},
}
