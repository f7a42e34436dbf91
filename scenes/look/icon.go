package look

import (
	"fmt"
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"

	"mailscope/assets"
)

// In the icon files this colour stands for the icon's own, and the other for
// the details cut out of it.
const (
	iconColour  = "#000000"
	iconDetails = "#ffffff"
)

var icons sync.Map // file name with colours → fyne.Resource

// Icon is the icon assets/icons/NAME.svg in the colour c, its details in the
// colour of a panel. An unknown name gives an empty picture.
func Icon(name string, c color.Color) fyne.Resource { return IconOn(name, c, P().Panel) }

// IconOn is [Icon] with the details in the colour of the ground it stands on.
func IconOn(name string, c, ground color.Color) fyne.Resource {
	a, b := hex(c), hex(ground)
	key := fmt.Sprintf("%s-%s-%s.svg", name, a[1:], b[1:]) // Fyne caches pictures by this name
	if r, ok := icons.Load(key); ok {
		return r.(fyne.Resource)
	}
	svg, err := assets.FS.ReadFile("icons/" + name + ".svg")
	if err != nil {
		svg = []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>`)
	}
	text := strings.NewReplacer(iconColour, a, iconDetails, b).Replace(string(svg))
	r := fyne.NewStaticResource(key, []byte(text))
	icons.Store(key, r)
	return r
}

// hex is c as "#rrggbb"; its opacity is left out.
func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
