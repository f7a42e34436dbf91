package mua

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"slices"
	"strings"

	"mailscope/protocol/imap"
	"mailscope/protocol/imap/letter"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// open fetches the text of a letter, unless it is here already, and marks the
// letter as read. What comes with the text stays on the server.
func (m *mirror) open(ctx context.Context, i int, show func(Kept) error) error {
	k, err := m.letter(i)
	if err != nil {
		return err
	}
	here := k.readable()
	if here {
		err = show(k)
	} else if m.away {
		err = ErrOffline
	}
	if err != nil || here && slices.Contains(k.Flags, imap.Seen) {
		return err
	}
	read := change{kind: marking, of: k.ref(), add: []string{imap.Seen}}
	if m.away {
		return m.later(read)
	}
	return m.with(ctx, network.Cut{}, func() error {
		if err := m.enter(k.Folder); err != nil {
			return err
		}
		if !here {
			if err := m.text(&k); err != nil {
				return err
			}
			if err := show(k); err != nil {
				return err
			}
		}
		if slices.Contains(k.Flags, imap.Seen) {
			return nil
		}
		return m.perform(read)
	})
}

// readable tells whether the text of the letter is here.
func (k *Kept) readable() bool { return k.Holds == trace.HoldsText || k.Holds == trace.HoldsWhole }

// text fetches the part of a letter that a person reads.
func (m *mirror) text(k *Kept) error {
	path, part := k.structure.TextPart()
	if part == nil {
		return m.got(k, nil)
	}
	data, fields, err := m.part(k, path, m.Receipts)
	if err != nil {
		return err
	}
	params := map[string]string{}
	for _, p := range part.Params {
		if p.Name == "charset" {
			params[p.Name] = p.Value
		}
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(k.Data, crlf))
	b.Write(bytes.TrimSuffix(fields, crlf))
	b.WriteString("Mime-Version: 1.0\r\n")
	field(&b, "Content-Type", mime.FormatMediaType(part.MediaType(), params))
	field(&b, "Content-Transfer-Encoding", part.Encoding)
	b.Write(crlf)
	b.Write(data)
	k.Data = b.Bytes()
	return m.got(k, path)
}

var crlf = []byte("\r\n")

// part fetches one part of a letter, and, if asked to, the fields by which it
// asks for a receipt.
//
// RFC 9051 §6.4.5: PEEK leaves \Seen to the program.
func (m *mirror) part(k *Kept, path []int, asking bool) (data, fields []byte, err error) {
	m.conn.SetLetter(k.Letter)
	defer m.conn.SetLetter("")
	item := imap.FetchItem{Op: imap.FetchBody, Peek: true, Section: letter.Section{Path: path}}
	items := []imap.FetchItem{item}
	if asking {
		items = append(items, requestFields)
	}
	err = m.c.Fetch(imap.Nums(k.num), items, imap.FetchOptions{}, func(f *imap.Fetched) {
		if octets := f.Whole(path...); f.UID == k.num && octets != nil {
			data = octets
		}
		for _, b := range f.Bodies {
			if f.UID == k.num && b.Section.What == letter.Fields {
				fields = b.Data
			}
		}
	})
	if err == nil && data == nil {
		err = ErrNoLetter
	}
	return data, fields, err
}

// got notes that a part of a letter is here.
func (m *mirror) got(k *Kept, path []int) error {
	k.parts = append(slices.Clone(k.parts), fmt.Sprint(path))
	text, _ := k.structure.TextPart()
	switch {
	case len(m.missing(k)) == 0:
		k.Holds = trace.HoldsWhole
	case slices.Contains(k.parts, fmt.Sprint(text)):
		k.Holds = trace.HoldsText
	}
	i := m.find(k.Folder, k.num)
	if i < 0 {
		return ErrNoLetter
	}
	if m.Browser { // which shows it and forgets it
		k.extra, k.parts, k.Holds = 0, nil, ""
	} else {
		m.update(i, *k)
	}
	m.about(*k, &trace.Device{Action: "fetched"})
	return nil
}

// missing lists the parts of a letter that are not here.
func (m *mirror) missing(k *Kept) (paths [][]int) {
	k.structure.Walk(func(path []int, part *imap.Structure) {
		if len(part.Parts) == 0 && part.Message == nil && !slices.Contains(k.parts, fmt.Sprint(path)) {
			paths = append(paths, path)
		}
	})
	return paths
}

// attachment fetches what comes with the text: the next part that is not here
// yet.
func (m *mirror) attachment(ctx context.Context, i int) error {
	k, err := m.letter(i)
	if err != nil {
		return err
	}
	text, _ := k.structure.TextPart()
	for _, path := range m.missing(&k) {
		if slices.Equal(path, text) {
			continue
		}
		if m.away {
			return ErrOffline
		}
		return m.with(ctx, network.Cut{}, func() error {
			if err := m.enter(k.Folder); err != nil {
				return err
			}
			data, _, err := m.part(&k, path, false)
			if err != nil {
				return err
			}
			k.extra += len(data)
			return m.got(&k, path)
		})
	}
	return nil
}

// headOf writes what an envelope tells as the header of a letter.
func headOf(e *imap.Envelope) []byte {
	var b bytes.Buffer
	addresses := func(list []imap.Address) string {
		var all []string
		for _, a := range list {
			switch {
			case a.Group:
			case a.Name != "":
				all = append(all, fmt.Sprintf("%s <%s>", phrase(a.Name), a.Addr()))
			default:
				all = append(all, a.Addr())
			}
		}
		return strings.Join(all, ", ")
	}
	field(&b, "Message-Id", e.MessageID)
	field(&b, "Date", e.Date)
	field(&b, "From", addresses(e.From))
	field(&b, "To", addresses(e.To))
	field(&b, "Cc", addresses(e.Cc))
	field(&b, "Subject", e.Subject)
	b.Write(crlf)
	return b.Bytes()
}

// field writes a field of a header on one line, if it has a value.
func field(b *bytes.Buffer, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s: %s\r\n", name, strings.NewReplacer("\r", "", "\n", "").Replace(value))
	}
}

// phrase is a name before an address; one that is no encoded word is quoted.
func phrase(name string) string {
	if strings.HasPrefix(name, "=?") {
		return name
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}
