package history

import "backscroll/zim"

// maxBare is how many rows without a MsgSeq GapAt looks past.
const maxBare = 50

// Numbers returns how many numbers a gap has.
func (g Gap) Numbers() int64 { return g.Before - g.After - 1 }

// GapAt returns the gap between message i and the next older one that has a MsgSeq,
// and how many rows without one stand between the two: they may be some of the
// missing. ok is false if there is no gap, if as many such rows stand there as
// numbers are missing, or if there are too many of them to be sure. It looks at few
// rows, whatever is loaded.
func (h *History) GapAt(i int) (g Gap, bare int, ok bool) {
	if i < 0 || i >= h.rows.n || h.rows.at(i).seq == 0 {
		return Gap{}, 0, false
	}
	for older := i + 1; older < h.rows.n && bare <= maxBare; older++ {
		if seq := h.rows.at(older).seq; seq != 0 {
			g = Gap{After: seq, Before: h.rows.at(i).seq}
			return g, bare, g.Numbers() > int64(bare)
		}
		bare++
	}
	return Gap{}, 0, false
}

// GapsAmong counts the newest neighbours that have a MsgSeq, most of them at most,
// and those with a gap between them.
func (h *History) GapsAmong(most int) (gaps, pairs int) {
	for i := 0; i < h.rows.n && i < most*2 && pairs < most; i++ {
		if h.rows.at(i).seq == 0 {
			continue
		}
		if _, _, gap := h.GapAt(i); gap {
			gaps++
		}
		if i+1 < h.rows.n {
			pairs++
		}
	}
	return gaps, pairs
}

// Find returns the message of a MsgId, and whether it is loaded.
func (h *History) Find(id int64) (zim.Message, bool) {
	i, known := h.rows.find(id)
	if !known {
		return zim.Message{}, false
	}
	return h.At(i), true
}
