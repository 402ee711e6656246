package ui

import (
	"cmp"
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// listState is how far the conversations of a user are loaded.
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
	list   *history.List      // what all is of, or will be once a page is there
	anew   bool               // all is still of the list before

	state   listState
	err     error
	request request
	frame   int // of the spinner; 0 is none

	filter   string
	selected int          // of shown
	chosen   history.Name // what the selection stays with, once somebody moved it
	opened   history.Name // the conversation beside the list
	top      int          // the first row of shown on screen

	fresh map[history.Name]bool // those with something new, which nobody opened since
}

func newConversations(ctx context.Context, client Client, waits chan<- waitMsg, l look) conversations {
	return conversations{ctx: ctx, client: client, look: l, request: request{of: paneConversations, waits: waits}}
}

// open lists another user's conversations.
func (c *conversations) open(user string) tea.Cmd {
	c.stop()
	c.user, c.all, c.shown = user, nil, nil
	c.filter, c.selected, c.top, c.chosen = "", 0, 0, history.Name{}
	c.fresh = nil
	c.state, c.err = listDone, nil
	if user == "" {
		return nil
	}
	return c.begin()
}

// begin asks for the list from its first page on. What is listed stays until
// that page is there.
func (c *conversations) begin() tea.Cmd {
	c.list, c.anew = &history.List{}, true
	return c.fetch()
}

// stop cancels the request under way.
func (c *conversations) stop() {
	c.request.stop()
	if c.state == listLoading {
		c.state = listDone
	}
}

func (c *conversations) fetch() tea.Cmd {
	ctx, number := c.request.begin(c.ctx)
	c.state, c.err = listLoading, nil
	next, _ := c.list.Next() // it is asked for only where there is more
	return fetchConversations(ctx, c.client, c.user, next, number)
}

// giveUp ends the request under way, if the reader sees that there is one: a
// pause, or in the focused pane a spinner. It reports whether it did.
func (c *conversations) giveUp(focused bool) bool {
	if !c.request.pausing() && !(focused && c.state == listLoading && c.frame > 0) {
		return false
	}
	err := cmp.Or(c.request.wait.Cause, errStopped)
	c.stop()
	c.state, c.err = listFailed, err
	c.clamp()
	return true
}

// apply adds a page and asks for the next one, until the list is whole.
func (c *conversations) apply(msg conversationsMsg) tea.Cmd {
	if msg.number != c.request.number {
		return nil
	}
	c.request.stop()
	if msg.err != nil {
		c.state, c.err = listFailed, msg.err
		c.clamp()
		return nil
	}
	err := c.list.Add(msg.page)
	c.all, c.anew = c.list.All(), false
	c.narrow(c.filter)
	_, more := c.list.Next()
	switch {
	case err != nil:
		c.state, c.err = listFailed, err
	case more:
		return c.fetch()
	default:
		c.state = listDone
	}
	c.clamp()
	return nil
}

// maxSearched is how much of an ID the filter looks at; it has 32 characters.
const maxSearched = 256

// searched is what the filter looks at: the ID, and the name if it is known.
func (c *conversations) searched(conv zim.Conversation) string {
	name, _ := c.name(conv) // one that is not known cannot be searched
	return strings.ToLower(conv.ConvId[:min(len(conv.ConvId), maxSearched)] + "\n" + name.String())
}

// name returns the name of a conversation, and whether it was looked up.
func (c *conversations) name(conv zim.Conversation) (name text.Line, known bool) {
	if conv.ConvType == zim.Group {
		return c.look.names.group(conv.ConvId)
	}
	return c.look.names.user(conv.ConvId)
}

// wantUsers asks for the names of all users of the list.
func (c *conversations) wantUsers(n *names) {
	for _, conv := range c.all {
		if conv.ConvType == zim.Peer {
			n.want(conv.ConvId)
		}
	}
}

// wantGroups asks for the names of the groups that are on screen.
func (c *conversations) wantGroups(n *names) {
	for i := c.top; i < min(c.top+c.rows(), len(c.shown)); i++ {
		if conv := c.all[c.shown[i]]; conv.ConvType == zim.Group {
			n.wantGroup(conv.ConvId, c.user)
		}
	}
}

// narrow shows the conversations whose ID or name contains the filter, in any
// case. The selection stays with the one that was chosen, if that is shown.
func (c *conversations) narrow(filter string) {
	c.filter = filter
	c.shown = c.shown[:0]
	want := strings.ToLower(filter)
	found := false
	for i, conv := range c.all {
		if !strings.Contains(c.searched(conv), want) {
			continue
		}
		if history.NameOf(conv) == c.chosen {
			c.selected, found = len(c.shown), true
		}
		c.shown = append(c.shown, i)
	}
	if !found && (c.chosen == history.Name{} || filter != "") {
		c.selected = 0
	}
	c.reveal()
}

// current returns the selected conversation.
func (c *conversations) current() (zim.Conversation, bool) {
	if c.selected < 0 || c.selected >= len(c.shown) {
		return zim.Conversation{}, false
	}
	return c.all[c.shown[c.selected]], true
}

// mark selects a conversation as the one that is open beside the list.
func (c *conversations) mark(k history.Name) {
	c.opened, c.chosen = k, k
	delete(c.fresh, k)
	c.narrow(c.filter)
}

// rows is the number of lines between title and footer, and an error if any.
func (c *conversations) rows() int { return max(c.h-2-len(c.errorRows()), 0) }

// clamp keeps the selection in the list, and the list on screen.
func (c *conversations) clamp() {
	c.selected = max(0, min(c.selected, len(c.shown)-1))
	c.top = max(0, min(c.top, len(c.shown)-c.rows()))
}

// reveal brings the selection on screen.
func (c *conversations) reveal() {
	c.selected = max(0, min(c.selected, len(c.shown)-1))
	c.top = min(c.top, c.selected)
	c.top = max(c.top, c.selected-c.rows()+1, 0)
	c.clamp()
}

func (c *conversations) resize(w, h int) {
	if w == c.w && h == c.h {
		return
	}
	row := c.selected - c.top
	c.w, c.h = w, h
	c.top = c.selected - row
	c.reveal()
}

func (c *conversations) restyle(l look) { c.look = l }

// renamed lets the filter look at names that came.
func (c *conversations) renamed() {
	if top := c.top; c.filter != "" {
		c.narrow(c.filter)
		c.top = top
		c.clamp()
	}
}

// spin moves the spinner to a frame.
func (c *conversations) spin(frame int) { c.frame = frame }

// failed reports whether r would ask again for something that could not be had.
func (c *conversations) failed() bool { return c.state == listFailed }

// reload asks again for what could not be had; if all could, for all of it.
func (c *conversations) reload() tea.Cmd {
	switch {
	case c.user == "" || c.state == listLoading:
		return nil
	case c.failed():
		if _, more := c.list.Next(); more {
			return c.fetch()
		}
	}
	return c.begin()
}

func (c *conversations) handleKey(k tea.KeyPressMsg) {
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
	}
}

// move selects what is k rows further; if the selection was scrolled away, a
// row on screen.
func (c *conversations) move(k int) {
	switch {
	case c.selected < c.top:
		c.selected = c.top
	case c.selected >= c.top+c.rows():
		c.selected = c.top + c.rows() - 1
	default:
		c.selected += k
	}
	c.reveal()
	c.choose()
}

// choose makes the selection stay with the conversation that it is on.
func (c *conversations) choose() {
	if conv, ok := c.current(); ok {
		c.chosen = history.NameOf(conv)
	}
}

// scroll moves the list; the selection stays with its conversation.
func (c *conversations) scroll(k int) {
	c.top += k
	c.clamp()
}

// click selects the conversation at a row of the pane.
func (c *conversations) click(y int) bool {
	i := c.top + y - 1
	if y < 1 || y > c.rows() || i >= len(c.shown) {
		return false
	}
	c.selected = i
	c.choose()
	return true
}
