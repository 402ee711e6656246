package ui

import (
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// tab is a view of the inspector. The zero value is the first.
type tab uint8

const (
	tabFields tab = iota // what is known of each field, and how the body was decoded
	tabTree              // the JSON as a tree
	tabRaw               // the bytes of the message as they came
	tabHTTP              // the exchange that brought it
	tabs
)

var tabNames = [tabs]text.Line{text.Lit("Fields"), text.Lit("Tree"), text.Lit("Raw"), text.Lit("HTTP")}

// subject is what the tree shows.
type subject uint8

const (
	subjectBody subject = iota
	subjectPayload
	subjectMessage
	subjects
)

var subjectNames = [subjects]text.Line{text.Lit("body"), text.Lit("payload"), text.Lit("message")}

// inspector is the pane that shows one message whole. inspector.go has its tabs and
// keys; fields.go and http.go make the texts of tabs, which pager.go shows; the
// tree is in tree.go.
type inspector struct {
	look look
	w, h int

	open    bool
	full    bool // over the whole screen
	message zim.Message
	alone   bool        // the message was asked for by its number, and may not be loaded
	beside  zim.Message // for alone: what was selected then
	brought exchanged   // what brought the message
	// fateOf tells of a message that is gone what became of it.
	fateOf func(zim.Envelope, zim.Body) fate

	tab     tab
	subject subject
	pager   pager
	tree    *tree // nil until the tab is opened, and where jq has no result
	jq      jqView
	query   history.Query
	say     text.Line // what the reader should be told, for one key press

	versions func(id int64) []version // of a message, before it changed
}

// exchanged is the exchange that brought a message, as far as it is known.
type exchanged struct {
	exchange call
	known    bool
	origin   history.Origin
	inPage   bool // origin is known
	offline  bool // it was none: the message is from a file
}

// show opens the pane on a message, in the tab that was open last.
func (i *inspector) show(m zim.Message, by exchanged) {
	if !m.Same(i.message) {
		i.tree, i.jq.due = nil, i.jq.expr != ""
	}
	i.open, i.message, i.brought, i.alone = true, m, by, false
	i.compose(false)
}

// showAlone opens the pane on a message that is not selected; it stays until
// another one is.
func (i *inspector) showAlone(m, beside zim.Message, by exchanged) {
	i.show(m, by)
	i.alone, i.beside = true, beside
}

// close closes the pane.
func (i *inspector) close() { i.open, i.full = false, false }

// stays reports whether the pane goes on showing what it shows when a message is
// selected.
func (i *inspector) stays(selected zim.Message) bool {
	if i.alone && len(i.beside.Raw) == 0 { // nothing was loaded then
		i.beside = selected
	}
	if i.alone && i.message.MsgSeq != 0 && i.message.MsgSeq == selected.MsgSeq { // it is loaded by now
		return false
	}
	return i.shows(selected) || i.alone && selected.Same(i.beside)
}

// shows reports whether the pane is open on that very message.
func (i *inspector) shows(m zim.Message) bool { return i.open && m.Same(i.message) }

func (i *inspector) resize(w, h int) {
	if w == i.w && h == i.h {
		return
	}
	i.w, i.h = w, h
	i.compose(true)
}

func (i *inspector) restyle(l look) {
	i.look = l
	i.compose(true)
	if i.tree != nil {
		i.tree.restyle(l)
	}
}

// rows is the number of lines under the title, and under the expression of jq.
func (i *inspector) rows() int {
	if i.tab == tabTree && i.jq.expr != "" {
		return max(i.h-2, 0)
	}
	return max(i.h-1, 0)
}

// compose makes what the tab shows, unless there is no room.
func (i *inspector) compose(keep bool) {
	if !i.open || i.w <= 0 {
		return
	}
	i.pager.resize(i.w, i.rows(), i.look.widths)
	switch i.tab {
	case tabFields:
		i.pager.show(i.fields(), keep)
	case tabRaw:
		i.pager.show(parted(string(i.message.Raw), part{indent: barColumn + 1}, i.pager.flat), keep)
	case tabHTTP:
		i.pager.show(i.http(), keep)
	case tabTree:
		switch {
		case i.tree != nil:
			i.tree.resize(i.w, i.rows())
		case i.jq.expr == "":
			i.grow(i.source())
		}
	}
}

// source returns the JSON of the subject, or of the next one that there is.
func (i *inspector) source() []byte {
	e := i.message.Envelope()
	of := [subjects][]byte{subjectBody: e.Body().JSON, subjectPayload: []byte(e.Payload), subjectMessage: i.message.Raw}
	if len(of[i.subject]) == 0 {
		i.subject = subjectMessage
	}
	return of[i.subject]
}

// grow makes the tree of a JSON text; of none, there is no tree.
func (i *inspector) grow(raw []byte) {
	if i.tree = nil; len(raw) == 0 {
		return
	}
	i.tree = newTree(raw, i.look)
	i.tree.resize(i.w, i.rows())
	if !i.query.IsZero() {
		i.tree.find(i.query, 1, true)
		i.tree.stopFinding() // only marks
	}
}

// turn opens another tab.
func (i *inspector) turn(step int) {
	i.tab = tab((int(i.tab) + step + int(tabs)) % int(tabs))
	i.compose(false)
}

// nextSubject shows something else as a tree.
func (i *inspector) nextSubject() {
	i.tab, i.tree, i.jq.due = tabTree, nil, i.jq.expr != ""
	i.subject = (i.subject + 1) % subjects
	if i.subject == subjectPayload && i.message.Envelope().Payload == "" {
		i.subject++
	}
	i.compose(false)
}

func (i *inspector) handleKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, keys.NextTab):
		i.turn(1)
	case key.Matches(k, keys.PreviousTab):
		i.turn(-1)
	case key.Matches(k, keys.Subject):
		i.nextSubject()
	case key.Matches(k, keys.NextHit):
		return i.find(1)
	case key.Matches(k, keys.PreviousHit):
		return i.find(-1)
	case i.tab == tabTree:
		i.handleTreeKey(k)
	case key.Matches(k, keys.Wrap):
		i.pager.wrap(i.pager.flat)
		i.compose(true)
	default:
		i.pager.handleKey(k)
	}
	return i.readOn()
}

func (i *inspector) handleTreeKey(k tea.KeyPressMsg) {
	t := i.tree
	if t == nil {
		return
	}
	lines, jumps := keys.jump(k, i.rows())
	switch {
	case jumps:
		t.move(lines)
	case key.Matches(k, keys.Down):
		t.move(1)
	case key.Matches(k, keys.Up):
		t.move(-1)
	case key.Matches(k, keys.ScrollDown):
		t.scroll(1)
	case key.Matches(k, keys.ScrollUp):
		t.scroll(-1)
	case key.Matches(k, keys.First):
		t.first()
	case key.Matches(k, keys.Last):
		t.last()
	case key.Matches(k, keys.Left):
		t.fold()
	case key.Matches(k, keys.Right):
		if !t.unfold() {
			i.say = text.Lit("there is nothing in it to unfold")
		}
	case key.Matches(k, keys.UnfoldAll):
		i.tell(t.unfoldAll())
	case key.Matches(k, keys.Depth):
		i.tell(t.depth(int(k.String()[0] - '0')))
	}
}

// tell says so if not all could be unfolded.
func (i *inspector) tell(n int, all bool) {
	if !all {
		i.say = text.CleanLine("unfolded " + count(n, "node", "nodes") + ", and stopped there: there are more")
	}
}

// scroll moves by k rows, down if positive.
func (i *inspector) scroll(k int) {
	if i.tab == tabTree && i.tree != nil {
		i.tree.scroll(k)
		return
	}
	i.pager.scroll(k)
}

// click selects what stands at a row of the pane, or opens a tab.
func (i *inspector) click(x, y int) {
	if y > 0 {
		if i.tab == tabTree && i.tree != nil {
			i.tree.pick(y - i.h + i.rows())
		}
		return
	}
	at := barColumn
	for n, name := range tabNames {
		if at += i.look.widths.Of(name) + tabGap; x < at {
			i.tab = tab(n)
			i.compose(false)
			return
		}
	}
}

// search looks for a query in what the tab shows, from where the reader is; a zero
// one ends that.
func (i *inspector) search(q history.Query) tea.Cmd {
	i.query = q
	i.pager.mark(q)
	if i.tab == tabTree && i.tree != nil {
		i.tree.find(q, 1, true)
		return i.readOn()
	}
	if !q.IsZero() && !i.pager.find(0) {
		i.say = text.Lit("not found below, in this tab")
	}
	return nil
}

// find goes to the next place of what is searched for, or to the one before.
func (i *inspector) find(step int) tea.Cmd {
	switch {
	case i.query.IsZero():
		i.say = text.Lit("nothing is searched for: / does that")
	case i.tab == tabTree && i.tree != nil:
		i.tree.find(i.query, step, false)
		return i.readOn()
	case !i.pager.find(step):
		i.say = text.Lit("no more of it, in this tab")
	}
	return nil
}

// readOn goes on with what the tree still has to read or to look through: a piece
// for each message, so that keys stay live.
func (i *inspector) readOn() tea.Cmd {
	if !i.open || i.tab != tabTree || i.tree == nil {
		return nil
	}
	if i.tree.finding() && i.tree.seek() == huntNone {
		i.say = text.Lit("not found in the tree")
	} else if !i.tree.finding() && i.tree.reading() {
		i.tree.readOn()
	}
	if i.tree.finding() || i.tree.reading() {
		return func() tea.Msg { return treeMsg{} }
	}
	return nil
}

// treeMsg tells the tree to read on.
type treeMsg struct{}

// tabGap is between the names of two tabs.
const tabGap = 2

// view draws the pane, a string for each of its lines.
func (i *inspector) view(focused bool) []string {
	if i.h <= 0 {
		return nil
	}
	left := row{space(barColumn)}
	for n, name := range tabNames {
		s := span{dim, name}
		if tab(n) == i.tab {
			if s.ink = bold; focused {
				s.ink = accent
			}
		}
		left = append(left, s, space(tabGap))
	}
	if i.tab == tabTree {
		left = append(left, span{dim, text.Join(text.Lit("of the "), subjectNames[i.subject])})
	}
	if i.alone {
		left = append(left, span{dim, text.Lit(" · looked up by its number")})
	}
	right := row{}
	if i.message.MsgSeq != 0 {
		right = row{span{dim, text.CleanLine("seq " + strconv.FormatInt(i.message.MsgSeq, 10))}}
	}
	draw := func(r row) string { return r.render(i.look.styles, i.look.widths, i.w, false) }
	lines := []string{draw(apart(i.look.widths, i.w-rightMargin, left, right))}
	if i.tab == tabTree && i.jq.expr != "" && i.h > 1 {
		lines = append(lines, draw(i.jqRow()))
	}
	switch {
	case i.tab == tabTree && i.tree != nil:
		return append(lines, i.tree.view(focused)...)
	case i.tab != tabTree:
		for _, r := range i.pager.window() {
			lines = append(lines, draw(r))
		}
	}
	return append(lines, slices.Repeat([]string{blanks(i.w)}, max(i.h-len(lines), 0))...)
}
