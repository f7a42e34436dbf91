package imap

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// A letter with an attachment, a forwarded letter, and names in Cyrillic.
const nestedLetter = `Date: Sun, 1 Mar 2026 10:00:00 +0300
From: =?UTF-8?B?0JDQvdC90LA=?= <anna@romashka.example>
To: "Vera \"V.\" K." <vera@rocket.example>, team: a@x.example, b@x.example;
Subject: =?UTF-8?B?0J7RgtGH0ZHRgg==?=
Message-ID: <1@romashka.example>
Content-Type: multipart/mixed; boundary=o

--o
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

0J/RgNC40LLQtdGC
--o
Content-Type: message/rfc822

Subject: inner
Content-Type: text/html

<p>inner
--o
Content-Type: application/pdf; name=a.pdf
Content-Disposition: attachment; filename=a.pdf
Content-Transfer-Encoding: base64

AAECAw==
--o--
`

func TestFetch(t *testing.T) {
	nested := strings.ReplaceAll(nestedLetter, "\n", "\r\n")
	header, _, _ := strings.Cut(nested, "\r\n\r\n")
	for name, c := range map[string]struct {
		set     goimap.NumSet
		options goimap.FetchOptions
		want    []imapclient.FetchMessageBuffer
	}{
		"flags": {goimap.SeqSet{{Start: 1, Stop: 0}}, goimap.FetchOptions{Flags: true, UID: true},
			[]imapclient.FetchMessageBuffer{{SeqNum: 1, UID: 1, Flags: []goimap.Flag{`\Recent`}}, {SeqNum: 2, UID: 2, Flags: []goimap.Flag{`\Recent`}}}},
		"scalars": {goimap.UIDSetNum(2, 99), goimap.FetchOptions{InternalDate: true, RFC822Size: true, ModSeq: true},
			[]imapclient.FetchMessageBuffer{{SeqNum: 2, UID: 2, InternalDate: time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("", 3*3600)),
				RFC822Size: int64(len(nested)), ModSeq: 3}}},
		"none":          {goimap.UIDSetNum(99), goimap.FetchOptions{Flags: true}, nil},
		"changed":       {goimap.SeqSet{{Start: 1, Stop: 0}}, goimap.FetchOptions{UID: true, ChangedSince: 2}, []imapclient.FetchMessageBuffer{{SeqNum: 2, UID: 2, ModSeq: 3}}},
		"whole":         section(nested, nil, goimap.FetchItemBodySection{}),
		"header":        section(header+"\r\n\r\n", nil, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierHeader}),
		"text":          section(nested[len(header)+4:], nil, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierText}),
		"fields":        section("Subject: =?UTF-8?B?0J7RgtGH0ZHRgg==?=\r\n\r\n", nil, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierHeader, HeaderFields: []string{"SUBJECT", "X-None"}}),
		"other fields":  section("Message-ID: <1@romashka.example>\r\n\r\n", nil, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierHeader, HeaderFieldsNot: []string{"date", "from", "to", "subject", "content-type"}}),
		"part":          section("0J/RgNC40LLQtdGC", []int{1}, goimap.FetchItemBodySection{}),
		"part's MIME":   section("Content-Type: message/rfc822\r\n\r\n", []int{2}, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierMIME}),
		"inner header":  section("Subject: inner\r\nContent-Type: text/html\r\n\r\n", []int{2}, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierHeader}),
		"inner part":    section("<p>inner", []int{2, 1}, goimap.FetchItemBodySection{}),
		"no part":       section("", []int{4}, goimap.FetchItemBodySection{}),
		"partial":       section("-Type", []int{2}, goimap.FetchItemBodySection{Specifier: goimap.PartSpecifierMIME, Partial: &goimap.SectionPartial{Offset: 7, Size: 5}}),
		"past the end":  section("", []int{1}, goimap.FetchItemBodySection{Partial: &goimap.SectionPartial{Offset: 1000, Size: 5}}),
		"over the end":  section("GC", []int{1}, goimap.FetchItemBodySection{Partial: &goimap.SectionPartial{Offset: 14, Size: 500}}),
		"binary":        binary("Привет", 1),
		"binary octets": binary("\x00\x01\x02\x03", 3),
		"binary size": {goimap.SeqSetNum(2), goimap.FetchOptions{BinarySectionSize: []*goimap.FetchItemBinarySectionSize{{Part: []int{3}}}},
			[]imapclient.FetchMessageBuffer{{SeqNum: 2, BinarySectionSize: []imapclient.FetchItemDataBinarySectionSize{{Part: []int{3}, Size: 4}}}}},
	} {
		for _, rev2 := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", rev2), func(t *testing.T) {
				s := serveMemory(t)
				s.fill(t, inbox, "Subject: plain\n\ntext\n", nestedLetter)
				client := s.signIn(t, nil)
				if rev2 {
					got(t)(client.Enable(goimap.CapIMAP4rev2).Wait())
				}
				got(t)(client.Select("INBOX", nil).Wait())
				list := got(t)(client.Fetch(c.set, &c.options).Collect()).([]*imapclient.FetchMessageBuffer)
				if len(list) != len(c.want) {
					t.Fatalf("%d messages, want %d", len(list), len(c.want))
				}
				for i, m := range list {
					want := c.want[i]
					if rev2 && want.Flags != nil {
						want.Flags = nil
					}
					if !m.InternalDate.Equal(want.InternalDate) {
						t.Errorf("date %v, want %v", m.InternalDate, want.InternalDate)
					}
					m.InternalDate = want.InternalDate
					same(t, "message", *m, want)
				}
			})
		}
	}
}

// section is a test of fetching one section of message 2, without setting \Seen.
func section(text string, part []int, item goimap.FetchItemBodySection) (c struct {
	set     goimap.NumSet
	options goimap.FetchOptions
	want    []imapclient.FetchMessageBuffer
}) {
	item.Part, item.Peek = part, true
	told := item
	told.Peek = false
	if told.Partial != nil {
		told.Partial = &goimap.SectionPartial{Offset: told.Partial.Offset}
	}
	c.set, c.options.BodySection = goimap.SeqSetNum(2), []*goimap.FetchItemBodySection{&item}
	octets := []byte(text)
	if text == "" && item.Partial == nil {
		octets = nil // NIL: there is no such section
	}
	c.want = []imapclient.FetchMessageBuffer{{SeqNum: 2, BodySection: []imapclient.FetchBodySectionBuffer{{Section: &told, Bytes: octets}}}}
	return c
}

// binary is a test of fetching one part of message 2, decoded. A stretch of it
// is more than go-imap's client understands.
func binary(text string, part int) (c struct {
	set     goimap.NumSet
	options goimap.FetchOptions
	want    []imapclient.FetchMessageBuffer
}) {
	item := goimap.FetchItemBinarySection{Part: []int{part}}
	c.set, c.options.BinarySection = goimap.SeqSetNum(2), []*goimap.FetchItemBinarySection{{Part: item.Part, Peek: true}}
	c.want = []imapclient.FetchMessageBuffer{{SeqNum: 2, BinarySection: []imapclient.FetchBinarySectionBuffer{{Section: &item, Bytes: []byte(text)}}}}
	return c
}

func TestFetchMarksSeen(t *testing.T) {
	s := serveMemory(t)
	s.fill(t, inbox, "Subject: a\n\na\n", "Subject: b\n\nb\n")
	c := s.open(t, "INBOX", nil)
	refused(t, c.Fetch(goimap.SeqSetNum(3), &goimap.FetchOptions{Flags: true}).Close(), "")
	// Without PEEK, the letter is seen, and told to be.
	list := got(t)(c.Fetch(goimap.SeqSetNum(1), &goimap.FetchOptions{BodySection: []*goimap.FetchItemBodySection{{}}}).Collect()).([]*imapclient.FetchMessageBuffer)
	same(t, "flags", list[0].Flags, []goimap.Flag{`\Seen`, `\Recent`})
	other := s.signIn(t, nil)
	got(t)(other.Select("INBOX", &goimap.SelectOptions{ReadOnly: true}).Wait())
	list = got(t)(other.Fetch(goimap.SeqSetNum(2), &goimap.FetchOptions{Flags: true, BodySection: []*goimap.FetchItemBodySection{{}}}).Collect()).([]*imapclient.FetchMessageBuffer)
	same(t, "flags when read only", list[0].Flags, []goimap.Flag(nil))
}

func TestEnvelopeAndStructure(t *testing.T) {
	for _, rev2 := range []bool{false, true} {
		s := serveMemory(t)
		s.fill(t, inbox, nestedLetter, "\n\n", "Subject: \nFrom: <>\n\n", "Content-Type: multipart/mixed\n\nno boundary\n",
			"Content-Type: text\nContent-Disposition: ;\nContent-Language: de, en\n\n\xd0\xbf\n", "Subject: 8bit Привет\n\n")
		c := s.signIn(t, nil)
		if rev2 {
			got(t)(c.Enable(goimap.CapIMAP4rev2).Wait())
		}
		got(t)(c.Select("INBOX", nil).Wait())
		list := got(t)(c.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{Envelope: true,
			BodyStructure: &goimap.FetchItemBodyStructure{Extended: true}}).Collect()).([]*imapclient.FetchMessageBuffer)
		same(t, "messages", len(list), 6)
		env := list[0].Envelope
		same(t, "subject", env.Subject, "Отчёт")
		same(t, "from", env.From, []goimap.Address{{Name: "Анна", Mailbox: "anna", Host: "romashka.example"}})
		same(t, "sender", env.Sender, env.From)
		same(t, "to", env.To, []goimap.Address{{Name: `Vera "V." K.`, Mailbox: "vera", Host: "rocket.example"},
			{Mailbox: "team"}, {Mailbox: "a", Host: "x.example"}, {Mailbox: "b", Host: "x.example"}, {}})
		same(t, "id", env.MessageID, "1@romashka.example")
		if want := time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC); !env.Date.Equal(want) {
			t.Errorf("date %v", env.Date)
		}
		same(t, "8bit subject", list[5].Envelope.Subject, "8bit Привет")
		var types []string
		for _, m := range list {
			m.BodyStructure.Walk(func(path []int, part goimap.BodyStructure) bool {
				types = append(types, fmt.Sprint(path, part.MediaType()))
				return true
			})
		}
		same(t, "structure", types, []string{"[]multipart/mixed", "[1]text/plain", "[2]message/rfc822", "[3]application/pdf",
			"[1]text/plain", "[1]text/plain", "[1]text/plain", "[1]text/plain", "[1]text/plain"})
		pdf := list[0].BodyStructure.(*goimap.BodyStructureMultiPart).Children[2].(*goimap.BodyStructureSinglePart)
		same(t, "attachment", pdf.Disposition(), &goimap.BodyStructureDisposition{Value: "attachment", Params: map[string]string{"filename": "a.pdf"}})
	}
}

func TestSearch(t *testing.T) {
	s := serveMemory(t)
	s.fill(t, inbox,
		"From: ana@x.example\nDate: 1 Feb 2026 23:00 -0500\nSubject: first\n\nhello\n",
		"From: vera@x.example\nTo: ana@x.example\nSubject: =?UTF-8?B?0J7RgtGH0ZHRgg==?=\n\nПривет\n",
		"From: vera@x.example\nCc: boss@x.example\nX-Mark: yes\nSubject: Re: first\n\n"+strings.Repeat("long\n", 100),
		nestedLetter)
	box, _ := s.memory["ana"].Open(inbox)
	box.SetFlags([]uint32{2}, AddFlags, []string{Seen, Flagged, "$Work"}, NoModSeq)
	box.SetFlags([]uint32{3}, AddFlags, []string{Deleted, Answered, Draft}, NoModSeq)
	box.SetFlags([]uint32{1}, AddFlags, []string{Deleted}, NoModSeq)
	box.Expunge([]uint32{1}) // so that UIDs are not sequence numbers
	s.fill(t, inbox, "From: ana@x.example\nDate: 1 Feb 2026 23:00 -0500\nSubject: last\n\nhello\n")

	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	header := func(key, value string) goimap.SearchCriteria {
		return goimap.SearchCriteria{Header: []goimap.SearchCriteriaHeaderField{{Key: key, Value: value}}}
	}
	for name, c := range map[string]struct {
		criteria goimap.SearchCriteria
		want     []uint32
	}{
		"all":            {goimap.SearchCriteria{}, []uint32{1, 2, 3, 4}},
		"set":            {goimap.SearchCriteria{SeqNum: []goimap.SeqSet{{{Start: 3, Stop: 0}}}}, []uint32{3, 4}},
		"uids":           {goimap.SearchCriteria{UID: []goimap.UIDSet{goimap.UIDSetNum(1, 2, 5)}}, []uint32{1, 4}},
		"the last":       {goimap.SearchCriteria{SeqNum: []goimap.SeqSet{{{}}}}, []uint32{4}},
		"above the last": {goimap.SearchCriteria{UID: []goimap.UIDSet{{{Start: 50, Stop: 0}}}}, []uint32{4}},
		"no UID":         {goimap.SearchCriteria{UID: []goimap.UIDSet{{{Start: 50, Stop: 60}}}}, nil},
		"since":          {goimap.SearchCriteria{Since: day(3)}, []uint32{2, 3}},
		"before":         {goimap.SearchCriteria{Before: day(3)}, []uint32{1, 4}},
		"on":             {goimap.SearchCriteria{Since: day(3), Before: day(4)}, []uint32{2}},
		"sent before":    {goimap.SearchCriteria{SentBefore: day(1)}, []uint32{4}},
		"sent since":     {goimap.SearchCriteria{SentSince: day(1)}, []uint32{3}},
		"sent on":        {goimap.SearchCriteria{SentSince: day(1), SentBefore: day(2)}, []uint32{3}},
		"from":           {header("From", "VERA@"), []uint32{1, 2}},
		"to":             {header("To", "ana@"), []uint32{1}},
		"cc":             {header("Cc", "boss"), []uint32{2}},
		"bcc":            {header("Bcc", "boss"), nil},
		"subject":        {header("Subject", "отч"), []uint32{1, 3}},
		"field":          {header("X-Mark", "YES"), []uint32{2}},
		"field there":    {header("X-Mark", ""), []uint32{2}},
		"body":           {goimap.SearchCriteria{Body: []string{"ПРИВЕТ"}}, []uint32{1, 3}},
		"text":           {goimap.SearchCriteria{Text: []string{"x-mark"}}, []uint32{2}},
		"two texts":      {goimap.SearchCriteria{Text: []string{"vera", "long"}}, []uint32{2}},
		"flag":           {goimap.SearchCriteria{Flag: []goimap.Flag{goimap.FlagSeen, goimap.FlagFlagged}}, []uint32{1}},
		"no flag":        {goimap.SearchCriteria{NotFlag: []goimap.Flag{goimap.FlagSeen, goimap.FlagDeleted}}, []uint32{3, 4}},
		"draft":          {goimap.SearchCriteria{Flag: []goimap.Flag{goimap.FlagDraft, goimap.FlagAnswered}}, []uint32{2}},
		"keyword":        {goimap.SearchCriteria{Flag: []goimap.Flag{"$WORK"}}, []uint32{1}},
		"no keyword":     {goimap.SearchCriteria{NotFlag: []goimap.Flag{"$Work"}}, []uint32{2, 3, 4}},
		"larger":         {goimap.SearchCriteria{Larger: 400}, []uint32{2, 3}},
		"smaller":        {goimap.SearchCriteria{Smaller: 90}, []uint32{4}},
		"not":            {goimap.SearchCriteria{Not: []goimap.SearchCriteria{header("From", "vera")}}, []uint32{3, 4}},
		"or":             {goimap.SearchCriteria{Or: [][2]goimap.SearchCriteria{{header("From", "vera"), header("Subject", "last")}}}, []uint32{1, 2, 4}},
		"mod-sequence":   {goimap.SearchCriteria{ModSeq: &goimap.SearchCriteriaModSeq{ModSeq: 7}}, []uint32{2, 4}},
		"entry":          {goimap.SearchCriteria{ModSeq: &goimap.SearchCriteriaModSeq{ModSeq: 7, MetadataName: `/flags/\draft`, MetadataType: "all"}}, []uint32{2, 4}},
		"too few":        {goimap.SearchCriteria{SeqNum: []goimap.SeqSet{goimap.SeqSetNum(9)}}, nil},
		"nothing at all": {header("Subject", "nothing"), nil},
	} {
		for _, rev2 := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", rev2), func(t *testing.T) {
				client := s.signIn(t, nil)
				if rev2 {
					got(t)(client.Enable(goimap.CapIMAP4rev2).Wait())
				}
				got(t)(client.Select("INBOX", nil).Wait())
				found := got(t)(client.Search(&c.criteria, nil).Wait()).(*goimap.SearchData)
				same(t, "search", found.AllSeqNums(), c.want)
				if asked := c.criteria.ModSeq != nil; asked != (found.ModSeq == 10) {
					t.Errorf("mod-sequence %d", found.ModSeq)
				}
				var uids []goimap.UID
				for _, n := range c.want {
					uids = append(uids, goimap.UID(n+1))
				}
				same(t, "UID search", got(t)(client.UIDSearch(&c.criteria, nil).Wait()).(*goimap.SearchData).AllUIDs(), uids)
				all := got(t)(client.UIDSearch(&c.criteria, &goimap.SearchOptions{ReturnAll: true, ReturnCount: true, ReturnMin: true, ReturnMax: true}).Wait()).(*goimap.SearchData)
				same(t, "count", all.Count, uint32(len(c.want)))
				if len(uids) > 0 {
					same(t, "ESEARCH", all.AllUIDs(), uids)
					same(t, "min and max", []goimap.UID{goimap.UID(all.Min), goimap.UID(all.Max)}, []goimap.UID{uids[0], uids[len(uids)-1]})
				}
			})
		}
	}
}

func TestSortAndThread(t *testing.T) {
	s := serveMemory(t)
	s.fill(t, inbox,
		"From: vera@x.example\nTo: c@x.example\nDate: 3 Feb 2026 10:00 +0000\nSubject: Report\nMessage-ID: <1@x>\n\n",
		"From: ana@x.example\nCc: b@x.example\nDate: 1 Feb 2026 10:00 +0000\nSubject: Zebra\nMessage-ID: <2@x>\n\nlong long\n",
		"From: boss@x.example\nTo: a@x.example\nDate: 5 Feb 2026 10:00 +0000\nSubject: Re: Report\nMessage-ID: <3@x>\nReferences: <1@x>\n\n",
		"From: boss@x.example\nDate: 6 Feb 2026 10:00 +0000\nSubject: [list] re: report\nMessage-ID: <4@x>\nIn-Reply-To: <1@x>\n\n")
	c := s.open(t, "INBOX", nil)
	for _, sort := range []struct {
		keys []imapclient.SortCriterion
		want []uint32
	}{
		{[]imapclient.SortCriterion{{Key: "DATE"}}, []uint32{2, 1, 3, 4}},
		{[]imapclient.SortCriterion{{Key: "ARRIVAL", Reverse: true}}, []uint32{4, 3, 2, 1}},
		{[]imapclient.SortCriterion{{Key: "FROM"}, {Key: "DATE", Reverse: true}}, []uint32{2, 4, 3, 1}},
		{[]imapclient.SortCriterion{{Key: "SUBJECT"}, {Key: "TO"}}, []uint32{4, 3, 1, 2}},
		{[]imapclient.SortCriterion{{Key: "CC", Reverse: true}}, []uint32{2, 1, 3, 4}},
		{[]imapclient.SortCriterion{{Key: "SIZE"}}, nil},
		{[]imapclient.SortCriterion{{Key: "DISPLAYFROM"}}, []uint32{2, 3, 4, 1}},
	} {
		seqs := got(t)(c.Sort(&imapclient.SortOptions{SearchCriteria: &goimap.SearchCriteria{}, SortCriteria: sort.keys}).Wait()).([]uint32)
		if sort.want == nil {
			slices.Sort(seqs)
			sort.want = []uint32{1, 2, 3, 4}
		}
		same(t, fmt.Sprint("sort by ", sort.keys), seqs, sort.want)
	}
	uids := got(t)(c.UIDSort(&imapclient.SortOptions{SearchCriteria: &goimap.SearchCriteria{Text: []string{"report"}}, SortCriteria: []imapclient.SortCriterion{{Key: "DATE", Reverse: true}}}).Wait())
	same(t, "UID sort", uids, []uint32{4, 3, 1})
	_, err := c.Sort(&imapclient.SortOptions{SearchCriteria: &goimap.SearchCriteria{}, SortCriteria: []imapclient.SortCriterion{{Key: "COLOUR"}}}).Wait()
	refused(t, err, "")

	all := &goimap.SearchCriteria{}
	threads := got(t)(c.Thread(&imapclient.ThreadOptions{Algorithm: goimap.ThreadReferences, SearchCriteria: all}).Wait())
	same(t, "threads", threads, []imapclient.ThreadData{{Chain: []uint32{2}}, {Chain: []uint32{1}, SubThreads: []imapclient.ThreadData{{Chain: []uint32{3}}, {Chain: []uint32{4}}}}})
	threads = got(t)(c.UIDThread(&imapclient.ThreadOptions{Algorithm: goimap.ThreadOrderedSubject, SearchCriteria: all}).Wait())
	same(t, "threads by subject", threads, []imapclient.ThreadData{{Chain: []uint32{2}}, {Chain: []uint32{1}, SubThreads: []imapclient.ThreadData{{Chain: []uint32{3}}, {Chain: []uint32{4}}}}})
	threads = got(t)(c.Thread(&imapclient.ThreadOptions{Algorithm: goimap.ThreadReferences, SearchCriteria: &goimap.SearchCriteria{Text: []string{"nothing"}}}).Wait())
	same(t, "no threads", threads, []imapclient.ThreadData(nil))
}
