// Package steplist is what views have in common that show a recording as one
// row a step.
package steplist

import (
	"mailscope/scenes/pool"
	"mailscope/scenes/stage"
	"mailscope/scenes/words"
)

// List is a widget with a row for each step of a show, row 0 for step 1. A view
// embeds it, calls Init, sets the fields of pool.List that Init leaves, and
// calls ExtendBaseWidget.
type List struct {
	pool.List

	Shown *stage.Show // nil before the first
	Lang  words.Lang
	Step  int // the current one
}

// Init makes an empty list; onSelect is told which step a person chose.
func (l *List) Init(onSelect func(step int)) {
	l.Lang = words.EN
	l.Count = func() int {
		if l.Shown == nil {
			return 0
		}
		return l.Shown.Len()
	}
	l.Tap = func(row int) {
		if onSelect != nil {
			onSelect(row + 1)
		}
	}
}

// Take shows another recording from its start, or the same in another
// language, and tells whether it is another. The caller refreshes the widget.
func (l *List) Take(s *stage.Show, lang words.Lang) (other bool) {
	other = l.Shown != s
	if other {
		l.Shown, l.Step = s, 0
		l.Reveal(0)
	}
	l.Lang = lang
	return other
}

// SetStep marks the row of a step and scrolls to it.
func (l *List) SetStep(step int, _ float64) {
	if step != l.Step {
		l.Step = step
		l.Reveal(max(step-1, 0))
	}
}
