package ui

import "sort"

// treeBranch is a node whose children can be read: an object, an array, or a
// whole text, which has its value and, if it breaks, the place of that. Children
// are found one after another as they are asked for, and not kept: a few marks
// are, from which a child is found again.
type treeBranch struct {
	text *treeText
	kind byte // the bracket, or 0 for a whole text
	at   int  // of the bracket
	open bool // it is unfolded

	kids map[int]*treeBranch // the children that were unfolded once

	n      int       // children that are known
	last   treeChild // the newest of them
	done   bool      // there are no more
	end    int       // then: the position after the branch
	broken *treeBreak

	passing treeSkip // over the last child
	midway  bool     // it is not done yet

	marks []treeMark
	near  treeMark // the child that was asked for last
}

// treeMark is where a child stands.
type treeMark struct {
	i     int
	child treeChild
}

// Between two marks there are no more children than markEvery, and no more than
// markBytes but for those of one child.
const (
	markEvery = 64
	markBytes = 4 << 10
)

// readStep is how many bytes are read at once. What takes longer is gone on with
// when it is asked for again, so that the screen stays alive.
const readStep = 1 << 20

// child returns where a child stands, or that there is none. It may also be one
// that was not read yet: then the branch is not done.
func (b *treeBranch) child(i int) (treeChild, bool) {
	for from := max(b.last.at, b.at); b.n <= i && !b.done; {
		if !b.read() || b.n <= i && b.last.at-from > readStep {
			return treeChild{}, false
		}
	}
	switch {
	case i >= b.n:
		return treeChild{}, false
	case i == b.n-1:
		return b.last, true
	}
	m := b.marks[sort.Search(len(b.marks), func(k int) bool { return b.marks[k].i > i })-1]
	if b.near.i > m.i && b.near.i <= i {
		m = b.near
	}
	for m.i < i {
		end, _ := b.text.end(m.child.at)
		m.child, _, _ = nextChild(b.text.raw, end, b.kind)
		m.i++
	}
	b.near = m
	return m.child, true
}

// readOn reads some children more, and reports whether all are known.
func (b *treeBranch) readOn() bool {
	for from := max(b.last.at, b.at); !b.done && b.last.at-from <= readStep; {
		if !b.read() {
			return false
		}
	}
	return b.done
}

// count returns the number of children, all of which it reads.
func (b *treeBranch) count() int {
	for !b.done {
		b.read()
	}
	return b.n
}

// read finds one child more, or that there is none. It reports whether it came to
// that.
func (b *treeBranch) read() bool {
	var c treeChild
	var end int
	var wrong *treeBreak
	switch {
	case b.n == 0 && b.kind == 0:
		c, wrong = b.text.root()
	case b.n == 0:
		c, end, wrong = firstChild(b.text.raw, b.at)
	default:
		var ok bool
		if end, wrong, ok = b.pass(); !ok {
			return false
		}
		switch {
		case wrong == nil && b.kind == 0:
			wrong = b.text.rest(end)
		case wrong == nil:
			c, end, wrong = nextChild(b.text.raw, end, b.kind)
		}
	}
	if wrong == nil && (c.at > 0 || b.n == 0 && b.kind == 0) {
		b.add(c)
		return true
	}
	b.done, b.end, b.broken = true, end, wrong
	if wrong != nil && b.kind == 0 {
		b.add(treeChild{key: -1, at: wrong.at})
	}
	return true
}

// pass returns the position after the last child that is known, or where the text
// breaks before that, or that it takes longer.
func (b *treeBranch) pass() (end int, wrong *treeBreak, ok bool) {
	if kid := b.kids[b.n-1]; kid != nil && kid.done && kid.kind != 0 {
		b.midway = false
		return kid.end, kid.broken, true
	}
	if b.text.plain {
		return len(b.text.raw), nil, true
	}
	if !b.midway {
		b.passing = treeSkip{at: b.last.at}
	}
	b.midway = !b.passing.run(b.text.raw, readStep)
	return b.passing.end, b.passing.wrong, !b.midway
}

func (b *treeBranch) add(c treeChild) {
	last := treeMark{i: -markEvery}
	if len(b.marks) > 0 {
		last = b.marks[len(b.marks)-1]
	}
	if b.n-last.i >= markEvery || c.begin()-last.child.begin() >= markBytes {
		b.marks = append(b.marks, treeMark{b.n, c})
	}
	b.last = c
	b.n++
}

// isBreak reports whether a child is the place where the text breaks.
func (b *treeBranch) isBreak(i int) bool { return b.kind == 0 && b.broken != nil && i == b.n-1 }

// kindOf returns the kind of a child.
func (b *treeBranch) kindOf(i int, c treeChild) byte {
	if b.isBreak(i) {
		return kindBreak
	}
	return b.text.kindAt(c.at)
}

// kid returns a child that is unfolded, or nil.
func (b *treeBranch) kid(i int) *treeBranch {
	if kid := b.kids[i]; kid != nil && kid.open {
		return kid
	}
	return nil
}

// grow makes the branch of a child that has children of its own, folded, if it
// was not made before; nil for every other one.
func (b *treeBranch) grow(i int) *treeBranch {
	if kid := b.kids[i]; kid != nil {
		return kid
	}
	c, ok := b.child(i)
	if !ok {
		return nil
	}
	kid := treeBranch{text: b.text, at: c.at}
	switch kind := b.kindOf(i, c); kind {
	case '{', '[':
		kid.kind = kind
	case '"':
		if kid.text = b.text.inside(c.at); kid.text == nil {
			return nil
		}
	default:
		return nil
	}
	if _, ok := kid.child(0); !ok {
		return nil
	}
	if b.kids == nil {
		b.kids = map[int]*treeBranch{}
	}
	b.kids[i] = &kid
	return &kid
}
