package imap

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"mailscope/protocol/imap/letter"
)

// Limits on what threading looks at.
const (
	maxReferences = 100  // the last ones of a letter
	maxAncestors  = 1000 // nothing is put below a letter that has more above it
)

// threadNode is a letter in its thread. One with seq 0 is no letter, but holds
// together those below it.
type threadNode struct {
	placed
	sent    time.Time
	subject string // key of the base subject
	reply   bool   // the subject marks a reply or a forwarded letter

	parent   *threadNode
	children []*threadNode
}

// newThreadNode reads what both algorithms need of a letter.
func newThreadNode(m placed, e *letter.Envelope) *threadNode {
	base, reply := letter.BaseSubject(e.Subject)
	return &threadNode{placed: m, sent: m.sent(e), subject: letter.CollationKey(base), reply: reply}
}

// bySent compares by sent date, then by sequence number. A node without a
// letter stands where its first child does, if its children are sorted.
//
// RFC 5256 §2.2.
func bySent(a, b *threadNode) int {
	a, b = a.first(), b.first()
	return cmp.Or(a.sent.Compare(b.sent), cmp.Compare(a.seq, b.seq))
}

// first is n, or its first child if n has no letter.
func (n *threadNode) first() *threadNode {
	for n.seq == 0 && len(n.children) > 0 {
		n = n.children[0]
	}
	return n
}

// threadBySubject makes threads of letters with one base subject: the first
// sent has all others below it.
//
// RFC 5256 §3, ORDEREDSUBJECT.
func threadBySubject(msgs []placed) []*threadNode {
	nodes := make([]*threadNode, len(msgs))
	for i, m := range msgs {
		header, _ := letter.Split(m.Data)
		e := letter.ReadEnvelope(header)
		nodes[i] = newThreadNode(m, &e)
	}
	slices.SortFunc(nodes, bySent)
	var roots []*threadNode
	firsts := make(map[string]*threadNode)
	for _, n := range nodes {
		if first := firsts[n.subject]; first != nil {
			first.children = append(first.children, n)
			continue
		}
		firsts[n.subject] = n
		roots = append(roots, n)
	}
	return roots
}

// threadByReferences makes threads of letters that refer to each other, and of
// those with one base subject.
//
// RFC 5256 §3, REFERENCES.
func threadByReferences(msgs []placed) []*threadNode {
	roots := pruned(linked(msgs)) // steps 1 to 3
	for _, n := range roots {     // step 4
		slices.SortFunc(n.children, bySent) // for those without a letter
	}
	slices.SortFunc(roots, bySent)
	roots = gathered(roots) // step 5
	sortSiblings(roots)     // step 6
	return roots
}

// linked links letters to those that they refer to, and returns every node:
// the letters, and the ids that no letter has.
func linked(msgs []placed) []*threadNode {
	all := make([]*threadNode, 0, len(msgs))
	byID := make(map[string]*threadNode, len(msgs))
	node := func(id []byte) *threadNode {
		n := byID[string(id)]
		if n == nil {
			n = new(threadNode)
			byID[string(id)] = n
			all = append(all, n)
		}
		return n
	}
	for _, m := range msgs {
		header, _ := letter.Split(m.Data)
		e := letter.ReadEnvelope(header)
		n := newThreadNode(m, &e)
		ids := letter.MessageIDs(e.MessageID, maxReferences)
		if len(ids) > 0 && node(ids[0]).seq == 0 { // otherwise missing, or of another letter
			known := node(ids[0])
			known.placed, known.sent, known.subject, known.reply = n.placed, n.sent, n.subject, n.reply
			n = known
		} else {
			all = append(all, n)
		}
		refs := letter.MessageIDs(letter.Value(header, "references"), maxReferences)
		if len(refs) == 0 {
			refs = letter.MessageIDs(e.InReplyTo, maxReferences)
			refs = refs[:min(len(refs), 1)]
		}
		var last *threadNode
		for _, id := range refs { // step 1.A
			ref := node(id)
			if last != nil && ref.parent == nil && !last.below(ref) {
				ref.parent = last
			}
			last = ref
		}
		if n.parent != last { // step 1.B
			n.parent = nil
			if last != nil && !last.below(n) {
				n.parent = last
			}
		}
	}
	for _, n := range all {
		if n.parent != nil {
			n.parent.children = append(n.parent.children, n)
		}
	}
	return all
}

// below tells whether n is other or has it among its ancestors, or too many
// of them to tell.
func (n *threadNode) below(other *threadNode) bool {
	for range maxAncestors {
		if n == other {
			return true
		}
		if n = n.parent; n == nil {
			return false
		}
	}
	return true
}

// pruned takes the nodes without a letter out of the tree, and returns its
// roots. One that holds several threads together stays.
func pruned(all []*threadNode) (roots []*threadNode) {
	tops := slices.DeleteFunc(all, func(n *threadNode) bool { return n.parent != nil })
	for _, n := range tops {
		n.children = withLetters(n.children)
		switch {
		case n.seq != 0 || len(n.children) > 1:
			roots = append(roots, n)
		case len(n.children) == 1:
			n.children[0].parent = nil
			roots = append(roots, n.children[0])
		}
	}
	return roots
}

// withLetters is nodes, with the children of those that have no letter in
// their place.
func withLetters(nodes []*threadNode) []*threadNode {
	var kept []*threadNode
	for _, n := range nodes {
		n.children = withLetters(n.children)
		if n.seq == 0 {
			kept = append(kept, n.children...)
			continue
		}
		kept = append(kept, n)
	}
	return kept
}

// gathered puts threads of one subject together, and returns those that are
// left. Of each subject the table has the thread that the others join: one
// without a letter if there is one, or else one that is no reply.
func gathered(roots []*threadNode) []*threadNode {
	table := make(map[string]*threadNode)
	for _, n := range roots {
		subject := n.first().subject
		old := table[subject]
		if old == nil || old.seq != 0 && (n.seq == 0 || old.reply && !n.reply) {
			table[subject] = n
		}
	}
	var all []*threadNode
	for _, n := range roots {
		subject := n.first().subject
		top := table[subject]
		switch {
		case subject == "" || n == top || n.parent != nil:
		case n.seq == 0: // and so is top
			top.children = append(top.children, n.children...)
			n.parent = top
		case top.seq == 0 || n.reply && !top.reply:
			top.children = append(top.children, n)
			n.parent = top
		default:
			both := &threadNode{children: []*threadNode{top, n}}
			top.parent, n.parent = both, both
			table[subject] = both
			all = append(all, both)
		}
		all = append(all, n)
	}
	return slices.DeleteFunc(all, func(n *threadNode) bool { return n.parent != nil })
}

// sortSiblings sorts the children of every node, those of the deepest first,
// and the roots.
func sortSiblings(roots []*threadNode) {
	nodes := slices.Clone(roots)
	for i := 0; i < len(nodes); i++ {
		nodes = append(nodes, nodes[i].children...)
	}
	for _, n := range slices.Backward(nodes) {
		slices.SortFunc(n.children, bySent)
	}
	slices.SortFunc(roots, bySent)
}

// appendThreads appends what THREAD answers: numbers are sequence numbers, or
// UIDs.
//
// RFC 5256 §5, thread-list.
func appendThreads(dst []byte, threads []*threadNode, uid bool) []byte {
	for _, n := range threads {
		dst = append(dst, '(')
		for {
			if n.seq != 0 {
				num := n.seq
				if uid {
					num = n.UID
				}
				dst = strconv.AppendUint(dst, uint64(num), 10)
				if len(n.children) > 0 {
					dst = append(dst, ' ')
				}
			}
			if len(n.children) != 1 {
				break
			}
			n = n.children[0]
		}
		dst = appendThreads(dst, n.children, uid)
		dst = append(dst, ')')
	}
	return dst
}
