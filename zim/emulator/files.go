package emulator

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

const sampleRate = 8000 // of the sounds, 8 bits mono

// wav returns a hum with a chirp each second, which is what a worn bottom
// bracket sounds like.
func wav(seconds int, number uint64) []byte {
	n := seconds * sampleRate
	b := bytes.NewBuffer(make([]byte, 0, 44+n))
	b.WriteString("RIFF")
	binary.Write(b, binary.LittleEndian, uint32(36+n))
	b.WriteString("WAVEfmt ")
	binary.Write(b, binary.LittleEndian, struct {
		Size                uint32
		Format, Channels    uint16
		Rate, BytesPerSec   uint32
		BlockAlign, BitsPer uint16
	}{16, 1, 1, sampleRate, sampleRate, 1, 8})
	b.WriteString("data")
	binary.Write(b, binary.LittleEndian, uint32(n))
	pitch := 90 + float64(number%60)
	for i := range n {
		t := float64(i) / sampleRate
		v := 0.3 * math.Sin(2*math.Pi*pitch*t)
		if i%sampleRate < sampleRate/20 {
			v += 0.5 * math.Sin(2*math.Pi*1400*t)
		}
		b.WriteByte(byte(128 + 120*v))
	}
	return b.Bytes()
}

// mp4 returns the boxes that tell a film's length and size, and noise for its
// pictures: enough to be recognised, not enough to be watched.
func mp4(seconds, width, height int, number uint64) []byte {
	length := uint32(seconds * 1000)
	matrix := []uint32{0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000}
	movie := join(uint32(0), uint32(0), uint32(0), uint32(1000), length, uint32(0x10000), uint16(0x100),
		[10]byte{}, matrix, [24]byte{}, uint32(2))
	track := join(uint32(7), uint32(0), uint32(0), uint32(1), uint32(0), length, [8]byte{}, [8]byte{},
		matrix, uint32(width)<<16, uint32(height)<<16)
	noise := make([]byte, 0, seconds*4096)
	for i := range uint64(cap(noise) / 8) {
		noise = binary.BigEndian.AppendUint64(noise, mix(number, i))
	}
	out := box("ftyp", []byte("isom\x00\x00\x02\x00isomiso2mp41"))
	out = append(out, box("moov", append(box("mvhd", movie), box("trak", box("tkhd", track))...))...)
	return append(out, box("mdat", noise)...)
}

func box(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))
	return append(append(b, name...), content...)
}

// join writes fields one after the other, the highest byte first.
func join(fields ...any) []byte {
	var b bytes.Buffer
	for _, f := range fields {
		must(binary.Write(&b, binary.BigEndian, f))
	}
	return b.Bytes()
}

// pdf returns one page with a few lines of ASCII.
func pdf(lines []string) []byte {
	var page strings.Builder
	page.WriteString("BT /F1 14 Tf 20 TL 60 760 Td\n")
	for _, l := range lines {
		fmt.Fprintf(&page, "(%s) Tj T*\n", strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(l))
	}
	page.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, start)
	return b.Bytes()
}
