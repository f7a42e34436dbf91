package stage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/sim/trace"
)

// everything is all that the eavesdropper has at the end.
func everything(rec trace.Recording) []stage.Heard {
	s := stage.New(rec)
	return s.Overheard(s.Len(), 1<<20)
}

// TestPadlockShutsOutTheEavesdropper: in clear she has password and text,
// whichever way they are said; under TLS neither, nor the certificate, but the
// server's name.
func TestPadlockShutsOutTheEavesdropper(t *testing.T) {
	for _, tt := range []struct {
		device         string
		password, text bool // that she has
	}{
		{"security: none", true, true},
		{"security: none, auth: LOGIN", true, true},
		{"security: none, receive: imap", true, true},
		{"security: none, receive: imap, auth: PLAIN", true, true},
		{"security: none, receive: imap, auth: LOGIN", true, true},
		{"security: none, auth: SCRAM-SHA-256", false, true},
		{"security: none, auth: CRAM-MD5, receive: imap", false, true},
		{"security: starttls", false, false},
		{"security: tls", false, false},
		{"security: tls, receive: imap, auth: LOGIN", false, false},
		{"security: starttls, receive: imap", false, false},
	} {
		t.Run(tt.device, func(t *testing.T) {
			password, text := 0, false
			greeted, sealed := 0, 0
			for _, h := range everything(stagetest.Cafe(t, tt.device)) {
				if h.Password == stagetest.CafePassword {
					password++
				}
				text = text || strings.Contains(h.Text, stagetest.CafeSecret)
				if all := fmt.Sprint(h); !tt.text && (strings.Contains(all, stagetest.CafePassword) || strings.Contains(all, stagetest.CafeSecret)) {
					t.Errorf("she has %+v", h)
				}
				switch h.What {
				case stage.HeardHandshake:
					if h.Record == "client_hello" && h.Text == stagetest.Mail {
						greeted++
					} else if h.Record != "server_hello" {
						t.Errorf("in clear after the hellos: %+v", h)
					}
				case stage.HeardSealed:
					sealed++
					if h.Readable() || h.Text != "" || h.User != "" {
						t.Errorf("sealed, but %+v", h)
					}
				}
				if h.From != stagetest.Anna && h.To != stagetest.Anna {
					t.Errorf("she is not near %s and %s", h.From, h.To)
				}
			}
			wantTimes := 0
			if tt.password {
				wantTimes = 2 // to send and to fetch
			}
			if password != wantTimes || text != tt.text {
				t.Errorf("passwords %d, text %v", password, text)
			}
			if shut := !tt.text; (greeted == 2) != shut || (sealed > 20) != shut {
				t.Errorf("%d greeted by name, %d sealed", greeted, sealed)
			}
		})
	}
}

// TestRecordsCarryWhatIsSaidAtOnce: the lines of one reply are one record.
func TestRecordsCarryWhatIsSaidAtOnce(t *testing.T) {
	tr := trace.New()
	add := func(from, to, text string, at int) {
		tr.Append(trace.Event{From: from, To: to, Conn: 1, Proto: "smtp", At: time.Duration(at) * time.Second,
			Body: &trace.Line{Text: text, Role: trace.Reply, Bytes: len(text) + 2, Encrypted: true}}, nil)
	}
	tr.Append(trace.Event{From: "a.test", To: "b.test", Conn: 1, Proto: "smtp", Body: &trace.Connect{Service: "submissions", Port: 465}}, nil)
	add("b.test", "a.test", "250-one", 1)
	add("b.test", "a.test", "250 two", 1)
	add("a.test", "b.test", strings.Repeat("x", trace.MaxRecordData), 2)
	add("a.test", "b.test", "later", 9)
	rec := trace.Recording{Trace: tr}
	s := stage.New(rec)
	var got []string
	for step := 1; step <= s.Len(); step++ {
		for _, h := range s.HeardAt(step) {
			got = append(got, fmt.Sprintf("%d: %d of %d", h.Step, h.Records, h.Bytes))
		}
	}
	want := []string{"1: 0 of 0", "2: 1 of 40", "4: 2 of 16430", "5: 1 of 29"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	last := s.Overheard(s.Len(), 2)
	if len(last) != 2 || last[0].Step != 4 || last[1].Step != 5 {
		t.Errorf("the last two are %+v", last)
	}
	if before := s.Overheard(3, 10); len(before) != 2 || before[1].Bytes != 40 {
		t.Errorf("after three steps she has %+v", before)
	}
}

// TestEavesdropperHearsHerHostsAlone, whatever others say.
func TestEavesdropperHearsHerHostsAlone(t *testing.T) {
	rec := stagetest.MX()
	all := everything(rec)
	rec.Header.World.Eavesdropper = &trace.Eavesdropper{Name: "eve.test", Hears: []string{stagetest.NS}}
	questions := everything(rec)
	if len(questions) == 0 || len(questions) >= len(all) {
		t.Fatalf("%d of %d", len(questions), len(all))
	}
	for _, h := range questions {
		if h.What != stage.HeardLookup || h.To != stagetest.NS || h.Bytes != 0 {
			t.Errorf("%+v", h)
		}
	}
}
