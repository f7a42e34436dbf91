package smtp

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"

	"mailscope/protocol/sasl"
	"mailscope/protocol/wire"
)

// What a Server does where its fields are 0.
const (
	DefaultMaxSize   = 32 << 20        // octets of one letter
	DefaultMaxRcpts  = 100             // RFC 5321 §4.5.3.1.8
	DefaultMaxErrors = 20              // in one connection
	DefaultTimeout   = 5 * time.Minute // RFC 5321 §4.5.3.2.7
)

// Server answers SMTP. Its fields may not change while it serves.
type Server struct {
	Hostname        string
	Greeting        string // text after the host's name; "" says whether EHLO is known
	Offer           Offer
	RequireAuth     bool // a letter needs a login first
	ClearAuth       bool // a login is taken in clear too
	Backend         Backend
	MaxSize         int // octets of a letter; 0 means DefaultMaxSize
	MaxRcpts        int // of one letter; 0 means DefaultMaxRcpts
	MaxConns        int // at a time; 0 means no limit
	MaxErrors       int // of a client before it is sent away; 0 means DefaultMaxErrors
	MaxTransactions int // in one connection; 0 means no limit
	// Timeout bounds the wait for a line, and for progress in a letter. 0
	// means DefaultTimeout.
	Timeout time.Duration
	// TLS has the server's certificate; nil means no TLS.
	TLS *tls.Config
	// TLSFirst begins each connection with the handshake (RFC 8314 §3).
	TLSFirst bool
	// SASL is what the mechanisms of Offer.Auth need; its TLS is set for each
	// session.
	SASL sasl.Options
	// Failed is called before the answer to each failed login of a session, of
	// which there were so many; it may take its time. user is who the client
	// said that it is, "" if it did not come to that. locked tells that nobody
	// may sign in so for now, right or wrong. nil means no wait.
	Failed func(ctx context.Context, nc net.Conn, user string, failures int) (locked bool)
	// Instead, if set, is asked before a command is carried out, with its line;
	// before the server greets, with "greeting"; and before a letter that has
	// come whole is taken, with "letter". What it returns, such as "451 4.3.0
	// not now", is said instead, and nothing else is done; "" means nothing. So
	// a server can be told to misbehave.
	Instead func(nc net.Conn, command string) (reply string)
	// Wire gives the options of a connection; its Timeout is set to the
	// server's if 0.
	Wire   func(net.Conn) wire.Options
	Logger *slog.Logger // nil means none
}

// Backend decides what becomes of letters.
type Backend interface {
	// Open begins a session. An error that is a *Reply is sent instead of
	// the greeting; another becomes 421.
	Open(ctx context.Context, nc net.Conn) (Session, error)
}

// Session is a backend's part in one connection. Its methods are called by
// one goroutine. A refusal is a *Reply; another error is logged and answered
// with 451 4.3.0.
type Session interface {
	Greeted(helo string, esmtp bool)
	// Authenticate checks a password; an error that is no *Reply is answered
	// with 535 5.7.8.
	Authenticate(user, password string) error
	Mail(ctx context.Context, m Mail) error
	Rcpt(ctx context.Context, r Rcpt) error
	// Data takes a whole letter, lines ending in CR LF; it is only valid
	// during the call. The Reply is what the client hears; the zero Reply is
	// "250 2.0.0 ok".
	Data(ctx context.Context, env Envelope, letter []byte) (Reply, error)
	// Verify answers VRFY; the zero Reply is 252.
	Verify(ctx context.Context, arg string) Reply
	// Reset tells that the open transaction was given up.
	Reset()
	// Close tells that the connection ended.
	Close()
}

// Serve answers each connection that ln accepts until ctx ends; then it
// closes the listener, sends each client 421, and returns nil once all have
// ended. It returns an error if ln fails for good.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	return wire.Serve(ctx, ln, s.MaxConns, s.ServeConn)
}

// ServeConn holds one session, from greeting to close, and closes nc; full has
// the client turned away, since there are too many.
func (s *Server) ServeConn(ctx context.Context, nc net.Conn, full bool) {
	defer nc.Close()
	conn := &wire.StopConn{Conn: nc}
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, conn.Stop)()
	}
	var o wire.Options
	if s.Wire != nil {
		o = s.Wire(nc)
	}
	if o.Timeout == 0 {
		o.Timeout = or(s.Timeout, DefaultTimeout)
	}
	ss := &session{srv: s, ctx: ctx, nc: nc, c: wire.NewConn(conn, o)}
	defer ss.c.Release()
	defer ss.c.EndTLS()
	if s.TLSFirst {
		if err := ss.c.StartTLS(tls.Server, s.TLS); err != nil {
			s.note("TLS", err)
			return
		}
		ss.env.TLS = ss.c.TLS()
	}
	if full {
		ss.end(reply(421, "4.3.2", s.Hostname+" too many connections, try later"))
		return
	}
	back, err := s.Backend.Open(ctx, nc)
	if err != nil {
		r, ok := refusal(err)
		if !ok {
			s.log("open session", err)
			r = reply(421, "4.3.0", s.Hostname+" not available")
		}
		ss.refuse(r)
		return
	}
	defer back.Close()
	ss.back = back
	ss.run()
}

func (s *Server) log(what string, err error) {
	if s.Logger != nil {
		s.Logger.Error(what, "server", s.Hostname, "err", err)
	}
}

// note logs what is the client's doing.
func (s *Server) note(what string, err error) {
	if s.Logger != nil {
		s.Logger.Info(what, "server", s.Hostname, "err", err)
	}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
