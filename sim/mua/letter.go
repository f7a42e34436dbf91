package mua

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"path"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	_ "github.com/emersion/go-message/charset" // letters in any charset are readable

	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// Draft is a letter as a person writes it.
type Draft struct {
	From    string   // header field; "" means the owner
	To      []string // addresses
	Cc      []string
	Bcc     []string // in the envelope, never in the letter
	Subject string
	Text    string // lines ending in LF
	Attach  []Attachment
	Receipt bool // the writer wants to know when it is read (RFC 8098 §2.1)
}

// Attachment is a file that goes with a letter. What is in it does not matter:
// it is made up, the same each time.
type Attachment struct {
	Name   string
	Octets int
}

// octets makes the file up.
func (a Attachment) octets() []byte {
	seed := fnv.New64a()
	io.WriteString(seed, a.Name)
	r := rand.New(rand.NewPCG(seed.Sum64(), uint64(a.Octets)))
	data := make([]byte, a.Octets)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// mediaType is what the name says of the file.
func (a Attachment) mediaType() string {
	switch strings.ToLower(path.Ext(a.Name)) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	}
	return "application/octet-stream"
}

// Letter is a letter ready to be sent: the envelope and what is in it.
type Letter struct {
	ID      string // in the trace
	From    string // reverse-path
	Rcpts   []smtp.Rcpt
	Subject string
	Data    []byte // lines end in CR LF
	Receipt bool   // it asks for one

	sevenBit []byte // the same in 7 bits, for a server without 8BITMIME; nil if Data is
}

// UTF8 tells whether an address of the envelope needs SMTPUTF8 (RFC 6531).
func (l *Letter) UTF8() bool {
	for _, r := range l.Rcpts {
		if !ascii(r.To) {
			return true
		}
	}
	return !ascii(l.From)
}

func ascii[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Limits of a draft.
const (
	MaxRecipients = 1000
	MaxText       = 1 << 20 // octets
	MaxAttached   = 8 << 20 // octets of all files
)

// Compose writes a letter and records it. Nothing is sent yet.
//
// RFC 5322; text in UTF-8, as it is (RFC 6152), so that it can be read on the
// wire, and in quoted-printable for servers that take no such letters.
func (d *Device) Compose(draft Draft) (*Letter, error) {
	all := append(append(append([]string(nil), draft.To...), draft.Cc...), draft.Bcc...)
	switch {
	case len(all) == 0:
		return nil, errors.New("compose: a letter needs a recipient")
	case len(all) > MaxRecipients:
		return nil, fmt.Errorf("compose: %d recipients, at most %d", len(all), MaxRecipients)
	case len(draft.Text) > MaxText:
		return nil, fmt.Errorf("compose: %d octets of text, at most %d", len(draft.Text), MaxText)
	}
	attached := 0
	for _, a := range draft.Attach {
		if attached += a.Octets; a.Name == "" || a.Octets < 0 || a.Octets > MaxAttached || attached > MaxAttached {
			return nil, fmt.Errorf("compose: attachment %q of %d octets: want a name, and at most %d octets in all", a.Name, a.Octets, MaxAttached)
		}
	}
	from := &mail.Address{Name: d.Name, Address: d.Account}
	if draft.From != "" {
		from = &mail.Address{Address: draft.From}
	}
	l := &Letter{ID: d.net.NewLetter(), From: d.Account, Subject: draft.Subject, Receipt: draft.Receipt}
	for _, a := range all {
		if !strings.Contains(a, "@") {
			return nil, fmt.Errorf("compose: %q is no address: it has no @", a)
		}
		l.Rcpts = append(l.Rcpts, smtp.Rcpt{To: a})
	}
	id := d.messageID()
	var err error
	if l.Data, err = d.write(id, from, draft, encoding(draft.Text)); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	if !ascii(l.Data) {
		if l.sevenBit, err = d.write(id, from, draft, "quoted-printable"); err != nil {
			return nil, fmt.Errorf("compose: %w", err)
		}
	}
	d.record(l.ID, &trace.Device{Action: "compose", Subject: draft.Subject, Text: draft.Text})
	return l, nil
}

// maxLine is the most octets of one line of text (RFC 5322 §2.1.1).
const maxLine = 998

// encoding chooses how text travels (RFC 2045 §6).
func encoding(text string) string {
	for line := range strings.Lines(text) {
		if len(line) > maxLine {
			return "quoted-printable"
		}
	}
	if ascii(text) {
		return "7bit"
	}
	return "8bit"
}

// messageID names the next letter of this device.
func (d *Device) messageID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent++
	return fmt.Sprintf("%d.%d@%s", d.sent, d.net.Clock.Date().Unix(), d.Host)
}

// write puts a letter into its form for the wire.
func (d *Device) write(id string, from *mail.Address, draft Draft, encoding string) ([]byte, error) {
	var w bytes.Buffer
	var h mail.Header // its fields are written from the last set to the first
	h.Set("Mime-Version", "1.0")
	if len(draft.Attach) > 0 {
		h.SetContentType("multipart/mixed", map[string]string{"boundary": "=_" + strings.ReplaceAll(id, "@", "_")})
	} else {
		textFields(&h.Header, encoding)
	}
	h.SetSubject(draft.Subject)
	if len(draft.Cc) > 0 {
		h.SetAddressList("Cc", list(draft.Cc))
	}
	if len(draft.To) > 0 {
		h.SetAddressList("To", list(draft.To))
	}
	if draft.Receipt {
		h.SetAddressList("Disposition-Notification-To", []*mail.Address{from})
	}
	h.SetAddressList("From", []*mail.Address{from})
	h.SetMessageID(id)
	h.SetDate(d.net.Clock.Date())
	body, err := message.CreateWriter(&w, h.Header)
	if err != nil {
		return nil, err
	}
	for i := -1; i < len(draft.Attach); i++ {
		part, data := body, crlfLines(draft.Text)
		if len(draft.Attach) > 0 {
			var h message.Header
			if i < 0 {
				textFields(&h, encoding)
			} else {
				data = draft.Attach[i].octets()
				draft.Attach[i].fields(&h)
			}
			if part, err = body.CreatePart(h); err != nil {
				return nil, err
			}
		}
		if _, err := part.Write(data); err != nil {
			return nil, err
		}
		if err := part.Close(); err != nil {
			return nil, err
		}
	}
	if len(draft.Attach) > 0 {
		err = body.Close()
	}
	return w.Bytes(), err
}

// textFields says that a part is text.
func textFields(h *message.Header, encoding string) {
	h.SetContentType("text/plain", map[string]string{"charset": "utf-8"})
	h.Set("Content-Transfer-Encoding", encoding)
}

// fields says that a part is a file.
func (a Attachment) fields(h *message.Header) {
	h.SetContentType(a.mediaType(), map[string]string{"name": a.Name})
	h.SetContentDisposition("attachment", map[string]string{"filename": a.Name})
	h.Set("Content-Transfer-Encoding", "base64")
}

// crlfLines is text in lines that all end in CR LF.
func crlfLines(text string) []byte {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

func list(addresses []string) []*mail.Address {
	out := make([]*mail.Address, len(addresses))
	for i, a := range addresses {
		out[i] = &mail.Address{Address: a}
	}
	return out
}

// SubjectOf is the decoded subject of a letter, "" if it has none that can be
// read.
func SubjectOf(data []byte) string {
	e, err := message.Read(bytes.NewReader(data))
	if err != nil && !message.IsUnknownCharset(err) {
		return ""
	}
	h := mail.Header{Header: e.Header}
	s, _ := h.Subject()
	return s
}

// TextOf is the first text part of a letter, decoded, at most MaxText octets.
func TextOf(data []byte) (string, error) {
	e, err := message.Read(bytes.NewReader(data))
	if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return "", fmt.Errorf("read letter: %w", err)
	}
	var text string
	found := errors.New("found")
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return err
		}
		if t, _, _ := part.Header.ContentType(); t != "text/plain" && t != "" {
			return nil
		}
		b, err := io.ReadAll(io.LimitReader(part.Body, MaxText))
		if err != nil {
			return err
		}
		text = strings.ReplaceAll(string(b), "\r\n", "\n")
		return found
	})
	if err != nil && err != found {
		return "", fmt.Errorf("read letter: %w", err)
	}
	return text, nil
}
