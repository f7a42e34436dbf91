//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/words"
)

// installKeys has the keys work wherever the pointer was last.
func (s *Screen) installKeys() {
	s.canvas.SetOnTypedKey(func(e *fyne.KeyEvent) { s.key(e.Name) })
	s.canvas.SetOnTypedRune(s.rune)
}

// key acts on a key that has a name on every keyboard.
func (s *Screen) key(k fyne.KeyName) {
	switch k {
	case fyne.KeyEscape:
		switch {
		case s.overlayUp():
		case s.pair != nil:
			s.leavePair()
			return
		default:
			s.inspector.SetHost("")
		}
		s.closeOverlay()
		return
	case fyne.KeyF1:
		s.openHelp()
		return
	case fyne.KeyF11:
		if s.fullScreen != nil {
			s.fullScreen()
		}
		return
	}
	if s.overlayUp() {
		return
	}
	if s.course == nil {
		if k == fyne.KeyReturn || k == fyne.KeyEnter || k == fyne.KeySpace {
			s.startFirst()
		}
		return
	}
	switch k {
	case fyne.KeySpace:
		s.togglePlay()
	case fyne.KeyRight:
		s.move(s.player.StepForward)
	case fyne.KeyLeft:
		s.move(s.player.StepBack)
	case fyne.KeyHome:
		s.move(s.player.First)
	case fyne.KeyEnd:
		s.move(s.player.Last)
	case fyne.KeyPageDown:
		s.move(s.player.NextChapter)
	case fyne.KeyPageUp:
		s.move(s.player.PrevChapter)
	case fyne.KeyUp:
		s.setSpeed(s.transport.speedIndex() + 1)
	case fyne.KeyDown:
		s.setSpeed(s.transport.speedIndex() - 1)
	}
}

// rune acts on a letter, whichever of the two alphabets the keyboard is in.
func (s *Screen) rune(r rune) {
	switch r {
	case '?', ',':
		s.openHelp()
		return
	case 'l', 'L', 'д', 'Д':
		l := words.RU
		if s.lang == words.RU {
			l = words.EN
		}
		s.setLang(l)
		return
	case 't', 'T', 'е', 'Е':
		s.toggleTheme()
		return
	}
	if s.overlayUp() {
		return
	}
	switch r {
	case 'c', 'C', 'с', 'С':
		s.openCompare()
		return
	case 'w', 'W', 'ц', 'Ц':
		s.openCompose()
		return
	case 's', 'S', 'ы', 'Ы':
		s.toggleSettings()
		return
	}
	if s.show == nil {
		return
	}
	switch r {
	case '+', '=':
		s.zoom(1.5)
	case '-', '_':
		s.zoom(1 / 1.5)
	case '0':
		s.zoom(0)
	case '1', '2', '3':
		if i := int(r - '1'); i < len(s.tabs) {
			s.setTab(i)
		}
	}
}
