package ui

import "slices"

// treeStep is a child of a branch.
type treeStep struct {
	b *treeBranch
	i int
}

// treeCursor is a row: the way to it from the whole text down. It is changed in
// place by whoever moves it, so a copy is made first.
type treeCursor []treeStep

func (c treeCursor) last() treeStep { return c[len(c)-1] }

// depth is how far the row is indented.
func (c treeCursor) depth() int { return len(c) - 1 }

// kid returns the branch of the row if it is unfolded.
func (c treeCursor) kid() *treeBranch { return c.last().b.kid(c.last().i) }

// down returns the cursor a row further, or that there is none.
func (c treeCursor) down() (treeCursor, bool) {
	if kid := c.kid(); kid != nil {
		return append(c, treeStep{kid, 0}), true // one without children does not unfold
	}
	return c.over()
}

// over is down that passes over what is in the row.
func (c treeCursor) over() (treeCursor, bool) {
	for n := len(c); n > 0; n-- {
		s := &c[n-1]
		if _, ok := s.b.child(s.i + 1); ok {
			s.i++
			return c[:n], true
		}
		if !s.b.done {
			break
		}
	}
	return c, false
}

// unread returns the branch that must be read on to tell whether there is a row
// below, or nil if there is none.
func (c treeCursor) unread() *treeBranch {
	for n := len(c); n > 0; n-- {
		if b := c[n-1].b; !b.done {
			return b
		}
	}
	return nil
}

// up returns the cursor a row back, or that there is none.
func (c treeCursor) up() (treeCursor, bool) {
	s := &c[len(c)-1]
	if s.i == 0 {
		return c[:max(len(c)-1, 1)], len(c) > 1
	}
	s.i--
	return c.lastInside(), true
}

// lastInside returns the last row of all that is unfolded in the cursor's.
func (c treeCursor) lastInside() treeCursor {
	for kid := c.kid(); kid != nil; kid = c.kid() {
		c = append(c, treeStep{kid, kid.count() - 1})
	}
	return c
}

// moved returns a copy that is k rows further down, or as near to that as there
// are rows, and how many it moved.
func (c treeCursor) moved(k int) (treeCursor, int) {
	c = slices.Clone(c)
	for n, ok := 0, false; ; n++ {
		if n == max(k, -k) {
			return c, k
		}
		if k < 0 {
			c, ok = c.up()
		} else {
			c, ok = c.down()
		}
		if !ok {
			return c, n * sign(k)
		}
	}
}

func sign(k int) int {
	if k < 0 {
		return -1
	}
	return 1
}

// shown returns the row, or the folded one that hides it.
func (c treeCursor) shown() treeCursor {
	for n := 1; n < len(c); n++ {
		if !c[n].b.open {
			return c[:n]
		}
	}
	return c
}

// treeSpot is a row of the screen.
type treeSpot struct {
	treeStep
	depth int
}

// indices tells where a row is: rows come in the order of these.
func indices(c treeCursor) []int {
	list := make([]int, len(c))
	for n, s := range c {
		list[n] = s.i
	}
	return list
}
