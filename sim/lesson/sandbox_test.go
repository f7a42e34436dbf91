package lesson

import (
	"testing"

	"mailscope/sim/mua"
	"mailscope/sim/trace"
	"mailscope/sim/world"
)

func TestSandboxCarriesALetterToAnotherDomain(t *testing.T) {
	spec, f, err := world.Load("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSandbox(t.Context(), spec, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(t.Context(), "anna@romashka.example", mua.Draft{
		To: []string{"ilon@rocket.example", "petr@kollegi.example"}, Subject: "Hi", Text: "Hello"}); err != nil {
		t.Fatal(err)
	}
	fetched := map[string]bool{}
	for seq := 1; seq <= s.Recording().Len(); seq++ {
		e := s.Recording().At(seq)
		if d, ok := e.Body.(*trace.Device); ok && d.Action == "fetched" && e.Letter == "L1" {
			fetched[e.From] = true
		}
	}
	if !fetched["ilon-laptop.rocket.example"] || !fetched["petr-laptop.kollegi.example"] || len(fetched) != 2 {
		t.Errorf("fetched by %v", fetched)
	}
	if err := s.Write(t.Context(), "nobody@romashka.example", mua.Draft{To: []string{"a@b.test"}}); err == nil {
		t.Error("nobody could write")
	}
	if err := s.Write(t.Context(), "anna@romashka.example", mua.Draft{To: []string{"no address"}}); err == nil {
		t.Error("a letter went to no address")
	}
}
