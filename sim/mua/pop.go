package mua

import (
	"context"
	"maps"
	"slices"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/pop3"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// pop fetches letters by POP3: whole, onto the device. What its user does with
// them stays there.
type pop struct {
	*Device
	// fetched is when each letter that the server still has was fetched, by its
	// unique id: simulated. A letter that the user deleted is among them, so
	// that it does not come again.
	fetched map[string]time.Duration
}

// fetch takes every letter that was not taken before, and has the server
// delete what is not to be left there.
//
// RFC 1939. A letter is deleted only after it was kept here, and is fetched
// once however often a session broke off before its end.
func (p *pop) fetch(ctx context.Context, _ string, cut network.Cut) (fetched int, err error) {
	conn, err := p.dial(ctx, p.fetches("pop3"))
	if err != nil {
		return 0, err
	}
	conn.CutAt(cut)
	o := conn.Wire()
	o.Timeout = p.Timeout
	c := pop3.NewClient(conn, o)
	defer c.Close()
	if err := p.signIn(ctx, c); err != nil {
		return 0, err
	}
	count, _, err := c.Stat()
	if err != nil {
		return 0, err
	}
	if count > 0 {
		if fetched, err = p.takeAll(c, conn); err != nil {
			return fetched, err
		}
	} else {
		clear(p.fetched)
	}
	conn.SetLetter("")
	return fetched, c.Quit()
}

// signIn opens a session, as safely as the device does it.
func (p *pop) signIn(ctx context.Context, c *pop3.Client) error {
	if err := p.secureFirst(p.Security, c.Secure); err != nil {
		return err
	}
	if err := c.Greet(ctx); err != nil {
		return err
	}
	var caps pop3.Capabilities
	err := p.secure(p.Security, func() bool {
		caps, _ = c.Capa()
		return caps.Has("STLS")
	}, c.StartTLS)
	if err != nil {
		return err
	}
	if p.Auth == "" || p.Auth == NoAuth { // who fetches has to say whose mail
		return c.Login(p.Account, p.Password)
	}
	return c.Auth(p.Auth, p.Account, p.Password, nil, p.nonce())
}

// takeAll goes through the server's list.
func (p *pop) takeAll(c *pop3.Client, conn *network.Conn) (fetched int, err error) {
	if _, err := c.List(); err != nil {
		return 0, err
	}
	list, err := c.UIDL()
	if err != nil {
		return 0, err
	}
	there := map[string]bool{}
	for _, u := range list {
		there[u.UID] = true
	}
	maps.DeleteFunc(p.fetched, func(uid string, _ time.Duration) bool { return !there[uid] })
	for _, u := range list {
		if _, before := p.fetched[u.UID]; !before {
			if err := p.take(c, conn, u, fetched+1); err != nil {
				return fetched, err
			}
			fetched++
		}
		if !p.leaves(u.UID) {
			conn.SetLetter(p.traceName(u.UID, conn.Letter()))
			if err := c.Dele(u.Number); err != nil {
				return fetched, err
			}
		}
		conn.SetLetter("")
	}
	return fetched, nil
}

// take fetches one letter, the nth of this session.
func (p *pop) take(c *pop3.Client, conn *network.Conn, u pop3.Unique, nth int) error {
	data, err := c.Retr(u.Number)
	if err != nil {
		return err
	}
	k := Kept{UID: u.UID, Letter: conn.Letter(), Size: len(data), Holds: trace.HoldsWhole, Data: data}
	p.keep(k)
	p.fetched[u.UID] = p.net.Clock.Now()
	p.about(k, &trace.Device{Action: "fetched", New: nth})
	return nil
}

// traceName is the name in the trace of a letter that is kept here; otherwise
// is what it is if it is not.
func (p *pop) traceName(uid, otherwise string) string {
	for _, k := range p.Letters() {
		if k.UID == uid {
			return k.Letter
		}
	}
	return otherwise
}

// leaves tells whether a fetched letter is to stay on the server too.
func (p *pop) leaves(uid string) bool {
	if !p.LeaveCopies {
		return false
	}
	return p.DeleteAfter == 0 || p.net.Clock.Now()-p.fetched[uid] < p.DeleteAfter
}

// open marks a letter as read on the device: POP3 has no marks.
func (p *pop) open(_ context.Context, i int, show func(Kept) error) error {
	k, err := p.letter(i)
	if err != nil {
		return err
	}
	k.Flags = marked(k.Flags, []string{imap.Seen}, nil)
	p.update(i, k)
	return show(k)
}

// remove deletes a letter from the device alone.
func (p *pop) remove(_ context.Context, i int, _ bool) error {
	k, err := p.letter(i)
	if err != nil {
		return err
	}
	p.forget(i)
	k.Holds = ""
	p.about(k, &trace.Device{Action: "gone"})
	return nil
}

// search goes through what is kept here, in the letters' header and text.
func (p *pop) search(_ context.Context, q Query) (hits int, err error) {
	return q.hits(p.Letters()), nil
}

// flag marks a letter on this device alone.
func (p *pop) flag(_ context.Context, i int, add, remove []string) error {
	k, err := p.letter(i)
	if err != nil {
		return err
	}
	if flags := marked(k.Flags, add, remove); !slices.Equal(flags, k.Flags) {
		k.Flags = flags
		p.update(i, k)
		p.about(k, &trace.Device{Action: "marked"})
	}
	return nil
}

// attachment has nothing to do: letters come whole.
func (p *pop) attachment(_ context.Context, i int) error {
	_, err := p.letter(i)
	return err
}

// sent leaves a letter where it was written: it is not on the server.
func (p *pop) sent(context.Context, *Letter) error { return nil }

func (p *pop) move(context.Context, int, string) error    { return ErrNotPOP3 }
func (p *pop) folder(context.Context, FolderChange) error { return ErrNotPOP3 }
func (p *pop) empty(context.Context, string) error        { return ErrNotPOP3 }
func (p *pop) quota(context.Context) error                { return ErrNotPOP3 }
func (p *pop) hangUp(bool) error                          { return nil } // each session ends by itself
func (p *pop) abandon()                                   {}
