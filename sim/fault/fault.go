// Package fault is the catalogue of what can go wrong on purpose: what each
// fault is about, when it strikes, and which are on.
//
// Nothing here is a matter of chance: a fault strikes once, always, or every
// nth time. What it then does is done by those to whom it happens: the
// network, the mail servers, the name server.
package fault

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// The catalogue.
const (
	Down        = "down"        // a host is gone: it neither answers nor asks
	Power       = "power"       // a mail server's host loses its power; what is on its disk comes back with it
	Refused     = "refused"     // nobody listens on a port, or on any of a host's
	Slow        = "slow"        // a link takes longer
	Lossy       = "lossy"       // every nth line or packet on a link is lost, and sent again
	Cut         = "cut"         // a connection breaks
	Reply       = "reply"       // a server says something else, and does not do what it was told
	Disk        = "disk"        // a server has no room left
	Certificate = "certificate" // a server shows another certificate
	Strip       = "strip"       // somebody between two hosts erases STARTTLS
	DNS         = "dns"         // the name server fails, is silent, or tells what is no longer so
)

// Words that stand for what is no command line.
const (
	Greeting = "greeting" // what a server says first
	Letter   = "letter"   // the text of a letter, whole, by SMTP
)

// How a name server fails.
const (
	ServFail = "servfail"
	Silence  = "silence"
	Stale    = "stale"
)

// How often a fault strikes that counts.
const (
	Once   = "once"
	Always = "always"
)

// Fault describes something that goes wrong. Which keys a type has says
// Check; docs/lessons.md says what they mean.
type Fault struct {
	Name        string   `yaml:"name"` // unique among those that are on; "" means its type
	Type        string   `yaml:"type"`
	Host        string   `yaml:"host"`
	From        string   `yaml:"from"` // host or domain; one end of a link, or who asks
	To          string   `yaml:"to"`   // host or domain; the other end
	Service     string   `yaml:"service"`
	Latency     string   `yaml:"latency"`    // one way, "2s"
	Rate        int      `yaml:"rate"`       // kilobits a second
	InRow       int      `yaml:"in_row"`     // how often each line is lost before it comes through; 0 means once
	Bytes       int      `yaml:"bytes"`      // octets, of both directions, after which a connection breaks
	After       string   `yaml:"after"`      // a line of the client; it breaks once that was answered
	Hears       string   `yaml:"hears"`      // a line: the host loses its power once it has heard it, before it acts on it
	Says        string   `yaml:"says"`       // a line: before the host says it
	For         string   `yaml:"for"`        // how long a host is without power, "15m"; "" means until it is mended
	Unanswered  string   `yaml:"unanswered"` // a line of the client, or letter; it breaks before the answer comes
	Command     string   `yaml:"command"`    // a line of the client, greeting or letter; * stands for anything
	Reply       string   `yaml:"reply"`      // that is said instead; IMAP's without its tag
	Certificate string   `yaml:"certificate"`
	Lookup      string   `yaml:"lookup"` // a name, without the final dot; * stands for anything
	Record      string   `yaml:"record"` // type of record
	Answer      string   `yaml:"answer"`
	Records     []string `yaml:"records"` // that a stale name server has for what is asked, as in a zone file with whole names; none means those of the start
	Times       string   `yaml:"times"`
	Every       int      `yaml:"every"`
}

// Called is the fault's name.
func (f *Fault) Called() string { return cmp.Or(f.Name, f.Type) }

// Wait is Latency, 0 if there is none.
func (f *Fault) Wait() time.Duration {
	d, _ := time.ParseDuration(f.Latency) // checked before
	return d
}

// Placed tells whether a loss of power waits for a line.
func (f *Fault) Placed() bool { return f.Hears+f.Says != "" }

// Lasting is For, 0 if there is none.
func (f *Fault) Lasting() time.Duration {
	d, _ := time.ParseDuration(f.For) // checked before
	return d
}

// Proto is the protocol in which Reply is said: "smtp", "pop3" or "imap".
func (f *Fault) Proto() string {
	switch {
	case f.Reply == "":
		return ""
	case '0' <= f.Reply[0] && f.Reply[0] <= '9':
		return "smtp"
	case f.Reply[0] == '+' || f.Reply[0] == '-':
		return "pop3"
	}
	return "imap"
}

// Full is what a server without room on its disk answers to a command, "" if
// it needs none for it. Of a letter it is best known before it comes how long
// it is.
//
// RFC 1870 §6.1, RFC 5321 §4.2.3; enhanced code RFC 3463 §3.4; RFC 5530 §3: a
// full disk is not the user's quota.
func Full(proto, command string) (reply string) {
	verbs, reply := []string{"MAIL *SIZE=*", Letter}, "452 4.3.1 no room left on the disk, try later"
	if proto == "imap" {
		verbs, reply = []string{"APPEND *", "COPY *", "UID COPY *", "MOVE *", "UID MOVE *"}, "NO [UNAVAILABLE] no room left on the disk, try later"
	}
	for _, v := range verbs {
		if proto != "pop3" && LikeFold(v, command) {
			return reply
		}
	}
	return ""
}

// Detail says in a few English words what the fault does.
func (f *Fault) Detail() string {
	where := f.Host
	if f.To != "" {
		where = "between " + f.From + " and " + f.To
	} else if f.Host == "" {
		where = cmp.Or(f.From, "everybody")
	}
	service := ""
	if f.Service != "" {
		service = f.Service + " of "
	}
	switch f.Type {
	case Down:
		return where + " does not answer"
	case Power:
		switch {
		case f.Hears != "":
			return fmt.Sprintf("%s loses its power when it hears %s%q", where, f.often(), f.Hears)
		case f.Says != "":
			return fmt.Sprintf("%s loses its power before it says %s%q", where, f.often(), f.Says)
		}
		return where + " has no power"
	case Refused:
		return service + where + " is closed"
	case Slow:
		var what []string
		if f.Latency != "" {
			what = append(what, f.Latency+" one way")
		}
		if f.Rate > 0 {
			what = append(what, fmt.Sprintf("%d kbit/s", f.Rate))
		}
		return where + ": " + strings.Join(what, ", ")
	case Lossy:
		return fmt.Sprintf("%s: every %s line is lost", where, nth(f.Every))
	case Cut:
		switch {
		case f.Bytes > 0:
			return fmt.Sprintf("%s%s: the connection breaks after %d octets", service, where, f.Bytes)
		case f.After != "":
			return fmt.Sprintf("%s%s: the connection breaks after %s%q", service, where, f.often(), f.After)
		}
		return fmt.Sprintf("%s%s: %s%q is said, and the answer never heard", service, where, f.often(), f.Unanswered)
	case Reply:
		return fmt.Sprintf("%s%q is answered %q", f.often(), f.Command, f.Reply)
	case Disk:
		return where + " has no room left"
	case Certificate:
		return where + " shows a certificate that is " + strings.ReplaceAll(f.Certificate, "_", " ")
	case Strip:
		return where + ": STARTTLS is erased"
	case DNS:
		return fmt.Sprintf("%s%s %s: %s", f.often(), cmp.Or(f.Record, "every type"), cmp.Or(f.Lookup, "*"), f.Answer)
	}
	return ""
}

// often says how often, with a space behind it.
func (f *Fault) often() string {
	switch {
	case f.Every > 1:
		return "every " + nth(f.Every) + " "
	case f.Times == Once:
		return "one "
	}
	return ""
}

// nth is the English ordinal.
func nth(n int) string {
	suffix := "th"
	switch {
	case n%100/10 == 1:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprint(n, suffix)
}
