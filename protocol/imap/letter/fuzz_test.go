package letter

import (
	"bytes"
	"testing"
)

// FuzzParse: header and body of every part lie in those of the part around it,
// one behind the other; sections are what the structure tells, and their
// partials put together are the section.
func FuzzParse(f *testing.F) {
	f.Add(nested)
	f.Add(crlf("Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n\n--x--\n"))
	f.Add([]byte("A: b\n\nc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		header, _ := Get(data, Section{What: Header})
		text, _ := Get(data, Section{What: Text})
		if !bytes.Equal(append(bytes.Clone(header), text...), data) {
			t.Error("header and text are not the letter")
		}
		root := Parse(data)
		if !bytes.Equal(root.Header, header) || !bytes.Equal(root.Body, text) {
			t.Error("the structure has another header or body")
		}
		parts := 0
		checkPart(t, data, root, nil, &parts)
		if parts > MaxParts+MaxDepth {
			t.Errorf("%d parts", parts)
		}
		var whole []byte
		for n := int64(0); n < int64(len(data)); n += 7 {
			whole = append(whole, Partial(data, n, 7)...)
		}
		if !bytes.Equal(whole, data) {
			t.Error("partials are not the letter")
		}
		for _, s := range []string{"x", "=?", "привет"} {
			p := NewPattern(s)
			if p.InBody(data) && !p.InText(data) {
				t.Errorf("%q is in the body but not in the text", s)
			}
		}
	})
}

// checkPart checks p, which has that path; the letter itself has none.
func checkPart(t *testing.T, data []byte, p *Part, path []int, parts *int) {
	*parts++
	if len(path) > MaxDepth+1 {
		t.Fatal("too deep")
	}
	path = path[:len(path):len(path)]
	switch {
	case p.Message != nil:
		m := p.Message
		if !bytes.Equal(append(bytes.Clone(m.Header), m.Body...), p.Body) {
			t.Errorf("%v: the letter inside is not the body", path)
		}
		if len(path) == 0 {
			path = []int{1}
		}
		same(t, data, Section{Path: path, What: Header}, m.Header)
		same(t, data, Section{Path: path, What: Text}, m.Body)
		if len(m.Parts) == 0 {
			path = append(path, 1)
		}
		checkPart(t, data, m, path, parts)
		return
	case len(p.Parts) > 0:
		rest := p.Body
		for i, part := range p.Parts {
			at := bytes.Index(rest, append(bytes.Clone(part.Header), part.Body...))
			if at < 0 {
				t.Fatalf("%v: part %d does not lie in order in the body", path, i+1)
			}
			rest = rest[at+len(part.Header)+len(part.Body):]
			checkPart(t, data, part, append(path, i+1), parts)
		}
		return
	case len(path) == 0:
		path = []int{1}
	}
	same(t, data, Section{Path: path}, p.Body)
	got, _ := Get(data, Section{Path: path})
	if bytes.Count(got, []byte("\n")) != p.Lines() {
		t.Errorf("%v: the lines are miscounted", path)
	}
}

func same(t *testing.T, data []byte, s Section, want []byte) {
	t.Helper()
	if got, ok := Get(data, s); !ok || !bytes.Equal(got, want) {
		t.Errorf("BODY%v: %q, %v, want %q", s, got, ok, want)
	}
}

// FuzzText: whatever a header has, its values are read to an end, on one line.
func FuzzText(f *testing.F) {
	f.Add([]byte("=?utf-8?b?UmU6INCf0YDQuNCy0LXRgg==?= Re: [x] (fwd)"))
	f.Add([]byte("Tue, 24 Nov 2026 02:12:48 +0300"))
	f.Add([]byte("<a@b> <c@d>"))
	f.Fuzz(func(t *testing.T, value []byte) {
		if s := Unfold(value, nil); bytes.ContainsAny(s, "\r\n\x00") || len(s) > len(value) {
			t.Errorf("unfolded: %q", s)
		}
		base, _ := BaseSubject(value)
		again, reply := BaseSubject([]byte(base))
		if !bytes.Contains([]byte(base), []byte("=?")) && (again != base || reply) {
			t.Errorf("base %q has base %q", base, again)
		}
		if d, ok := SentDate(value); ok {
			if again, ok := SentDate([]byte(d.Format("2 Jan 2006 15:04:05 -0700"))); d.Year() >= 1000 && (!ok || !again.Equal(d)) {
				t.Errorf("date %v came back as %v", d, again)
			}
		}
		for _, id := range MessageIDs(value, 5) {
			if len(id) < 2 {
				t.Errorf("id %q", id)
			}
		}
		t0, _ := parseMediaType(value)
		for n, r := 0, t0.Params(); ; n++ {
			if _, _, ok := r.Next(nil); !ok {
				break
			}
			if n > len(value) {
				t.Fatal("no end of parameters")
			}
		}
	})
}
