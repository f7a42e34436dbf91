package imap

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// mirror is what a session knows of a mailbox from what it was told: the UID
// at each place, 0 if it has not asked yet.
type mirror struct {
	*imapclient.Client
	box  Mailbox
	mu   sync.Mutex
	uids []goimap.UID
}

func newMirror(t *testing.T, s *site, box Mailbox) *mirror {
	m := &mirror{box: box}
	m.Client = s.signIn(t, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Expunge: func(seq uint32) {
			defer m.locked()()
			if int(seq) > len(m.uids) {
				t.Errorf("message %d of %d was expunged", seq, len(m.uids))
				return
			}
			m.uids = slices.Delete(m.uids, int(seq)-1, int(seq))
		},
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			defer m.locked()()
			if d.NumMessages == nil {
				return
			}
			if int(*d.NumMessages) < len(m.uids) {
				t.Errorf("%d messages are left of %d that were not expunged", *d.NumMessages, len(m.uids))
			}
			m.uids = append(m.uids, make([]goimap.UID, max(0, int(*d.NumMessages)-len(m.uids)))...)
		},
	}})
	data := got(t)(m.Select("INBOX", nil).Wait()).(*goimap.SelectData)
	defer m.locked()()
	m.uids = make([]goimap.UID, data.NumMessages)
	return m
}

func (m *mirror) locked() (unlock func()) {
	m.mu.Lock()
	return m.mu.Unlock
}

func (m *mirror) count() int {
	defer m.locked()()
	return len(m.uids)
}

// look asks for all UIDs, and compares them with those that it knew.
func (m *mirror) look() error {
	if m.count() == 0 {
		return nil
	}
	list, err := m.Fetch(goimap.SeqSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true}).Collect()
	defer m.locked()()
	for _, msg := range list {
		if int(msg.SeqNum) > len(m.uids) {
			return fmt.Errorf("there is a message %d of %d", msg.SeqNum, len(m.uids))
		}
		if known := &m.uids[msg.SeqNum-1]; *known != 0 && *known != msg.UID {
			return fmt.Errorf("message %d has UID %d, and had %d", msg.SeqNum, msg.UID, *known)
		} else {
			*known = msg.UID
		}
	}
	return err
}

// act does something at random.
func (m *mirror) act(r *rand.Rand) error {
	n := m.count()
	what := r.IntN(10)
	if n == 0 && what > 2 {
		what = 0
	}
	some := goimap.SeqSetNum(uint32(r.IntN(max(n, 1)) + 1))
	switch what {
	case 0, 1:
		_, err := appended(m.Client, "INBOX", "Subject: x\r\n\r\n", nil)
		return err
	case 2:
		idle, err := m.Idle()
		if err != nil {
			return err
		}
		return errors.Join(idle.Close(), idle.Wait())
	case 3:
		_, err := m.Copy(some, "INBOX").Wait()
		return err
	case 4:
		_, err := m.Move(some, "Old").Wait()
		return err
	case 5: // not by EXPUNGE, whose responses go-imap's client tells in another place
		return m.box.Expunge(nil)
	case 6, 7:
		return m.look()
	}
	op := []goimap.StoreFlagsOp{goimap.StoreFlagsAdd, goimap.StoreFlagsAdd, goimap.StoreFlagsDel, goimap.StoreFlagsSet}[r.IntN(4)]
	flag := []goimap.Flag{goimap.FlagDeleted, goimap.FlagSeen, "$Work"}[r.IntN(3)]
	return m.Store(some, &goimap.StoreFlags{Op: op, Silent: r.IntN(2) == 0, Flags: []goimap.Flag{flag}}, nil).Close()
}

// TestSessionsAgree: whatever several sessions do to a mailbox at once, each
// one's sequence numbers stand for the same messages until it is told
// otherwise, and in the end all know the same.
func TestSessionsAgree(t *testing.T) {
	s := serveMemory(t)
	must(t, s.memory["ana"].Create("Old", ""))
	s.fill(t, inbox, slices.Repeat([]string{"Subject: x\n\n"}, 20)...)
	box, err := s.memory["ana"].Open(inbox)
	must(t, err)
	var mirrors []*mirror
	for range 4 {
		mirrors = append(mirrors, newMirror(t, s, box))
	}
	var wg sync.WaitGroup
	for i, m := range mirrors {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for range 300 {
				var refusal *goimap.Error
				if err := m.act(r); err != nil && !(errors.As(err, &refusal) && refusal.Code == "EXPUNGEISSUED") {
					t.Errorf("session %d: %v", i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	uids, _ := box.UIDs()
	for i, m := range mirrors {
		if err := errors.Join(m.Noop().Wait(), m.look()); err != nil {
			t.Errorf("session %d: %v", i, err)
		}
		var known []uint32
		for _, uid := range m.uids {
			known = append(known, uint32(uid))
		}
		same(t, fmt.Sprint("UIDs of session ", i), known, uids)
	}
}
