package mailauth

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// Signature is a verdict about one DKIM-Signature field.
type Signature struct {
	Result     Result
	Domain     string   // d=: who takes responsibility
	Selector   string   // s=
	Identifier string   // i=; "" if it is not there
	Algorithm  string   // a=
	Signed     []string // h=: names of fields
	Value      string   // b=, without space
	Key        string   // the record that was found; "" if none
	Reason     string   // in a few words
	Asked      []string // questions to DNS
}

// What is checked at most, lest a letter cost more than it is worth
// (RFC 6376 §8.4, §6.1.1).
const (
	MaxSignatures = 5 // of one letter; the rest is passed over

	maxHead   = 64 << 10 // octets of a header
	maxFields = 1000
	maxSigned = 200 // names in h=
	maxKey    = 4096
	minKey    = 1024 // RFC 8301 §3.2
)

// VerifyDKIM checks the signatures of a letter, lines ending in CR LF, the
// first one on top. A letter without any gives an empty list.
//
// RFC 6376 §6; keys RFC 8301 §3.2 and RFC 8463. Deviates: whether a signature
// has expired (x=) is told by the machine's clock, since go-msgauth asks no
// other.
func VerifyDKIM(ctx context.Context, r Resolver, letter []byte) []Signature {
	list, body := fields(letter)
	var verdicts []Signature
	for i, f := range list {
		if !f.is("DKIM-Signature") {
			continue
		}
		if len(verdicts) == MaxSignatures {
			break
		}
		v := Signature{}
		v.read(string(f.body()))
		switch {
		case v.Result != "":
		case len(list) > maxFields || len(letter)-len(body) > maxHead:
			v.Result, v.Reason = PermError, "header is too long to be checked"
		default:
			v.verify(ctx, r, letter, list, i, body)
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// read takes in the tags of a signature, and judges it if they will not do.
//
// RFC 6376 §3.5 and §6.1.1.
func (v *Signature) read(text string) {
	tags, err := parseTags(text)
	v.Domain, v.Selector = solid(value(tags, "d")), solid(value(tags, "s"))
	v.Identifier, v.Algorithm = solid(value(tags, "i")), solid(value(tags, "a"))
	v.Value = solid(value(tags, "b"))
	names := solid(value(tags, "h"))
	bad := func(result Result, reason string) { v.Result, v.Reason = result, reason }
	if err != nil {
		bad(PermError, "signature syntax: "+err.Error())
		return
	}
	if strings.Count(names, ":") >= maxSigned {
		bad(PermError, fmt.Sprintf("more than %d signed fields", maxSigned))
		return
	}
	v.Signed = strings.Split(names, ":")
	domain, ok := ascii(v.Domain)
	if !ok {
		bad(PermError, fmt.Sprintf("d=%s is no domain", v.Domain))
		return
	}
	if _, ok := ascii(v.Selector); !ok || len(v.Selector)+len("._domainkey.")+len(domain) > 253 {
		bad(PermError, fmt.Sprintf("s=%s is no selector", v.Selector))
		return
	}
	if has(tags, "l") { // §8.2: what is below could be anybody's
		bad(Policy, "signature covers only a part of the body (l=)")
	}
}

// verify has the library check one signature of a letter, which fell into list
// and body. The library is given this one on top and told to look no further: so questions are asked in order,
// and nothing runs beside.
func (v *Signature) verify(ctx context.Context, r Resolver, letter []byte, list []field, at int, body []byte) {
	if at > 0 || body == nil {
		moved := append(make([]byte, 0, len(letter)+2), list[at].raw...)
		for i, f := range list {
			if i != at {
				moved = append(moved, f.raw...)
			}
		}
		letter = append(append(moved, "\r\n"...), body...)
	}
	ask := &asker{Resolver: r}
	got, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{
		MaxVerifications: 1,
		LookupTXT:        func(name string) ([]string, error) { return v.lookup(ctx, ask, name) },
	})
	v.Asked = ask.asked
	if len(got) > 0 {
		err = got[0].Err // else one about many signatures
	}
	switch {
	case err == nil && len(got) > 0:
		v.Result, v.Reason = Pass, "signature of "+v.Domain+" is good"
		return
	case dkim.IsTempFail(err):
		v.Result = TempError
	case dkim.IsPermFail(err), len(got) == 0: // it could not even be read
		v.Result = PermError
	default:
		v.Result = Fail
	}
	if err != nil {
		v.Reason = strings.TrimPrefix(err.Error(), "dkim: ")
	}
}

// keyError is a key that cannot be used, which the library calls permanent.
type keyError string

func (e keyError) Error() string { return string(e) }

// lookup finds the key of a signature, and refuses one that is absurd before
// anybody computes with it.
func (v *Signature) lookup(ctx context.Context, ask *asker, name string) ([]string, error) {
	texts, err := ask.text(ctx, name)
	if err != nil || len(texts) != 1 {
		return texts, err
	}
	v.Key = texts[0]
	tags, err := parseTags(v.Key)
	if err != nil {
		return nil, keyError("key record: " + err.Error())
	}
	if bits := rsaBits(tags); bits > maxKey || bits < 0 {
		return nil, keyError(fmt.Sprintf("key of over %d bits", maxKey))
	} else if bits > 0 && bits < minKey {
		return nil, keyError(fmt.Sprintf("key of %d bits, under %d", bits, minKey))
	}
	if _, at := cutAddress(v.Identifier); v.Identifier != "" && !strings.EqualFold(at, v.Domain) && listed(value(tags, "t"), "s") {
		return nil, keyError("key is for no subdomain (t=s)") // RFC 6376 §3.6.1
	}
	return texts, nil
}

// listed tells whether a list with colons holds a word.
func listed(list, word string) bool {
	for w := range strings.SplitSeq(list, ":") {
		if trim(w) == word {
			return true
		}
	}
	return false
}

// rsaBits is the size of a record's RSA key; 0 if it has none that can be
// read, which the library tells; less than 0 if it is too big to be looked at.
func rsaBits(tags []tag) int {
	if k := value(tags, "k"); k != "" && k != "rsa" {
		return 0
	}
	p := solid(value(tags, "p"))
	if len(p) > 4096 {
		return -1
	}
	der, err := base64.StdEncoding.DecodeString(p)
	if err != nil {
		return 0
	}
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		if key, ok := key.(*rsa.PublicKey); ok {
			return key.N.BitLen()
		}
	}
	if key, err := x509.ParsePKCS1PublicKey(der); err == nil { // erratum 3017
		return key.N.BitLen()
	}
	return 0
}
