// Package locale keeps Fyne from complaining about a plain C locale. Fyne
// looks at the environment while it is being initialised, so this package has
// to be initialised before it: it depends on os alone.
package locale

import "os"

func init() {
	for _, name := range [...]string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v := os.Getenv(name)
		if v == "" {
			continue
		}
		// "C.UTF-8" is a locale without a language. Fyne prefers LANGUAGE.
		if len(v) > 2 && v[:2] == "C." && os.Getenv("LANGUAGE") == "" {
			os.Setenv("LANGUAGE", "en")
		}
		return
	}
}
