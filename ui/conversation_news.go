package ui

import (
	"cmp"
	"slices"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// What following does to the list: what changed moves to its top, and is marked.

// renew shows the list as it was asked for anew. What the reader selected and looks
// at stays.
func (c *conversations) renew(list *history.List) {
	was := make(map[history.Name]int64, len(c.all))
	for _, conv := range c.all {
		was[history.NameOf(conv)] = conv.UpdateTime
	}
	for _, conv := range list.All() {
		name := history.NameOf(conv)
		if before, known := was[name]; (!known || conv.UpdateTime > before) && name != c.opened {
			if c.fresh == nil {
				c.fresh = map[history.Name]bool{}
			}
			c.fresh[name] = true
		}
	}
	c.list = list
	c.reorder(list.All())
}

// touch moves the open conversation to where a message of that time puts it, without
// asking the service.
func (c *conversations) touch(ms int64) {
	i := slices.IndexFunc(c.all, func(conv zim.Conversation) bool { return history.NameOf(conv) == c.opened })
	if _, timed := zim.TimeOf(ms); !timed || i < 0 || c.all[i].UpdateTime >= ms {
		return
	}
	all := slices.Clone(c.all) // the list's own
	all[i].UpdateTime = ms
	slices.SortStableFunc(all, func(a, b zim.Conversation) int { return cmp.Compare(b.UpdateTime, a.UpdateTime) })
	c.reorder(all)
}

// reorder shows the conversations in another order. The selection stays with its
// conversation, and so does the first row, unless it is the first of all.
func (c *conversations) reorder(all []zim.Conversation) {
	nameOf := func(row int) (name history.Name) {
		if row < len(c.shown) {
			name = history.NameOf(c.all[c.shown[row]])
		}
		return name
	}
	first, selected := nameOf(c.top), nameOf(c.selected)
	top, visible := c.top, c.selected >= c.top && c.selected < c.top+c.rows()
	c.all = all
	c.narrow(c.filter)
	c.top = 0
	for row := range c.shown {
		switch name := nameOf(row); {
		case name == selected:
			c.selected = row
		case name == first && top > 0:
			c.top = row
		}
	}
	if top > 0 && first == selected {
		c.top = c.selected
	}
	if c.clamp(); visible {
		c.reveal()
	}
}

// freshMark stands before the name of a conversation that has something new.
func (c *conversations) freshMark(conv zim.Conversation) span {
	if c.fresh[history.NameOf(conv)] {
		return span{accent, text.Lit("+")}
	}
	return space(1)
}
