package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/export"
	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Jobs are what goes on behind a browser and has files to put in order when it is
// stopped: who ends the program waits for them.
type Jobs struct {
	mu    sync.Mutex
	going sync.WaitGroup
	over  bool
}

// begin reports whether another job may begin, which calls going.Done then.
func (j *Jobs) begin() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.over {
		j.going.Add(1)
	}
	return !j.over
}

// Wait returns when all have ended. None begins after it. The context that the
// browser was given is to be cancelled before.
func (j *Jobs) Wait() {
	j.mu.Lock()
	j.over = true
	j.mu.Unlock()
	j.going.Wait()
}

// exports is the one export that there is at a time.
type exports struct {
	request
	form    *exportForm // nil if it is not open
	job     *exportJob  // under way, or over and not looked at yet
	shown   bool        // the page of the job
	draft   *exportForm // that of a job which came to nothing
	formats []transcript.Format
}

// exportJob is an export that was begun.
type exportJob struct {
	*export.Job
	title    text.Line
	at       atomic.Pointer[export.Progress]
	stopping bool // the reader wants that
	over     bool
	done     *export.Manifest
	err      error
}

// exportRuns reports whether there is an export under way.
func (m *Model) exportRuns() bool { return m.export.job != nil && !m.export.job.over }

// showExport opens the form, or the page of the job that there is.
func (m *Model) showExport() {
	if m.export.job != nil {
		m.export.shown = true
		return
	}
	m.askExport()
}

// askExport opens the form, about the chat that is open or that of a bookmark.
func (m *Model) askExport() {
	chat, filter, part := m.messages.chat, m.messages.filterText(), ""
	msg, _ := m.pointedAt()
	list, ofMarks := m.cover.(*bookmarkList)
	switch {
	case ofMarks && list.selected < len(m.bookmarks.list):
		k := m.bookmarks.list[list.selected]
		if k.place != m.place {
			m.notice = text.CleanLine("it is of another app: P turns to " + k.place)
			return
		}
		if chat != k.chat {
			filter = ""
		}
		chat, msg, part = k.chat, k.message, "bookmarks"
	case chat == history.Chat{}:
		m.notice = text.Lit("no chat is open that could be exported")
		return
	}
	f := newExportForm(chat, m.exportTitle(chat), exportName(chat, part, m.look.now().In(m.look.zone)), filter, m.export.formats)
	if draft := m.export.draft; draft != nil && draft.chat == chat {
		f = draft
	}
	if at, timed := msg.Time(); timed {
		f.day, f.end = at.In(m.look.zone).Format(time.DateOnly), at.In(m.look.zone).AddDate(0, 0, 1).Format(time.DateOnly)
	}
	f.offer(m.bookmarks.of(m.place, chat), ofMarks)
	m.export.form = f
}

// of returns copies of the bookmarks of a chat, the newest message first.
func (b *bookmarks) of(place string, chat history.Chat) (list []bookmark) {
	for _, k := range b.list {
		if k.place == place && k.chat == chat {
			list = append(list, *k)
		}
	}
	slices.SortStableFunc(list, func(a, b bookmark) int {
		return cmp.Or(cmp.Compare(b.message.MsgSeq, a.message.MsgSeq), cmp.Compare(b.message.Envelope().MsgTime, a.message.Envelope().MsgTime))
	})
	return list
}

// exportTitle names a chat.
func (m *Model) exportTitle(chat history.Chat) text.Line {
	switch {
	case chat.IsGroup():
		return text.Join(text.Lit("group "), idLine(chat.Group))
	case m.offline:
		return idLine(chat.Peer)
	}
	return chatLine(chat.User, chat)
}

// handleExportKey does what a key does in the form.
func (m *Model) handleExportKey(k tea.KeyPressMsg) tea.Cmd {
	e := &m.export
	switch {
	case key.Matches(k, keys.Cancel):
		e.stop() // the look at the disk
		if e.form.checking {
			e.form.checking = false
		} else {
			e.form, e.draft = nil, nil
		}
	case e.form.checking:
	case key.Matches(k, keys.Accept):
		return m.acceptExport()
	default:
		e.form.handleKey(k)
	}
	return nil
}

// acceptExport goes to the first field that is not right yet, or looks whether the
// files can be written.
func (m *Model) acceptExport() tea.Cmd {
	f := m.export.form
	f.refused = text.Line{} // it may be gone by now
	job, wrong := f.read(m.look)
	for field, problem := range wrong {
		if !problem.Empty() {
			f.focus(exportField(field))
			return nil
		}
	}
	job.Client, job.Version, job.AppId, job.Endpoint = m.client, m.version, m.appID, m.endpoint
	if job.MediaLimit > 0 {
		job.Media = m.media
	}
	f.checking = true
	ctx, number := m.export.begin(m.ctx)
	return checkExport(ctx, job, f.bounds(), f.typed(exportFile), f.formats(), number)
}

// exportCheckedMsg answers checkExport.
type exportCheckedMsg struct {
	number int
	job    *export.Job
	goesOn bool // with what a stopped one kept
	err    error
}

// checkExport gives a job its files, and looks whether they can be written. The job
// has the bounds of a stopped one that it goes on with.
func checkExport(ctx context.Context, job *export.Job, bounds exportBounds, name string, formats []transcript.Format, number int) tea.Cmd {
	return func() tea.Msg {
		path, err := wholePath(name)
		job.Targets, job.Output = exportTargets(path, formats)
		dir := filepath.Dir(path)
		if info, statErr := os.Stat(dir); err == nil && (statErr != nil || !info.IsDir()) {
			err = fmt.Errorf("there is no folder %s: name another one", dir)
		}
		kept, keptErr := export.KeptBeside(job.Output)
		if kept.Pages > 0 {
			bounds.put(job, kept.Began)
		}
		err = cmp.Or(err, keptErr, job.CheckMask(), job.CheckKept(kept), job.Check(), ctx.Err())
		return exportCheckedMsg{number, job, kept.Pages > 0, err}
	}
}

// wholePath makes a path of what was typed, in which ~ is the home.
func wholePath(name string) (string, error) {
	if rest, ok := strings.CutPrefix(name, "~"+string(filepath.Separator)); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return name, errors.New("where ~ is is not known: write the folder out")
		}
		name = filepath.Join(home, rest)
	}
	return filepath.Abs(name)
}

// applyExportChecked begins the job, or says at the field what is wrong.
func (m *Model) applyExportChecked(msg exportCheckedMsg) tea.Cmd {
	e := &m.export
	if msg.number != e.number || e.form == nil {
		return nil
	}
	f := e.form
	f.checking = false
	if msg.err != nil {
		f.refused = text.CleanLine(refusal(msg.job, msg.err))
		f.focus(exportFile)
		return nil
	}
	e.formats, e.draft, e.form = f.formats(), f, nil
	j := &exportJob{Job: msg.job, title: f.title}
	j.Progress = func(p export.Progress) { j.at.Store(&p) }
	e.job = j
	m.notice = text.Lit("exporting: x shows how far it is")
	if msg.goesOn {
		m.notice = text.Lit("going on with what was kept: x shows how far it is")
	}
	ctx, number := e.begin(m.ctx)
	return runExport(ctx, m.jobs, j.Job, number)
}

// exportedMsg answers runExport.
type exportedMsg struct {
	number int
	done   *export.Manifest
	err    error
}

// runExport does a job, behind all that the reader waits for.
func runExport(ctx context.Context, jobs *Jobs, j *export.Job, number int) tea.Cmd {
	return func() tea.Msg {
		if !jobs.begin() {
			return nil
		}
		defer jobs.going.Done()
		done, err := j.Run(zim.WithPriority(ctx, zim.Background))
		return exportedMsg{number, done, err}
	}
}

// applyExported says what came of the job. That stays to be looked at, unless the
// reader stopped it.
func (m *Model) applyExported(msg exportedMsg) {
	e, j := &m.export, m.export.job
	if msg.number != e.number || j == nil {
		return
	}
	e.stop() // it is over: lets go of the context
	j.over, j.done, j.err = true, msg.done, msg.err
	m.notice = j.said()
	switch {
	case j.err == nil:
		e.draft = nil
	case j.stopping:
		e.job, e.shown = nil, false
	}
}

// stopExport has the job end, and reports whether there was one. What came of it is
// said when it has: it may be done by now.
func (m *Model) stopExport() bool {
	if !m.exportRuns() || m.export.job.stopping {
		return false
	}
	m.export.job.stopping = true
	m.export.cancel()
	m.notice = text.Lit("stopping the export")
	return true
}

// handleExportPageKey does what a key does on the page of the job.
func (m *Model) handleExportPageKey(k tea.KeyPressMsg) {
	e := &m.export
	switch {
	case key.Matches(k, exportKeys.Stop):
		m.stopExport()
	case key.Matches(k, keys.Cancel, keys.QuitAsking, keys.Accept):
		e.leave()
	case key.Matches(k, exportKeys.Again):
		again := e.job.over
		if e.leave(); again {
			m.askExport()
		}
	}
}

// leave closes the page, and forgets a job that is over.
func (e *exports) leave() {
	e.shown = false
	if e.job.over {
		e.job = nil
	}
}
