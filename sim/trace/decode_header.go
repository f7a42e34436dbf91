package trace

import (
	"fmt"

	"github.com/go-faster/jx"
)

// header reads the first line of a recording. A line that does not even claim
// to be one is ErrForeign.
func (r *decoder) header(line []byte) (Header, error) {
	var (
		h       Header
		version int
	)
	if !claims(line) {
		return h, ErrForeign
	}
	r.d.ResetBytes(line)
	err := r.object(func(key []byte) error {
		switch string(key) {
		case "mailscope":
			return r.count(&version)
		case "lesson":
			return r.text(&h.Lesson)
		case "number":
			return r.count(&h.Number)
		case "title":
			return r.words(&h.Title)
		case "side":
			return r.text(&h.Side)
		case "start":
			return r.date(&h.Start)
		case "world":
			return r.world(&h.World)
		}
		return r.d.Skip()
	})
	if err == nil {
		err = r.end()
	}
	if err == nil && version != Version {
		err = &fieldError{"mailscope", fmt.Sprintf("recording of version %d; this program reads version %d", version, Version)}
	}
	return h, err
}

// claims tells whether a line is a JSON object with a number under the key
// "mailscope".
func claims(line []byte) bool {
	d := jx.DecodeBytes(line)
	found := false
	if d.Next() != jx.Object {
		return false
	}
	it, err := d.ObjIter()
	if err != nil {
		return false
	}
	for it.Next() {
		if string(it.Key()) == "mailscope" {
			found = d.Next() == jx.Number
		}
		if found || d.Skip() != nil {
			break
		}
	}
	return found
}

func (r *decoder) world(w *World) error {
	*w = World{}
	return r.object(func(key []byte) error {
		switch string(key) {
		case "domains":
			return r.list(func() error {
				d, err := r.domain()
				w.Domains = append(w.Domains, d)
				return err
			})
		case "hosts":
			return r.list(func() error {
				h, err := r.host()
				w.Hosts = append(w.Hosts, h)
				return err
			})
		case "eavesdropper":
			w.Eavesdropper = new(Eavesdropper)
			return r.eavesdropper(w.Eavesdropper)
		}
		return r.d.Skip()
	})
}

func (r *decoder) domain() (Domain, error) {
	var d Domain
	err := r.object(func(key []byte) error {
		switch string(key) {
		case "name":
			return r.text(&d.Name)
		case "title":
			return r.words(&d.Title)
		}
		return r.d.Skip()
	})
	return d, err
}

func (r *decoder) eavesdropper(v *Eavesdropper) error {
	return r.object(func(key []byte) error {
		switch string(key) {
		case "name":
			return r.text(&v.Name)
		case "title":
			return r.words(&v.Title)
		case "place":
			return r.words(&v.Place)
		case "hears":
			return r.texts(&v.Hears)
		}
		return r.d.Skip()
	})
}

func (r *decoder) host() (Host, error) {
	var h Host
	err := r.object(func(key []byte) error {
		switch string(key) {
		case "name":
			return r.text(&h.Name)
		case "addr":
			return r.text(&h.Addr)
		case "domain":
			return r.text(&h.Domain)
		case "kind":
			return r.hostKind(&h.Kind)
		case "title":
			return r.words(&h.Title)
		case "account":
			return r.text(&h.Account)
		case "receive":
			return r.text(&h.Receive)
		case "mx":
			return r.count(&h.MX)
		}
		return r.d.Skip()
	})
	return h, err
}

func (r *decoder) hostKind(kind *HostKind) error {
	var s string
	if err := r.text(&s); err != nil {
		return err
	}
	switch *kind = HostKind(s); *kind {
	case Server, DNS, Laptop, Phone, Browser, Foreign:
		return nil
	}
	return want(`"server", "dns", "laptop", "phone", "browser" or "foreign"`)
}
