package explain

import (
	"strconv"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// faultSections has, for each type of fault, what the standards say to do
// about it.
var faultSections = map[string]string{
	"down":        "RFC 5321 §4.5.4.1",
	"power":       "RFC 5321 §6.1",
	"refused":     "RFC 9293 §3.10.7.1",
	"slow":        "RFC 5321 §4.5.3.2",
	"lossy":       "RFC 6298 §2",
	"cut":         "RFC 5321 §4.5.4.1",
	"reply":       "RFC 5321 §4.2.1",
	"disk":        "RFC 5321 §4.5.3.1.10",
	"certificate": "RFC 8314 §4.1",
	"strip":       "RFC 3207 §6",
	"dns":         "RFC 2308 §7",
}

// FaultType is what a type of fault is called. The name that somebody gave a
// fault is in the language of whoever gave it.
func FaultType(l words.Lang, typ string) string { return words.T(l, "window.fault.type."+typ) }

// fault explains what goes wrong on purpose.
func (h *what) fault(f *trace.Fault) Explained {
	key := "fault." + f.Action + "." + f.Type
	kv := []any{"Name", FaultType(h.lang, f.Type), "Detail", FaultDetail(h.lang, f.Detail), "Line", strconv.Quote(f.Line)}
	ex := Explained{Sentence: h.t(h.first(key, "fault."+f.Action, "fault.other"), kv...), RFC: faultSections[f.Type]}
	if f.Line != "" && f.Type != "power" { // there it was said or heard, and nothing came of it
		ex.Sentence += " " + h.t("fault.instead", kv...)
	}
	return ex
}
