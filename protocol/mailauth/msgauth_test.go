package mailauth

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// moduleDir is where the source of a module is that this one stands on.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Skipf("no go command that knows where %s is: %v", module, err)
	}
	return strings.TrimSpace(string(dir))
}

// goStrings reads a Go file's texts: constants by their name, and those that
// follow the key "value" in the order in which they stand.
func goStrings(t *testing.T, file string) (constants map[string]string, values []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants = map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, v := range n.Values {
				if s, ok := goText(v); ok {
					constants[n.Names[i].Name] = s
				}
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "value" {
				if s, ok := goText(n.Value); ok {
					values = append(values, s)
				}
			}
		}
		return true
	})
	return constants, values
}

// goText is the text of literals that are put together.
func goText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, okA := goText(e.X)
		b, okB := goText(e.Y)
		return a + b, okA && okB
	}
	return "", false
}

// The letters with which go-msgauth tests itself, and their keys.
func TestMsgauthLetters(t *testing.T) {
	dir := filepath.Join(moduleDir(t, "github.com/emersion/go-msgauth"), "dkim")
	keys, _ := goStrings(t, filepath.Join(dir, "query_test.go"))
	letters, _ := goStrings(t, filepath.Join(dir, "verify_test.go"))
	z := zone{}
	for name, key := range map[string]string{
		"brisbane._domainkey.example.com":   "dnsPublicKey",
		"newengland._domainkey.example.com": "dnsRawRSAPublicKey", "brisbane._domainkey.football.example.com": "dnsEd25519PublicKey",
	} {
		if keys[key] == "" {
			t.Fatalf("no key %s", key)
		}
		z.add(name, "TXT", keys[key])
	}
	// go-msgauth never looks at the second signature of its last letter, and
	// has no key for it: RFC 8463 §A.2.
	z.add("test._domainkey.football.example.com", "TXT", "v=DKIM1; k=rsa; p="+
		"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/b"+
		"yYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB")
	for name, n := range map[string]int{"unsignedMailString": 0, "verifiedMailString": 1, "verifiedRawRSAMailString": 1, "verifiedEd25519MailString": 2} {
		in := strings.ReplaceAll(letters[name], "\n", "\r\n")
		if in == "" {
			t.Fatalf("no letter %s", name)
		}
		got := verify(z, []byte(in))
		if len(got) != n {
			t.Errorf("%s: %d signatures", name, len(got))
		}
		for _, s := range got {
			if s.Result != Pass {
				t.Errorf("%s: %s (%s)", name, s.Result, s.Reason)
			}
		}
		if n == 0 {
			continue
		}
		for _, s := range verify(z, []byte(strings.Replace(in, "lost the game", "won the game", 1))) {
			if s.Result != Fail {
				t.Errorf("%s with another text: %s (%s)", name, s.Result, s.Reason)
			}
		}
	}
}

// The fields with which go-msgauth tests itself.
func TestMsgauthFields(t *testing.T) {
	dir := filepath.Join(moduleDir(t, "github.com/emersion/go-msgauth"), "authres")
	n := 0
	for _, file := range []string{"msgauth_test.go", "parse_test.go"} {
		_, values := goStrings(t, filepath.Join(dir, file))
		for _, v := range values {
			n++
			a, err := ParseAuthResults(v)
			if v == "" { // which names no server
				continue
			}
			if id, _, _ := strings.Cut(v, ";"); err != nil || a.ID != strings.Fields(id)[0] {
				t.Errorf("%q: %+v, %v", v, a, err)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d fields", n)
	}
}
