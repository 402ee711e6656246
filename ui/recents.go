package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// Recent is something that was opened, by IDs alone: a user's conversations, a
// user's chat with a peer, or a group.
type Recent struct {
	User  string `json:",omitempty"`
	Peer  string `json:",omitempty"`
	Group string `json:",omitempty"`
}

// Recents keeps what was opened in one app, between sessions.
type Recents interface {
	// Load returns what was saved last, the latest first; nothing is no error.
	Load() ([]Recent, error)
	// Save replaces it; an empty list forgets it.
	Save([]Recent) error
}

// MaxRecent is how many IDs are kept of what was opened.
const MaxRecent = 50

// target is what a Recent opens.
func (r Recent) target() target {
	switch {
	case r.Group != "":
		return target{chat: history.Chat{Group: r.Group}}
	case r.Peer != "":
		return target{user: r.User, chat: history.Chat{User: r.User, Peer: r.Peer}}
	}
	return target{user: r.User}
}

// ids counts the IDs of a Recent.
func (r Recent) ids() (n int) {
	for _, id := range []string{r.User, r.Peer, r.Group} {
		if id != "" {
			n++
		}
	}
	return n
}

// MergeRecents returns what is in either list, the first list first, each once and
// with MaxRecent IDs in all at most.
func MergeRecents(first, then []Recent) (list []Recent) {
	ids := 0
	for _, r := range slices.Concat(first, then) {
		if r.ids() == 0 || slices.Contains(list, r) {
			continue
		}
		if ids += r.ids(); ids > MaxRecent {
			break
		}
		list = append(list, r)
	}
	return list
}

// recents is what was opened lately.
type recents struct {
	kept    Recents // nil: for this session only
	list    []Recent
	fresh   []Recent // opened since the last time it was written, the latest first
	forgets bool     // it is to be emptied before fresh is written
	busy    bool
}

// recentsMsg answers loadRecents and saveRecents.
type recentsMsg struct {
	list []Recent
	err  error
	said text.Line // before the error
	ends bool      // after an error, nothing more is written
}

// loadRecents reads what was opened in earlier sessions.
func loadRecents(kept Recents) tea.Cmd {
	return func() tea.Msg {
		list, err := kept.Load()
		return recentsMsg{list: list, err: err, said: text.Lit("what was opened lately is not known: ")}
	}
}

// saveRecents puts what was opened before what is kept, which another session may
// have changed meanwhile.
func saveRecents(kept Recents, fresh []Recent, forgets bool) tea.Cmd {
	return func() tea.Msg {
		var list []Recent
		if !forgets {
			list, _ = kept.Load() // a broken file was told at the start: it is replaced
		}
		list = MergeRecents(fresh, list)
		return recentsMsg{list: list, err: kept.Save(list), said: text.Lit("what is opened is not remembered: "), ends: true}
	}
}

// opened notes what was opened.
func (r *recents) opened(one Recent) {
	if one.ids() == 0 || len(r.list) > 0 && r.list[0] == one {
		return
	}
	r.list = MergeRecents([]Recent{one}, r.list)
	r.fresh = MergeRecents([]Recent{one}, r.fresh)
}

// write writes down what is new, one write at a time.
func (r *recents) write() tea.Cmd {
	if r.kept == nil || r.busy || len(r.fresh) == 0 && !r.forgets {
		return nil
	}
	fresh, forgets := r.fresh, r.forgets
	r.busy, r.fresh, r.forgets = true, nil, false
	return saveRecents(r.kept, fresh, forgets)
}

// applyRecents takes what is kept.
func (m *Model) applyRecents(msg recentsMsg) tea.Cmd {
	r := &m.recents
	r.busy = false
	if msg.err != nil {
		m.notice = text.Join(msg.said, text.CleanLine(msg.err.Error()))
		if msg.ends {
			r.kept = nil
		}
		return nil
	}
	if !r.forgets {
		r.list = MergeRecents(MergeRecents(r.fresh, r.list), msg.list)
	}
	return m.gather()
}

// forgetRecents empties what was opened lately.
func (m *Model) forgetRecents() {
	m.recents.list, m.recents.fresh, m.recents.forgets = nil, nil, m.recents.kept != nil
	m.notice = text.Lit("what was opened lately is forgotten")
}

// noteOpened notes the chat that is shown, unless it is the other side's list.
func (m *Model) noteOpened(c history.Chat) {
	switch {
	case m.offline:
	case c.IsGroup():
		m.recents.opened(Recent{Group: c.Group})
	case c.Peer != "" && c.Peer != m.conversations.user: // not the other side's list
		m.recents.opened(Recent{User: c.User, Peer: c.Peer})
	}
}
