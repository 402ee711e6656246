package ui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// keyMap is the one truth about keys: panes match by it, the help is made of
// it, and the README's table is checked against it.
type keyMap struct {
	Down, Up, First, Last                key.Binding
	HalfDown, HalfUp, PageDown, PageUp   key.Binding
	ScrollDown, ScrollUp                 key.Binding
	NextPane, PreviousPane               key.Binding
	Open, OpenFinding, Inspect, Back     key.Binding
	Search, NextHit, PreviousHit         key.Binding
	Filter, GoTo, PreviousDay, NextDay   key.Binding
	JumpBack, OtherSide, Zone, Density   key.Binding
	OpenID, ListFilter, Reload, Actions  key.Binding
	Full, NextTab, PreviousTab, Subject  key.Binding
	Left, Right, UnfoldAll, Depth, Wrap  key.Binding
	Copy, Calls, ShowCall, Export        key.Binding
	MarkCall, WriteCalls, CopyCall       key.Binding
	OpenShape, Profiles, OpenProfile     key.Binding
	BothSides, OnlyDiffs                 key.Binding
	NextDiff, PrevDiff                   key.Binding
	OpenSide, CopySide                   key.Binding
	Bookmark, Note, Bookmarks            key.Binding
	OpenBookmark, DropBookmark           key.Binding
	Collect, Uncollect, CollectCalls     key.Binding
	AskGap, OpenMissing                  key.Binding
	User, Group, OpenRow, CopyRow        key.Binding
	FilterSender, OnlyMembers, AskAgain  key.Binding
	OpenMedia, SaveMedia, CheckAgain     key.Binding
	Follow                               key.Binding
	List, Mouse, Help, QuitAsking, Quit  key.Binding
	Accept, Cancel, NextField, PrevField key.Binding
	Complete, CompleteBack, Older, Newer key.Binding
}

func bind(help, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
}

var keys = keyMap{
	Down:         bind("j ↓", "next", "j", "down"),
	Up:           bind("k ↑", "previous", "k", "up"),
	First:        bind("g home", "to the top", "g", "home"),
	Last:         bind("G end", "to the bottom", "G", "end"),
	HalfDown:     bind("ctrl+d", "half a page down", "ctrl+d"),
	HalfUp:       bind("ctrl+u", "half a page up", "ctrl+u"),
	PageDown:     bind("space pgdn", "a page down", "space", "pgdown"),
	PageUp:       bind("b pgup", "a page up", "b", "pgup"),
	ScrollDown:   bind("J", "scroll down, the selection stays", "J"),
	ScrollUp:     bind("K", "scroll up, the selection stays", "K"),
	NextPane:     bind("tab", "next pane", "tab"),
	PreviousPane: bind("shift+tab", "previous pane", "shift+tab"),
	Open:         bind("enter", "open the conversation", "enter"),
	OpenFinding:  bind("enter", "open the chat at the hit", "enter"),
	Inspect:      bind("enter", "inspect the message", "enter"),
	Full:         bind("enter", "over the whole screen, or beside the messages again", "enter"),
	NextTab:      bind("]", "next tab: Fields, Tree, Raw, HTTP", "]"),
	PreviousTab:  bind("[", "previous tab", "["),
	Subject:      bind("v", "tree of the body, the payload or the message", "v"),
	Left:         bind("h ←", "fold; to the left, where lines are not wrapped", "h", "left"),
	Right:        bind("l →", "unfold, also JSON in a string; to the right", "l", "right"),
	UnfoldAll:    bind("E", "unfold all", "E"),
	Depth:        bind("1 … 9", "unfold so many levels", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
	Wrap:         bind("z", "wrap long lines, or not", "z"),
	Copy:         bind("y", "copy: text, JSON, raw body, IDs, URL, Markdown, link, curl", "y"),
	Export:       bind("x", "export the chat, or its bookmarks, into files", "x"),
	Calls:        bind("L", "the calls of this session", "L"),
	ShowCall:     bind("enter", "the exchange: request and answer, or the list again", "enter"),
	MarkCall:     bind("m", "mark for writing, or not", "m"),
	WriteCalls:   bind("w", "write the marked calls, or this one, as JSON, without signatures", "w"),
	Bookmark:     bind("m", "bookmark the message for this session, or not", "m"),
	Note:         bind(";", "a note at the message, which bookmarks it", ";"),
	Bookmarks:    bind("'", "all bookmarks", "'"),
	OpenBookmark: bind("enter", "go to the message", "enter"),
	DropBookmark: bind("m", "not bookmarked any more", "m"),
	Collect:      bind("+", "put the messages that are shown into the open case", "+"),
	Uncollect:    bind("-", "take this chat's out of the case again", "-"),
	CollectCalls: bind("+", "put the marked calls, or this one, into the open case", "+"),
	AskGap:       bind("e", "ask what the numbers were that are missing here, or list the answer", "e"),
	OpenMissing:  bind("enter", "inspect what the service said", "enter"),
	User:         bind("u", "who it is: the sender of the message, the peer of the conversation", "u"),
	Group:        bind("U", "the group: notice, owner, members, who left", "U"),
	OpenRow:      bind("enter", "open the group, the chat or the conversations", "enter"),
	CopyRow:      bind("y", "copy what is on this row", "y"),
	FilterSender: bind("enter", "the messages of this member", "enter"),
	OnlyMembers:  bind("/", "filter members by ID and name", "/"),
	AskAgain:     bind("r", "retry what failed, or ask anew", "r"),
	Profiles:     bind("P", "turn to another app", "P"),
	OpenProfile:  bind("enter", "turn to this app", "enter"),
	OpenShape:    bind("enter", "fold or unfold the shape, or open the message", "enter"),
	OpenMedia:    bind("o", "open the file of the message, after showing its host", "o"),
	SaveMedia:    bind("w", "save the file of the message, and check it", "w"),
	CheckAgain:   bind("r", "check, or check again", "r"),
	CopyCall:     bind("y", "copy: RequestId, curl", "y"),
	Back:         bind("esc", "back, one step", "esc"),
	ListFilter:   bind("/", "filter conversations by ID and name", "/"),
	Search:       bind("/", "search: text, /regex/ or =exact; goes on into older pages", "/"),
	NextHit:      bind("n", "next hit, older", "n"),
	PreviousHit:  bind("N", "previous hit, newer", "N"),
	Filter:       bind("f", "filter the messages: from: type: is: has: before: after:", "f"),
	GoTo:         bind("t", "go to a date, -24h, seq 120, id 97…, 75%", "t"),
	PreviousDay:  bind("{", "previous day", "{"),
	NextDay:      bind("}", "next day", "}"),
	JumpBack:     bind("ctrl+o", "back to where one jumped from", "ctrl+o"),
	OtherSide:    bind("a", "the other side's list, at the same message", "a"),
	BothSides:    bind("A", "both sides laid over each other: what only one has, deleted, recalled, changed", "A"),
	NextDiff:     bind("n", "next difference, older; compares on until there is one", "n"),
	PrevDiff:     bind("N", "previous difference, newer", "N"),
	OnlyDiffs:    bind("d", "the differences only, or all", "d"),
	OpenSide:     bind("enter", "go to the message, in the list that has it", "enter"),
	CopySide:     bind("y", "copy: text, JSON, raw body, IDs, URL, Markdown", "y"),
	Zone:         bind("T", "next time zone", "T"),
	Density:      bind("D", "each message with its numbers and sizes, or not", "D"),
	Actions:      bind(":", "an action by its name", ":"),
	OpenID:       bind("ctrl+k", "go to a conversation, a user or a group, by letters of it or any ID", "ctrl+k"),
	Reload:       bind("r", "retry what failed, or look for what is new", "r"),
	Follow:       bind("F", "follow the chat: what is new comes by itself; or no more", "F"),
	List:         bind("B", "conversations on, off", "B"),
	Mouse:        bind("F2", "mouse on, off", "f2"),
	Help:         bind("?", "help for the focused pane", "?"),
	QuitAsking:   bind("q", "back, one step; at the root it asks to quit", "q"),
	Quit:         bind("Q ctrl+c", "quit", "Q", "ctrl+c"),
	Accept:       bind("enter", "accept", "enter"),
	Cancel:       bind("esc", "cancel", "esc"),
	NextField:    bind("tab ↓", "next field", "tab", "down"),
	PrevField:    bind("shift+tab ↑", "previous field", "shift+tab", "up"),
	Complete:     bind("tab", "complete", "tab"),
	CompleteBack: bind("shift+tab", "the completion before", "shift+tab"),
	Older:        bind("↑", "what was typed before", "up", "ctrl+p"),
	Newer:        bind("↓", "what was typed after", "down", "ctrl+n"),
}

// jump returns how many lines, down if positive, a key for half a page or a page
// moves in a pane of so many rows; false for every other key.
func (k keyMap) jump(msg tea.KeyPressMsg, rows int) (lines int, ok bool) {
	half, page := max(rows/2, 1), max(rows-1, 1)
	switch {
	case key.Matches(msg, k.HalfDown):
		return half, true
	case key.Matches(msg, k.HalfUp):
		return -half, true
	case key.Matches(msg, k.PageDown):
		return page, true
	case key.Matches(msg, k.PageUp):
		return -page, true
	}
	return 0, false
}

// step returns how far a key moves the selection in a list of so many entries, of
// which so many fit on the screen; false for every other key.
func (k keyMap) step(msg tea.KeyPressMsg, rows, entries int) (by int, ok bool) {
	if by, ok = k.jump(msg, rows); ok {
		return by, true
	}
	switch {
	case key.Matches(msg, k.Down, k.ScrollDown):
		return 1, true
	case key.Matches(msg, k.Up, k.ScrollUp):
		return -1, true
	case key.Matches(msg, k.First):
		return -entries, true
	case key.Matches(msg, k.Last):
		return entries, true
	}
	return 0, false
}

// special returns the bindings that only one pane has.
func (k keyMap) special(p pane) []key.Binding {
	switch p {
	case paneConversations:
		return []key.Binding{k.Open, k.ListFilter, k.User, k.Reload, k.Follow}
	case paneFindings:
		return []key.Binding{k.OpenFinding, k.Reload}
	case paneMessages:
		return []key.Binding{
			k.Inspect, k.Search, k.NextHit, k.PreviousHit, k.Filter, k.GoTo, k.PreviousDay, k.NextDay,
			k.OtherSide, k.BothSides, k.Density, k.Bookmark, k.Note, k.Collect, k.Uncollect, k.Copy, k.OpenMedia, k.SaveMedia,
			k.Export, k.Reload, k.Follow, k.AskGap, k.User, k.Group,
		}
	case paneInspector:
		return []key.Binding{
			k.Full, k.NextTab, k.PreviousTab, k.Search, k.NextHit, k.PreviousHit, k.Subject,
			k.Left, k.Right, k.UnfoldAll, k.Depth, k.Wrap, k.Copy,
			k.Bookmark, k.Note, k.OpenMedia, k.SaveMedia, k.Export, k.User, k.Group,
		}
	case paneBookmarks:
		return []key.Binding{k.OpenBookmark, k.DropBookmark, k.Export}
	case paneProfiles:
		return []key.Binding{k.OpenProfile}
	case paneGap:
		return []key.Binding{k.OpenMissing}
	case paneUser:
		return []key.Binding{k.OpenRow, k.Group, k.CopyRow, k.AskAgain}
	case paneGroup:
		return []key.Binding{k.FilterSender, k.User, k.OnlyMembers, k.CopyRow, k.AskAgain}
	case paneShapes:
		return []key.Binding{k.OpenShape, k.Left, k.Right}
	case paneBoth:
		return []key.Binding{k.NextDiff, k.PrevDiff, k.OnlyDiffs, k.OpenSide, k.CopySide, k.Reload}
	case paneMedia:
		return []key.Binding{k.OpenMedia, k.SaveMedia, k.CheckAgain}
	case paneCalls:
		return []key.Binding{k.ShowCall, k.MarkCall, k.WriteCalls, k.CollectCalls, k.CopyCall, k.Wrap}
	}
	return nil
}

// moves says, in a pane's own words, what the keys down, up, to the top and to the
// bottom do there; "" is as anywhere else.
var moves = map[pane][4]string{
	paneConversations: {"", "", "the newest conversation", "the oldest one listed"},
	paneFindings:      {"next hit", "previous hit", "the first hit", "the last hit so far"},
	paneMessages:      {"next message", "previous message", "the oldest message loaded", "the newest message"},
	paneInspector:     {"a line down", "a line up", "", ""},
	paneCalls:         {"next call", "previous call", "the first call that is remembered", "the latest call"},
	paneBookmarks:     {"next bookmark", "previous bookmark", "the first bookmark", "the last bookmark"},
	paneProfiles:      {"next app", "previous app", "the first app", "the last app"},
	paneGap:           {"next number", "previous number", "the newest number", "the oldest number"},
	paneLimits:        {"a line down", "a line up", "", ""},
	paneUser:          {"next row", "previous row", "the first row", "the last row that is loaded"},
	paneGroup:         {"next row", "previous row", "the first row", "the last row that is loaded"},
	paneShapes:        {"next line", "previous line", "the first line", "the last line"},
	paneBoth:          {"next message, newer", "previous message, older", "the oldest message compared", "the newest message"},
	paneMedia:         {"next link", "previous link", "the first link", "the last link"},
}

// scrolls reports whether a pane can be scrolled while its selection stays.
func (p pane) scrolls() bool {
	return !p.covers() && p != paneFindings || p == paneShapes || p == paneBoth
}

// moving returns the bindings that move in a pane.
func (k keyMap) moving(p pane) []key.Binding {
	all := []key.Binding{k.Down, k.Up, k.First, k.Last, k.HalfDown, k.HalfUp, k.PageDown, k.PageUp}
	for i, does := range moves[p] {
		if does != "" {
			all[i].SetHelp(all[i].Help().Key, does)
		}
	}
	if p.scrolls() {
		all = append(all, k.ScrollDown, k.ScrollUp)
	}
	return all
}

// everywhere returns the bindings that do not belong to a pane, but can be used
// while it has the focus.
func (k keyMap) everywhere(p pane) []key.Binding {
	all := []key.Binding{
		k.NextPane, k.PreviousPane, k.Back, k.JumpBack, k.OpenID, k.Actions, k.Bookmarks, k.Calls, k.Profiles, k.Zone,
		k.List, k.Mouse, k.Help, k.QuitAsking, k.Quit,
	}
	if p.covers() {
		all = slices.DeleteFunc(all, func(b key.Binding) bool {
			return b.Help() == k.List.Help() || b.Help() == k.NextPane.Help() || b.Help() == k.PreviousPane.Help()
		})
	}
	return all
}
