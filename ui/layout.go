package ui

// The sizes at which the screen changes its shape, in cells.
const (
	minWidth, minHeight = 40, 10
	wideWidth           = 80  // conversations and messages side by side
	threeWidth          = 140 // the inspector beside them
)

// rect is a place on the screen; x and y are its top left corner.
type rect struct{ x, y, w, h int }

func (r rect) contains(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// pane names what can have the focus. The zero value is the list, where the
// program starts.
type pane uint8

const (
	paneConversations pane = iota
	paneMessages
	paneInspector
	paneFindings // where the conversations are
	paneCalls    // these cover the others
	paneMedia
	paneShapes
	paneBoth
	paneProfiles
	paneGap
	paneLimits
	paneUser
	paneGroup
	paneBookmarks

	// These have no place on the screen, but requests of their own.
	paneNames
	paneRecalls
	paneAlone
	paneFollow
	paneExport
)

// covers reports whether the pane stands in the place of all others.
func (p pane) covers() bool { return p >= paneCalls && p <= paneBookmarks }

// panes lists all that can have the focus.
func panes() (list []pane) {
	for p := paneConversations; p <= paneBookmarks; p++ {
		list = append(list, p)
	}
	return list
}

// layout says where everything is; a pane of no size is not shown. Panes touch,
// but for a rule: a column left of a pane, or the row above the inspector.
type layout struct {
	tooSmall                           bool
	conversations, messages, inspector rect
	status                             rect
	cover                              rect // over all but the status
}

func (l layout) of(p pane) rect {
	switch p {
	case paneMessages:
		return l.messages
	case paneInspector:
		return l.inspector
	}
	if p.covers() {
		return l.cover
	}
	return l.conversations
}

// at returns the pane at a cell.
func (l layout) at(x, y int) (pane, bool) {
	for _, p := range []pane{paneConversations, paneMessages, paneInspector, paneCalls} { // covers have one place
		if l.of(p).contains(x, y) {
			return p, true
		}
	}
	return 0, false
}

// arrange lays the screen out. Drawing and mouse hits both use it. Narrow
// screens show the focused pane only.
func arrange(w, h int, list, inspector bool, focus pane) layout {
	if w < minWidth || h < minHeight {
		return layout{tooSmall: true}
	}
	l := layout{status: rect{0, h - 1, w, 1}}
	body := rect{0, 0, w, h - 1}
	if w < wideWidth {
		switch focus {
		case paneMessages:
			l.messages = body
		case paneInspector:
			l.inspector = body
		default:
			l.conversations = body
		}
		return l
	}
	if list {
		l.conversations = rect{0, 0, min(max(w*27/100, 26), 42), body.h}
		body.x = l.conversations.w + 1
		body.w -= body.x
	}
	l.messages = body
	if !inspector {
		return l
	}
	if w >= threeWidth {
		l.inspector = rect{w - body.w*45/100, 0, body.w * 45 / 100, body.h}
		l.messages.w = l.inspector.x - 1 - body.x
		return l
	}
	l.inspector = rect{body.x, body.h - body.h/2, body.w, body.h / 2}
	l.messages.h = l.inspector.y - 1
	return l
}
