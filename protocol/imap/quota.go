package imap

// getQuota answers GETQUOTA.
//
// RFC 9208 §4.1.2.
func (s *session) getQuota(p *parser) result {
	p.sp()
	root := string(p.astring())
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	q := s.account.Quota()
	if root != q.Root || !q.limits() {
		return no("NONEXISTENT", "no such quota root")
	}
	s.tellQuota(q)
	return ok("GETQUOTA completed")
}

// limits tells whether there is a limit at all. Without one there is no quota
// root: a QUOTA response cannot be empty (RFC 9208 §7).
func (q Quota) limits() bool { return q.MaxSize > 0 || q.Max > 0 }

// getQuotaRoot answers GETQUOTAROOT: all mailboxes have one root.
//
// RFC 9208 §4.1.3.
func (s *session) getQuotaRoot(p *parser) result {
	p.sp()
	name := p.mailbox(s.out.utf8)
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if _, err := s.account.Status(name); err != nil {
		return s.failed("status of mailbox", err)
	}
	q := s.account.Quota()
	s.out.raw("* QUOTAROOT ")
	s.out.mailbox(name)
	if !q.limits() {
		s.out.end()
		return ok("GETQUOTAROOT completed")
	}
	s.out.octet(' ')
	s.out.astring(q.Root)
	s.out.end()
	s.tellQuota(q)
	return ok("GETQUOTAROOT completed")
}

// setQuota answers SETQUOTA: a user's limits are not for the user to set.
//
// RFC 9208 §4.1.4.
func (s *session) setQuota(p *parser) result {
	p.sp()
	p.astring()
	p.sp()
	p.list(func() {
		p.atom()
		p.sp()
		p.number64()
	})
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	return no("NOPERM", "only the administrator sets quotas")
}

// tellQuota tells what is used of each limit; octets are counted in units of
// 1024.
//
// RFC 9208 §4.2.1, §5.1, §5.2.
func (s *session) tellQuota(q Quota) {
	s.out.raw("* QUOTA ")
	s.out.astring(q.Root)
	s.out.raw(" (")
	if q.MaxSize > 0 {
		s.out.raw("STORAGE ")
		s.out.number((q.Storage + 1023) / 1024)
		s.out.octet(' ')
		s.out.number(q.MaxSize / 1024)
	}
	if q.Max > 0 {
		if q.MaxSize > 0 {
			s.out.octet(' ')
		}
		s.out.raw("MESSAGE ")
		s.out.number(int64(q.Messages))
		s.out.octet(' ')
		s.out.number(int64(q.Max))
	}
	s.out.octet(')')
	s.out.end()
}
