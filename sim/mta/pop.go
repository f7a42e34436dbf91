package mta

import (
	"context"
	"errors"
	"net"

	"mailscope/protocol/pop3"
	"mailscope/sim/mailbox"
	"mailscope/sim/network"
)

// popBackend gives letters out by POP3.
type popBackend struct{ s *Server }

func (b popBackend) Login(_ context.Context, nc net.Conn, user, password string) (pop3.Maildrop, error) {
	if !b.s.authenticate(nc, user, password) {
		return nil, pop3.ErrAuth
	}
	return b.open(nc, user)
}

func (b popBackend) APOP(_ context.Context, nc net.Conn, user string, check func(secret string) bool) (pop3.Maildrop, error) {
	a, ok := b.s.accounts[mailbox.Key(user)]
	if !b.s.admitted(nc, user, func() bool { return check(a.Password) && ok }) {
		return nil, pop3.ErrAuth
	}
	return b.open(nc, user)
}

func (b popBackend) open(nc net.Conn, user string) (pop3.Maildrop, error) {
	box := b.s.store.Box(user)
	if box == nil {
		return nil, pop3.ErrAuth
	}
	if err := box.LockDrop(); errors.Is(err, mailbox.ErrLocked) {
		return nil, pop3.ErrInUse
	} else if err != nil {
		return nil, err
	}
	return &maildrop{s: b.s, box: box, conn: nc.(*network.Conn), messages: box.Messages()}, nil
}

// maildrop is what one POP3 session sees: the inbox as it was at the start.
type maildrop struct {
	s        *Server
	box      *mailbox.Box
	conn     *network.Conn
	messages []mailbox.Message
}

func (d *maildrop) List() []pop3.Info {
	list := make([]pop3.Info, len(d.messages))
	for i, m := range d.messages {
		list[i] = pop3.Info{Size: len(m.Data), UID: d.box.Unique(m)}
	}
	return list
}

func (d *maildrop) Letter(i int) ([]byte, error) {
	d.conn.SetLetter(d.messages[i].Letter)
	return d.messages[i].Data, nil
}

// Commit removes the letters that the client deleted (RFC 1939 §6).
func (d *maildrop) Commit(deleted []int) error {
	uids := make([]uint32, len(deleted))
	for i, n := range deleted {
		uids[i] = d.messages[n].UID
	}
	d.box.Remove(uids)
	return nil
}

func (d *maildrop) Close() { d.box.UnlockDrop() }

// popOffer is all that POP3 can do.
var popOffer = pop3.Offer{Capa: true, Top: true, UIDL: true, User: true, APOP: true, Pipelining: true, RespCodes: true, UTF8: true}
