package lesson

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mailscope/protocol/smtp"
	"mailscope/sim/fault"
	"mailscope/sim/mua"
	"mailscope/sim/network"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

// Step is one thing that happens. Exactly one of its keys but chapter is set,
// or chapter alone.
type Step struct {
	Chapter trace.Words    `yaml:"chapter"`
	Send    *Send          `yaml:"send"`
	Poll    *Poll          `yaml:"poll"`
	Read    *Read          `yaml:"read"`
	Delete  *Delete        `yaml:"delete"`
	Search  *Search        `yaml:"search"`
	Set     *Set           `yaml:"set"`
	Offline Offline        `yaml:"offline"` // device
	Online  Online         `yaml:"online"`  // device
	Lose    Lose           `yaml:"lose"`    // device
	Wait    world.Duration `yaml:"wait"`    // simulated
	Change  *Change        `yaml:"change"`

	Sync       *Sync       `yaml:"sync"`
	Flag       *Flag       `yaml:"flag"`
	Move       *Move       `yaml:"move"`
	Attachment *Attachment `yaml:"attachment"`
	Folder     *Folder     `yaml:"folder"`
	Empty      *Empty      `yaml:"empty"`
	Quota      Quota       `yaml:"quota"` // device
	Close      Close       `yaml:"close"` // device
	Sieve      *Sieve      `yaml:"sieve"`
	Type       *Type       `yaml:"type"`

	Fault    *Fault   `yaml:"fault"`
	Mend     Mend     `yaml:"mend"`      // name of a fault
	PowerOff PowerOff `yaml:"power_off"` // server
	PowerOn  PowerOn  `yaml:"power_on"`  // server
}

// act is what happens in a step.
type act interface {
	// who is the device that acts, and the key under which the step names it;
	// both are "" if none does.
	who() (device, key string)
	// check tells what is wrong, and with which key of the step; "" if nothing.
	check() (key, wrong string)
	// do has it happen. What a server refuses, or what the network does, is
	// part of the lesson and no error.
	do(ctx context.Context, p *player) error
}

// stepKeys are the keys of a step that bring an act.
const stepKeys = "send, poll, sync, read, attachment, flag, move, delete, folder, empty, search, quota, set, sieve, close, type, offline, online, lose, wait, change, fault, mend, power_off, power_on"

// acts lists the acts of a step; a step that is well has one, or a chapter.
func (s *Step) acts() (list []act) {
	add := func(is bool, a act) {
		if is {
			list = append(list, a)
		}
	}
	add(s.Send != nil, s.Send)
	add(s.Poll != nil, s.Poll)
	add(s.Read != nil, s.Read)
	add(s.Delete != nil, s.Delete)
	add(s.Search != nil, s.Search)
	add(s.Set != nil, s.Set)
	add(s.Offline != "", s.Offline)
	add(s.Online != "", s.Online)
	add(s.Lose != "", s.Lose)
	add(s.Wait != 0, pausing(s.Wait))
	add(s.Change != nil, s.Change)
	add(s.Sync != nil, s.Sync)
	add(s.Flag != nil, s.Flag)
	add(s.Move != nil, s.Move)
	add(s.Attachment != nil, s.Attachment)
	add(s.Folder != nil, s.Folder)
	add(s.Empty != nil, s.Empty)
	add(s.Quota != "", s.Quota)
	add(s.Close != "", s.Close)
	add(s.Sieve != nil, s.Sieve)
	add(s.Type != nil, s.Type)
	add(s.Fault != nil, s.Fault)
	add(s.Mend != "", s.Mend)
	add(s.PowerOff != "", s.PowerOff)
	add(s.PowerOn != "", s.PowerOn)
	return list
}

// Send has a device compose and submit a letter.
type Send struct {
	Device  string   `yaml:"device"`
	From    string   `yaml:"from"`   // what the letter says; "" is the device's owner
	Sender  string   `yaml:"sender"` // what the envelope says, likewise
	To      []string `yaml:"to"`
	Cc      []string `yaml:"cc"`
	Bcc     []string `yaml:"bcc"`
	Subject string   `yaml:"subject"`
	Text    string   `yaml:"text"`
	Attach  []Attach `yaml:"attach"`
	Receipt bool     `yaml:"receipt"` // asks to be told that it was read
	Notify  []string `yaml:"notify"`  // of what the sender wants to be told (RFC 3461 §4.1); nil leaves it to the servers
}

// Attach is a file that goes with a letter; what is in it is made up.
type Attach struct {
	Name   string `yaml:"name"`
	Octets int    `yaml:"octets"`
}

func (s *Send) who() (device, key string) { return s.Device, "send.device" }

func (s *Send) check() (key, wrong string) {
	if len(s.To)+len(s.Cc)+len(s.Bcc) == 0 {
		return "send.to", "a letter needs a recipient"
	}
	for _, a := range []struct{ key, address string }{{"send.from", s.From}, {"send.sender", s.Sender}} {
		if a.address != "" && !world.IsAddress(a.address) {
			return a.key, fmt.Sprintf(world.WantAddress, a.address)
		}
	}
	if _, ok := smtp.ParseNotify(strings.Join(s.Notify, ",")); len(s.Notify) > 0 && !ok {
		return "send.notify", fmt.Sprintf("want never alone, or some of success, failure, delay; got %q", s.Notify)
	}
	for i, a := range s.Attach {
		if a.Name == "" || a.Octets < 1 || a.Octets > mua.MaxAttached {
			return fmt.Sprintf("send.attach[%d]", i), fmt.Sprintf("want a name, and 1 to %d octets", mua.MaxAttached)
		}
	}
	return "", ""
}

// draft is the letter that the step's person writes.
func (s *Send) draft() mua.Draft {
	draft := mua.Draft{From: s.From, To: s.To, Cc: s.Cc, Bcc: s.Bcc, Subject: s.Subject, Text: s.Text, Receipt: s.Receipt}
	for _, a := range s.Attach {
		draft.Attach = append(draft.Attach, mua.Attachment(a))
	}
	return draft
}

func (s *Send) do(ctx context.Context, p *player) error {
	d := p.world.Device(s.Device)
	letter, err := d.Compose(s.draft())
	if err != nil {
		return err
	}
	letter.From = cmp.Or(s.Sender, letter.From)
	if len(s.Notify) > 0 {
		notify, _ := smtp.ParseNotify(strings.Join(s.Notify, ",")) // checked before
		for i := range letter.Rcpts {
			letter.Rcpts[i].Notify = notify
		}
	}
	p.sent[letter.ID] = letter
	d.Send(ctx, letter)
	return nil
}

// Poll has a device fetch its mail. It may be given as the device's name.
type Poll struct {
	Device string `yaml:"device"`
	Cut    *Cut   `yaml:"cut"`

	short bool
}

// Cut is the place at which the connection breaks.
type Cut struct {
	After string `yaml:"after"` // a line of the device, once it was answered; * stands for anything
	Bytes int    `yaml:"bytes"` // that came to the device
}

// UnmarshalYAML reads the short form and the long one.
func (s *Poll) UnmarshalYAML(read func(any) error) error {
	var name string
	if read(&name) == nil {
		s.Device, s.short = name, true
		return nil
	}
	type long Poll
	return read((*long)(s))
}

func (s *Poll) who() (device, key string) {
	if s.short {
		return s.Device, "poll"
	}
	return s.Device, "poll.device"
}

func (s *Poll) check() (key, wrong string) {
	if c := s.Cut; c != nil && (c.Bytes < 0 || (c.After == "") == (c.Bytes == 0)) {
		return "poll.cut", "want after, a line, or bytes, a number"
	}
	return "", ""
}

func (s *Poll) do(ctx context.Context, p *player) error {
	var place network.Cut
	if s.Cut != nil {
		place.Bytes = s.Cut.Bytes
		if s.Cut.After != "" {
			place.After = func(line string) bool { return fault.Like(s.Cut.After, line) }
		}
	}
	_, err := p.world.Device(s.Device).PollUntil(ctx, place)
	if s.Cut != nil && !errors.Is(err, network.ErrCut) {
		return errors.New("poll.cut: the conversation ended before it came there")
	}
	return nil
}

// Read has a person open a letter.
type Read struct {
	Which   `yaml:",inline"`
	Receipt mua.Consent `yaml:"receipt"` // what they answer if the letter asks for one
}

func (s *Read) who() (device, key string) { return s.Device, "read.device" }

func (s *Read) check() (key, wrong string) {
	switch s.Receipt {
	case mua.Unanswered, mua.SendReceipt, mua.DenyReceipt:
		return s.named("read")
	}
	return "read.receipt", fmt.Sprintf("want send or deny, got %q", s.Receipt)
}

func (s *Read) do(ctx context.Context, p *player) error {
	return s.with(p, func(d *mua.Device, i int) error { return d.ReadAndAnswer(ctx, i, s.Receipt) })
}

// Delete has a person delete a letter.
type Delete struct {
	Which   `yaml:",inline"`
	Expunge bool `yaml:"expunge"` // for good, and not into the trash
}

func (s *Delete) who() (device, key string)  { return s.Device, "delete.device" }
func (s *Delete) check() (key, wrong string) { return s.named("delete") }
func (s *Delete) do(ctx context.Context, p *player) error {
	return s.with(p, func(d *mua.Device, i int) error { return d.Delete(ctx, i, s.Expunge) })
}

// Which says which letter on which device is meant.
type Which struct {
	Device string `yaml:"device"`
	Folder string `yaml:"folder"` // "" is the inbox
	Letter int    `yaml:"letter"` // from 1, as the device lists them in the folder
	// Subject may stand for Letter; if the device has no such letter, that is
	// part of the lesson.
	Subject string `yaml:"subject"`
}

// named tells what is wrong with the way in which a letter is named.
func (w *Which) named(step string) (key, wrong string) {
	if w.Subject != "" {
		if w.Letter != 0 {
			return step + ".subject", "want letter or subject, not both"
		}
		return "", ""
	}
	return counted(step+".letter", w.Letter)
}

// with calls f with the device and the letter's place on it. What comes of it
// is part of the lesson, unless there is no such letter.
func (w *Which) with(p *player, f func(d *mua.Device, i int) error) error {
	d := p.world.Device(w.Device)
	folder := cmp.Or(w.Folder, "INBOX")
	if w.Subject != "" {
		if i, err := d.Titled(folder, w.Subject); err == nil {
			return mistaken(f(d, i))
		}
		return nil
	}
	i, err := d.Nth(folder, w.Letter)
	if err != nil {
		return err
	}
	return mistaken(f(d, i))
}

func counted(at string, letter int) (key, wrong string) {
	if letter < 1 {
		return at, fmt.Sprintf("letters are counted from 1, got %d", letter)
	}
	return "", ""
}

// mistaken is err if the lesson asks for what cannot be.
func mistaken(err error) error {
	if errors.Is(err, mua.ErrNoLetter) {
		return err
	}
	return nil
}

// Search has a person look for letters.
type Search struct {
	Device  string `yaml:"device"`
	Folder  string `yaml:"folder"` // "" is the inbox
	Text    string `yaml:"text"`   // anywhere in the letter
	Body    string `yaml:"body"`
	From    string `yaml:"from"`
	Subject string `yaml:"subject"`
	Since   string `yaml:"since"` // a day: 2026-09-01
	Before  string `yaml:"before"`
	Unseen  bool   `yaml:"unseen"`
	Flagged bool   `yaml:"flagged"`
	Larger  int    `yaml:"larger"` // octets
}

func (s *Search) who() (device, key string) { return s.Device, "search.device" }

func (s *Search) check() (key, wrong string) {
	for key, day := range map[string]string{"search.since": s.Since, "search.before": s.Before} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return key, "want a day such as 2026-09-01"
		}
	}
	switch {
	case s.Larger < 0:
		return "search.larger", "want a number of octets"
	case strings.TrimSpace(s.Text+s.Body+s.From+s.Subject+s.Since+s.Before) == "" && !s.Unseen && !s.Flagged && s.Larger == 0:
		return "search.text", "want something to look for"
	}
	return "", ""
}

func (s *Search) do(ctx context.Context, p *player) error {
	q := mua.Query{Folder: s.Folder, Text: s.Text, Body: s.Body, From: s.From, Subject: s.Subject, Unseen: s.Unseen, Flagged: s.Flagged, Larger: s.Larger}
	q.Since, _ = time.Parse(time.DateOnly, s.Since) // checked before; zero if there is none
	q.Before, _ = time.Parse(time.DateOnly, s.Before)
	p.world.Device(s.Device).Search(ctx, q)
	return nil
}

// Set has a person change settings of a device.
type Set struct {
	Device      string          `yaml:"device"`
	LeaveCopies *bool           `yaml:"leave_copies"`
	DeleteAfter *world.Duration `yaml:"delete_after"`
	Password    *string         `yaml:"password"`
	Security    *mua.Security   `yaml:"security"`
}

func (s *Set) who() (device, key string) { return s.Device, "set.device" }

func (s *Set) check() (key, wrong string) {
	switch {
	case s.LeaveCopies == nil && s.DeleteAfter == nil && s.Password == nil && s.Security == nil:
		return "set", "want leave_copies, delete_after, password or security"
	case s.DeleteAfter != nil && *s.DeleteAfter == world.Bad:
		return "set.delete_after", world.WantDuration
	case s.Security != nil && !s.Security.Known():
		return "set.security", mua.WantSecurity(string(*s.Security))
	}
	return "", ""
}

func (s *Set) do(_ context.Context, p *player) error {
	return p.world.Device(s.Device).Set(mua.Settings{LeaveCopies: s.LeaveCopies, DeleteAfter: (*time.Duration)(s.DeleteAfter), Password: s.Password, Security: s.Security})
}

// Offline takes a device's network away.
type Offline string

func (s Offline) who() (device, key string)  { return string(s), "offline" }
func (s Offline) check() (key, wrong string) { return "", "" }
func (s Offline) do(_ context.Context, p *player) error {
	return p.world.Device(string(s)).Connect(false)
}

// Online gives a device its network back.
type Online string

func (s Online) who() (device, key string)  { return string(s), "online" }
func (s Online) check() (key, wrong string) { return "", "" }
func (s Online) do(_ context.Context, p *player) error {
	return p.world.Device(string(s)).Connect(true)
}

// Lose has a device get lost, with all that is on it.
type Lose string

func (s Lose) who() (device, key string)             { return string(s), "lose" }
func (s Lose) check() (key, wrong string)            { return "", "" }
func (s Lose) do(_ context.Context, p *player) error { return p.world.Device(string(s)).Lose() }

// pausing lets simulated time pass, with what is due meanwhile.
type pausing world.Duration

func (s pausing) who() (device, key string) { return "", "" }

func (s pausing) check() (key, wrong string) {
	if world.Duration(s) == world.Bad {
		return "wait", world.WantDuration
	}
	return "", ""
}

func (s pausing) do(ctx context.Context, p *player) error {
	return p.clock.Run(ctx, p.clock.Now()+time.Duration(s))
}
