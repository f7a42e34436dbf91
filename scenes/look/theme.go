package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// NewTheme is the Fyne theme that gives Fyne's own widgets the colours of p.
func NewTheme(p *Palette) fyne.Theme { return mailTheme{theme.DefaultTheme(), p} }

type mailTheme struct {
	fyne.Theme
	p *Palette
}

// Color is the colour of one role of Fyne's.
func (t mailTheme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	p := t.p
	switch name {
	case theme.ColorNameBackground:
		return p.Bg
	case theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameDisabledButton:
		return p.Card
	case theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground:
		return p.Panel
	case theme.ColorNameForeground:
		return p.Text
	case theme.ColorNameForegroundOnPrimary:
		return p.Panel
	case theme.ColorNamePlaceHolder:
		return p.Muted
	case theme.ColorNameDisabled:
		return p.Disabled
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return p.SMTP
	case theme.ColorNameFocus:
		return Alpha(p.SMTP, 0.3)
	case theme.ColorNameHover:
		return Alpha(p.Text, 0.07)
	case theme.ColorNamePressed:
		return Alpha(p.Text, 0.14)
	case theme.ColorNameSelection:
		return p.Selection
	case theme.ColorNameSeparator, theme.ColorNameInputBorder:
		return p.Line
	case theme.ColorNameScrollBar:
		return Mix(p.Line, p.Muted, 0.5)
	case theme.ColorNameScrollBarBackground:
		return Alpha(p.Line, 0)
	case theme.ColorNameError:
		return p.Refused
	case theme.ColorNameSuccess:
		return p.OK
	case theme.ColorNameWarning:
		return p.Later
	case theme.ColorNameShadow:
		return color.Transparent // panels have frames; a shadow would dirty the light ones
	}
	if p.Dark {
		return t.Theme.Color(name, theme.VariantDark)
	}
	return t.Theme.Color(name, theme.VariantLight)
}

// Size is one of Fyne's sizes, in device-independent pixels.
func (t mailTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 15
	case theme.SizeNameSubHeadingText:
		return 18
	case theme.SizeNameHeadingText:
		return 24
	case theme.SizeNameCaptionText:
		return 14
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInnerPadding:
		return 8
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 8
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameScrollBarRadius:
		return 4
	}
	return t.Theme.Size(name)
}
