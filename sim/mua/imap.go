package mua

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mailscope/protocol/imap"
	"mailscope/protocol/sasl"
	"mailscope/sim/network"
	"mailscope/sim/trace"
)

// mirror gets mail by IMAP. The letters stay on the server, and the device
// mirrors what is there: heads first, and the rest when somebody asks for it.
// In between it idles, and is told what changes.
type mirror struct {
	*Device
	conn *network.Conn // nil while there is no connection
	c    *imap.Client
	at   *folder // that is selected; nil if none is
	home string  // the folder to which it returns
	nap  int     // counts how often it fell asleep

	folders map[string]*folder // what is known of them, by name
	uses    map[string]string  // names by special use, such as `\Sent`; nil until they were asked for
	todo    []change           // made without a network, in order
	leaving map[uint32]bool    // UIDs in the selected folder of letters that we move out of it
	came    int                // letters listed since this was last zero
	parting error              // what the server said when it said goodbye; nil if it did not
}

// folder is what the device knows of a folder.
type folder struct {
	name     string
	validity uint32
	modseq   uint64   // up to which changes are known; 0 if the server has none
	next     uint32   // every message with a lower UID is known
	uids     []uint32 // of the messages that are there, rising: one's place is its sequence number
}

const inbox = "INBOX"

func newMirror(d *Device) *mirror {
	return &mirror{Device: d, home: inbox, folders: map[string]*folder{}, leaving: map[uint32]bool{}}
}

// with does something over the connection, which is opened if there is none,
// and then has the device idle.
func (m *mirror) with(ctx context.Context, cut network.Cut, f func() error) error {
	if m.c != nil && m.awake() != nil { // it broke meanwhile
		m.drop()
	}
	err := m.connect(ctx, cut)
	if err == nil {
		err = f()
	}
	if !m.usable(err) {
		m.drop()
		return err
	}
	again := m.rest()
	if !m.usable(again) {
		m.drop()
	}
	return errors.Join(err, again)
}

// usable tells whether the session can go on after err.
func (m *mirror) usable(err error) bool {
	if m.c == nil || m.parting != nil {
		return false
	}
	refused, ok := errors.AsType[*imap.ReplyError](err)
	return err == nil || ok && refused.Status != "BYE" || errors.Is(err, ErrNoLetter)
}

// connect opens a session and makes up for what was done without one.
func (m *mirror) connect(ctx context.Context, cut network.Cut) error {
	if m.c != nil {
		return nil
	}
	conn, err := m.dial(ctx, m.fetches("imap"))
	if err != nil {
		return err
	}
	conn.CutAt(cut)
	o := conn.Wire()
	o.Timeout = m.Timeout
	m.conn, m.c, m.parting = conn, imap.NewClient(conn, o), nil
	m.c.OnUpdate = m.told
	if err := m.signIn(ctx); err != nil {
		m.drop()
		return err
	}
	return m.replay()
}

// signIn begins a session as mail programs do: what can the server do, who am
// I, which folders are there.
func (m *mirror) signIn(ctx context.Context) error {
	c := m.c
	c.Nonce = m.nonce()
	if err := m.secureFirst(m.Security, c.Secure); err != nil {
		return err
	}
	if _, err := c.Greet(ctx); err != nil {
		return err
	}
	if err := m.capabilities(); err != nil {
		return err
	}
	if err := m.secure(m.Security, func() bool { return c.Has("STARTTLS") }, c.StartTLS); err != nil {
		return err
	}
	if err := m.capabilities(); err != nil {
		return err
	}
	login, mech := c.Login, m.Auth
	if mech == NoAuth { // who fetches has to say whose mail
		mech = ""
	}
	if mech != "" || c.Has("LOGINDISABLED") {
		login = func(user, password string) error { return c.AuthenticateBy(cmp.Or(mech, sasl.Plain), user, password) }
	}
	if err := login(m.Account, m.Password); err != nil {
		return err
	}
	if err := m.capabilities(); err != nil {
		return err
	}
	if err := m.enable(); err != nil {
		return err
	}
	if m.uses == nil {
		return m.list()
	}
	return nil
}

// capabilities asks what the server can do, unless it has said so by itself.
func (m *mirror) capabilities() error {
	if m.c.Caps() != nil {
		return nil
	}
	_, err := m.c.Capability()
	return err
}

// enable turns on what this device makes use of: a browser, whose program is
// new, the new protocol; one that was here before, to be told what changed
// since.
//
// RFC 5161; IMAP4rev2 RFC 9051 §6.3.1, QRESYNC RFC 7162 §3.2.3.
func (m *mirror) enable() error {
	name := ""
	switch {
	case !m.c.Has("ENABLE"):
	case m.Browser && m.c.Has("IMAP4rev2"):
		name = "IMAP4rev2"
	case m.c.Has("QRESYNC") && m.remembers():
		name = "QRESYNC"
	}
	if name == "" {
		return nil
	}
	_, err := m.c.Enable(name)
	return err
}

// remembers tells whether the device knows a folder from an earlier session.
func (m *mirror) remembers() bool {
	for _, f := range m.folders {
		if f.modseq > 0 {
			return true
		}
	}
	return false
}

// list asks for the folders, and what each is for.
//
// RFC 6154 §2.
func (m *mirror) list() error {
	list, err := m.c.List(imap.ListOptions{Return: []string{"SPECIAL-USE"}}, "*")
	if err != nil {
		return err
	}
	m.uses = map[string]string{}
	for _, l := range list {
		for _, a := range l.Attrs {
			m.uses[a] = l.Name
		}
	}
	return nil
}

// called is the name of the folder with a special use, or else a usual one.
func (m *mirror) called(use string) string {
	if name := m.uses[use]; name != "" {
		return name
	}
	return strings.TrimPrefix(use, `\`)
}

// drop gives the connection up.
func (m *mirror) drop() {
	if m.c == nil {
		return
	}
	m.conn.OnArrival(nil)
	m.c.Close()
	m.c, m.conn, m.at = nil, nil, nil
	m.nap++
	clear(m.leaving)
}

// hangUp ends the session: with a word, or because the network is gone.
func (m *mirror) hangUp(politely bool) error {
	if m.c == nil {
		return nil
	}
	m.conn.OnArrival(nil)
	var err error
	if politely {
		if err = m.awake(); err == nil {
			err = m.c.Logout()
		}
	} else {
		m.conn.Break()
	}
	m.drop()
	if m.Browser {
		m.forgets()
	}
	return err
}

// abandon lets go of the connection when the world ends; nothing is recorded.
func (m *mirror) abandon() {
	if m.c != nil {
		m.conn.Abandon()
		m.drop()
	}
}

// forgets has a browser forget what its page showed.
func (m *mirror) forgets() {
	clear(m.folders)
	m.uses = nil
	m.home = inbox
	m.mu.Lock()
	m.kept = nil
	m.mu.Unlock()
}

// enter selects a folder, and takes in what changed there since it was last
// seen.
func (m *mirror) enter(name string) error {
	if m.at != nil && m.at.name == name {
		return nil
	}
	f := m.folders[name]
	if f == nil {
		f = &folder{name: name, next: 1}
	}
	var o imap.SelectOptions
	if m.c.Enabled("QRESYNC") && f.modseq > 0 {
		o.Resync = &imap.Resync{UIDValidity: f.validity, ModSeq: f.modseq, Known: imap.Nums(f.uids...)}
	}
	m.at = f
	box, err := m.c.Select(name, o)
	if err != nil {
		m.at = nil
		return err
	}
	if f.validity != box.UIDValidity {
		if f.validity != 0 { // another folder has this name now
			m.leaveAll(name)
		}
		*f = folder{name: name, next: 1, validity: box.UIDValidity}
	}
	m.folders[name] = f
	if o.Resync == nil && len(f.uids) > 0 && (f.modseq == 0 || f.modseq != box.HighestModSeq) {
		if err := m.compare(f); err != nil {
			return err
		}
	}
	f.modseq = box.HighestModSeq
	return m.news()
}

// compare asks for the flags of all messages that are known; one that does not
// come is gone.
func (m *mirror) compare(f *folder) error {
	there := map[uint32]bool{}
	known := imap.NumSet{Ranges: []imap.Range{{First: 1, Last: f.next - 1}}}
	err := m.c.Fetch(known, []imap.FetchItem{{Op: imap.FetchUID}, {Op: imap.FetchFlags}}, imap.FetchOptions{}, func(got *imap.Fetched) {
		there[got.UID] = true
		m.flagged(got)
	})
	if err != nil {
		return err
	}
	for _, uid := range slices.Clone(f.uids) {
		if !there[uid] {
			m.lose(uid)
		}
	}
	return nil
}

// head is what is asked of every new letter.
var head = []imap.FetchItem{{Op: imap.FetchUID}, {Op: imap.FetchFlags}, {Op: imap.FetchInternalDate}, {Op: imap.FetchSize},
	{Op: imap.FetchEnvelope}, {Op: imap.FetchStructure}}

// news fetches the heads of letters that are not known yet.
func (m *mirror) news() error {
	for f := m.at; f != nil && int(m.c.Selected().Messages) > len(f.uids); {
		before := len(f.uids)
		set := imap.NumSet{Ranges: []imap.Range{{First: f.next, Last: imap.Star}}}
		if err := m.c.Fetch(set, head, imap.FetchOptions{}, m.listed); err != nil {
			return err
		}
		if len(f.uids) == before { // gone again, or not to be had
			return nil
		}
	}
	return nil
}

// listed takes in the head of a letter.
func (m *mirror) listed(got *imap.Fetched) {
	f := m.at
	if got.UID < f.next || got.Envelope == nil { // "9:*" gives the last one too, whatever its number
		m.flagged(got)
		return
	}
	f.next = got.UID + 1
	f.uids = append(f.uids, got.UID)
	if i := m.find(f.name, got.UID); i >= 0 { // it was moved here from this device
		m.flagged(got)
		return
	}
	k := Kept{Folder: f.name, UID: f.unique(got.UID), Letter: m.conn.Letter(), Flags: sorted(got.Flags), Size: int(got.Size),
		Holds: trace.HoldsHeader, Data: headOf(got.Envelope), num: got.UID, structure: got.Structure}
	if m.Browser {
		k.Holds = ""
	}
	if k.structure == nil { // the server did not say
		k.structure = &imap.Structure{Type: "text", Subtype: "plain"}
	}
	m.insert(k)
	m.came++
	m.about(k, &trace.Device{Action: "listed", New: m.came})
}

// unique is the name of a message that no other ever has.
func (f *folder) unique(uid uint32) string { return fmt.Sprintf("%d.%d", f.validity, uid) }

// sorted is flags in order, without the one that is about the session alone.
func sorted(flags []string) []string {
	list := slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return strings.EqualFold(f, `\Recent`) })
	slices.Sort(list)
	return list
}

// fetch makes what the device shows of a folder what is there.
func (m *mirror) fetch(ctx context.Context, name string, cut network.Cut) (fetched int, err error) {
	m.came = 0
	if name != "" {
		m.home = name
	}
	if m.c != nil && m.c.Idling() && m.at.name == m.home && m.conn.Arriving() == 0 && !m.c.Pending() {
		return 0, nil // the server would have said so
	}
	err = m.with(ctx, cut, func() error { return m.enter(m.home) })
	return m.came, err
}

// quota asks how full the mailbox is.
func (m *mirror) quota(ctx context.Context) error {
	return m.with(ctx, network.Cut{}, func() error {
		_, err := m.c.QuotaOf(inbox)
		return err
	})
}

// leaveAll forgets the letters of a folder.
func (m *mirror) leaveAll(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = slices.DeleteFunc(m.kept, func(k Kept) bool { return k.Folder == name })
}

// knownFolders lists the folders of which something is known, by name.
func (m *mirror) knownFolders() []string { return slices.Sorted(maps.Keys(m.folders)) }
