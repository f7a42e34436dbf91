package dns

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	mdns "github.com/miekg/dns"
)

const (
	defaultTTL  = 3600     // seconds, where the text gives none
	maxZoneText = 16 << 20 // octets
)

// ParseZone reads a zone file (RFC 1035 §5) for the zone whose top is origin.
//
// name is what errors call the text: `romashka.zone:7: …`. Lines count from 1;
// a record over several lines is known by its last. Where no TTL is given it is
// that of $TTL (RFC 2308 §4), or one hour; $GENERATE knows only its own or one
// hour. $INCLUDE is refused.
// The rules of [NewZone] hold.
func ParseZone(origin string, text io.Reader, name string) (*Zone, error) {
	z, err := emptyZone(origin)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	in := &lineReader{r: bufio.NewReader(text), left: maxZoneText}
	p := mdns.NewZoneParser(in, z.origin.String(), "")
	p.SetDefaultTTL(defaultTTL)
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if err := z.add(rr); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, in.line(), err)
		}
	}
	if in.err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, in.line(), in.err)
	}
	if err := p.Err(); err != nil {
		line, what := splitParseError(err, in.line())
		return nil, fmt.Errorf("%s:%d: %s", name, line, what)
	}
	if err := z.check(); err != nil {
		return nil, fmt.Errorf("%s:%d: zone %s: %w", name, in.line(), z.origin, err)
	}
	return z, nil
}

// String is the zone as a file that [ParseZone] reads back, a record a line.
func (z *Zone) String() string {
	var b strings.Builder
	for _, rr := range z.Records() {
		b.WriteString(rr.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// splitParseError takes the line out of a miekg/dns parse error, which offers
// it only at the end of its text: `dns: not a TTL: "x" at line: 3:7`.
func splitParseError(err error, line int) (int, string) {
	what := strings.TrimPrefix(err.Error(), "dns: ")
	if i := strings.LastIndex(what, " at line: "); i >= 0 {
		at, _, _ := strings.Cut(what[i+len(" at line: "):], ":")
		if n, err := strconv.Atoi(at); err == nil && n > 0 {
			return n, what[:i]
		}
	}
	return line, what
}

// lineReader counts the lines that the parser has taken. The parser reads no
// further than the end of the record that it returns.
type lineReader struct {
	r     *bufio.Reader
	left  int  // octets still allowed
	lines int  // ended so far
	open  bool // the last octet did not end a line
	err   error
}

func (l *lineReader) line() int {
	if l.open || l.lines == 0 {
		return l.lines + 1
	}
	return l.lines
}

// ReadByte implements [io.ByteReader], which the parser prefers to Read.
func (l *lineReader) ReadByte() (byte, error) {
	if l.left == 0 {
		l.err = fmt.Errorf("zone text over %d octets", maxZoneText)
		return 0, l.err
	}
	c, err := l.r.ReadByte()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			l.err = fmt.Errorf("read zone: %w", err)
		}
		return 0, err
	}
	l.left--
	l.open = c != '\n'
	if !l.open {
		l.lines++
	}
	return c, nil
}

// Read implements [io.Reader], an octet at a time.
func (l *lineReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := l.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// ParseRecord reads one record whose name is whole, with or without its final
// dot: "rocket.example. 300 IN MX 10 mx1.rocket.example.". Without a TTL it has
// one hour.
func ParseRecord(text string) (mdns.RR, error) {
	rr, err := mdns.NewRR(text)
	if err != nil {
		_, what := splitParseError(err, 1)
		return nil, errors.New(what)
	}
	if rr == nil {
		return nil, errors.New("no record")
	}
	return normal(rr)
}
