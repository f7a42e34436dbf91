package mailbox

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"mailscope/protocol/imap"
)

// Limits on the names of folders.
const (
	maxName    = 255 // octets
	maxDepth   = 16  // levels
	maxFolders = 1000
)

const delimiter = string(imap.Delimiter)

// folded gives a name the form under which its folder is found: Normalization
// Form C (RFC 5198 §2), INBOX in capital letters (RFC 3501 §5.1).
func folded(name string) string {
	name = norm.NFC.String(name)
	first, rest, below := strings.Cut(name, delimiter)
	if !strings.EqualFold(first, Inbox) {
		return name
	}
	if below {
		return Inbox + delimiter + rest
	}
	return Inbox
}

// named checks the name of a folder to be made.
func named(name string) (string, error) {
	if len(name) > maxName {
		return "", imap.ErrLimit
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, odd) {
		return "", imap.ErrCannot
	}
	name = folded(strings.TrimSuffix(name, delimiter))
	levels := strings.Split(name, delimiter)
	if len(levels) > maxDepth || len(name) > maxName {
		return "", imap.ErrLimit
	}
	for _, l := range levels {
		if l == "" {
			return "", imap.ErrCannot
		}
	}
	return name, nil
}

// odd characters are controls and the wildcards of LIST, which would make a
// name that no pattern finds alone.
func odd(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '*' || r == '%'
}

// above lists the names a name lies below, the highest first.
func above(name string) []string {
	var names []string
	for i, r := range name {
		if r == imap.Delimiter {
			names = append(names, name[:i])
		}
	}
	return names
}
