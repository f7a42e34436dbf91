package imap

import (
	"bytes"
	"time"
)

// appendLetter answers APPEND: a letter that the client puts into a mailbox.
//
// RFC 9051 §6.3.12; literal8 RFC 3516 §4.4; UTF8 RFC 6855 §4; APPENDUID RFC
// 4315 §3.
func (s *session) appendLetter(p *parser) result {
	p.sp()
	name := p.mailbox(s.out.utf8)
	p.sp()
	var flags []string
	if p.peek() == '(' {
		flags = p.flags()
		p.sp()
	}
	var date time.Time
	if p.peek() == '"' {
		date = p.dateTime()
		p.sp()
	}
	data := s.appended(p)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if len(data) == 0 { // RFC 9051 §6.3.12: it would be no letter
		return bad("the letter is empty")
	}
	if bytes.IndexByte(data, 0) >= 0 { // RFC 3516 §4.4: no literal of BODY[] could give it out
		return no("UNKNOWN-CTE", "a letter with NUL cannot be stored")
	}
	if date.IsZero() {
		date = s.srv.Now()
	}
	uid, err := s.account.Append(name, bytes.Clone(data), flags, date)
	if err != nil {
		return s.failedInto("append", err)
	}
	if !s.has("UIDPLUS") {
		return ok("APPEND completed")
	}
	return okCode(appendUID(uid), "APPEND completed")
}

// appended takes the letter itself.
func (s *session) appended(p *parser) []byte {
	if s.out.utf8 && p.word("UTF8") {
		p.sp()
		p.expect('(')
		p.expect('~')
		data := p.literal8()
		p.expect(')')
		return data
	}
	if s.has("BINARY") && p.skip('~') {
		return p.literal8()
	}
	if p.peek() != '{' {
		p.want("a literal")
	}
	return p.literal()
}

func appendUID(uid UID) string {
	e := encoder{}
	e.raw("APPENDUID ")
	e.number32(uid.Validity)
	e.octet(' ')
	e.number32(uid.Number)
	return string(e.buf)
}
