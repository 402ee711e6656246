package ui

import (
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// help is the page of keys over the whole screen; it scrolls where the screen is
// too short for it.
type help struct {
	pane pane
	top  int
}

// paneTitles names what can have the focus.
var paneTitles = map[pane]text.Line{
	paneConversations: text.Lit("Conversations"), paneFindings: text.Lit("What was found"),
	paneMessages: text.Lit("Messages"), paneInspector: text.Lit("Inspector"), paneCalls: text.Lit("Calls"),
	paneUser: text.Lit("User"), paneGroup: text.Lit("Group"),
	paneMedia: text.Lit("Media"), paneShapes: text.Lit("Shapes"), paneProfiles: text.Lit("Profiles"), paneBookmarks: text.Lit("Bookmarks"),
	paneGap: text.Lit("Missing numbers"), paneLimits: text.Lit("Limits"), paneBoth: text.Lit("Both sides"),
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
	title := paneTitles[h.pane]
	out := []row{{space(barColumn), span{accent, text.Lit("Keys")}}, {}}
	keyCells := min(14, width/3)
	section := func(title text.Line, lines [][2]string) {
		if len(lines) == 0 {
			return
		}
		out = append(out, row{space(barColumn), span{bold, title}})
		for _, l := range lines {
			label := text.CleanLine(l[0])
			if w.Of(w.Fold(label)) >= keyCells { // a line of its own
				out = append(out, row{space(headerColumn), span{accent, label}})
				label = text.Line{}
			}
			for _, does := range w.Wrap(text.CleanBlock(l[1]), width-headerColumn-keyCells) {
				out = append(out, row{space(headerColumn), span{accent, w.Fit(label, keyCells)}, span{plain, does}})
				label = text.Line{}
			}
		}
		out = append(out, row{})
	}
	section(title, explained(slices.Concat(keys.special(h.pane), keys.moving(h.pane))))
	if h.pane == paneBoth {
		section(text.Lit("What stands before a message"), sideMarks)
		section(text.Lit("What a difference can mean, and what it cannot"), meaningLines())
	}
	section(text.Lit("Everywhere"), explained(keys.everywhere(h.pane)))
	section(text.Lit("By name, after a colon"), keyless())
	if h.pane == paneMessages {
		section(text.Lit("A filter, a search for all conversations"), filterForms())
	}
	last := text.CleanBlock("The mouse scrolls the pane under it, selects and opens. Any other key closes this page.")
	for _, l := range w.Wrap(last, width-barColumn) {
		out = append(out, row{space(barColumn), span{dim, l}})
	}
	return out
}

// explained returns what keys do.
func explained(bindings []key.Binding) (lines [][2]string) {
	for _, b := range bindings {
		lines = append(lines, [2]string{b.Help().Key, b.Help().Desc})
	}
	return lines
}

// filterForms returns what a filter can be made of.
func filterForms() (lines [][2]string) {
	for _, f := range history.FilterHelp() {
		lines = append(lines, [2]string{f.Example, f.Does})
	}
	return lines
}

// scroll moves the page by k lines, of which so many fit on the screen.
func (h *help) scroll(k, lines, rows int) {
	h.top = max(0, min(h.top+k, lines-rows))
}
