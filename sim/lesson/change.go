package lesson

import (
	"context"

	"mailscope/sim/world"
)

// Change has an administrator change a domain, a server or a device. It is
// checked with the changes before it.
type Change world.Change

func (s *Change) who() (device, key string) {
	if s.Device == "" {
		return "", ""
	}
	return s.Device, "change.device"
}

func (s *Change) check() (key, wrong string) { return "", "" }

func (s *Change) do(_ context.Context, p *player) error { return p.world.Change(world.Change(*s)) }
