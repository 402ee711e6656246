package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/media"
)

// mediaCheck is the pane of every link of a message: what the message declares of
// each, and what is there.
type mediaCheck struct {
	look look
	w, h int

	of       int64 // the MsgId of the message
	links    []media.Link
	found    []*fetchedMsg // of each link; nil until it was checked
	busy     *transfer     // the check under way
	selected int
	top      int // the first row on screen
}

func newMediaCheck(of int64, links []media.Link) *mediaCheck {
	return &mediaCheck{of: of, links: links, found: make([]*fetchedMsg, len(links))}
}

// checkMedia checks every link of the message, one after another.
func (m *Model) checkMedia() tea.Cmd {
	if c, ok := m.cover.(*mediaCheck); ok {
		c.close()
		return c.next(m.ctx, m.media)
	}
	msg, _ := m.pointedAt()
	links := media.Links(msg.Envelope().Body().Content)
	if len(links) == 0 {
		m.notice = text.Lit("the message has no file")
		return nil
	}
	c := newMediaCheck(msg.MsgId, links)
	m.put(c)
	return c.next(m.ctx, m.media)
}

// next checks the first link that was not checked; if all were, all again.
func (c *mediaCheck) next(ctx context.Context, f *media.Fetcher) tea.Cmd {
	if !slices.Contains(c.found, nil) {
		clear(c.found)
	}
	i := slices.Index(c.found, nil)
	t, ctx := begin(ctx, c.links[i], c.of, true)
	c.busy = t
	return checkLink(ctx, f, t)
}

// apply notes what a check found and begins the next one.
func (c *mediaCheck) apply(ctx context.Context, f *media.Fetcher, msg fetchedMsg) tea.Cmd {
	if msg.transfer != c.busy {
		return nil
	}
	c.busy = nil
	c.found[slices.Index(c.found, nil)] = &msg
	if slices.Contains(c.found, nil) {
		return c.next(ctx, f)
	}
	return nil
}

func (c *mediaCheck) pane() pane { return paneMedia }

// current returns the selected link.
func (c *mediaCheck) current() (media.Link, bool) {
	return c.links[c.selected], true
}

func (c *mediaCheck) resize(w, h int) {
	c.w, c.h = w, h
	c.keep()
}

func (c *mediaCheck) restyle(l look) { c.look = l }

// keep brings the selected link on screen.
func (c *mediaCheck) keep() {
	rows := max(c.h-1, 1)
	at := 0
	for i := range c.selected {
		at += len(c.link(i))
	}
	n := len(c.link(c.selected))
	c.top = max(min(c.top, at), at+min(n, rows)-rows)
}

func (c *mediaCheck) move(k int) {
	c.selected = max(0, min(c.selected+k, len(c.links)-1))
	c.keep()
}

func (c *mediaCheck) handleKey(k tea.KeyPressMsg) tea.Cmd {
	const rowsOfALink = 4 // most have as many
	if by, moves := keys.step(k, max(c.h/rowsOfALink, 1), len(c.links)); moves {
		c.move(by)
	}
	return nil
}

func (c *mediaCheck) scroll(k int) { c.move(k / wheelLines) }

func (c *mediaCheck) click(_, y int) tea.Cmd {
	at := 1 - c.top
	for i := range c.links {
		if at += len(c.link(i)); y > 0 && y < at {
			c.selected = i
			c.keep()
			break
		}
	}
	return nil
}

// back ends the check under way.
func (c *mediaCheck) back() bool {
	was := c.busy != nil
	c.close()
	return was
}

func (c *mediaCheck) close() {
	if c.busy != nil {
		c.busy.cancel()
		c.busy = nil
	}
}

// view draws the pane, a string for each of its lines.
func (c *mediaCheck) view() []string {
	draw := func(r row) string { return r.render(c.look.styles, c.look.widths, c.w, false) }
	checked := 0
	for _, f := range c.found {
		if f != nil {
			checked++
		}
	}
	said := fmt.Sprintf(" · %s of this message, %d checked", count(len(c.links), "link", "links"), checked)
	switch {
	case c.busy != nil:
		said += " · esc stops"
	case checked < len(c.links):
		said += " · r checks"
	}
	lines := []string{draw(row{space(barColumn), {accent, text.Lit("Media")}, {dim, text.CleanLine(said)}})}
	at := 0
	for i := range c.links {
		rows := c.link(i)
		for n, r := range rows {
			if at+n >= c.top && len(lines) < c.h {
				lines = append(lines, draw(r))
			}
		}
		at += len(rows)
	}
	return append(lines, slices.Repeat([]string{blanks(c.w)}, max(c.h-len(lines), 0))...)[:max(c.h, 0)]
}

// link lays one link out.
func (c *mediaCheck) link(i int) (rows []row) {
	l := c.links[i]
	bar := space(1)
	if i == c.selected {
		bar = selectionBar(true)
	}
	host, err := media.Host(l.URL)
	if err != nil {
		host = err.Error()
	}
	where := dotted(text.CleanName(l.FileName), text.CleanLine(host))
	rows = []row{{space(barColumn), bar, space(1), {bold, text.CleanLine(l.Name)}, space(2), {plain, where}}}
	add := func(i ink, s string) {
		for _, line := range c.look.widths.Wrap(text.CleanBlock(s), max(c.w-textColumn-rightMargin, 1)) {
			rows = append(rows, row{space(textColumn), span{i, line}})
		}
	}
	add(dim, "declared: "+declared(l))
	switch f := c.found[i]; {
	case f != nil:
		c.result(l, f, add)
	case c.busy != nil && slices.Index(c.found, nil) == i:
		add(dim, "checking · "+c.busy.progress().String())
	default:
		add(dim, "not checked")
	}
	return append(rows, row{})
}

// declared says what a message declares of a file.
func declared(l media.Link) string {
	parts := []string{l.Type.String()}
	if l.Size >= 0 {
		parts = append(parts, fmt.Sprintf("%d bytes", l.Size))
	}
	if d := dimensions(l.Width, l.Height); d != "" {
		parts = append(parts, d)
	}
	if l.MD5 != "" {
		parts = append(parts, "MD5 "+l.MD5)
	}
	return strings.Join(parts, " · ")
}

// result adds what was found.
func (c *mediaCheck) result(l media.Link, f *fetchedMsg, add func(ink, string)) {
	r := f.result
	var parts []string
	if r.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, r.Type)))
	}
	if r.MD5 != "" {
		parts = append(parts, fmt.Sprintf("%d bytes", r.Size))
	}
	if d := dimensions(r.Width, r.Height); d != "" {
		parts = append(parts, d)
	}
	if r.MD5 != "" {
		parts = append(parts, "MD5 "+r.MD5)
	}
	if len(parts) > 0 {
		add(plain, "found: "+strings.Join(parts, " · "))
	}
	v := judge(l, r)
	for _, d := range v.differs {
		add(alarm, d)
	}
	if f.err != nil {
		add(alarm, f.err.Error())
		return
	}
	var said []string
	if len(v.agrees) > 0 {
		said = append(said, strings.Join(v.agrees, ", ")+" as declared")
	}
	if len(v.undeclared) > 0 {
		said = append(said, "not declared: "+strings.Join(v.undeclared, ", "))
	}
	if len(said) > 0 {
		add(dim, strings.Join(said, " · "))
	}
}
