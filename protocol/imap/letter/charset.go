package letter

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/transform"
)

// appendUTF8 appends s, which is in that charset, in UTF-8. ASCII, UTF-8 and
// what is not known are appended as they are.
func appendUTF8(dst, s, charset []byte) []byte {
	enc := charsetOf(charset)
	if enc == nil {
		return append(dst, s...)
	}
	out, _, _ := transform.Append(enc.NewDecoder(), dst, s) // decoders replace what is wrong
	return out
}

// charsetOf is the encoding of that name, nil if text in it can be read as
// UTF-8, or not at all. The names of the web are looked up first, since they
// are the ones that letters use: much "iso-8859-1" is windows-1252.
func charsetOf(name []byte) encoding.Encoding {
	if len(name) == 0 || equalFold(name, "utf-8") || equalFold(name, "us-ascii") {
		return nil
	}
	enc, err := htmlindex.Get(string(name))
	if err != nil {
		enc, err = ianaindex.MIME.Encoding(string(name))
	}
	if err != nil {
		return nil
	}
	return enc
}
