package world

import "testing"

func TestDecodeRefusesEmptyFile(t *testing.T) {
	for _, in := range []string{"", " \n\t\r\n"} {
		var into struct{}
		if _, err := Decode("w.yaml", []byte(in), &into); err == nil || err.Error() != "w.yaml: nothing in it" {
			t.Errorf("Decode(%q) = %v, want nothing in it", in, err)
		}
	}
}
