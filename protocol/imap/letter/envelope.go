package letter

// Envelope is the values of the fields that ENVELOPE tells of, folded as they
// stand in the header. A field that is missing is nil; of several with one
// name the first counts.
//
// RFC 3501 §7.4.2, RFC 9051 §7.5.2.
type Envelope struct {
	Date, Subject                      []byte
	From, Sender, ReplyTo, To, Cc, Bcc []byte
	InReplyTo, MessageID               []byte
}

// ReadEnvelope reads the envelope out of a header. Sender and ReplyTo are as
// they stand there: whoever shows them takes From where they are missing or
// name nobody.
func ReadEnvelope(header []byte) Envelope {
	var e Envelope
	for len(header) > 0 {
		var f field
		f, header = nextField(header)
		if to := e.slot(f); to != nil && *to == nil {
			*to = f.value
		}
	}
	return e
}

// slot is where the value of a field belongs, nil for one that the envelope
// does not have.
func (e *Envelope) slot(f field) *[]byte {
	switch len(f.name) {
	case 2:
		if f.is("to") {
			return &e.To
		}
		if f.is("cc") {
			return &e.Cc
		}
	case 3:
		if f.is("bcc") {
			return &e.Bcc
		}
	case 4:
		if f.is("from") {
			return &e.From
		}
		if f.is("date") {
			return &e.Date
		}
	case 6:
		if f.is("sender") {
			return &e.Sender
		}
	case 7:
		if f.is("subject") {
			return &e.Subject
		}
	case 8:
		if f.is("reply-to") {
			return &e.ReplyTo
		}
	case 10:
		if f.is("message-id") {
			return &e.MessageID
		}
	case 11:
		if f.is("in-reply-to") {
			return &e.InReplyTo
		}
	}
	return nil
}
