package terminal

import (
	"io"

	"mailscope/scenes/words"
	"mailscope/sim/lesson"
)

// Report writes how the expectations came out, one a row.
func Report(w io.Writer, checks []lesson.Check, o Options) error {
	p := &Printer{out: newPaint(w, o.Color), lang: o.Lang, width: o.width()}
	failed := 0
	for _, c := range checks {
		if !c.OK {
			failed++
		}
	}
	title := span{p.n("report.held", len(checks)), done}
	if failed > 0 {
		title = span{p.n("report.failed", failed, "All", len(checks)), refusal}
	}
	p.free("", nil, title)
	for _, c := range checks {
		sign := signDone
		if !c.OK {
			sign = signRefusal
		}
		p.free("  ", []span{sign, {" ", plain}}, span{words.Pick(o.Lang, c.Text), plain})
		if !c.OK && c.Got != "" {
			p.free("      ", nil, span{p.t("report.got", "Got", c.Got), muted})
		}
	}
	return p.out.flush()
}
