package mua

import (
	"testing"

	"github.com/emersion/go-message/mail"

	"mailscope/protocol/imap"
)

// TestRequests: which letters may have a receipt, and when it is strange that
// they want one.
func TestRequests(t *testing.T) {
	const path = "Return-Path: <a@x.test>\r\n"
	for _, tt := range []struct{ header, to, doubt string }{
		{path + "Disposition-Notification-To: A <a@x.test>\r\n", "a@x.test", ""},
		{path + "Disposition-Notification-To: A@X.test\r\n", "A@X.test", ""},
		{path + "Disposition-Notification-To: b@x.test\r\n", "b@x.test", "the return path is <a@x.test>"},
		{path + "Disposition-Notification-To: a@x.test, b@x.test\r\n", "a@x.test, b@x.test", "the return path is <a@x.test>"},
		{"Disposition-Notification-To: a@x.test\r\n", "a@x.test", "the return path is <>"},
		{"Return-Path: <>\r\nDisposition-Notification-To: a@x.test\r\n", "", ""},
		{path + "Disposition-Notification-To: nobody\r\n", "", ""},
		{path + "Disposition-Notification-To:\r\n", "", ""},
		{path + "Disposition-Notification-To: a@x.test\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n", "", ""},
		{path, "", ""},
		{"", "", ""},
	} {
		r, ok := requested(Kept{Data: []byte(tt.header + "\r\nHi\r\n")})
		if ok != (tt.to != "") || addressesOf(r.to) != tt.to && ok || r.doubt != tt.doubt {
			t.Errorf("%q: %v, to %q, doubt %q", tt.header, ok, addressesOf(r.to), r.doubt)
		}
	}
	report := &imap.Structure{Type: "multipart", Subtype: "report"}
	if _, ok := requested(Kept{Data: []byte(path + "Disposition-Notification-To: a@x.test\r\n\r\n"), structure: report}); ok {
		t.Error("a report, known by its structure, may have a receipt")
	}
}

// FuzzRequests wants addresses that can be written to.
func FuzzRequests(f *testing.F) {
	f.Add("Return-Path: <a@x.test>\r\nDisposition-Notification-To: A <a@x.test>\r\n\r\n")
	f.Fuzz(func(t *testing.T, letter string) {
		r, ok := requested(Kept{Data: []byte(letter)})
		if !ok {
			return
		}
		for _, a := range r.to {
			if again, err := mail.ParseAddress(a.String()); err != nil || again.Address != a.Address {
				t.Errorf("%q asks for %q: %v", letter, a.Address, err)
			}
		}
	})
}
