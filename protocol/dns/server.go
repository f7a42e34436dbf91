package dns

import (
	"log/slog"
	"net"
	"time"

	mdns "github.com/miekg/dns"
)

// Server answers questions about its zones, by UDP and TCP. It answers from
// them alone: it asks nobody and never sets RA (RFC 1034 §4.3.1).
//
// Set the fields before serving. One Server may serve any number of sockets at
// once.
type Server struct {
	Zones  *Zones
	Logger *slog.Logger // nil: no diagnostics

	// Instead, if set, is asked about each readable question, given what is
	// going to be answered; nil is no trouble. So a server can be told to
	// misbehave. It is called from many goroutines and must not change the
	// Lookup's slice.
	Instead func(client net.Addr, l Lookup) *Trouble

	// Observe, if set, is told each readable question and what was answered,
	// just before the answer goes out. It is called from many goroutines and
	// must not change the Lookup's slice.
	Observe func(client net.Addr, l Lookup)

	MaxConns int           // TCP connections at once for each Serve; 0 means 256, further ones are closed
	Idle     time.Duration // real time for a whole question to arrive, or its answer to leave; 0 means 10 s
}

// Trouble is what a server does in place of answering as it should: the first
// that is set, or else it answers with Records.
type Trouble struct {
	Silent  bool // nothing is answered
	Fail    bool // SERVFAIL
	Zones   *Zones
	Records []mdns.RR // authoritative; none says that the name has none of the type
}

const (
	defaultConns = 256
	defaultIdle  = 10 * time.Second // "a few seconds", RFC 7766 §6.2.3
	maxFailures  = 16               // reads in a row that may fail before a socket is given up
)

func (s *Server) observe(from peer, l *Lookup) {
	if s.Observe != nil && l != nil {
		s.Observe(from.addr(), *l)
	}
}

func (s *Server) zones() *Zones {
	if s.Zones == nil {
		return &Zones{}
	}
	return s.Zones
}

func (s *Server) log() *slog.Logger {
	if s.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Logger
}
