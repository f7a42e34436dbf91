package explain

import "mailscope/sim/trace"

// tlsSections has, for each protocol, where its turn to TLS is described.
var tlsSections = map[string]string{
	"smtp": "RFC 3207 §4",
	"pop3": "RFC 2595 §4",
	"imap": "RFC 9051 §6.2.1",
}

// tls explains a handshake: what came of it, and whether the client knows with
// whom it speaks.
func (h *what) tls(b *trace.TLS) Explained {
	ex := Explained{RFC: tlsSections[h.event.Proto]}
	if b.Mode == "tls" {
		ex.RFC = "RFC 8314 §3"
	}
	kv := []any{"Version", b.Version, "Reason", Reason(h.lang, b.Reason)}
	switch {
	case b.Version == "" && b.Subject != "":
		ex.Sentence = h.t("tls.refused", kv...)
		ex.RFC = "RFC 8446 §4.4.2"
	case b.Version == "":
		ex.Sentence = h.t("tls.failed", kv...)
	case b.Discarded > 0:
		ex.Sentence = h.n("tls.discarded", b.Discarded, kv...)
	case b.Reason != "":
		ex.Sentence = h.t("tls.unproven", kv...)
		ex.RFC = "RFC 7435 §3"
	case b.Mode == "tls":
		ex.Sentence = h.t("tls.first", kv...)
	default:
		ex.Sentence = h.t("tls.done", kv...)
	}
	return ex
}
