package dns

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Zones is the set of zones that a server answers for. Its zero value is empty
// and ready. All methods may be called at any time from any goroutine; an
// answer is always made from one state of the set.
type Zones struct {
	mu    sync.Mutex // held while a new state is made
	state atomic.Pointer[zoneSet]
}

// zoneSet is one state of Zones, by origin. It never changes.
type zoneSet map[wireName]*Zone

// Set adds z, replacing the zone of the same origin.
func (zs *Zones) Set(z *Zone) {
	zs.change(func(set zoneSet) { set[z.origin] = z })
}

// Remove takes out the zone with this origin and reports whether there was one.
func (zs *Zones) Remove(origin string) bool {
	name, err := parseName(origin)
	if err != nil {
		return false
	}
	var had bool
	zs.change(func(set zoneSet) {
		_, had = set[name]
		delete(set, name)
	})
	return had
}

// Zone returns the zone with this origin, or nil.
func (zs *Zones) Zone(origin string) *Zone {
	name, err := parseName(origin)
	if err != nil {
		return nil
	}
	return (*zs.load())[name]
}

// All lists the zones, parents before children, in canonical order.
func (zs *Zones) All() []*Zone {
	set := *zs.load()
	all := make([]*Zone, 0, len(set))
	for _, name := range slices.SortedFunc(maps.Keys(set), compareNames) {
		all = append(all, set[name])
	}
	return all
}

func (zs *Zones) change(edit func(zoneSet)) {
	zs.mu.Lock()
	defer zs.mu.Unlock()
	set := maps.Clone(*zs.load())
	edit(set)
	zs.state.Store(&set)
}

// load returns the present state, never nil; its address tells states apart.
func (zs *Zones) load() *zoneSet {
	for {
		if set := zs.state.Load(); set != nil {
			return set
		}
		zs.state.CompareAndSwap(nil, &zoneSet{})
	}
}

// find returns the zone nearest above name (RFC 1034 §4.3.2 step 2), or nil.
func (set zoneSet) find(name wireName) *Zone {
	for {
		if z := set[name]; z != nil {
			return z
		}
		if name.isRoot() {
			return nil
		}
		name = name.parent()
	}
}
