package ui

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"backscroll/ui/export"
	"backscroll/ui/text"
)

// How the form of an export and the page of its job are drawn, and what is said of it.

// roomyHeight is from how many rows on there is room for blank ones.
const roomyHeight = 16

// lines draws the form, in so many rows at most.
func (f *exportForm) lines(l look, width, height int) []row {
	const labelCells = 9
	w := l.widths
	cells := width - headerColumn - labelCells - rightMargin
	_, wrong := f.read(l)
	var body []row
	var from, to int // of the focused field
	for field := range exportFields {
		focused := field == f.focused && !f.checking
		rows := []row{typed(f.inputs[field], focused, w, cells)}
		if c := f.choices[field]; c != nil {
			rows = c.rows(w, cells, focused)
		}
		below := func(i ink, said text.Line) {
			for _, s := range w.Wrap(text.CleanBlock(said.String()), max(cells, 1)) {
				rows = append(rows, row{{i, s}})
			}
		}
		switch {
		case !wrong[field].Empty():
			below(alarm, wrong[field])
		case field == exportFile && (focused || height >= roomyHeight):
			below(dim, f.writes())
		}
		label := span{dim, exportTexts[field].label}
		if focused {
			label.ink, from, to = bold, len(body), len(body)+len(rows)
		}
		for _, r := range rows {
			body = append(body, append(row{space(headerColumn), {label.ink, w.Fit(label.text, labelCells)}}, r...))
			label.text = text.Line{}
		}
	}
	head := []row{{space(headerColumn), {accent, text.Lit("Export ")}, {plain, f.title}}}
	foot := append(pageLines(w, dim, f.hint(), width), pageLines(w, dim, f.wayOn(), width)...)
	if height < roomyHeight { // the fields matter more
		foot = []row{{space(headerColumn), {dim, f.hint()}}, {space(headerColumn), {dim, f.wayOn()}}}
	}
	return fitted(head, body, foot, height, from, to)
}

// writes says which files there will be.
func (f *exportForm) writes() text.Line {
	var j export.Job
	j.Targets, j.Output = exportTargets(f.typed(exportFile), f.formats())
	names := text.CleanLine(shortNames(&j))
	if f.choices[exportOptions].list[optionMedia].on {
		names = dotted(names, text.CleanLine("linked files in "+filepath.Base(j.Output)+export.MediaSuffix))
	}
	return names
}

// hint says what can stand in the focused field.
func (f *exportForm) hint() text.Line {
	if c := f.choices[f.focused]; c != nil && !c.list[c.at].means.Empty() {
		means := dotted(text.Join(c.list[c.at].name, text.Lit(": "), c.list[c.at].means))
		if !c.one {
			return dotted(means, text.Lit("space chooses, or not"))
		}
		return means
	}
	return exportTexts[f.focused].means
}

func (f *exportForm) wayOn() text.Line {
	if f.checking {
		return text.Lit("looking whether the files can be written · esc stops")
	}
	return text.Lit("enter starts · tab next · esc cancels")
}

// lines draws the page of a job: how far it is, or what came of it.
func (j *exportJob) lines(l look, pause text.Line, width, height int) []row {
	w := l.widths
	head := []row{{space(headerColumn), {accent, text.Lit("Export ")}, {plain, j.title}}}
	var body []row
	add := func(i ink, s text.Line) { body = append(body, pageLines(w, i, s, width)...) }
	add(plain, j.state(l.zone))
	if !pause.Empty() {
		add(alarm, pause)
	}
	if j.err != nil {
		add(alarm, text.CleanBlock(j.err.Error()).Line())
		add(dim, text.CleanLine(j.advice()))
	} else {
		body = append(body, row{})
		for _, name := range j.Names() {
			add(dim, text.CleanLine(name))
		}
		if j.MediaLimit > 0 && (!j.over || len(j.done.MediaFiles()) > 0) {
			add(dim, text.CleanLine(j.Output+export.MediaSuffix))
		}
	}
	way := text.Lit("s stops it, and keeps what was had · esc goes back, it goes on")
	switch {
	case j.stopping:
		way = text.Lit("stopping")
	case j.over && j.kept():
		way = text.Lit("x goes on with it · esc goes back")
	case j.over && j.err != nil:
		way = text.Lit("x tries again · esc goes back")
	case j.over:
		way = text.CleanLine("backscroll verify checks the files · x exports again · esc goes back")
	}
	return fitted(head, body, pageLines(w, dim, way, width), height, 0, 0)
}

// pageLines wraps a line of a page.
func pageLines(w text.Widths, i ink, l text.Line, width int) (rows []row) {
	for _, s := range w.Wrap(text.CleanBlock(l.String()), max(width-headerColumn-rightMargin, 1)) {
		rows = append(rows, row{space(headerColumn), {i, s}})
	}
	return rows
}

// fitted puts a page together in so many rows. Where there are too few, it has the
// part of the body in which the rows from and to are.
func fitted(head, body, foot []row, height, from, to int) []row {
	if height >= roomyHeight {
		head, foot = append(append([]row{{}}, head...), row{}), append([]row{{}}, foot...)
	}
	if room := max(height-len(head)-len(foot), 0); len(body) > room {
		top := min(max(min(from, to-room), 0), len(body)-room)
		body = body[top : top+room]
	}
	all := append(append(head, body...), foot...)
	return all[:min(len(all), max(height, 0))]
}

// state says how far the job is, or what it made.
func (j *exportJob) state(zone *time.Location) text.Line {
	at := j.at.Load()
	switch {
	case j.over && j.kept():
		return text.CleanLine(filepath.Base(j.Output) + export.PartialSuffix + " keeps what was had:")
	case j.over && j.err != nil:
		return text.Lit("It came to nothing:")
	case j.over:
		return j.counted()
	case at == nil:
		return text.Lit("asking for the first messages")
	case at.Phase == export.Finding:
		return text.CleanLine("looking for where it was stopped: " + count(at.Again, "message", "messages"))
	case at.Phase == export.Saving:
		return text.CleanLine(fmt.Sprintf("%d of %s done with · %s", at.Media, count(at.MediaOf, "linked file", "linked files"), humanSize(at.MediaBytes)))
	case at.Phase == export.Writing:
		return text.CleanLine(fmt.Sprintf("%d of %s written", at.Written, count(at.Messages, "message", "messages")))
	}
	parts := []string{count(at.LookedAt, "message", "messages") + " looked at"}
	if at.Messages != at.LookedAt {
		parts = append(parts, fmt.Sprintf("%d wanted", at.Messages))
	}
	if !at.Oldest.IsZero() {
		parts = append(parts, "back to "+at.Oldest.In(zone).Format("2006-01-02 15:04"))
	}
	if percent, known := at.Percent(); known {
		parts = append(parts, fmt.Sprintf("%d %% of the time", percent))
	}
	return text.CleanLine(strings.Join(parts, " · "))
}

// counted is `exported: 303 messages`, of how many if that is another number, and
// what became of linked files.
func (j *exportJob) counted() text.Line {
	said := "exported: "
	if j.Mask {
		said = "exported, masked: "
	}
	said += count(j.done.Messages, "message", "messages")
	if n := j.done.LookedAt; n != j.done.Messages {
		said += fmt.Sprintf(" of %d looked at", n)
	}
	if j.MediaLimit > 0 {
		said += " · " + j.done.MediaSaid()
	}
	return text.CleanLine(said)
}

// said tells what came of the job in one line.
func (j *exportJob) said() text.Line {
	stopped, ok := errors.AsType[*export.StoppedError](j.err)
	switch {
	case ok && j.stopping && stopped.Kept:
		return text.CleanLine("export stopped, x goes on with it: it is kept " + stopped.Where())
	case ok && j.stopping:
		return text.CleanLine("export stopped " + stopped.Where() + ": no file was written")
	case j.err != nil:
		return text.Join(text.Lit("x shows why · "), text.CleanBlock(j.err.Error()).Line())
	}
	return dotted(j.counted(), text.CleanLine(shortNames(j.Job)), text.CleanLine("in "+filepath.Dir(j.Output)))
}

// shortNames lists the files of a job, without a folder: of all but the first only
// what tells them apart.
func shortNames(j *export.Job) string {
	names := j.Names()
	for i := range names {
		if names[i] = strings.TrimPrefix(names[i], j.Output); i == 0 {
			names[i] = filepath.Base(j.Output) + names[i]
		}
	}
	return strings.Join(names, ", ")
}

// advice is the way out of what the job failed with.
func (j *exportJob) advice() string {
	if errors.Is(j.err, export.ErrGone) {
		return "export it to another name: that begins anew"
	}
	if _, ok := errors.AsType[*export.FileError](j.err); ok {
		return "the folder must be there, be yours to write in and have room; choose another name if there is such a file by now"
	}
	return cmp.Or(adviceOf(j.err), "try again, and tell ZEGOCLOUD if it stays")
}

// exportIsOn is what the last row says of an export.
func (m *Model) exportIsOn() text.Line {
	j := m.export.job
	if j == nil {
		return text.Line{}
	}
	at := j.at.Load()
	switch {
	case j.over && j.err != nil:
		return text.Lit("export failed, x shows why")
	case j.over:
		return text.Lit("exported, x shows it")
	case j.stopping:
		return text.Lit("stopping the export")
	case m.export.pausing():
		return text.Join(text.Lit("exporting: "), m.export.pauseLine())
	case at == nil:
		return text.Lit("exporting")
	case at.Phase == export.Finding:
		return text.CleanLine(fmt.Sprintf("exporting: %d looked at again", at.Again))
	case at.Phase == export.Saving:
		return text.CleanLine(fmt.Sprintf("exporting: %d of %d files", at.Media, at.MediaOf))
	case at.Phase == export.Writing:
		return text.CleanLine(fmt.Sprintf("exporting: %d of %d written", at.Written, at.Messages))
	}
	said := fmt.Sprintf("exporting: %d", at.LookedAt)
	if percent, known := at.Percent(); known {
		said = fmt.Sprintf("exporting %d %%", percent)
	}
	if !at.Oldest.IsZero() {
		said += ", at " + at.Oldest.In(m.look.zone).Format(time.DateOnly)
	}
	return text.CleanLine(said)
}

// pauseLine says that a call is tried again, and when.
func (e *exports) pauseLine() text.Line {
	return text.CleanLine(fmt.Sprintf("attempt %d of %d in %.1f s", e.wait.Attempt, e.wait.Of, e.wait.Delay.Seconds()))
}

// exportPage draws the page of the job.
func (m *Model) exportPage() []row {
	var pause text.Line
	if e := &m.export; e.pausing() {
		pause = dotted(text.CleanBlock(fmt.Sprint(e.wait.Cause)).Line(), e.pauseLine())
	}
	return m.export.job.lines(m.look, pause, m.width, m.height)
}
