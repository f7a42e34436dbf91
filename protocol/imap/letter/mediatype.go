package letter

// MediaType is the value of a Content-Type field.
type MediaType struct {
	Type, Subtype []byte // as spelled in the letter
	params        []byte // what follows them
}

// Types that no header names.
var (
	// defaultType is the type of a part that tells none, or a wrong one
	// (RFC 2045 §5.2).
	defaultType = MediaType{[]byte("text"), []byte("plain"), []byte(";charset=us-ascii")}
	messageType = MediaType{[]byte("message"), []byte("rfc822"), nil}
	opaqueType  = MediaType{[]byte("application"), []byte("octet-stream"), nil}
)

// parseMediaType reads the value of a Content-Type field; ok is false if it
// names no type and subtype.
//
// RFC 2045 §5.1.
func parseMediaType(value []byte) (t MediaType, ok bool) {
	s := skipSpace(value)
	t.Type, s = cutToken(s)
	s = skipSpace(s)
	if len(t.Type) == 0 || len(s) == 0 || s[0] != '/' {
		return MediaType{}, false
	}
	t.Subtype, t.params = cutToken(skipSpace(s[1:]))
	return t, len(t.Subtype) > 0
}

func (t MediaType) multipart() bool { return equalFold(t.Type, "multipart") }

// message tells whether the body is a letter: RFC 2046 §5.2.1, RFC 6532 §3.7.
func (t MediaType) message() bool {
	return equalFold(t.Type, "message") && (equalFold(t.Subtype, "rfc822") || equalFold(t.Subtype, "global"))
}

// IsText tells whether the body is text of lines.
func (t MediaType) IsText() bool { return equalFold(t.Type, "text") }

// Params reads the parameters.
func (t MediaType) Params() ParamReader { return ParamReader{t.params} }

// Param is the value of the parameter of that name, which is in lower case;
// nil if there is none.
func (t MediaType) Param(name string) []byte {
	for r := t.Params(); ; {
		n, v, ok := r.Next(nil)
		if !ok {
			return nil
		}
		if equalFold(n, name) {
			return v
		}
	}
}

// ParamReader reads parameters of a MIME field from the front, each as the
// letter has it: those of RFC 2231 are not put together.
type ParamReader struct{ rest []byte }

// Next returns the next parameter, until ok is false. The value has no quotes;
// it lies in the letter, or else it is appended to scratch[:0].
func (r *ParamReader) Next(scratch []byte) (name, value []byte, ok bool) {
	for {
		s := skipSpace(r.rest)
		for len(s) > 0 && s[0] == ';' {
			s = skipSpace(s[1:])
		}
		name, s = cutToken(s)
		s = skipSpace(s)
		if len(name) > 0 && len(s) > 0 && s[0] == '=' {
			value, r.rest = cutParamValue(skipSpace(s[1:]), scratch)
			return name, value, true
		}
		if len(s) == 0 {
			r.rest = nil
			return nil, nil, false
		}
		if s[0] != ';' {
			s = s[token(s):]
		}
		r.rest = s
	}
}

// cutParamValue cuts a value off the front of s. One without quotes goes on to
// the next white space or semicolon, so that "a/b=c" is read too.
func cutParamValue(s, scratch []byte) (value, rest []byte) {
	if len(s) > 0 && s[0] == '"' {
		n := token(s)
		value = inside(s[:n])
		for _, c := range value {
			if c == '\\' || c == '\r' || c == '\n' || c == 0 {
				return appendUnquoted(scratch[:0], value), s[n:]
			}
		}
		return value, s[n:]
	}
	i := 0
	for i < len(s) && s[i] != ';' && !isSpace(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// Disposition parts the value of a Content-Disposition field in the
// disposition and its parameters; value is empty if it names none.
//
// RFC 2183 §2.
func Disposition(field []byte) (value []byte, params ParamReader) {
	value, rest := cutToken(skipSpace(field))
	return value, ParamReader{rest}
}

// LanguageReader reads the tags of a Content-Language field.
//
// RFC 3282 §2.
type LanguageReader struct{ rest []byte }

// Languages reads the tags that are the value of a field.
func Languages(field []byte) LanguageReader { return LanguageReader{field} }

// Next returns the next tag, until ok is false.
func (r *LanguageReader) Next() (tag []byte, ok bool) {
	for {
		s := skipSpace(r.rest)
		if len(s) == 0 {
			return nil, false
		}
		tag, r.rest = cutToken(s)
		if len(tag) > 0 {
			return tag, true
		}
		r.rest = s[1:]
	}
}
