package imap

import (
	"strings"
	"time"
)

// Forms of dates: RFC 3501 §9, date-time and date-text. The day of date-time
// takes two places, the first of which may be a space.
const (
	dateTimeForm = "_2-Jan-2006 15:04:05 -0700"
	dateForm     = "2-Jan-2006"
)

// dateTime takes a date and time in quotes.
func (p *parser) dateTime() time.Time {
	at := p.at
	t, err := time.Parse(dateTimeForm, strings.TrimLeft(string(p.quoted()), " "))
	if p.err == nil && err != nil {
		p.at = at
		p.want(`a date and time such as "25-Nov-2026 09:00:00 +0000"`)
	}
	return t
}

// date takes a day, which may stand in quotes: midnight UTC.
func (p *parser) date() time.Time {
	at := p.at
	t, err := time.Parse(dateForm, string(p.astring()))
	if p.err == nil && err != nil {
		p.at = at
		p.want("a date such as 25-Nov-2026")
	}
	return t
}
