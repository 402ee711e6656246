package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// findings is the pane of a search through all of a user's conversations. It stands
// where the conversations stand; each hit has two rows.
type findings struct {
	look look
	w, h int

	ctx    context.Context
	cancel context.CancelFunc
	finder *history.Finder
	filter *history.Filter
	hits   []history.Hit
	missed []history.Miss

	progress history.Progress
	busy     bool // a step is under way
	stopped  bool // by the reader
	done     bool
	err      error
	again    bool // the step that failed had failed before
	number   int  // of the search, for its pauses
	wait     zim.Wait

	selected int
	top      int                         // the first hit on screen
	drawn    map[int][rowsOfAFinding]row // of the hits that were on screen
}

const (
	rowsOfAFinding = 2
	maxFindings    = 10_000
	footerRows     = 4
)

// find searches all conversations of the user whose list is open.
func (m *Model) find(words string) tea.Cmd {
	if m.offline {
		m.notice = oneList
		return nil
	}
	user := m.conversations.user
	if user == "" {
		m.notice = text.Lit("whose conversations? ctrl+k names a user")
		return nil
	}
	f, err := history.ParseFilter(words, m.look.zone, m.look.now())
	switch {
	case err != nil:
		m.notice = text.CleanLine("find: " + err.Error())
		return nil
	case f == nil:
		m.notice = text.Lit("find needs something to look for, as in :find refund after:-7d")
		return nil
	}
	m.closeFindings()
	m.searches++
	s := &findings{look: m.look, filter: f, finder: history.NewFinder(m.client, user, f), number: m.searches, drawn: map[int][rowsOfAFinding]row{}}
	ctx, cancel := context.WithCancel(m.ctx)
	s.ctx, s.cancel = reporting(ctx, m.waits, paneFindings, s.number), cancel
	m.findings = s
	m.listOff = false
	m.focus = paneFindings
	return s.goOn()
}

// closeFindings shows the conversations again.
func (m *Model) closeFindings() {
	if m.findings == nil {
		return
	}
	m.findings.cancel()
	m.findings = nil
	if m.focus == paneFindings {
		m.focus = paneConversations
	}
}

// listPane is the pane at the left: findings while there are any.
func (m *Model) listPane() pane {
	if m.findings != nil {
		return paneFindings
	}
	return paneConversations
}

// goOn takes the next step, unless one is under way.
func (s *findings) goOn() tea.Cmd {
	if s.busy || s.done {
		return nil
	}
	s.busy, s.stopped, s.err = true, false, nil
	return fetchFindings(zim.WithPriority(s.ctx, zim.Background), s.finder)
}

// apply adds what a step found and takes the next one.
func (s *findings) apply(msg findingsMsg) tea.Cmd {
	if msg.finder != s.finder {
		return nil
	}
	s.busy, s.wait = false, zim.Wait{}
	s.progress = msg.found.Progress
	if msg.err != nil {
		if !s.stopped {
			s.err = msg.err
		}
		return nil
	}
	s.again = false
	s.hits = append(s.hits, msg.found.Hits...)
	s.missed = append(s.missed, msg.found.Missed...)
	s.done = msg.found.Done || len(s.hits) >= maxFindings
	if s.stopped {
		return nil
	}
	return s.goOn()
}

// stop ends the search where it is, and reports whether it was going on; r goes on.
func (s *findings) stop() bool {
	if s == nil || !s.busy || s.stopped {
		return false
	}
	s.stopped = true
	return true
}

// retry goes on: with what failed, and if that failed again, without it.
func (s *findings) retry() tea.Cmd {
	if s.err != nil {
		if s.again && s.finder.Skip() {
			s.again = false
		} else {
			s.again = true
		}
	}
	s.stopped = false
	return s.goOn()
}

// len returns how many entries there are: the hits, then the conversations that
// could not be searched to their end.
func (s *findings) len() int { return len(s.hits) + len(s.missed) }

func (s *findings) rows() int { return max((s.h-1-footerRows)/rowsOfAFinding, 1) }

func (s *findings) resize(w, h int) {
	if w != s.w || h != s.h {
		s.w, s.h = w, h
		clear(s.drawn)
		s.move(0)
	}
}

func (s *findings) restyle(l look) {
	s.look = l
	clear(s.drawn)
}

// move selects the hit that is k further, and brings it on screen.
func (s *findings) move(k int) {
	s.selected = max(0, min(s.selected+k, s.len()-1))
	s.top = max(min(s.top, s.selected), s.selected-s.rows()+1, 0)
}

func (s *findings) handleKey(k tea.KeyPressMsg) {
	if by, moves := keys.step(k, s.rows(), s.len()); moves {
		s.move(by)
	}
}

// click selects the hit at a row of the pane, and reports whether there is one.
func (s *findings) click(y int) bool {
	i := s.top + (y-1)/rowsOfAFinding
	if y < 1 || i >= s.len() || y > s.rows()*rowsOfAFinding {
		return false
	}
	s.selected = i
	return true
}

// openFinding opens the chat of the selected hit at its place.
func (m *Model) openFinding() tea.Cmd {
	s := m.findings
	switch n := s.selected - len(s.hits); {
	case n >= len(s.missed):
		return nil
	case n >= 0:
		name := s.missed[n].Name
		return m.openConversation(name.ConvType, name.ConvId)
	}
	hit := s.hits[s.selected]
	g := goal{kind: goalID, id: hit.MsgId, row: -1}
	if at, ok := hit.Time(); hit.MsgId == 0 && ok {
		g = goal{kind: goalNear, at: at, row: -1}
	}
	var mark history.Query
	if words := s.filter.Words(); len(words) > 0 {
		mark = words[0]
	}
	m.focus = paneMessages
	if hit.Chat == m.messages.chat {
		return tea.Batch(m.messages.goTo(g), m.messages.sift(nil, mark))
	}
	m.messages.remember()
	if loaded := s.finder.Loaded(hit.Chat); loaded != nil {
		m.messages.visits.offer(hit.Chat, loaded)
		for i := range loaded.Len() {
			m.wantSender(loaded.At(i))
		}
	}
	return tea.Batch(m.openChat(hit.Chat, g), m.messages.sift(nil, mark))
}

// view draws the pane, a string for each of its lines.
func (s *findings) view(focused bool) []string {
	draw := func(r row, selected bool) string { return r.render(s.look.styles, s.look.widths, s.w, selected) }
	title := span{bold, text.Lit("Found")}
	if focused {
		title.ink = accent
	}
	what := span{dim, text.CleanLine(" · " + s.filter.String())}
	lines := []string{draw(row{space(barColumn), title, what}, false)}
	for i := s.top; i < min(s.top+s.rows(), s.len()); i++ {
		bar := space(1)
		if i == s.selected {
			bar = selectionBar(focused)
		}
		for _, r := range s.finding(i) {
			lines = append(lines, draw(append(row{bar}, r...), focused && i == s.selected))
		}
	}
	for len(lines) < s.h-footerRows {
		lines = append(lines, blanks(s.w))
	}
	for _, r := range s.footer() {
		lines = append(lines, draw(r, false))
	}
	return lines[:max(min(len(lines), s.h), 0)]
}

// finding returns the rows of a hit: whose chat and when, and what it says from
// shortly before the words that were looked for.
func (s *findings) finding(i int) [rowsOfAFinding]row {
	if rows, ok := s.drawn[i]; ok {
		return rows
	}
	if len(s.drawn) > maxBlocks {
		clear(s.drawn)
	}
	cells := s.w - 2
	if i >= len(s.hits) {
		missed := s.missed[i-len(s.hits)]
		return [rowsOfAFinding]row{
			{space(1), span{bold, idLine(missed.Name.ConvId)}, span{dim, text.Lit(" not searched to its end")}},
			{space(1), span{alarm, text.CleanBlock(missed.Err.Error()).Line()}},
		}
	}
	hit := s.hits[i]
	chat := row{space(1), span{senderInk(hit.Chat.Peer), idLine(hit.Chat.Peer)}}
	if hit.Chat.IsGroup() {
		chat = row{space(1), span{dim, text.Lit("* ")}, span{bold, idLine(hit.Chat.Group)}}
	}
	said := []row{{space(1), span{plain, Summary(hit.Envelope(), s.look.zone)}}}
	shown := false
	for _, q := range s.filter.Words() {
		shown = markRows(s.look.widths, said, q) || shown
	}
	if words := s.filter.Words(); len(words) > 0 && !shown {
		field, _ := words[0].In(hit.Message) // "" where another word than the first was found
		said[0] = slices.Insert(said[0], 1, span{dim, text.Join(text.Lit("in "), text.CleanName(field), text.Lit(" · "))})
	}
	rows := [rowsOfAFinding]row{
		apart(s.look.widths, cells, chat, row{span{dim, s.look.ago(hit.MsgTime)}}),
		excerpt(s.look.widths, said[0], cells),
	}
	s.drawn[i] = rows
	return rows
}

// excerpt returns a row that is cut so that its first mark can be seen.
func excerpt(w text.Widths, r row, cells int) row {
	first := slices.IndexFunc(r, func(s span) bool { return s.ink == marked })
	if first < 1 || r[:first+1].width(w) <= cells {
		return r
	}
	before := r[first-1]
	n := len(before.text.String())
	_, near, _ := w.Split(before.text, max(n-cells/4, 0), n) // bytes: fewer cells than a quarter, in most scripts
	return slices.Concat(row{space(1), span{dim, text.Lit("…")}, {before.ink, near}}, r[first:])
}

// footer tells how far the search is, and what it could not see.
func (s *findings) footer() []row {
	p := s.progress
	line := func(i ink, l text.Line) row { return row{space(barColumn), span{i, l}} }
	found := count(len(s.hits), "hit", "hits")
	if len(s.hits) >= maxFindings {
		found = fmt.Sprintf("%d hits: narrow it", len(s.hits))
	}
	if len(s.hits) == 0 && !s.done {
		found = "no hit yet"
	}
	parts := []string{fmt.Sprintf("%d of %d searched", p.Searched, p.Listed)}
	if p.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d older", p.Skipped))
	}
	if n := len(s.missed); n > 0 {
		parts = append(parts, fmt.Sprintf("%d not to their end", n))
	}
	rows := []row{line(dim, text.CleanLine(found)), line(dim, text.CleanLine(strings.Join(parts, " · ")))}
	switch {
	case s.err != nil:
		rows = append(rows, line(alarm, text.CleanBlock(s.err.Error()).Line()), line(dim, text.Lit("r retries")))
		if s.again {
			rows[len(rows)-1] = line(dim, text.Lit("r goes on without it"))
		}
	case s.wait.Attempt > 0:
		rows = append(rows, line(alarm, text.CleanBlock(fmt.Sprint(s.wait.Cause)).Line()), line(dim, attemptLine(s.wait)))
	case s.done:
		rows = append(rows, line(dim, text.CleanLine("done, "+count(p.Calls, "call", "calls"))))
		if p.ListErr != nil {
			rows = append(rows, line(alarm, text.CleanBlock(p.ListErr.Error()).Line()))
		} else if p.Listed >= history.MaxListed {
			rows = append(rows, line(dim, text.CleanLine(fmt.Sprintf("of %d, the service lists no more", history.MaxListed))))
		}
	case s.stopped:
		rows = append(rows, line(dim, text.Lit("stopped · r goes on")))
	default:
		where := text.Lit("listing the conversations")
		if id := cmp.Or(p.Chat.Group, p.Chat.Peer); id != "" {
			where = idLine(id)
		}
		if !p.Back.IsZero() {
			where = text.Join(where, text.CleanLine(", back to "+p.Back.In(s.look.zone).Format(time.DateOnly)))
		}
		rows = append(rows, line(dim, where), line(dim, text.CleanLine(count(p.Calls, "call", "calls")+" · esc stops")))
	}
	for len(rows) < footerRows {
		rows = append(rows, row{})
	}
	return rows[:footerRows]
}

// pause notes a pause of the step under way.
func (s *findings) pause(msg waitMsg) {
	if s != nil && msg.pane == paneFindings && msg.number == s.number {
		s.wait = msg.wait
	}
}
