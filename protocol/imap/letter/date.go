package letter

import "time"

// SentDate reads the value of a Date field. The day of the week, the seconds,
// the time and the zone may be missing: a missing time is 00:00:00, and a
// missing or unknown zone UTC. ok is false if there is no date.
//
// RFC 5322 §3.3, obsolete forms §4.3; RFC 5256 §2.2.
func SentDate(value []byte) (t time.Time, ok bool) {
	d := dateReader{value}
	d.word() // day of the week
	d.literal(',')
	day, digits := d.number()
	if digits == 0 || digits > 2 {
		return t, false
	}
	d.literal('-') // seen in old letters
	month := monthOf(d.word())
	d.literal('-')
	year, digits := d.number()
	if month == 0 || digits < 2 || digits > 4 {
		return t, false
	}
	switch { // RFC 5322 §4.3
	case digits == 2 && year < 50:
		year += 2000
	case digits <= 3:
		year += 1900
	}
	hour, min, sec, zone := 0, 0, 0, 0
	if hour, digits = d.number(); digits > 0 && d.literal(':') {
		min, _ = d.number()
		if d.literal(':') {
			sec, _ = d.number()
		}
		zone = d.zone()
	} else {
		hour = 0
	}
	t = time.Date(year, month, day, hour, min, sec, 0, time.UTC)
	if t.Day() != day || hour > 23 || min > 59 || sec > 60 {
		return time.Time{}, false
	}
	if zone == 0 {
		return t, true
	}
	return t.Add(-time.Duration(zone) * time.Minute).In(time.FixedZone("", zone*60)), true
}

// SentDay is the day that the value of a Date field names, in the sender's
// zone, as midnight UTC of that day.
//
// RFC 9051 §6.4.4, SENTON: "disregarding time and timezone".
func SentDay(value []byte) (day time.Time, ok bool) {
	t, ok := SentDate(value)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), ok
}

// dateReader reads a date from the front; between its pieces white space and
// comments may stand.
type dateReader struct{ rest []byte }

// word reads letters, of which there may be none.
func (d *dateReader) word() []byte {
	s := skipSpace(d.rest)
	i := 0
	for i < len(s) && 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z' {
		i++
	}
	d.rest = s[i:]
	return s[:i]
}

// number reads at most nine digits.
func (d *dateReader) number() (n, digits int) {
	s := skipSpace(d.rest)
	for digits < min(len(s), 9) && '0' <= s[digits] && s[digits] <= '9' {
		n = n*10 + int(s[digits]-'0')
		digits++
	}
	d.rest = s[digits:]
	return n, digits
}

// literal reads c if it comes next.
func (d *dateReader) literal(c byte) bool {
	s := skipSpace(d.rest)
	if len(s) == 0 || s[0] != c {
		return false
	}
	d.rest = s[1:]
	return true
}

// zone reads a zone, in minutes east of UTC.
func (d *dateReader) zone() int {
	sign := 1
	switch {
	case d.literal('-'):
		sign = -1
	case !d.literal('+'):
		return namedZone(d.word())
	}
	n, digits := d.number()
	if digits != 4 || n%100 > 59 || n/100 > 23 {
		return 0
	}
	return sign * (n/100*60 + n%100)
}

// namedZone: RFC 5322 §4.3.
func namedZone(name []byte) int {
	for i, n := range []string{"edt", "est", "cdt", "cst", "mdt", "mst", "pdt", "pst"} {
		if equalFold(name, n) {
			return -60 * (4 + (i+1)/2)
		}
	}
	return 0
}

func monthOf(name []byte) time.Month {
	const months = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(name) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		if equalFold(name[:3], months[3*m-3:3*m]) {
			return m
		}
	}
	return 0
}
