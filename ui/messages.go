package ui

import (
	"context"
	"errors"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// look is how panes draw. A change of it lays everything out anew.
type look struct {
	styles *styles
	widths text.Widths
	zone   *time.Location
	now    func() time.Time
}

// edge is what is known of the messages above the oldest that is loaded.
type edge uint8

const (
	edgeIdle    edge = iota // they can be asked for
	edgeLoading             // they were asked for
	edgeFailed              // they were, and it failed: r retries
	edgeStart               // there are none
)

// messages is the pane of one conversation: messages.go has its states and keys,
// scroll.go its position, blocks.go what it draws.
type messages struct {
	look look
	w, h int // of the pane, its title included

	ctx    context.Context
	client history.Client
	chat   history.Chat
	viewer string // the user whose conversations are listed beside
	log    *history.History

	edge   edge
	err    error
	number int // of the last request; answers to others come too late
	cancel context.CancelFunc
	frame  int // of the spinner; 0 is none

	selected int            // the newest is 0
	top      spot           // the first line on screen
	blocks   map[int]*block // laid out, by message
	laidOut  int            // how many blocks were, for tests
}

func newMessages(ctx context.Context, client history.Client, l look) messages {
	return messages{ctx: ctx, client: client, look: l, log: &history.History{}, blocks: map[int]*block{}, cancel: func() {}}
}

// open shows another conversation. What is under way for the last one is
// cancelled, and its answer will be dropped.
func (m *messages) open(c history.Chat, viewer string) tea.Cmd {
	m.stop()
	m.chat, m.viewer, m.log = c, viewer, &history.History{}
	m.edge, m.err = edgeIdle, nil
	m.selected, m.top = 0, spot{}
	m.forget()
	return m.fetch()
}

// stop cancels the request under way.
func (m *messages) stop() {
	m.cancel()
	m.number++
	if m.edge == edgeLoading {
		m.edge = edgeIdle
	}
}

// fetch asks for the page above what is loaded.
func (m *messages) fetch() tea.Cmd {
	next, more := m.log.Next()
	if !more || m.edge == edgeLoading {
		return nil
	}
	ctx, cancel := context.WithCancel(m.ctx)
	m.cancel = cancel
	m.number++
	m.edge, m.err = edgeLoading, nil
	return fetchMessages(ctx, m.client, m.chat, next, m.number)
}

// fetchAhead asks for older messages when fewer are left above the screen than
// the screen has lines: with their headers that is about two screens.
func (m *messages) fetchAhead() tea.Cmd {
	wanted := m.edge == edgeIdle && m.chat != (history.Chat{}) && m.ctx.Err() == nil
	if !wanted || m.log.Len()-1-m.top.item >= m.rows() {
		return nil
	}
	return m.fetch()
}

// apply puts a page above the lines on screen, which stay where they are.
func (m *messages) apply(msg messagesMsg) tea.Cmd {
	if msg.number != m.number {
		return nil
	}
	m.cancel()
	if msg.err != nil {
		m.edge, m.err = edgeFailed, msg.err
		if errors.Is(msg.err, context.Canceled) {
			m.edge, m.err = edgeIdle, nil
		}
		m.clamp()
		return nil
	}
	before, held := m.log.Len(), m.hold()
	change, err := m.log.Add(msg.page)
	m.edge = edgeIdle
	if _, more := m.log.Next(); !more {
		m.edge, m.err = edgeStart, err
	}
	m.selected = change.Moved(m.selected)
	held.item = change.Moved(held.item)
	delete(m.blocks, before-1) // it was the oldest: its day line and header may go
	if change.Displaced() {
		m.forget()
	}
	if before == 0 {
		m.bottom()
	} else {
		m.putBack(held)
	}
	return m.fetchAhead()
}

// resize gives the pane a size; the selected message keeps its row.
func (m *messages) resize(w, h int) {
	if w == m.w && h == m.h {
		return
	}
	held := m.hold()
	m.w, m.h = w, h
	m.forget()
	m.putBack(held)
}

// restyle gives the pane another look; the lines on screen keep their place.
func (m *messages) restyle(l look) {
	held := m.hold()
	m.look = l
	m.forget()
	m.putBack(held)
}

// retry asks again for what could not be had, and for everything if all was.
func (m *messages) retry() tea.Cmd {
	switch {
	case m.chat == (history.Chat{}) || m.edge == edgeLoading:
		return nil
	case m.edge == edgeFailed:
		m.edge = edgeIdle
		return m.fetch()
	}
	return m.open(m.chat, m.viewer)
}

func (m *messages) handleKey(k tea.KeyPressMsg) tea.Cmd {
	lines, jumps := keys.jump(k, m.rows())
	switch {
	case jumps:
		m.move(lines)
	case key.Matches(k, keys.Down):
		m.next()
	case key.Matches(k, keys.Up):
		m.previous()
	case key.Matches(k, keys.First):
		m.oldest()
	case key.Matches(k, keys.Last):
		m.bottom()
	case key.Matches(k, keys.ScrollDown):
		m.scroll(1)
	case key.Matches(k, keys.ScrollUp):
		m.scroll(-1)
	case key.Matches(k, keys.Reload):
		return m.retry()
	}
	return m.fetchAhead()
}

// click selects the message at a row of the pane, and reports whether it was
// selected already.
func (m *messages) click(y int) (again bool) {
	lines := m.window()
	if y--; y < 0 || y >= len(lines) || lines[y].item < 0 || lines[y].item >= m.log.Len() {
		return false
	}
	again = m.selected == lines[y].item
	m.selected = lines[y].item
	return again
}
