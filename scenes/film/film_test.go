package film

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"testing"
	"time"
)

func plain(c color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func TestFilm(t *testing.T) {
	ground, dot := color.NRGBA{10, 16, 28, 255}, color.NRGBA{255, 207, 92, 255}
	first, second := plain(ground), plain(ground)
	draw.Draw(second, image.Rect(5, 6, 9, 10), image.NewUniform(dot), image.Point{}, draw.Src)
	f := New(first, second)
	for _, img := range []image.Image{first, first, second, second.SubImage(second.Bounds()), first} {
		if err := f.Add(img, 83*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Encode(&b); err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Image) != 3 || g.Delay[0]+g.Delay[1]+g.Delay[2] != 41 || g.Delay[0] != 16 { // 5 times 83 ms
		t.Errorf("%d pictures, delays %v", len(g.Image), g.Delay)
	}
	if g.Image[1].Rect != image.Rect(5, 6, 9, 10) || g.Image[2].Rect != g.Image[1].Rect {
		t.Errorf("what changed: %v, %v", g.Image[1].Rect, g.Image[2].Rect)
	}
	for i, want := range []color.NRGBA{ground, dot, ground} {
		if got := color.NRGBAModel.Convert(g.Image[i].At(6, 7)); got != want {
			t.Errorf("picture %d: %v, want %v", i, got, want)
		}
	}
}

// Colours that have no place of their own are shown by the nearest.
func TestManyColours(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(4 * x), uint8(4 * y), uint8(2*x + 2*y), 255})
		}
	}
	f := New(img)
	if err := f.Add(img, time.Second); err != nil {
		t.Fatal(err)
	}
	if len(f.palette) != 256 {
		t.Fatalf("%d colours", len(f.palette))
	}
	away := func(a, b color.NRGBA) int {
		r, g, u := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
		return 2*r*r + 4*g*g + 3*u*u
	}
	for y := range 64 {
		for x := range 64 {
			want := img.NRGBAAt(x, y)
			want = color.NRGBA{want.R&^7 | 4, want.G&^7 | 4, want.B&^7 | 4, 255} // five bits of each count
			got := color.NRGBAModel.Convert(f.out.Image[0].At(x, y)).(color.NRGBA)
			for _, c := range f.palette[1:] {
				if o := color.NRGBAModel.Convert(c).(color.NRGBA); away(o, want) < away(got, want) {
					t.Fatalf("%v is shown as %v, and %v is nearer", want, got, o)
				}
			}
		}
	}
}

func TestLimits(t *testing.T) {
	f := New()
	if err := f.Encode(&bytes.Buffer{}); err == nil {
		t.Error("a film of nothing")
	}
	a, b := plain(color.Black), plain(color.White)
	f = New(a, b)
	for i := range MaxFrames {
		if err := f.Add([]image.Image{a, b}[i%2], time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Add(a, 0); err != ErrTooLong {
		t.Error(err)
	}
}
