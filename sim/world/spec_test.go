package world

import (
	"slices"
	"strings"
	"testing"

	"mailscope/sim/clock"
	"mailscope/sim/trace"
)

// started is a world that runs, of a description.
func started(t *testing.T, text string) *World {
	t.Helper()
	spec := &Spec{}
	f, err := Decode("town.yaml", []byte(text), spec)
	if err == nil {
		err = spec.Check(f, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	w, err := Start(t.Context(), spec, f, clock.NewSim(spec.Start), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func TestHeaderTellsHowDevicesGetTheirMail(t *testing.T) {
	w := started(t, strings.Replace(town, "devices: [{kind: phone}]", "devices: [{kind: phone}, {kind: browser, receive: imap}]", 1))
	for name, want := range map[string]trace.Host{
		"ilon-phone.rocket.example":   {Kind: trace.Phone, Receive: "pop3"},
		"ilon-browser.rocket.example": {Kind: trace.Browser, Receive: "imap"},
		"mx1.rocket.example":          {Kind: trace.Server},
	} {
		i := slices.IndexFunc(w.Header.Hosts, func(h trace.Host) bool { return h.Name == name })
		if h := w.Header.Hosts[i]; h.Kind != want.Kind || h.Receive != want.Receive {
			t.Errorf("%s: %+v", name, h)
		}
	}
	d := w.Device("ilon-browser.rocket.example")
	if d.Receive != IMAP || d.Server.String() != "198.51.100.10" {
		t.Errorf("the browser is %+v", d.Config)
	}
}

// TestHeaderTellsWhoListens wants the eavesdropper in the header, and among no
// hosts: she takes part in nothing.
func TestHeaderTellsWhoListens(t *testing.T) {
	w := started(t, town+"eavesdropper: {title: {en: Eve}, hears: [ilon-phone.rocket.example]}\n")
	v := w.Header.Eavesdropper
	if v == nil || v.Name != "eve.test" || v.Title["en"] != "Eve" || !slices.Equal(v.Hears, []string{"ilon-phone.rocket.example"}) {
		t.Errorf("the header tells of %+v", v)
	}
	if slices.ContainsFunc(w.Header.Hosts, func(h trace.Host) bool { return h.Name == "eve.test" }) {
		t.Error("she is among the hosts")
	}
}

func TestMistakesNameFileLineAndKey(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{"mx: [{host: mx.down.example, preference: 10}]", "mx: [{host: mx.gone.example, preference: 10}]", `town.yaml:17: domains[2].mx[0].host: no host "mx.gone.example"`},
		{"null_mx: true", "nullmx: true", `town.yaml:28: domains[5].nullmx: unknown field "nullmx"`},
		{"address: 198.51.100.40", "address: 198.51.100.30", "town.yaml:19: domains[3].servers[0].address: 198.51.100.30 belongs to mx.down.example already"},
		{"address: 198.51.100.40", "address: 8.8.8.8", "town.yaml:19: domains[3].servers[0].address: want an address of"},
		{"name: rocket.example", "name: rocket.com", "town.yaml:11: domains[1].name: want a name that ends in .example or .test"},
		{"kind: phone", "kind: fax", `town.yaml:14: domains[1].people[0].devices[0].kind: want laptop, phone or browser, got "fax"`},
		{"kind: phone", "kind: phone, receive: smtp", `town.yaml:14: domains[1].people[0].devices[0].receive: want pop3 or imap, got "smtp"`},
		{"kind: phone", "kind: phone, delete_after: later", `town.yaml:14: domains[1].people[0].devices[0].delete_after: want a duration such as 15m`},
		{"[smtp, submission, pop3]", "[smtp, pop4]", `town.yaml:6: domains[0].servers[0].services[1]: want smtp, submission, submissions, pop3, pop3s, imap or imaps, got "pop4"`},
		{"{name: nina, password: n}", "{name: nina, quota: {octets: -1}}", "town.yaml:20: domains[3].people[0].quota: want a number of octets or letters"},
		{"{name: nina, password: n}", "{name: nina, quota: {}}", "town.yaml:20: domains[3].people[0].quota: want a number of octets or letters"},
		{"{name: nina, password: n}", "{name: nina, quota: {letters: 1, grace: soon}}", "town.yaml:20: domains[3].people[0].quota.grace: want a duration such as 15m"},
		{"{name: nina, password: n}", "{name: nina, rotate: [{after: 1h}]}", "town.yaml:20: domains[3].people[0].rotate[0].folder: want a folder such as Trash"},
		{"{name: nina, password: n}", `{name: nina, sieve: "keep;\n  explode;"}`, "town.yaml:20: domains[3].people[0].sieve: the script is wrong in line 2, column 3: no command explode is known here"},
		{"{name: nina, password: n}", "{name: nina, rotate: [{folder: Trash}]}", "town.yaml:20: domains[3].people[0].rotate[0].after: want a duration such as 15m"},
		{"retry: [15m, 1h]", "imap: [IMAP4rev1, COMPRESS]", "town.yaml:6: domains[0].servers[0].imap: want some of IMAP4rev2, "},
		{"retry: [15m, 1h]", "imap: [IDLE]", "town.yaml:6: domains[0].servers[0].imap: want IMAP4rev1 or IMAP4rev2 among them"},
		{"retry: [15m, 1h]", "filter: {greylist: soon}", "town.yaml:6: domains[0].servers[0].filter.greylist: want a duration such as 15m"},
		{"retry: [15m, 1h]", "filter: {dnsbl: bl.org}", "town.yaml:6: domains[0].servers[0].filter.dnsbl: want a name that ends in .example or .test"},
		{"retry: [15m, 1h]", "filter: {sfp: true}", `town.yaml:6: domains[0].servers[0].filter.sfp: unknown field "sfp"`},
		{"null_mx: true", "null_mx: true\n    spf: -all", `town.yaml:29: domains[5].spf: want one line that begins with v=spf1, got "-all"`},
		{"null_mx: true", "null_mx: true\n    dmarc: p=none", `town.yaml:29: domains[5].dmarc: want one line that begins with v=DMARC1, got "p=none"`},
		{"null_mx: true", "null_mx: true\n    dkim: {key: x}", `town.yaml:29: domains[5].dkim: want a selector such as s1, got ""`},
		{"null_mx: true", "null_mx: true\n    dkim: {selector: s1, key: x}", `town.yaml:29: domains[5].dkim: want a private key in PEM form`},
		{"[smtp, submission, pop3]", "[smtp, imaps]", "town.yaml:6: domains[0].servers[0].services[1]: imaps needs tls, such as {certificate: good}"},
		{"retry: [15m, 1h]", "tls: {certificate: forged}", `town.yaml:6: domains[0].servers[0].tls.certificate: want good, expired, wrong_name or self_signed, got "forged"`},
		{"retry: [15m, 1h]", "starttls: true", "town.yaml:6: domains[0].servers[0].starttls: STARTTLS needs tls, such as {certificate: good}"},
		{"retry: [15m, 1h]", "auth: [PLAIN, GSSAPI]", "town.yaml:6: domains[0].servers[0].auth[1]: want some of SCRAM-SHA-256-PLUS, "},
		{"kind: phone", "kind: phone, security: maybe", `town.yaml:14: domains[1].people[0].devices[0].security: want none, if_offered, starttls or tls, got "maybe"`},
		{"kind: phone", "kind: phone, submit: lmtp", `town.yaml:14: domains[1].people[0].devices[0].submit: want submission, submissions or smtp, got "lmtp"`},
		{"kind: phone", "kind: phone, ehlo: false", `town.yaml:14: domains[1].people[0].devices[0].ehlo: without EHLO nobody can sign in: it needs auth: none`},
		{"kind: phone", "kind: phone, auth: SCRAM-SHA-256-PLUS", "town.yaml:14: domains[1].people[0].devices[0].auth: SCRAM-SHA-256-PLUS is bound to keys"},
		{"kind: phone", "kind: phone, auth: GUESS", "town.yaml:14: domains[1].people[0].devices[0].auth: want none or one of SCRAM-SHA-256-PLUS, "},
		{"retry: [15m, 1h]", "smarthost: mail.romashka.example", `town.yaml:6: domains[0].servers[0].smarthost: want another server with smtp, got "mail.romashka.example"`},
		{"retry: [15m, 1h]", "smarthost: mx.down.example", `town.yaml:6: domains[0].servers[0].smarthost: want another server with smtp, got "mx.down.example"`},
		{"retry: [15m, 1h]", "smarthost: mx9.rocket.example", `town.yaml:6: domains[0].servers[0].smarthost: want another server with smtp, got "mx9.rocket.example"`},
		{"retry: [15m, 1h]", "max_hops: -1", "town.yaml:6: domains[0].servers[0].max_hops: want a number of servers, got -1"},
		{"null_mx: true", "null_mx: true\n    aliases: [{name: a, to: [b@x.test]}]", "town.yaml:29: domains[5].aliases: no server of nomail.example keeps mailboxes"},
		{"people: [{name: nina, password: n}]", "aliases: [{name: 'a b', to: [b@x.test]}]", `town.yaml:20: domains[3].aliases[0].name: want the part of an address before the @, got "a b"`},
		{"people: [{name: nina, password: n}]", "people: [{name: nina}]\n    aliases: [{name: Nina, to: [b@x.test]}]", `town.yaml:21: domains[3].aliases[0].name: "Nina" exists already`},
		{"people: [{name: nina, password: n}]", "aliases: [{name: a}]", "town.yaml:20: domains[3].aliases[0].to: want 1 to 100 addresses, got 0"},
		{"people: [{name: nina, password: n}]", "aliases: [{name: a, to: [b]}]", `town.yaml:20: domains[3].aliases[0].to[0]: want an address such as anna@romashka.example, got "b"`},
		{"people: [{name: nina, password: n}]", "aliases: [{name: a, to: [b@x.test], owner: me}]", `town.yaml:20: domains[3].aliases[0].owner: want an address such as anna@romashka.example, got "me"`},
		{"people: [{name: nina, password: n}]", "aliases: [{name: a, to: [b@x.test], footer: x}]", "town.yaml:20: domains[3].aliases[0].footer: only a list, which has an owner, changes letters"},
		{"people: [{name: nina, password: n}]", "aliases: [{name: a, to: [b@x.test], owner: c@x.test, footer: \"x\\ny\"}]", "town.yaml:20: domains[3].aliases[0].footer: want one line of at most 500 octets"},
		{"retry: [15m, 1h]", "retry: [soon]", "town.yaml:6: domains[0].servers[0].retry[0]: want a duration such as 15m"},
		{"start: 2026-09-01T09:00:00Z", "start: 2026-09-01T09:00:00Z\neavesdropper: {}", "town.yaml:3: eavesdropper.hears: want 1 to 100 hosts, got 0"},
		{"start: 2026-09-01T09:00:00Z", "start: 2026-09-01T09:00:00Z\neavesdropper: {hears: [ilon-phone.rocket.example, gone.test]}", `town.yaml:3: eavesdropper.hears[1]: no host "gone.test"`},
		{"start: 2026-09-01T09:00:00Z", "start: 2026-09-01T09:00:00Z\neavesdropper: {name: eve.org, hears: [mx1.rocket.example]}", "town.yaml:3: eavesdropper.name: want a name that ends in .example or .test"},
		{"start: 2026-09-01T09:00:00Z", "start: 2026-09-01T09:00:00Z\neavesdropper: {name: mx1.rocket.example, hears: [mx1.rocket.example]}", `town.yaml:3: eavesdropper.name: host "mx1.rocket.example" exists already`},
		{"start: 2026-09-01T09:00:00Z", "start: {", "town.yaml:"},
	} {
		text := strings.Replace(town, tt.old, tt.new, 1)
		spec := &Spec{}
		f, err := Decode("town.yaml", []byte(text), spec)
		if err == nil {
			err = spec.Check(f, "")
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.new, err, tt.want)
		}
	}
}
