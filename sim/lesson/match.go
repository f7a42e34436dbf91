package lesson

import (
	"cmp"

	"mailscope/sim/fault"
	"mailscope/sim/trace"
)

// Match picks events. Every key that is set must agree.
type Match struct {
	Kind    string `yaml:"kind"`
	From    string `yaml:"from"`
	To      string `yaml:"to"`
	Proto   string `yaml:"proto"`
	Letter  string `yaml:"letter"`
	Role    string `yaml:"role"`    // of a line
	Code    string `yaml:"code"`    // of a reply
	Text    string `yaml:"text"`    // of a line, or what its kind has for one; * stands for anything
	Type    string `yaml:"type"`    // of a lookup or a fault
	Name    string `yaml:"name"`    // of a fault
	Answer  string `yaml:"answer"`  // one of a lookup's
	RCode   string `yaml:"rcode"`   // of a lookup
	Action  string `yaml:"action"`  // of a queue, store, device or fault
	Sender  string `yaml:"sender"`  // of a queue: the return address, "<>" for none
	Mailbox string `yaml:"mailbox"` // of a store
	Folder  string `yaml:"folder"`  // of a store or device
	New     *int   `yaml:"new"`     // of a device: letters that came or were found
	Service string `yaml:"service"` // of a connect
	Check   string `yaml:"check"`   // of a verdict
	Result  string `yaml:"result"`  // of a verdict
	Key     string `yaml:"key"`     // of a change
	// Encrypted: of a line, whether an eavesdropper could not read it.
	Encrypted *bool `yaml:"encrypted"`
	// Verified: of a handshake, whether the client found the certificate good.
	Verified *bool `yaml:"verified"`
}

// Matches tells whether e is one of the events meant.
func (m *Match) Matches(e *trace.Event) bool {
	if string(e.Kind()) != m.Kind || m.From != "" && m.From != e.From || m.To != "" && m.To != e.To ||
		m.Proto != "" && m.Proto != e.Proto || m.Letter != "" && m.Letter != e.Letter {
		return false
	}
	switch b := e.Body.(type) {
	case *trace.Line:
		return is(m.Role, string(b.Role)) && is(m.Code, b.Code) && fault.Like(m.Text, b.Text) && (m.Encrypted == nil || *m.Encrypted == b.Encrypted)
	case *trace.Lookup:
		return fault.Like(m.Text, b.Name) && is(m.Type, b.Type) && is(m.RCode, b.RCode) && anyLike(m.Answer, b.Answers)
	case *trace.Queue:
		return is(m.Action, b.Action) && is(m.Sender, cmp.Or(b.Sender, "<>")) && fault.Like(m.Text, b.Reason)
	case *trace.Store:
		return is(m.Action, b.Action) && is(m.Mailbox, b.Mailbox) && is(m.Folder, b.Folder)
	case *trace.Device:
		return is(m.Action, b.Action) && is(m.Folder, b.Folder) && fault.Like(m.Text, cmp.Or(b.Subject, b.Text, b.Reason)) &&
			(m.New == nil || *m.New == b.New)
	case *trace.Verdict:
		return is(m.Check, b.Check) && is(m.Result, b.Result) && fault.Like(m.Text, b.Reason)
	case *trace.Change:
		return is(m.Key, b.Key) && fault.Like(m.Text, b.New)
	case *trace.Connect:
		return is(m.Service, b.Service)
	case *trace.Close:
		return fault.Like(m.Text, b.Reason)
	case *trace.TLS:
		return fault.Like(m.Text, b.Reason) && (m.Verified == nil || *m.Verified == b.Verified)
	case *trace.Refused:
		return is(m.Service, b.Service)
	case *trace.Fault:
		return is(m.Action, b.Action) && is(m.Type, b.Type) && is(m.Name, b.Name) && fault.Like(m.Text, cmp.Or(b.Line, b.Detail))
	}
	return true
}

func is(want, got string) bool { return want == "" || want == got }

func anyLike(pattern string, texts []string) bool {
	if pattern == "" {
		return true
	}
	for _, t := range texts {
		if fault.Like(pattern, t) {
			return true
		}
	}
	return false
}
