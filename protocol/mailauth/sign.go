package mailauth

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Signer signs letters in the name of a domain.
type Signer struct {
	Domain   string
	Selector string
	Key      crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
}

// signedFields are those that a signature covers if the letter has them
// (RFC 6376 §5.4.1).
var signedFields = []string{"From", "Reply-To", "Subject", "Date", "To", "Cc", "Message-ID", "In-Reply-To", "References",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}

// Sign makes the DKIM-Signature field of a letter, lines ending in CR LF. It
// is folded, with its final CR LF, and belongs on top. now becomes its t=.
//
// RFC 6376 §3.5, RFC 8463 §3; both canonicalizations are relaxed. go-msgauth
// signs too, but takes t= from the machine's clock, so that no two runs would
// be alike.
func (s Signer) Sign(letter []byte, now time.Time) (string, error) {
	algorithm, err := s.algorithm()
	if err != nil {
		return "", err
	}
	list, body := fields(letter)
	var names []string
	var head bytes.Buffer
	for _, name := range signedFields {
		for i := len(list) - 1; i >= 0; i-- { // the last one first: RFC 6376 §5.4.2
			if list[i].is(name) {
				names = append(names, name)
				relaxField(&head, list[i])
			}
		}
	}
	if !strings.HasPrefix(strings.Join(names, ":"), "From") {
		return "", errors.New("sign letter: it has no From field") // RFC 6376 §5.4
	}
	names = append(names, "From") // one more cannot be added unnoticed (§8.15)
	bodyHash := sha256.Sum256(relaxBody(body))
	field := fmt.Sprintf("DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s; s=%s;\r\n\tt=%d; h=%s;\r\n\tbh=%s;\r\n\tb=",
		algorithm, s.Domain, s.Selector, now.Unix(), foldNames(names), base64.StdEncoding.EncodeToString(bodyHash[:]))
	relaxField(&head, fieldOf(field))
	head.Truncate(head.Len() - 2) // §3.7: without the final CR LF
	digest := sha256.Sum256(head.Bytes())
	opts := crypto.SignerOpts(crypto.SHA256)
	if algorithm == ed25519SHA256 {
		opts = crypto.Hash(0) // RFC 8463 §3: the hash is itself what is signed
	}
	sig, err := s.Key.Sign(rand.Reader, digest[:], opts)
	if err != nil {
		return "", fmt.Errorf("sign letter: %w", err)
	}
	return field + foldText(base64.StdEncoding.EncodeToString(sig)) + "\r\n", nil
}

const ed25519SHA256 = "ed25519-sha256"

func (s Signer) algorithm() (string, error) {
	switch key := s.Key.(type) {
	case ed25519.PrivateKey:
		return ed25519SHA256, nil
	case *rsa.PrivateKey:
		if n := key.N.BitLen(); n < minKey || n > maxKey { // RFC 8301 §3.2
			return "", fmt.Errorf("sign letter: RSA key of %d bits, want %d to %d", n, minKey, maxKey)
		}
		return "rsa-sha256", nil
	}
	return "", fmt.Errorf("sign letter: no algorithm for a key of type %T", s.Key)
}

// Record is what the domain publishes at Name for others to check with
// (RFC 6376 §3.6.1, RFC 8463 §4).
func (s Signer) Record() (string, error) {
	switch key := s.Key.Public().(type) {
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key), nil
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(key)
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
	}
	return "", fmt.Errorf("publish key: no form for a key of type %T", s.Key)
}

// Name is where Record is published (RFC 6376 §3.6.2.1).
func (s Signer) Name() string { return s.Selector + "._domainkey." + s.Domain }

// ParseKey reads a private key in PEM: RSA or Ed25519.
func ParseKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("want a private key in PEM form")
	}
	var key any
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return nil, errors.New("want a private key in PKCS #8 or PKCS #1 form")
		}
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("no signatures with a key of type %T", key)
	}
	_, err = Signer{Key: signer}.algorithm()
	return signer, err
}

// SeedKey makes the Ed25519 key that belongs to a name: always the same, and
// so nobody's secret. It is for domains that exist nowhere.
func SeedKey(name string) crypto.Signer {
	seed := sha256.Sum256([]byte("mailscope dkim " + strings.ToLower(name)))
	return ed25519.NewKeyFromSeed(seed[:])
}

// relaxField appends a field in its relaxed form (RFC 6376 §3.4.2).
func relaxField(b *bytes.Buffer, f field) {
	b.WriteString(strings.ToLower(f.name()))
	b.WriteByte(':')
	words := bytes.FieldsFunc(f.body(), func(r rune) bool { return strings.ContainsRune(wsp, r) })
	b.Write(bytes.Join(words, []byte(" ")))
	b.WriteString("\r\n")
}

func fieldOf(text string) field {
	name, _, _ := strings.Cut(text, ":")
	return field{raw: []byte(text), named: len(name)}
}

// relaxBody is a body in its relaxed form (RFC 6376 §3.4.4).
func relaxBody(body []byte) []byte {
	out := make([]byte, 0, len(body)+2)
	for line := range bytes.SplitSeq(body, []byte("\r\n")) {
		space := false
		for _, c := range line {
			if c == ' ' || c == '\t' {
				space = true
				continue
			}
			if space {
				out = append(out, ' ')
				space = false
			}
			out = append(out, c)
		}
		out = append(out, '\r', '\n')
	}
	for bytes.HasSuffix(out, []byte("\r\n")) {
		out = out[:len(out)-2]
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, '\r', '\n')
}

// foldNames writes h= in lines of a few names; space may follow a colon.
func foldNames(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte(':')
			if i%5 == 0 {
				b.WriteString("\r\n\t ")
			}
		}
		b.WriteString(name)
	}
	return b.String()
}

// foldText cuts text into lines that fit (RFC 5322 §2.1.1).
func foldText(s string) string {
	const line = 70
	var b strings.Builder
	for len(s) > line {
		b.WriteString(s[:line] + "\r\n\t ")
		s = s[line:]
	}
	b.WriteString(s)
	return b.String()
}
