package ui

import "backscroll/ui/text"

// choice is something that can be chosen.
type choice struct {
	name, means text.Line
	on          bool
}

// choices are a field of a form in which some things are chosen, or exactly one.
type choices struct {
	list []choice
	at   int // under the cursor
	one  bool
}

// move goes to another thing, and chooses it where exactly one is.
func (c *choices) move(by int) {
	c.at = (c.at + by + len(c.list)) % len(c.list)
	for i := range c.list {
		c.list[i].on = c.list[i].on && !c.one || c.one && i == c.at
	}
}

// toggle chooses what is under the cursor, or not; of those of which one is chosen,
// the next.
func (c *choices) toggle() {
	if c.one {
		c.move(1)
		return
	}
	c.list[c.at].on = !c.list[c.at].on
}

// rows lays the field out, with a mark at what is chosen.
func (c *choices) rows(w text.Widths, cells int, focused bool) (rows []row) {
	var last row
	for i, x := range c.list {
		mark, name := span{dim, text.Lit("· ")}, span{dim, x.name}
		if x.on {
			mark, name.ink = span{accent, text.Lit("✓ ")}, plain
		}
		if focused && i == c.at {
			name.ink = cursor
		}
		item := row{mark, name, space(2)}.fold(w)
		if len(last) > 0 && last.width(w)+item.width(w)-2 > cells {
			rows, last = append(rows, last), nil
		}
		last = append(last, item...)
	}
	return append(rows, last)
}
