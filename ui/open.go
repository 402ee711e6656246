package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// maxInput bounds what can be typed or pasted anywhere: an ID has 32 characters,
// one API allows 64.
const maxInput = 64

// opener is the question which user, chat or group to open, by ID.
type opener struct {
	fields  [3]textinput.Model
	focused int
	problem text.Line
}

const (
	fieldUser = iota
	fieldPeer
	fieldGroup
)

var openerLabels = [...][2]text.Line{
	fieldUser:  {text.Lit("user"), text.Lit("whose conversations")},
	fieldPeer:  {text.Lit("peer"), text.Lit("the user's chat with, if wanted")},
	fieldGroup: {text.Lit("group"), text.Lit("or a group")},
}

func newInput() textinput.Model {
	in := textinput.New()
	in.CharLimit = maxInput
	in.Prompt = ""
	return in
}

// newOpener asks, beginning with the user whose list is open.
func newOpener(user string) *opener {
	o := &opener{}
	for i := range o.fields {
		o.fields[i] = newInput()
	}
	o.fields[fieldUser].SetValue(user)
	if user != "" {
		o.focused = fieldPeer
	}
	o.fields[o.focused].Focus()
	return o
}

// target is what is to be opened: a user's list, a chat, or both, and where in the
// chat.
type target struct {
	user string
	chat history.Chat
	goal goal
}

func (o *opener) handleKey(k tea.KeyPressMsg) {
	switch {
	case key.Matches(k, keys.NextField):
		o.focus(o.focused + 1)
	case key.Matches(k, keys.PrevField):
		o.focus(o.focused - 1)
	default:
		o.update(k)
	}
}

func (o *opener) update(msg tea.Msg) {
	o.fields[o.focused], _ = o.fields[o.focused].Update(msg) // its commands blink a cursor that is not drawn, or read the clipboard: neither is wanted
	o.problem = text.Line{}
}

func (o *opener) focus(i int) {
	o.fields[o.focused].Blur()
	o.focused = (i + len(o.fields)) % len(o.fields)
	o.fields[o.focused].Focus()
}

// accept returns what was asked for, or says what is missing.
func (o *opener) accept() (target, bool) {
	value := func(i int) string { return strings.TrimSpace(o.fields[i].Value()) }
	user, peer, group := value(fieldUser), value(fieldPeer), value(fieldGroup)
	t := target{user: user}
	switch {
	case group != "" && peer != "":
		o.problem = text.Lit("either a peer or a group")
		return target{}, false
	case group != "":
		t.chat = history.Chat{Group: group}
	case peer != "" && user == "":
		o.problem = text.Lit("a chat with a peer needs the user whose list of it is meant")
		return target{}, false
	case peer != "":
		t.chat = history.Chat{User: user, Peer: peer}
	case user == "":
		o.problem = text.Lit("a user or a group is needed")
		return target{}, false
	}
	return t, true
}

// lines draws the question, in so many rows at most.
func (o *opener) lines(w text.Widths, width, height int) []row {
	const labelCells = 8
	rows := []row{
		{},
		{space(headerColumn), span{accent, text.Lit("Go to")}},
		{},
	}
	explained := height >= len(rows)+2*len(o.fields)+2
	for i, labels := range openerLabels {
		label := span{dim, w.Fit(labels[0], labelCells)}
		if i == o.focused {
			label.ink = bold
		}
		field := typed(o.fields[i], i == o.focused, w, width-headerColumn-labelCells-rightMargin)
		rows = append(rows, append(row{space(headerColumn), label}, field...))
		if explained {
			rows = append(rows, row{space(headerColumn + labelCells), span{dim, labels[1]}})
		}
	}
	rows = append(rows, row{})
	if !o.problem.Empty() {
		for _, l := range w.Wrap(text.CleanBlock(o.problem.String()), width-headerColumn-rightMargin) {
			rows = append(rows, row{space(headerColumn), span{alarm, l}})
		}
		return rows
	}
	return append(rows, row{space(headerColumn), span{dim, text.Lit("enter opens · tab next · esc cancels")}})
}

// typed draws what stands in an input, cleaned like everything pasted, with the
// cursor on it: the end of it, where there are too few cells for all.
func typed(in textinput.Model, focused bool, w text.Widths, cells int) row {
	r, _ := typedFrom(in, focused, w, cells)
	return r
}

// typedFrom is typed that also returns the rune with which it begins.
func typedFrom(in textinput.Model, focused bool, w text.Widths, cells int) (r row, from int) {
	runes := []rune(in.Value())
	if !focused {
		return row{span{plain, text.CleanLine(string(runes))}}.fold(w).cut(w, cells), 0
	}
	at := min(in.Position(), len(runes))
	under, after := text.Lit(" "), text.Line{}
	if at < len(runes) {
		under, after = text.CleanLine(string(runes[at])), text.CleanLine(string(runes[at+1:]))
	}
	if under.Empty() { // what cannot be seen is dropped, but not the cursor
		under = text.Lit(" ")
	}
	before := text.CleanLine(string(runes[:at]))
	for from < at && w.Of(w.Fold(before)) >= cells {
		from++
		before = text.CleanLine(string(runes[from:at]))
	}
	return row{span{plain, before}, span{cursor, under}, span{plain, after}}.fold(w).cut(w, max(cells, 1)), from
}
