package settings

import (
	"cmp"
	"slices"

	"mailscope/sim/trace"
)

// Kinds of outcomes.
const (
	Inbox   = "inbox"
	Junk    = "junk"
	Waits   = "waits"   // in a queue
	Refused = "refused" // for good
	Unsent  = "unsent"  // the writer's own server or device did not let it go
)

// Outcome is what has become of a letter for one recipient.
type Outcome struct {
	Address string // of the recipient; of the writer, if the letter was not sent
	Kind    string
	Why     string // as the trace has it; "" if there is nothing to say
}

// Outcomes tells what has become, up to the event seq, of the letter that was
// written last until then: by recipient, in the order in which each was first
// heard of.
func Outcomes(rec trace.Recording, seq int) (list []Outcome) {
	start := min(seq, rec.Len())
	for ; start > 0; start-- {
		if d, ok := rec.At(start).Body.(*trace.Device); ok && d.Action == "compose" {
			break
		}
	}
	if start == 0 {
		return nil
	}
	letter := rec.At(start).Letter
	tell := func(o Outcome) {
		i := slices.IndexFunc(list, func(was Outcome) bool { return was.Address == o.Address })
		if i < 0 {
			list = append(list, o)
			return
		}
		list[i] = o
	}
	for start++; start <= min(seq, rec.Len()); start++ {
		e := rec.At(start)
		if e.Letter != letter {
			continue
		}
		switch b := e.Body.(type) {
		case *trace.Device:
			if b.Action == "failed" {
				tell(Outcome{b.Account, Unsent, b.Reason})
			}
		case *trace.Queue:
			kind := map[string]string{"deferred": Waits, "bounced": Refused}[b.Action]
			for _, r := range b.Recipients {
				if kind != "" {
					tell(Outcome{r, kind, b.Reason})
				}
			}
		case *trace.Store:
			if kind := map[string]string{"INBOX": Inbox, "Junk": Junk}[b.Folder]; kind != "" && b.Action == "add" {
				tell(Outcome{Address: cmp.Or(b.Mailbox, "?"), Kind: kind})
			}
		}
	}
	return list
}
