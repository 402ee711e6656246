package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
)

// limit is something that no call of this API tells, and what can be looked at
// instead.
type limit struct{ what, told, instead string }

var apiLimits = []limit{
	{"Read or not, delivered or not", "No answer tells whether somebody received or read a message.",
		"An answer that follows is the only sign: { and } go by day, f from:bob shows one sender."},
	{"Edits", "The list has what a message says now, and not that it said something else before.",
		"An earlier text is known only where this session saw it."},
	{"Replies, quotes, mentions, reactions", "Clients know them; no answer of the server documents them.",
		"Fields that are not documented are kept: Fields and Raw in the inspector show them, :shapes counts what payloads have, and / finds an ID or @name in texts and payloads."},
	{"Who deleted a message, and when", "A deleted row may have nothing but IsEmpty, and so may an expired one.",
		"In a one-on-one chat each side deletes for itself: a shows the other side's list. With :retention, a row that is younger cannot have expired."},
	{"What a recalled message said", "The notice tells who, when and by which right. A row may carry the original, or not.",
		"The inspector of the row shows each text that this session saw, and where."},
	{"How long messages are kept", "It depends on the app's plan. A history that ends is no proof that nothing was said before.",
		":retention 30 says it for this session, retention = 30 in the configuration for all."},
	{"Missing numbers", "That MsgSeq has no gaps is not published, nor that both sides have the same numbers. A gap is no proof of a deletion.",
		"e asks the service what the numbers were; :gaps draws gaps, or not."},
	{"Commands (type 2)", "Signals between clients are not kept in a history.",
		"The app's own log has them, if anything has."},
	{"Typing, drafts, unread counts, pins, mutes", "A conversation is told with its ID, its type and when it last changed.",
		"None of it can be seen from here."},
	{"What was in a forwarded chat", "The message has a title and a summary; the messages themselves are elsewhere.",
		"/ finds the same words in other chats: :find does so in all."},
	{"Conversations beyond 1000", "The service lists the 1000 that changed last.",
		"Any other opens by its ID: ctrl+k."},
	{"How long a link to media works", "It is not published, nor whether one must be signed in.",
		":media checks the links of a message."},
}

// limits is the pane of what this API never tells.
type limits struct {
	look  look
	w, h  int
	here  []text.Line // about the chat that is open
	pager pager
}

// showLimits opens the pane.
func (m *Model) showLimits() {
	c := &limits{}
	g := m.messages.gaps
	if g.pairs > 0 {
		said := fmt.Sprintf("in this chat, numbers are missing between %d of the %d newest pairs of neighbours", g.found, g.pairs)
		if g.areRule() {
			said += ": that is how this app numbers"
		}
		if !g.drawn() {
			said += "; gaps are not drawn, :gaps on draws them"
		}
		c.here = append(c.here, text.CleanLine(said))
	}
	if m.look.keptDays > 0 {
		c.here = append(c.here, text.CleanLine("messages are kept for "+count(m.look.keptDays, "day", "days")+", as you said: not by the service"))
	}
	m.put(c)
}

func (c *limits) pane() pane { return paneLimits }

func (c *limits) resize(w, h int) {
	if w == c.w && h == c.h {
		return
	}
	c.w, c.h = w, h
	c.compose()
}

func (c *limits) restyle(l look) {
	c.look = l
	c.compose()
}

// compose lays the text out.
func (c *limits) compose() {
	if c.w <= 0 || c.h <= 0 {
		return
	}
	var parts []part
	add := func(indent int, i ink, l text.Line) {
		for _, l := range c.look.widths.Wrap(text.CleanBlock(l.String()), max(c.w-indent-rightMargin, 1)) {
			parts = append(parts, ready(row{space(indent), {i, l}}))
		}
	}
	for _, l := range c.here {
		add(barColumn, accent, l)
	}
	for _, l := range apiLimits {
		parts = append(parts, ready(row{}))
		add(barColumn, bold, text.CleanLine(l.what))
		add(headerColumn, plain, text.CleanLine(l.told))
		add(headerColumn, dim, text.CleanLine("Instead: "+l.instead))
	}
	c.pager.resize(c.w, max(c.h-1, 0), c.look.widths)
	c.pager.show(parts, true)
}

func (c *limits) handleKey(k tea.KeyPressMsg) tea.Cmd {
	c.pager.handleKey(k)
	return nil
}

func (c *limits) scroll(k int) { c.pager.scroll(k) }

func (c *limits) click(int, int) tea.Cmd { return nil }

func (c *limits) back() bool { return false }

func (c *limits) close() {}

// view draws the pane, a string for each of its lines.
func (c *limits) view() []string {
	draw := func(r row) string { return r.render(c.look.styles, c.look.widths, c.w, false) }
	lines := []string{draw(row{space(barColumn), {accent, text.Lit("Limits")}, {dim, text.Lit(" · what this API never tells")}})}
	for _, r := range c.pager.window() {
		lines = append(lines, draw(r))
	}
	return append(lines, slices.Repeat([]string{blanks(c.w)}, max(c.h-len(lines), 0))...)[:max(c.h, 0)]
}
