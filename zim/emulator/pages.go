package emulator

import (
	"hash/fnv"

	"backscroll/zim"
)

// list is the history of one side of a chat, or of a group: row 0 is the
// oldest. Rows may be made as they are asked for.
type list interface {
	len() int
	at(i int) message
}

// thread is a list that is held in memory.
type thread []message

func (t thread) len() int         { return len(t) }
func (t thread) at(i int) message { return t[i] }

// finder is a list that knows where a message is without looking at the others.
type finder interface {
	find(seq int64) (message, bool)
}

// find returns the message of a list that has that MsgSeq.
func find(l list, seq int64) (message, bool) {
	if l == nil || seq <= 0 {
		return message{}, false
	}
	if f, ok := l.(finder); ok {
		return f.find(seq)
	}
	for i := l.len() - 1; i >= 0; i-- {
		if m := l.at(i); m.seq == seq {
			return m, true
		}
	}
	return message{}, false
}

// page is what both message calls are asked for.
type page struct {
	Limit, Next  int64
	WithEmptyMsg int64
}

// backward answers a page of messages: its rows, newest first, and where to go
// on.
func (e *Emulator) backward(p page, l list, seal sealer, base string) ([]byte, *refusal) {
	if l == nil {
		l = thread(nil)
	}
	if next, lost := e.nowhere(seal, p.Next); lost {
		return append(field(nil, "Next", next), `,"List":[]`...), nil
	}
	end, err := seal.position(p.Next, l.len(), l.len())
	if err != nil {
		return nil, err
	}
	limit := correct(p.Limit, 10, 100)
	if p.Next != 0 && e.has(FaultOverlap) {
		end = overlapped(l, end, limit)
	}
	rows, end := older(l, end, limit, p.WithEmptyMsg == 1)
	var next int64
	if end > 0 {
		next = seal.seal(end)
	}
	b := append(field(nil, "Next", e.circled(p.Next, next)), `,"List":[`...)
	for i, m := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = m.appendTo(b, base)
	}
	return append(b, ']'), nil
}

// forward finds the page of a list that is read from its beginning: rows from
// to to, and where to go on.
func (e *Emulator) forward(seal sealer, asked int64, length, limit int) (from, to int, next int64, err *refusal) {
	if next, lost := e.nowhere(seal, asked); lost {
		return 0, 0, next, nil
	}
	if from, err = seal.position(asked, 0, length); err != nil {
		return 0, 0, 0, err
	}
	if to = min(length, from+limit); to < length {
		next = seal.seal(to)
	}
	return from, to, e.circled(asked, next), nil
}

// older collects up to limit rows before row end, newest first. Rows that are
// left out do not count, so pages are full as long as there is anything to fill
// them with. The second result is the end of the next page, 0 if there is none.
func older(l list, end, limit int, withEmpty bool) ([]message, int) {
	var rows []message
	for ; end > 0; end-- {
		m := l.at(end - 1)
		if m.empty != kept && !withEmpty {
			continue
		}
		if len(rows) == limit {
			break
		}
		rows = append(rows, m)
	}
	return rows, end
}

const (
	positionBits = 20 // a list has less than a million rows
	rounds       = 4
)

// sealer turns positions in one list into tokens that tell nothing, and back.
// A token is a position and a checksum of it, run through a Feistel network
// whose key is the list's: tokens follow no order, need no memory, and one that
// was made for another list is known for what it is.
type sealer struct {
	key  uint64
	half uint // bits of each half; the bit above both is always 1
}

func (e *Emulator) sealer(kind string, ids ...string) sealer {
	s := sealer{key: mix(e.seed, hash(kind)), half: 26}
	for _, id := range ids {
		s.key = mix(s.key, hash(id))
	}
	if e.large {
		s.half = 31
	}
	return s
}

// seal returns the token of a position: 2^52 to 2^53-1, or 2^62 to 2^63-1.
func (s sealer) seal(pos int) int64 {
	mask := uint64(1)<<s.half - 1
	plain := s.checked(uint64(pos))
	l, r := plain>>s.half, plain&mask
	for i := range uint64(rounds) {
		l, r = r, l^mix(s.key, i, r)&mask
	}
	return int64(1<<(2*s.half) | l<<s.half | r)
}

// position returns first for the Next of a first call, or the position that a
// token was made of. What this list never gave, or cannot have, is refused.
func (s sealer) position(next int64, first, limit int) (int, *refusal) {
	if next == 0 {
		return first, nil
	}
	bad := refuse(zim.BadParameter, "Next")
	token, top := uint64(next), uint64(1)<<(2*s.half)
	if next < 0 || token&^(top-1) != top {
		return 0, bad
	}
	mask := uint64(1)<<s.half - 1
	token &^= top
	l, r := token>>s.half, token&mask
	for i := range uint64(rounds) {
		l, r = r^mix(s.key, rounds-1-i, l)&mask, l
	}
	plain := l<<s.half | r
	pos := plain & (1<<positionBits - 1)
	if plain != s.checked(pos) || pos == 0 || pos > uint64(limit) {
		return 0, bad
	}
	return int(pos), nil
}

// checked puts a checksum above the bits of a position.
func (s sealer) checked(pos uint64) uint64 {
	sum := mix(s.key, ^pos) & (1<<(2*s.half-positionBits) - 1)
	return sum<<positionBits | pos
}

// mix folds numbers into one that looks like chance (splitmix64).
func mix(parts ...uint64) uint64 {
	var h uint64
	for _, p := range parts {
		h += p + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
