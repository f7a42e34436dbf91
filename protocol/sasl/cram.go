package sasl

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// cramServer is the server's side of CRAM-MD5: the client digests a challenge
// with the password.
//
// RFC 2195 §2.
type cramServer struct {
	*Exchange
	o         Options
	challenge string // "" until it was sent
}

func newCRAM(e *Exchange, o Options) *cramServer { return &cramServer{Exchange: e, o: o} }

// Next sends the challenge, then checks the digest. There is no first response
// (RFC 2195: the server speaks first).
func (s *cramServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if s.challenge == "" {
		if response != nil {
			return nil, false, ErrMalformed
		}
		if s.o.Challenge != nil {
			s.challenge = s.o.Challenge()
		} else {
			s.challenge = "<" + rand.Text() + "@localhost>"
		}
		return []byte(s.challenge), false, nil
	}
	i := strings.LastIndexByte(string(response), ' ') // a name may hold spaces
	if i < 0 {
		return nil, false, ErrMalformed
	}
	user := string(response[:i])
	s.claimed = user
	secret, known := s.o.Secrets.Secret(user)
	if !hmac.Equal([]byte(cramDigest(s.challenge, secret)), response[i+1:]) || !known {
		return nil, false, ErrAuth
	}
	s.user, s.password = user, secret
	return nil, true, nil
}

// cramDigest proves that the client knows secret.
func cramDigest(challenge, secret string) string {
	h := hmac.New(md5.New, []byte(secret))
	h.Write([]byte(challenge))
	return hex.EncodeToString(h.Sum(nil))
}

// cramClient is the client's side.
type cramClient struct{ user, password string }

func (c *cramClient) Start() (mech string, initial []byte, err error) { return CRAM, nil, nil }

func (c *cramClient) Next(challenge []byte) ([]byte, error) {
	return []byte(c.user + " " + cramDigest(string(challenge), c.password)), nil
}
