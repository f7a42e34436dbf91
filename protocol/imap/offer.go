package imap

import (
	"fmt"
	"slices"
	"strings"
)

// Offer is the capabilities that a server offers, by their registered names in
// capital letters. Without one, what it stands for is unknown to the server:
// a command or an item is a mistake then. IMAP4REV1 or IMAP4REV2 has to be
// among them.
type Offer map[string]bool

// capability is a name as CAPABILITY tells it, and when.
type capability struct {
	name          string
	before, after bool // the login
}

// capabilities are all that the server can offer, in the order in which it
// tells them. COMPRESS (RFC 4978) is left out on purpose: what is compressed
// cannot be watched.
var capabilities = []capability{
	{"IMAP4rev2", true, true},
	{"IMAP4rev1", true, true},
	{"LITERAL+", true, true}, // RFC 7888
	{"LITERAL-", true, true},
	{"SASL-IR", true, false},  // RFC 4959
	{"STARTTLS", true, false}, // needs Server.TLS
	{"AUTH=SCRAM-SHA-256-PLUS", true, false},
	{"AUTH=SCRAM-SHA-256", true, false},
	{"AUTH=CRAM-MD5", true, false},
	{"AUTH=PLAIN", true, false},
	{"AUTH=LOGIN", true, false},
	{"ID", true, true},             // RFC 2971
	{"ENABLE", true, true},         // RFC 5161
	{"IDLE", true, true},           // RFC 2177
	{"NAMESPACE", false, true},     // RFC 2342
	{"UNSELECT", false, true},      // RFC 3691
	{"UIDPLUS", false, true},       // RFC 4315
	{"MOVE", false, true},          // RFC 6851
	{"CHILDREN", false, true},      // RFC 3348
	{"LIST-EXTENDED", false, true}, // RFC 5258
	{"LIST-STATUS", false, true},   // RFC 5819
	{"SPECIAL-USE", false, true},   // RFC 6154
	{"CREATE-SPECIAL-USE", false, true},
	{"STATUS=SIZE", false, true},  // RFC 8438
	{"ESEARCH", false, true},      // RFC 4731
	{"SEARCHRES", false, true},    // RFC 5182
	{"WITHIN", false, true},       // RFC 5032
	{"SORT", false, true},         // RFC 5256
	{"SORT=DISPLAY", false, true}, // RFC 5957
	{"ESORT", false, true},        // RFC 5267, without contexts
	{"THREAD=ORDEREDSUBJECT", false, true},
	{"THREAD=REFERENCES", false, true},
	{"CONDSTORE", false, true}, // RFC 7162
	{"QRESYNC", false, true},
	{"BINARY", false, true},      // RFC 3516
	{"UTF8=ACCEPT", false, true}, // RFC 6855
	{"QUOTA", false, true},       // RFC 9208
	{"QUOTA=RES-STORAGE", false, true},
	{"QUOTA=RES-MESSAGE", false, true},
	{"APPENDLIMIT", false, true}, // RFC 7889
}

// Full is everything.
func Full() Offer {
	o := Offer{}
	for _, c := range capabilities {
		o[strings.ToUpper(c.name)] = true
	}
	return o
}

// Without is o less some capabilities.
func (o Offer) Without(names ...string) Offer {
	left := Offer{}
	for name := range o {
		left[name] = true
	}
	for _, n := range names {
		delete(left, strings.ToUpper(n))
	}
	return left
}

// Capabilities lists what can be switched on and off, in the order in which
// CAPABILITY tells it.
func Capabilities() []string {
	var names []string
	for _, c := range capabilities {
		names = append(names, c.name)
	}
	return names
}

// inRev2 are the extensions that IMAP4rev2 took in: RFC 9051 appendix E.
var inRev2 = map[string]bool{"BINARY": true, "CHILDREN": true, "ENABLE": true, "ESEARCH": true, "IDLE": true, "LIST-EXTENDED": true,
	"LIST-STATUS": true, "LITERAL-": true, "MOVE": true, "NAMESPACE": true, "SASL-IR": true, "SEARCHRES": true, "SPECIAL-USE": true,
	"STATUS=SIZE": true, "UIDPLUS": true, "UNSELECT": true}

// early are those of them that a client uses before it can enable IMAP4rev2.
var early = map[string]bool{"ENABLE": true, "LITERAL-": true, "SASL-IR": true}

// has tells whether a capability is offered. What IMAP4rev2 took in belongs to
// it, but mostly only for a session that enabled it or a server that speaks
// nothing older.
func (s *session) has(name string) bool {
	if name == "STARTTLS" {
		return s.srv.Offer[name] && s.srv.TLS != nil
	}
	return s.srv.Offer[name] || inRev2[name] && (s.rev2 || early[name] && s.srv.Offer["IMAP4REV2"])
}

// capabilityList is what the client is told now.
//
// RFC 9051 §7.2.2.
func (s *session) capabilityList() string {
	var list []string
	mechs := s.mechanisms()
	for _, c := range capabilities {
		told := c.before
		if s.state != notAuthenticated {
			told = c.after
		}
		name := c.name
		switch {
		case !told || !s.srv.Offer[strings.ToUpper(name)], name == "LITERAL-" && s.srv.Offer["LITERAL+"]:
			continue
		case name == "STARTTLS" && (!s.has(name) || s.conn.TLS() != nil): // RFC 9051 §6.2.1
			continue
		case strings.HasPrefix(name, "AUTH=") && !slices.Contains(mechs, name[len("AUTH="):]):
			continue
		case name == "APPENDLIMIT":
			name = fmt.Sprintf("%s=%d", name, s.srv.MaxSize)
		}
		list = append(list, name)
	}
	if s.state == notAuthenticated && !s.mayLogin() { // RFC 9051 §6.2.3, §7.2.2
		list = append(list, "LOGINDISABLED")
	}
	return strings.Join(list, " ")
}
