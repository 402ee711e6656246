package ui

import (
	"slices"

	"charm.land/bubbles/v2/key"

	"backscroll/ui/text"
)

// help is the page of keys over the whole screen; it scrolls where the screen is
// too short for it.
type help struct {
	pane pane
	top  int
}

// lines returns the page: the keys of the pane, then those of every pane.
func (h help) lines(w text.Widths, width int) []row {
	title := map[pane]text.Line{
		paneConversations: text.Lit("Conversations"), paneMessages: text.Lit("Messages"), paneInspector: text.Lit("Inspector"),
	}[h.pane]
	out := []row{{space(barColumn), span{accent, text.Lit("Keys")}}, {}}
	section := func(title text.Line, bindings []key.Binding) {
		out = append(out, row{space(barColumn), span{bold, title}})
		for _, b := range bindings {
			out = append(out, row{
				space(headerColumn),
				span{accent, w.Fit(text.CleanLine(b.Help().Key), min(14, width/3))},
				span{plain, text.CleanLine(b.Help().Desc)},
			})
		}
		out = append(out, row{})
	}
	section(title, slices.Concat(keys.special(h.pane), keys.moving()))
	section(text.Lit("Everywhere"), keys.everywhere())
	return append(out,
		row{space(barColumn), span{dim, text.Lit("The mouse scrolls the pane under it, selects")}},
		row{space(barColumn), span{dim, text.Lit("and opens. Any other key closes this page.")}})
}

// scroll moves the page by k lines, of which so many fit on the screen.
func (h *help) scroll(k, lines, rows int) {
	h.top = max(0, min(h.top+k, lines-rows))
}
