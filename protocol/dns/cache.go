package dns

import (
	"container/list"
	"time"
)

// cacheKey names what an entry is about. An NXDOMAIN is kept under qtype 0: it
// holds for every type (RFC 2308 §5).
type cacheKey struct {
	name  wireName
	qtype uint16
}

// cache keeps answers for as long as they live and there is room; the one unused
// for longest goes first. It is not safe for concurrent use.
type cache struct {
	max     int
	entries map[cacheKey]*list.Element
	recent  list.List // of *cached, the most recently used in front
}

type cached struct {
	key     cacheKey
	answer  Answer
	expires time.Duration // on the resolver's clock; not included
}

// get returns what is kept for a question, its TTL being what is left of it.
func (c *cache) get(name wireName, qtype uint16, now time.Duration) (Answer, bool) {
	for _, key := range [...]cacheKey{{name, qtype}, {name, 0}} {
		el, ok := c.entries[key]
		if !ok {
			continue
		}
		entry := el.Value.(*cached)
		if now >= entry.expires {
			c.drop(el)
			continue
		}
		c.recent.MoveToFront(el)
		answer := entry.answer
		answer.TTL = entry.expires - now
		answer.Cached = true
		return answer, true
	}
	return Answer{}, false
}

// put keeps a for its TTL from now on.
func (c *cache) put(key cacheKey, a Answer, now time.Duration) {
	if a.TTL <= 0 {
		return
	}
	if el, ok := c.entries[key]; ok {
		c.drop(el)
	}
	if c.entries == nil {
		c.entries = map[cacheKey]*list.Element{}
	}
	for len(c.entries) >= c.max {
		c.drop(c.recent.Back())
	}
	c.entries[key] = c.recent.PushFront(&cached{key, a, now + a.TTL})
}

func (c *cache) drop(el *list.Element) {
	delete(c.entries, el.Value.(*cached).key)
	c.recent.Remove(el)
}

func (c *cache) clear() {
	clear(c.entries)
	c.recent.Init()
}
