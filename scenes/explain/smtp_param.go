package explain

import "strings"

// params explains the parameters of MAIL and RCPT from octet at on.
//
// SIZE RFC 1870, BODY RFC 6152 and RFC 3030, SMTPUTF8 RFC 6531, AUTH RFC
// 4954, the others RFC 3461.
func (s *speech) params(at int) []Part {
	line := s.line.Text
	var parts []Part
	for _, f := range fields(line, at) {
		name, value, _ := strings.Cut(f.of(line), "=")
		key, kv := paramKey(strings.ToUpper(name), value)
		parts = append(parts, s.part(f.start, f.end, Param, key, kv...))
	}
	return parts
}

// paramKey is the text that explains one parameter, and its values.
func paramKey(name, value string) (key string, kv []any) {
	upper := strings.ToUpper(value)
	switch name {
	case "SIZE":
		return "smtp.param.size", []any{"Bytes", value}
	case "SMTPUTF8":
		return "smtp.param.smtputf8", nil
	case "BODY":
		switch upper {
		case "7BIT", "8BITMIME", "BINARYMIME":
			return "smtp.param.body." + strings.ToLower(upper), nil
		}
	case "RET":
		switch upper {
		case "FULL", "HDRS":
			return "smtp.param.ret." + strings.ToLower(upper), nil
		}
	case "NOTIFY":
		if upper == "NEVER" {
			return "smtp.param.notify.never", nil
		}
		return "smtp.param.notify", nil
	case "ENVID":
		return "smtp.param.envid", nil
	case "ORCPT":
		return "smtp.param.orcpt", nil
	case "AUTH":
		return "smtp.param.auth", nil
	}
	return "smtp.param.unknown", nil
}
