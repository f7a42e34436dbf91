package stage

import "mailscope/sim/trace"

// StopRule is where play stops by itself.
type StopRule int

// The rules.
const (
	StopNone    StopRule = iota
	StopChapter          // at the first step of a chapter
	StopRefusal          // after a no for good: 5xx, -ERR, NO, BAD, a connection or a handshake refused
	StopLater            // after a no for now: 4xx
	StopPadlock          // after a handshake: from here on the connection is encrypted
	StopLetter           // after a letter came into a mailbox or onto a device
	StopVerdict          // after a check of a letter came to something
	StopFault            // when something is broken on purpose, or strikes
)

// Stops tells whether play that obeys rule stops after the step.
func (s *Show) Stops(step int, rule StopRule) bool {
	e := s.Event(step)
	if e == nil {
		return false
	}
	switch b := e.Body.(type) {
	case *trace.Refused:
		return rule == StopRefusal
	case *trace.Fault:
		return rule == StopFault && b.Action != "off"
	case *trace.TLS:
		return b.Version == "" && rule == StopRefusal || b.Version != "" && rule == StopPadlock
	case *trace.Line:
		return b.Role == trace.Reply && refusal(b.Code) == rule && rule != StopNone
	case *trace.Verdict:
		return rule == StopVerdict
	case *trace.Store:
		return rule == StopLetter && b.Action == "add" && arrives(b.Folder)
	case *trace.Device:
		return rule == StopLetter && b.New > 0 && b.Action != "search"
	}
	return false
}

// refusal is the rule by which play stops at a reply's code, StopNone if the
// reply is no refusal.
func refusal(code string) StopRule {
	switch code {
	case "":
		return StopNone
	case "-ERR", "NO", "BAD":
		return StopRefusal
	}
	switch code[0] {
	case '4':
		return StopLater
	case '5':
		return StopRefusal
	}
	return StopNone
}

// arrives tells whether a folder is one that new letters come into: what is
// put elsewhere was here before.
func arrives(folder string) bool { return folder == "INBOX" || folder == "Junk" || folder == "" }
