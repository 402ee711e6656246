package ui

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/export"
	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// exportForm asks what of a chat is to be written, into which files.
type exportForm struct {
	chat     history.Chat
	title    text.Line
	marks    []bookmark // of the chat, the newest message first
	day, end string     // that of the message the form was opened on, and the next one; "" if not known
	inputs   [exportFields]textinput.Model
	choices  [exportFields]*choices // nil for what is typed
	focused  exportField
	checking bool
	refused  text.Line // what is wrong with the files, as a look at the disk told
}

// exportField is a field of the form. The zero value is the first.
type exportField uint8

const (
	exportWhat exportField = iota
	exportSince
	exportUntil
	exportFilter
	exportOptions
	exportFormats
	exportFile
	exportFields
)

var exportTexts = [exportFields]struct{ label, means text.Line }{
	exportWhat:    {text.Lit("what"), text.Line{}},
	exportSince:   {text.Lit("since"), text.Lit("ctrl+t the day of the message · 2026-05-01 14:00 · -24h · empty: from the start")},
	exportUntil:   {text.Lit("until"), text.Lit("ctrl+t the day of the message · the first moment that is left out · empty: to the newest")},
	exportFilter:  {text.Lit("filter"), text.Lit(`from: type: is: has: sub: "words" and or -not ( ) · empty: all messages`)},
	exportOptions: {text.Lit("options"), text.Lit("space chooses, or not")},
	exportFormats: {text.Lit("formats"), text.Line{}},
	exportFile:    {text.Lit("file"), text.Lit("a name or a path, without its end · nothing is replaced")},
}

// formatTexts say what the formats are for.
var formatTexts = map[transcript.Format]text.Line{
	transcript.JSONL:    text.Lit("decoded, and byte for byte: backscroll open opens it"),
	transcript.JSON:     text.Lit("one JSON object, decoded"),
	transcript.CSV:      text.Lit("for spreadsheets"),
	transcript.Markdown: text.Lit("Markdown"),
	transcript.HTML:     text.Lit("one page, to read, to search in, to print"),
	transcript.Text:     text.Lit("text"),
}

// The options, in their order in the form.
const (
	optionNoEmpty = iota
	optionMask
	optionMedia
)

// exportKeys are the keys that only the form and the page of its job have.
var exportKeys = struct{ Toggle, Left, Right, Day, Stop, Again key.Binding }{
	Toggle: bind("space", "chooses, or not", "space"),
	Left:   bind("←", "to the left", "left"),
	Right:  bind("→", "to the right", "right"),
	Day:    bind("ctrl+t", "the day of the message", "ctrl+t"),
	Stop:   bind("s", "stops it, and keeps what was had", "s"),
	Again:  bind("x", "exports again", "x"),
}

// newExportForm asks about a chat. formats are those that were chosen before.
func newExportForm(chat history.Chat, title text.Line, name, filter string, formats []transcript.Format) *exportForm {
	f := &exportForm{chat: chat, title: title}
	for i := range f.inputs {
		f.inputs[i] = newInput()
	}
	f.inputs[exportFilter].CharLimit, f.inputs[exportFile].CharLimit = maxPrompt, maxPrompt
	f.put(exportFilter, filter)
	f.put(exportFile, name)
	f.choices[exportWhat] = &choices{one: true, list: []choice{{
		name: text.Lit("the whole chat"), means: text.Lit("all that is there, or what the fields below leave of it"), on: true,
	}}}
	f.choices[exportOptions] = &choices{list: []choice{
		optionNoEmpty: {name: text.Lit("no recalled or deleted"), means: text.Lit("expired ones are left out too")},
		optionMask:    {name: text.Lit("mask phones and e-mails"), means: text.Lit("cards and queries of URLs too: placeholders in all files; names of people stay")},
		optionMedia:   {name: text.Lit("save linked files"), means: text.Lit("into a folder beside the others, 1 GB at most, each checked")},
	}}
	f.choices[exportFormats] = &choices{}
	for _, format := range transcript.Formats() {
		f.choices[exportFormats].list = append(f.choices[exportFormats].list,
			choice{name: text.CleanLine(string(format)), means: formatTexts[format], on: slices.Contains(formats, format)})
	}
	return f
}

// offer lets the bookmarks of the chat be chosen, and chooses them if that is wanted.
func (f *exportForm) offer(marks []bookmark, chosen bool) {
	what := f.choices[exportWhat]
	f.marks, what.list = marks, what.list[:1]
	if len(marks) > 0 {
		name := text.CleanLine(count(len(marks), "bookmark", "bookmarks"))
		what.list = append(what.list, choice{name: name, means: text.Lit("of this chat, with what was noted at them")})
	}
	if chosen {
		what.at = 1
	}
	what.move(0)
}

// exportName proposes a name that is safe on every system. part is of the chat, or "".
func exportName(chat history.Chat, part string, at time.Time) string {
	parts := []string{cmp.Or(chat.Group, chat.Peer)}
	switch {
	case chat.User == "" && !chat.IsGroup(): // a file
		parts[0] = strings.TrimSuffix(chat.Peer, filepath.Ext(chat.Peer))
	case chat.User != "":
		parts = []string{chat.User, chat.Peer}
	}
	if part != "" {
		parts = append(parts, part)
	}
	name := strings.Join(append(parts, at.Format(time.DateOnly)), "-")
	whole := strings.NewReplacer("/", "_", `\`, "_", "%", "_").Replace(name) // an ID is no path
	return media.FileName(media.Link{FileName: whole})
}

// put has something stand in a field.
func (f *exportForm) put(field exportField, value string) {
	f.inputs[field].SetValue(value)
	f.inputs[field].CursorEnd()
}

// typed returns what stands in a field.
func (f *exportForm) typed(field exportField) string {
	return strings.TrimSpace(f.inputs[field].Value())
}

// formats returns those that are chosen.
func (f *exportForm) formats() (list []transcript.Format) {
	for i, format := range transcript.Formats() {
		if f.choices[exportFormats].list[i].on {
			list = append(list, format)
		}
	}
	return list
}

// read reads the fields, and says of each what is wrong with it.
func (f *exportForm) read(l look) (j *export.Job, wrong [exportFields]text.Line) {
	options := f.choices[exportOptions].list
	j = &export.Job{
		Chat: f.chat, Zone: l.zone, Now: l.now, Say: Rows, Resume: true,
		NoEmpty: options[optionNoEmpty].on, Mask: options[optionMask].on,
	}
	wrong = f.bounds().put(j, l.now())
	if options[optionMedia].on {
		j.MediaLimit = export.DefaultMediaLimit
	}
	if j.Mask && j.MediaLimit > 0 {
		wrong[exportOptions] = text.Lit("what pictures show cannot be masked: choose one of the two")
	}
	if j.FilterText = j.Filter.String(); export.MayBeSecret(j.FilterText) {
		j.FilterText = export.NotShown
	}
	if f.choices[exportWhat].at > 0 {
		f.onlyMarks(j)
	}
	if len(f.formats()) == 0 {
		wrong[exportFormats] = text.Lit("choose one at least: space does")
	}
	switch name := f.typed(exportFile); {
	case name == "":
		wrong[exportFile] = text.Lit("how is the file to be called?")
	case strings.HasSuffix(name, string(filepath.Separator)), slices.Contains([]string{".", "..", "~"}, filepath.Base(name)):
		wrong[exportFile] = text.Lit("is a folder: a file's name is wanted behind it")
	default:
		wrong[exportFile] = f.refused
	}
	return j, wrong
}

// exportBounds is what was typed of times, and what is wanted of what is between
// them: -24h is another time at another time.
type exportBounds struct{ since, until, filter string }

func (f *exportForm) bounds() exportBounds {
	return exportBounds{f.typed(exportSince), f.typed(exportUntil), f.typed(exportFilter)}
}

// put gives a job the bounds, as they are at some time, and says what is wrong.
func (b exportBounds) put(j *export.Job, now time.Time) (wrong [exportFields]text.Line) {
	at := func(field exportField, typed string) (t time.Time) {
		if typed != "" {
			var err error
			if t, err = history.ParseTime(typed, j.Zone, now); err != nil {
				wrong[field] = text.Lit("is no time: 2026-05-01, 2026-05-01 14:00 or -24h")
			}
		}
		return t
	}
	j.Span = history.Span{Since: at(exportSince, b.since), Until: at(exportUntil, b.until)}
	if s := j.Span; wrong[exportUntil].Empty() && !s.Since.IsZero() && !s.Until.IsZero() && !s.Since.Before(s.Until) {
		wrong[exportUntil] = text.Lit("is not after since")
	}
	var err error
	if j.Filter, err = history.ParseFilter(b.filter, j.Zone, now); err != nil {
		said := err.Error()
		if bad, ok := errors.AsType[*history.FilterError](err); ok && bad.Advice != "" {
			said += ": " + bad.Advice
		}
		wrong[exportFilter] = text.CleanLine(said)
	}
	return wrong
}

// onlyMarks makes a job of the bookmarks, and of what was noted at them.
func (f *exportForm) onlyMarks(j *export.Job) {
	type name struct{ id, seq int64 }
	var list []zim.Message
	notes := map[name]string{}
	for _, k := range f.marks {
		list = append(list, k.message)
		notes[name{k.message.MsgId, k.message.MsgSeq}] = k.note
	}
	j.Source, j.Only = export.These(list), "bookmarks"
	j.Note = func(m zim.Message) string { return notes[name{m.MsgId, m.MsgSeq}] }
}

// exportTargets names the files of an export, and returns what the name of its
// manifest begins with. With several formats each file has its own end; one that was
// typed is not doubled.
func exportTargets(name string, formats []transcript.Format) (list []export.Target, output string) {
	output = name
	for _, f := range formats {
		if end := filepath.Ext(name); strings.EqualFold(end, "."+string(f)) && len(filepath.Base(name)) > len(end) {
			output = strings.TrimSuffix(name, end)
		}
	}
	if len(formats) == 1 {
		output += "." + string(formats[0])
		return []export.Target{{Name: output, Format: formats[0]}}, output
	}
	for _, f := range formats {
		list = append(list, export.Target{Name: output + "." + string(f), Format: f})
	}
	return list, output
}

// handleKey edits the form; what starts and ends it is the browser's.
func (f *exportForm) handleKey(k tea.KeyPressMsg) {
	field := f.choices[f.focused]
	switch {
	case key.Matches(k, keys.NextField):
		f.focus((f.focused + 1) % exportFields)
	case key.Matches(k, keys.PrevField):
		f.focus((f.focused + exportFields - 1) % exportFields)
	case field == nil && key.Matches(k, exportKeys.Day) && (f.focused == exportSince || f.focused == exportUntil):
		f.put(exportSince, f.day)
		f.put(exportUntil, f.end)
	case field == nil:
		f.update(k)
	case key.Matches(k, exportKeys.Toggle):
		field.toggle()
	case key.Matches(k, exportKeys.Left):
		field.move(-1)
	case key.Matches(k, exportKeys.Right):
		field.move(1)
	}
	f.refused = text.Line{} // other formats are other files
}

// update hands a key or a paste to the focused field, if something is typed there.
func (f *exportForm) update(msg tea.Msg) {
	if f.choices[f.focused] == nil {
		f.inputs[f.focused], _ = f.inputs[f.focused].Update(msg) // its commands are not wanted: see opener.update
		f.refused = text.Line{}
	}
}

func (f *exportForm) focus(field exportField) {
	f.inputs[f.focused].Blur()
	f.focused = field
	f.inputs[field].Focus()
}
