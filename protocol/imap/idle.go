package imap

import (
	"strings"
	"sync"
	"sync/atomic"

	"mailscope/protocol/wire"
)

// idle answers IDLE: the client is told of changes as they happen, until it
// says DONE.
//
// RFC 2177, RFC 9051 §6.3.13.
func (s *session) idle(p *parser) result {
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	s.out.line("+ idling")
	s.sync(true)
	stop := s.watch()
	line, err := s.conn.ReadLine(wire.Command, s.limit(maxLine))
	stop()
	switch {
	case err != nil && s.ctx.Err() != nil:
		s.bye("the server is shutting down")
		return ok("IDLE ended")
	case wire.IsTimeout(err):
		s.bye("idle for too long") // RFC 2177 §3: the client should have started anew
		return ok("IDLE ended")
	case err != nil || !strings.EqualFold(string(line), "DONE"):
		return bad("want DONE")
	}
	return ok("IDLE completed")
}

// idler tells of changes while a session idles.
type idler struct {
	waking atomic.Bool // it was woken and has not looked yet
	kick   chan func() // one call at a time, since waking guards it

	mu    sync.Mutex
	ended bool
}

// watch sends what was said, and has changes told by a goroutine of its own,
// which owns the session until stop returns. It listens before the client
// knows that it does: whoever changes something after that finds it listening.
func (s *session) watch() (stop func()) {
	v := s.view
	if v == nil {
		s.conn.Flush() // a connection that broke ends the reading too
		return func() {}
	}
	w := &idler{kick: make(chan func(), 1)}
	end, ended := make(chan struct{}), make(chan struct{})
	v.idler.Store(w)
	if v.changed.Load() { // since the sync before
		s.wake(w)
	}
	go func() {
		defer close(ended)
		s.conn.Flush()
		for {
			select {
			case told := <-w.kick:
				w.waking.Store(false)
				s.sync(true)
				s.conn.Flush()
				told()
			case <-end:
				return
			}
		}
	}()
	return func() {
		v.idler.Store(nil)
		w.mu.Lock()
		w.ended = true
		w.mu.Unlock()
		close(end)
		<-ended
		select {
		case told := <-w.kick: // nobody listens any more; what changed is told after DONE
			told()
		default:
		}
	}
}

// wake has an idling session tell what changed. It does not wait.
func (s *session) wake(w *idler) {
	if !w.waking.CompareAndSwap(false, true) {
		return
	}
	if s.srv.Later == nil {
		w.send(func() {})
		return
	}
	s.srv.Later(func() {
		told := make(chan struct{})
		if w.send(func() { close(told) }) {
			<-told
		}
	})
}

// send has the idling session tell what changed, and call told then. It
// returns false if the session idles no longer.
func (w *idler) send(told func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return false
	}
	w.kick <- told
	return true
}
