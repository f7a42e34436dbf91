package world

import (
	"strings"
	"testing"
)

func TestMistakesNameFileLineAndKey(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{"mx: [{host: mx.down.example, preference: 10}]", "mx: [{host: mx.gone.example, preference: 10}]", `town.yaml:17: domains[2].mx[0].host: no host "mx.gone.example"`},
		{"null_mx: true", "nullmx: true", `town.yaml:28: domains[5].nullmx: unknown field "nullmx"`},
		{"address: 198.51.100.40", "address: 198.51.100.30", "town.yaml:19: domains[3].servers[0].address: 198.51.100.30 belongs to mx.down.example already"},
		{"address: 198.51.100.40", "address: 8.8.8.8", "town.yaml:19: domains[3].servers[0].address: want an address of"},
		{"name: rocket.example", "name: rocket.com", "town.yaml:11: domains[1].name: want a name that ends in .example or .test"},
		{"kind: phone", "kind: fax", `town.yaml:14: domains[1].people[0].devices[0].kind: want laptop or phone, got "fax"`},
		{"{name: nina, password: n}", "{name: nina, quota: {octets: -1}}", "town.yaml:20: domains[3].people[0].quota: want a number of octets or letters"},
		{"{name: nina, password: n}", "{name: nina, quota: {}}", "town.yaml:20: domains[3].people[0].quota: want a number of octets or letters"},
		{"{name: nina, password: n}", "{name: nina, quota: {letters: 1, grace: soon}}", "town.yaml:20: domains[3].people[0].quota.grace: want a duration such as 15m"},
		{"{name: nina, password: n}", "{name: nina, rotate: [{after: 1h}]}", "town.yaml:20: domains[3].people[0].rotate[0].folder: want a folder such as Trash"},
		{"{name: nina, password: n}", "{name: nina, rotate: [{folder: Trash}]}", "town.yaml:20: domains[3].people[0].rotate[0].after: want a duration such as 15m"},
		{"retry: [15m, 1h]", "retry: [soon]", "town.yaml:6: domains[0].servers[0].retry[0]: want a duration such as 15m"},
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
