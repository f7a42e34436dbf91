package lesson

import (
	"context"

	"mailscope/sim/world"
)

// Sieve changes the script that sorts an account's letters as they come.
type Sieve struct {
	Account string `yaml:"account"`
	Script  string `yaml:"script"` // with nothing in it: none
}

func (s *Sieve) who() (device, key string) { return "", "" }

func (s *Sieve) check() (key, wrong string) {
	if _, err := world.Script(s.Script); err != nil {
		return "sieve.script", err.Error()
	}
	return "", ""
}

func (s *Sieve) do(_ context.Context, p *player) error {
	script, err := world.Script(s.Script)
	if err != nil {
		return err
	}
	return p.world.Home(s.Account).SetSieve(s.Account, script)
}
