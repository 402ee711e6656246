package ui

import (
	"slices"

	"backscroll/zim/history"
)

const (
	maxTreeDepth  = 10_000  // nodes inside of nodes that can be unfolded
	maxUnfolded   = 10_000  // nodes that are unfolded at once
	maxUnfoldSeen = 100_000 // rows that are passed then
	smallTree     = 4 << 10 // bytes of a text that is unfolded further at first
	smallDepth    = 3
)

// tree shows a JSON text as rows that fold: tree.go has its position and its
// verbs, tree_rows.go draws, tree_find.go searches, tree_path.go says where one
// is. Below them tree_cursor.go goes from row to row, tree_branch.go finds the
// children of a node, tree_text.go the texts in strings, and tree_scan.go values in
// the bytes. Nothing is read but what stands before the last row on screen, and no
// decoded value is kept but large texts in strings.
type tree struct {
	look look
	w, h int

	root     *treeBranch // the whole text
	selected treeCursor
	top      treeCursor  // the first row on screen; the selected one is on it, too
	lines    []treeSpot  // the rows on screen
	unread   *treeBranch // what must be read on to fill the screen
	ending   bool        // the last row was asked for

	query history.Query // what is marked
	hunt  *treeHunt     // while one looks for it
	hit   treeHit
	drawn map[treeRowKey]string
}

// newTree makes the tree of a text, which is not copied, with its first level
// unfolded, and with three if it is small. It has no size yet.
func newTree(raw []byte, l look) *tree {
	t := &tree{look: l, root: &treeBranch{text: &treeText{raw: raw}, open: true}, drawn: map[treeRowKey]string{}}
	t.root.child(0)
	t.first()
	levels := 1
	if len(raw) <= smallTree {
		levels = smallDepth
	}
	t.depth(levels)
	return t
}

func (t *tree) resize(w, h int) {
	if w == t.w && h == t.h {
		return
	}
	row := t.row()
	t.w, t.h = w, h
	clear(t.drawn)
	t.place(row)
}

func (t *tree) restyle(l look) {
	t.look = l
	clear(t.drawn)
}

// rows is the number of rows that the position is reckoned for.
func (t *tree) rows() int { return max(t.h, 1) }

// show makes c the first row on screen, or one above it that leaves no row empty
// that could have something.
func (t *tree) show(c treeCursor) {
	t.fill(c)
	if missing := t.rows() - len(t.lines); missing > 0 && t.unread == nil {
		if above, n := c.moved(-missing); n != 0 {
			t.fill(above)
		}
	}
}

// fill finds the rows that are on screen if c is the first.
func (t *tree) fill(c treeCursor) {
	t.top, t.unread = c, nil
	c = slices.Clone(c)
	t.lines = append(t.lines[:0], treeSpot{c.last(), c.depth()})
	for ok := true; len(t.lines) < t.rows(); {
		if c, ok = c.down(); !ok {
			t.unread = c.unread()
			return
		}
		t.lines = append(t.lines, treeSpot{c.last(), c.depth()})
	}
}

// reading reports whether readOn has more to do: there are rows on screen, or on
// the way to the last one, that were not found yet.
func (t *tree) reading() bool { return t.unread != nil || t.ending }

// readOn reads on, at most a few megabytes.
func (t *tree) readOn() {
	if t.ending {
		t.goOn()
	} else {
		t.show(t.top)
	}
}

// row returns the row of the screen that the selection is on; -1 if it is none.
func (t *tree) row() int {
	return slices.IndexFunc(t.lines, func(s treeSpot) bool { return s.treeStep == t.selected.last() })
}

// place scrolls so that the selection stands on a row of the screen, or as near to
// it as can be.
func (t *tree) place(row int) {
	c, _ := t.selected.moved(-max(0, min(row, t.rows()-1)))
	t.show(c)
}

// move selects what is k rows further down, or at the end if there is none. By
// more than one row, the screen goes along.
func (t *tree) move(k int) {
	t.ending = false
	row := t.row()
	c, moved := t.selected.moved(k)
	switch {
	case k*k == 1:
		row += moved
	case moved != k && k > 0:
		row = t.rows() - 1
	case moved != k:
		row = 0
	}
	t.selected = c
	if k*k != 1 || t.row() < 0 {
		t.place(row)
	}
}

// scroll moves the screen k rows down. The selection stays as long as it can be
// seen.
func (t *tree) scroll(k int) {
	t.ending = false
	c, _ := t.top.moved(k)
	if t.show(c); t.row() >= 0 {
		return
	}
	t.selected = slices.Clone(t.top)
	if k < 0 {
		t.pick(len(t.lines) - 1)
	}
}

// pick selects a row of the screen, and reports whether there is one.
func (t *tree) pick(row int) bool {
	if row < 0 || row >= len(t.lines) {
		return false
	}
	t.selected, _ = t.top.moved(row)
	return true
}

// first selects the first row.
func (t *tree) first() {
	t.ending = false
	t.selected = treeCursor{{t.root, 0}}
	t.place(0)
}

// last selects the last row, or one after another until that is found: see
// reading.
func (t *tree) last() {
	t.ending = true
	t.goOn()
}

func (t *tree) goOn() {
	c := treeCursor{{t.root, 0}}
	found := true
	for kid := c.kid(); kid != nil && found; kid = c.kid() {
		found = kid.readOn()
		c = append(c, treeStep{kid, kid.n - 1})
	}
	for ok := found; ok; { // where the texts break
		if c, ok = c.down(); !ok {
			found = c.unread() == nil
		}
	}
	t.ending = !found
	t.selected = c
	t.place(t.rows() - 1)
}

// fold hides what is in the selected node; of one that is folded it selects the
// node that it is in.
func (t *tree) fold() {
	t.ending = false
	if kid := t.selected.kid(); kid != nil {
		row := t.row()
		kid.open = false
		t.place(row)
	} else if len(t.selected) > 1 {
		t.selected = slices.Clone(t.selected[:len(t.selected)-1])
		if t.row() < 0 {
			t.place(0)
		}
	}
}

// unfold shows what is in the selected node: also the JSON in a string, or the
// text in base64. In one that is unfolded it selects the first child. It reports
// whether the node has anything in it.
func (t *tree) unfold() bool {
	t.ending = false
	if t.selected.kid() != nil {
		t.move(1)
		return true
	}
	s := t.selected.last()
	kid := s.b.grow(s.i)
	if kid == nil || len(t.selected) >= maxTreeDepth {
		return false
	}
	kid.open = true
	if kid.kind == 0 && len(t.selected)+1 < maxTreeDepth {
		if value := kid.grow(0); value != nil && value.kind != 0 {
			value.open = true
		}
	}
	t.show(t.top)
	return true
}

// toggle folds the selected node, or unfolds it.
func (t *tree) toggle() {
	if t.selected.kid() != nil {
		t.fold()
	} else {
		t.unfold()
	}
}

// unfoldAll unfolds all there is, from the first row on, but no more than 10,000
// nodes. It returns how many it unfolded and whether these were all.
func (t *tree) unfoldAll() (n int, all bool) { return t.depth(maxTreeDepth) }

// depth unfolds so many levels, texts in strings too, and folds what is below. It
// returns how many nodes it unfolded and whether these were all: it unfolds no
// more than 10,000, and none behind the first 100,000 rows.
func (t *tree) depth(levels int) (n int, all bool) {
	t.ending = false
	row := t.row()
	defer func() {
		t.selected = t.selected.shown()
		t.place(row)
	}()
	c := treeCursor{{t.root, 0}}
	for seen, ok := 0, true; ok; seen++ {
		s := c.last()
		kid := s.b.kid(s.i)
		if kid == nil && len(c) < maxTreeDepth {
			if kid = s.b.grow(s.i); kid != nil && n < maxUnfolded {
				kid.open = true
				n++
			}
		}
		switch {
		case kid != nil && !kid.open, seen == maxUnfoldSeen:
			return n, false
		case kid != nil && len(c) < levels:
			c, ok = c.down()
			continue
		case kid != nil:
			for _, below := range kid.kids {
				below.open = false
			}
		}
		for len(c) > 1 && c.last().b.kind == 0 {
			c = c[:len(c)-1] // there is but the place where the text breaks
		}
		if c.last().b.kind == 0 {
			break
		}
		for c, ok = c.over(); !ok && c.unread() != nil; {
			c, ok = c.over() // goes on reading
		}
	}
	return n, true
}
