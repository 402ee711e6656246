package ui

import (
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"

	"backscroll/ui/text"
)

// help is the page of keys over the whole screen; it scrolls where the screen is
// too short for it.
type help struct {
	pane pane
	top  int
}

// page returns what of the help is on a screen of so many rows; the last one
// says that it goes on.
func (h help) page(w text.Widths, width, height int) []row {
	all := h.lines(w, width)
	rest := all[max(0, min(h.top, len(all))):]
	if more := len(rest) - height; more > 0 && height > 0 {
		rest = rest[:height]
		rest[height-1] = row{space(barColumn), span{dim, text.CleanLine("↓ " + strconv.Itoa(more+1) + " more")}}
	}
	return rest
}

// lines returns the help: the keys of the pane, then those of every pane.
func (h help) lines(w text.Widths, width int) []row {
	title := map[pane]text.Line{
		paneConversations: text.Lit("Conversations"), paneMessages: text.Lit("Messages"), paneInspector: text.Lit("Inspector"),
		paneFindings: text.Lit("What was found"),
	}[h.pane]
	out := []row{{space(barColumn), span{accent, text.Lit("Keys")}}, {}}
	keyCells := min(14, width/3)
	section := func(title text.Line, bindings []key.Binding) {
		out = append(out, row{space(barColumn), span{bold, title}})
		for _, b := range bindings {
			label := w.Fit(text.CleanLine(b.Help().Key), keyCells)
			for _, l := range w.Wrap(text.CleanBlock(b.Help().Desc), width-headerColumn-keyCells) {
				out = append(out, row{space(headerColumn), span{accent, label}, span{plain, l}})
				label = w.Fit(text.Line{}, keyCells)
			}
		}
		out = append(out, row{})
	}
	section(title, slices.Concat(keys.special(h.pane), keys.moving(h.pane)))
	section(text.Lit("Everywhere"), keys.everywhere())
	last := text.CleanBlock("The mouse scrolls the pane under it, selects and opens. Any other key closes this page.")
	for _, l := range w.Wrap(last, width-barColumn) {
		out = append(out, row{space(barColumn), span{dim, l}})
	}
	return out
}

// scroll moves the page by k lines, of which so many fit on the screen.
func (h *help) scroll(k, lines, rows int) {
	h.top = max(0, min(h.top+k, lines-rows))
}
