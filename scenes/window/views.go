//go:build cgo || ci

package window

import (
	"fyne.io/fyne/v2"

	"mailscope/scenes/ladder"
	"mailscope/scenes/mapview"
	"mailscope/scenes/stage"
	"mailscope/scenes/timeline"
	"mailscope/scenes/transcript"
	"mailscope/scenes/words"
)

// stepView shows the whole recording with the playhead in it.
type stepView interface {
	fyne.CanvasObject
	SetShow(s *stage.Show, l words.Lang)
	SetStep(step int, frac float64)
	Sync()
}

// zoomer is a stepView whose scale can be changed.
type zoomer interface {
	Zoom(factor float64)
	All()
	LastChapter()
}

// sceneView shows one moment.
type sceneView interface {
	fyne.CanvasObject
	SetShow(s *stage.Show, l words.Lang)
	Set(scene *stage.Scene, frac float64)
}

// tabView is one of the views under the map.
type tabView struct {
	key  string // of its name
	view stepView
}

// newTabs makes the views under the map, in their order.
func (s *Screen) newTabs() []tabView {
	return []tabView{
		{"tab.timeline", timeline.New(s.seek)},
		{"tab.ladder", ladder.New(s.seek)},
		{"tab.transcript", transcript.New(s.seek)},
	}
}

// newMap makes the map.
func (s *Screen) newMap() sceneView {
	m := mapview.New()
	m.OnHost = s.inspectHost
	return m
}

// inspectHost shows a host's page in the inspector, or the step's again if it
// was that host's already.
func (s *Screen) inspectHost(name string) {
	if s.inspector.Host() == name {
		name = ""
	}
	s.inspector.SetHost(name)
	s.settingsOf(name)
	s.canvas.Unfocus()
}
