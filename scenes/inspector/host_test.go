package inspector

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailscope/scenes/stage"
	"mailscope/scenes/stage/stagetest"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

func TestHoldings(t *testing.T) {
	tr := trace.New()
	queue := func(action string, length int, to ...string) {
		tr.Append(trace.Event{From: "mx.test", Body: &trace.Queue{Action: action, ID: "q1", Recipients: to, Length: length}}, nil)
	}
	tr.Append(trace.Event{From: "pc.test", To: "mx.test", Conn: 1, Body: &trace.Connect{Service: "smtp", Port: 25}}, nil)
	tr.Append(trace.Event{From: "pc.test", To: "mx.test", Conn: 1, Body: &trace.Line{Text: "QUIT", Role: trace.Command}}, nil)
	queue("accepted", 1, "a@x.test", "b@x.test")
	queue("relayed", 1, "a@x.test")
	queue("deferred", 1, "b@x.test")
	queue("bounced", 0, "b@x.test")
	for n := 1; n <= 2; n++ {
		tr.Append(trace.Event{From: "mx.test", Body: &trace.Store{Action: "add", Mailbox: "c@x.test", Folder: "INBOX", Count: n}}, nil)
	}
	show := stage.New(trace.Recording{Trace: tr})

	h := holdingsOf(show, "mx.test", 5)
	if len(h.queue) != 1 || len(h.queue[0].recipients) != 1 || h.queue[0].recipients[0] != "b@x.test" || h.queue[0].last.Action != "deferred" {
		t.Errorf("after step 5 the queue holds %+v", h.queue)
	}
	if len(h.boxes) != 0 {
		t.Errorf("after step 5 the mailboxes hold %+v", h.boxes)
	}
	if h.last == nil || h.last.Text != "QUIT" || len(h.ports) != 1 || h.ports[0] != "25 smtp" {
		t.Errorf("last line %+v, services %q", h.last, h.ports)
	}
	h = holdingsOf(show, "mx.test", show.Len())
	if len(h.queue) != 0 || len(h.boxes) != 1 || h.boxes[0].Count != 2 {
		t.Errorf("at the end: queue %+v, mailboxes %+v", h.queue, h.boxes)
	}
}

func TestHostPageTakesTheStepsPlace(t *testing.T) {
	test.NewApp()
	show := stage.New(stagetest.MX())
	v := New()
	v.Resize(fyne.NewSize(320, 600))
	v.SetShow(show, words.RU)
	v.Set(show.Scene(show.Len()))
	step := v.high
	v.SetHost(stagetest.Mail)
	if v.Host() != stagetest.Mail || v.high == step {
		t.Errorf("the page of %q is as high as the step's, %v", v.Host(), step)
	}
	v.Set(show.Scene(1)) // the playhead moves on below it
	if v.Host() != stagetest.Mail {
		t.Error("a step put the page away")
	}
	v.SetHost("")
	v.Set(show.Scene(show.Len()))
	if v.high != step {
		t.Errorf("back at the step the page is %v high, was %v", v.high, step)
	}
}
