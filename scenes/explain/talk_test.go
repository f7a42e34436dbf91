package explain

import (
	"strings"
	"testing"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// A client that pipelines gets its replies explained by the commands that
// they answer, and the two answers of AUTH LOGIN are told apart.
func TestTalkPairsRepliesWithCommands(t *testing.T) {
	var talk Talk
	talk.Context(&trace.Event{Conn: 1, Body: &trace.Connect{Service: "submission", Port: 587}})
	for _, c := range []struct {
		role    trace.Role
		text    string
		command string
		want    string // in the sentence or the parts
	}{
		{trace.Reply, "220 ready", "", "Первым говорит сервер"},
		{trace.Command, "AUTH LOGIN", "AUTH LOGIN", "входит"},
		{trace.Reply, "334 VXNlcm5hbWU6", "AUTH LOGIN", "«имя?»"},
		{trace.Command, "YW5uYQ==", "AUTH LOGIN", "имя «anna»"},
		{trace.Reply, "334 UGFzc3dvcmQ6", "AUTH LOGIN", "«пароль?»"},
		{trace.Command, "c2VjcmV0", "AUTH LOGIN", "пароль «secret»"},
		{trace.Reply, "235 2.7.0 welcome", "AUTH LOGIN", "Пароль верный"},
		{trace.Command, "MAIL FROM:<anna@romashka.example>", "MAIL FROM:<anna@romashka.example>", "заводит конверт"},
		{trace.Command, "RCPT TO:<ilon@rocket.example>", "RCPT TO:<ilon@rocket.example>", "конверт"},
		{trace.Command, "DATA", "DATA", "Конверт готов"},
		{trace.Reply, "250 2.1.0 ok", "MAIL FROM:<anna@romashka.example>", "обратный адрес"},
		{trace.Reply, "250-2.1.5 ok", "RCPT TO:<ilon@rocket.example>", "согласен принять"},
		{trace.Reply, "250 2.1.5 ok", "RCPT TO:<ilon@rocket.example>", "согласен принять"},
		{trace.Reply, "354 go on", "DATA", "точка"},
		{trace.Data, "Subject: x", "DATA", "Само письмо"},
		{trace.Data, ".", "DATA", "Точка одна"},
		{trace.Reply, "250 2.0.0 queued", "DATA", "отвечает этот сервер"},
	} {
		e := say("smtp", c.role, c.text)
		if c.role == trace.Reply {
			e.Body.(*trace.Line).Code = c.text[:3]
		}
		ctx := talk.Context(e)
		if ctx.Command != c.command || ctx.Service != "submission" {
			t.Errorf("%q: %+v, want command %q", c.text, ctx, c.command)
		}
		got := Event(words.RU, world, e, ctx)
		if said := got.Sentence + show(c.text, got.Parts); !strings.Contains(said, c.want) {
			t.Errorf("%q: %s, want %q in it", c.text, said, c.want)
		}
	}
}

func TestTalkOfPOP3(t *testing.T) {
	var talk Talk
	for _, c := range []struct {
		role          trace.Role
		text, command string
	}{
		{trace.Reply, "+OK hello", ""},
		{trace.Command, "STAT", "STAT"},
		{trace.Command, "LIST", "LIST"},
		{trace.Reply, "+OK 1 120", "STAT"},
		{trace.Reply, "+OK follows", "LIST"},
		{trace.Data, "1 120", "LIST"},
		{trace.Data, ".", "LIST"},
		{trace.Command, "QUIT", "QUIT"},
		{trace.Reply, "+OK bye", "QUIT"},
	} {
		if ctx := talk.Context(say("pop3", c.role, c.text)); ctx.Command != c.command || ctx.Service != "pop3" {
			t.Errorf("%q: %+v, want command %q", c.text, ctx, c.command)
		}
	}
}
