package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Gaps in MsgSeq: a row between two messages says how many numbers are missing.
// That numbers have no gaps is not published, so a row asks and proves nothing. The
// key asks the service what they were; gap_list.go lists what it said. None of it
// becomes part of the history, which is what the list has.

// gapsMode says whether gaps are drawn.
type gapsMode uint8

const (
	gapsAuto gapsMode = iota // unless they are the rule in the chat
	gapsOn
	gapsOff
)

const (
	judgedPairs = 100 // neighbours that tell whether gaps are the rule
	fewPairs    = 10  // tell nothing
	gapNumbers  = 200 // that one key press asks for at most
)

// gapKey names a gap of a chat.
type gapKey struct {
	chat history.Chat
	history.Gap
}

// gapAnswer is what the service said of a gap, from its newest number down.
type gapAnswer struct {
	gap   history.Gap
	asked int64 // numbers
	found []gapFound
	err   error // why it was not asked on
}

// gapFound is a message that was told of, and the RequestId of the answer.
type gapFound struct {
	message zim.Message
	by      string
}

// gaps is what the pane knows of gaps.
type gaps struct {
	mode         gapsMode
	found, pairs int // of the newest neighbours
	answers      map[gapKey]*gapAnswer
	request      request
	asking       gapKey
	busy         bool
	left         int64 // numbers that this key press still asks for
	underWay     []int64
}

// areRule reports whether so many neighbours have a gap between them that the app
// numbers so.
func (g *gaps) areRule() bool { return g.pairs >= fewPairs && g.found*2 > g.pairs }

func (g *gaps) drawn() bool { return g.mode == gapsOn || g.mode == gapsAuto && !g.areRule() }

// judgeGaps counts gaps anew, until enough neighbours are loaded, and lays the pane
// out anew if that changes what is drawn.
func (m *messages) judgeGaps() {
	before := m.gaps.drawn()
	if m.gaps.pairs < judgedPairs {
		m.gaps.found, m.gaps.pairs = m.log.GapsAmong(judgedPairs)
	}
	if m.gaps.drawn() != before {
		m.forget()
	}
}

// gapOver returns the gap above an item. A filter hides neighbours, so there is none.
func (m *messages) gapOver(item int) (k gapKey, bare int, ok bool) {
	if m.filter != nil || !m.gaps.drawn() {
		return gapKey{}, 0, false
	}
	g, bare, ok := m.log.GapAt(item)
	return gapKey{m.chat, g}, bare, ok
}

// gapsBeside returns the gaps above and below an item, without an answer to its
// number too.
func (m *messages) gapsBeside(item int) (list []gapKey) {
	numbered := func(i int) int {
		for n := 0; n < maxTimeless && i > 0 && m.at(i).MsgSeq == 0; n++ {
			i--
		}
		return i
	}
	above := numbered(item)
	for _, i := range []int{above, numbered(above - 1)} {
		if i < 0 || len(list) > 0 && i == above {
			continue
		}
		if k, _, ok := m.gapOver(i); ok {
			list = append(list, k)
		}
	}
	return list
}

// gapRows are the row of the gap above an item, wrapped where it is too long.
func (m *messages) gapRows(item int) (rows []row) {
	k, bare, ok := m.gapOver(item)
	if !ok {
		return nil
	}
	said := text.CleanBlock("· " + m.gapSentence(k, bare) + " ·")
	for _, l := range m.look.widths.Wrap(said, max(m.w-headerColumn-rightMargin-barCells, 1)) {
		rows = append(rows, row{space(headerColumn), span{dim, l}})
	}
	return rows
}

func (m *messages) gapSentence(k gapKey, bare int) string {
	n := k.Numbers()
	said := "1 number missing"
	switch {
	case bare > 0:
		said = fmt.Sprintf("%d of %d numbers missing", n-int64(bare), n)
	case n > 1:
		said = fmt.Sprintf("%d numbers missing", n)
	}
	said += " (" + seqRange(k.After+1, k.Before-1) + ")"
	a := m.gaps.answers[k]
	switch {
	case m.gaps.busy && m.gaps.asking == k:
		return said + fmt.Sprintf(" · asking, %d of %d so far · esc stops", a.asked, n)
	case a == nil || a.asked == 0 && a.err == nil:
		if m.viewer == "" && m.chat.User == "" && !m.chat.IsGroup() {
			return said // a file, of which nobody can be asked
		}
		return said + " · e asks"
	case a.err != nil:
		return said + a.sentence() + " · asking failed, e asks again"
	case a.asked < n:
		return said + a.sentence() + " · e asks on, :missing lists"
	}
	return said + a.sentence() + " · e lists"
}

func seqRange(from, to int64) string {
	if from == to {
		return fmt.Sprintf("seq %d", from)
	}
	return fmt.Sprintf("seq %d-%d", from, to)
}

// sentence counts what the service said: `: 3 recalled, 8 unknown to the service`.
func (a *gapAnswer) sentence() string {
	var recalled, deleted, whole int
	for _, f := range a.found {
		switch e := f.message.Envelope(); {
		case e.IsEmpty == zim.Revoked || e.MsgType == zim.TypeRecallNotice:
			recalled++
		case e.IsEmpty == zim.Deleted:
			deleted++
		default:
			whole++
		}
	}
	said, before := "", ": "
	add := func(n int64, what string) {
		if n > 0 {
			said += fmt.Sprintf("%s%d %s", before, n, what)
			before = ", "
		}
	}
	add(int64(recalled), "recalled")
	add(int64(deleted), "deleted or expired")
	if whole == 1 {
		add(1, "message")
	} else {
		add(int64(whole), "messages")
	}
	add(a.asked-int64(len(a.found)), "unknown to the service")
	if a.asked > 0 {
		add(a.gap.Numbers()-a.asked, "not asked for")
	}
	return said
}

// askGap asks what the numbers were that are missing beside the selected message;
// of a gap that was asked about, it lists what was said.
func (m *Model) askGap() tea.Cmd {
	p := &m.messages
	switch {
	case m.offline:
		m.notice = text.Lit("a file cannot be asked for what it lacks")
		return nil
	case p.gaps.busy:
		m.notice = text.Lit("the numbers of a gap are being asked for: esc stops")
		return nil
	case p.filter != nil:
		m.notice = text.Lit("a filter hides neighbours, so no gap is shown: f and an empty line end it")
		return nil
	case p.len() == 0:
		return nil
	}
	beside := p.gapsBeside(p.selected)
	for _, k := range beside {
		if a := p.gaps.answers[k]; a == nil || a.asked < k.Numbers() {
			return p.askGap(k)
		}
	}
	if len(beside) > 0 {
		m.showMissing()
		return nil
	}
	m.notice = text.Lit("no number is missing beside this message")
	if !p.gaps.drawn() {
		m.notice = text.Lit("gaps in the numbers are not drawn here: :gaps on draws them")
	}
	return nil
}

// askGap begins to ask for the numbers of a gap.
func (m *messages) askGap(k gapKey) tea.Cmd {
	if _, ok := m.askBySeq(); !ok {
		m.say = text.Lit("nobody is known in whose name the service could be asked")
		return nil
	}
	if m.gaps.answers == nil {
		m.gaps.answers = map[gapKey]*gapAnswer{}
	}
	a := m.gaps.answers[k]
	if a == nil {
		a = &gapAnswer{gap: k.Gap}
		m.gaps.answers[k] = a
	}
	m.gaps.asking, m.gaps.busy, a.err = k, true, nil
	m.gaps.left = min(k.Numbers()-a.asked, gapNumbers)
	m.keepingLines(m.forget)
	return m.askOn()
}

// askOn asks for the next numbers of the gap.
func (m *messages) askOn() tea.Cmd {
	g := &m.gaps
	a := g.answers[g.asking]
	var seqs []int64
	for seq := a.gap.Before - 1 - a.asked; len(seqs) < zim.MaxMsgSeqs && int64(len(seqs)) < g.left; seq-- {
		seqs = append(seqs, seq)
	}
	ask, _ := m.askBySeq(seqs...)
	g.underWay = seqs
	ctx, number := g.request.begin(zim.WithPriority(m.ctx, zim.Foreground))
	return fetchBySeq(ctx, m.client, ask, paneGap, number)
}

// applyGap notes what the service said of some numbers, and asks on.
func (m *messages) applyGap(msg bySeqMsg) (cmd tea.Cmd) {
	g := &m.gaps
	if msg.number != g.request.number || !g.busy {
		return nil
	}
	g.request.stop()
	a := g.answers[g.asking]
	if msg.err != nil {
		g.busy, a.err = false, msg.err
		m.say = text.Join(text.Lit("not asked: "), text.CleanBlock(msg.err.Error()).Line())
	} else {
		a.add(msg.page)
		a.asked += int64(len(g.underWay))
		if g.left -= int64(len(g.underWay)); g.left > 0 {
			cmd = m.askOn()
		} else {
			g.busy = false
		}
	}
	m.keepingLines(m.forget)
	return cmd
}

// add notes what a page tells, each number once.
func (a *gapAnswer) add(p *zim.MessagePage) {
	for _, msg := range p.List {
		if msg.MsgSeq == 0 || !slices.ContainsFunc(a.found, func(f gapFound) bool { return f.message.MsgSeq == msg.MsgSeq }) {
			a.found = append(a.found, gapFound{msg, p.RequestId})
		}
	}
}

// stop ends what is asked, without a word.
func (g *gaps) stop() {
	g.request.stop()
	g.busy = false
}

// stopAsking ends what is asked about a gap, and reports whether anything was. What
// was said stays.
func (m *messages) stopAsking() bool {
	if !m.gaps.busy {
		return false
	}
	m.gaps.stop()
	m.keepingLines(m.forget)
	m.say = text.Lit("stopped")
	return true
}

// askingLine tells how far the asking is, for the status line.
func (m *messages) askingLine() []text.Line {
	g := &m.gaps
	a := g.answers[g.asking]
	what := text.CleanLine("asking for " + seqRange(a.gap.After+1, a.gap.Before-1))
	far := text.CleanLine(fmt.Sprintf("%d of %d numbers", a.asked, a.gap.Numbers()))
	return []text.Line{dotted(what, far, text.Lit("esc stops")), dotted(far, text.Lit("esc stops")), far}
}

// setGaps draws gaps always, never, or unless they are the rule; without a word, it
// turns them on or off.
func (m *Model) setGaps(words string) tea.Cmd {
	g := &m.messages.gaps
	mode, known := map[string]gapsMode{"auto": gapsAuto, "on": gapsOn, "off": gapsOff}[words]
	switch {
	case words == "" && g.drawn():
		mode = gapsOff
	case words == "":
		mode = gapsOn
	case !known:
		m.notice = text.Lit("gaps: say auto, on or off")
		return nil
	}
	m.messages.keepingLines(func() {
		g.mode = mode
		m.messages.forget()
	})
	m.notice = map[gapsMode]text.Line{
		gapsAuto: text.Lit("gaps in the numbers are drawn, unless they are the rule in a chat"),
		gapsOn:   text.Lit("gaps in the numbers are drawn"),
		gapsOff:  text.Lit("gaps in the numbers are not drawn"),
	}[mode]
	return nil
}
