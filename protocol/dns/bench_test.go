package dns

import (
	"context"
	"net"
	"sync"
	"testing"

	mdns "github.com/miekg/dns"
)

// BenchmarkServer counts answers by UDP to the same questions from the same
// clients: ours from its zones, miekg's bare server from a handler that always
// sends the same records.
func BenchmarkServer(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		udp, _ := serve(b, &Server{Zones: testZones(b)})
		load(b, udp)
	})
	b.Run("miekg", func(b *testing.B) {
		var fixed []mdns.RR
		for _, s := range []string{"rocket.example. 300 IN MX 20 mx2.rocket.example.", "rocket.example. 300 IN MX 10 mx1.rocket.example."} {
			rr, err := mdns.NewRR(s)
			if err != nil {
				b.Fatal(err)
			}
			fixed = append(fixed, rr)
		}
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		s := &mdns.Server{PacketConn: pc, Handler: mdns.HandlerFunc(func(w mdns.ResponseWriter, q *mdns.Msg) {
			m := new(mdns.Msg).SetReply(q)
			m.Authoritative = true
			m.Answer = fixed
			_ = w.WriteMsg(m)
		})}
		ended := make(chan error, 1)
		go func() { ended <- s.ActivateAndServe() }()
		load(b, pc.LocalAddr().String())
		if err := s.ShutdownContext(context.Background()); err != nil {
			b.Error(err)
		}
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
}

// load asks b.N questions from eight sockets, each waiting for its answer.
func load(b *testing.B, addr string) {
	b.Helper()
	const clients = 8
	packet, err := question("rocket.example.", mdns.TypeMX).Pack()
	if err != nil {
		b.Fatal(err)
	}
	conns := make([]net.Conn, clients)
	for i := range conns {
		conns[i] = dial(b, "udp", addr)
	}
	b.ResetTimer()
	var wg sync.WaitGroup
	for i, conn := range conns {
		wg.Go(func() {
			buf := make([]byte, 4096)
			for range b.N/clients + min(1, max(0, b.N%clients-i)) {
				if _, err := conn.Write(packet); err != nil {
					b.Error(err)
					return
				}
				if n, err := conn.Read(buf); err != nil || n < len(packet) {
					b.Errorf("read %d octets: %v", n, err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}

// BenchmarkRespond is the work for one remembered answer, without the socket.
func BenchmarkRespond(b *testing.B) {
	r := responder{zones: testZones(b)}
	packet := []byte(headX + ask + opt)
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		out, _ = r.respond(out[:0], packet, udpLimit)
	}
}
