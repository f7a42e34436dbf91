package sieve

import (
	"slices"
	"strings"
)

// maxFlags is how many flags the internal variable holds.
const maxFlags = 128

// flagList reads lists of flags: several may stand in one string, parted by
// spaces. What is no flag is passed over, and so is a flag that is there
// already, whatever its case.
//
// RFC 5232 §2.
func flagList(texts []string) (list []string) {
	for _, text := range texts {
		for _, f := range strings.Fields(text) {
			if validFlag(f) && !hasFlag(list, f) && len(list) < maxFlags {
				list = append(list, f)
			}
		}
	}
	return list
}

func hasFlag(list []string, flag string) bool {
	return slices.ContainsFunc(list, func(f string) bool { return strings.EqualFold(f, flag) })
}

// validFlag tells whether a letter can have that flag: one of the five of the
// system, or a keyword, which is an atom of IMAP (RFC 3501 §9). \Recent is not
// anybody's to set.
func validFlag(flag string) bool {
	if strings.HasPrefix(flag, `\`) {
		return hasFlag([]string{`\Answered`, `\Deleted`, `\Draft`, `\Flagged`, `\Seen`}, flag)
	}
	return flag != "" && !strings.ContainsFunc(flag, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\]`, r)
	})
}

// flagChange is setflag, addflag or removeflag (RFC 5232 §3).
type flagChange struct {
	change func(old, flags []string) []string
	flags  []string
}

// changing is the form of a command that changes the internal variable. A
// variable with a name of its own would need the extension variables, which is
// not known here.
func changing(change func(old, flags []string) []string) commandForm {
	return commandForm{signature{needs: "imap4flags", takes: []sort{quoted}},
		func(_ *checker, b *bound) statement { return flagChange{change, flagList(b.strings(0))} }}
}

func (f flagChange) run(m *machine) bool {
	m.flags = f.change(m.flags, f.flags)
	return false
}

func setFlags(_, flags []string) []string { return flags }

func addFlags(old, flags []string) []string { return flagList(slices.Concat(old, flags)) }

func removeFlags(old, flags []string) []string {
	return slices.DeleteFunc(slices.Clone(old), func(f string) bool { return hasFlag(flags, f) })
}

// hasFlags compares the flags of the internal variable, one by one (RFC 5232
// §4).
type hasFlags struct{ keys }

func makeHasFlag(c *checker, b *bound) test {
	list := b.strings(0)
	if !b.has("contains") && !b.has("matches") { // several in one string
		list = nil
		for _, text := range b.strings(0) {
			list = append(list, strings.Fields(text)...)
		}
	}
	return hasFlags{c.keys(b, list)}
}

func (t hasFlags) holds(m *machine) bool {
	return slices.ContainsFunc(m.flags, func(f string) bool { return t.match(m, []byte(f)) })
}
