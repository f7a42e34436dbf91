package fault

import "strings"

// Like compares a text with a pattern in which * stands for any octets. The
// empty pattern agrees with everything.
func Like(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	last := len(parts) - 1
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, p := range parts[1:last] {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return strings.HasSuffix(text, parts[last])
}

// LikeFold is Like whatever the case of A to Z: verbs, keywords and domain
// names have none.
func LikeFold(pattern, text string) bool {
	return Like(strings.ToLower(pattern), strings.ToLower(text))
}
