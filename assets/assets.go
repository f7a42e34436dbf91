// Package assets holds the files that are part of the program: texts in both
// languages, icons and lessons.
package assets

import "embed"

// FS holds i18n/AREA.LANGUAGE.json, icons/NAME.svg, lessons/NAME.yaml and
// worlds/NAME.yaml.
//
//go:embed i18n icons lessons worlds
var FS embed.FS
