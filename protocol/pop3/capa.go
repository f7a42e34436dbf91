package pop3

import "strings"

// implementation names this server.
const implementation = "IMPLEMENTATION mailscope"

// capa answers CAPA: what the server offers beyond the minimum.
//
// RFC 2449 §5 and §6; AUTH-RESP-CODE RFC 3206 §5, UTF8 RFC 6856 §2.1, STLS
// RFC 2595 §4, SASL RFC 5034 §3. All are told in both states, so that nothing
// differs after the login; but TLS makes a difference.
func (s *session) capa(string) reply {
	offer := s.srv.Offer
	mechs := s.mechanisms()
	var items []string
	for _, c := range []struct {
		offered bool
		item    string
	}{
		{offer.Top, "TOP"},
		{offer.User && s.mayLogin(), "USER"},
		{len(mechs) > 0, "SASL " + strings.Join(mechs, " ")},
		{s.srv.hasSTLS() && s.conn.TLS() == nil, "STLS"},
		{offer.UIDL, "UIDL"},
		{offer.RespCodes, "RESP-CODES"},
		{offer.RespCodes, "AUTH-RESP-CODE"},
		{offer.Pipelining, "PIPELINING"},
		{offer.UTF8, "UTF8 USER"},
		{true, implementation},
	} {
		if c.offered {
			items = append(items, c.item)
		}
	}
	return list("capabilities follow", items)
}

// allowUTF8 answers UTF8. Letters are sent alike before and after it; see retr.
//
// RFC 6856 §2.1.
func (s *session) allowUTF8(string) reply { return ok("UTF8 enabled") }
