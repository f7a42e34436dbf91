package compare

import (
	"mime"
	"slices"
	"strings"

	"mailscope/scenes/stage"
	"mailscope/sim/trace"
)

// Letter is one letter of a recording.
type Letter struct {
	ID      string // in the trace; "" if it has none there
	Subject string // decoded; "" if the recording does not tell
	Size    int    // octets of the whole; 0 if the recording does not tell
}

// Side is one recording made ready for being compared at any step.
type Side struct {
	Show    *stage.Show
	Cast    []string // devices compared, the same on both sides
	Letters []Letter // in order of appearance in a mailbox or on a device of the cast

	risky    string            // the device that may be lost
	accounts map[string]string // by device of the cast
	boxes    []string          // addresses of those accounts
	servers  map[string]string // by address: the host that keeps the mailbox
	letterOf []int32           // by step-1: index in Letters, -1 for none
	checks   []State           // kept states, the first at step 0
	now      State             // the one last asked for
}

// checkEvery is how many steps lie between two kept states. States that hold
// more things are kept further apart, so that they take no more room than the
// recording.
const checkEvery = 512

// newSide takes in a recording. each is told the state after every step.
func newSide(show *stage.Show, cast []string, risky string, each func(*State)) *Side {
	s := &Side{Show: show, Cast: cast, risky: risky, accounts: make(map[string]string), servers: make(map[string]string)}
	s.meet()
	s.name()
	st := newState(s)
	s.now = st.clone()
	s.checks = []State{st.clone()}
	each(&st)
	for step := 1; step <= show.Len(); step++ {
		s.fold(&st)
		each(&st)
		if step-s.checks[len(s.checks)-1].Step >= max(checkEvery, st.size()) {
			s.checks = append(s.checks, st.clone())
		}
	}
	return s
}

// fold takes in one more step.
func (s *Side) fold(st *State) {
	step := st.Step + 1
	st.apply(s, s.Show.Event(step), int(s.letterOf[step-1]))
}

// At is the state after a step, moved into 0..Len. It is good until the next
// call, and must not be changed.
func (s *Side) At(step int) *State {
	step = min(max(step, 0), len(s.letterOf))
	i, found := slices.BinarySearchFunc(s.checks, step, func(c State, step int) int { return c.Step - step })
	if !found {
		i--
	}
	if from := &s.checks[i]; s.now.Step > step || s.now.Step < from.Step {
		s.now = from.clone()
	}
	for s.now.Step < step {
		s.fold(&s.now)
	}
	return &s.now
}

// meet finds the accounts of the cast.
func (s *Side) meet() {
	know := func(host, account string) {
		if account != "" && s.accounts[host] == "" && slices.Contains(s.Cast, host) {
			s.accounts[host] = account
			if !slices.Contains(s.boxes, account) {
				s.boxes = append(s.boxes, account)
			}
		}
	}
	for _, h := range s.Show.Recording().Header.World.Hosts {
		know(h.Name, h.Account)
	}
	for step := 1; step <= s.Show.Len(); step++ {
		e := s.Show.Event(step)
		if d, ok := e.Body.(*trace.Device); ok {
			know(e.From, d.Account)
		}
	}
}

// name gives every letter its index: by its id in the trace, or else by where
// it lies.
func (s *Side) name() {
	var (
		byID     = make(map[string]int32)
		byPlace  = make(map[place]int32)
		subjects = make(map[string]string)
	)
	s.letterOf = make([]int32, s.Show.Len())
	for step := 1; step <= s.Show.Len(); step++ {
		s.letterOf[step-1] = -1
		e := s.Show.Event(step)
		at := place{}
		size := 0
		switch b := e.Body.(type) {
		case *trace.Line:
			if _, known := subjects[e.Letter]; !known && e.Letter != "" && b.Role == trace.Data {
				if subject, ok := subjectIn(b.Text); ok {
					subjects[e.Letter] = subject
				}
			}
			continue
		case *trace.Store:
			if !slices.Contains(s.boxes, b.Mailbox) {
				continue
			}
			s.servers[b.Mailbox] = e.From
			at, size = place{b.Mailbox, b.Folder, b.UID}, b.Bytes
		case *trace.Device:
			if e.Letter != "" && b.Subject != "" {
				subjects[e.Letter] = b.Subject
			}
			if !slices.Contains(s.Cast, e.From) || !received(b.Action) {
				continue
			}
			at, size = place{b.Account, b.Folder, b.UID}, b.Size
			if b.Folder == "" {
				at.folder = "INBOX"
			}
		default:
			continue
		}
		i, ok := byID[e.Letter]
		if e.Letter == "" {
			if at.uid == "" {
				continue
			}
			i, ok = byPlace[at]
		}
		if !ok {
			i = int32(len(s.Letters))
			s.Letters = append(s.Letters, Letter{ID: e.Letter})
			if e.Letter != "" {
				byID[e.Letter] = i
			}
		}
		if at.uid != "" {
			byPlace[at] = i
		}
		l := &s.Letters[i]
		if l.Size == 0 {
			l.Size = size
		}
		if d, ok := e.Body.(*trace.Device); ok && l.Subject == "" {
			l.Subject = d.Subject
		}
		s.letterOf[step-1] = i
	}
	for i := range s.Letters {
		if l := &s.Letters[i]; l.Subject == "" && l.ID != "" {
			l.Subject = subjects[l.ID]
		}
	}
}

// place is where a letter lies.
type place struct{ mailbox, folder, uid string }

// received tells whether an action of a device is about letters that came to
// it.
func received(action string) bool {
	switch action {
	case "listed", "fetched", "read", "marked", "moved", "gone":
		return true
	}
	return false
}

// subjectIn finds the subject in a letter's header.
func subjectIn(text string) (subject string, ok bool) {
	for line := range strings.SplitSeq(text, "\r\n") {
		switch {
		case line == "":
			return "", false
		case ok && (line[0] == ' ' || line[0] == '\t'):
			subject += line
		case ok:
			return decoded(subject), true
		case len(line) > len("Subject:") && strings.EqualFold(line[:len("Subject:")], "Subject:"):
			subject, ok = line[len("Subject:"):], true
		}
	}
	return decoded(subject), ok
}

func decoded(subject string) string {
	subject = strings.TrimSpace(subject)
	var dec mime.WordDecoder
	if s, err := dec.DecodeHeader(subject); err == nil {
		return s
	}
	return subject
}
