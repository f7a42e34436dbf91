package mailbox

import (
	"slices"
	"strings"

	"mailscope/protocol/imap"
)

// System flags that the store looks at.
const (
	seen    = `\Seen`
	deleted = `\Deleted`
)

// Limits on keywords.
const (
	maxKeywords = 1000 // in a folder
	maxKeyword  = 128  // octets
)

var system = []string{`\Answered`, deleted, `\Draft`, `\Flagged`, seen}

// keywords are those a folder knows: by their form in small letters, as first
// set (RFC 3501 §2.3.2).
type keywords map[string]string

// spelled gives flags the spelling of the folder, sorted and each once. It
// learns new keywords if learn, all or none, and otherwise leaves them out.
func (k keywords) spelled(flags []string, learn bool) ([]string, error) {
	out := make([]string, 0, len(flags))
	fresh := map[string]string{}
	for _, f := range flags {
		if strings.EqualFold(f, `\Recent`) {
			continue
		}
		if strings.HasPrefix(f, `\`) {
			i := slices.IndexFunc(system, func(s string) bool { return strings.EqualFold(s, f) })
			if i < 0 {
				return nil, imap.ErrCannot
			}
			out = append(out, system[i])
			continue
		}
		key := strings.ToLower(f)
		known, ok := k[key]
		if !ok {
			known, ok = fresh[key]
		}
		switch {
		case ok:
			f = known
		case !learn:
			continue
		case f == "" || len(f) > maxKeyword || len(k)+len(fresh) >= maxKeywords:
			return nil, imap.ErrLimit
		default:
			fresh[key] = f
		}
		out = append(out, f)
	}
	for key, f := range fresh {
		k[key] = f
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// changed applies op to the flags of a message; both lists are sorted.
func changed(old []string, op imap.FlagOp, flags []string) []string {
	switch op {
	case imap.AddFlags:
		all := slices.Concat(old, flags)
		slices.Sort(all)
		return slices.Compact(all)
	case imap.RemoveFlags:
		var left []string
		for _, f := range old {
			if _, gone := slices.BinarySearch(flags, f); !gone {
				left = append(left, f)
			}
		}
		return left
	}
	return flags
}
