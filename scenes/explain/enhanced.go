package explain

import "strings"

// enhancedEnd is where the enhanced code that begins at octet at of line
// ends; at itself if there is none.
//
// Its form is class "." subject "." detail, RFC 2034 §4 and RFC 3463 §2.
func enhancedEnd(line string, at int) int {
	end := at
	for end < len(line) && line[end] != ' ' {
		end++
	}
	numbers := strings.Split(line[at:end], ".")
	if len(numbers) != 3 || numbers[0] != "2" && numbers[0] != "4" && numbers[0] != "5" {
		return at
	}
	for _, n := range numbers {
		if len(n) < 1 || len(n) > 3 || strings.Trim(n, "0123456789") != "" {
			return at
		}
	}
	return end
}

// enhanced explains an enhanced code: by its whole, by subject and detail,
// by its subject alone. Its class says what the reply's first digit says.
//
// RFC 3463 §3; RFC 4954 §6, RFC 6531 §3.7.4.2, RFC 7372, RFC 7505 §4.2 and
// RFC 5248 add details.
func (s *speech) enhanced(start, end int) Part {
	code := s.line.Text[start:end]
	tail := code[2:]
	subject, _, _ := strings.Cut(tail, ".")
	return s.part(start, end, Enhanced, s.first(
		"enhanced."+code,
		"enhanced."+tail,
		"enhanced."+subject+".0",
		"enhanced.other"))
}
