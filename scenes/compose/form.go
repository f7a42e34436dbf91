//go:build cgo || ci

package compose

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"mailscope/scenes/look"
	"mailscope/scenes/sketch"
	"mailscope/scenes/words"
)

// Form is where a letter is written. Its callbacks run on the goroutine that
// draws.
type Form struct {
	widget.BaseWidget
	OnSend   func(Draft)
	OnCancel func()

	lang     words.Lang
	accounts []Account
	writers  []Account
	by       *widget.Select
	from     *field // in the letter
	sender   *field // on the envelope
	to       *field
	subject  *field
	text     *field
	wrong    string // with the letter as it stands; "" if nothing is known to be
	problem  *sketch.Sketch
	send     *look.Button
	body     fyne.CanvasObject
}

// New makes an empty form; the first account that writes is the sender.
func New(l words.Lang, accounts []Account) *Form {
	f := &Form{lang: l, accounts: accounts}
	var names []string
	for _, a := range accounts {
		if a.Writes {
			names, f.writers = append(names, label(l, a)), append(f.writers, a)
		}
	}
	f.from, f.sender = newField(f), newField(f)
	f.by = widget.NewSelect(names, func(string) { f.setOwn() })
	if len(names) > 0 {
		f.by.SetSelectedIndex(0)
	}
	f.to, f.subject, f.text = newField(f), newField(f), newField(f)
	f.to.SetPlaceHolder(f.t("to.hint"))
	f.subject.SetPlaceHolder(f.t("subject.hint"))
	f.text.MultiLine, f.text.Wrapping = true, fyne.TextWrapWord
	f.text.SetPlaceHolder(f.t("text.hint"))
	f.problem = sketch.New(func() fyne.Size {
		return fyne.NewSize(200, problemStep*float32(len(f.problemLines())))
	}, func(pen *sketch.Pen, size fyne.Size) {
		pen.Lines(f.problemLines(), 0, problemStep/2, problemStep, 15, look.P().Refused)
	})
	f.send = look.NewButton("envelope", f.t("send"), f.submit)
	f.send.Primary = true
	f.send.SetMin(140, 44)
	f.body = f.build()
	f.ExtendBaseWidget(f)
	return f
}

func (f *Form) t(key string, kv ...any) string { return words.T(f.lang, "compose."+key, kv...) }

// build sets the fields below each other.
func (f *Form) build() fyne.CanvasObject {
	caption := func(key string) fyne.CanvasObject { return look.Text(f.t(key), 15, look.P().Muted) }
	fields := container.New(layout.NewFormLayout(),
		caption("by"), f.by,
		f.coloured("letter", "from", func() color.Color { return look.P().Letter }), f.from,
		f.coloured("envelope", "sender", func() color.Color { return look.P().Now }), f.sender,
		caption("to"), f.to,
		look.Text("", 15, look.P().Muted), f.people(),
		caption("subject"), f.subject,
	)
	cancel := look.NewButton("", f.t("cancel"), func() { f.OnCancel() })
	cancel.SetMin(110, 44)
	last := container.NewBorder(f.problem, nil, nil, container.NewHBox(cancel, f.send))
	return container.NewBorder(fields, last, nil, nil, container.NewPadded(f.text))
}

// coloured is a caption with the icon that stands for it on the map.
func (f *Form) coloured(icon, key string, c func() color.Color) fyne.CanvasObject {
	return sketch.New(func() fyne.Size { return fyne.NewSize(look.Width(f.t(key), 15)+40, 36) }, func(pen *sketch.Pen, size fyne.Size) {
		pen.Icon(icon, 8, size.Height/2-8, 16, c())
		pen.Text(f.t(key), 32, size.Height/2, 15, look.P().Muted)
	})
}

// setOwn shows whose address it is where no other is typed.
func (f *Form) setOwn() {
	if i := f.by.SelectedIndex(); i >= 0 {
		f.from.SetPlaceHolder(f.writers[i].Address)
		f.sender.SetPlaceHolder(f.writers[i].Address)
	}
}

// people are the accounts, to be put among the recipients with a tap.
func (f *Form) people() fyne.CanvasObject {
	row := container.New(layout.NewRowWrapLayout())
	for _, a := range f.accounts {
		b := look.NewButton("plus", words.Pick(f.lang, a.Title), func() { f.toggle(a.Address) })
		row.Add(b)
	}
	return row
}

// toggle puts an address among the recipients, or takes it out.
func (f *Form) toggle(address string) {
	list := Addresses(f.to.Text)
	for i, a := range list {
		if a == address {
			f.to.SetText(strings.Join(append(list[:i:i], list[i+1:]...), ", "))
			return
		}
	}
	f.to.SetText(strings.Join(append(list, address), ", "))
}

// First is the field in which writing begins.
func (f *Form) First() fyne.Focusable { return f.to }

// Draft is the letter as it stands.
func (f *Form) Draft() Draft {
	d := Draft{From: strings.TrimSpace(f.from.Text), Sender: strings.TrimSpace(f.sender.Text), To: Addresses(f.to.Text), Subject: strings.TrimSpace(f.subject.Text), Text: f.text.Text}
	if i := f.by.SelectedIndex(); i >= 0 {
		d.By = f.writers[i].Address
	}
	return d
}

// submit sends the letter, or says what is wrong with it.
func (f *Form) submit() {
	d := f.Draft()
	if p := d.Check(); p.Key != "" {
		f.wrong = f.t("problem."+p.Key, "Address", p.Address)
		f.problem.Refresh()
		f.body.Refresh()
		return
	}
	f.OnSend(d)
}

const problemStep = 22 // between lines

// problemLines is what is wrong, set for the present width.
func (f *Form) problemLines() []string {
	return look.Wrap(f.wrong, 15, max(f.problem.Size().Width, 200), 0)
}

// CreateRenderer is for Fyne.
func (f *Form) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.body) }

// label names an account with its address.
func label(l words.Lang, a Account) string {
	who := words.Pick(l, a.Title)
	if who == "" {
		return a.Address
	}
	return who + " <" + a.Address + ">"
}

// field is an entry that lets Escape close the form.
type field struct {
	widget.Entry
	form *Form
}

func newField(f *Form) *field {
	e := &field{form: f}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey is for Fyne.
func (e *field) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && e.form.OnCancel != nil {
		e.form.OnCancel()
		return
	}
	e.Entry.TypedKey(k)
}
