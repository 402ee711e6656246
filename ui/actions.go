package ui

import (
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// action is something that can be asked for by name, after a colon. One that has
// a key does what the key does.
type action struct {
	name  string
	takes string       // what may follow the name; empty for nothing
	key   *key.Binding // nil if no key does it
	does  string       // for one without a key
	ask   promptKind   // the prompt that takes the same words
	run   func(m *Model, words string) tea.Cmd
}

// actions is every action, by what it is about. The help and the README's list are
// made of it.
var actions = []action{
	{name: "search", takes: "text, /regex/ or =exact", key: &keys.Search, ask: promptSearch},
	{name: "next-hit", key: &keys.NextHit},
	{name: "previous-hit", key: &keys.PreviousHit},
	{name: "find", takes: "a filter with words in it", does: "search all conversations of the user, the newest first", run: (*Model).find},
	{name: "filter", takes: "a filter", key: &keys.Filter, ask: promptFilter},
	{name: "go", takes: "a date, -24h, seq 120, id 97…, 75%", key: &keys.GoTo, ask: promptGoTo},
	{name: "previous-day", key: &keys.PreviousDay},
	{name: "next-day", key: &keys.NextDay},
	{name: "jump-back", key: &keys.JumpBack},

	{name: "next", key: &keys.Down},
	{name: "previous", key: &keys.Up},
	{name: "first", key: &keys.First},
	{name: "last", key: &keys.Last},
	{name: "half-page-down", key: &keys.HalfDown},
	{name: "half-page-up", key: &keys.HalfUp},
	{name: "page-down", key: &keys.PageDown},
	{name: "page-up", key: &keys.PageUp},
	{name: "scroll-down", key: &keys.ScrollDown},
	{name: "scroll-up", key: &keys.ScrollUp},
	{name: "next-pane", key: &keys.NextPane},
	{name: "previous-pane", key: &keys.PreviousPane},

	{name: "open", key: &keys.Open},
	{name: "open-hit", key: &keys.OpenFinding},
	{name: "open-id", key: &keys.OpenID},
	{name: "forget-recents", does: "forget what was opened lately", run: func(m *Model, _ string) tea.Cmd { m.forgetRecents(); return nil }},
	{name: "inspect", key: &keys.Inspect},
	{name: "full", key: &keys.Full},
	{name: "next-tab", key: &keys.NextTab},
	{name: "previous-tab", key: &keys.PreviousTab},
	{name: "subject", key: &keys.Subject},
	{name: "jq", takes: "an expression, as .order.id; nothing ends it", does: "show in the Tree tab what jq makes of the JSON", run: (*Model).jq},
	{name: "fold", key: &keys.Left},
	{name: "unfold", key: &keys.Right},
	{name: "unfold-all", key: &keys.UnfoldAll},
	{name: "depth", key: &keys.Depth},
	{name: "wrap", key: &keys.Wrap},
	{name: "copy", key: &keys.Copy},
	{name: "shapes", does: "fields, types and sizes of the chat's custom messages and payloads, and which deviate", run: func(m *Model, _ string) tea.Cmd { return m.showShapes() }},
	{name: "open-shape", key: &keys.OpenShape},
	{name: "open-file", key: &keys.OpenMedia},
	{name: "save-file", key: &keys.SaveMedia},
	{name: "media", does: "check every link of the message", run: func(m *Model, _ string) tea.Cmd { return m.checkMedia() }},
	{name: "check-again", key: &keys.CheckAgain},
	{name: "bookmark", key: &keys.Bookmark},
	{name: "note", takes: "what to note at the message", key: &keys.Note, ask: promptNote},
	{name: "bookmarks", key: &keys.Bookmarks},
	{name: "open-bookmark", key: &keys.OpenBookmark},
	{name: "drop-bookmark", key: &keys.DropBookmark},
	{name: "case", takes: "a folder, or off", does: "open a case, which keeps bookmarks, notes, messages and calls in a folder", run: (*Model).openCase},
	{name: "collect", key: &keys.Collect},
	{name: "uncollect", key: &keys.Uncollect},
	{name: "collect-calls", key: &keys.CollectCalls},
	{name: "ask-gap", key: &keys.AskGap},
	{name: "missing", does: "list what the service said of the numbers that are missing here", run: func(m *Model, _ string) tea.Cmd { m.showMissing(); return nil }},
	{name: "open-missing", key: &keys.OpenMissing},
	{name: "gaps", takes: "auto, on or off; nothing switches", does: "draw where numbers are missing, or not", run: (*Model).setGaps},
	{name: "retention", takes: "days, or off", does: "mark what expires next, and what cannot have expired", run: (*Model).setRetention},
	{name: "limits", does: "what this API never tells, and what to look at instead", run: func(m *Model, _ string) tea.Cmd { m.showLimits(); return nil }},
	{name: "export", key: &keys.Export},
	{name: "log", key: &keys.Calls},
	{name: "show-call", key: &keys.ShowCall},
	{name: "mark-call", key: &keys.MarkCall},
	{name: "copy-call", key: &keys.CopyCall},
	{name: "write-calls", takes: "a file name", key: &keys.WriteCalls, ask: promptCallsFile},
	{name: "user", key: &keys.User},
	{name: "group", key: &keys.Group},
	{name: "open-row", key: &keys.OpenRow},
	{name: "copy-row", key: &keys.CopyRow},
	{name: "filter-sender", key: &keys.FilterSender},
	{name: "filter-members", takes: "part of an ID or a name", key: &keys.OnlyMembers, ask: promptMembers},
	{name: "ask-again", key: &keys.AskAgain},
	{name: "profiles", key: &keys.Profiles},
	{name: "open-profile", key: &keys.OpenProfile},
	{name: "other-side", key: &keys.OtherSide},
	{name: "both-sides", key: &keys.BothSides},
	{name: "difference-older", key: &keys.NextDiff},
	{name: "difference-newer", key: &keys.PrevDiff},
	{name: "differences-only", key: &keys.OnlyDiffs},
	{name: "open-side", key: &keys.OpenSide},
	{name: "copy-side", key: &keys.CopySide},
	{name: "list-filter", takes: "part of an ID or a name", key: &keys.ListFilter, run: (*Model).listFilter},
	{name: "reload", key: &keys.Reload},
	{name: "follow", key: &keys.Follow},
	{name: "back", key: &keys.Back},

	{name: "time-zone", key: &keys.Zone},
	{name: "density", key: &keys.Density},
	{name: "list", key: &keys.List},
	{name: "mouse", key: &keys.Mouse},
	{name: "help", key: &keys.Help},
	{name: "quit", key: &keys.Quit},
}

// explains returns what an action does.
func (a action) explains() string {
	if a.key != nil {
		return a.key.Help().Desc
	}
	return a.does
}

// keyless returns the actions that no key does, and what they do.
func keyless() (lines [][2]string) {
	for _, a := range actions {
		if a.key == nil {
			does := a.does
			if a.takes != "" {
				does += ": " + a.takes
			}
			lines = append(lines, [2]string{":" + a.name, does})
		}
	}
	return lines
}

// parseAction reads a line after a colon: a name, or the beginning of one only, and
// what follows it.
func parseAction(line string) (action, string, error) {
	name, words, _ := strings.Cut(strings.TrimSpace(line), " ")
	words = strings.TrimSpace(words)
	var begins []action
	for _, a := range actions {
		if a.name == name {
			begins = []action{a}
			break
		}
		if strings.HasPrefix(a.name, name) {
			begins = append(begins, a)
		}
	}
	switch {
	case name == "":
		return action{}, "", nil
	case len(begins) == 0:
		return action{}, "", errors.New("no such action: tab lists them")
	case len(begins) > 1:
		return action{}, "", errors.New("several actions begin so: tab lists them")
	case words != "" && begins[0].takes == "":
		return action{}, "", errors.New(begins[0].name + " takes nothing more")
	}
	return begins[0], words, nil
}

// completeAction returns what could stand at the cursor of a line after a colon.
func (m *Model) completeAction(line string, at int) (start int, options []string) {
	name, words, spaced := strings.Cut(line, " ")
	if spaced && at > len(name) {
		a, _, err := parseAction(name)
		if t := m.inspector.tree; err == nil && a.name == "jq" && words == "" && t != nil && m.inspector.jq.expr == "" {
			return len(line), []string{t.path()}
		}
		if err != nil || a.ask != promptFilter && a.name != "find" {
			return 0, nil
		}
		offset := len(line) - len(words)
		start, options = history.CompleteFilter(words, at-offset, m.messages.senders())
		return offset + start, options
	}
	for _, a := range actions {
		if strings.HasPrefix(a.name, line[:at]) {
			option := a.name
			if a.takes != "" {
				option += " "
			}
			options = append(options, option)
		}
	}
	return 0, options
}

// actionNote says of the action that is typed which key does it, and what it takes.
func actionNote(line string) text.Line {
	a, words, err := parseAction(line)
	switch {
	case err != nil || a.name == "":
		return text.Line{}
	case a.takes != "" && words == "":
		return dotted(text.CleanLine(a.takes), keyOfAction(a))
	}
	return dotted(text.CleanLine(a.explains()), keyOfAction(a))
}

func keyOfAction(a action) text.Line {
	if a.key == nil {
		return text.Line{}
	}
	return text.CleanLine("key " + a.key.Help().Key)
}

// do does an action: with words what its prompt would do with them, else what its
// key does.
func (m *Model) do(a action, words string) tea.Cmd {
	switch {
	case a.name == "":
		return nil
	case a.run != nil && (words != "" || a.key == nil):
		return a.run(m, words)
	case words != "":
		if problem := m.wrong(a.ask, words); problem != "" {
			m.notice = text.CleanLine(a.name + ": " + problem)
			return nil
		}
		if a.ask != promptCallsFile && a.ask != promptNote && a.ask != promptMembers {
			m.uncover()
			m.focus = paneMessages
		}
		return m.obey(a.ask, words)
	}
	where := m.paneOf(*a.key)
	if !m.has(where) {
		m.notice = text.Join(text.CleanLine(a.name+": only in "), paneTitles[where])
		return nil
	}
	if where != m.focus {
		m.uncover()
		m.focus = where
	}
	return m.handleKey(tea.KeyPressMsg{Text: a.key.Keys()[0]})
}

// paneOf returns the pane in which a key does what it does: the focused one, if it
// works there.
func (m *Model) paneOf(b key.Binding) pane {
	for _, p := range append([]pane{m.focus, m.listPane(), paneMessages, paneInspector}, panes()...) {
		if slices.ContainsFunc(keys.special(p), func(other key.Binding) bool { return other.Help() == b.Help() }) {
			return p
		}
	}
	return m.focus
}

// wrong says what is wrong with words for a prompt.
func (m *Model) wrong(kind promptKind, words string) string {
	open := m.prompt
	defer func() { m.prompt = open }()
	m.ask(kind, words)
	return m.prompt.problem
}

func (m *Model) listFilter(words string) tea.Cmd {
	m.conversations.narrow(words)
	return nil
}
