package stage

import (
	"slices"
	"strings"

	"mailscope/sim/trace"
)

// Judgement is what a server has found out about a letter that is being handed
// to it, up to one step: in this attempt, from MAIL on.
type Judgement struct {
	Host, Letter string
	Conn         *Conn // on which the letter comes; nil if that was not recorded
	Heard        int   // the last step of Conn by then; 0 if there is none
	Addr         string
	Sender       string // reverse-path; "" for a notification
	Rcpts        []string
	Checks       []*trace.Verdict // in the order in which they were taken
	Asking       string           // the check for which DNS is being asked; "" if none is
	Folder       string           // into which the letter was put; "" before
	Reply        *trace.Line      // the server's answer to what was decided; nil before

	coming []string // checks that are taken later in this attempt
	over   bool     // no other check is
}

// maxAttempt is how many steps before or after one are looked at for what
// belongs to the same attempt.
const maxAttempt = 2000

// Judgement returns what was found out about the letter of a step: of a
// verdict, of a question to DNS between two of them, of the server's answer to
// one, and of the letter's being put into a mailbox after it was judged. It is
// nil for every other step.
func (s *Show) Judgement(step int) *Judgement {
	e := s.Event(step)
	if e == nil || e.Letter == "" {
		return nil
	}
	switch b := e.Body.(type) {
	case *trace.Verdict, *trace.Lookup:
	case *trace.Line:
		if e.Proto != "smtp" || b.Role != trace.Reply {
			return nil
		}
	case *trace.Store:
		if b.Action != "add" {
			return nil
		}
	case *trace.Queue:
		if b.Action != "accepted" && b.Action != "delivered" {
			return nil
		}
	default:
		return nil
	}
	j := &Judgement{Host: e.From, Letter: e.Letter}
	if !j.lookBack(s, step) || !slices.ContainsFunc(j.Checks, ofServer) {
		return nil
	}
	j.lookAhead(s, step)
	if q, ok := e.Body.(*trace.Lookup); ok {
		if j.Asking = j.asks(s, step, q); j.Asking == "" {
			return nil
		}
	}
	return j
}

// ofServer tells whether a check is one that a server takes for itself, and
// not by the rules of a letter's owner.
func ofServer(v *trace.Verdict) bool { return v.Check != "sieve" }

// lookBack collects what is known by a step, and tells whether the step follows
// from a verdict: the client must not have spoken since, unless the letter is
// being put into its mailbox.
func (j *Judgement) lookBack(s *Show, step int) bool {
	last := s.Event(step)
	_, stored := last.Body.(*trace.Store)
	if q, ok := last.Body.(*trace.Queue); ok {
		stored = q.Action == "delivered"
	}
	spoke := false // the client, after the last verdict
	for st := step; st > 0 && step-st < maxAttempt; st-- {
		e := s.Event(st)
		if e.Letter != j.Letter {
			continue
		}
		switch b := e.Body.(type) {
		case *trace.Verdict:
			if e.From == j.Host {
				j.Checks = append(j.Checks, b)
			}
		case *trace.Store:
			if e.From == j.Host && b.Action == "add" && j.Folder == "" {
				j.Folder = b.Folder
			}
		case *trace.Line:
			if e.Proto != "smtp" || e.From != j.Host && e.To != j.Host {
				continue
			}
			lane := s.byID[e.Conn]
			if lane == nil || lane.To != j.Host || last.Conn != 0 && e.Conn != last.Conn {
				continue // the server hands it on
			}
			if j.Conn == nil {
				j.Conn, j.Heard = lane, st
			}
			switch {
			case b.Role == trace.Reply:
				if len(j.Checks) == 0 && (j.Reply == nil || refuses(b) || !refuses(j.Reply)) {
					j.Reply = b // the first one after the verdict, or the first that refuses
				}
				continue
			case len(j.Checks) == 0:
				j.Reply, spoke = nil, true
			}
			if b.Role == trace.Command && verbOf(b.Text) == "RCPT" {
				j.Rcpts = append(j.Rcpts, path(b.Text))
			}
			if b.Role == trace.Command && verbOf(b.Text) == "MAIL" {
				j.Sender = path(b.Text)
				j.Addr = j.caller(s)
				return j.settle(!spoke || stored)
			}
		}
	}
	return j.settle(!spoke || stored)
}

// refuses tells whether a reply turns something away, for good or for now.
func refuses(l *trace.Line) bool { return l.Code != "" && l.Code[0] >= '4' }

// settle puts what was found from the end in its order.
func (j *Judgement) settle(follows bool) bool {
	slices.Reverse(j.Checks)
	slices.Reverse(j.Rcpts)
	for _, v := range j.Checks {
		if j.Addr == "" {
			j.Addr = v.Addr
		}
	}
	return follows
}

// caller is the address from which the client came.
func (j *Judgement) caller(s *Show) string {
	if c, ok := s.Event(j.Conn.First).Body.(*trace.Connect); ok {
		return c.FromAddr
	}
	return ""
}

// lookAhead finds the checks that are still to come: until the decision, or the
// end of the transaction (RFC 5321 §4.1.4).
func (j *Judgement) lookAhead(s *Show, step int) {
	j.over = j.Decision() != nil
	for st := step + 1; st <= s.Len() && st-step < maxAttempt && !j.over; st++ {
		e := s.Event(st)
		if v, ok := e.Body.(*trace.Verdict); ok && e.From == j.Host && e.Letter == j.Letter {
			j.coming = append(j.coming, v.Check)
			j.over = v.Check == "filter"
		}
		if j.Conn == nil || e.Conn != j.Conn.ID {
			continue
		}
		switch b := e.Body.(type) {
		case *trace.Close:
			j.over = true
		case *trace.Line:
			verb := verbOf(b.Text)
			j.over = b.Role == trace.Command && (verb == "RSET" || verb == "QUIT" || verb == "MAIL")
		}
	}
}

// asks is the check that a question to DNS is for: the next one that tells of
// having asked it.
func (j *Judgement) asks(s *Show, step int, q *trace.Lookup) string {
	question := q.Type + " " + strings.TrimSuffix(q.Name, ".")
	for st := step + 1; st <= s.Len() && st-step < maxAttempt; st++ {
		if e := s.Event(st); e.From == j.Host && e.Letter == j.Letter {
			if v, ok := e.Body.(*trace.Verdict); ok {
				if slices.ContainsFunc(v.Asked, func(a string) bool { return strings.EqualFold(a, question) }) {
					return v.Check
				}
				return ""
			}
		}
	}
	return ""
}

// Of lists what a check has come to so far: of dkim one verdict for each
// signature, of greylist one for each recipient.
func (j *Judgement) Of(check string) (list []*trace.Verdict) {
	for _, v := range j.Checks {
		if v.Check == check {
			list = append(list, v)
		}
	}
	return list
}

// Decision is what becomes of the letter, nil before that is decided.
func (j *Judgement) Decision() *trace.Verdict {
	if list := j.Of("filter"); len(list) > 0 {
		return list[len(list)-1]
	}
	return nil
}

// CheckState is where a check stands.
type CheckState int

// The states of a check.
const (
	ToCome   CheckState = iota
	NotAsked            // this server does not ask, or has decided without
	Asking
	Taken
)

// State tells where a check stands.
func (j *Judgement) State(check string) CheckState {
	switch {
	case len(j.Of(check)) > 0:
		return Taken
	case j.Asking == check:
		return Asking
	case j.over && !slices.Contains(j.coming, check):
		return NotAsked
	}
	return ToCome
}

// lull is how many steps between two of one judgement do not end it.
const lull = 12

// Judging tells whether a letter is being judged at a step: it belongs to a
// judgement, or a few steps later the same goes on.
func (s *Show) Judging(step int) bool {
	if s.Judgement(step) != nil {
		return true
	}
	for before := step - 1; before > 0 && step-before <= lull; before-- {
		j := s.Judgement(before)
		if j == nil {
			continue
		}
		for after := step + 1; after <= s.Len() && after-before <= lull; after++ {
			if k := s.Judgement(after); k != nil {
				return k.Host == j.Host && k.Letter == j.Letter && k.Conn == j.Conn
			}
		}
		return false
	}
	return false
}
