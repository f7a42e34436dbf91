package explain

import (
	"go/ast"
	"go/build"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// reasonsIn collects the reasons that Go files can give: texts that become a
// field or variable of one of the names, or an argument of one of the
// functions, by its place. What is filled in is made up.
func reasonsIn(t *testing.T, names []string, arguments map[string]int, files ...string) []string {
	t.Helper()
	var texts []string
	constants := map[string]string{}
	take := func(e ast.Expr) {
		s, ok := sample(e)
		if id, is := e.(*ast.Ident); is && constants[id.Name] != "" {
			s, ok = constants[id.Name], true
		}
		if ok && s != "" {
			texts = append(texts, s)
		}
	}
	named := func(e ast.Expr) bool {
		switch x := e.(type) {
		case *ast.Ident:
			return slices.Contains(names, x.Name)
		case *ast.SelectorExpr:
			return slices.Contains(names, x.Sel.Name)
		}
		return false
	}
	for _, name := range files {
		f, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				constants[v.Names[0].Name], _ = sample(v.Values[0])
			}
			return true
		})
		ast.Inspect(f, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				if named(x.Key) {
					take(x.Value)
				}
			case *ast.AssignStmt:
				for i, l := range x.Lhs {
					if named(l) && i < len(x.Rhs) {
						take(x.Rhs[i])
					}
				}
			case *ast.CallExpr:
				fun := x.Fun
				if s, ok := fun.(*ast.SelectorExpr); ok {
					fun = s.Sel
				}
				if id, ok := fun.(*ast.Ident); ok {
					if i, ok := arguments[id.Name]; ok && i < len(x.Args) {
						take(x.Args[i])
					}
				}
			case *ast.FuncDecl:
				if i, ok := arguments["return of "+x.Name.Name]; ok {
					ast.Inspect(x, func(n ast.Node) bool {
						if r, ok := n.(*ast.ReturnStmt); ok && i < len(r.Results) {
							take(r.Results[i])
						}
						return true
					})
				}
			}
			return true
		})
	}
	return texts
}

var verb = regexp.MustCompile(`%[a-z]`)

// sample is what an expression may come to; ok is false if no text of ours is
// in it.
func sample(e ast.Expr) (s string, ok bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		return s, err == nil && x.Kind == gotoken.STRING
	case *ast.BinaryExpr:
		a, one := sample(x.X)
		b, two := sample(x.Y)
		return a + b, one || two
	case *ast.CallExpr:
		if s, ok := x.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Sprintf", "Errorf", "New"}, s.Sel.Name) && len(x.Args) > 0 {
			form, ok := sample(x.Args[0])
			return verb.ReplaceAllString(form, "7m0s"), ok
		}
	}
	return "x.example", false
}

// english finds words of English in a text that is to be Russian, names of
// things of the trade apart.
var english = regexp.MustCompile(`\b(the|is|of|no|not|for|and|has|from|letter|key|policy)\b`)

// Every reason that our servers can give for a verdict has words in both
// languages; so has what they find out on a letter's way. The reasons are read
// in the code that gives them, and in the libraries under it.
func TestFindings(t *testing.T) {
	reasons := reasonsIn(t, []string{"Reason", "why"}, map[string]int{"bad": 1, "keyError": 0, "decided": 2, "return of authors": 1, "return of find": 1, "fail": 0},
		"../../sim/mta/sieve.go", "../../protocol/sieve/run.go", "../../sim/mta/filter.go", "../../sim/mta/greylist.go", "../../sim/mta/content.go",
		"../../protocol/mailauth/spf.go", "../../protocol/mailauth/dkim.go", "../../protocol/mailauth/dmarc.go")
	least := map[string]int{"ours": 50, "go-msgauth": 35, "spf": 8, "queue": 8, "sieve": 6}
	check := func(whose string, texts []string, tell func(words.Lang, string) (string, bool)) {
		t.Helper()
		if len(texts) < least[whose] {
			t.Errorf("%s: only %d reasons were found: %q", whose, len(texts), texts)
		}
		for _, text := range texts {
			text = strings.TrimPrefix(text, "; ")
			ru, ok := tell(words.RU, text)
			if !ok || english.MatchString(ru) {
				t.Errorf("%s: %q in Russian: %q", whose, text, ru)
			}
			if en, ok := tell(words.EN, text); !ok || en == "" {
				t.Errorf("%s: %q in English: %q", whose, text, en)
			}
		}
	}
	reasons = slices.DeleteFunc(reasons, func(s string) bool {
		return strings.HasPrefix(s, "; the domain explains: ") || s == ": x.example" || // said by a domain; joined with what stands before
			strings.HasSuffix(s, " found: x.example") // below
	})
	check("ours", reasons, finding)

	sieve := reasonsIn(t, []string{"Reason", "problem"}, map[string]int{"return of find": 1}, "../../sim/mta/sieve.go")
	for i, s := range sieve {
		sieve[i] = strings.TrimPrefix(s, "x.example, but ")
	}
	sieve = slices.DeleteFunc(sieve, func(s string) bool { return s == "x.example" })
	check("sieve", append(sieve, "rule in line 7 matched; there is no such folder"), finding)

	lib := func(path string, functions map[string]int, files ...string) []string {
		p, err := build.Import(path, ".", build.FindOnly)
		if err != nil {
			t.Fatal(err)
		}
		for i := range files {
			files[i] = filepath.Join(p.Dir, files[i])
			if _, err := os.Stat(files[i]); err != nil {
				t.Fatal(err)
			}
		}
		return reasonsIn(t, nil, functions, files...)
	}
	dkim := lib("github.com/emersion/go-msgauth/dkim", map[string]int{"permFailError": 0, "tempFailError": 0, "failError": 0}, "verify.go", "query.go")
	check("go-msgauth", dkim, finding)
	spf := lib("blitiri.com.ar/go/spf", map[string]int{"New": 0}, "spf.go")
	spf = slices.DeleteFunc(spf, func(s string) bool { return strings.HasPrefix(s, "matched ") })
	check("spf", spf, finding)

	queue := reasonsIn(t, nil, map[string]int{"failed": 1, "deferred": 1}, "../../sim/mta/queue.go", "../../sim/mta/route.go", "../../sim/mta/forward.go")
	check("queue", queue, func(l words.Lang, s string) (string, bool) { return match(l, queueFindings(), s) })

	talks := reasonsIn(t, nil, map[string]int{"add": 1}, "../../sim/mta/content.go")
	for i, s := range talks {
		talks[i] = s + " 3"
	}
	talks = append(talks, "talk of money for nothing 3, talk of haste 1", "no Date 1")
	check("content", talks, finding)
}

func TestVerdictReason(t *testing.T) {
	for _, c := range []struct {
		v      trace.Verdict
		ru, en string
	}{
		{trace.Verdict{Check: "spf", Result: "fail", Term: "-all", Reason: "domain of a@x.example does not designate 1.2.3.4 as permitted sender; the domain explains: go away; please"},
			"Решило слово -all: не отсюда. Там написано: «go away; please»", "-all decided: not from here. It says: “go away; please”"},
		{trace.Verdict{Check: "greylist", Result: "wait", Reason: "client, sender and recipient are seen for the first time: 5m30s to wait"},
			"Такого здесь ещё не видели: пусть подождёт 5 мин 30 с.", "Never seen here before: 5 min 30 s to wait."},
		{trace.Verdict{Check: "dnsbl", Result: "fail", Reason: "spam came from this address"},
			"Там написано: «spam came from this address»", "It says: “spam came from this address”"},
		{trace.Verdict{Check: "dmarc", Result: "fail", Reason: "nothing vouches for a.example; SPF passed for b.example"},
			"За a.example не ручается никто. SPF ручается за b.example, а это другой домен.", "Nobody vouches for a.example. SPF vouches for b.example, and that is another domain."},
		{trace.Verdict{Check: "dkim", Result: "permerror", Reason: "no key for signature: key of 512 bits, under 1024"}, "Ключ слишком короткий.", "The key is too short."},
		{trace.Verdict{Check: "filter", Result: "junk", Reason: "mx2.x.example found: policy of y.example is quarantine"},
			"Так решил соседний сервер mx2.x.example. Политика домена y.example велит отложить.", "The neighbouring server mx2.x.example has found so. The policy of y.example is to put it aside."},
		{trace.Verdict{Check: "content", Result: "fail", Reason: "subject in capitals 2, no Date 1"}, "тема одними заглавными (2), нет поля Date (1)", "subject in capitals (2), no Date field (1)"},
		{trace.Verdict{Check: "new", Result: "odd", Reason: "who knows"}, "who knows", "who knows"},
	} {
		if ru := VerdictReason(words.RU, &c.v); ru != c.ru {
			t.Errorf("%+v\n%s\nwant %s", c.v, ru, c.ru)
		}
		if en := VerdictReason(words.EN, &c.v); en != c.en {
			t.Errorf("%+v\n%s\nwant %s", c.v, en, c.en)
		}
	}
	// What another server said is not ours, however it begins.
	for _, said := range []string{"550 5.7.1 mx found: policy of x.example is reject", "450 no such mailbox here", strings.Repeat("a; ", 1<<20) + "a"} {
		if got := QueueReason(words.RU, said); got != said {
			t.Errorf("%.60q became %.60q", said, got)
		}
	}
}
