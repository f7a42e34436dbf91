package ladder

import "mailscope/scenes/stage"

// columns is which hosts take part and where their lifelines stand.
type columns struct {
	names []string       // left to right: in the order of the world, then by first appearance
	index map[string]int // of a name
	acted int            // steps taken in
}

// sync adds the hosts that have come since.
func (c *columns) sync(s *stage.Show) {
	if c.index == nil {
		c.index = make(map[string]int)
	}
	here := make(map[string]bool, len(c.names))
	for _, n := range c.names {
		here[n] = true
	}
	before := len(here)
	var late []string
	add := func(name string) {
		if name != "" && !here[name] {
			here[name] = true
			late = append(late, name)
		}
	}
	for ; c.acted < s.Len(); c.acted++ {
		e := s.Event(c.acted + 1)
		add(e.From)
		add(e.To)
	}
	if len(here) == before {
		return
	}
	all := append(c.names, late...)
	c.names = nil
	for _, h := range s.Recording().Header.World.Hosts {
		if here[h.Name] {
			c.names = append(c.names, h.Name)
			delete(here, h.Name)
		}
	}
	for _, n := range all {
		if here[n] {
			c.names = append(c.names, n)
		}
	}
	for i, n := range c.names {
		c.index[n] = i
	}
}

// x is where the lifeline of a host stands in a view of the given width.
func (c *columns) x(host string, width float32) float32 {
	return (float32(c.index[host]) + 0.5) * c.width(width)
}

func (c *columns) width(width float32) float32 { return width / float32(max(1, len(c.names))) }
