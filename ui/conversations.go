package ui

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// listCap is how many conversations the service lists at most: the latest.
const listCap = 1000

// capWidth is the width from which the footer says so in full.
const capWidth = 34

// listing state of the conversations of a user.
type listState uint8

const (
	listDone listState = iota // all there is, or no user
	listLoading
	listFailed
)

// conversations is the pane of a user's conversations, newest first.
type conversations struct {
	look look
	w, h int

	ctx    context.Context
	client Client
	user   string
	all    []zim.Conversation // newest first
	shown  []int              // of all, those that the filter lets through
	next   zim.Next
	asked  map[zim.Next]bool

	state  listState
	err    error
	number int // of the last request; answers to others come too late
	cancel context.CancelFunc
	frame  int // of the spinner; 0 is none

	filter   string
	selected int // of shown
	top      int // the first row of shown on screen
	touched  bool
}

func newConversations(ctx context.Context, client Client, l look) conversations {
	return conversations{ctx: ctx, client: client, look: l, cancel: func() {}}
}

// open lists another user's conversations.
func (c *conversations) open(user string) tea.Cmd {
	c.stop()
	c.user, c.all, c.shown = user, nil, nil
	c.next, c.asked = "", map[zim.Next]bool{}
	c.state, c.err = listDone, nil
	c.filter, c.selected, c.top, c.touched = "", 0, 0, false
	if user == "" {
		return nil
	}
	return c.fetch()
}

// stop cancels the request under way.
func (c *conversations) stop() {
	c.cancel()
	c.number++
	if c.state == listLoading {
		c.state = listDone
	}
}

func (c *conversations) fetch() tea.Cmd {
	ctx, cancel := context.WithCancel(c.ctx)
	c.cancel = cancel
	c.number++
	c.state, c.err = listLoading, nil
	return fetchConversations(ctx, c.client, c.user, c.next, c.number)
}

// apply adds a page and asks for the next one, until the list is whole.
func (c *conversations) apply(msg conversationsMsg) tea.Cmd {
	if msg.number != c.number {
		return nil
	}
	c.cancel()
	if msg.err != nil {
		c.state, c.err = listFailed, msg.err
		return nil
	}
	c.add(msg.page.List)
	c.asked[c.next] = true
	c.next = msg.page.Next
	switch {
	case c.next.End():
		c.state = listDone
	case c.asked[c.next]:
		c.state, c.err = listFailed, errors.New("the service repeated a page: the list may not be whole")
	default:
		return c.fetch()
	}
	return nil
}

// add puts conversations into the list, the latest first, each once. Until
// somebody moves the selection it stays on the newest.
func (c *conversations) add(page []zim.Conversation) {
	type name struct {
		kind zim.ConvType
		id   string
	}
	var chosen name
	if at, ok := c.current(); ok && c.touched {
		chosen = name{at.ConvType, at.ConvId}
	}
	at := map[name]int{}
	for i, conv := range c.all {
		at[name{conv.ConvType, conv.ConvId}] = i
	}
	for _, conv := range page {
		n := name{conv.ConvType, conv.ConvId}
		if i, known := at[n]; known && conv.ConvId != "" {
			if conv.UpdateTime > c.all[i].UpdateTime {
				c.all[i] = conv
			}
			continue
		}
		at[n] = len(c.all)
		c.all = append(c.all, conv)
	}
	slices.SortStableFunc(c.all, func(a, b zim.Conversation) int { return cmp.Compare(b.UpdateTime, a.UpdateTime) })
	c.narrow(c.filter)
	for i, of := range c.shown {
		if conv := c.all[of]; c.touched && (name{conv.ConvType, conv.ConvId}) == chosen {
			c.selected = i
		}
	}
	c.clamp()
}

// narrow shows the conversations whose ID contains the filter, in any case.
func (c *conversations) narrow(filter string) {
	c.filter = filter
	c.shown = c.shown[:0]
	for i, conv := range c.all {
		if strings.Contains(strings.ToLower(conv.ConvId), strings.ToLower(filter)) {
			c.shown = append(c.shown, i)
		}
	}
	c.clamp()
}

// current returns the selected conversation.
func (c *conversations) current() (zim.Conversation, bool) {
	if c.selected < 0 || c.selected >= len(c.shown) {
		return zim.Conversation{}, false
	}
	return c.all[c.shown[c.selected]], true
}

// rows is the number of lines between title and footer.
func (c *conversations) rows() int { return max(c.h-2, 0) }

// clamp keeps the selection in the list and on screen.
func (c *conversations) clamp() {
	c.selected = max(0, min(c.selected, len(c.shown)-1))
	c.top = min(c.top, c.selected)
	c.top = max(c.top, c.selected-c.rows()+1, 0)
	c.top = max(0, min(c.top, len(c.shown)-c.rows()))
}

func (c *conversations) resize(w, h int) {
	row := c.selected - c.top
	c.w, c.h = w, h
	c.top = c.selected - row
	c.clamp()
}

func (c *conversations) restyle(l look) { c.look = l }

// retry asks again for what could not be had, and for everything if all was.
func (c *conversations) retry() tea.Cmd {
	switch {
	case c.user == "" || c.state == listLoading:
		return nil
	case c.state == listFailed && !c.asked[c.next]:
		return c.fetch()
	}
	filter := c.filter
	cmd := c.open(c.user)
	c.filter = filter
	return cmd
}

func (c *conversations) handleKey(k tea.KeyPressMsg) tea.Cmd {
	lines, jumps := keys.jump(k, c.rows())
	switch {
	case jumps:
		c.move(lines)
	case key.Matches(k, keys.Down):
		c.move(1)
	case key.Matches(k, keys.Up):
		c.move(-1)
	case key.Matches(k, keys.First):
		c.move(-len(c.shown))
	case key.Matches(k, keys.Last):
		c.move(len(c.shown))
	case key.Matches(k, keys.ScrollDown):
		c.scroll(1)
	case key.Matches(k, keys.ScrollUp):
		c.scroll(-1)
	case key.Matches(k, keys.Reload):
		return c.retry()
	}
	return nil
}

func (c *conversations) move(k int) {
	c.touched = true
	c.selected += k
	c.clamp()
}

// scroll moves the list under the selection, which stays on screen.
func (c *conversations) scroll(k int) {
	c.touched = true
	c.top = max(0, min(c.top+k, len(c.shown)-c.rows()))
	c.selected = max(c.top, min(c.selected, c.top+c.rows()-1))
	c.clamp()
}

// click selects the conversation at a row of the pane.
func (c *conversations) click(y int) bool {
	i := c.top + y - 1
	if y < 1 || y > c.rows() || i >= len(c.shown) {
		return false
	}
	c.selected, c.touched = i, true
	c.clamp()
	return true
}

// view draws the pane, a string for each of its lines.
func (c *conversations) view(focused bool) []string {
	draw := func(r row, selected bool) string {
		return r.render(c.look.styles, c.look.widths, c.w, selected)
	}
	title := span{bold, text.Lit("Conversations")}
	if focused {
		title.ink = accent
	}
	lines := []string{draw(row{space(barColumn), title}, false)}
	if c.state == listFailed && len(c.all) == 0 {
		for _, r := range c.errorRows() {
			lines = append(lines, draw(r, false))
		}
	}
	for i := c.top; i < min(c.top+c.rows(), len(c.shown)); i++ {
		bar := span{plain, text.Lit(" ")}
		if i == c.selected {
			bar = selectionBar(focused)
		}
		lines = append(lines, draw(c.row(bar, c.all[c.shown[i]]), i == c.selected && focused))
	}
	for len(lines) < c.h-1 {
		lines = append(lines, blanks(c.w))
	}
	lines = append(lines[:max(c.h-1, 0)], draw(c.footer(), false))
	return lines[:min(len(lines), max(c.h, 0))]
}

// row is `* team      13:58`: the mark of a group, the ID, the last change.
func (c *conversations) row(bar span, conv zim.Conversation) row {
	mark := text.Lit(" ")
	if conv.ConvType == zim.Group {
		mark = text.Lit("*")
	}
	left := row{bar, span{dim, text.Join(mark, text.Lit(" "))}, span{bold, idLine(conv.ConvId)}}
	if conv.ConvType != zim.Peer && conv.ConvType != zim.Group {
		left = append(left, span{dim, text.Join(text.Lit(" "), text.CleanLine(conv.ConvType.String()))})
	}
	return apart(c.look.widths, c.w-1, left, row{span{dim, c.ago(conv.UpdateTime)}})
}

// ago tells a time as short as it is clear: 14:05 today, Mon in the last six
// days, else the date.
func (c *conversations) ago(ms int64) text.Line {
	at, ok := zim.TimeOf(ms)
	if !ok {
		return text.Lit("unknown time")
	}
	at, now := at.In(c.look.zone), c.look.now().In(c.look.zone)
	switch {
	case at.After(now) && !sameDay(at, now, c.look.zone):
	case sameDay(at, now, c.look.zone):
		return text.CleanLine(at.Format("15:04"))
	case now.Sub(at) < 6*24*time.Hour:
		return text.CleanLine(at.Format("Mon"))
	}
	return text.CleanLine(at.Format(time.DateOnly))
}

func (c *conversations) errorRows() []row {
	return errorRows(c.look.widths, c.w-barColumn-rightMargin, barColumn, c.err, "r retries")
}

// footer counts what is listed, and says what is not.
func (c *conversations) footer() row {
	n := len(c.all)
	var words text.Line
	switch {
	case c.user == "":
		words = text.Lit("ctrl+k names a user")
	case c.state == listFailed && n > 0:
		words = text.Join(number(n), text.Lit(" loaded, the rest failed · r retries"))
	case c.state == listFailed:
		words = text.Lit("not loaded · r retries")
	case c.state == listLoading:
		words = text.Join(text.Lit("loading · "), number(n), spinnerAt(c.frame))
	case n >= listCap && c.w < capWidth:
		words = text.Join(number(n), text.Lit(", no more listed"))
	case n >= listCap:
		words = text.Join(number(n), text.Lit(", the service lists no more"))
	default:
		words = text.CleanLine(count(n, "conversation", "conversations"))
	}
	if c.filter != "" {
		words = text.Join(number(len(c.shown)), text.Lit(" of "), words)
	}
	return row{space(barColumn), span{dim, words}}
}

func number(n int) text.Line { return text.CleanLine(strconv.Itoa(n)) }
