package mta

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"

	"mailscope/protocol/smtp"
)

// wants tells whether a recipient's sender asked to be told of an event
// (RFC 3461 §4.1); failures are told unless he declined.
func wants(r smtp.Rcpt, event string) bool {
	if len(r.Notify) == 0 {
		return event == "FAILURE"
	}
	for _, n := range r.Notify {
		if strings.EqualFold(n, event) {
			return true
		}
	}
	return false
}

// asking lists the recipients whose sender asked to be told of an event.
func asking(rcpts []smtp.Rcpt, event string) []smtp.Rcpt {
	return slices.DeleteFunc(slices.Clone(rcpts), func(r smtp.Rcpt) bool { return !wants(r, event) })
}

// notify sends the sender one delivery status notification about recipients
// that share an outcome. A notification is never sent about a notification.
//
// RFC 5321 §6.1; form RFC 3464.
func (s *Server) notify(e *entry, rcpts []smtp.Rcpt, why outcome) {
	if e.env.Mail.From == "" || len(rcpts) == 0 {
		return
	}
	var b bytes.Buffer
	if err := s.writeNotification(&b, e, rcpts, why); err != nil {
		s.log.Error("write notification", "queue id", e.id, "err", err)
		return
	}
	data := bytes.ReplaceAll(bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	env := smtp.Envelope{Helo: s.Host, ESMTP: true, Rcpts: []smtp.Rcpt{{To: e.env.Mail.From, Notify: []string{"NEVER"}}}}
	env.Mail.UTF8 = e.env.Mail.UTF8
	env.Mail.Body = e.env.Mail.Body
	m := &mail{id: s.nextID(), letter: s.net.NewLetter(), env: env}
	m.fill(s.sign(nil, data), data)
	s.accept(m, nil)
}

var subjects = map[string]string{
	"failed":    "Undelivered mail returned to sender",
	"delivered": "Your letter was delivered",
	"relayed":   "Your letter was relayed",
	"delayed":   "Your letter is delayed",
}

// writeNotification writes the multipart/report: for people, for programs,
// and the letter or its header.
func (s *Server) writeNotification(w io.Writer, e *entry, rcpts []smtp.Rcpt, why outcome) error {
	eightBit := e.env.Mail.UTF8 || bytes.ContainsFunc(returned(e), func(r rune) bool { return r >= 0x80 })
	var h message.Header
	if eightBit {
		h.Set("Content-Transfer-Encoding", "8bit")
	}
	h.SetContentType("multipart/report", map[string]string{
		"report-type": "delivery-status", "boundary": fmt.Sprintf("report-%s-%s", e.id, strings.ReplaceAll(s.Host, ".", "-"))})
	// Add puts each field before the last: from the bottom up.
	h.Set("Mime-Version", "1.0")
	h.Set("Auto-Submitted", "auto-replied") // RFC 3834 §5
	h.SetText("Subject", subjects[why.action])
	h.Set("To", "<"+e.env.Mail.From+">")
	h.Set("From", "Mail Delivery System <postmaster@"+s.domain()+">")
	h.Set("Date", s.net.Clock.Date().Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	h.Set("Message-Id", "<"+s.messageID()+">")
	report, err := message.CreateWriter(w, h)
	if err != nil {
		return err
	}
	parts := []struct {
		contentType string
		write       func(io.Writer) error
	}{
		{"text/plain; charset=utf-8", func(w io.Writer) error { return s.explain(w, rcpts, why) }},
		{statusType(e), func(w io.Writer) error { return s.status(w, e, rcpts, why) }},
		{original(e), func(w io.Writer) error { _, err := w.Write(returned(e)); return err }},
	}
	for i, p := range parts {
		var ph message.Header
		switch {
		case eightBit:
			ph.Set("Content-Transfer-Encoding", "8bit")
		case i == 0 && strings.ContainsFunc(why.text, func(r rune) bool { return r >= 0x80 }): // what a person wrote
			ph.Set("Content-Transfer-Encoding", "quoted-printable")
		}
		ph.Set("Content-Type", p.contentType)
		pw, err := report.CreatePart(ph)
		if err != nil {
			return err
		}
		if err := p.write(pw); err != nil {
			return err
		}
		if err := pw.Close(); err != nil {
			return err
		}
	}
	return report.Close()
}

// domain is the domain that this server speaks for.
func (s *Server) domain() string {
	if len(s.Domains) > 0 {
		return s.Domains[0]
	}
	return s.Host
}

func (s *Server) explain(w io.Writer, rcpts []smtp.Rcpt, why outcome) error {
	lead := map[string]string{
		"failed":    "could not be delivered to",
		"delivered": "was delivered to",
		"relayed":   "was handed on, to a server that sends no confirmations, for",
		"delayed":   "could not be delivered so far, and will be tried again, for",
	}[why.action]
	fmt.Fprintf(w, "This is the mail server %s.\r\n\r\nYour letter %s:\r\n\r\n", s.Host, lead)
	for _, r := range rcpts {
		fmt.Fprintf(w, "    <%s>\r\n", r.To)
	}
	_, err := fmt.Fprintf(w, "\r\n%s\r\n", why.text)
	return err
}

// status writes the fields for programs (RFC 3464 §2).
func (s *Server) status(w io.Writer, e *entry, rcpts []smtp.Rcpt, why outcome) error {
	fmt.Fprintf(w, "Reporting-MTA: dns; %s\r\n", s.Host)
	if e.env.Mail.EnvID != "" {
		fmt.Fprintf(w, "Original-Envelope-Id: %s\r\n", e.env.Mail.EnvID)
	}
	for _, r := range rcpts {
		fmt.Fprint(w, "\r\n")
		if r.ORcpt != "" {
			fmt.Fprintf(w, "Original-Recipient: %s\r\n", r.ORcpt)
		}
		kind := "rfc822"
		if e.env.Mail.UTF8 {
			kind = "utf-8" // RFC 6533 §3
		}
		fmt.Fprintf(w, "Final-Recipient: %s; %s\r\nAction: %s\r\nStatus: %s\r\n", kind, r.To, why.action, why.status)
		if why.host != "" {
			fmt.Fprintf(w, "Remote-MTA: dns; %s\r\n", why.host)
		}
		if why.action == "delayed" {
			until := s.net.Clock.Date().Add(e.arrived + s.settings().Expire - s.net.Clock.Now())
			fmt.Fprintf(w, "Will-Retry-Until: %s\r\n", until.Format(time.RFC1123Z))
		}
		if why.remote {
			fmt.Fprintf(w, "Diagnostic-Code: smtp; %s\r\n", strings.ReplaceAll(why.text, "\n", " "))
		}
	}
	return nil
}

func statusType(e *entry) string {
	if e.env.Mail.UTF8 {
		return "message/global-delivery-status" // RFC 6533 §4
	}
	return "message/delivery-status"
}

func whole(e *entry) bool { return !strings.EqualFold(e.env.Mail.Ret, "HDRS") }

func original(e *entry) string {
	switch {
	case !whole(e) && e.env.Mail.UTF8:
		return "message/global-headers" // RFC 6533 §4
	case !whole(e):
		return "text/rfc822-headers"
	case e.env.Mail.UTF8:
		return "message/global" // RFC 6532 §3.7
	}
	return "message/rfc822"
}

// returned is the letter, or its header if the sender asked for no more.
func returned(e *entry) []byte {
	if i := bytes.Index(e.data, []byte("\r\n\r\n")); !whole(e) && i >= 0 {
		return e.data[:i+2]
	}
	return e.data
}
