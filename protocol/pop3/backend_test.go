package pop3

import (
	"context"
	"errors"
	"net"
	"sync"
)

// store is a Backend of fixed accounts. Its letters never change; what was
// committed is only noted.
type store struct {
	mu       sync.Mutex
	accounts map[string]*account
}

type account struct {
	secret    string
	letters   []Info
	text      [][]byte
	openErr   error
	commitErr error

	open, closed int
	commits      [][]int
}

// The letters of the tests: 23, 31 (with the CR LF that is missing) and 33
// octets.
var testLetters = [][]byte{
	[]byte("Subject: one\r\n\r\nHello\r\n"),
	[]byte("Subject: two\r\n\r\n.dot\r\n..\r\nend"),
	[]byte("Subject: Привет\r\n\r\nмир\r\n"),
}

var testInfos = []Info{{23, "uid-1"}, {31, "uid-2"}, {33, "uid-3"}}

func newStore() *store {
	one, oneInfo := testLetters[:1], testInfos[:1]
	return &store{accounts: map[string]*account{
		"anna":    {secret: "secret", letters: testInfos, text: testLetters},
		"boris":   {secret: " two words "},
		"анна":    {secret: "секрет", letters: testInfos[2:], text: testLetters[2:]},
		"mrose":   {secret: "tanstaaf", letters: oneInfo, text: one},
		"busy":    {secret: "secret", openErr: ErrInUse},
		"broken":  {secret: "secret", openErr: errors.New("disk on fire")},
		"damaged": {secret: "secret", letters: []Info{{1, "two words"}}, text: one},
		"holes":   {secret: "secret", letters: []Info{{9, "uid-1"}}},
		"stuck":   {secret: "secret", letters: oneInfo, text: one, commitErr: errors.New("disk full")},
	}}
}

func (st *store) Login(ctx context.Context, nc net.Conn, user, password string) (Maildrop, error) {
	return st.APOP(ctx, nc, user, func(secret string) bool { return secret == password })
}

func (st *store) APOP(_ context.Context, _ net.Conn, user string, check func(string) bool) (Maildrop, error) {
	a := st.accounts[user]
	switch {
	case a == nil || !check(a.secret):
		return nil, ErrAuth
	case a.openErr != nil:
		return nil, a.openErr
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if a.open > a.closed {
		return nil, ErrInUse
	}
	a.open++
	return &drop{st, a}, nil
}

func (st *store) Secret(user string) (string, bool) {
	a := st.accounts[user]
	if a == nil {
		return "", false
	}
	return a.secret, true
}

// commits lists every commit on any account.
func (st *store) commits() (all [][]int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, a := range st.accounts {
		all = append(all, a.commits...)
	}
	return all
}

// left counts the maildrops that were opened but not closed exactly once.
func (st *store) left() (n int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, a := range st.accounts {
		n += a.open - a.closed
	}
	return n
}

type drop struct {
	st *store
	*account
}

func (d *drop) List() []Info { return d.letters }
func (d *drop) Letter(i int) ([]byte, error) {
	if i >= len(d.text) {
		return nil, errors.New("letter lost")
	}
	return d.text[i], nil
}

func (d *drop) Commit(deleted []int) error {
	d.st.mu.Lock()
	defer d.st.mu.Unlock()
	d.commits = append(d.commits, deleted)
	return d.commitErr
}

func (d *drop) Close() {
	d.st.mu.Lock()
	defer d.st.mu.Unlock()
	d.closed++
}
