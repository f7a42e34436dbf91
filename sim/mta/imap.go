package mta

import (
	"context"
	"net"
	"time"

	"mailscope/protocol/imap"
	"mailscope/protocol/wire"
	"mailscope/sim/mailbox"
	"mailscope/sim/network"
)

// imapServer opens mailboxes by IMAP. An idling client is told of changes as
// work on the clock where one conversation runs at a time.
func (s *Server) imapServer(set *Settings, tap func(net.Conn) wire.Options) *imap.Server {
	srv := &imap.Server{Hostname: s.Host, Backend: imapBackend{s}, MaxSize: set.MaxSize,
		Timeout: max(s.Timeout, 31*time.Minute), Wire: tap, Logger: s.log, Now: s.net.Clock.Date,
		About: func(nc net.Conn, at int64, ref string) { nc.(*network.Conn).About(at, ref) }}
	if s.net.Serial {
		srv.Later = func(f func()) { s.after(0, func(context.Context) { f() }) }
	}
	return srv
}

// imapBackend opens the accounts of a server.
type imapBackend struct{ s *Server }

func (b imapBackend) Login(_ context.Context, nc net.Conn, user, password string) (imap.Account, error) {
	box := b.s.store.Box(user)
	if !b.s.authenticate(nc, user, password) || box == nil {
		return nil, imap.ErrAuth
	}
	return &account{box, b.s, nc.(*network.Conn)}, nil
}

// account is a mailbox as one session has it.
type account struct {
	*mailbox.Box
	s    *Server
	conn *network.Conn
}

// Append stores a letter under the id that it has in the trace; one that comes
// from a foreign program is new there.
func (a *account) Append(name string, data []byte, flags []string, date time.Time) (imap.UID, error) {
	id := a.conn.Letter()
	if a.conn.Foreign() || id == "" {
		id = a.s.net.NewLetter()
	}
	return a.Put(name, id, data, flags, date)
}
