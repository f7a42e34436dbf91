package compare

import (
	"mailscope/scenes/stage"
)

// Talk is the conversation around a step: what its two hosts say to each other,
// and what either does by itself meanwhile.
type Talk struct {
	Conn  *stage.Conn // nil if there is none near
	Steps []int       // ascending
	At    int         // index in Steps of the step asked for
}

// reach is how far from a step its conversation is looked for.
const reach = 200

// Talk is the conversation around a step, 1 ≤ step, with at most so many steps
// before and after it.
func (s *Side) Talk(step, before, after int) Talk {
	t := Talk{Conn: s.nearest(step), Steps: []int{step}}
	for at := step - 1; at > 0 && step-at < reach && t.At < before; at-- {
		if s.within(t.Conn, step, at) {
			t.Steps = append([]int{at}, t.Steps...)
			t.At++
		}
	}
	for at := step + 1; at <= s.Show.Len() && at-step < reach && len(t.Steps)-1-t.At < after; at++ {
		if s.within(t.Conn, step, at) {
			t.Steps = append(t.Steps, at)
		}
	}
	return t
}

// nearest is the connection that a step happens on, or else the nearest one
// that its host takes part in.
func (s *Side) nearest(step int) *stage.Conn {
	if c := s.Show.Lane(step); c != nil {
		return c
	}
	host := s.Show.Event(step).From
	for d := 1; d < reach; d++ {
		for _, at := range []int{step + d, step - d} {
			if c := s.Show.Lane(at); c != nil && (c.From == host || c.To == host) {
				return c
			}
		}
	}
	return nil
}

// within tells whether another step belongs to the conversation c of a step.
func (s *Side) within(c *stage.Conn, step, other int) bool {
	if lane := s.Show.Lane(other); lane != nil {
		return lane == c
	}
	host := s.Show.Event(other).From
	if c == nil {
		return host == s.Show.Event(step).From
	}
	return host == c.From || host == c.To
}

// Acting is the host that acts at a step: a device of the cast if it speaks or
// is spoken to, else who does something by itself; "" at step 0.
func (s *Side) Acting(step int) string {
	e := s.Show.Event(step)
	if e == nil {
		return ""
	}
	for _, host := range s.Cast {
		if e.From == host || e.To == host {
			return host
		}
	}
	return e.From
}

// Encrypted tells whether an eavesdropper could not read the conversation at a
// step.
func (s *Side) Encrypted(c *stage.Conn, step int) bool {
	return c != nil && s.Show.Encrypted(c.ID, step)
}

// Window is the part of letters that n places have room for: all, or the
// latest together with the one that is looked at, and how many are left out.
// The last place then tells of those.
func Window(letters []Copy, n, looked int) (shown []Copy, more int) {
	if len(letters) <= n {
		return letters, 0
	}
	n = max(n-1, 0)
	from := len(letters) - n
	for i, c := range letters[:from] {
		if c.Letter == looked {
			from = i
			break
		}
	}
	return letters[from : from+n], len(letters) - n
}

// Looked is the index in Letters of the letter that a step is about, -1 if it
// is about none.
func (s *Side) Looked(step int) int {
	if step < 1 || step > len(s.letterOf) {
		return -1
	}
	return int(s.letterOf[step-1])
}

// Account is the account of a device's owner; "" of a host that is no device of
// this side's world.
func (s *Side) Account(host string) string { return s.accounts[host] }

// BoxOf is the mailbox of a device's owner, by its place among State.Boxes; of
// a host that is no device the first one. -1 if there is none.
func (s *Side) BoxOf(host string) int {
	for i, account := range s.boxes {
		if account == s.accounts[host] {
			return i
		}
	}
	return min(0, len(s.boxes)-1)
}
