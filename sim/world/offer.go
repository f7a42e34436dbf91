package world

import (
	"fmt"
	"slices"
	"strings"

	"mailscope/protocol/imap"
	"mailscope/protocol/smtp"
)

// offer reads a list of extension keywords.
func offer(words []string) (smtp.Offer, error) {
	o := smtp.Offer{}
	for _, w := range words {
		o.EHLO = true
		switch strings.ToUpper(w) {
		case "EHLO":
		case "SIZE":
			o.Size = true
		case "8BITMIME":
			o.EightBitMIME = true
		case "SMTPUTF8":
			o.SMTPUTF8 = true
		case "PIPELINING":
			o.Pipelining = true
		case "CHUNKING":
			o.Chunking = true
		case "DSN":
			o.DSN = true
		case "ENHANCEDSTATUSCODES":
			o.EnhancedCodes = true
		case "VRFY":
			o.VRFY = true
		case "HELP":
			o.Help = true
		default:
			return o, fmt.Errorf("no extension %q", w)
		}
	}
	return o, nil
}

// imapOffer reads a list of capabilities of IMAP.
func imapOffer(names []string) (imap.Offer, error) {
	offered := imap.Offer{}
	all := imap.Capabilities()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(c string) bool { return strings.EqualFold(c, name) }) {
			return nil, fmt.Errorf("want some of %s; got %q", strings.Join(all, ", "), name)
		}
		offered[strings.ToUpper(name)] = true
	}
	if !offered["IMAP4REV1"] && !offered["IMAP4REV2"] {
		return nil, fmt.Errorf("want IMAP4rev1 or IMAP4rev2 among them")
	}
	return offered, nil
}
