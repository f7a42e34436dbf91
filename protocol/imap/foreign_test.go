package imap

import (
	"bytes"
	"strings"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"mailscope/protocol/imap/letter"
)

// TestSectionsLikeGoIMAP: of letters without mistakes, go-imap's helpers give
// the same sections and the same structure.
func TestSectionsLikeGoIMAP(t *testing.T) {
	letters := benchLetters(5)
	letters = append(letters, []byte(strings.ReplaceAll(`Subject: outer
Content-Type: multipart/mixed; boundary=o

--o
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/alternative; boundary=i

--i
Content-Type: text/plain

first
--i
Content-Type: text/html

second
--i--
--o
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

0J/RgNC40LLQtdGC
--o--
`, "\n", "\r\n")))
	parts := [][]int{nil, {1}, {2}, {1, 1}, {1, 2}}
	specs := map[goimap.PartSpecifier]letter.What{"": letter.Whole, "HEADER": letter.Header, "TEXT": letter.Text, "MIME": letter.MIME}
	compared := 0
	for i, l := range letters {
		root := letter.Parse(l)
		for _, path := range parts {
			for spec, what := range specs {
				got, ok := letter.Get(l, letter.Section{Path: path, What: what})
				if !ok {
					continue // go-imap takes some that RFC 9051 does not know
				}
				compared++
				want := imapserver.ExtractBodySection(bytes.NewReader(l), &goimap.FetchItemBodySection{Part: path, Specifier: spec})
				if !bytes.Equal(got, want) {
					t.Errorf("letter %d, BODY[%v.%s]: %q, go-imap says %q", i, path, spec, got, want)
				}
			}
		}
		sameStructure(t, root, imapserver.ExtractBodyStructure(bytes.NewReader(l)))
	}
	if compared < 40 {
		t.Errorf("only %d sections", compared)
	}
}

func sameStructure(t *testing.T, p *letter.Part, theirs goimap.BodyStructure) {
	t.Helper()
	if got := string(p.Type.Type) + "/" + string(p.Type.Subtype); got != theirs.MediaType() {
		t.Errorf("%s, go-imap says %s", got, theirs.MediaType())
	}
	switch theirs := theirs.(type) {
	case *goimap.BodyStructureMultiPart:
		if len(p.Parts) != len(theirs.Children) {
			t.Fatalf("%d parts, go-imap says %d", len(p.Parts), len(theirs.Children))
		}
		for i, c := range theirs.Children {
			sameStructure(t, p.Parts[i], c)
		}
	case *goimap.BodyStructureSinglePart:
		if len(p.Body) != int(theirs.Size) || theirs.Text != nil && p.Lines() != int(theirs.Text.NumLines) {
			t.Errorf("%d octets, %d lines; go-imap says %d, %v", len(p.Body), p.Lines(), theirs.Size, theirs.Text)
		}
		if m := theirs.MessageRFC822; m != nil {
			sameStructure(t, p.Message, m.BodyStructure)
		}
	}
}
