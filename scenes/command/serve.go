package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"mailscope/scenes/terminal"
	"mailscope/sim/fault"
	"mailscope/sim/world"
)

type serveCmd struct {
	World string   `arg:"" optional:"" help:"A world's name, or a world's file (default: ${world})."`
	Keys  string   `name:"keylog" placeholder:"FILE" type:"path" help:"Append the secrets of every TLS session to a file, for programs that show captures (NSS key log)."`
	Fault []string `name:"fault" sep:"none" placeholder:"FAULT" help:"Something that goes wrong on purpose, as in a world's file: {type: down, host: mx1.rocket.example}. May be given several times."`
	JSON  bool     `name:"json" help:"Print one line of JSON that tells ports and passwords; what happens goes to standard error."`
}

func (c *serveCmd) Run(p *program) error {
	spec, file, err := world.Load(c.World)
	if err != nil {
		return err
	}
	for _, text := range c.Fault {
		var f fault.Fault
		if _, err := world.Decode("--fault", []byte(text), &f); err != nil {
			return err
		}
		if key, wrong := spec.CheckFault(&f); wrong != "" {
			return fmt.Errorf("--fault: %s: %s", key, wrong)
		}
		spec.Faults = append(spec.Faults, f)
	}
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	live, err := world.Serve(ctx, spec, file, p.log)
	if err != nil {
		return err
	}
	if c.Keys != "" {
		f, err := os.OpenFile(c.Keys, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			stop()
			return errors.Join(err, live.Wait())
		}
		defer f.Close()
		live.Authority.LogKeys(f)
	}
	out := p.stdout
	if c.JSON {
		out = p.stderr
		err = json.NewEncoder(p.stdout).Encode(live.Info)
	} else {
		err = terminal.Addresses(out, live.Info, p.textOptions(out))
	}
	if err != nil {
		stop()
		return errors.Join(err, live.Wait())
	}

	// The transcript ends after the world has, so that it is whole.
	following, ended := context.WithCancel(context.WithoutCancel(p.ctx))
	printed := make(chan error, 1)
	go func() {
		rec := live.Recording()
		err := terminal.NewPrinter(out, rec.Header, p.textOptions(out)).Follow(following, rec.Trace)
		stop() // without its transcript nobody can see the world
		printed <- err
	}()
	err = live.Wait()
	ended()
	return errors.Join(err, <-printed)
}
