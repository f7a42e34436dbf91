package letter

import (
	"bytes"
	"encoding/base64"
)

// transfer is a transfer encoding.
type transfer uint8

// The transfer encodings of RFC 2045 §6.1.
const (
	identity transfer = iota // 7bit, 8bit and binary, and none told
	quotedPrintable
	base64Encoding
	unknown
)

// encoding is the transfer encoding of the part's body. A multipart has none,
// whatever it says, and neither has an embedded letter (RFC 2045 §6.4).
func (p *Part) encoding() transfer {
	switch e := p.Encoding; {
	case len(e) == 0 || len(p.Parts) > 0 || p.Message != nil:
		return identity
	case equalFold(e, "7bit") || equalFold(e, "8bit") || equalFold(e, "binary"):
		return identity
	case equalFold(e, "quoted-printable"):
		return quotedPrintable
	case equalFold(e, "base64"):
		return base64Encoding
	}
	return unknown
}

// Text is the body without its transfer encoding, in UTF-8 if its charset is
// known: a slice of the body if it is that already.
func (p *Part) Text() []byte {
	text := p.Body
	if t := p.encoding(); t != identity {
		text = appendDecoded(nil, text, t)
	}
	if charset := p.Type.Param("charset"); charsetOf(charset) != nil {
		text = appendUTF8(nil, text, charset)
	}
	return text
}

// appendDecoded appends what s encodes. What is wrong in it is kept as it is
// in quoted-printable, and ends it in base64.
func appendDecoded(dst, s []byte, t transfer) []byte {
	switch t {
	case quotedPrintable:
		return appendQuotedPrintable(dst, s)
	case base64Encoding:
		return appendBase64(dst, s)
	}
	return append(dst, s...)
}

// appendBase64 decodes with or without padding at the end.
//
// RFC 2045 §6.8.
func appendBase64(dst, s []byte) []byte {
	s = bytes.TrimRight(s, "= \t\r\n")
	n := base64.RawStdEncoding.DecodedLen(len(s))
	start := len(dst)
	dst = append(dst, make([]byte, n)...)
	n, _ = base64.RawStdEncoding.Decode(dst[start:], s)
	return dst[:start+n]
}

// appendQuotedPrintable: RFC 2045 §6.7.
func appendQuotedPrintable(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '=' {
			dst = append(dst, s[i])
			continue
		}
		rest := s[i+1:]
		if c, ok := hexOctet(rest); ok {
			dst = append(dst, c)
			i += 2
			continue
		}
		soft := bytes.TrimLeft(rest, " \t")
		switch n := blankLine(soft); {
		case n > 0:
			i += len(rest) - len(soft) + n
		case len(soft) > 0:
			dst = append(dst, '=')
		default: // nothing but white space follows
			return dst
		}
	}
	return dst
}

// hexOctet reads two hexadecimal digits.
func hexOctet(s []byte) (c byte, ok bool) {
	if len(s) < 2 {
		return 0, false
	}
	hi, lo := hexDigit(s[0]), hexDigit(s[1])
	return hi<<4 | lo, hi < 16 && lo < 16
}

// hexDigit is the value of a digit in either case, and above 15 for what is
// none.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}
