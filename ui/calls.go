package ui

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
)

// calls is the pane of the request log: every call of the session, the latest
// last, and each as the HTTP tab would show it.
type calls struct {
	look look
	w, h int

	log      *Exchanges
	selected int // a number of the log
	top      int // of the first row on screen
	follows  bool
	marked   map[int]bool // the numbers to be written

	open  bool // the selected call is shown whole
	pager pager
}

// showCalls opens the pane on the latest call.
func (m *Model) showCalls() {
	if m.exchanges == nil {
		m.notice = text.Lit("there are no calls: nothing is asked of a service")
		return
	}
	m.put(&calls{log: m.exchanges, follows: true, marked: map[int]bool{}})
}

func (c *calls) pane() pane { return paneCalls }

// rows is the number of rows under the title and the heads of the columns.
func (c *calls) rows() int { return max(c.h-2, 1) }

func (c *calls) resize(w, h int) {
	changed := w != c.w || h != c.h
	c.w, c.h = w, h
	c.keep()
	if c.open && changed {
		c.compose(true)
	}
}

func (c *calls) restyle(l look) {
	c.look = l
	if c.open {
		c.compose(true)
	}
}

// keep brings the selection to a call that is remembered, and on screen.
func (c *calls) keep() {
	from, to := c.log.span()
	maps.DeleteFunc(c.marked, func(n int, _ bool) bool { return n < from })
	if c.follows && !c.open {
		c.selected = to - 1
	}
	c.selected = max(from, min(c.selected, to-1))
	c.top = max(min(c.top, c.selected, to-c.rows()), c.selected-c.rows()+1, from)
}

// move selects the call that is k further.
func (c *calls) move(k int) {
	_, to := c.log.span()
	c.selected += k
	c.follows = c.selected >= to-1
	c.keep()
}

func (c *calls) handleKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, keys.ShowCall):
		if c.open = !c.open; c.open {
			c.compose(false)
		}
		return nil
	case key.Matches(k, keys.Wrap) && c.open:
		c.pager.wrap(c.pager.flat)
		return nil
	case c.open:
		c.pager.handleKey(k)
		return nil
	}
	from, to := c.log.span()
	by, moves := keys.step(k, c.rows(), to-from)
	switch {
	case moves:
		c.move(by)
	case key.Matches(k, keys.MarkCall):
		if c.marked[c.selected] {
			delete(c.marked, c.selected)
		} else if to > from {
			c.marked[c.selected] = true
		}
		c.move(1)
	}
	return nil
}

func (c *calls) scroll(k int) {
	if c.open {
		c.pager.scroll(k)
		return
	}
	c.move(k)
}

func (c *calls) click(_, y int) tea.Cmd {
	_, to := c.log.span()
	if n := c.top + y - 2; !c.open && y >= 2 && n < to {
		c.move(n - c.selected)
		c.open = true
		c.compose(false)
	}
	return nil
}

func (c *calls) close() {}

func (c *calls) back() bool {
	was := c.open
	c.open = false
	return was
}

// current returns the selected call.
func (c *calls) current() (call, bool) { return c.log.at(c.selected) }

// chosen returns the calls that are marked, or else the selected one.
func (c *calls) chosen() (list []call) {
	from, to := c.log.span()
	for n := from; n < to; n++ {
		if x, ok := c.log.at(n); ok && (c.marked[n] || len(c.marked) == 0 && n == c.selected) {
			list = append(list, x)
		}
	}
	return list
}

// compose lays the selected call out.
func (c *calls) compose(keep bool) {
	x, ok := c.current()
	if !ok || c.w <= 0 {
		return
	}
	s := &sheet{look: c.look, w: c.w}
	s.exchange(x, nil)
	c.pager.resize(c.w, max(c.h-1, 0), c.look.widths)
	c.pager.show(s.parts, keep)
}

// callColumn is a column of the list. Where there is no room for all, the one with
// the highest rank goes first.
type callColumn struct {
	head  string
	cells int
	right bool // its texts end at its end
	rank  int
	of    func(c *calls, x call) string
}

var callColumns = []callColumn{
	{"time", 12, false, 3, func(c *calls, x call) string { return x.Start.In(c.look.zone).Format("15:04:05.000") }},
	{"action", 24, false, 0, func(_ *calls, x call) string { return x.Action }},
	{"ms", 6, true, 2, func(_ *calls, x call) string { return strconv.FormatInt(x.Duration.Milliseconds(), 10) }},
	{"try", 3, true, 4, func(_ *calls, x call) string { return strconv.Itoa(x.Attempt) }},
	{"code", 9, true, 1, func(_ *calls, x call) string { return x.outcome() }},
	{"bytes", 10, true, 5, func(_ *calls, x call) string { return strconv.Itoa(x.bytes) }},
	{"RequestId", 20, false, 6, func(_ *calls, x call) string { return x.RequestId }},
}

// columns returns those for which there is room.
func (c *calls) columns() []callColumn {
	list := slices.Clone(callColumns)
	for {
		need, last := barColumn+3, 0
		for i, col := range list {
			need += col.cells + 1
			if col.rank > list[last].rank {
				last = i
			}
		}
		if need <= c.w || len(list) == 1 {
			return list
		}
		list = slices.Delete(list, last, last+1)
	}
}

// line is a row of the list, or the heads if of is nil.
func (c *calls) line(columns []callColumn, lead row, of func(callColumn) (ink, string)) row {
	r := append(row{space(barColumn)}, lead...)
	w := c.look.widths
	for _, col := range columns {
		i, s := of(col)
		l := w.Fold(text.CleanLine(s))
		if col.right {
			l = w.FitRight(l, col.cells)
		} else {
			l = w.Fit(l, col.cells)
		}
		r = append(r, span{i, l}, space(1))
	}
	return r
}

// view draws the pane, a string for each of its lines.
func (c *calls) view() []string {
	draw := func(r row, selected bool) string { return r.render(c.look.styles, c.look.widths, c.w, selected) }
	from, to := c.log.span()
	said := count(to-from, "call", "calls") + " of this session"
	if from > 0 {
		said = fmt.Sprintf("the last %d of %d calls", to-from, to)
	}
	if n := len(c.marked); n > 0 {
		said += fmt.Sprintf(" · %d marked", n)
	}
	if c.open {
		said = fmt.Sprintf("call %d of %d", c.selected+1, to)
	}
	lines := []string{draw(row{space(barColumn), {accent, text.Lit("Calls")}, {dim, text.CleanLine(" · " + said)}}, false)}
	if c.open {
		for _, r := range c.pager.window() {
			lines = append(lines, draw(r, false))
		}
	} else {
		columns := c.columns()
		lines = append(lines, draw(c.line(columns, row{space(2)}, func(col callColumn) (ink, string) { return dim, col.head }), false))
		for n := c.top; n < min(c.top+c.rows(), to); n++ {
			if x, ok := c.log.at(n); ok {
				lines = append(lines, draw(c.row(columns, n, x), n == c.selected))
			}
		}
	}
	return append(lines, slices.Repeat([]string{blanks(c.w)}, max(c.h-len(lines), 0))...)[:max(c.h, 0)]
}

// row is a call of the list.
func (c *calls) row(columns []callColumn, n int, x call) row {
	bar, mark := space(1), space(1)
	if n == c.selected {
		bar = selectionBar(true)
	}
	if c.marked[n] {
		mark = span{accent, text.Lit("✓")}
	}
	return c.line(columns, row{bar, mark}, func(col callColumn) (ink, string) {
		i := dim
		switch {
		case col.head == "action":
			i = plain
		case col.head == "code" && x.failed():
			i = alarm
		}
		return i, col.of(c, x)
	})
}

// askCallsFile asks for the name of the file for the chosen calls.
func (m *Model) askCallsFile() {
	if c, ok := m.cover.(*calls); ok && len(c.chosen()) > 0 {
		m.ask(promptCallsFile, "backscroll-calls-"+strings.ReplaceAll(m.look.now().In(m.look.zone).Format(time.DateOnly+"-150405"), "-", "")+".json")
	}
}

// writeCalls writes the chosen calls down.
func (m *Model) writeCalls(name string) tea.Cmd {
	c, ok := m.cover.(*calls)
	if !ok {
		return nil
	}
	list := c.chosen()
	written, err := writtenCalls(list, m.look.zone)
	if err != nil {
		m.notice = text.CleanLine("not written: " + err.Error())
		return nil
	}
	return writeFile(name, written, count(len(list), "call", "calls")+", without signatures and what messages say")
}
