package imap

// store answers STORE: it changes flags.
//
// RFC 9051 §6.4.6; UNCHANGEDSINCE RFC 7162 §3.1.3.
func (s *session) store(p *parser) result {
	p.sp()
	set := p.set()
	p.sp()
	unchangedSince := s.storeModifier(p)
	op, silent := p.storeOp()
	p.sp()
	flags := p.storeFlags()
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if s.view.readOnly {
		return no("READ-ONLY", "the mailbox is open to read only")
	}
	list, found := s.places(set)
	if !found {
		return badSequence
	}
	uids := s.view.uidsOf(list)
	now, modified, err := s.view.box.SetFlags(uids, op, flags, unchangedSince)
	if err != nil {
		return s.failed("store flags", err)
	}
	s.view.silence(now)
	if !silent || s.condstore { // RFC 7162 §3.1.3: the mod-sequence is told at any rate
		for _, m := range now {
			s.stored(m, silent)
		}
	}
	switch {
	case len(modified) > 0:
		return okCode("MODIFIED "+s.modified(modified).String(), "STORE completed, but for some")
	case len(now) < len(uids) && !s.uid:
		return no("EXPUNGEISSUED", "some of the messages are gone")
	}
	return ok("STORE completed")
}

// storeModifier takes "(UNCHANGEDSINCE 5) ".
func (s *session) storeModifier(p *parser) (unchangedSince uint64) {
	unchangedSince = NoModSeq
	if s.has("CONDSTORE") && p.peek() == '(' {
		p.fullList(func() {
			p.choose("UNCHANGEDSINCE", "UNCHANGEDSINCE")
			p.sp()
			unchangedSince = p.number64()
		})
		p.sp()
		s.condstore = true
	}
	return unchangedSince
}

// storeOp takes "+FLAGS.SILENT" and its kin.
func (p *parser) storeOp() (op FlagOp, silent bool) {
	op = SetFlags
	if p.skip('+') {
		op = AddFlags
	} else if p.skip('-') {
		op = RemoveFlags
	}
	return op, p.choose("FLAGS or FLAGS.SILENT", "FLAGS", "FLAGS.SILENT") == "FLAGS.SILENT"
}

// storeFlags takes flags, with parentheses or without.
func (p *parser) storeFlags() []string {
	if p.peek() == '(' {
		return p.flags()
	}
	list := []string{p.flag()}
	for p.more() {
		if list = append(list, p.flag()); len(list) > maxFlags {
			p.want("fewer flags")
		}
	}
	return list
}

// stored tells a message's flags after STORE, or only its mod-sequence.
func (s *session) stored(m *Message, silent bool) {
	i := s.view.index(m.UID)
	if i < 0 {
		return
	}
	if !silent {
		s.tellKeywords(m)
		s.fetched(i, m, s.uid || s.qresync)
		return
	}
	s.out.raw("* ")
	s.out.number(int64(i + 1))
	s.out.raw(" FETCH (")
	if s.uid || s.qresync {
		s.out.raw("UID ")
		s.out.number32(m.UID)
		s.out.octet(' ')
	}
	s.out.raw("MODSEQ (")
	s.out.number64(m.ModSeq)
	s.out.raw("))")
	s.out.end()
}

// modified is the set of messages that STORE left as they were.
func (s *session) modified(uids []uint32) NumSet {
	if s.uid {
		return Nums(uids...)
	}
	seqs := make([]uint32, len(uids))
	for i, uid := range uids {
		seqs[i] = uint32(s.view.index(uid) + 1)
	}
	return Nums(seqs...)
}

// expunge answers EXPUNGE, and UID EXPUNGE: messages that are marked as
// deleted are removed; sync tells which.
//
// RFC 9051 §6.4.3, §6.4.9.
func (s *session) expunge(p *parser) result {
	var uids []uint32
	if s.uid {
		p.sp()
		set := p.set()
		if p.err == nil {
			list, _ := s.places(set)
			uids = s.view.uidsOf(list)
		}
	}
	if p.end(); p.err != nil {
		return badSyntax(p.err)
	}
	if s.view.readOnly {
		return no("READ-ONLY", "the mailbox is open to read only")
	}
	if err := s.view.box.Expunge(uids); err != nil {
		return s.failed("expunge", err)
	}
	if s.qresync || s.condstore { // RFC 7162 §3.2.7
		return okCode("HIGHESTMODSEQ "+numberText(s.view.box.Status().HighestModSeq), "EXPUNGE completed")
	}
	return ok("EXPUNGE completed")
}
