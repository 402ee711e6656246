package emulator

import (
	"bytes"
	stdimage "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
)

// palettes are wall, floor, frame and tyre.
var palettes = [][4]color.RGBA{
	{{0xf2, 0xe8, 0xd5, 255}, {0xd9, 0xc3, 0xa1, 255}, {0xc2, 0x3b, 0x22, 255}, {0x2b, 0x2b, 0x2b, 255}},
	{{0xdc, 0xe9, 0xee, 255}, {0xa9, 0xbf, 0xc7, 255}, {0x1f, 0x6f, 0x8b, 255}, {0x26, 0x2a, 0x33, 255}},
	{{0xe6, 0xee, 0xdb, 255}, {0xb9, 0xc9, 0xa1, 255}, {0x2f, 0x6b, 0x3a, 255}, {0x2c, 0x2a, 0x26, 255}},
	{{0xf7, 0xea, 0xc8, 255}, {0xe3, 0xc6, 0x7b, 255}, {0x6b, 0x3f, 0x87, 255}, {0x33, 0x2b, 0x3a, 255}},
	{{0xef, 0xdf, 0xe2, 255}, {0xcf, 0xae, 0xb5, 255}, {0x27, 0x3c, 0x75, 255}, {0x2d, 0x27, 0x29, 255}},
}

// draw returns a picture of a bicycle before a wall, as a PNG if ext is ".png"
// and a JPEG if not. The same number draws the same bicycle at every size.
func draw(ext string, width, height int, number uint64) []byte {
	p := palettes[number%uint64(len(palettes))]
	img := stdimage.NewRGBA(stdimage.Rect(0, 0, width, height))
	horizon := height * 7 / 10
	var grain [1 << 12]uint8
	for i := range grain {
		grain[i] = uint8(mix(number, uint64(i)) >> 60)
	}
	for y := range height {
		c := p[0]
		if y >= horizon {
			c = p[1]
		}
		shade := 14 - 28*y/height
		var shades [16][4]uint8
		for i := range shades {
			by := shade + i - 8
			shades[i] = [4]uint8{lift(c.R, by), lift(c.G, by), lift(c.B, by), 255}
		}
		for x := range width {
			copy(img.Pix[y*img.Stride+4*x:], shades[grain[(y*2081+x)%len(grain)]][:])
		}
	}
	bicycle(img, p[2], p[3])
	var b bytes.Buffer
	if ext == ".png" {
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		must(enc.Encode(&b, img))
	} else {
		must(jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}))
	}
	return b.Bytes()
}

func lift(c uint8, by int) uint8 { return uint8(min(max(int(c)+by, 0), 255)) }

// must is for what can fail only by a defect of this package.
func must(err error) {
	if err != nil {
		panic("emulator: " + err.Error())
	}
}

type point struct{ x, y float64 }

// bicycle draws two wheels and what holds them together, in units of the
// shorter side of the picture.
func bicycle(img *stdimage.RGBA, frame, tyre color.RGBA) {
	b := img.Bounds()
	unit := float64(min(b.Dx(), b.Dy()))
	at := func(x, y float64) point {
		return point{float64(b.Dx())/2 + x*unit, float64(b.Dy())*0.62 + y*unit}
	}
	rear, front, crank := at(-0.27, 0), at(0.27, 0), at(-0.04, 0.02)
	seat, head := at(-0.12, -0.24), at(0.18, -0.24)
	for _, hub := range []point{rear, front} {
		circle(img, hub, 0.17*unit, 0.012*unit, tyre)
		circle(img, hub, 0.008*unit, 0.008*unit, tyre)
	}
	circle(img, crank, 0.035*unit, 0.008*unit, tyre)
	for _, tube := range [][2]point{{rear, crank}, {crank, seat}, {rear, seat}, {seat, head}, {head, crank}, {head, front}} {
		line(img, tube[0], tube[1], 0.011*unit, frame)
	}
	line(img, at(-0.17, -0.29), at(-0.07, -0.29), 0.013*unit, tyre)
	line(img, seat, at(-0.125, -0.285), 0.008*unit, tyre)
	line(img, head, at(0.165, -0.30), 0.008*unit, frame)
	line(img, at(0.165, -0.30), at(0.23, -0.31), 0.009*unit, tyre)
}

// line draws with a round brush of that radius.
func line(img *stdimage.RGBA, from, to point, radius float64, c color.RGBA) {
	steps := max(1, math.Hypot(to.x-from.x, to.y-from.y)/max(radius/2, 0.5))
	for i := 0.0; i <= steps; i++ {
		t := i / steps
		dab(img, point{from.x + (to.x-from.x)*t, from.y + (to.y-from.y)*t}, radius, c)
	}
}

func circle(img *stdimage.RGBA, centre point, radius, brush float64, c color.RGBA) {
	steps := max(8, 2*math.Pi*radius/max(brush/2, 0.5))
	for i := 0.0; i <= steps; i++ {
		s, k := math.Sincos(2 * math.Pi * i / steps)
		dab(img, point{centre.x + radius*k, centre.y + radius*s}, brush, c)
	}
}

func dab(img *stdimage.RGBA, at point, radius float64, c color.RGBA) {
	r := max(radius, 0.6)
	for y := math.Floor(at.y - r); y <= at.y+r; y++ {
		for x := math.Floor(at.x - r); x <= at.x+r; x++ {
			if math.Hypot(x-at.x, y-at.y) <= r {
				img.SetRGBA(int(x), int(y), c)
			}
		}
	}
}
