package ui

import (
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// promptKind says what is asked for in the last rows of the screen.
type promptKind uint8

const (
	promptNone      promptKind = iota
	promptList                 // which conversations to list
	promptSearch               // what to look for
	promptFilter               // which messages to show
	promptGoTo                 // where to go
	promptAction               // what to do
	promptInspect              // what to look for in the inspector
	promptCallsFile            // where to write calls
	promptSave                 // where to save a file
	promptNote                 // what to note at a message
	promptMembers              // which members to list
)

// prompt is a line that is being typed.
type prompt struct {
	kind    promptKind
	input   textinput.Model
	options []string // what Tab puts in, at the byte start
	start   int
	chosen  int // of options; -1 is none
	past    int // which of the lines typed before is shown; 0 is none

	problem  string // what is wrong with what is typed
	from, to int    // the bytes that are wrong
	refused  bool   // Enter was pressed on it

	before history.Query // of a search, for Esc
	jq     *jqBefore     // of an expression; nil if none was shown
	link   media.Link    // what is to be saved
	of     int64         // the MsgId of its message
	host   string        // where it is
}

// maxPrompt is what can be typed into a prompt, in runes.
const maxPrompt = 1024

// maxPast is how many lines of each kind are remembered.
const maxPast = 50

// promptLabels stand before what is typed, promptHints under it as long as nothing
// is.
var (
	promptLabels = [...]text.Line{
		promptList: text.Lit("/"), promptSearch: text.Lit("/"), promptFilter: text.Lit("filter: "),
		promptGoTo: text.Lit("go to: "), promptAction: text.Lit(":"), promptInspect: text.Lit("/"),
		promptCallsFile: text.Lit("write to: "), promptSave: text.Lit("save as: "), promptNote: text.Lit("note: "),
		promptMembers: text.Lit("/"),
	}
	promptHints = [...]text.Line{
		promptSearch:    text.Lit("text, /regex/ or =exact · n older, N newer · empty ends the search"),
		promptFilter:    text.Lit(`from: type: is: has: before: after: sub: "words" and or -not ( ) · empty shows all`),
		promptGoTo:      text.Lit("2026-05-01 · 2026-05-01 14:00 · -24h · seq 120 · id 97… · 75%"),
		promptAction:    text.Lit("a name · tab completes"),
		promptInspect:   text.Lit("text, /regex/ or =exact in this tab · n next, N previous · empty ends the search"),
		promptCallsFile: text.Lit("a file that is not there yet"),
		promptSave:      text.Lit("a name, or a path; nothing is overwritten"),
		promptMembers:   text.Lit("part of an ID or a name"),
		promptNote:      text.Lit("empty takes the bookmark away"),
	}
)

// ask opens a prompt with some text in it.
func (m *Model) ask(kind promptKind, value string) {
	_, query := m.messages.wanted()
	m.prompt = prompt{kind: kind, input: newInput(), chosen: -1, before: query}
	if kind != promptList {
		m.prompt.input.CharLimit = maxPrompt
	}
	m.prompt.input.SetValue(value)
	m.prompt.input.CursorEnd()
	m.prompt.input.Focus()
	m.check()
}

// handlePromptKey edits the line; enter does what it says, esc leaves all as it was.
func (m *Model) handlePromptKey(k tea.KeyPressMsg) tea.Cmd {
	p := &m.prompt
	switch {
	case key.Matches(k, keys.Cancel), k.String() == "backspace" && p.input.Value() == "":
		return m.cancelPrompt()
	case key.Matches(k, keys.Accept):
		return m.accept()
	case p.kind == promptList:
	case key.Matches(k, keys.Complete):
		p.complete(1)
		return nil
	case key.Matches(k, keys.CompleteBack):
		p.complete(-1)
		return nil
	case key.Matches(k, keys.Older):
		return m.recallLine(1)
	case key.Matches(k, keys.Newer):
		return m.recallLine(-1)
	}
	return m.typeInPrompt(k)
}

// typeInPrompt hands a key or a paste to the line.
func (m *Model) typeInPrompt(msg tea.Msg) tea.Cmd {
	before := m.prompt.input.Value()
	m.prompt.input, _ = m.prompt.input.Update(msg) // its commands are not wanted: see opener.update
	if m.prompt.input.Value() == before {
		return nil
	}
	m.prompt.past = 0
	return m.edited()
}

// edited follows a change of the line: the list is narrowed and hits are marked
// while one types.
func (m *Model) edited() tea.Cmd {
	m.check()
	switch m.prompt.kind {
	case promptList:
		m.conversations.narrow(m.prompt.input.Value())
	case promptSearch:
		if q, err := history.ParseQuery(m.prompt.input.Value()); err == nil {
			f, _ := m.messages.wanted()
			return m.messages.sift(f, q)
		}
	case promptAction:
		return m.previewJQ()
	case promptMembers:
		return m.narrowMembers(m.prompt.input.Value())
	}
	return nil
}

// check says what is wrong with the line so far, and what could complete it.
func (m *Model) check() {
	p := &m.prompt
	value := p.input.Value()
	p.problem, p.from, p.to, p.refused = "", 0, 0, false
	p.options, p.start, p.chosen = nil, 0, -1
	var err error
	switch p.kind {
	case promptSearch, promptInspect:
		_, err = history.ParseQuery(value)
	case promptFilter:
		_, err = history.ParseFilter(value, m.look.zone, m.look.now())
		p.start, p.options = history.CompleteFilter(value, p.cursorByte(), m.messages.senders())
	case promptGoTo:
		if value != "" {
			_, err = parseGoal(value, m.look.zone, m.look.now())
		}
	case promptAction:
		p.start, p.options = m.completeAction(value, p.cursorByte())
		var a action
		var words string
		if a, words, err = parseAction(value); a.name == "jq" && words != "" {
			p.problem, p.from = wrongJQ(words)
			p.from, p.to = strings.LastIndex(value, words)+p.from, len(value)
		}
	}
	if err == nil {
		return
	}
	p.problem, p.to = err.Error(), len(value)
	if wrong, ok := errors.AsType[*history.FilterError](err); ok {
		p.problem, p.from, p.to = wrong.Problem, wrong.Start, wrong.End
		if wrong.Advice != "" {
			p.problem += ": " + wrong.Advice
		}
	}
}

// cursorByte returns where the cursor is, in bytes.
func (p *prompt) cursorByte() int {
	runes := []rune(p.input.Value())
	return len(string(runes[:min(p.input.Position(), len(runes))]))
}

// complete puts the next option in, or the one before.
func (p *prompt) complete(step int) {
	if len(p.options) == 0 {
		return
	}
	value, end := p.input.Value(), p.cursorByte()
	if p.chosen < 0 && step < 0 {
		p.chosen = 0
	}
	p.chosen = (p.chosen + step + len(p.options)) % len(p.options)
	put := value[:p.start] + p.options[p.chosen]
	p.input.SetValue(put + value[end:])
	p.input.SetCursor(len([]rune(put)))
	p.problem = ""
	if len(p.options) == 1 {
		p.options, p.chosen = nil, -1
	}
}

// recallLine shows a line of the same kind that was typed before, or after that.
func (m *Model) recallLine(step int) tea.Cmd {
	p := &m.prompt
	past := m.past[p.kind]
	at := p.past + step
	if at < 0 || at > len(past) {
		return nil
	}
	value := ""
	if at > 0 {
		value = past[len(past)-at]
	}
	p.input.SetValue(value)
	p.input.CursorEnd()
	p.past = at
	return m.edited()
}

// cancelPrompt closes the prompt and leaves all as it was before.
func (m *Model) cancelPrompt() tea.Cmd {
	p := m.prompt
	m.prompt = prompt{}
	switch p.kind {
	case promptAction:
		if p.jq != nil {
			m.endPreview(p.jq)
		}
	case promptList:
		m.conversations.narrow("")
	case promptMembers:
		return m.narrowMembers("")
	case promptSearch:
		if m.messages.query.String() != p.before.String() || m.messages.sifting.busy {
			f, _ := m.messages.wanted()
			return m.messages.sift(f, p.before)
		}
	}
	return nil
}

// accept does what the line says, or says what is wrong with it.
func (m *Model) accept() tea.Cmd {
	p := &m.prompt
	value := p.input.Value()
	if p.chosen >= 0 { // a completion is put in; more may follow it
		p.options, p.chosen = nil, -1
		m.check()
	}
	if p.problem != "" {
		p.refused = true
		return nil
	}
	kind, link, of := p.kind, p.link, p.of
	m.prompt = prompt{}
	if value != "" && kind != promptList && kind != promptSave {
		past := slices.DeleteFunc(m.past[kind], func(s string) bool { return s == value })
		m.past[kind] = append(past[max(0, len(past)-maxPast+1):], value)
	}
	if kind == promptSave && value != "" {
		return m.save(link, of, value)
	}
	return m.obey(kind, value)
}

// obey does what was typed into a prompt. It was checked before: a mistake does
// nothing.
func (m *Model) obey(kind promptKind, value string) tea.Cmd {
	switch kind {
	case promptSearch:
		if q, err := history.ParseQuery(value); err == nil {
			return m.messages.search(q)
		}
	case promptInspect:
		if q, err := history.ParseQuery(value); err == nil {
			return m.inspector.search(q)
		}
	case promptFilter:
		if f, err := history.ParseFilter(value, m.look.zone, m.look.now()); err == nil {
			return m.messages.narrow(f)
		}
	case promptGoTo:
		if g, err := parseGoal(value, m.look.zone, m.look.now()); err == nil {
			return m.messages.goTo(g)
		}
	case promptMembers:
		return m.narrowMembers(value)
	case promptNote:
		m.note(strings.TrimSpace(value))
	case promptCallsFile:
		if value != "" {
			return m.writeCalls(value)
		}
	case promptAction:
		if a, words, err := parseAction(value); err == nil {
			return m.do(a, words)
		}
	}
	return nil
}

// rows draws the prompt: what is typed, and under it what could be, or what is
// wrong.
func (p *prompt) rows(w text.Widths, cells int, note text.Line) [2]row {
	label := row{space(barColumn), span{accent, promptLabels[p.kind]}}
	indent := label.width(w)
	noted := w.Of(w.Fold(note))
	if w.Of(w.Fold(text.CleanLine(p.input.Value())))+noted+indent+2 > cells-rightMargin {
		note, noted = text.Line{}, 0 // what is typed matters more
	}
	line, from := typedFrom(p.input, true, w, cells-indent-noted-rightMargin-1)
	first := apart(w, cells-rightMargin, append(label, line...), row{span{dim, note}})
	return [2]row{first, append(row{space(barColumn)}, p.hint(w, cells-barColumn-rightMargin, indent-barColumn, from)...)}
}

// hint is the row under the line. from is the rune with which the line that is
// shown begins.
func (p *prompt) hint(w text.Widths, cells, indent, from int) row {
	value := p.input.Value()
	switch {
	case p.problem != "" && (p.refused || len(p.options) == 0 && value != ""):
		return p.underline(w, cells, indent, from)
	case len(p.options) > 0:
		return p.choices(w, cells)
	case value == "":
		return row{span{dim, promptHints[p.kind]}}.fold(w).cut(w, cells)
	}
	return row{}
}

// underline says what is wrong, under the word that is.
func (p *prompt) underline(w text.Widths, cells, indent, from int) row {
	shown := len(string([]rune(p.input.Value())[:from])) // the bytes that are scrolled away
	width := func(a, b int) int {
		a, b = max(a, shown), max(b, shown)
		return w.Of(w.Fold(text.CleanLine(p.input.Value()[a:b])))
	}
	ink := dim
	if p.refused {
		ink = alarm
	}
	carets := text.CleanLine(strings.Repeat("^", max(width(p.from, p.to), 1)))
	said := text.CleanLine(p.problem)
	before := indent + width(0, p.from)
	room := cells - before - w.Of(carets) - 1
	if w.Of(w.Fold(said)) > room && before > room { // there is more room before it
		said = w.Cut(w.Fold(said), before-1)
		return row{space(before - 1 - w.Of(said)), span{ink, said}, space(1), span{ink, carets}}.cut(w, cells)
	}
	return row{space(before), span{ink, carets}, space(1), span{ink, said}}.fold(w).cut(w, cells)
}

// choices lists what Tab puts in, from the one that is chosen on.
func (p *prompt) choices(w text.Widths, cells int) row {
	var r row
	for i := max(p.chosen, 0); i < len(p.options); i++ {
		ink := dim
		if i == p.chosen {
			ink = accent
		}
		r = append(r, span{ink, text.CleanLine(p.options[i])}, space(2))
		if r.width(w) > cells {
			break
		}
	}
	return r.fold(w).cut(w, cells)
}

// promptNote is what stands at the right of the line: what an action does, or how
// many hits there are so far.
func (m *Model) promptNote() text.Line {
	switch p := &m.prompt; {
	case p.kind == promptSave:
		return p.saveNote()
	case p.kind == promptAction:
		return actionNote(p.input.Value())
	case p.kind == promptSearch && p.input.Value() != "" && !m.messages.sifting.busy && p.problem == "":
		return m.messages.foundSoFar()
	}
	return text.Line{}
}
