//go:build cgo || ci

package window

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailscope/scenes/compare"
	"mailscope/scenes/compareview"
	"mailscope/scenes/inspector"
	"mailscope/scenes/look"
	"mailscope/scenes/settings"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// course is what the playhead moves along.
type course interface {
	stage.Course
	Time(step int) time.Duration // simulated
}

// Screen is all that the window shows. It belongs to the goroutine that draws.
type Screen struct {
	ctx    context.Context
	opts   Options
	canvas fyne.Canvas
	lang   words.Lang

	// What is shown.
	course    course        // that the playhead moves along; nil while the welcome is up
	show      *stage.Show   // the course, if it is one recording; else nil
	pair      *compare.Pair // the course, if it is two beside each other; else nil
	before    *aside        // to go back to after comparing; nil for nothing
	player    *stage.Player
	lesson    string          // "" if it is no lesson
	held      bool            // all that the lesson expects came true
	done      map[string]bool // lessons seen to their end that held
	still     *stage.Show     // of the welcome's picture; nil until it has been run
	folded    map[int]bool    // units
	tab       int
	splits    splits
	judging   bool // a letter is judged at the playhead
	pulse     pulse
	live      live
	bench     Bench        // in which things are tried; nil before the first
	benchOf   string       // the lesson whose world it is; "" is the default world
	busy      bool         // something is on its way there
	spawn     func(func()) // runs what takes its time
	notice    func(func()) // runs what is to be done when a recording has grown, on the goroutine that draws
	announced bool         // that the window is up
	waiting   int          // lessons or letters that are on their way here

	// What the program around can do; each may be nil.
	openFile   func(then func([]trace.Recording))
	fullScreen func()

	// How it is drawn. The views live on; the rest is made anew when the
	// language or the theme changes.
	root           *fyne.Container
	content        *fyne.Container
	overlays       *fyne.Container
	main           *fyne.Container
	mapView        sceneView
	tabs           []tabView
	pairView       *compareview.View
	inspector      *inspector.View
	top            *topBar
	lessonList     fyne.CanvasObject
	rail           fyne.CanvasObject
	settings       *settings.View
	settingsPanel  *look.Panel
	stage          *stagePanel
	tabsPanel      *tabsPanel
	inspectorPanel *look.Panel
	transport      *transport
	narration      *narration
	dividers       [2]*divider
}

// NewScreen makes the window's content and puts it on the canvas: the welcome,
// or what o asks to begin with.
func NewScreen(ctx context.Context, o Options, c fyne.Canvas) *Screen {
	s := &Screen{
		spawn: func(f func()) { go f() }, notice: fyne.Do,
		ctx: ctx, opts: o, canvas: c, lang: words.Lang(o.Lang),
		done: o.remembered(), folded: make(map[int]bool),
		content:  container.NewStack(),
		overlays: container.NewStack(),
	}
	if s.lang != words.EN && s.lang != words.RU {
		s.lang = words.EN
	}
	s.usePalette(o.Theme)
	s.mapView = s.newMap()
	s.tabs = s.newTabs()
	s.inspector = inspector.New()
	s.pairView = s.newPairView()
	s.settings = s.newSettings()
	s.root = container.NewStack(s.content, s.overlays)
	s.player = stage.NewPlayer(stage.New(blank()))
	c.SetContent(s.root)
	s.installKeys()
	switch {
	case len(o.Recordings) > 0:
		s.ShowAll(o.Recordings, o.Recordings[0].Header.Lesson)
	case o.Start != "":
		s.rebuild()
		s.startLesson(o.Start)
	default:
		s.rebuild()
		s.prepare()
	}
	return s
}

// t is a text of the window's in the current language.
func (s *Screen) t(key string, kv ...any) string { return words.T(s.lang, "window."+key, kv...) }

// Show shows a recording from its start. lesson is "" if it is none.
func (s *Screen) Show(rec trace.Recording, lesson string) {
	s.present(rec, lesson)
	s.rebuild()
	s.announce()
}

// present takes the recording to the views.
func (s *Screen) present(rec trace.Recording, lesson string) {
	s.follow(nil)
	speed, stop := 1.0, stage.StopNone
	if s.player != nil {
		speed, stop = s.player.Speed, s.player.StopAt
	}
	s.show, s.pair, s.before = stage.New(rec), nil, nil
	s.course, s.player = s.show, stage.NewPlayer(s.show)
	s.player.Speed, s.player.StopAt = speed, stop
	s.lesson, s.held = lesson, false
	s.pulse.forget()
	s.tellViews()
	if rec.Trace != nil {
		s.follow(rec.Trace)
	}
	if s.splits.trying {
		s.withBench(s.showSettings)
	}
}

// tellViews gives the views the show and the language.
func (s *Screen) tellViews() {
	if s.mapView != nil {
		s.mapView.SetShow(s.show, s.lang)
	}
	for _, t := range s.tabs {
		t.view.SetShow(s.show, s.lang)
	}
	s.inspector.SetShow(s.show, s.lang)
}

// rebuild makes everything but the views anew, in the current language and
// theme, around the same playhead.
func (s *Screen) rebuild() {
	if s.pair != nil {
		s.rebuildPair()
		return
	}
	if s.show == nil {
		s.setContent(newWelcome(s))
		return
	}
	s.narration = newNarration()
	s.top = newTopBar(s)
	s.top.set(s.title())
	s.lessonList, s.rail = newLessonList(s, true), newRail(s)
	s.settingsPanel = look.NewPanel(s.t("settings"), look.NewIconButton("close", s.toggleSettings), s.settings)
	s.stage = newStagePanel(s)
	s.tabsPanel = newTabsPanel(s)
	s.inspectorPanel = look.NewPanel(s.inspectorTitle(), s.inspectorCorner(), s.inspector)
	s.transport = newTransport(s)
	s.dividers = [2]*divider{
		newDivider(true, s.dragInspector, func() { *s.inspectorSplit() = 0; s.main.Refresh() }),
		newDivider(false, s.dragTabs, func() { s.splits.tabs = 0; s.main.Refresh() }),
	}
	s.main = container.New(frame{s}, s.top.face, s.lessonList, s.rail, s.settingsPanel, s.stage.face, s.tabsPanel.face,
		s.inspectorPanel, s.transport.face, s.dividers[0], s.dividers[1])
	s.setContent(s.main)
	s.pulse.forget()
	s.render()
}

func (s *Screen) setContent(o fyne.CanvasObject) {
	s.content.Objects = []fyne.CanvasObject{o}
	s.content.Refresh()
	if size := s.content.Size(); size.Width > 0 {
		o.Resize(size)
	}
}

// rebuildLessons makes the list and the rail anew.
func (s *Screen) rebuildLessons() {
	if s.main == nil || s.pair != nil {
		s.openLessons() // over the welcome, or over two recordings
		return
	}
	for i, o := range s.main.Objects {
		switch o {
		case s.lessonList:
			s.lessonList = newLessonList(s, true)
			s.main.Objects[i] = s.lessonList
		case s.rail:
			s.rail = newRail(s)
			s.main.Objects[i] = s.rail
		}
	}
	s.main.Refresh()
	s.canvas.Unfocus()
}

func (s *Screen) setFold(f fold) {
	s.splits.fold = f
	s.main.Refresh()
}

func (s *Screen) setTab(i int) {
	s.tab = i
	s.tabsPanel.choice.SetChosen(i)
	s.tabsPanel.face.Refresh() // gives the view its size, so that it can scroll to the step
	s.tabs[i].view.SetStep(s.player.Step, s.player.Frac)
	s.canvas.Unfocus()
}

func (s *Screen) dragInspector(dx, _ float32) {
	*s.inspectorSplit() = s.inspectorPanel.Size().Width - dx
	s.main.Refresh()
}

// inspectorSplit is where the inspector's width is kept if it is dragged now.
func (s *Screen) inspectorSplit() *float32 {
	if s.judging {
		return &s.splits.verdict
	}
	return &s.splits.inspector
}

func (s *Screen) dragTabs(_, dy float32) {
	s.splits.tabs = s.tabsPanel.face.Size().Height - dy
	s.main.Refresh()
}

// setLang changes the language without losing the place.
func (s *Screen) setLang(l words.Lang) {
	if l == s.lang {
		return
	}
	s.lang = l
	s.settings.SetLang(l)
	if s.show != nil {
		s.tellViews()
	}
	s.rebuild()
	s.closeOverlay()
}

// toggleTheme changes between dark and light.
func (s *Screen) toggleTheme() {
	name := "dark"
	if look.P().Dark {
		name = "light"
	}
	s.usePalette(name)
	s.closeOverlay()
	s.rebuild()
	s.settings.SetLang(s.lang)
	s.root.Refresh()
}

// usePalette makes a palette the current one, for Fyne's own widgets too.
func (s *Screen) usePalette(name string) {
	p := look.DarkPalette
	if name == "light" {
		p = look.LightPalette
	}
	look.Use(p)
	fyne.CurrentApp().Settings().SetTheme(look.NewTheme(p))
}
