// Package pop3 is a server and a client of the Post Office Protocol: RFC 1939
// whole, with the extensions that mail programs of today ask for (CAPA, TOP,
// UIDL, APOP, PIPELINING, response codes, UTF8, STLS, AUTH).
//
// On the wire letters are numbered from 1; a Maildrop counts its own from 0.
package pop3

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"time"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// What a Server does where its field is zero.
const (
	defaultTimeout = 10 * time.Minute // the shortest allowed, RFC 1939 §3
	defaultConns   = 1000
	defaultErrors  = 20
)

// refusalTime bounds how long a connection over the limit is kept to be told so.
const refusalTime = 10 * time.Second

// Offer is what a Server offers besides the commands that every server has.
type Offer struct {
	Capa       bool // RFC 2449 §5
	Top        bool
	UIDL       bool
	User       bool     // USER and PASS
	APOP       bool     // needs Server.Stamp
	Pipelining bool     // RFC 2449 §6.6
	RespCodes  bool     // "[IN-USE]" and others: RFC 2449 §8, RFC 3206
	UTF8       bool     // letters and names in UTF-8: RFC 6856
	STLS       bool     // needs Server.TLS: RFC 2595 §4
	Auth       []string // mechanisms of package sasl: RFC 5034
}

// Server answers POP3 clients. Its fields must not change while it serves.
type Server struct {
	Hostname string // in the greeting
	Offer    Offer
	Backend  Backend

	// Stamp makes the timestamp of one greeting, which APOP digests, such as
	// "<1896.697170952@mail.romashka.example>". It must never repeat.
	Stamp func() string

	// TLS has the server's certificate; nil means no TLS.
	TLS *tls.Config
	// TLSFirst begins each connection with the handshake (RFC 8314 §3).
	TLSFirst  bool
	ClearAuth bool // a login is taken in clear too
	// SASL is what the mechanisms of Offer.Auth need; its TLS is set for each
	// session.
	SASL sasl.Options
	// Failed is called before the answer to each failed login of a session, of
	// which there were so many; it may take its time. user is who the client
	// said that it is, "" if it did not come to that. locked tells that nobody
	// may sign in so for now, right or wrong. nil means no wait.
	Failed func(ctx context.Context, nc net.Conn, user string, failures int) (locked bool)

	MaxConns  int           // at a time; 0 means 1000
	MaxErrors int           // mistakes in one session before it is ended; 0 means 20
	Timeout   time.Duration // autologout; 0 means ten minutes

	// Instead, if set, is asked before a command is carried out, with its line,
	// and before the server greets, with "greeting". What it returns, such as
	// "-ERR [SYS/TEMP] not now", is said instead, and nothing else is done; ""
	// means nothing. So a server can be told to misbehave.
	Instead func(nc net.Conn, command string) (reply string)

	// Wire gives the options of a connection; nil means none. Their Timeout
	// is replaced by the server's.
	Wire   func(net.Conn) wire.Options
	Logger *slog.Logger // nil means none
}

// Serve answers connections from ln until ctx ends, which closes ln and every
// connection, and returns nil; or until ln fails for good. It returns once all that it
// started has ended. A session cut short deletes nothing.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	return wire.Serve(ctx, ln, cmp.Or(s.MaxConns, defaultConns), s.ServeConn)
}

// ServeConn holds one session and closes nc; full has the client turned away,
// since there are too many.
func (s *Server) ServeConn(ctx context.Context, nc net.Conn, full bool) {
	defer nc.Close()
	defer context.AfterFunc(ctx, func() { nc.Close() })()
	if full {
		sess := &session{srv: s, conn: s.conn(nc, refusalTime)}
		if s.TLSFirst && sess.secure() != nil {
			return
		}
		defer sess.conn.EndTLS()
		if err := sess.send(fail(codeTemporary, "too many connections, try later")); err == nil {
			sess.conn.Flush()
		}
		return
	}
	log := s.logger().With("peer", nc.RemoteAddr())
	sess := &session{srv: s, ctx: ctx, nc: nc, log: log, conn: s.conn(nc, cmp.Or(s.Timeout, defaultTimeout))}
	defer sess.conn.EndTLS()
	if err := sess.run(); err != nil && ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
		log.Info("pop3 session broke off", "err", err)
	}
}

func (s *Server) conn(nc net.Conn, timeout time.Duration) *wire.Conn {
	var o wire.Options
	if s.Wire != nil {
		o = s.Wire(nc)
	}
	o.Timeout = timeout
	return wire.NewConn(nc, o)
}

func (s *Server) logger() *slog.Logger {
	if s.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Logger
}
