package ui

import (
	"cmp"

	"backscroll/zim/history"
)

const (
	huntBytes   = 256 << 10 // looked through in one step
	pieceBytes  = 256 << 10 // of one text that are looked through at once
	pieceShared = 8 << 10   // that two pieces of a text have in common
	nodeCost    = 16        // bytes that a node counts for, besides its own
)

// treeHunting is how far a search has come.
type treeHunting uint8

const (
	huntOn     treeHunting = iota // there is more to look through
	huntFound                     // what was found is selected
	huntAround                    // likewise, beyond the end or the begin of the text
	huntNone                      // it is nowhere
)

// treeHunt is a search under way. It walks through the bytes by itself, whatever
// is unfolded meanwhile.
type treeHunt struct {
	query      history.Query
	back, here bool  // towards the begin; the row where it began counts first
	origin     []int // where it began
	around     bool  // it has passed the end

	state   treeHunting
	root    *treeText
	levels  []treeLevel // the way to the node that is looked at
	passing *treeSkip   // over a node that is too deep
	runs    []treeRun   // what is to be looked through of it
	ready   bool        // runs are its own

	found []int // the last node that was found; nil if there is none
	from  int   // where what was found is to be shown from, in the bytes of its text
}

// treeLevel is a branch that is walked through: see treeBranch.
type treeLevel struct {
	text  *treeText
	kind  byte
	i     int
	child treeChild
	ends  bool // the child is where the text breaks
}

// treeRun is a text that is looked through in pieces.
type treeRun struct {
	raw    []byte
	at     int
	quoted bool // it is the content of a JSON string
	value  bool // not a key
}

// find begins to look for a query, which is marked from then on: from the
// selection to the end if step is positive, to the begin if it is negative, and
// then from the other end on. With here, the selected row counts first. What is
// looked for is in keys and values as they are decoded; in a text of more than 256
// KB, a regular expression does not see the whole of it at once. Call seek until it
// has come to an end. An empty query ends all marks.
func (t *tree) find(q history.Query, step int, here bool) {
	t.query, t.hunt, t.hit = q, nil, treeHit{}
	clear(t.drawn)
	if q.IsZero() {
		return
	}
	t.hunt = &treeHunt{query: q, back: step < 0, here: here && step >= 0, origin: indices(t.selected), root: t.root.text}
	t.hunt.enter(t.root.text)
}

// finding reports whether seek has more to do.
func (t *tree) finding() bool { return t.hunt != nil }

// stopFinding ends a search; what it looked for stays marked.
func (t *tree) stopFinding() { t.hunt = nil }

// seek looks through the next 256 KB. What it finds it selects, and unfolds what
// that is in.
func (t *tree) seek() treeHunting {
	h := t.hunt
	if h == nil {
		return huntNone
	}
	if h.state == huntOn {
		h.state = h.step(huntBytes)
	}
	switch {
	case h.state == huntOn || h.state != huntNone && !t.reach(h.found):
		return huntOn
	case h.state != huntNone:
		t.hit = treeHit{t.selected.last(), h.from}
		clear(t.drawn)
	}
	t.hunt = nil
	return h.state
}

// reach unfolds what is needed to select the row at the given indices. It reports
// whether it came to that, or has to read on.
func (t *tree) reach(way []int) bool {
	b, c := t.root, treeCursor(nil)
	for n, i := range way {
		if _, ok := b.child(i); !ok {
			return b.done
		}
		if c = append(c, treeStep{b, i}); n == len(way)-1 {
			break
		}
		if b = b.grow(i); b == nil {
			break
		}
		b.open = true
	}
	t.ending = false
	t.selected = c
	if t.show(t.top); t.row() < 0 {
		t.place(t.rows() / 3)
	}
	return true
}

// step looks through so many bytes.
func (h *treeHunt) step(budget int) treeHunting {
	for budget > 0 {
		if h.passing != nil {
			if !h.passing.run(h.levels[len(h.levels)-1].text.raw, budget) {
				return huntOn
			}
			h.leave(h.passing.end, h.passing.wrong)
			h.passing = nil
		}
		if len(h.levels) == 0 {
			if done := h.pastEnd(); done != huntOn {
				return done
			}
		}
		if !h.ready {
			where := h.where()
			if h.around && !h.back && where > 0 {
				return huntNone
			}
			if h.back && !h.around && where >= 0 {
				if h.found != nil {
					return huntFound
				}
				h.around = true
			}
			h.prepare(h.wants(where))
		}
		budget -= nodeCost
		found := false
		for len(h.runs) > 0 && budget > 0 && !found {
			var spent int
			found, spent = h.piece()
			budget -= spent
		}
		if found && !h.back {
			if h.around {
				return huntAround
			}
			return huntFound
		}
		if found {
			h.runs = h.runs[:0]
		}
		if len(h.runs) == 0 {
			budget -= h.advance()
		}
	}
	return huntOn
}

// pastEnd goes on from the first row, or says how the search ended.
func (h *treeHunt) pastEnd() treeHunting {
	switch {
	case h.back && h.found != nil && h.around:
		return huntAround
	case h.back && h.found != nil:
		return huntFound
	case h.back || h.around:
		return huntNone
	}
	h.around = true
	h.enter(h.root)
	return huntOn
}

// where is negative if the node comes before the row where the search began, and
// positive if it comes after it.
func (h *treeHunt) where() int {
	for n := range min(len(h.levels), len(h.origin)) {
		if d := cmp.Compare(h.levels[n].i, h.origin[n]); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(h.levels), len(h.origin))
}

// wants reports whether a node there is to be looked through.
func (h *treeHunt) wants(where int) bool {
	switch {
	case h.back:
		return h.around == (where >= 0)
	case h.around:
		return where <= 0
	}
	return where > 0 || where == 0 && h.here
}

// prepare collects what is to be looked through of the node.
func (h *treeHunt) prepare(wanted bool) {
	h.ready, h.runs = true, h.runs[:0]
	if !wanted {
		return
	}
	l := h.levels[len(h.levels)-1]
	raw, c := l.text.raw, l.child
	if c.key >= 0 {
		h.runs = append(h.runs, treeRun{raw: raw, at: c.key + 1, quoted: true})
	}
	switch kind := l.kindOf(); kind {
	case '"':
		in := l.text.holds(c.at)
		if len(h.levels) >= maxTreeDepth || in != holdsJSON && in != holdsBroken {
			h.runs = append(h.runs, treeRun{raw, c.at + 1, true, true})
		}
	case kindWord:
		h.runs = append(h.runs, treeRun{raw[:wordAfter(raw, c.at)], c.at, false, true})
	case kindPlain, kindBreak:
		h.runs = append(h.runs, treeRun{raw, c.at, false, true})
	}
}

func (l treeLevel) kindOf() byte {
	if l.ends {
		return kindBreak
	}
	return l.text.kindAt(l.child.at)
}

// piece looks through the next piece of a text, and returns how many bytes that
// were.
func (h *treeHunt) piece() (found bool, spent int) {
	r := &h.runs[0]
	text, next, all := r.part(pieceBytes)
	spent = next - r.at
	if ranges := h.query.Ranges(string(text)); len(ranges) > 0 {
		h.found, h.from = h.found[:0], 0
		for _, l := range h.levels {
			h.found = append(h.found, l.i)
		}
		if n := ranges[0][0] - leadOfHit; n > 0 && r.value {
			_, h.from, _ = r.part(n)
		}
		return true, spent
	}
	if all {
		h.runs = h.runs[1:]
	} else {
		_, r.at, _ = r.part(pieceBytes - pieceShared)
	}
	return false, spent
}

// part returns some bytes of the text, the position after them, and whether these
// are all.
func (r *treeRun) part(limit int) (text []byte, next int, all bool) {
	if r.quoted {
		return content(nil, r.raw, r.at, limit, replaced)
	}
	next = min(r.at+limit, len(r.raw))
	return r.raw[r.at:next], next, next == len(r.raw)
}

// enter begins to walk through a text.
func (h *treeHunt) enter(text *treeText) {
	l := treeLevel{text: text}
	root, wrong := text.root()
	if l.child = root; wrong != nil {
		l.child, l.ends = treeChild{key: -1, at: wrong.at}, true
	}
	h.levels = append(h.levels, l)
	h.ready = false
}

// advance goes to the next node: the first inside of this one, or the one behind
// it. It returns how many bytes were read for that.
func (h *treeHunt) advance() (spent int) {
	h.ready = false
	l := &h.levels[len(h.levels)-1]
	raw, at := l.text.raw, l.child.at
	kind := l.kindOf()
	switch {
	case kind == kindBreak:
		h.leave(len(raw), nil)
		return 0
	case len(h.levels) >= maxTreeDepth && kind != kindPlain: // nothing is unfolded there
		h.passing = &treeSkip{at: at}
		return 0
	case kind == '{', kind == '[':
		c, end, wrong := firstChild(raw, at)
		if wrong != nil || c.at == 0 {
			h.leave(end, wrong)
			return 0
		}
		h.levels = append(h.levels, treeLevel{text: l.text, kind: kind, child: c})
		return c.at - at
	case kind == '"' && (h.back || h.around || h.where() >= 0 || h.holdsOrigin()):
		if in := l.text.inside(at); in != nil {
			h.enter(in)
			return len(in.raw)
		}
	}
	end, wrong := l.text.end(at)
	h.leave(end, wrong)
	return end - at
}

// holdsOrigin reports whether the search began inside of the node.
func (h *treeHunt) holdsOrigin() bool {
	if len(h.levels) >= len(h.origin) {
		return false
	}
	for n, l := range h.levels {
		if l.i != h.origin[n] {
			return false
		}
	}
	return true
}

// leave goes to the node behind one that ends at end, or where its text breaks
// before that.
func (h *treeHunt) leave(end int, wrong *treeBreak) {
	for len(h.levels) > 0 {
		l := &h.levels[len(h.levels)-1]
		if l.kind != 0 && wrong == nil {
			var c treeChild
			if c, end, wrong = nextChild(l.text.raw, end, l.kind); wrong == nil && c.at > 0 {
				l.i++
				l.child = c
				return
			}
		}
		if l.kind == 0 && !l.ends {
			if wrong == nil {
				wrong = l.text.rest(end)
			}
			if wrong != nil {
				l.i++
				l.child, l.ends = treeChild{key: -1, at: wrong.at}, true
				return
			}
		}
		whole := l.kind == 0
		if h.levels = h.levels[:len(h.levels)-1]; whole && len(h.levels) > 0 {
			above := h.levels[len(h.levels)-1]
			end, wrong = above.text.end(above.child.at) // of the string that has the text
		}
	}
}
