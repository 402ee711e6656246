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
	Open, Inspect, Back, Filter          key.Binding
	OtherSide, Zone, GoTo, Reload        key.Binding
	List, Mouse, Help, QuitAsking, Quit  key.Binding
	Accept, Cancel, NextField, PrevField key.Binding
}

func bind(help, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
}

var keys = keyMap{
	Down:         bind("j ↓", "next", "j", "down"),
	Up:           bind("k ↑", "previous", "k", "up"),
	First:        bind("g home", "first; the oldest message loaded", "g", "home"),
	Last:         bind("G end", "last; the newest message", "G", "end"),
	HalfDown:     bind("ctrl+d", "half a page down", "ctrl+d"),
	HalfUp:       bind("ctrl+u", "half a page up", "ctrl+u"),
	PageDown:     bind("space pgdn", "a page down", "space", "pgdown"),
	PageUp:       bind("b pgup", "a page up", "b", "pgup"),
	ScrollDown:   bind("J", "scroll down, the selection stays", "J"),
	ScrollUp:     bind("K", "scroll up, the selection stays", "K"),
	NextPane:     bind("tab", "next pane", "tab"),
	PreviousPane: bind("shift+tab", "previous pane", "shift+tab"),
	Open:         bind("enter", "open the conversation", "enter"),
	Inspect:      bind("enter", "inspect the message", "enter"),
	Back:         bind("esc", "back, one step", "esc"),
	Filter:       bind("/", "filter conversations by ID", "/"),
	OtherSide:    bind("a", "the other side's list of this chat", "a"),
	Zone:         bind("T", "next time zone", "T"),
	GoTo:         bind("ctrl+k", "go to a user, a chat or a group by ID", "ctrl+k"),
	Reload:       bind("r", "reload or retry", "r"),
	List:         bind("B", "conversations on, off", "B"),
	Mouse:        bind("F2", "mouse on, off", "f2"),
	Help:         bind("?", "help for the focused pane", "?"),
	QuitAsking:   bind("q", "back, one step; at the root it asks to quit", "q"),
	Quit:         bind("Q ctrl+c", "quit", "Q", "ctrl+c"),
	Accept:       bind("enter", "accept", "enter"),
	Cancel:       bind("esc", "cancel", "esc"),
	NextField:    bind("tab ↓", "next field", "tab", "down"),
	PrevField:    bind("shift+tab ↑", "previous field", "shift+tab", "up"),
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

// special returns the bindings that only one pane has.
func (k keyMap) special(p pane) []key.Binding {
	switch p {
	case paneConversations:
		return []key.Binding{k.Open, k.Filter, k.Reload}
	case paneMessages:
		return []key.Binding{k.Inspect, k.OtherSide, k.Reload}
	}
	return nil
}

// moving returns the bindings that move in every pane.
func (k keyMap) moving() []key.Binding {
	return []key.Binding{
		k.Down, k.Up, k.First, k.Last, k.HalfDown, k.HalfUp,
		k.PageDown, k.PageUp, k.ScrollDown, k.ScrollUp,
	}
}

// everywhere returns the bindings that do not belong to a pane.
func (k keyMap) everywhere() []key.Binding {
	return []key.Binding{
		k.NextPane, k.PreviousPane, k.Back, k.GoTo, k.Zone,
		k.List, k.Mouse, k.Help, k.QuitAsking, k.Quit,
	}
}

// Keys returns every key and what it does, as the help shows them, each once.
// It is what the README's table is made of.
func Keys() [][2]string {
	var all [][2]string
	for _, b := range slices.Concat(keys.special(paneConversations), keys.special(paneMessages), keys.moving(), keys.everywhere()) {
		row := [2]string{b.Help().Key, b.Help().Desc}
		if !slices.Contains(all, row) {
			all = append(all, row)
		}
	}
	return all
}
