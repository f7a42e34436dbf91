package trace

import "github.com/go-faster/jx"

// The methods of this file read the value under one key of a payload, and
// pass over a value whose key they do not know.

func (p *Connect) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "service":
		return r.text(&p.Service)
	case "port":
		return r.count(&p.Port)
	case "fromAddr":
		return r.text(&p.FromAddr)
	case "toAddr":
		return r.text(&p.ToAddr)
	case "foreign":
		return r.flag(&p.Foreign)
	}
	return r.d.Skip()
}

func (p *Close) decodeField(r *decoder, key []byte) error {
	if string(key) == "reason" {
		return r.text(&p.Reason)
	}
	return r.d.Skip()
}

func (p *Refused) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "service":
		return r.text(&p.Service)
	case "port":
		return r.count(&p.Port)
	case "toAddr":
		return r.text(&p.ToAddr)
	case "reason":
		return r.text(&p.Reason)
	}
	return r.d.Skip()
}

func (p *Line) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "text":
		return r.text(&p.Text)
	case "role":
		return r.role(&p.Role)
	case "code":
		if r.d.Next() != jx.Number {
			return r.text(&p.Code)
		}
		code, err := r.d.Num()
		p.Code = r.intern(code)
		return err
	case "bytes":
		return r.count(&p.Bytes)
	case "encrypted":
		return r.flag(&p.Encrypted)
	}
	return r.d.Skip()
}

func (r *decoder) role(role *Role) error {
	var s string
	if err := r.text(&s); err != nil {
		return err
	}
	switch *role = Role(s); *role {
	case Command, Reply, Data:
		return nil
	}
	return want(`"command", "reply" or "data"`)
}

func (p *TLS) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "mode":
		return r.text(&p.Mode)
	case "version":
		return r.text(&p.Version)
	case "cipher":
		return r.text(&p.Cipher)
	case "serverName":
		return r.text(&p.ServerName)
	case "subject":
		return r.text(&p.Subject)
	case "issuer":
		return r.text(&p.Issuer)
	case "notBefore":
		return r.date(&p.NotBefore)
	case "notAfter":
		return r.date(&p.NotAfter)
	case "verified":
		return r.flag(&p.Verified)
	case "reason":
		return r.text(&p.Reason)
	case "discarded":
		return r.count(&p.Discarded)
	case "seen":
		p.Seen = nil
		return r.list(func() error {
			var rec Record
			err := r.object(func(key []byte) error { return rec.decodeField(r, key) })
			p.Seen = append(p.Seen, rec)
			return err
		})
	}
	return r.d.Skip()
}

func (p *Record) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "server":
		return r.flag(&p.Server)
	case "type":
		return r.text(&p.Type)
	case "version":
		return r.text(&p.Version)
	case "bytes":
		return r.count(&p.Bytes)
	case "messages":
		p.Messages = nil
		return r.texts(&p.Messages)
	}
	return r.d.Skip()
}

func (p *Lookup) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "name":
		return r.text(&p.Name)
	case "type":
		return r.text(&p.Type)
	case "rcode":
		return r.text(&p.RCode)
	case "answers":
		p.Answers = nil
		return r.texts(&p.Answers)
	case "ttl":
		return r.seconds(&p.TTL)
	case "cached":
		return r.flag(&p.Cached)
	}
	return r.d.Skip()
}

func (p *Queue) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "action":
		return r.text(&p.Action)
	case "id":
		return r.text(&p.ID)
	case "sender":
		return r.text(&p.Sender)
	case "recipients":
		p.Recipients = nil
		return r.texts(&p.Recipients)
	case "nextHop":
		return r.text(&p.NextHop)
	case "attempt":
		return r.count(&p.Attempt)
	case "next":
		return r.seconds(&p.Next)
	case "reason":
		return r.text(&p.Reason)
	case "length":
		return r.count(&p.Length)
	}
	return r.d.Skip()
}

func (p *Store) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "action":
		return r.text(&p.Action)
	case "mailbox":
		return r.text(&p.Mailbox)
	case "folder":
		return r.text(&p.Folder)
	case "to":
		return r.text(&p.To)
	case "uid":
		return r.text(&p.UID)
	case "bytes":
		return r.count(&p.Bytes)
	case "count":
		return r.count(&p.Count)
	case "flags":
		p.Flags = nil
		return r.texts(&p.Flags)
	case "total":
		return r.count(&p.Total)
	case "limit":
		return r.count(&p.Limit)
	}
	return r.d.Skip()
}

func (p *Device) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "action":
		return r.text(&p.Action)
	case "account":
		return r.text(&p.Account)
	case "subject":
		return r.text(&p.Subject)
	case "count":
		return r.count(&p.Count)
	case "new":
		return r.count(&p.New)
	case "text":
		return r.text(&p.Text)
	case "reason":
		return r.text(&p.Reason)
	case "folder":
		return r.text(&p.Folder)
	case "uid":
		return r.text(&p.UID)
	case "flags":
		p.Flags = nil
		return r.texts(&p.Flags)
	case "holds":
		return r.text(&p.Holds)
	case "size":
		return r.count(&p.Size)
	case "bytes":
		return r.count(&p.Bytes)
	case "offline":
		return r.count(&p.Offline)
	}
	return r.d.Skip()
}

func (p *Verdict) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "check":
		return r.text(&p.Check)
	case "source":
		return r.text(&p.Source)
	case "identity":
		return r.text(&p.Identity)
	case "value":
		return r.text(&p.Value)
	case "domain":
		return r.text(&p.Domain)
	case "addr":
		return r.text(&p.Addr)
	case "asked":
		p.Asked = nil
		return r.texts(&p.Asked)
	case "record":
		return r.text(&p.Record)
	case "term":
		return r.text(&p.Term)
	case "result":
		return r.text(&p.Result)
	case "aligned":
		p.Aligned = nil
		return r.texts(&p.Aligned)
	case "policy":
		return r.text(&p.Policy)
	case "score":
		return r.count(&p.Score)
	case "reason":
		return r.text(&p.Reason)
	case "field":
		return r.text(&p.Field)
	}
	return r.d.Skip()
}

func (p *Change) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "domain":
		return r.text(&p.Domain)
	case "key":
		return r.text(&p.Key)
	case "old":
		return r.text(&p.Old)
	case "new":
		return r.text(&p.New)
	}
	return r.d.Skip()
}

func (p *Fault) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "action":
		return r.text(&p.Action)
	case "type":
		return r.text(&p.Type)
	case "name":
		return r.text(&p.Name)
	case "detail":
		return r.text(&p.Detail)
	case "line":
		return r.text(&p.Line)
	}
	return r.d.Skip()
}

func (p *Note) decodeField(r *decoder, key []byte) error {
	switch string(key) {
	case "chapter":
		return r.flag(&p.Chapter)
	case "text":
		return r.words(&p.Text)
	case "step":
		return r.count(&p.Step)
	}
	return r.d.Skip()
}
