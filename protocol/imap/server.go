package imap

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
	DefaultMaxSize      = 32 << 20 // octets of a letter
	defaultConns        = 1000
	defaultErrors       = 200
	defaultLoginTimeout = 3 * time.Minute
	defaultTimeout      = 31 * time.Minute // at least 30 minutes: RFC 9051 §5.4
)

// Server answers IMAP clients. Its fields must not change while it serves.
type Server struct {
	Hostname string // in the greeting
	Offer    Offer  // nil means Full
	Backend  Backend
	MaxSize  int // octets of a letter that a client may append; 0 means DefaultMaxSize

	MaxConns     int           // at a time; 0 means 1000
	MaxErrors    int           // mistakes in a row before a session is ended; 0 means 200
	LoginTimeout time.Duration // autologout before the login; 0 means three minutes
	Timeout      time.Duration // autologout after it; 0 means 31 minutes

	// TLS has the server's certificate; nil means no TLS.
	TLS *tls.Config
	// TLSFirst begins each connection with the handshake (RFC 8314 §3).
	TLSFirst  bool
	ClearAuth bool // a login is taken in clear too
	// SASL is what the mechanisms of Offer need; its TLS is set for each
	// session.
	SASL sasl.Options
	// Failed is called before the answer to each failed login of a session, of
	// which there were so many; it may take its time. user is who the client
	// said that it is, "" if it did not come to that. locked tells that nobody
	// may sign in so for now, right or wrong. nil means no wait.
	Failed func(ctx context.Context, nc net.Conn, user string, failures int) (locked bool)

	// Now dates letters that come without a date; nil means time.Now.
	Now func() time.Time
	// Later runs the telling of an idling session of changes: f returns once
	// everything is on its way. nil means at once, on a goroutine of the
	// session's own.
	Later func(f func())
	// About, if set, is told which letter (Message.Ref) the responses are
	// about that begin at octet at of what this end sends; "" means none.
	About func(nc net.Conn, at int64, ref string)

	// Instead, if set, is asked before a command is carried out, with its line
	// without the tag, and before the server greets, with "greeting". What it
	// returns, such as "NO [UNAVAILABLE] not now", is said instead, after the
	// tag, and nothing else is done; "" means nothing. BYE ends the session; no
	// other greeting can be had. So a server can be told to misbehave.
	Instead func(nc net.Conn, command string) (reply string)

	// Wire gives the options of a connection; nil means none. Their Timeout
	// is replaced by the server's.
	Wire   func(net.Conn) wire.Options
	Logger *slog.Logger // nil means none
}

// Serve answers connections from ln until ctx ends, which closes ln; each
// client is then told BYE, and Serve returns nil once all sessions have ended.
// It returns an error if ln fails for good.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := s.withDefaults()
	return wire.Serve(ctx, ln, srv.MaxConns, srv.serve)
}

// ServeConn holds one session and closes nc; full has the client turned away,
// since there are too many.
func (s *Server) ServeConn(ctx context.Context, nc net.Conn, full bool) {
	s.withDefaults().serve(ctx, nc, full)
}

func (s *Server) withDefaults() *Server {
	srv := *s
	if srv.Offer == nil {
		srv.Offer = Full()
	}
	srv.MaxSize = cmp.Or(srv.MaxSize, DefaultMaxSize)
	srv.MaxConns = cmp.Or(srv.MaxConns, defaultConns)
	srv.MaxErrors = cmp.Or(srv.MaxErrors, defaultErrors)
	srv.LoginTimeout = cmp.Or(srv.LoginTimeout, defaultLoginTimeout)
	srv.Timeout = cmp.Or(srv.Timeout, defaultTimeout)
	if srv.Now == nil {
		srv.Now = time.Now
	}
	if srv.Logger == nil {
		srv.Logger = slog.New(slog.DiscardHandler)
	}
	return &srv
}

func (s *Server) serve(ctx context.Context, nc net.Conn, full bool) {
	defer nc.Close()
	conn := &wire.StopConn{Conn: nc}
	defer context.AfterFunc(ctx, conn.Stop)()
	var o wire.Options
	if s.Wire != nil {
		o = s.Wire(nc)
	}
	o.Timeout = s.LoginTimeout
	c := wire.NewConn(conn, o)
	defer c.Release()
	defer c.EndTLS()
	sess := &session{srv: s, ctx: ctx, nc: nc, conn: c, log: s.Logger.With("peer", nc.RemoteAddr())}
	sess.out = encoder{conn: c, role: wire.Reply}
	if full {
		if s.TLSFirst && c.StartTLS(tls.Server, s.TLS) != nil {
			return
		}
		sess.untagged("BYE [UNAVAILABLE] too many connections, try later")
		c.Flush()
		return
	}
	if err := sess.run(); err != nil && ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
		sess.log.Info("imap session broke off", "err", err)
	}
}
