// Package film writes pictures that follow one another as an animated GIF, for
// places that show nothing better.
package film

import (
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io"
	"slices"
	"time"
)

// Limits of a film.
const (
	MaxFrames = 3000
	maxColour = 255 // one of the 256 means "as before"
)

// ErrTooLong tells that a film has more than MaxFrames pictures.
var ErrTooLong = errors.New("the film is too long")

// Film is a film that is being made. Its pictures have one size, and few
// colours: those of a window, with the edges of its letters.
type Film struct {
	palette color.Palette
	nearest []uint8 // place in palette by bucket, 0 being none yet
	last    []uint8 // picture that was added last, by place in palette
	bounds  image.Rectangle
	out     gif.GIF
	missed  time.Duration // that delays were rounded down by
}

// bucket is a colour in 15 bits.
func bucket(r, g, b uint8) int { return int(r>>3)<<10 | int(g>>3)<<5 | int(b>>3) }

// New begins a film whose colours are the most frequent ones of samples.
func New(samples ...image.Image) *Film {
	f := &Film{nearest: make([]uint8, 1<<15)}
	type sum struct{ r, g, b, n int }
	sums := make([]sum, 1<<15)
	for _, img := range samples {
		each(img, func(_ int, r, g, b uint8) {
			s := &sums[bucket(r, g, b)]
			s.r, s.g, s.b, s.n = s.r+int(r), s.g+int(g), s.b+int(b), s.n+1
		})
	}
	sums = slices.DeleteFunc(sums, func(s sum) bool { return s.n == 0 })
	slices.SortStableFunc(sums, func(a, b sum) int { return b.n - a.n })
	f.palette = color.Palette{color.RGBA{}} // "as before"
	for _, s := range sums[:min(len(sums), maxColour)] {
		f.palette = append(f.palette, color.RGBA{uint8(s.r / s.n), uint8(s.g / s.n), uint8(s.b / s.n), 0xff})
	}
	if len(f.palette) == 1 {
		f.palette = append(f.palette, color.RGBA{A: 0xff})
	}
	return f
}

// Add appends a picture that is shown for so long; what is less than a
// hundredth of a second is made up for later.
func (f *Film) Add(img image.Image, shown time.Duration) error {
	if len(f.out.Image) == MaxFrames {
		return ErrTooLong
	}
	if f.last == nil {
		f.bounds = img.Bounds().Sub(img.Bounds().Min)
	}
	w := f.bounds.Dx()
	now := make([]uint8, w*f.bounds.Dy())
	each(img, func(i int, r, g, b uint8) {
		if i < len(now) {
			now[i] = f.place(r, g, b)
		}
	})
	area := f.bounds
	if f.last != nil {
		area = changed(f.last, now, w)
	}
	delay := int((shown + f.missed) / (10 * time.Millisecond))
	f.missed += shown - time.Duration(delay)*10*time.Millisecond
	if area.Empty() { // the last picture stays
		f.out.Delay[len(f.out.Delay)-1] += delay
		return nil
	}
	p := image.NewPaletted(area, f.palette)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := p.Pix[(y-area.Min.Y)*p.Stride:]
		for x := area.Min.X; x < area.Max.X; x++ {
			if i := y*w + x; f.last == nil || now[i] != f.last[i] {
				row[x-area.Min.X] = now[i]
			}
		}
	}
	f.last = now
	f.out.Image, f.out.Delay, f.out.Disposal = append(f.out.Image, p), append(f.out.Delay, delay), append(f.out.Disposal, gif.DisposalNone)
	return nil
}

// place is the place in the palette of what is nearest to a colour.
func (f *Film) place(r, g, b uint8) uint8 {
	k := bucket(r, g, b)
	if f.nearest[k] == 0 {
		best, least := 1, 1<<30
		for i, c := range f.palette[1:] {
			p := c.(color.RGBA)
			dr, dg, db := int(p.R)-int(r&^7|4), int(p.G)-int(g&^7|4), int(p.B)-int(b&^7|4) // the middle of the bucket
			if d := 2*dr*dr + 4*dg*dg + 3*db*db; d < least {                               // eyes see green best
				best, least = i+1, d
			}
		}
		f.nearest[k] = uint8(best)
	}
	return f.nearest[k]
}

// changed is the least rectangle outside which two pictures of width w are
// alike.
func changed(a, b []uint8, w int) image.Rectangle {
	var r image.Rectangle
	for y := 0; y*w < len(a); y++ {
		rowA, rowB := a[y*w:(y+1)*w], b[y*w:(y+1)*w]
		if slices.Equal(rowA, rowB) {
			continue
		}
		left, right := 0, w
		for rowA[left] == rowB[left] {
			left++
		}
		for rowA[right-1] == rowB[right-1] {
			right--
		}
		r = r.Union(image.Rect(left, y, right, y+1))
	}
	return r
}

// each calls f for the pixels of a picture, row by row, opaque.
func each(img image.Image, f func(i int, r, g, b uint8)) {
	b := img.Bounds()
	i := 0
	if p, ok := img.(*image.NRGBA); ok {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			row := p.Pix[p.PixOffset(b.Min.X, y):]
			for x := range b.Dx() {
				f(i, row[4*x], row[4*x+1], row[4*x+2])
				i++
			}
		}
		return
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			f(i, uint8(r>>8), uint8(g>>8), uint8(b>>8))
			i++
		}
	}
}

// Encode writes the film, which begins anew when it has ended.
func (f *Film) Encode(w io.Writer) error {
	if len(f.out.Image) == 0 {
		return errors.New("the film has no pictures")
	}
	f.out.Config = image.Config{ColorModel: f.palette, Width: f.bounds.Dx(), Height: f.bounds.Dy()}
	return gif.EncodeAll(w, &f.out)
}
