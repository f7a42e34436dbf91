//go:build cgo || ci

package window

import (
	"sync/atomic"

	"mailscope/sim/trace"
)

// live follows a recording that may still grow.
type live struct {
	stop  func()
	trail bool // the playhead goes on by itself when more comes
}

// follow watches t for events that are appended; nil watches nothing.
func (s *Screen) follow(t *trace.Trace) {
	if s.live.stop != nil {
		s.live.stop()
		s.live.stop = nil
	}
	s.live.trail = false
	if t == nil {
		return
	}
	more, unsubscribe := t.Subscribe()
	ended := make(chan struct{})
	var pending atomic.Bool
	go func() {
		for {
			select {
			case <-more:
			case <-ended:
				return
			case <-s.ctx.Done():
				return
			}
			if pending.CompareAndSwap(false, true) { // one call for any number of events
				s.notice(func() {
					pending.Store(false)
					select {
					case <-ended:
					default:
						s.grow()
					}
				})
			}
		}
	}()
	s.live.stop = func() {
		unsubscribe()
		close(ended)
	}
}

// grow takes in what was appended; a playhead that waits at the end goes on.
func (s *Screen) grow() {
	if s.show == nil || !s.show.Sync() {
		return
	}
	for _, t := range s.tabs {
		t.view.Sync()
	}
	if s.main == nil {
		return
	}
	s.transport.sync()
	if s.live.trail && !s.player.Playing {
		s.player.Play()
	}
	s.wake()
}
