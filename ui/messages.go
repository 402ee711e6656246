package ui

import (
	"cmp"
	"context"
	"errors"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// look is how panes draw. A change of it lays everything out anew.
type look struct {
	styles *styles
	widths text.Widths
	zone   *time.Location
	now    func() time.Time
	names  *names // read only
	dense  bool   // each message with its numbers and sizes
	// keptDays is how long the app keeps messages; 0 is not known.
	keptDays int
}

// userName returns the name that is shown beside a user ID, if one is known.
func (l look) userName(id string) text.Line {
	name, _ := l.names.user(id) // not known and without a name look the same
	return name
}

// edge is what is known of the messages above the oldest that is loaded.
type edge uint8

const (
	edgeIdle    edge = iota // they can be asked for
	edgeLoading             // they were asked for
	edgeFailed              // they were, and it failed: r retries
	edgeStart               // there are none, or none that can be reached
)

// messages is the pane of one conversation: messages.go has its states and keys,
// sifted.go what of the conversation is shown, search.go what is looked for in it and
// progress.go how far that is,
// goals.go where it leads, visits.go the chats that were left, scroll.go its
// position, news.go what came since, blocks.go what it draws.
type messages struct {
	look look
	w, h int // of the pane, its title included

	ctx     context.Context
	client  Client
	chat    history.Chat
	viewer  string // the user whose conversations are listed beside
	offline bool   // nobody can be asked about a message
	sifted
	visits visits

	edge     edge
	err      error
	request  request
	newer    []*zim.MessagePage // pages of newer messages, until they meet what is loaded
	catching bool               // newer messages were asked for
	quiet    bool               // by us, not by the reader
	goal     goal
	sifting  sifting
	far      bool      // the search goes on into older pages
	leap     bool      // the next hit that comes is gone to
	stepped  bool      // n or N was pressed since the search began
	since    int       // pages that were loaded when it began to go on
	unasked  int       // pages in a row that a filter took without being asked
	say      text.Line // what the reader should be told, for one key press
	recalls  recalls
	alone    alone
	gaps     gaps
	jumps    []jump
	frame    int // of the spinner; 0 is none

	selected int            // an item: the newest that is shown is 0
	top      spot           // the first line on screen
	blocks   map[int]*block // laid out, by item
	lines    int            // of all blocks
	files    map[int64]span // what became of the file of a MsgId
	news     news
	changed  map[int64][]change // what became of the message of a MsgId, as far as it was noticed
	// bookmarked returns the bookmark of a message, or nil.
	bookmarked func(zim.Message) *bookmark
	left       func(zim.Envelope) bool // who is no member of the group any more
	edgeMemo   []row                   // what edgeRows returned last
	edgeRoom   int                     // rows that the edge takes at least: those of the error it retries
	bar        scrollbar
	laidOut    int // how many blocks were laid out ever, for tests
}

func newMessages(ctx context.Context, client Client, waits chan<- waitMsg, l look) messages {
	return messages{
		ctx: ctx, client: client, look: l, sifted: sifted{log: &history.History{}}, blocks: map[int]*block{},
		request: request{of: paneMessages, waits: waits},
		recalls: newRecalls(request{of: paneRecalls, waits: waits}),
		alone:   alone{request: request{of: paneAlone, waits: waits}},
		gaps:    gaps{request: request{of: paneGap, waits: waits}},

		bookmarked: func(zim.Message) *bookmark { return nil },
		left:       func(zim.Envelope) bool { return false },
	}
}

// open shows another conversation, or none: as it was left, if it was open
// before. What is under way for the last one is cancelled, and its answer will
// be dropped.
func (m *messages) open(c history.Chat, viewer string, g goal) tea.Cmd {
	if c == m.chat && m.log.Len() > 0 {
		m.viewer = viewer
		if g.on() {
			return m.goTo(g)
		}
		return nil
	}
	m.leave()
	v, ok := m.visits.take(c)
	if !ok {
		return m.begin(c, viewer, g)
	}
	m.begin(history.Chat{}, viewer, goal{})
	m.chat = c
	m.restore(v)
	if g.on() {
		return m.head(g)
	}
	m.quiet = true
	return m.fetchNewer("")
}

// begin shows a conversation of which nothing is loaded, or none.
func (m *messages) begin(c history.Chat, viewer string, g goal) tea.Cmd {
	m.stop()
	m.chat, m.viewer, m.sifted = c, viewer, sifted{log: &history.History{}}
	m.edge, m.err, m.edgeRoom = edgeIdle, nil, 0
	m.selected, m.top, m.unasked = 0, spot{}, 0
	m.news, m.changed = news{}, nil
	m.forget()
	m.bar.forget(true)
	m.forgetRecalls()
	m.gaps.found, m.gaps.pairs = 0, 0
	if m.goal = g; c == (history.Chat{}) {
		return nil
	}
	return tea.Batch(m.fetch(zim.Foreground), m.lookUpAlone(g))
}

// stop cancels the request under way.
func (m *messages) stop() {
	m.request.stop()
	m.sifting.stop()
	m.alone.stop()
	m.gaps.stop()
	m.catching, m.newer, m.quiet = false, nil, false
	m.goal, m.far, m.leap = goal{}, false, false
	if m.edge == edgeLoading {
		m.setEdge(edgeIdle, nil)
	}
}

// setEdge tells something else at the top edge; the lines on screen stay.
func (m *messages) setEdge(e edge, err error) {
	m.keepingLines(func() {
		m.edgeRoom = 0
		if m.edge == edgeFailed && m.log.Len() > 0 {
			m.edgeRoom = len(m.edgeRows())
		}
		m.edge, m.err, m.edgeMemo = e, err, nil
	})
}

// waiting reports whether a request is under way.
func (m *messages) waiting() bool { return m.edge == edgeLoading || m.catching }

// fetch asks for the page above what is loaded.
func (m *messages) fetch(p zim.Priority) tea.Cmd {
	next, more := m.log.Next()
	if !more || m.waiting() {
		return nil
	}
	ctx, number := m.request.begin(zim.WithPriority(m.ctx, p))
	m.setEdge(edgeLoading, nil)
	return fetchMessages(ctx, m.client, m.chat, next, number)
}

// pause shows the pause of the request under way.
func (m *messages) pause(msg waitMsg) {
	m.keepingLines(func() {
		if m.request.pause(msg) {
			m.edgeMemo = nil
		}
	})
}

// errStopped stands where the reader ended a request.
var errStopped = errors.New("stopped")

// giveUp ends the request under way, if the reader sees that there is one: a
// pause before a retry, which the status line shows, or in the focused pane a
// spinner. It reports whether it did.
func (m *messages) giveUp(focused bool) bool {
	spins := focused && m.waiting() && m.frame > 0 && (m.catching && !m.quiet || m.len() == 0 || m.edgeOnScreen())
	if !m.request.pausing() && !spins {
		return false
	}
	err, catching := cmp.Or(m.request.wait.Cause, errStopped), m.catching
	m.stop()
	if !catching {
		m.setEdge(edgeFailed, err)
	}
	m.say = text.Lit("stopped")
	return true
}

// edgeOnScreen reports whether the top edge can be seen.
func (m *messages) edgeOnScreen() bool { return m.top.item >= m.len() }

// maxUnasked is how many pages a filter may take to fill the screen before the
// reader is asked.
const maxUnasked = 20

// filterAsks reports whether the filter took so many pages that the reader must
// say whether to go on.
func (m *messages) filterAsks() bool { return m.filter != nil && m.unasked >= maxUnasked }

// fetchAhead asks for older messages when less than two screens may be left
// above: a message that was not laid out yet counts as one line.
func (m *messages) fetchAhead() tea.Cmd {
	if m.edge != edgeIdle || m.catching || m.chat == (history.Chat{}) || m.ctx.Err() != nil || m.filterAsks() {
		return nil
	}
	lines := m.top.line
	for item := m.top.item + 1; item < m.len(); item++ {
		if lines >= 2*m.rows() {
			return nil // two screens are left
		}
		lines++
		if b, ok := m.blocks[item]; ok {
			lines += len(b.rows) - 1
		}
	}
	if m.len() > 0 && !m.edgeOnScreen() {
		return m.fetch(zim.Prefetch)
	}
	return m.fetch(zim.Foreground)
}

// fetchNewer asks for the newest messages, or the page behind those that came.
func (m *messages) fetchNewer(next zim.Next) tea.Cmd {
	ctx, number := m.request.begin(zim.WithPriority(m.ctx, zim.Foreground))
	m.catching = true
	return fetchMessages(ctx, m.client, m.chat, next, number)
}

// apply puts a page into its place; the lines on screen stay where they are.
func (m *messages) apply(msg messagesMsg) tea.Cmd {
	if msg.number != m.request.number {
		return nil
	}
	m.request.stop()
	if m.catching {
		return m.applyNewer(msg)
	}
	if msg.err != nil {
		m.setEdge(edgeFailed, msg.err)
		if m.log.Len() > 0 { // the edge may not be on screen
			m.say = text.CleanBlock(msg.err.Error()).Line()
		}
		return nil
	}
	before, held := m.len(), m.hold()
	change, err := m.log.Add(msg.page)
	m.edge, m.err, m.edgeMemo, m.edgeRoom = edgeIdle, nil, nil, 0
	if _, more := m.log.Next(); !more {
		m.edge, m.err = edgeStart, err
	}
	if err != nil { // the edge may not be on screen
		m.say = text.CleanLine(err.Error())
	}
	if m.filter != nil && !m.travels() {
		m.unasked++
	}
	if before == 0 {
		m.news.looked = m.look.now()
	}
	resift := m.settle(change, before, held)
	return tea.Batch(resift, m.goOn())
}

// maxNewPages is how many pages of newer messages are put behind what is loaded.
const maxNewPages = 20

// applyNewer puts messages that arrived since into their place, once the pages
// reach what is loaded.
func (m *messages) applyNewer(msg messagesMsg) tea.Cmd {
	m.catching = false
	if msg.err != nil {
		m.newer, m.quiet = nil, false
		m.say = text.Join(text.Lit("not reloaded: "), text.CleanBlock(msg.err.Error()).Line())
		return m.goOn()
	}
	m.newer = append(m.newer, msg.page)
	if !m.log.Meets(msg.page) && len(m.newer) < maxNewPages {
		return m.fetchNewer(msg.page.Next)
	}
	came, cmd := m.arrive(m.newer, arrival{seen: true})
	if m.log.Len() == 0 {
		return cmd // it is opened anew
	}
	var parts []text.Line
	switch n := came.added; {
	case n > 0 && m.quiet:
		parts = append(parts, text.CleanLine(count(n, "new message", "new messages")+" since you left"))
	case n > 0:
		parts = append(parts, text.CleanLine(count(n, "new message", "new messages")))
	case !m.quiet && !came.any():
		parts = append(parts, text.Lit("nothing new"))
	}
	if parts = append(parts, changesLine(came.revisions)); came.added > 0 && m.quiet {
		parts = append(parts, text.Lit("G shows them"))
	}
	m.say = dotted(parts...)
	m.newer, m.quiet = nil, false
	return tea.Batch(cmd, m.goOn())
}

// settle lays out what a change touched, and brings the held line back. before is
// how many items there were.
func (m *messages) settle(change history.Change, before int, held held) tea.Cmd {
	moved := m.follow(change)
	m.judgeGaps()
	m.selected = moved(m.selected)
	held.item = moved(held.item)
	m.bar.forget(change.Displaced())
	if change.Displaced() {
		m.forget()
	}
	for item := max(before-1-maxTimeless, 0); item < before; item++ { // their day line and header may go
		m.drop(item)
	}
	if before == 0 {
		m.bottom()
	} else {
		m.putBack(held)
	}
	return m.resift(change)
}

// resize gives the pane a size; the selected message keeps its row.
func (m *messages) resize(w, h int) {
	if w == m.w && h == m.h {
		return
	}
	m.keepingLines(func() {
		m.w, m.h = w, h
		m.forget()
		m.bar.forget(false)
	})
}

// restyle gives the pane another look; the lines on screen keep their place.
func (m *messages) restyle(l look) {
	m.keepingLines(func() {
		m.look = l
		m.forget()
		m.bar.forget(true)
	})
}

// spin moves the spinner to a frame.
func (m *messages) spin(frame int) {
	if frame != m.frame {
		m.frame, m.edgeMemo = frame, nil
	}
}

// failed reports whether r would ask again for something that could not be had.
func (m *messages) failed() bool { return m.edge == edgeFailed }

// reload asks again for what could not be had; if all could, for what arrived
// since.
func (m *messages) reload() tea.Cmd {
	m.recalls.failed = false
	switch {
	case m.chat == (history.Chat{}) || m.waiting():
		return nil
	case m.failed():
		return m.fetch(zim.Foreground)
	case m.err != nil || m.log.Len() == 0:
		return m.begin(m.chat, m.viewer, goal{})
	}
	return m.fetchNewer("")
}

func (m *messages) handleKey(k tea.KeyPressMsg) tea.Cmd {
	lines, jumps := keys.jump(k, m.rows())
	if jumps && lines < 0 || key.Matches(k, keys.Up, keys.First, keys.ScrollUp) {
		m.unasked = 0 // the reader asks
	}
	m.leap = false // who moves is not to be moved
	switch {
	case jumps:
		m.move(lines)
	case key.Matches(k, keys.Down):
		m.next()
	case key.Matches(k, keys.Up):
		m.previous()
	case key.Matches(k, keys.First):
		m.remember()
		m.oldest()
	case key.Matches(k, keys.Last):
		m.remember()
		m.bottom()
	case key.Matches(k, keys.ScrollDown):
		m.scroll(1)
	case key.Matches(k, keys.ScrollUp):
		m.scroll(-1)
	case key.Matches(k, keys.NextHit):
		return m.nextHit(1)
	case key.Matches(k, keys.PreviousHit):
		return m.nextHit(-1)
	case key.Matches(k, keys.PreviousDay):
		return m.previousDay()
	case key.Matches(k, keys.NextDay):
		m.nextDay()
	}
	return m.fetchAhead()
}

// click selects the message at a row of the pane, and reports whether it was
// selected already.
func (m *messages) click(y int) (again bool) {
	lines := m.window()
	if y--; y < 0 || y >= len(lines) || lines[y].item < 0 || lines[y].item >= m.len() {
		return false
	}
	again = m.selected == lines[y].item
	m.selected = lines[y].item
	return again
}
