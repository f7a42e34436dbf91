package mta

import (
	"context"
	"time"
)

// PowerOff ends the server between one moment and the next: whatever it does
// from now on reaches neither its disk nor the record, and none of its timers
// acts. Its ports and connections are the network's to close.
func (s *Server) PowerOff() {
	s.power.Lock()
	defer s.power.Unlock()
	s.off.Store(true)
}

// powered runs f, which changes what is on the disk, unless there is no power;
// done tells whether it ran. Power is not lost in the middle of f: what
// belongs together is written together. f must not wait for anybody.
func (s *Server) powered(f func()) (done bool) {
	s.power.RLock()
	defer s.power.RUnlock()
	if s.off.Load() {
		return false
	}
	f()
	return true
}

// after schedules f, which is not done if there is no power by then.
func (s *Server) after(d time.Duration, f func(context.Context)) {
	s.net.Clock.After(d, func(ctx context.Context) {
		if !s.off.Load() {
			f(ctx)
		}
	})
}

// resume takes up the queue that was found on the disk: an entry that was
// being worked on, or whose time has passed, is tried at once; one that was
// put off keeps its time. So does Postfix, whose queue manager looks through
// its directories when it starts and passes over files dated in the future.
func (s *Server) resume() {
	for _, e := range s.disk.waiting() {
		s.after(e.next-s.net.Clock.Now(), func(context.Context) { s.run(e) })
	}
}
