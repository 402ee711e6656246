package history

import (
	"slices"

	"backscroll/zim"
)

const (
	// partLen is how many rows stand in a part: 8 KiB of them.
	partLen = 256

	// firstPlace leaves room for what is put before the first row.
	firstPlace = 1 << 30

	// slabSize is the most that is set aside for messages at a time, in bytes: who
	// keeps one of them keeps so much. A message that is as large has a slab of
	// its own, and wholeSlab for its length.
	slabBits  = 18
	slabSize  = 1 << slabBits
	wholeSlab = slabSize - 1
)

// row is a message of which the bytes stand in a slab.
type row struct {
	id, seq, time int64
	where         uint64 // in posBits the position in its page, then the slab, then in slabBits each the offset in it and the length
}

const posBits = 8

// slabPlace is where the bytes stand: what is kept later has a larger one.
func (w row) slabPlace() uint64 { return w.where << posBits >> (posBits + slabBits) }

// withPos returns the row with its position in its page, from 0.
func (w row) withPos(pos int) row {
	w.where |= uint64(min(pos+1, 1<<posBits-1)) << (64 - posBits)
	return w
}

// pos returns the position, -1 for one that is not known or had no room.
func (w row) pos() int {
	n := int(w.where >> (64 - posBits))
	if n == 1<<posBits-1 {
		return -1
	}
	return n - 1
}

// rows are messages, the newest first. They take 32 bytes each besides their own.
// A slice of zim.Message takes 48, and as much again whenever it grows, and the
// collector looks at every one of them. Rows hold no pointers, and stand in parts
// that grow at either end without being copied.
//
// What was written is never written over: others may read it meanwhile. A row has
// an index, counted from the newest, and a place, which stays the same when rows
// are put before it. The zero value has no rows.
type rows struct {
	parts []*[partLen]row
	off   int // places before the first row, in the first part
	n     int
	ahead int // parts that were put before what was the first one

	slabs [][]byte
	bytes int64 // of all messages

	ids ids
}

func (r *rows) at(i int) *row {
	i += r.off
	return &r.parts[i/partLen][i%partLen]
}

func (r *rows) place(i int) uint32 { return uint32(firstPlace + r.off + i - r.ahead*partLen) }

func (r *rows) atPlace(p uint32) int { return int(p) - firstPlace - r.off + r.ahead*partLen }

// message returns the message that was kept as w. It does not look at its bytes.
func (r *rows) message(w row) zim.Message {
	m := zim.Message{MsgId: w.id, MsgSeq: w.seq, MsgTime: w.time}
	slab := r.slabs[w.slabPlace()>>slabBits]
	from, n := w.where>>slabBits%slabSize, w.where%slabSize
	switch {
	case slab == nil: // stripped
	case n == wholeSlab:
		m.Raw = slab
	default:
		m.Raw = slab[from : from+n : from+n]
	}
	return m
}

// keep copies a message's bytes out of its page, behind those that were kept
// before: a page's own buffer is a tenth larger than they are, since the heap
// rounds it up. coming is the sizeOf all that are about to be kept.
func (r *rows) keep(m zim.Message, coming int) row {
	w := row{id: m.MsgId, seq: m.MsgSeq, time: m.MsgTime}
	n := len(m.Raw)
	r.bytes += int64(n)
	if n >= wholeSlab {
		w.where = uint64(len(r.slabs))<<(2*slabBits) | wholeSlab
		r.slabs = append(r.slabs, slices.Clip(slices.Clone(m.Raw)))
		return w
	}
	last := len(r.slabs) - 1
	if last < 0 || n >= cap(r.slabs[last])-len(r.slabs[last]) { // an offset must be less than slabSize
		size := 1 + max(n, min(max(coming, int(r.bytes/32)), slabSize-1))
		r.slabs = append(r.slabs, slices.Grow([]byte(nil), size))
		last++
	}
	s := r.slabs[last]
	w.where = uint64(last)<<(2*slabBits) | uint64(len(s))<<slabBits | uint64(n)
	r.slabs[last] = append(s, m.Raw...)
	return w
}

// sizeOf returns the bytes of messages.
func sizeOf(list []zim.Message) (n int) {
	for _, m := range list {
		n += len(m.Raw)
	}
	return n
}

// strip lets the bytes of all messages go, which then have none.
func (r *rows) strip() {
	clear(r.slabs)
	r.bytes = 0
}

// find returns the index of the row that has a MsgId; it knows no row without.
func (r *rows) find(id int64) (i int, known bool) {
	place, known := r.ids.find(id, r)
	return r.atPlace(place), known
}

// insert puts rows before those of which it is given the indices, ascending, and
// the rest of the list behind the last one. Their MsgIds are not known yet.
func (r *rows) insert(list []row, before []int) {
	newer := list[:len(before)]
	switch {
	case len(newer) == 0:
	case before[len(before)-1] == 0:
		r.prepend(newer)
	default:
		r.weave(newer, before)
	}
	for i, at := range before {
		r.ids.add(at+i, r)
	}
	for _, w := range list[len(before):] {
		r.push(w)
		r.ids.add(r.n-1, r)
	}
}

// push puts a row behind the last one.
func (r *rows) push(w row) {
	if r.off+r.n == len(r.parts)*partLen {
		r.parts = append(r.parts, new([partLen]row))
	}
	r.n++
	*r.at(r.n - 1) = w
}

// prepend puts rows before the first one.
func (r *rows) prepend(list []row) {
	if more := (len(list) - r.off + partLen - 1) / partLen; more > 0 {
		front := make([]*[partLen]row, more)
		for i := range front {
			front[i] = new([partLen]row)
		}
		r.parts = slices.Concat(front, r.parts)
		r.off += more * partLen
		r.ahead += more
	}
	r.off -= len(list)
	r.n += len(list)
	for i, w := range list {
		*r.at(i) = w
	}
}

// weave puts rows between others: those behind the first of them move.
func (r *rows) weave(list []row, before []int) {
	old, from := *r, before[0]
	r.cut(from)
	passed := 0
	for i := from; i < old.n; i++ {
		for ; passed < len(before) && before[passed] == i; passed++ {
			r.push(list[passed])
		}
		r.push(*old.at(i))
	}
	for i := old.n - 1; i >= from; i-- { // from the end, so that no two have one place meanwhile
		for before[passed-1] > i {
			passed--
		}
		if id := old.at(i).id; id != 0 {
			r.ids.put(id, old.place(i), r.place(i+passed))
		}
	}
}

// cut leaves the rows before index i, those of the last part as a copy.
func (r *rows) cut(i int) {
	whole, rest := (r.off+i)/partLen, (r.off+i)%partLen
	last := *r.parts[whole]
	clear(last[rest:])
	r.parts = append(slices.Clone(r.parts[:whole]), &last)
	r.n = i
}

// snapshot returns the rows as they are now, to be read only. Slabs are written
// into at their ends, parts never where a snapshot looks.
func (r *rows) snapshot() rows {
	s := *r
	s.slabs, s.ids = slices.Clone(r.slabs), ids{}
	return s
}
