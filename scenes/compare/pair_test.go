package compare_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"mailscope/scenes/compare"
	"mailscope/scenes/compare/comparetest"
	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

func day() *compare.Pair { return compare.New(comparetest.Day()) }

// checkCourse is what must hold for any two recordings: one playhead moves
// both sides, never back and never both at rest, to both ends; and each step of
// either side is found.
func checkCourse(t *testing.T, p *compare.Pair) {
	t.Helper()
	a, b := p.Steps(0)
	if a != 0 || b != 0 {
		t.Fatalf("moment 0 is at %d and %d", a, b)
	}
	most := 0
	for i, s := range p.Sides {
		most = max(most, s.Show.Len())
		for step := range s.Show.Len() + 1 {
			m := p.Moment(i, step)
			left, right := p.Steps(m)
			if at := []int{left, right}[i]; at != step {
				t.Fatalf("side %d: step %d is found at moment %d, which shows %d", i, step, m, at)
			}
			if m > 0 {
				left, right := p.Steps(m - 1)
				if at := []int{left, right}[i]; at >= step {
					t.Fatalf("side %d: step %d is shown before moment %d too", i, step, m)
				}
			}
		}
	}
	for m := 1; m <= p.Len(); m++ {
		left, right := p.Steps(m)
		if left < a || right < b || left > a+1 || right > b+1 || left == a && right == b {
			t.Fatalf("from %d, %d to %d, %d at moment %d of %d", a, b, left, right, m, p.Len())
		}
		a, b = left, right
	}
	if a != p.Sides[0].Show.Len() || b != p.Sides[1].Show.Len() {
		t.Fatalf("ends at %d of %d and %d of %d", a, p.Sides[0].Show.Len(), b, p.Sides[1].Show.Len())
	}
	if p.Len() < most {
		t.Fatalf("%d moments for %d steps", p.Len(), most)
	}
	if left, right := p.Steps(p.Len() + 7); left != a || right != b {
		t.Error("behind the end is not the end")
	}
	for i, c := range p.Chapters() {
		if i > 0 && c.Step < p.Chapters()[i-1].Step {
			t.Errorf("chapter %d begins before the one before it", i)
		}
	}
}

// script makes a recording of events, steps of a lesson and chapters from any
// octets.
func script(in []byte) trace.Recording {
	b := stagetest.NewBuilder()
	step := 0
	for _, c := range in {
		switch {
		case c < 40:
			step += int(c) % 3
			b.Append(trace.Event{At: b.At, Body: &trace.Note{Step: step}}, nil)
		case c < 60:
			b.Chapter("x", "x")
		case c < 80:
			b.Wait(time.Duration(c) * time.Second)
		case c < 110:
			action := []string{"listed", "fetched", "read", "marked", "moved", "gone", "lost"}[c%7]
			holds := []string{"", trace.HoldsHeader, trace.HoldsText, trace.HoldsWhole}[c%4]
			b.Add(trace.Event{From: []string{comparetest.Laptop, comparetest.Phone}[c%2], Letter: []string{"", "L1", "L2"}[c%3],
				Body: &trace.Device{Action: action, Holds: holds, UID: fmt.Sprint(c % 5), Size: int(c), Account: comparetest.Boris}})
		case c < 140:
			action := []string{"add", "remove", "flags", "delete", "rename"}[c%5]
			b.Add(trace.Event{From: comparetest.Mail, Letter: []string{"", "L1", "L2"}[c%3],
				Body: &trace.Store{Action: action, UID: fmt.Sprint(c % 5), Bytes: int(c), Mailbox: comparetest.Boris, Folder: []string{"INBOX", "A"}[c%2], To: "B"}})
		case c < 170:
			role := []trace.Role{trace.Command, trace.Reply, trace.Data}[c%3]
			from, to := comparetest.Phone, comparetest.Mail
			if c%2 == 0 {
				from, to = to, from
			}
			b.Add(trace.Event{From: from, To: to, Conn: int(c%2) + 1, Proto: "imap",
				Body: &trace.Line{Text: []string{"a UID SEARCH TEXT x", "a SELECT INBOX", "+", "a OK"}[c%4], Role: role, Code: []string{"", "+", "OK"}[c%3]}})
		default:
			b.Add(trace.Event{From: "a.test", Body: &trace.Device{Action: "poll"}})
		}
	}
	return trace.Recording{Trace: b.Trace}
}

func FuzzCourse(f *testing.F) {
	f.Add([]byte{1, 90, 90, 1, 90, 85}, []byte{1, 90, 1, 90, 90, 90})
	f.Add([]byte{90, 50, 90, 90, 50, 50}, []byte{50, 50, 90, 50, 90, 90, 90, 90})
	f.Add([]byte{90, 70, 90}, []byte{})
	f.Add([]byte{2, 5, 90, 1, 90}, []byte{1, 90, 2, 1, 90})
	f.Add([]byte{110, 115, 110, 111, 116, 91, 97, 143, 150, 160}, []byte{120, 99, 105, 107, 104, 200})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		p := compare.New(script(a), script(b))
		checkCourse(t, p)
		checkMeters(t, p)
	})
}

// checkMeters is what must hold for any two recordings: nothing is less than
// nothing, and no more than the most that was seen; what went over the wire
// never shrinks.
func checkMeters(t *testing.T, p *compare.Pair) {
	t.Helper()
	before := p.Meters(0)
	for m := range p.Len() + 1 {
		now := p.Meters(m)
		for i, x := range now {
			for side, v := range x.Values {
				if v < 0 || v > x.Most {
					t.Fatalf("moment %d: %s is %d, of at most %d", m, x.ID, v, x.Most)
				}
				if i < 7 && v < before[i].Values[side] {
					t.Fatalf("moment %d: %s went from %d to %d", m, x.ID, before[i].Values[side], v)
				}
			}
		}
		before = now
		left, _ := p.Steps(m)
		for _, d := range p.Sides[0].At(left).Devices {
			if d.Lost && len(d.Letters()) != 0 && d.Last == "lost" {
				t.Fatalf("moment %d: letters on a device that is lost", m)
			}
		}
	}
}

func TestCourse(t *testing.T) {
	pop, imap := comparetest.Day()
	for name, c := range map[string]struct {
		a, b trace.Recording
		way  compare.Way
	}{
		"a lesson told twice":  {pop, imap, compare.BySteps},
		"the same twice":       {pop, pop, compare.BySteps},
		"different recordings": {stagetest.MX(), pop, compare.ByTime},
		"as many chapters":     {stagetest.MX(), stagetest.MX(), compare.ByChapters},
		"empty":                {trace.Recording{Trace: trace.New()}, imap, compare.ByTime},
		"nothing":              {trace.Recording{}, trace.Recording{}, compare.ByTime},
	} {
		t.Run(name, func(t *testing.T) {
			p := compare.New(c.a, c.b)
			if p.Way != c.way {
				t.Errorf("aligned by %s, want %s", p.Way, c.way)
			}
			checkCourse(t, p)
		})
	}
}

// At each step of the lesson both sides begin it in the same moment.
func TestStepsMeet(t *testing.T) {
	p := day()
	phone := [2]int{}
	for i, s := range p.Sides {
		for step := 1; step <= s.Show.Len(); step++ {
			if e := s.Show.Event(step); e.From == comparetest.Phone {
				phone[i] = p.Moment(i, step)
				break
			}
		}
	}
	if phone[0] != phone[1] {
		t.Errorf("the phone first asks at moment %d by POP3 and %d by IMAP", phone[0], phone[1])
	}
	if n := len(p.Chapters()); n != 5 || p.Chapter(phone[0]) != 1 || p.Chapters()[1].Step != phone[0] {
		t.Errorf("%d chapters, the phone asks in number %d", n, p.Chapter(phone[0]))
	}
}

func TestPlays(t *testing.T) {
	p := day()
	pl := stage.NewPlayer(p)
	pl.Speed, pl.StopAt = 100, stage.StopChapter
	for range p.Chapters()[1:] {
		pl.Play()
		for range 10000 {
			if !pl.Advance(16 * time.Millisecond) {
				break
			}
		}
	}
	if got, want := pl.Step, p.Chapters()[4].Step; got != want {
		t.Errorf("after the last stop at moment %d, want %d", got, want)
	}
	if p.Beat(0) != 0 || p.Beat(p.Len()) < time.Second {
		t.Errorf("beats of %v and %v", p.Beat(0), p.Beat(p.Len()))
	}
	submission := time.Duration(0)
	for m := 1; ; m++ {
		if _, ok := p.Sides[0].Show.Event(m).Body.(*trace.Store); ok {
			break
		}
		submission += p.Beat(m)
	}
	if submission > 3*time.Second {
		t.Errorf("handing in a letter takes %v", submission)
	}
}

func meter(t *testing.T, p *compare.Pair, moment int, id compare.ID, device string) [2]int64 {
	t.Helper()
	for _, m := range p.Meters(moment) {
		if m.ID == id && (device == "" || m.Device == device) {
			return m.Values
		}
	}
	t.Fatalf("no meter %s", id)
	return [2]int64{}
}

func TestMeters(t *testing.T) {
	p := day()
	end := p.Len()
	whole := int64(0)
	for _, l := range comparetest.Letters {
		whole += int64(l.Size)
	}
	for _, c := range []struct {
		id     compare.ID
		device string
		want   [2]int64
	}{
		{compare.Connections, "", [2]int64{3, 4}},
		// USER, PASS, STAT thrice, QUIT thrice, RETR and DELE four times.
		{compare.Commands, "", [2]int64{20, 15}},
		// POP3: each command and three greetings. IMAP: each command, four
		// greetings, and the literal of the search.
		{compare.Trips, "", [2]int64{23, 20}},
		{compare.Stored, "", [2]int64{0, 4}},
		{compare.ServerBytes, "", [2]int64{0, whole}},
		{compare.Sees, comparetest.Laptop, [2]int64{0, 0}},
		{compare.Sees, comparetest.Phone, [2]int64{0, 4}},
		{compare.Offline, comparetest.Phone, [2]int64{0, 1}},
		{compare.DeviceBytes, comparetest.Phone, [2]int64{0, 3*420 + 3482}},
		{compare.Readable, "", [2]int64{0, 1}},
		{compare.Lost, comparetest.Laptop, [2]int64{4, 0}},
	} {
		if got := meter(t, p, end, c.id, c.device); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.id, c.device, got, c.want)
		}
	}
	for _, m := range p.Meters(0) {
		if m.Values != [2]int64{} || m.Most < max(m.Values[0], m.Values[1]) {
			t.Errorf("%s is %d at the start, at most %d", m.ID, m.Values, m.Most)
		}
	}
	before := p.Chapters()[4].Step - 1
	if got := meter(t, p, before, compare.Lost, ""); got != [2]int64{4, 0} {
		t.Errorf("before the loss %d would be lost", got)
	}
	if got := meter(t, p, before, compare.Readable, ""); got != [2]int64{4, 2} {
		t.Errorf("before the loss %d can be read", got)
	}
	work, down := meter(t, p, end, compare.Work, ""), meter(t, p, end, compare.Down, "")
	if work[0] != down[0] || work[1] != down[1]+whole {
		t.Errorf("work %d, down %d", work, down)
	}
	up, link := meter(t, p, end, compare.Up, ""), meter(t, p, end, compare.Link, "")
	if want := (23+3)*2*compare.LinkLatency + time.Duration(up[0]+down[0])*8*time.Second/compare.LinkSpeed; link[0] != int64(want) {
		t.Errorf("over the slow link %v, want %v", time.Duration(link[0]), want)
	}
}

// What several commands without waiting cost, and what the server says of its
// own accord.
func TestTrips(t *testing.T) {
	talk := func(lines ...string) trace.Recording {
		tr := trace.New()
		tr.Append(trace.Event{From: "c", To: "s", Conn: 1, Proto: "imap", Body: &trace.Connect{Service: "imap"}}, nil)
		for _, l := range lines {
			e := trace.Event{From: "s", To: "c", Conn: 1, Proto: "imap"}
			b := &trace.Line{Text: l[3:], Role: trace.Reply}
			switch l[:3] {
			case "C: ":
				e.From, e.To, b.Role = "c", "s", trace.Command
			case "D: ":
				e.From, e.To, b.Role = "c", "s", trace.Data
			}
			if b.Role == trace.Reply && b.Text[0] == '+' {
				b.Code = "+"
			}
			e.Body = b
			tr.Append(e, nil)
		}
		return trace.Recording{Trace: tr}
	}
	for _, c := range []struct {
		lines           []string
		trips, commands int64
	}{
		{[]string{"S: * OK"}, 1, 0},
		{[]string{"S: * OK", "C: a1 NOOP", "C: a2 NOOP", "S: a1 OK", "S: a2 OK"}, 2, 2},
		{[]string{"S: * OK", "C: a1 IDLE", "S: + idling", "S: * 1 EXISTS", "S: * 2 EXISTS", "C: DONE", "S: a1 OK"}, 3, 1},
		{[]string{"S: * OK", "C: a1 APPEND INBOX {3}", "S: + go", "D: abc", "C: ", "S: a1 OK"}, 3, 1},
		{[]string{"S: * OK", "C: a1 LOGIN {3+}", "D: abc", "C:  {3+}", "D: abc", "C: ", "S: a1 OK", "C: a2 NOOP", "S: a2 OK"}, 3, 2},
		{[]string{"S: * OK", "C: a1 AUTHENTICATE PLAIN", "S: + ", "C: AGFubmE=", "S: a1 OK"}, 3, 1},
	} {
		p := compare.New(talk(c.lines...), trace.Recording{Trace: trace.New()})
		if got := meter(t, p, p.Len(), compare.Trips, "")[0]; got != c.trips {
			t.Errorf("%q: %d trips, want %d", c.lines, got, c.trips)
		}
		if got := meter(t, p, p.Len(), compare.Commands, "")[0]; got != c.commands {
			t.Errorf("%q: %d commands, want %d", c.lines, got, c.commands)
		}
	}
}

// The state at any step is the same from whichever side it is come to.
func TestSeek(t *testing.T) {
	rec := comparetest.Long(3000, "IMAP")
	p, other := compare.New(rec, rec), compare.New(rec, rec)
	for i := range 400 {
		m := i * 617 % (p.Len() + 1)
		jumped := p.Meters(m)
		for walked := max(m-700, 0); walked < m; walked += 50 {
			other.Meters(walked)
		}
		for j, w := range other.Meters(m) {
			if jumped[j] != w {
				t.Fatalf("at moment %d: %+v, or else %+v", m, jumped[j], w)
			}
		}
	}
}

func TestLettersOfDevices(t *testing.T) {
	p := day()
	at := p.Chapters()[2].Step - 1 // the phone has looked
	left, right := p.Steps(at)
	pop, imap := p.Sides[0].At(left), p.Sides[1].At(right)
	laptop := pop.Devices[0].Letters()
	if len(laptop) != 4 || laptop[0].Holds != compare.Whole || !laptop[0].Read || laptop[1].Read {
		t.Errorf("the laptop by POP3 has %+v", laptop)
	}
	if n := len(pop.Devices[1].Letters()); n != 0 || pop.Devices[1].Last != "nothing" {
		t.Errorf("the phone by POP3 has %d letters", n)
	}
	phone := imap.Devices[1].Letters()
	if len(phone) != 4 || phone[2].Holds != compare.Header || !phone[0].Read || phone[2].Read {
		t.Errorf("the phone by IMAP has %+v", phone)
	}
	box := imap.Boxes[0].Letters()
	if len(box) != 4 || !box[0].Read || box[1].Read {
		t.Errorf("the server by IMAP has %+v", box)
	}
	if l := p.Sides[1].Letters[phone[2].Letter]; l.Subject != "Фото" || l.Size != 2_202_010 {
		t.Errorf("the third letter is %+v", l)
	}
}

func TestWords(t *testing.T) {
	p := day()
	if p.Title("ru", 0) != "POP3" || p.Protocol(1) != "imap" {
		t.Errorf("sides %s and %s", p.Title("ru", 0), p.Protocol(1))
	}
	same := compare.New(stagetest.MX(), stagetest.MX())
	if same.Title("en", 0) != "Left" || same.Protocol(0) != "" {
		t.Errorf("the same twice: %q, %q", same.Title("en", 0), same.Protocol(0))
	}
	for _, l := range words.Langs {
		for _, p := range []*compare.Pair{p, same} {
			for _, m := range p.Meters(p.Len()) {
				if p.Label(l, m) == "" || m.Unit.Text(l, m.Values[0]) == "" {
					t.Errorf("%s: %s", l, m.ID)
				}
			}
		}
	}
	for _, c := range []struct {
		unit   compare.Unit
		v      int64
		en, ru string
	}{
		{compare.Times, 1200, "1200", "1200"},
		{compare.Letters, 1, "1 letter", "1 письмо"}, {compare.Letters, 4, "4 letters", "4 письма"}, {compare.Letters, 11, "11 letters", "11 писем"},
		{compare.Octets, 812, "812 B", "812 Б"}, {compare.Octets, 1234, "1.2 KB", "1,2 КБ"}, {compare.Octets, 10_300, "10 KB", "10 КБ"},
		{compare.Octets, 2_202_010, "2.1 MB", "2,1 МБ"}, {compare.Octets, 5 << 40, "5120 GB", "5120 ГБ"}, {compare.Octets, 1023 << 10, "1.0 MB", "1,0 МБ"},
		{compare.Span, int64(4200 * time.Millisecond), "4.2 s", "4,2 с"}, {compare.Span, int64(125 * time.Second), "2 min 5 s", "2 мин 5 с"},
		{compare.Span, int64(59700 * time.Millisecond), "1 min 0 s", "1 мин 0 с"}, {compare.Span, int64(2*time.Hour + 61*time.Second), "2 h 1 min", "2 ч 1 мин"},
	} {
		if en, ru := c.unit.Text("en", c.v), c.unit.Text("ru", c.v); en != c.en || ru != c.ru {
			t.Errorf("%s %d: %q and %q, want %q and %q", c.unit, c.v, en, ru, c.en, c.ru)
		}
	}
	if compare.Letters.Short("ru", 0) != "0" {
		t.Error("a zero with a unit")
	}
}

func BenchmarkNew100k(b *testing.B) {
	pop, imap := comparetest.Long(100_000, "POP3"), comparetest.Long(100_000, "IMAP")
	for b.Loop() {
		compare.New(pop, imap)
	}
}

// BenchmarkSeek jumps all over two recordings of a hundred thousand events.
func BenchmarkSeek(b *testing.B) {
	p := compare.New(comparetest.Long(100_000, "POP3"), comparetest.Long(100_000, "IMAP"))
	m := 0
	for b.Loop() {
		m = (m + 61_743) % p.Len()
		p.Meters(m)
	}
}

// BenchmarkPlay goes from moment to moment.
func BenchmarkPlay(b *testing.B) {
	p := compare.New(comparetest.Long(100_000, "POP3"), comparetest.Long(100_000, "IMAP"))
	m := 0
	for b.Loop() {
		m = (m + 1) % p.Len()
		p.Meters(m)
	}
}

func TestJSON(t *testing.T) {
	p := day()
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var out struct {
		Sides  []string
		Way    string
		Meters []struct {
			ID     string
			Unit   string
			Values []float64
		}
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Sides) != 2 || out.Sides[1] != "IMAP" || out.Way != "steps" || len(out.Meters) != len(p.Meters(0)) {
		t.Errorf("%s", b.Bytes())
	}
	for _, m := range out.Meters {
		if m.ID == "link" && (m.Values[0] < 200 || m.Values[0] > 400) {
			t.Errorf("over the slow link in %v seconds", m.Values)
		}
	}
}
