package world

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"strings"

	"mailscope/assets"
	"mailscope/sim/clock"
	"mailscope/sim/mua"
	"mailscope/sim/network"
	"mailscope/sim/pki"
	"mailscope/sim/trace"
)

// DefaultWorld is the name of the world that is served if none is named.
const DefaultWorld = "careful"

// Load reads a built-in world by its name, or a world's file by its path,
// which has a dot or a slash in it. A mistake names file, line and key.
func Load(name string) (*Spec, *File, error) {
	if name == "" {
		name = DefaultWorld
	}
	var data []byte
	var err error
	if strings.ContainsAny(name, `./\`) {
		data, err = os.ReadFile(name)
	} else if data, err = fs.ReadFile(assets.FS, path.Join("worlds", name+".yaml")); err != nil {
		return nil, nil, fmt.Errorf("no such world: %q", name)
	} else {
		name += ".yaml"
	}
	if err != nil {
		return nil, nil, err
	}
	s := &Spec{}
	f, err := Decode(name, data, s)
	if err != nil {
		return nil, nil, err
	}
	return s, f, s.Check(f, "")
}

// Live is a world kept up for foreign clients, in real time.
type Live struct {
	*World
	Info  Info
	ca    string // file of the authority's certificate
	clock *clock.Real
	stop  context.CancelFunc
}

// Info tells a foreign client where everything is.
type Info struct {
	DNS      string        `json:"dns"` // loopback address, UDP and TCP
	CA       string        `json:"ca"`  // file of the certificate to believe; removed at the end
	Hosts    []HostInfo    `json:"hosts"`
	Accounts []AccountInfo `json:"accounts"`
}

// HostInfo is one host with services.
type HostInfo struct {
	Name     string        `json:"name"`
	IP       string        `json:"ip"` // simulated
	Services []ServiceInfo `json:"services"`
}

// ServiceInfo is one open port.
type ServiceInfo struct {
	Service  string `json:"service"`
	Port     int    `json:"port"`     // simulated
	Addr     string `json:"addr"`     // loopback
	Security string `json:"security"` // none, starttls or tls
}

// AccountInfo is one mailbox.
type AccountInfo struct {
	Address  string      `json:"address"`
	User     string      `json:"user"`
	Password string      `json:"password"`
	Host     string      `json:"host"`
	Title    trace.Words `json:"-"`
}

// Serve starts a world in real time. It runs until ctx ends; then Wait returns.
func Serve(ctx context.Context, spec *Spec, f *File, log *slog.Logger) (*Live, error) {
	ctx, stop := context.WithCancel(ctx)
	c := clock.NewReal(ctx)
	w, err := Start(ctx, spec, f, c, false, log)
	if err != nil {
		stop()
		return nil, err
	}
	w.Header.Hosts = append(w.Header.Hosts, trace.Host{Name: network.ForeignHost, Addr: network.ForeignAddr.String(),
		Kind: trace.Foreign, Title: trace.Words{"ru": "Твой компьютер", "en": "Your computer"}})
	l := &Live{World: w, Info: w.info(), clock: c, stop: stop}
	if l.ca, err = writeCA(w.Authority); err != nil {
		stop()
		return nil, errors.Join(err, l.Wait())
	}
	l.Info.CA = l.ca
	return l, nil
}

// writeCA writes the authority's certificate to a file of its own.
func writeCA(a *pki.Authority) (name string, err error) {
	text, err := a.PEM()
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp("", "mailscope-*.pem")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// Recording is the growing record of the world.
func (l *Live) Recording() trace.Recording {
	return trace.Recording{Header: trace.Header{Start: l.clock.Start(), World: l.Header}, Trace: l.Trace}
}

// Wait returns once the world has ended, with what went wrong while it ran.
func (l *Live) Wait() error {
	l.World.wg.Wait()
	l.stop()
	l.clock.Wait()
	err := l.World.Close()
	if l.ca != "" {
		err = errors.Join(err, os.Remove(l.ca))
		l.ca = ""
	}
	return err
}

// security tells how connections to a port are protected.
func (s *Server) security(port int) string {
	switch {
	case network.Secure(port):
		return string(mua.FromTLS)
	case s.startTLS():
		return string(mua.StartTLS)
	}
	return string(mua.None)
}

func (w *World) info() Info {
	info := Info{Hosts: []HostInfo{}, Accounts: []AccountInfo{}}
	info.DNS = w.Net.Endpoint(w.Spec.DNS.Name, 53).String()
	for _, d := range w.Spec.Domains {
		for _, s := range d.Servers {
			h := HostInfo{Name: s.Name, IP: s.Address, Services: []ServiceInfo{}}
			for _, name := range s.Services {
				h.Services = append(h.Services, ServiceInfo{Service: name, Port: ports[name],
					Addr: w.Net.Endpoint(s.Name, ports[name]).String(), Security: s.security(ports[name])})
			}
			info.Hosts = append(info.Hosts, h)
		}
		for _, p := range d.People {
			address := p.Name + "@" + d.Name
			info.Accounts = append(info.Accounts, AccountInfo{Address: address, User: address, Password: p.Password,
				Host: home(&d).Name, Title: p.Title})
		}
	}
	return info
}
