package ui

import (
	"context"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// shapes is the pane of what apps put into the custom messages and payloads of a
// chat, as far as it is loaded: a list of shapes, each with its fields, an example
// and the messages that deviate. shapes_rows.go draws it.
type shapes struct {
	look look
	w, h int

	all    *history.Snapshot // what is looked at; also tells one pane's answer from another's
	what   text.Line
	cancel context.CancelFunc

	found history.Shapes
	done  bool
	err   error

	folded   []bool      // of the shapes
	lines    []shapeLine // those that are not folded away
	selected int
	top      int // the first line on screen

	columns map[int]shapeColumns // of the shapes that were on screen
	drawn   map[int]row          // of the lines that were
}

// shapeLine is a line of the list: which shape, and what of it.
type shapeLine struct {
	kind   shapeLineKind
	shape  int
	at     int // which field, deviant or note
	reason int // which of a deviant's
}

type shapeLineKind uint8

const (
	shapeHead shapeLineKind = iota
	shapeField
	shapeExample
	shapeDeviant
	shapeNote
	shapeGap // between two shapes; cannot be selected
)

// shapesMsg answers tellShapes.
type shapesMsg struct {
	all   *history.Snapshot // of which they are
	found history.Shapes
	err   error
}

// tellShapes looks through messages for shapes: that takes a while where many are
// loaded.
func tellShapes(ctx context.Context, all *history.Snapshot) tea.Cmd {
	return func() tea.Msg {
		found, err := history.ShapesOf(ctx, *all)
		return shapesMsg{all, found, err}
	}
}

// openMessageMsg asks for a message to be opened.
type openMessageMsg struct{ message zim.Message }

// showShapes opens the pane on what is loaded of the chat.
func (m *Model) showShapes() tea.Cmd {
	if m.messages.len() == 0 {
		m.notice = text.Lit("no messages are loaded whose shapes could be told")
		return nil
	}
	older := "older: yes"
	if _, more := m.messages.log.Next(); !more {
		older = "older: no"
	}
	all := m.messages.log.Snapshot()
	s, cmd := newShapes(m.ctx, m.look, all, count(all.Len(), "loaded message", "loaded messages")+" of this chat, "+older)
	m.put(s)
	return cmd
}

// openMessage shows a message that is loaded.
func (m *Model) openMessage(msg zim.Message) tea.Cmd {
	m.uncover()
	m.focus = paneMessages
	g := goal{kind: goalID, id: msg.MsgId, row: -1}
	if msg.MsgId == 0 {
		g = goal{kind: goalSeq, seq: msg.MsgSeq, row: -1}
	}
	cmd := m.messages.goTo(g)
	if at := m.messages.at(m.messages.selected); at.MsgId == msg.MsgId && at.MsgSeq == msg.MsgSeq {
		m.inspect()
	}
	return cmd
}

// newShapes returns the pane, and the command that looks through all messages. what
// says which those are. The answer is for apply.
func newShapes(ctx context.Context, l look, all history.Snapshot, what string) (*shapes, tea.Cmd) {
	ctx, cancel := context.WithCancel(ctx)
	s := &shapes{look: l, all: &all, what: text.CleanLine(what), cancel: cancel}
	s.forget()
	return s, tellShapes(ctx, s.all)
}

func (s *shapes) pane() pane { return paneShapes }

// apply shows what was found, if this pane asked for it.
func (s *shapes) apply(msg shapesMsg) {
	if msg.all != s.all {
		return
	}
	s.cancel() // it is over: lets go of the context
	s.found, s.err, s.done = msg.found, msg.err, true
	s.folded = make([]bool, len(s.found.List))
	s.list()
}

// forget drops what was drawn.
func (s *shapes) forget() { s.columns, s.drawn = map[int]shapeColumns{}, map[int]row{} }

func (s *shapes) resize(w, h int) {
	if w != s.w || h != s.h {
		s.w, s.h = w, h
		s.forget()
		s.move(0)
	}
}

func (s *shapes) restyle(l look) {
	s.look = l
	s.forget()
}

// list makes the lines of what is not folded.
func (s *shapes) list() {
	s.lines = s.lines[:0]
	clear(s.drawn)
	for n, shape := range s.found.List {
		if n > 0 && !s.folded[n-1] {
			s.lines = append(s.lines, shapeLine{kind: shapeGap, shape: n - 1})
		}
		s.lines = append(s.lines, shapeLine{kind: shapeHead, shape: n})
		if s.folded[n] {
			continue
		}
		add := func(kind shapeLineKind, at, reason int) {
			s.lines = append(s.lines, shapeLine{kind, n, at, reason})
		}
		for i := range shape.Fields {
			add(shapeField, i, 0)
		}
		if shape.Example >= 0 {
			add(shapeExample, 0, 0)
		}
		for i, d := range shape.Deviants {
			for j := range d.Why {
				add(shapeDeviant, i, j)
			}
		}
		for i := range shapeNotes(shape) {
			add(shapeNote, i, 0)
		}
	}
}

// rows is the number of lines under the title.
func (s *shapes) rows() int { return max(s.h-1, 0) }

// move selects the line that is k further, and brings it on screen.
func (s *shapes) move(k int) {
	s.selected = max(0, min(s.selected+k, len(s.lines)-1))
	if len(s.lines) > 0 && s.lines[s.selected].kind == shapeGap { // neither the first line nor the last is one
		s.selected += sign(k)
	}
	s.top = max(min(s.top, s.selected), s.selected-max(s.rows(), 1)+1, 0)
}

// scroll moves what is on screen by k lines, down if positive. The selection stays.
func (s *shapes) scroll(k int) { s.top = max(0, min(s.top+k, len(s.lines)-s.rows())) }

func (s *shapes) handleKey(k tea.KeyPressMsg) tea.Cmd {
	lines, jumps := keys.jump(k, s.rows())
	switch {
	case jumps:
		s.move(lines)
	case key.Matches(k, keys.Down):
		s.move(1)
	case key.Matches(k, keys.Up):
		s.move(-1)
	case key.Matches(k, keys.ScrollDown):
		s.scroll(1)
	case key.Matches(k, keys.ScrollUp):
		s.scroll(-1)
	case key.Matches(k, keys.First):
		s.move(-len(s.lines))
	case key.Matches(k, keys.Last):
		s.move(len(s.lines))
	case key.Matches(k, keys.Left):
		s.fold(true)
	case key.Matches(k, keys.Right):
		s.fold(false)
	case key.Matches(k, keys.OpenShape):
		return s.open()
	}
	return nil
}

// fold folds the shape of the selected line, or unfolds it, and selects its head if
// that line goes.
func (s *shapes) fold(folded bool) {
	if len(s.lines) == 0 {
		return
	}
	n := s.lines[s.selected].shape
	if s.folded[n] == folded {
		return
	}
	for s.lines[s.selected].kind != shapeHead {
		s.selected--
	}
	s.folded[n] = folded
	s.list()
	s.move(0)
}

// open folds or unfolds the shape whose head is selected, or asks for the message
// that is.
func (s *shapes) open() tea.Cmd {
	if len(s.lines) == 0 {
		return nil
	}
	l := s.lines[s.selected]
	at := s.found.List[l.shape].Example
	switch l.kind {
	case shapeHead:
		s.fold(!s.folded[l.shape])
		return nil
	case shapeDeviant:
		at = s.found.List[l.shape].Deviants[l.at].At
	case shapeExample:
	default:
		return nil
	}
	msg := openMessageMsg{s.all.At(at)}
	return func() tea.Msg { return msg }
}

// click selects the line at a row of the pane; a second click on it is enter.
func (s *shapes) click(_, y int) tea.Cmd {
	i := s.top + y - 1
	if y < 1 || y > s.rows() || i >= len(s.lines) || s.lines[i].kind == shapeGap {
		return nil
	}
	if i == s.selected {
		return s.open()
	}
	s.selected = i
	return nil
}

// back has no step inside of the pane.
func (s *shapes) back() bool { return false }

func (s *shapes) close() { s.cancel() }
