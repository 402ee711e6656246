package saved

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"

	"backscroll/zim"
)

const (
	firstRead = 64 << 10 // bytes that are read at once, at first
	maxPage   = 8 << 20  // bytes of rows after which a page is full
)

// place is where a walk goes on. Walking back, pos is where the rest ends.
type place struct {
	pos int64
	in  nest
}

// next returns a place as the service would name it. It is never 0: that is the end.
func (p place) next() zim.Next { return zim.Next(strconv.FormatInt(p.pos<<2|int64(p.in), 10)) }

// placeOf reads what next wrote.
func (f *File) placeOf(n zim.Next) (place, error) {
	if n.End() {
		return f.start, nil
	}
	token, err := strconv.ParseInt(string(n), 10, 64)
	p := place{token >> 2, nest(token & 3)}
	if err != nil || p.pos < 0 || p.pos > f.size {
		return place{}, &Error{"the file has no such page", "go back to its first page"}
	}
	return p, nil
}

// page is some rows of a file, in the order in which they are walked.
type page struct {
	raw  []byte // what was read for them
	rows [][]byte
	id   string // the RequestId of the answer that they are from, if they are from one
	rest place
	ends bool // there are no more

	array   place // where the rows of an array begin that the page began with
	answers bool  // they are from answers
	mixed   bool  // there is more than one array, or something beside it
	lines   bool  // each row has lines of its own, and only one
}

// part is a range of bytes.
type part struct{ from, to int }

// ahead reads a page from a place on towards the end of the file. A page does not
// go beyond the end of an answer.
func (f *File) ahead(ctx context.Context, at place, limit int) (p page, err error) {
	from, b := at.pos, []byte(nil)
	var rows []part
	i := 0
walk:
	for len(rows) < limit && (len(rows) == 0 || i < maxPage) {
		s := f.stepAt(b, i, at.in, from+int64(len(b)) == f.size)
		switch s.kind {
		case stepCut:
			if len(rows) == 0 { // nothing before it is needed
				b, from, s.next = b[s.next:], from+int64(s.next), 0
			}
			if b, err = f.grow(ctx, b, from); err != nil {
				return page{}, err
			}
		case stepEnd:
			p.ends = true
			break walk
		case stepRow:
			rows = append(rows, part{s.from, s.to})
			p.mixed = p.mixed || p.array != (place{}) && s.in == 0
		case stepOpen:
			p.mixed = p.mixed || len(rows) > 0 || p.array != (place{})
			p.array = place{from + int64(s.next), s.in}
		case stepEnter:
			if p.answers = true; len(rows) > 0 {
				break walk
			}
			p.id = s.id
		case stepLeave:
			if i, at.in = s.next, s.in; len(rows) > 0 {
				if s.id != "" {
					p.id = s.id
				}
				break walk
			}
		}
		i, at.in = s.next, s.in
	}
	p.rest = place{from + int64(i), at.in}
	p.ends = p.ends || f.stepAt(b, i, at.in, from+int64(len(b)) == f.size).kind == stepEnd
	p.raw, p.lines = b[:i], true
	for n, r := range rows {
		p.rows = append(p.rows, b[r.from:r.to:r.to])
		p.lines = p.lines && bytes.IndexByte(b[r.from:r.to], '\n') < 0 && (n == 0 || bytes.IndexByte(b[rows[n-1].to:r.from], '\n') >= 0)
	}
	return p, f.changed()
}

// grow reads on behind b, which begins at from: as much as b has, and firstRead at
// least.
func (f *File) grow(ctx context.Context, b []byte, from int64) ([]byte, error) {
	at := from + int64(len(b))
	more := min(int64(max(len(b), firstRead)), f.size-at)
	b = slices.Grow(b, int(more))[:len(b)+int(more)]
	return b, f.read(ctx, b[len(b)-int(more):], at)
}

// read fills b with what stands at a position.
func (f *File) read(ctx context.Context, b []byte, at int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, err := f.r.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == io.EOF:
		return errChanged()
	}
	return &Error{"the file cannot be read: " + cause(err), "open it again, or a copy of it"}
}

// back reads a page from a place on towards the beginning of the file.
func (f *File) back(ctx context.Context, at place, limit int) (p page, err error) {
	var b []byte // what stands before at
	var rows []part
	left := int64(0) // bytes of b that were walked
	for len(rows) < limit && left < maxPage {
		begins := at.pos-int64(len(b)) == f.first
		found, rest, v := f.before(b[:len(b)-int(left)], begins)
		if v == cut {
			size := min(int64(max(2*len(b), firstRead)), at.pos-f.first)
			b = make([]byte, size)
			if err := f.read(ctx, b, at.pos-size); err != nil {
				return page{}, err
			}
			continue
		}
		for _, r := range found { // b may still grow at its beginning: they are counted from its end
			rows = append(rows, part{len(b) - r.from, len(b) - r.to})
		}
		left = int64(len(b) - rest)
		if p.ends = begins && rest == 0; p.ends {
			break
		}
		p.rest.pos = at.pos - left
	}
	for _, r := range rows {
		p.rows = append(p.rows, b[len(b)-r.from:len(b)-r.to:len(b)-r.to])
	}
	p.raw = b[len(b)-int(left):]
	return p, f.changed()
}

// before returns the last rows of b, the last one first, and where the rest ends.
// begins says that nothing is before b.
func (f *File) before(b []byte, begins bool) (rows []part, rest int, v verdict) {
	between := " \n\t\r"
	if f.order == fromEndByValue {
		between += ","
	}
	end := len(bytes.TrimRight(b, between))
	if f.order == fromEndByValue && end > 0 && b[end-1] == '[' { // another array comes before
		return nil, len(bytes.TrimSuffix(bytes.TrimRight(b[:end-1], between), []byte("]"))), whole
	}
	needs := !begins && end < maxRow
	if end == 0 {
		if begins {
			return nil, 0, whole
		}
		return nil, 0, cut
	}
	if f.order == fromEndByValue {
		start, v := valueStart(b[:end])
		if v == cut && needs {
			return nil, 0, cut
		}
		if at, agrees := valueEnd(b[:end], start); v == whole && agrees == whole && at == end {
			return []part{{start, end}}, start, whole
		}
	}
	start := max(bytes.LastIndexByte(b[:end], '\n')+1, end-maxRow)
	if start == 0 && needs {
		return nil, 0, cut
	}
	line := b[start:end]
	for i, in := 0, nest(0); ; { // mostly one row
		s := f.stepAt(line, i, in, true)
		switch s.kind {
		case stepEnd:
			slices.Reverse(rows)
			return rows, start, whole
		case stepRow:
			rows = append(rows, part{start + s.from, start + s.to})
		}
		i, in = s.next, s.in
	}
}
