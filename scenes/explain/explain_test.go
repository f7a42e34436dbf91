package explain

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

var world = trace.World{Hosts: []trace.Host{
	{Name: "mail.romashka.example", Domain: "romashka.example", Kind: trace.Server},
	{Name: "mx1.rocket.example", Domain: "rocket.example", Kind: trace.Server, MX: 10},
	{Name: "anna-laptop.romashka.example", Domain: "romashka.example", Kind: trace.Laptop, Title: trace.Words{"en": "Anna", "ru": "Анна"}},
	{Name: "ilon-phone.rocket.example", Domain: "rocket.example", Kind: trace.Phone, Title: trace.Words{"en": "Ilon", "ru": "Илон"}},
	{Name: "anna-web.romashka.example", Domain: "romashka.example", Kind: trace.Browser, Title: trace.Words{"en": "Anna", "ru": "Анна"}, Receive: "imap"},
	{Name: "foreign-1", Kind: trace.Foreign},
}}

// say makes the event of one line between the two servers.
func say(proto string, role trace.Role, text string) *trace.Event {
	code := ""
	if role == trace.Reply {
		code, _, _ = strings.Cut(text, " ")
	}
	return &trace.Event{
		From: "mail.romashka.example", To: "mx1.rocket.example", Conn: 1, Proto: proto,
		Body: &trace.Line{Text: text, Role: role, Code: code},
	}
}

// show writes the parts as "[text: meaning]", to be read in a failure.
func show(text string, parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("[" + text[p.Start:p.End] + ": " + p.Meaning + "]")
	}
	return b.String()
}

// checkParts is what must hold for the parts of any line.
func checkParts(t *testing.T, text string, parts []Part) {
	t.Helper()
	at := 0
	for _, p := range parts {
		if p.Start < at || p.End <= p.Start || p.End > len(text) {
			t.Fatalf("part %d..%d of %q, the one before ends at %d", p.Start, p.End, text, at)
		}
		at = p.End
	}
}

var cyrillic = regexp.MustCompile(`\p{Cyrillic}`)

// checkLanguages explains the event in both languages and looks for the other
// one in what is said.
func checkLanguages(t *testing.T, e *trace.Event, ctx Context) (ru Explained) {
	t.Helper()
	en := Event(words.EN, world, e, ctx)
	ru = Event(words.RU, world, e, ctx)
	if en.Sentence == "" || cyrillic.MatchString(en.Sentence) {
		t.Errorf("English: %q", en.Sentence)
	}
	if !cyrillic.MatchString(ru.Sentence) {
		t.Errorf("Russian: %q", ru.Sentence)
	}
	if ru.RFC != en.RFC || len(ru.Parts) != len(en.Parts) {
		t.Errorf("languages differ: %v, %v", en, ru)
	}
	return ru
}

type lineCase struct {
	role      trace.Role
	text      string
	command   string
	rfc       string
	sentence  string // a part of the Russian one
	wantParts string // all of them in Russian, as show writes them; "" to skip
}

func runCases(t *testing.T, proto string, cases []lineCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			got := checkLanguages(t, say(proto, c.role, c.text), Context{Command: c.command, Service: proto})
			checkParts(t, c.text, got.Parts)
			if got.RFC != c.rfc {
				t.Errorf("RFC %q, want %q", got.RFC, c.rfc)
			}
			if !strings.Contains(got.Sentence, c.sentence) {
				t.Errorf("sentence %q, want %q in it", got.Sentence, c.sentence)
			}
			if parts := show(c.text, got.Parts); c.wantParts != "" && parts != c.wantParts {
				t.Errorf("parts\n %s, want\n %s", parts, c.wantParts)
			}
		})
	}
}

func TestSMTPCommands(t *testing.T) {
	runCases(t, "smtp", []lineCase{
		{trace.Command, "RCPT TO:<ilon@rocket.example>", "", "RFC 5321 §4.1.1.3", "Серверы верят конверту.",
			"[RCPT TO:: команда: «кому доставить»][ilon: чей ящик — знает только rocket][rocket.example: домен: его MX спросили у DNS]"},
		{trace.Command, "mail from:<anna@romashka.example> SIZE=812 BODY=8BITMIME", "", "RFC 5321 §4.1.1.2", "конверт",
			"[mail from:: команда: «от кого»][anna: чей ящик — со слов отправителя][romashka.example: домен: сюда вернётся письмо, если его не доставить][SIZE=812: размер письма в байтах, сказан заранее: 812][BODY=8BITMIME: текст письма — буквы любого языка как есть]"},
		{trace.Command, "AUTH SCRAM-SHA-256-PLUS", "", "RFC 4954 §4", "",
			"[AUTH: команда: «хочу войти»][SCRAM-SHA-256-PLUS: способ: как SCRAM-SHA-256, да ещё с привязкой к этому самому соединению, чтобы никто не встал посередине]"},
		{trace.Command, "AUTH SCRAM-SHA-256 biwsbj1hbm5hLHI9eA==", "", "RFC 4954 §4", "", "[AUTH: команда: «хочу войти»][SCRAM-SHA-256: способ: оба доказывают друг другу, что знают пароль, и ни один его не произносит][biwsbj1hbm5hLHI9eA==: в base64: «n,,n=anna,r=x»]"},
		{trace.Command, "MAIL FROM:<> RET=HDRS ENVID=x", "", "RFC 5321 §4.5.5", "уведомление", ""},
		{trace.Command, `RCPT TO:<"a>b c"@[192.0.2.1]> NOTIFY=NEVER`, "", "RFC 5321 §4.1.1.3", "", ""},
		{trace.Command, "RCPT TO:<@a.example,@b.example:ilon@rocket.example>", "", "RFC 5321 §4.1.1.3", "", ""},
		{trace.Command, "EHLO mail.romashka.example", "", "RFC 5321 §4.1.1.1", "mail.romashka здоровается", ""},
		{trace.Command, "TURN", "", "RFC 5321 §F.1", "поменяться ролями", "[TURN: команда: «поменяемся ролями»]"},
		{trace.Command, "HELO x", "", "RFC 5321 §4.1.1.1", "1982", ""},
		{trace.Command, "DATA", "", "RFC 5321 §4.1.1.4", "", ""},
		{trace.Command, "BDAT 120 LAST", "", "RFC 3030 §2", "", "[BDAT: команда: «дальше кусок письма»][120: длина куска в байтах: 120][LAST: последний кусок: теперь письмо целиком]"},
		{trace.Command, "AUTH PLAIN AGFubmEAc2VjcmV0", "", "RFC 4954 §4", "входит",
			"[AUTH: команда: «хочу войти»][PLAIN: способ: имя и пароль одной строкой][AGFubmEAc2VjcmV0: в base64: имя «anna», пароль «secret»]"},
		{trace.Command, "AGFubmEAc2VjcmV0", "AUTH PLAIN", "RFC 4954 §4", "base64", "[AGFubmEAc2VjcmV0: в base64: имя «anna», пароль «secret»]"},
		{trace.Command, "YW5uYQ==", "AUTH LOGIN", "RFC 4954 §4", "base64", "[YW5uYQ==: в base64: «anna»]"},
		{trace.Command, "c2VjcmV0", "YW5uYQ==", "RFC 4954 §4", "base64", "[c2VjcmV0: в base64: пароль «secret»]"},
		{trace.Data, "c2VjcmV0", "AUTH LOGIN YW5uYQ==", "RFC 4954 §4", "base64", "[c2VjcmV0: в base64: пароль «secret»]"},
		{trace.Command, "YW5uYUBhLmV4YW1wbGUgMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "AUTH CRAM-MD5", "RFC 4954 §4", "Сам пароль не прозвучал", ""},
		{trace.Command, "Yz1iaXdzLHI9eHkscD1hYmM9", "AUTH SCRAM-SHA-256 biwsbj1hbm5hLHI9eA==", "RFC 4954 §4", "самого пароля не называет", ""},
		{trace.Command, "", "Yz1iaXdzLHI9eHkscD1hYmM9", "RFC 4954 §4", "пустой строкой", ""},
		{trace.Command, "*", "AUTH LOGIN", "RFC 4954 §4", "передумывает", ""},
		{trace.Command, "XYZZY plugh", "EHLO x", "RFC 5321 §4.2.4", "Такой команды", ""},
		{trace.Command, "", "EHLO x", "RFC 5321 §4.2.4", "Такой команды", ""},
		{trace.Command, "QUIT", "", "RFC 5321 §4.1.1.10", "прощается", ""},
	})
}

func TestSMTPReplies(t *testing.T) {
	runCases(t, "smtp", []lineCase{
		{trace.Reply, "220 mx1.rocket.example ESMTP mailscope", "", "RFC 5321 §4.2.1", "Первым говорит сервер", ""},
		{trace.Reply, "250-mx1.rocket.example greets you", "EHLO x", "RFC 5321 §4.1.1.1", "перечисляет", ""},
		{trace.Reply, "250-SIZE 10485760", "EHLO x", "RFC 1870 §4", "велико", ""},
		{trace.Reply, "250-SIZE", "EHLO x", "RFC 1870 §4", "", ""},
		{trace.Reply, "250-AUTH PLAIN LOGIN", "EHLO x", "RFC 4954 §3", "войти", ""},
		{trace.Reply, "250-XCLIENT NAME", "EHLO x", "RFC 5321 §4.1.1.1", "Ещё одно умение", ""},
		{trace.Reply, "250 CHUNKING", "EHLO x", "RFC 3030 §2", "BDAT", ""},
		{trace.Reply, "250 2.1.5 recipient ok", "RCPT TO:<a@b>", "RFC 3463 §3", "согласен",
			"[2: сделано][50: речь о почте; целиком — выполнено][2.1.5: адреса: адрес получателя годится][recipient ok: для людей; программы это не читают]"},
		{trace.Reply, "550 5.1.1 no such mailbox here", "RCPT TO:<a@b>", "RFC 3463 §3", "не возьмёт",
			"[5: отказ насовсем: повторять не надо][50: речь о почте; целиком — ящик недоступен][5.1.1: адреса: ящика с таким именем нет][no such mailbox here: для людей; программы это не читают]"},
		{trace.Reply, "354 go on", "DATA", "RFC 5321 §4.2.1", "точка", ""},
		{trace.Reply, "250 2.0.0 accepted", "DATA", "RFC 3463 §3", "отвечает этот сервер", ""},
		{trace.Reply, "451 4.3.0 later", "DATA", "RFC 3463 §3", "зайдёт позже", ""},
		{trace.Reply, "334 PDFAeC50ZXN0Pg==", "AUTH CRAM-MD5", "RFC 4954 §4", "", "[3: продолжай, я слушаю][34: из расширения AUTH: жду ответа][PDFAeC50ZXN0Pg==: в base64 вопрос сервера: «<1@x.test>»]"},
		{trace.Reply, "334 PDFAeC50ZXN0Pg==", "AUTH CRAM-MD5", "RFC 4954 §4", "больше не повторит", ""},
		{trace.Reply, "334 cj14eSxzPWFiYyxpPTQwOTY=", "AUTH SCRAM-SHA-256 biwsbj1hbm5hLHI9eA==", "RFC 4954 §4", "соль и число повторений", ""},
		{trace.Reply, "334 dj1hYmM9", "Yz1iaXdzLHI9eHkscD1hYmM9", "RFC 4954 §4", "тоже знает пароль", "[3: продолжай, я слушаю][34: из расширения AUTH: жду ответа][dj1hYmM9: в base64 доказательство сервера: «v=abc=»]"},
		{trace.Reply, "334 UGFzc3dvcmQ6", "YW5uYQ==", "RFC 4954 §4", "", "[3: продолжай, я слушаю][34: из расширения AUTH: жду ответа][UGFzc3dvcmQ6: в base64: «Password:», то есть «пароль?»]"},
		{trace.Reply, "235 2.7.0 welcome", "c2VjcmV0", "RFC 3463 §3", "Пароль верный", ""},
		{trace.Reply, "599 9.9.9 x", "NOOP", "RFC 5321 §4.2.1", "", ""},
		{trace.Reply, "544 5.99.1 x", "NOOP", "RFC 3463 §3", "", ""},
		{trace.Reply, "250", "NOOP", "RFC 5321 §4.2.1", "", ""},
		{trace.Reply, "hello", "NOOP", "RFC 5321 §4.2", "нет", ""},
		{trace.Reply, "503 5.5.1 RCPT first", "DATA", "RFC 3463 §3", "не вовремя", ""},
		{trace.Reply, "500 what?", "EHLO x", "RFC 5321 §4.2.1", "HELO", ""},
		{trace.Reply, "421 4.4.2 waited too long", "DATA", "RFC 3463 §3", "кладёт трубку", ""},
		{trace.Reply, "503 5.5.1 MAIL first", "RCPT TO:<a@b>", "RFC 3463 §3", "не вовремя", ""},
	})
}

func TestPOP3(t *testing.T) {
	runCases(t, "pop3", []lineCase{
		{trace.Reply, "+OK POP3 ready <1.2@mail.romashka.example>", "", "RFC 1939 §3", "полка", "[+OK: сделано][<1.2@mail.romashka.example>: метка, каждый раз новая: для входа через APOP]"},
		{trace.Command, "USER anna", "", "RFC 1939 §7", "чей ящик", "[USER: команда: «это я»][anna: чей ящик: anna]"},
		{trace.Command, "PASS a b c", "USER anna", "RFC 1939 §7", "пароль", "[PASS: команда: «вот мой пароль»][a b c: пароль как он есть]"},
		{trace.Command, "APOP anna c4c9334bac560ecc979e58001b3e22fb", "", "RFC 1939 §7", "не произнося", ""},
		{trace.Reply, "+OK 2 320", "STAT", "RFC 1939 §3", "полке", "[+OK: сделано][2: сколько писем в ящике][320: сколько в них байтов вместе]"},
		{trace.Reply, "+OK 2 messages", "LIST", "RFC 1939 §3", "список", "[+OK: сделано][2 messages: для людей; программы это не читают]"},
		{trace.Reply, "+OK 2 200", "LIST 2", "RFC 1939 §3", "размер", "[+OK: сделано][2: номер письма, только на этот разговор][200: размер в байтах: 200]"},
		{trace.Data, "1 120\r\n2 200", "LIST", "RFC 1939 §5", "Письмо на полке", ""},
		{trace.Data, "1 whqtswO00WBw418f9t5JxYwZ", "UIDL", "RFC 1939 §7", "постоянное имя", ""},
		{trace.Data, ".", "UIDL", "RFC 1939 §3", "список закончился", ""},
		{trace.Data, ".", "RETR 1", "RFC 1939 §3", "письмо закончилось", ""},
		{trace.Command, "TOP 1 0", "", "RFC 1939 §7", "начало", ""},
		{trace.Command, "DELE 1", "", "RFC 1939 §5", "QUIT", ""},
		{trace.Data, "SASL PLAIN", "CAPA", "RFC 2449 §6.3", "входа", ""},
		{trace.Data, "X-NEW", "CAPA", "RFC 2449 §5", "умение", ""},
		{trace.Reply, "-ERR [IN-USE] maildrop already locked", "PASS x", "RFC 2449 §8.1.2", "не открылся", ""},
		{trace.Reply, "-ERR no", "FOO", "RFC 1939 §3", "отказывает", ""},
		{trace.Reply, "+ ", "AUTH PLAIN", "RFC 5034 §4", "ждёт", ""},
		{trace.Command, "AGFubmEAc2VjcmV0", "AUTH PLAIN", "RFC 5034 §4", "base64", "[AGFubmEAc2VjcmV0: в base64: имя «anna», пароль «secret»]"},
		{trace.Command, "XYZZY", "", "RFC 1939 §3", "Такой команды", ""},
		{trace.Reply, "OK", "", "RFC 1939 §3", "нет", ""},
	})
}

func TestLetter(t *testing.T) {
	runCases(t, "smtp", []lineCase{
		{trace.Data, ".", "DATA", "RFC 5321 §4.1.1.4", "Точка одна", ""},
		{trace.Data, "From: Anna <anna@romashka.example>\r\nReceived: from a\r\n by b\r\nSubject: =?UTF-8?B?0J/RgNC40LLQtdGC?=\r\n\r\nHello.\r\nBye.", "DATA", "RFC 5322 §2.1", "Само письмо",
			"[From:: от кого — так написано в письме; с конвертом это никто не сверял][Anna <anna@romashka.example>: ][Received:: штемпель: каждый сервер ставит свой сверху][Subject:: тема: о чём письмо][=?UTF-8?B?0J/RgNC40LLQtdGC?=: читается так: Привет][Hello.\r\nBye.: текст письма, после пустой строки: его читают люди]"},
		{trace.Data, "Note: this is no header\r\nbut text", "DATA", "RFC 5322 §2.3", "продолжается", ""},
		{trace.Data, "", "DATA", "RFC 5322 §2.3", "", ""},
	})
}

// Every keyword, verb and field that has a section has its texts.
func TestTablesHaveTheirTexts(t *testing.T) {
	need := func(key string) {
		for _, l := range words.Langs {
			if !words.Has(l, "explain."+key) {
				t.Errorf("%s: no text %s", l, key)
			}
		}
	}
	for verb := range smtpSections {
		need("smtp." + strings.ToLower(verb))
		if verb != "AUTH" {
			need("smtp." + strings.ToLower(verb) + ".verb")
		}
	}
	for verb := range pop3Sections {
		need("pop3." + strings.ToLower(verb))
		if verb != "AUTH" {
			need("pop3." + strings.ToLower(verb) + ".verb")
		}
	}
	for name := range abilitySections {
		need("ehlo." + strings.ToLower(name))
		need("ehlo." + strings.ToLower(name) + ".keyword")
	}
	for name := range capaSections {
		need("capa." + strings.ToLower(name))
		need("capa." + strings.ToLower(name) + ".keyword")
	}
	for name := range respSections {
		need("pop3.code." + strings.ToLower(name))
	}
	for name := range fieldSections {
		need("field." + name)
	}
	for action := range queueSections {
		need("queue." + action)
	}
	for check, results := range verdictResults {
		if _, ok := verdictSections[check]; !ok {
			t.Errorf("no standard of check %s", check)
		}
		for _, r := range results {
			need("verdict." + check + "." + r)
		}
	}
}

// verdictResults are those that a recording can hold (docs/recording.md).
var verdictResults = map[string][]string{
	"dnsbl":    {"pass", "fail", "temperror"},
	"spf":      {"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"},
	"greylist": {"pass", "wait"},
	"dkim":     {"pass", "fail", "policy", "neutral", "none", "temperror", "permerror"},
	"dmarc":    {"pass", "fail", "none", "temperror", "permerror"},
	"content":  {"pass", "fail"},
	"forged":   {"removed"},
	"filter":   {"deliver", "junk", "refuse"},
	"sieve":    {"keep", "keep.rule", "keep.copy", "keep.instead", "keep.wrong", "fileinto", "discard", "redirect", "reject"},
}

func TestHappenings(t *testing.T) {
	mail, mx, anna := "mail.romashka.example", "mx1.rocket.example", "anna-laptop.romashka.example"
	const web = "anna-web.romashka.example"
	for _, c := range []struct {
		e    trace.Event
		want string
	}{
		{trace.Event{From: anna, To: mail, Body: &trace.Connect{Service: "submission", Port: 587}}, "Анна стучится в порт 587 сервера mail.romashka"},
		{trace.Event{From: mail, To: mx, Body: &trace.Connect{Service: "smtp", Port: 25}}, "mail.romashka стучится в порт 25"},
		{trace.Event{From: anna, To: mail, Body: &trace.Connect{Service: "smtp", Port: 25}}, "сдавали и люди"},
		{trace.Event{From: "foreign-1", To: mx, Body: &trace.Connect{Service: "smtp", Port: 25, Foreign: true}}, "Программа не из"},
		{trace.Event{From: mail, To: mx, Body: &trace.Connect{Service: "imap", Port: 143}}, "143"},
		{trace.Event{From: mail, To: mx, Body: &trace.Close{}}, "окончен"},
		{trace.Event{From: mail, To: mx, Body: &trace.Close{Reason: "reset"}}, "reset"},
		{trace.Event{From: anna, To: mail, Body: &trace.Connect{Service: "imaps", Port: 993}}, "с первого байта"},
		{trace.Event{From: anna, To: mail, Proto: "smtp", Body: &trace.TLS{Mode: "starttls", Version: "TLS 1.3", Verified: true}}, "mail.romashka договорились о ключах, которых больше никто не знает (TLS 1.3)"},
		{trace.Event{From: anna, To: mail, Proto: "imap", Body: &trace.TLS{Mode: "tls", Version: "TLS 1.3", Verified: true}}, "Ещё не сказав ни слова"},
		{trace.Event{From: mail, To: mx, Body: &trace.TLS{Mode: "starttls", Version: "TLS 1.3", Subject: "x", Reason: "the certificate is signed by nobody whom we trust"}}, "не доказано: сертификат подписан неизвестно кем"},
		{trace.Event{From: anna, To: mail, Body: &trace.TLS{Mode: "tls", Subject: "www.other.example", Reason: "the certificate is for www.other.example"}}, "не верит сертификату mail.romashka и больше ничего не скажет: сертификат выдан на другое имя, www.other.example"},
		{trace.Event{From: mail, To: mx, Body: &trace.TLS{Mode: "starttls", Reason: "TLS handshake: EOF"}}, "Шифрования не вышло"},
		{trace.Event{From: mail, To: mx, Body: &trace.TLS{Mode: "starttls", Version: "TLS 1.2", Discarded: 14}}, "14 байт, пришедшие"},
		{trace.Event{From: mail, To: mx, Body: &trace.Refused{Port: 25, Reason: "host down"}}, "выключен"},
		{trace.Event{From: mail, Body: &trace.Refused{Port: 25, ToAddr: "192.0.2.99", Reason: "no route to host"}}, "192.0.2.99, но там никого нет"},
		{trace.Event{From: mail, To: mx, Body: &trace.Refused{Port: 25, Reason: "connection refused"}}, "никто не слушает"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "rocket.example.", Type: "MX", RCode: "NOERROR", Answers: []string{"10 mx1.rocket.example.", "20 mx2.rocket.example."}}}, "mx1.rocket.example (10), mx2.rocket.example (20)"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "rocket.example.", Type: "MX", RCode: "NOERROR", Answers: []string{"10 mx1.rocket.example."}, Cached: true}}, "ещё помнит"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "nomail.example.", Type: "MX", RCode: "NOERROR", Answers: []string{"0 ."}}}, "можно и не пытаться"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "rocket.example.", Type: "MX", RCode: "NOERROR"}}, "MX не записан"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "gone.example.", Type: "MX", RCode: "NXDOMAIN"}}, "такого имени вообще нет"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "gone.example.", Type: "MX", RCode: "NXDOMAIN", Cached: true}}, "ещё помнит"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "mx1.rocket.example.", Type: "A", RCode: "NOERROR", Answers: []string{"198.51.100.10"}}}, "198.51.100.10"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "mx1.rocket.example.", Type: "AAAA", RCode: "NOERROR"}}, "такой записи у него нет"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "66.113.0.203.bl.example.", Type: "A", RCode: "NOERROR", Answers: []string{"127.0.0.2"}}}, "чёрного списка bl.example, нет ли в нём адреса 203.0.113.66"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "66.113.0.203.bl.example.", Type: "TXT", RCode: "NOERROR", Answers: []string{`"spam"`}}}, `за что там 203.0.113.66. Ответ: "spam"`},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "10.2.0.192.bl.example.", Type: "A", RCode: "NXDOMAIN"}}, "адреса в списке нет"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "10.2.0.192.in-addr.arpa.", Type: "PTR", RCode: "NOERROR", Answers: []string{"x.example."}}}, "чей это адрес"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "10.2.0.x.bl.example.", Type: "A", RCode: "NXDOMAIN"}}, "такого имени вообще нет"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "x.example.", Type: "SRV", RCode: "SERVFAIL"}}, "SERVFAIL"},
		{trace.Event{From: mail, Body: &trace.Lookup{Name: "x.example.", Type: "A"}}, "никто не отвечает"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "accepted"}}, "отвечает"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "attempt", NextHop: "rocket.example", Attempt: 2}}, "попытка 2"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "attempt", Attempt: 1}}, "далеко"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "relayed", NextHop: mx}}, "у mx1.rocket"},
		{trace.Event{From: mail, At: time.Minute, Body: &trace.Queue{Action: "deferred", Next: 16 * time.Minute}}, "через 15 минут."},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "deferred", Next: 2 * time.Hour}}, "через 2 часа."},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "deferred"}}, "попробует снова."},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "delivered", Recipients: []string{"boris@romashka.example"}}}, "boris@romashka.example"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "forwarded", Recipients: []string{"boris@romashka.example"}, Reason: "vera@romashka.example"}}, "vera@romashka.example"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "discarded"}}, "вернуть его некому"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "discarded", Reason: "the recipient's script discards it"}}, "так велит правило"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "sieve", Value: "boris@romashka.example", Result: "fileinto", Record: "if true", Term: `fileinto :flags "\\Seen" "Pro\"jects"`}}, `boris@romashka.example, сервер кладёт письмо в папку «Pro"jects».`},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "sieve", Result: "redirect", Term: `redirect :copy "vera@romashka.example"`}}, "на vera@romashka.example."},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "sieve", Result: "keep", Term: "keep", Reason: "no rule matched"}}, "ни одно правило"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "sieve", Result: "keep", Term: "keep", Record: "if true"}}, "велит письмо оставить"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "sieve", Result: "keep", Term: `fileinto "X"`, Record: "if true"}}, "нельзя"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "sieve", Result: "keep", Term: "keep", Reason: "the script went wrong: x"}}, "пошло не так"},
		{trace.Event{From: mail, Body: &trace.Queue{Action: "frozen"}}, "что-то меняется"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "add", Mailbox: "b@romashka.example", Count: 3}}, "теперь там 3 письма."},
		{trace.Event{From: mail, Body: &trace.Store{Action: "remove", Mailbox: "b@romashka.example", Count: 0}}, "теперь он пуст."},
		{trace.Event{From: anna, Body: &trace.Device{Action: "compose", Subject: "Привет"}}, "Анна пишет письмо: «Привет»"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "fetched", New: 2}}, "2 новых письма"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "dance"}}, "Анна"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "add", Mailbox: "b@romashka.example", Folder: "Sent", Count: 1}}, "в папке «Sent»"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "remove", Mailbox: "b@romashka.example", Folder: "Trash"}}, "Из папки «Trash»"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "flags", Folder: "INBOX"}}, "нет пометок"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "create", Folder: "Work"}}, "«Work»"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "rename", Folder: "Work", To: "Play"}}, "называется «Play»"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "delete", Folder: "Work"}}, "больше нет"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "subscribe", Folder: "Work"}}, "в списке"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "unsubscribe", Folder: "Work"}}, "на месте"},
		{trace.Event{From: mail, Body: &trace.Store{Action: "dance"}}, "что-то меняется"},
		{trace.Event{From: web, Body: &trace.Device{Action: "poll"}}, "останутся на сервере"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "poll"}}, "POP3"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "search", Text: "x", New: 2}}, "нашлось 2 письма"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "set", Text: "leave_copies: true\ndelete_after: 24h"}}, "копии писем на сервере, удалять с сервера то, что забрали раньше чем 24h"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "set", Text: "password: …\nsecurity: tls\nnew: x"}}, "пароль, шифровать с первого байта, new: x."},
		{trace.Event{From: anna, Body: &trace.Device{Action: "offline", Offline: 1}}, "1 письмо"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "online"}}, "снова"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "search", New: 5}}, "в почте: нашлось 5 писем"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "closed"}}, "закрывает"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "lost"}}, "потеряно"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "listed", Subject: "Привет", Folder: "INBOX"}}, "пока на сервере"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "fetched", Subject: "Привет", Folder: "INBOX", Holds: trace.HoldsText}}, "приложено"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "fetched", Subject: "Привет", Folder: "INBOX", Holds: trace.HoldsWhole}}, "всего письма"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "read", Subject: "Привет", Folder: "INBOX"}}, "прямо с сервера"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "read", Subject: "Привет", Folder: "INBOX", Holds: trace.HoldsWhole}}, "на этом устройстве"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "marked", Subject: "Привет", Flags: []string{"$lunch", `\Seen`}}}, "$lunch, прочитано"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "marked", Subject: "Привет"}}, "без пометок"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "moved", Subject: "Привет", Folder: "Archive"}}, "«Archive»"},
		{trace.Event{From: anna, Body: &trace.Device{Action: "gone", Subject: "Привет"}}, "больше не"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "spf", Domain: "rocket.example", Addr: "203.0.113.66", Term: "-all", Result: "fail"}}, "с адреса 203.0.113.66 его писем не бывает. Решило слово -all."},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "dmarc", Domain: "rocket.example", Result: "pass", Aligned: []string{"spf"}}}, "SPF."},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "dmarc", Domain: "rocket.example", Result: "pass", Aligned: []string{"spf", "dkim"}}}, "SPF и DKIM."},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "dmarc", Domain: "rocket.example", Result: "fail", Policy: "reject"}}, "reject"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "filter", Result: "junk"}}, "Junk"},
		{trace.Event{From: mail, Body: &trace.Verdict{Check: "dance"}}, "проверяет"},
	} {
		e := c.e
		if d, ok := e.Body.(*trace.Device); ok && d.Subject != "" {
			if got := Event(words.RU, world, &e, Context{}); !strings.Contains(got.Sentence, c.want) {
				t.Errorf("%q, want %q in it", got.Sentence, c.want)
			}
			continue
		}
		if got := checkLanguages(t, &e, Context{}); !strings.Contains(got.Sentence, c.want) {
			t.Errorf("%q, want %q in it", got.Sentence, c.want)
		}
	}
	note := &trace.Event{Body: &trace.Note{Text: trace.Words{"ru": "Глава"}}}
	if got := Event(words.EN, world, note, Context{}); got.Sentence != "Глава" {
		t.Errorf("note: %q", got.Sentence)
	}
}

func TestName(t *testing.T) {
	for host, want := range map[string]string{
		"mail.romashka.example":        "mail.romashka",
		"anna-laptop.romashka.example": "Анна, ноутбук",
		"ilon-phone.rocket.example":    "Илон, телефон",
		"anna-web.romashka.example":    "Анна, браузер",
		"foreign-1":                    "твой компьютер",
		"unknown.test":                 "unknown",
		"":                             "",
	} {
		if got := Name(words.RU, world, host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

// What the domain of a recipient is for depends on who names it.
func TestRecipientOnSubmission(t *testing.T) {
	for text, want := range map[string]string{
		"RCPT TO:<ilon@rocket.example>":    "ещё спросит",
		"RCPT TO:<boris@romashka.example>": "здешний",
	} {
		e := say("smtp", trace.Command, text)
		e.From, e.To = "anna-laptop.romashka.example", "mail.romashka.example"
		for _, service := range []string{"submission", "smtp"} { // people once handed in letters by the latter
			got := Event(words.RU, world, e, Context{Service: service})
			if parts := show(text, got.Parts); !strings.Contains(parts, want) {
				t.Errorf("%s: %s, want %q in it", service, parts, want)
			}
		}
	}
}

// Whatever a line holds, its parts are in order, within it, and the same
// places in both languages; nothing panics.
func FuzzLine(f *testing.F) {
	f.Add("MAIL FROM:<@a:b@c> SIZE=1", "", byte(0))
	f.Add(`RCPT TO:<"a\`, "", byte(0))
	f.Add("250-SIZE 100", "EHLO x", byte(1))
	f.Add("550 5.1.1 no", "RCPT TO:<a>", byte(1))
	f.Add("From: a\r\n b\r\n\r\n", "DATA", byte(2))
	f.Add("+OK [X <a>", "", byte(4))
	f.Add("334 ", "AUTH", byte(1))
	f.Add("1 2\r\n3", "LIST", byte(5))
	f.Add(`a1 UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (FROM)]<0.9>)`, "", byte(6))
	f.Add(`* 4 FETCH (ENVELOPE ("d" "s" (("n" NIL "m" "h")) NIL {4}`, "a1 FETCH 4 ENVELOPE", byte(7))
	f.Add(`* 4 FETCH (BODYSTRUCTURE (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)("MESSAGE" "RFC822") "MIXED"))`, "", byte(7))
	f.Add(`* OK [COPYUID 1 2 3] done`, "a1 UID MOVE 2 x", byte(7))
	f.Add("anna", "a1 LOGIN {4}", byte(8))
	f.Fuzz(func(t *testing.T, text, command string, pick byte) {
		proto := []string{"smtp", "pop3", "imap"}[pick/3%3]
		role := []trace.Role{trace.Command, trace.Reply, trace.Data}[pick%3]
		e := say(proto, role, text)
		ctx := Context{Command: command, Service: proto}
		if pick >= 128 { // the rest of a line, in whatever place
			ctx.Before = command
		}
		en, ru := Event(words.EN, world, e, ctx), Event(words.RU, world, e, ctx)
		checkParts(t, text, en.Parts)
		checkParts(t, text, ru.Parts)
		if en.Sentence == "" || ru.Sentence == "" {
			t.Errorf("no sentence for %q", text)
		}
		if len(en.Parts) != len(ru.Parts) {
			t.Errorf("parts differ between languages for %q", text)
		}
	})
}

func BenchmarkEvent(b *testing.B) {
	e := say("smtp", trace.Reply, "250 2.1.5 recipient ok")
	for b.Loop() {
		Event(words.RU, world, e, Context{Command: "RCPT TO:<ilon@rocket.example>"})
	}
}
