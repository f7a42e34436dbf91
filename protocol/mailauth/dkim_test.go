package mailauth

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

var when = time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)

// key2048 is made once: it takes a moment.
var key2048 = func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}()

var sample = letter("From: Ilon <ilon@rocket.example>", "To: anna@romashka.example", "Subject: A  seat\r\n  to Mars", "Date: Tue, 01 Sep 2026 09:00:00 +0000",
	"", "By the window.  ", "", "Ilon", "", "")

func signed(t testing.TB, s Signer, letter []byte) []byte {
	t.Helper()
	field, err := s.Sign(letter, when)
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(field), letter...)
}

func publish(t testing.TB, signers ...Signer) zone {
	t.Helper()
	lines := ""
	for _, s := range signers {
		record, err := s.Record()
		if err != nil {
			t.Fatal(err)
		}
		lines += s.Name() + " TXT " + record + "\n"
	}
	return newZone(lines)
}

func verify(z zone, letter []byte) []Signature { return VerifyDKIM(context.Background(), z, letter) }

// What we sign, go-msgauth finds good; whatever is changed, it finds out.
func TestSignVerify(t *testing.T) {
	for _, key := range []crypto.Signer{SeedKey("s1.rocket.example"), key2048} {
		s := Signer{"rocket.example", "s1", key}
		z := publish(t, s)
		whole := string(signed(t, s, sample))
		if again := string(signed(t, s, sample)); again != whole {
			t.Error("signed twice, the signatures differ")
		}
		for line := range strings.SplitSeq(whole, "\r\n") {
			if len(line) > 78 && strings.Contains(line, "b=") {
				t.Errorf("long line: %q", line)
			}
		}
		for _, tt := range []struct {
			old, changed string
			want         Result
		}{
			{"", "", Pass},
			{"By the window.  ", "By the window.", Pass}, // relaxed
			{"A  seat\r\n  to Mars", "A seat to\r\n\tMars", Pass},
			{"To: ", "X-New: field\r\nTo: ", Pass}, // not signed
			{"By the window", "By the door", Fail},
			{"Ilon <ilon", "Mallory <ilon", Fail},
			{"To: anna", "From: mallory@spam.example\r\nTo: anna", Fail}, // a second From
			{"d=rocket.example", "d=spam.example", PermError},            // no key there
			{"s=s1", "s=s2", PermError},
			{"; bh=", "; l=10; bh=", Policy},
			{"v=1;", "v=2;", PermError},
			{"a=", "a=sha1;a=", PermError}, // twice
			{"h=From:", "h=", PermError},
		} {
			changed := whole
			if tt.old == "; bh=" {
				changed = strings.Replace(whole, ";\r\n\tbh=", "; l=10;\r\n\tbh=", 1)
			} else if tt.old != "" {
				changed = strings.Replace(whole, tt.old, tt.changed, 1)
			}
			if tt.old == "h=From:" {
				changed = strings.Replace(changed, ":From;", ";", 1)
			}
			got := verify(z, []byte(changed))
			if len(got) != 1 || got[0].Result != tt.want || got[0].Reason == "" {
				t.Errorf("%T: %q for %q: %+v, want %s", key, tt.changed, tt.old, got, tt.want)
			}
		}
	}
}

func TestDKIMKeys(t *testing.T) {
	s := Signer{"rocket.example", "s1", key2048}
	whole := signed(t, s, sample)
	good, _ := s.Record()
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: key2048.N, E: key2048.E})
	if err != nil {
		t.Fatal(err)
	}
	small := *key2048
	small.N = small.Primes[0] // 1024 bits, and no key of anybody
	huge := *key2048
	huge.N = new(big.Int).Lsh(key2048.N, 3000)
	tiny := *key2048
	tiny.N = new(big.Int).Rsh(key2048.N, 1536)
	record := func(k *rsa.PrivateKey) string {
		return "v=DKIM1; p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: k.N, E: 65537}))
	}
	for _, tt := range []struct {
		record string
		want   Result
		reason string
	}{
		{good, Pass, ""},
		{"p=" + base64.StdEncoding.EncodeToString(der), Pass, ""},
		{"v=DKIM1; k=rsa; n=old; h=sha256; s=email; t=s; p=" + base64.StdEncoding.EncodeToString(der), Pass, ""},
		{record(key2048), Pass, ""}, // erratum 3017
		{record(&small), Fail, "did not verify"},
		{record(&tiny), PermError, "512 bits"},
		{record(&huge), PermError, "over 4096 bits"},
		{"v=DKIM1; p=" + strings.Repeat("A", 60000), PermError, "over 4096 bits"},
		{"v=DKIM1; p=", PermError, "revoked"}, // RFC 6376 §3.6.1
		{"v=DKIM1; p=!!!", PermError, "syntax"},
		{"v=DKIM1; k=ed25519; p=AAAA", PermError, "size"},
		{"v=DKIM1; k=elgamal; p=AAAA", PermError, "unsupported"},
		{"v=DKIM2; p=AAAA", PermError, "version"},
		{"v=DKIM1; h=sha1; " + good[len("v=DKIM1; "):], PermError, "hash"},
		{"v=DKIM1; s=other; " + good[len("v=DKIM1; "):], PermError, "service"},
		{"v=DKIM1", PermError, "missing"},
		{"hello", PermError, "key record"},
		{"v=spf1 -all", PermError, "version"},
	} {
		got := verify(newZone("s1._domainkey.rocket.example TXT "+tt.record), whole)
		if len(got) != 1 || got[0].Result != tt.want || !strings.Contains(got[0].Reason, tt.reason) {
			t.Errorf("%.60q: %+v, want %s", tt.record, got, tt.want)
		}
	}
	if got := verify(newZone("s1._domainkey.rocket.example FAIL"), whole); got[0].Result != TempError {
		t.Errorf("%+v", got)
	}
	if got := verify(newZone("s1._domainkey.rocket.example TXT "+good+"\ns1._domainkey.rocket.example TXT p="), whole); got[0].Result != PermError {
		t.Errorf("two keys: %+v", got)
	}
}

func TestDKIMMany(t *testing.T) {
	ed, rs := Signer{"rocket.example", "s1", SeedKey("x")}, Signer{"list.example", "s2", key2048}
	z := publish(t, ed, rs)
	whole := signed(t, rs, signed(t, ed, sample))
	got := verify(z, whole)
	if len(got) != 2 || got[0].Domain != "list.example" || got[0].Result != Pass || got[1].Domain != "rocket.example" || got[1].Result != Pass {
		t.Errorf("%+v", got)
	}
	if fmt.Sprint(got[0].Asked, got[1].Asked) != "[TXT s2._domainkey.list.example] [TXT s1._domainkey.rocket.example]" {
		t.Errorf("asked %v, %v", got[0].Asked, got[1].Asked)
	}
	for range 10 {
		whole = signed(t, ed, whole)
	}
	if got := verify(z, whole); len(got) != MaxSignatures {
		t.Errorf("%d signatures were checked", len(got))
	}
	if got := verify(z, sample); got != nil {
		t.Errorf("without a signature: %+v", got)
	}
}

func TestDKIMAbsurd(t *testing.T) {
	s := Signer{"rocket.example", "s1", SeedKey("x")}
	z := publish(t, s)
	whole := string(signed(t, s, sample))
	for name, in := range map[string]string{
		"ten thousand names":  strings.Replace(whole, "h=From", "h="+strings.Repeat("x:", 10000)+"From", 1),
		"ten thousand fields": strings.Repeat("X: y\r\n", 10000) + whole,
		"a long field":        "X: y" + strings.Repeat("\r\n z", 100000) + "\r\n" + whole,
		"no tags":             "DKIM-Signature: \r\n" + string(sample),
		"cut short":           whole[:100],
		"no domain":           strings.Replace(whole, "d=rocket.example", "d=", 1),
		"a bad selector":      strings.Replace(whole, "s=s1", "s=a b..c", 1),
	} {
		got := verify(z, []byte(in))
		if len(got) != 1 || got[0].Result != PermError || got[0].Reason == "" {
			t.Errorf("%s: %.300v", name, got)
		}
	}
}

// The example of RFC 8463 §A: one letter, signed with both kinds of keys.
func TestRFC8463(t *testing.T) {
	key := ed25519.NewKeyFromSeed(decode(t, "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")) // §A.1
	if got := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)); got != "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" {
		t.Fatal(got)
	}
	mail := letter(
		"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;",
		" d=football.example.com; i=@football.example.com;",
		" q=dns/txt; s=brisbane; t=1528637909; h=from : to :",
		" subject : date : message-id : from : subject : date;",
		" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;",
		" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus",
		" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
		"From: Joe SixPack <joe@football.example.com>",
		"To: Suzie Q <suzie@shopping.example.net>",
		"Subject: Is dinner ready?",
		"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
		"Message-ID: <20030712040037.46341.5F8J@football.example.com>",
		"", "Hi.", "", "We lost the game.  Are you hungry yet?", "", "Joe.")
	z := newZone("brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
	got := verify(z, mail)
	if len(got) != 1 || got[0].Result != Pass || got[0].Identifier != "@football.example.com" {
		t.Errorf("%+v", got)
	}
}

func decode(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParseKey(t *testing.T) {
	der, _ := x509.MarshalPKCS8PrivateKey(SeedKey("a"))
	short, _ := x509.MarshalPKCS8PrivateKey(key2048)
	for _, tt := range []struct {
		in string
		ok bool
	}{
		{string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), true},
		{string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: short})), true},
		{string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key2048)})), true},
		{string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der[:20]})), false},
		{"", false}, {"a key", false},
	} {
		if key, err := ParseKey(tt.in); (err == nil) != tt.ok || tt.ok && key == nil {
			t.Errorf("%.40q: %v", tt.in, err)
		}
	}
}

func FuzzDKIM(f *testing.F) {
	s := Signer{"rocket.example", "s1", SeedKey("x")}
	whole := string(signed(f, s, sample))
	record, _ := s.Record()
	f.Add(whole, record)
	f.Add("DKIM-Signature: v=1; a=rsa-sha256; d=a.b; s=c; h=from; bh=; b=\r\n\r\n", "p=AAAA")
	f.Fuzz(func(t *testing.T, mail, record string) {
		z := zone{"s1._domainkey.rocket.example TXT": {record}}
		for _, v := range verify(z, []byte(mail)) {
			if v.Result == "" || v.Reason == "" {
				t.Errorf("%q: %+v", mail, v)
			}
			if v.Result == Pass && (!strings.Contains(solid(mail), solid(v.Value)) || v.Key == "") {
				t.Errorf("%q passed without key or signature", mail)
			}
		}
	})
}
