package ui

import (
	"encoding/json"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// panel is what the panes of a user and of a group have in common: rows of facts,
// and under them a list of any length that grows as one scrolls. One row is
// selected. Of the list, only what is on screen is laid out.
type panel struct {
	look     look
	w, h     int
	facts    []panelRow
	entries  int
	selected int // of the facts, then of the entries
	top      int
}

// panelRow is a row of the facts.
type panelRow struct {
	row    row
	copies string // what y copies
	opens  target // what enter opens; zero for nothing
}

const (
	maxFactBytes = 8 << 10 // of a value that are laid out
	maxFactRows  = 60      // of them
)

func (p *panel) len() int { return len(p.facts) + p.entries }

// rows is the number of rows under the title.
func (p *panel) rows() int { return max(p.h-1, 1) }

// move selects the row that is k further, and brings it on screen.
func (p *panel) move(k int) {
	p.selected = max(0, min(p.selected+k, p.len()-1))
	p.top = max(min(p.top, p.selected, p.len()-p.rows()), p.selected-p.rows()+1, 0)
}

// handleMove moves the selection by a key, and reports whether it was one.
func (p *panel) handleMove(k tea.KeyPressMsg) bool {
	by, moves := keys.step(k, p.rows(), p.len())
	if moves {
		p.move(by)
	}
	return moves
}

// click selects the row at a line of the pane, and reports whether it was selected
// already.
func (p *panel) click(y int) (again bool) {
	n := p.top + y - 1
	if y < 1 || n >= p.len() {
		return false
	}
	again = n == p.selected
	p.move(n - p.selected)
	return again
}

// nearEnd reports whether less than a screen of the list is left below.
func (p *panel) nearEnd() bool { return p.len()-p.top < 2*p.rows() }

// entry returns which entry of the list is selected.
func (p *panel) entry() (i int, ok bool) {
	i = p.selected - len(p.facts)
	return i, i >= 0 && i < p.entries
}

// fact returns the selected fact.
func (p *panel) fact() panelRow {
	if p.selected < len(p.facts) {
		return p.facts[p.selected]
	}
	return panelRow{}
}

// compose tells the facts anew; the selection stays with its entry.
func (p *panel) compose(tell func(), entries int) {
	before := len(p.facts)
	p.facts = nil
	tell()
	if p.selected >= before && p.entries > 0 {
		p.selected += len(p.facts) - before
		p.top = max(p.top+len(p.facts)-before, 0)
	}
	p.entries = entries
	p.move(0)
}

// section begins a part of the facts.
func (p *panel) section(title, said text.Line) {
	p.facts = append(p.facts, panelRow{row: row{space(1), {bold, title}, {dim, text.Join(text.Lit("  "), said)}}})
}

// tell adds a fact, wrapped under itself: what is shown, and what y copies of it.
func (p *panel) tell(name text.Line, i ink, shown text.Block, copies string, opens target) {
	p.lay(name, i, p.look.widths.Wrap(shown, p.factCells()), copies, opens)
}

// factCells is how wide what is told of a fact can be.
func (p *panel) factCells() int { return max(p.w-barColumn-1-1-nameCells-rightMargin, 1) }

// lay puts lines behind the name of a fact.
func (p *panel) lay(name text.Line, i ink, lines []text.Line, copies string, opens target) {
	if len(lines) == 0 {
		lines = []text.Line{{}}
	}
	if more := len(lines) - maxFactRows; more > 0 {
		lines = append(lines[:maxFactRows:maxFactRows], text.CleanLine("… "+count(more, "row", "rows")+" more: y copies all"))
	}
	for _, l := range lines {
		r := row{space(1), {dim, p.look.widths.Fit(name, nameCells)}, {i, l}}
		p.facts = append(p.facts, panelRow{r, copies, opens})
		name = text.Line{}
	}
}

// value tells something that others wrote, as it came: what cannot be seen is
// named.
func (p *panel) value(name text.Line, s string) {
	if s == "" {
		p.tell(name, dim, text.CleanBlock("none"), "", target{})
		return
	}
	shown, more := s, len(s)-maxFactBytes
	if json.Valid([]byte(s)) && strings.ContainsAny(s[:1], "{[") {
		shown = indented([]byte(s))
	}
	block := text.RevealBlock(shown[:min(len(shown), maxFactBytes)])
	p.lay(name, plain, p.look.widths.Chop(block, p.factCells()), s, target{})
	if more > 0 {
		p.tell(text.Line{}, dim, text.CleanBlock("… "+humanSize(int64(more))+" more: y copies all"), s, target{})
	}
}

// trouble tells why something is not there, or that it is awaited.
func (p *panel) trouble(name text.Line, a *asking) {
	switch {
	case a.request.pausing():
		p.tell(name, alarm, text.CleanBlock(a.request.wait.Cause.Error()), "", target{})
		p.tell(text.Line{}, dim, text.CleanBlock(attemptLine(a.request.wait).String()), "", target{})
	case a.err != nil:
		out := dotted(text.CleanLine(adviceOf(a.err)), text.Lit("r retries"))
		p.tell(name, alarm, text.CleanBlock(a.err.Error()), "", target{})
		p.tell(text.Line{}, dim, text.CleanBlock(out.String()), "", target{})
	case a.busy:
		p.tell(name, dim, text.CleanBlock("asking …"), "", target{})
	}
}

// name tells who a user or a group is: its name, which never stands for the ID.
func (p *panel) name(s string) {
	if shown := text.CleanName(s); !shown.Empty() {
		p.tell(text.Lit("name"), bold, text.CleanBlock(shown.String()), s, target{})
		return
	}
	p.tell(text.Lit("name"), dim, text.CleanBlock("(no name)"), s, target{})
}

// view draws the pane, a string for each of its lines.
func (p *panel) view(title row, entry func(int) row) []string {
	draw := func(r row, selected bool) string { return r.render(p.look.styles, p.look.widths, p.w, selected) }
	lines := []string{draw(title, false)}
	for n := p.top; n < p.len() && len(lines) < p.h; n++ {
		bar := space(1)
		if n == p.selected {
			bar = selectionBar(true)
		}
		r := row{space(barColumn), bar}
		if n < len(p.facts) {
			r = append(r, p.facts[n].row...)
		} else {
			r = append(r, entry(n-len(p.facts))...)
		}
		lines = append(lines, draw(r, n == p.selected))
	}
	return append(lines, slices.Repeat([]string{blanks(p.w)}, max(p.h-len(lines), 0))...)[:max(p.h, 0)]
}

// asking is one thing that a panel asks for.
type asking struct {
	request request
	busy    bool
	err     error
}

// begin asks, unless that is under way.
func (a *asking) begin(p *peopleCalls, priority zim.Priority, ask func(c peopleCall) tea.Cmd) tea.Cmd {
	if a.busy {
		return nil
	}
	a.busy, a.err = true, nil
	ctx, number := a.request.begin(zim.WithPriority(p.ctx, priority))
	return ask(peopleCall{ctx, p.client, number})
}

// takes reports whether an answer is the one that is awaited.
func (a *asking) takes(number int, err error) bool {
	if !a.busy || number != a.request.number {
		return false
	}
	a.request.stop()
	a.busy, a.err = false, err
	return true
}

// giveUp ends the pause before another attempt, and reports whether there was one.
func (a *asking) giveUp() bool {
	if !a.busy || !a.request.pausing() {
		return false
	}
	err := a.request.wait.Cause
	a.request.stop()
	a.busy, a.err = false, err
	return true
}
