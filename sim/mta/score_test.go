package mta

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestScore(t *testing.T) {
	const head = "Date: x\r\nMessage-ID: <x>\r\n"
	for _, tt := range []struct {
		letter string
		points int
	}{
		{head + "\r\nhello\r\n", 0},
		{"Subject: hi\r\n\r\nhello\r\n", 2},
		{head + "Subject: YOU HAVE WON!!\r\n\r\nFree money, act now\r\n", 7},
		{head + "Subject: =?utf-8?b?0JLQqyDQktCr0JjQk9Cg0JDQm9CY?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nСрочно\r\n", 6},
		{head + "Subject: ООО\r\n\r\n", 0},
		{head + "\r\n" + gtube, 1000},
		{head + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + strings.ReplaceAll(gtube, "*", "=2A"), 1000},
		{head + "Content-Transfer-Encoding: rot13\r\n\r\n" + gtube, 1000},
		{head + "Content-Type: image/png\r\n\r\n" + gtube, 0},
		{head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" + gtube + "\r\n--b--\r\n", 1000},
		{head + "Content-Type: multipart/mixed\r\n\r\nno boundary", 0},
		{"no header at all", 2},
		{"", 2},
	} {
		got, why := score([]byte(tt.letter), inspect([]byte(tt.letter)))
		if got != tt.points || (got > 0) != (len(why) > 0) {
			t.Errorf("%q: %d points for %q, want %d", tt.letter, got, why, tt.points)
		}
	}
	// Parts in parts in parts are not followed for ever.
	var deep strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	score([]byte(head+deep.String()+gtube), header{})
}

func FuzzScore(f *testing.F) {
	f.Add([]byte("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"))
	f.Fuzz(func(t *testing.T, letter []byte) {
		points, why := score(letter, inspect(letter))
		if points < 0 || (points > 0) != (len(why) > 0) {
			t.Errorf("%q: %d points for %q", letter, points, why)
		}
	})
}

func TestGreylistForgets(t *testing.T) {
	var l greylist
	client := netip.MustParseAddr("192.0.2.1")
	for i := range 3 * maxTriplets / 2 {
		l.pass(triplet{client, fmt.Sprint(i, "@x.example"), "a"}, time.Duration(i), time.Minute)
	}
	if n := len(l.seen); n > maxTriplets || n < maxTriplets*8/10 {
		t.Errorf("%d triplets are remembered", n)
	}
	if wait, known := l.pass(triplet{client, "0@x.example", "a"}, time.Hour, time.Minute); known || wait != time.Minute {
		t.Errorf("the oldest was not forgotten: %v, %s", known, wait)
	}
	if wait, known := l.pass(triplet{client, "14999@x.example", "a"}, time.Hour, time.Minute); !known || wait != 0 {
		t.Errorf("the newest was forgotten: %v, %s", known, wait)
	}
	for i := range maxTriplets {
		l.pass(triplet{client, fmt.Sprint("new", i), "a"}, 48*time.Hour, time.Minute)
	}
	if n := len(l.seen); n > maxTriplets {
		t.Errorf("%d triplets are remembered after two days", len(l.seen))
	}
}
