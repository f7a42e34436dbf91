package mua

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

	"mailscope/protocol/imap"
	"mailscope/protocol/imap/letter"
	"mailscope/protocol/smtp"
	"mailscope/sim/trace"
)

// Consent is what a user answers when a letter asks to be told that it was
// read.
type Consent string

// The answers.
const (
	Unanswered  Consent = "" // asked again the next time
	SendReceipt Consent = "send"
	DenyReceipt Consent = "deny"
)

// mdnSent marks a letter about whose receipt nobody is asked again (RFC 3503).
const mdnSent = "$MDNSent"

// requestFields are those by which a sender asks, fetched with the text by
// IMAP: the envelope does not tell them.
var requestFields = imap.FetchItem{Op: imap.FetchBody, Peek: true,
	Section: letter.Section{What: letter.Fields, Fields: []string{"Disposition-Notification-To", "Return-Path"}}}

// request is what a letter asks for.
type request struct {
	to     []*mail.Address
	header mail.Header
	// doubt is why it is strange that the letter asks, "" if it is not.
	doubt string
}

// requested reads whether a letter asks for a receipt, and may have one.
//
// RFC 8098 §2.1; §3: never a receipt about a report, which has no return path.
func requested(k Kept) (r request, ok bool) {
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(k.Data)))
	if err != nil || !h.Has("Disposition-Notification-To") {
		return r, false
	}
	r.header = mail.Header{Header: message.Header{Header: h}}
	kind, _, _ := r.header.ContentType()
	if k.structure != nil {
		kind = k.structure.MediaType()
	}
	path := strings.Trim(strings.TrimSpace(h.Get("Return-Path")), "<>")
	r.to, err = r.header.AddressList("Disposition-Notification-To")
	if err != nil || len(r.to) == 0 || len(r.to) > MaxRecipients || strings.EqualFold(kind, "multipart/report") || h.Has("Return-Path") && path == "" {
		return r, false
	}
	if len(r.to) > 1 || !strings.EqualFold(r.to[0].Address, path) { // RFC 8098 §2.1: whatever a user has set, he is asked
		r.doubt = fmt.Sprintf("the return path is <%s>", path)
	}
	return r, true
}

// receipt asks the user, who has just read a letter, whether its sender may be
// told so, if the sender wants that, and does what the user answers.
//
// RFC 8098 §2.1: nothing is sent without consent. RFC 3503 §3.1: once that is
// settled no other device asks again.
func (d *Device) receipt(ctx context.Context, i int, k Kept, consent Consent) error {
	r, ok := requested(k)
	now, err := d.letter(d.place(i, k))
	if err != nil || !ok || slices.Contains(now.Flags, mdnSent) {
		return nil
	}
	k.Flags = now.Flags
	d.about(k, &trace.Device{Action: "asked", Text: addressesOf(r.to), Reason: r.doubt})
	switch consent {
	case Unanswered:
		return nil
	case SendReceipt:
		l, err := d.composeReceipt(r)
		if err != nil {
			return err
		}
		if err := d.submit(ctx, l); err != nil {
			return nil // it is recorded; the letter asks again
		}
	}
	if i = d.place(i, k); i < 0 { // somebody else has deleted it
		return nil
	}
	return d.went(0, d.mail.flag(ctx, i, []string{mdnSent}, nil))
}

// place is where a letter stands that was at i a moment ago; by IMAP the list
// may have changed meanwhile.
func (d *Device) place(i int, k Kept) int {
	if k.num > 0 {
		return d.find(k.Folder, k.num)
	}
	return i
}

func addressesOf(list []*mail.Address) string {
	var all []string
	for _, a := range list {
		all = append(all, a.Address)
	}
	return strings.Join(all, ", ")
}

// composeReceipt writes a receipt and records it.
//
// RFC 8098 §3: it has a null reverse-path, so that nobody answers it.
func (d *Device) composeReceipt(r request) (*Letter, error) {
	subject, _ := r.header.Subject()
	l := &Letter{ID: d.net.NewLetter(), Subject: "Read: " + subject}
	for _, a := range r.to {
		l.Rcpts = append(l.Rcpts, smtp.Rcpt{To: a.Address, Notify: []string{"NEVER"}})
	}
	text := "Your letter was displayed to " + d.Account + ".\nThis is no guarantee that it was read or understood.\n" // RFC 8098 §9
	var w bytes.Buffer
	if err := d.writeReceipt(&w, r, l.Subject, text); err != nil {
		return nil, fmt.Errorf("compose receipt: %w", err)
	}
	l.Data = bytes.ReplaceAll(bytes.ReplaceAll(w.Bytes(), []byte("\r\n"), []byte("\n")), []byte("\n"), crlf)
	d.record(l.ID, &trace.Device{Action: "compose", Subject: l.Subject, Text: text})
	return l, nil
}

// writeReceipt writes the multipart/report: for people, and for programs.
//
// RFC 8098 §3.
func (d *Device) writeReceipt(w io.Writer, r request, subject, text string) error {
	id := d.messageID()
	var h mail.Header // its fields are written from the last set to the first
	h.Set("Mime-Version", "1.0")
	h.SetContentType("multipart/report", map[string]string{"report-type": "disposition-notification", "boundary": "=_" + strings.ReplaceAll(id, "@", "_")})
	h.SetSubject(subject)
	h.SetAddressList("To", r.to)
	h.SetAddressList("From", []*mail.Address{{Name: d.Name, Address: d.Account}})
	h.SetMessageID(id)
	h.SetDate(d.net.Clock.Date())
	body, err := message.CreateWriter(w, h.Header)
	if err != nil {
		return err
	}
	kind := "rfc822"
	if !ascii(d.Account) {
		kind = "utf-8" // RFC 6533 §3
	}
	status := fmt.Sprintf("Reporting-UA: %s; mailscope\r\nFinal-Recipient: %s; %s\r\n", d.Host, kind, d.Account)
	if of := r.header.Get("Message-Id"); of != "" {
		status += "Original-Message-ID: " + of + "\r\n"
	}
	status += "Disposition: manual-action/MDN-sent-manually; displayed\r\n" // RFC 8098 §3.2.6
	for _, part := range []struct{ kind, text string }{{"text/plain", text}, {"message/disposition-notification", status}} {
		var ph message.Header
		ph.Set("Content-Type", mime.FormatMediaType(part.kind, nil))
		p, err := body.CreatePart(ph)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, part.text); err != nil {
			return err
		}
		if err := p.Close(); err != nil {
			return err
		}
	}
	return body.Close()
}
