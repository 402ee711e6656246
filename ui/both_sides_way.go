package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// way is how a comparison goes on: a call at a time, as long as the screen or the
// reader wants more.
type way struct {
	request request
	busy    bool // a step is under way
	stopped bool // by the reader
	err     error
	calls   int
	unasked int // calls in a row that nobody asked for and that brought no line
	seek    seek
}

// seek is what is looked for on the way, by itself. The zero value is nothing.
type seek struct {
	kind  seekKind
	from  int   // for a difference: the message that it is older than
	id    int64 // for a message: its MsgId, 0 for one without
	at    int64 // and its time in ms
	seen  int   // and the messages that it is not among
	calls int   // that were made before
}

type seekKind uint8

const (
	seekNothing seekKind = iota
	seekDifference
	seekMessage
)

// bothMsg answers compareOn.
type bothMsg struct {
	diff   *history.Diff
	number int
	found  []history.Difference
	far    compared
	err    error
}

// compareOn takes the next step of a comparison. Nobody else touches it until it is
// answered.
func compareOn(ctx context.Context, d *history.Diff, number int) tea.Cmd {
	return func() tea.Msg {
		found, err := d.Step(ctx)
		far := compared{counts: d.Counts(), done: d.Done()}
		for i, side := range []history.Side{history.SideA, history.SideB} {
			rows, back, ok := d.Read(side)
			if far.rows[i] = rows; ok && (!far.timed || back.After(far.back)) {
				far.back, far.timed = back, true
			}
		}
		return bothMsg{d, number, found, far, err}
	}
}

// begin compares anew.
func (b *bothSides) begin() {
	b.diff = history.NewDiff(b.client, b.chat, history.DiffOptions{Agreed: true})
	b.laid, b.far, b.short = history.Overlay{}, compared{}, nil
	b.way.request.stop()
	b.way = way{request: b.way.request}
	b.selected, b.low = 0, 0
	b.forget()
}

// reload goes on after an error or a stop; where there was none, it compares anew.
func (b *bothSides) reload() {
	if b.way.err != nil || b.way.stopped {
		b.asks()
		b.way.err = nil
		return
	}
	selected, some := b.pointed()
	b.begin()
	if some {
		b.seekMessage(selected)
	}
}

// asks says that the reader wants more. What failed is not asked for again by that.
func (b *bothSides) asks() { b.way.unasked, b.way.stopped = 0, false }

// goOn takes the next step, if one is wanted: for what is looked for, or until two
// screens are left above.
func (b *bothSides) goOn() tea.Cmd {
	w := &b.way
	if w.busy || w.stopped || w.err != nil || b.far.done || b.ctx.Err() != nil {
		return nil
	}
	above := b.lines() - b.low - b.rows()
	priority := zim.Prefetch
	switch {
	case w.seek.kind != seekNothing:
		priority = zim.Background
	case above >= 2*b.rows() || w.unasked >= maxUnasked:
		return nil
	case above <= 0:
		priority = zim.Foreground
	}
	ctx, n := w.request.begin(zim.WithPriority(b.ctx, priority))
	w.busy = true
	return compareOn(ctx, b.diff, n)
}

// apply lays what a step found behind the rest.
func (b *bothSides) apply(msg bothMsg) {
	if b == nil || msg.diff != b.diff {
		return
	}
	w := &b.way
	w.busy, w.request.wait = false, zim.Wait{}
	w.calls++
	before := b.lines()
	b.far = msg.far
	b.add(msg.found)
	if w.unasked++; b.lines() > before {
		w.unasked = 0
	}
	b.head, b.detail = b.title(), detailed{line: -1}
	b.settle()
	if msg.err != nil && msg.number == w.request.number { // else it was stopped
		w.err = msg.err
		b.say = text.CleanBlock(msg.err.Error()).Line() // the edge may not be on screen
	}
	b.arrive()
}

// settle keeps selection and screen within what there is.
func (b *bothSides) settle() {
	b.selected = max(0, min(b.selected, b.lines()-1))
	b.scroll(0)
}

// nextDifference selects the next difference that is older, and compares on until
// there is one.
func (b *bothSides) nextDifference() {
	from := -1
	if b.lines() > 0 {
		i, run := b.at(b.selected)
		from = i + max(run-1, 0)
	}
	b.asks()
	b.way.err = nil
	b.way.seek = seek{kind: seekDifference, from: from, calls: b.way.calls}
	b.arrive()
}

// previousDifference selects the next difference that is newer.
func (b *bothSides) previousDifference() {
	b.way.seek = seek{}
	if b.lines() > 0 {
		i, _ := b.at(b.selected)
		if at, ok := b.laid.Beyond(i, -1); ok {
			b.show(at)
			return
		}
	}
	b.say = text.Lit("no newer difference")
}

// seekMessage goes to a message of either list, or to its time.
func (b *bothSides) seekMessage(msg zim.Message) {
	if msg.MsgId == 0 && msg.MsgTime == 0 {
		return
	}
	b.way.seek = seek{kind: seekMessage, id: msg.MsgId, at: msg.MsgTime, calls: b.way.calls}
	b.arrive()
}

// arrive shows what is looked for, if it came, or says that it will not.
func (b *bothSides) arrive() {
	s := &b.way.seek
	switch s.kind {
	case seekDifference:
		if at, ok := b.laid.Beyond(s.from, 1); ok {
			*s = seek{}
			b.show(at)
		} else if b.far.done {
			*s = seek{}
			b.say = text.Join(text.Lit("no older difference: "), b.foundSoFar())
		}
	case seekMessage:
		at, ok := b.laid.Index(s.id)
		for ; !ok && s.seen < b.laid.Len(); s.seen++ {
			if t := b.laid.Time(s.seen); s.at != 0 && t != 0 && t < s.at {
				at, ok = max(s.seen-1, 0), true
				break
			}
		}
		if ok {
			*s = seek{}
			b.show(at)
		} else if b.far.done || b.way.calls-s.calls >= 2*maxGoalPages { // of each list
			*s = seek{}
			b.say = text.Join(text.Lit("the selected message is older than what is compared: "), b.foundSoFar())
		}
	}
}

// stop ends what goes on by itself and can be seen, and reports whether something
// did.
func (b *bothSides) stop() bool {
	if b == nil {
		return false
	}
	w := &b.way
	if w.err != nil {
		w.seek = seek{}
	}
	seen := w.request.pausing() || w.busy && !w.stopped && b.frame > 0 && b.low+b.rows() > b.lines()
	if w.seek.kind == seekNothing && !seen {
		return false
	}
	w.seek, w.stopped = seek{}, true
	w.request.stop()
	b.say = text.Join(text.Lit("stopped: "), b.foundSoFar())
	return true
}

// waiting reports whether a step is under way that nobody stopped.
func (b *bothSides) waiting() bool { return b != nil && b.way.busy && !b.way.stopped }

// pause notes a pause of the step under way.
func (b *bothSides) pause(msg waitMsg) {
	if b != nil {
		b.way.request.pause(msg)
	}
}

// tendBoth brings the pane up to date after an update, while it is shown: what it has
// to say, and the next step.
func (m *Model) tendBoth() tea.Cmd {
	b, shown := m.cover.(*bothSides)
	if !shown {
		return nil
	}
	b.frame = m.frame
	if !b.say.Empty() {
		m.notice, b.say = b.say, text.Line{}
	}
	return b.goOn()
}

// progress tells how far the pane is on its way to what is looked for, in lines of
// which the longest comes first; none if it looks for nothing.
func (b *bothSides) progress() []text.Line {
	var what text.Line
	switch {
	case b.way.err != nil:
		return nil
	case b.way.request.pausing():
		return []text.Line{attemptLine(b.way.request.wait)}
	case b.way.seek.kind == seekDifference:
		what = text.Lit("to the next difference")
	case b.way.seek.kind == seekMessage:
		what = text.Lit("to the selected message")
	default:
		return nil
	}
	calls, esc := text.CleanLine(count(b.way.calls-b.way.seek.calls, "call", "calls")), text.Lit("esc stops")
	found := b.foundSoFar()
	return []text.Line{dotted(what, found, calls, esc), dotted(found, calls, esc), dotted(found, esc), dotted(calls, esc), calls}
}

// foundSoFar is `4 differences, back to 2026-03-01 10:00`.
func (b *bothSides) foundSoFar() text.Line {
	found := "no difference"
	if n := b.laid.Differences(); n > 0 {
		found = count(n, "difference", "differences")
		if b.lines() > 0 {
			if i, run := b.at(b.selected); run == 0 && b.laid.Number(i) > 0 {
				found = text.CleanLine(number(b.laid.Number(i)).String() + " of " + found).String()
			}
		}
	}
	switch {
	case b.far.done:
		return text.Join(text.CleanLine(found), text.Lit(", back to the start of both lists"))
	case b.far.timed:
		return text.Join(text.CleanLine(found), text.CleanLine(", back to "+b.far.back.In(b.look.zone).Format("2006-01-02 15:04")))
	}
	return text.CleanLine(found)
}
