package imap

import "mailscope/protocol/imap/letter"

// textWriter is what of a writer data items need.
type textWriter interface {
	raw(s string)    // as it is
	number(n int64)  // in decimals
	string(s []byte) // quoted, or a literal if it must be
}

// itemWriter writes the data items of FETCH that are read out of a letter. It
// has memory of its own, so one goroutine uses it.
type itemWriter struct {
	textWriter
	value, members []byte
}

// newItemWriter makes an itemWriter that writes to w.
func newItemWriter(w textWriter) *itemWriter {
	return &itemWriter{w, make([]byte, 0, 256), make([]byte, 0, 256)}
}

// field writes the value of a field on one line, NIL if there is none.
func (w *itemWriter) field(value []byte) {
	if value == nil {
		w.raw("NIL")
		return
	}
	w.string(letter.Unfold(value, w.value))
}

// nstring writes s, NIL if it is empty.
func (w *itemWriter) nstring(s []byte) {
	if len(s) == 0 {
		w.raw("NIL")
		return
	}
	w.string(s)
}

// envelope writes the envelope of a letter with that header.
//
// RFC 3501 §7.4.2, RFC 9051 §7.5.2.
func (w *itemWriter) envelope(header []byte) {
	e := letter.ReadEnvelope(header)
	w.raw("(")
	w.field(e.Date)
	w.raw(" ")
	w.field(e.Subject)
	w.raw(" ")
	w.addresses(e.From, nil)
	w.raw(" ")
	w.addresses(e.Sender, e.From)
	w.raw(" ")
	w.addresses(e.ReplyTo, e.From)
	for _, list := range [][]byte{e.To, e.Cc, e.Bcc} {
		w.raw(" ")
		w.addresses(list, nil)
	}
	w.raw(" ")
	w.field(e.InReplyTo)
	w.raw(" ")
	w.field(e.MessageID)
	w.raw(")")
}

// addresses writes an address list; where it names nobody, that of the field
// that stands for it.
func (w *itemWriter) addresses(list, otherwise []byte) {
	r := letter.Addresses(list, w.members)
	a, ok := r.Next()
	if !ok {
		r = letter.Addresses(otherwise, w.members)
		a, ok = r.Next()
	}
	if !ok {
		w.raw("NIL")
		return
	}
	w.raw("(")
	for ; ok; a, ok = r.Next() {
		w.address(a)
	}
	w.raw(")")
	w.members = r.Scratch()
}

// address writes one member. Only that of a group has no host at all.
func (w *itemWriter) address(a letter.Address) {
	switch a.Kind {
	case letter.GroupStart:
		w.raw("(NIL NIL ")
		w.string(a.Mailbox)
		w.raw(" NIL)")
		return
	case letter.GroupEnd:
		w.raw("(NIL NIL NIL NIL)")
		return
	}
	w.raw("(")
	w.nstring(a.Name)
	w.raw(" ")
	w.nstring(a.Route)
	w.raw(" ")
	w.string(a.Mailbox)
	w.raw(" ")
	w.string(a.Host)
	w.raw(")")
}
