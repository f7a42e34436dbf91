package lesson

import (
	"context"
	"strings"

	"mailscope/sim/mua"
)

// Sync has a device connect, fetch what is new in a folder, and stay connected
// to be told of changes. It may be given as the device's name.
type Sync struct {
	Device string `yaml:"device"`
	Folder string `yaml:"folder"` // "" is the one looked at last, at first the inbox

	short bool
}

// UnmarshalYAML reads the short form and the long one.
func (s *Sync) UnmarshalYAML(read func(any) error) error {
	var name string
	if read(&name) == nil {
		s.Device, s.short = name, true
		return nil
	}
	type long Sync
	return read((*long)(s))
}

func (s *Sync) who() (device, key string) {
	if s.short {
		return s.Device, "sync"
	}
	return s.Device, "sync.device"
}

func (s *Sync) check() (key, wrong string) { return "", "" }
func (s *Sync) do(ctx context.Context, p *player) error {
	p.world.Device(s.Device).Look(ctx, s.Folder)
	return nil
}

// Flag has a person put marks on a letter, or take them off.
type Flag struct {
	Which  `yaml:",inline"`
	Add    []string `yaml:"add"`
	Remove []string `yaml:"remove"`
}

func (s *Flag) who() (device, key string) { return s.Device, "flag.device" }

func (s *Flag) check() (key, wrong string) {
	if len(s.Add)+len(s.Remove) == 0 {
		return "flag", `want add or remove, with flags such as \Flagged`
	}
	for _, f := range append(s.Add, s.Remove...) {
		if name := strings.TrimPrefix(f, `\`); name == "" || strings.ContainsAny(name, " (){%*\"\\]") {
			return "flag", "no flag is called " + f
		}
	}
	return s.named("flag")
}

func (s *Flag) do(ctx context.Context, p *player) error {
	return s.with(p, func(d *mua.Device, i int) error { return d.Flag(ctx, i, s.Add, s.Remove) })
}

// Move has a person put a letter into another folder.
type Move struct {
	Which `yaml:",inline"`
	To    string `yaml:"to"`
}

func (s *Move) who() (device, key string) { return s.Device, "move.device" }

func (s *Move) check() (key, wrong string) {
	if s.To == "" {
		return "move.to", "want the name of a folder"
	}
	return s.named("move")
}

func (s *Move) do(ctx context.Context, p *player) error {
	return s.with(p, func(d *mua.Device, i int) error { return d.Move(ctx, i, s.To) })
}

// Attachment has a person open what comes with a letter: the next thing that
// is not on the device yet.
type Attachment struct{ Which }

// UnmarshalYAML reads which letter it is.
func (s *Attachment) UnmarshalYAML(read func(any) error) error { return read(&s.Which) }

func (s *Attachment) who() (device, key string)  { return s.Device, "attachment.device" }
func (s *Attachment) check() (key, wrong string) { return s.named("attachment") }
func (s *Attachment) do(ctx context.Context, p *player) error {
	return s.with(p, func(d *mua.Device, i int) error { return d.Attachment(ctx, i) })
}

// Folder has a person change the folders: one of the keys beside the device.
type Folder struct {
	Device      string `yaml:"device"`
	Create      string `yaml:"create"`
	Rename      string `yaml:"rename"`
	To          string `yaml:"to"` // the new name
	Delete      string `yaml:"delete"`
	Subscribe   string `yaml:"subscribe"`
	Unsubscribe string `yaml:"unsubscribe"`
}

func (s *Folder) who() (device, key string) { return s.Device, "folder.device" }

func (s *Folder) check() (key, wrong string) {
	set := 0
	for _, name := range []string{s.Create, s.Rename, s.Delete, s.Subscribe, s.Unsubscribe} {
		if name != "" {
			set++
		}
	}
	switch {
	case set != 1:
		return "folder", "want one of create, rename, delete, subscribe, unsubscribe"
	case (s.Rename == "") != (s.To == ""):
		return "folder.to", "want rename, and to with it"
	}
	return "", ""
}

func (s *Folder) do(ctx context.Context, p *player) error {
	p.world.Device(s.Device).Folder(ctx, mua.FolderChange{Create: s.Create, Rename: s.Rename, To: s.To, Delete: s.Delete, Subscribe: s.Subscribe, Unsubscribe: s.Unsubscribe})
	return nil
}

// Empty has a person remove everything from a folder.
type Empty struct {
	Device string `yaml:"device"`
	Folder string `yaml:"folder"`
}

func (s *Empty) who() (device, key string) { return s.Device, "empty.device" }

func (s *Empty) check() (key, wrong string) {
	if s.Folder == "" {
		return "empty.folder", "want the name of a folder"
	}
	return "", ""
}

func (s *Empty) do(ctx context.Context, p *player) error {
	p.world.Device(s.Device).Empty(ctx, s.Folder)
	return nil
}

// Quota has a person look how full the mailbox is.
type Quota string

func (s Quota) who() (device, key string)  { return string(s), "quota" }
func (s Quota) check() (key, wrong string) { return "", "" }
func (s Quota) do(ctx context.Context, p *player) error {
	p.world.Device(string(s)).Quota(ctx)
	return nil
}

// Close has a person close the mail program.
type Close string

func (s Close) who() (device, key string)  { return string(s), "close" }
func (s Close) check() (key, wrong string) { return "", "" }
func (s Close) do(_ context.Context, p *player) error {
	p.world.Device(string(s)).Leave()
	return nil
}
