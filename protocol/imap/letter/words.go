package letter

import "bytes"

// Decoded is a field's value as a person reads it: on one line, encoded words
// decoded, in UTF-8. It is a slice of value, or else appended to scratch[:0].
func Decoded(value, scratch []byte) []byte {
	value = bytes.Trim(value, " \t\r\n")
	if plain(value) && !bytes.Contains(value, []byte("=?")) {
		return value
	}
	return appendWordsDecoded(scratch[:0], value)
}

// encodedWord is one encoded word of RFC 2047.
type encodedWord struct {
	charset []byte
	coding  transfer
	text    []byte
}

// appendWordsDecoded appends a value on one line, its encoded words decoded.
// White space between two of them is dropped, and a character may be split
// between two of the same charset.
//
// RFC 2047 §6.2.
func appendWordsDecoded(dst, s []byte) []byte {
	var octets []byte
	for {
		i := bytes.Index(s, []byte("=?"))
		if i < 0 {
			return appendUnfolded(dst, s)
		}
		dst = appendUnfolded(dst, s[:i])
		s = s[i:]
		w, rest, ok := cutWord(s)
		if !ok {
			dst, s = append(dst, s[:2]...), s[2:]
			continue
		}
		octets = w.append(octets[:0])
		for {
			next, after, ok := cutWord(bytes.TrimLeft(rest, " \t\r\n"))
			if !ok {
				break
			}
			if !bytes.EqualFold(w.charset, next.charset) {
				dst = appendWord(dst, octets, w.charset)
				octets = octets[:0]
			}
			w, rest = next, after
			octets = w.append(octets)
		}
		dst = appendWord(dst, octets, w.charset)
		s = rest
	}
}

// appendWord appends what words encode, without line ends.
func appendWord(dst, octets, charset []byte) []byte {
	start := len(dst)
	dst = appendUTF8(dst, octets, charset)
	return appendUnfolded(dst[:start], dst[start:])
}

// maxWord is the most octets of an encoded word that is read as such. RFC 2047
// §2 allows 75, and some programs write whole subjects as one.
const maxWord = 1000

// cutWord cuts an encoded word off the front of s.
//
// RFC 2047 §2; the language RFC 2231 §5.
func cutWord(s []byte) (w encodedWord, rest []byte, ok bool) {
	in, ok := bytes.CutPrefix(s[:min(len(s), maxWord)], []byte("=?"))
	if !ok {
		return w, s, false
	}
	w.charset, in, ok = bytes.Cut(in, []byte("?"))
	if !ok || len(in) < 2 || in[1] != '?' {
		return w, s, false
	}
	switch in[0] {
	case 'B', 'b':
		w.coding = base64Encoding
	case 'Q', 'q':
		w.coding = quotedPrintable
	default:
		return w, s, false
	}
	w.text, in, ok = bytes.Cut(in[2:], []byte("?="))
	if !ok || bytes.IndexByte(w.text, '\n') >= 0 {
		return w, s, false
	}
	w.charset, _, _ = bytes.Cut(w.charset, []byte("*"))
	return w, s[min(len(s), maxWord)-len(in):], true
}

// append appends the octets that the word encodes.
func (w encodedWord) append(dst []byte) []byte {
	start := len(dst)
	dst = appendDecoded(dst, w.text, w.coding)
	if w.coding == quotedPrintable {
		for i, c := range dst[start:] { // RFC 2047 §4.2; "=5F" is rare enough
			if c == '_' {
				dst[start+i] = ' '
			}
		}
	}
	return dst
}
