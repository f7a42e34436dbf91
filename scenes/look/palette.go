// Package look is what every view shares: colours, sizes, icons and the small
// parts that views are built from.
//
// The current palette is read on the goroutine of the user interface only.
// Widgets read it again in Refresh, so changing the theme needs no more than
// [Use] and a new Fyne theme.
package look

import "image/color"

// Palette is one set of colours. Text coloured by service, class or letter
// stands on Panel, Island or Card, where its contrast is at least 4.5:1.
type Palette struct {
	Name       string
	Bg         color.NRGBA // of the window
	Panel      color.NRGBA
	Island     color.NRGBA // a domain on the map
	Card       color.NRGBA
	Line       color.NRGBA // borders and rules
	Selection  color.NRGBA
	Text       color.NRGBA
	Muted      color.NRGBA // text of second rank
	SMTP       color.NRGBA
	Submission color.NRGBA
	DNS        color.NRGBA
	IMAP       color.NRGBA
	POP3       color.NRGBA
	OK         color.NRGBA // done, encrypted
	Refused    color.NRGBA
	Later      color.NRGBA
	Now        color.NRGBA // the current step and the envelope, nothing else
	NowText    color.NRGBA // text of that meaning
	Letter     color.NRGBA
	Ink        color.NRGBA // text on Now
	Disabled   color.NRGBA // icons alone
	Dark       bool
}

// rgb makes an opaque colour of 0xRRGGBB.
func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// DarkPalette is the palette for a dark room.
var DarkPalette = &Palette{
	Name: "dark", Dark: true,
	Bg: rgb(0x0A101C), Panel: rgb(0x101929), Island: rgb(0x16213A), Card: rgb(0x1A2740),
	Line: rgb(0x2A3A58), Selection: rgb(0x1E3052), Text: rgb(0xEDF3FC), Muted: rgb(0x9DB0CE),
	SMTP: rgb(0x5BA8FF), Submission: rgb(0x7C8CFF), DNS: rgb(0xC792EA), IMAP: rgb(0x2FD3C9), POP3: rgb(0xBFE06A),
	OK: rgb(0x5AE0A0), Refused: rgb(0xFF6B74), Later: rgb(0xFFA06B),
	Now: rgb(0xFFCF5C), NowText: rgb(0xFFCF5C), Letter: rgb(0xF79BD3),
	Ink: rgb(0x241800), Disabled: rgb(0x647796),
}

// LightPalette is the palette for daylight and print.
var LightPalette = &Palette{
	Name: "light",
	Bg:   rgb(0xE9EEF6), Panel: rgb(0xFFFFFF), Island: rgb(0xF6F9FD), Card: rgb(0xF2F6FC),
	Line: rgb(0xC3CFE0), Selection: rgb(0xDDE8FA), Text: rgb(0x0F1B2D), Muted: rgb(0x465872),
	SMTP: rgb(0x1463D6), Submission: rgb(0x5146E0), DNS: rgb(0x8E35B8), IMAP: rgb(0x007C78), POP3: rgb(0x4D6B00),
	OK: rgb(0x0B7F4B), Refused: rgb(0xC81E2E), Later: rgb(0xA84300),
	Now: rgb(0xF2A900), NowText: rgb(0x8A5200), Letter: rgb(0xA8246F),
	Ink: rgb(0x241800), Disabled: rgb(0x66778F),
}

var current = DarkPalette

// Use makes p the palette that everything is drawn with from its next Refresh.
func Use(p *Palette) { current = p }

// P is the palette in use.
func P() *Palette { return current }

// Service is the colour of a service by its registered name ("smtp",
// "submission", "pop3", "domain", …); an unknown one is muted.
func (p *Palette) Service(service string) color.NRGBA {
	switch service {
	case "smtp":
		return p.SMTP
	case "submission", "submissions":
		return p.Submission
	case "pop3", "pop3s":
		return p.POP3
	case "imap", "imaps":
		return p.IMAP
	case "domain", "dns":
		return p.DNS
	}
	return p.Muted
}

// Class is what a reply means for the one who asked.
type Class int

// The classes of replies. Each has a colour and a shape.
const (
	ClassNone Class = iota
	Done            // 2xx, +OK, OK
	GoOn            // 3xx, a bare +
	Later           // 4xx: try again
	Refusal         // 5xx, -ERR, NO, BAD
)

// ClassOf tells the class of a reply code of SMTP, POP3 or IMAP, or of a DNS
// response code.
func ClassOf(code string) Class {
	switch code {
	case "+OK", "NOERROR", "OK", "PREAUTH":
		return Done
	case "+":
		return GoOn
	case "SERVFAIL":
		return Later
	case "-ERR", "NXDOMAIN", "REFUSED", "NO", "BAD":
		return Refusal
	case "":
		return ClassNone
	}
	switch code[0] {
	case '2':
		return Done
	case '3':
		return GoOn
	case '4':
		return Later
	case '5':
		return Refusal
	}
	return ClassNone
}

// ClassOfResult tells the class of what a check of a letter came to: whether it
// speaks for the letter, against it, or is doubtful; ClassNone if there was
// nothing to go by.
func ClassOfResult(result string) Class {
	switch result {
	case "pass", "deliver", "keep", "fileinto", "redirect":
		return Done
	case "fail", "permerror", "refuse", "discard", "reject":
		return Refusal
	case "softfail", "temperror", "policy", "wait", "removed", "junk":
		return Later
	}
	return ClassNone
}

// Class is the colour of a reply class.
func (p *Palette) Class(c Class) color.NRGBA {
	switch c {
	case Done:
		return p.OK
	case GoOn:
		return p.SMTP
	case Later:
		return p.Later
	case Refusal:
		return p.Refused
	}
	return p.Muted
}

// Icon names the shape that goes with the class's colour.
func (c Class) Icon() string {
	switch c {
	case Done:
		return "done"
	case GoOn:
		return "goon"
	case Later:
		return "later"
	case Refusal:
		return "refused"
	}
	return "none"
}

// Mix is the opaque colour t of the way from a to b, 0 ≤ t ≤ 1.
func Mix(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.NRGBA{R: f(a.R, b.R), G: f(a.G, b.G), B: f(a.B, b.B), A: 0xff}
}

// Tint is a quiet opaque ground of c's hue, for icon tiles and badges.
func (p *Palette) Tint(c color.NRGBA) color.NRGBA { return Mix(p.Card, c, 0.22) }

// Alpha is c with the opacity a, 0 ≤ a ≤ 1.
func Alpha(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(a*255 + 0.5)
	return c
}
