package ui

import (
	"fmt"
	"strconv"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// What the pane of conversations draws.

// view draws the pane, a string for each of its lines.
func (c *conversations) view(focused bool) []string {
	draw := func(r row, selected bool) string {
		return r.render(c.look.styles, c.look.widths, c.w, selected)
	}
	title, of := span{bold, text.Lit("Conversations")}, span{}
	if focused {
		title.ink = accent
	}
	if c.user != "" {
		of = span{dim, text.Join(text.Lit(" · "), idLine(c.user))}
	}
	lines := []string{draw(row{space(barColumn), title, of}, false)}
	for i := c.top; i < min(c.top+c.rows(), len(c.shown)); i++ {
		bar := span{plain, text.Lit(" ")}
		if i == c.selected {
			bar = selectionBar(focused)
		}
		lines = append(lines, draw(c.row(bar, c.all[c.shown[i]]), i == c.selected && focused))
	}
	problem := c.errorRows()
	if len(c.all) == 0 {
		for _, r := range problem {
			lines = append(lines, draw(r, false))
		}
		problem = nil
	}
	for len(lines) < c.h-1-len(problem) {
		lines = append(lines, blanks(c.w))
	}
	for _, r := range append(problem, c.footer()) {
		lines = append(lines, draw(r, false))
	}
	return lines[:min(len(lines), max(c.h, 0))]
}

// row is `* team      13:58`: the mark of a group, the ID, the last change.
func (c *conversations) row(bar span, conv zim.Conversation) row {
	mark := text.Lit(" ")
	if conv.ConvType == zim.Group {
		mark = text.Lit("*")
	}
	id := span{bold, idLine(conv.ConvId)}
	if history.NameOf(conv) == c.opened {
		id.ink = accent
	}
	left := row{bar, span{dim, mark}, c.freshMark(conv), id}
	if name, known := c.name(conv); !name.Empty() {
		left = append(left, span{plain, text.Join(text.Lit("  "), name)})
	} else if known {
		left = append(left, span{dim, text.Lit("  (no name)")})
	}
	if conv.ConvType != zim.Peer && conv.ConvType != zim.Group {
		left = append(left, span{dim, text.Join(text.Lit(" "), text.CleanLine(conv.ConvType.String()))})
	}
	return apart(c.look.widths, c.w-1, left, row{span{dim, c.look.ago(conv.UpdateTime)}})
}

// ago tells a time as short as it is clear: 14:05 today, Mon in the last six
// days, 24 Apr in the same year, else the date.
func (l look) ago(ms int64) text.Line {
	at, ok := zim.TimeOf(ms)
	if !ok {
		return text.Lit("unknown time")
	}
	at, now := at.In(l.zone), l.now().In(l.zone)
	switch {
	case sameDay(at, now, l.zone):
		return text.CleanLine(at.Format("15:04"))
	case at.Before(now) && now.Sub(at) < 6*24*time.Hour:
		return text.CleanLine(at.Format("Mon"))
	case at.Year() == now.Year():
		return text.CleanLine(at.Format("2 Jan"))
	}
	return text.CleanLine(at.Format(time.DateOnly))
}

// errorRows tells why the list is not whole, or not yet, in a third of the pane
// at most.
func (c *conversations) errorRows() []row {
	err, wayOut := c.err, text.Lit("r retries")
	switch {
	case c.request.pausing():
		err, wayOut = c.request.wait.Cause, text.Line{} // the footer has it
	case c.state != listFailed:
		return nil
	}
	rows := errorRows(c.look.widths, c.w-barColumn-rightMargin, barColumn, err, wayOut)
	return rows[:min(len(rows), max(c.h/3, 1))]
}

// footer counts what is listed, and says what is not.
func (c *conversations) footer() row {
	return row{space(barColumn), span{dim, fitting(c.look.widths, c.w-barColumn, c.counts()...)}}
}

// counts returns the words of the footer, the longest first.
func (c *conversations) counts() []text.Line {
	n := number(len(c.all))
	switch {
	case c.user == "":
		return []text.Line{text.Lit("ctrl+k names a user")}
	case c.request.pausing():
		w := c.request.wait
		short := fmt.Sprintf("try %d/%d in %.1f s · esc", w.Attempt, w.Of, w.Delay.Seconds())
		return []text.Line{attemptLine(w), text.CleanLine(short)}
	case c.state == listFailed && len(c.all) == 0:
		return []text.Line{text.Lit("not loaded")}
	case c.state == listFailed && c.anew:
		return []text.Line{text.Join(n, text.Lit(" · not reloaded"))}
	case c.state == listFailed:
		return []text.Line{text.Join(n, text.Lit(" loaded, the rest failed")), text.Join(n, text.Lit(" · rest failed"))}
	case c.state == listLoading && c.frame > 0:
		loading := text.Join(text.Lit("loading · "), n, spinnerAt(c.frame))
		return []text.Line{text.Join(loading, text.Lit(" · esc stops")), loading}
	case c.state == listLoading:
		return []text.Line{text.Lit("loading")}
	}
	words := []text.Line{text.CleanLine(count(len(c.all), "conversation", "conversations")), n}
	if len(c.all) >= history.MaxListed {
		words = []text.Line{text.Join(n, text.Lit(", the service lists no more")), text.Join(n, text.Lit(", no more listed")), text.Join(n, text.Lit(", no more"))}
	}
	if c.filter != "" {
		for i, w := range words {
			words[i] = text.Join(number(len(c.shown)), text.Lit(" of "), w)
		}
	}
	if c.look.names.pending() {
		known, all := c.named()
		last := words[len(words)-1]
		words = append([]text.Line{
			dotted(words[0], text.CleanLine(fmt.Sprintf("names of %d of %d", known, all))),
			dotted(last, text.CleanLine(fmt.Sprintf("names %d/%d", known, all))),
		}, words...)
	}
	return words
}

// named counts the conversations of the list, and those of them whose name was
// looked up.
func (c *conversations) named() (known, all int) {
	for _, conv := range c.all {
		all++
		if _, ok := c.name(conv); ok {
			known++
		}
	}
	return known, all
}

func number(n int) text.Line { return text.CleanLine(strconv.Itoa(n)) }
