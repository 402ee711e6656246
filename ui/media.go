package ui

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/media"
)

// What a message links to: opened, saved, and in media_check.go checked.

// mediaTime is how long a file may take.
const mediaTime = 2 * time.Hour

// transfer is a file that is being fetched.
type transfer struct {
	link        media.Link
	of          int64 // the MsgId of the message
	cancel      context.CancelFunc
	done, total atomic.Int64 // bytes; total is -1 where it is not known
	check       bool         // it is only compared
}

// begin makes a transfer, and the context that its cancel ends.
func begin(ctx context.Context, l media.Link, of int64, check bool) (*transfer, context.Context) {
	t := &transfer{link: l, of: of, check: check}
	ctx, t.cancel = context.WithTimeout(ctx, mediaTime)
	t.total.Store(l.Size)
	return t, ctx
}

// came is told how much of the file there is.
func (t *transfer) came(done, total int64) {
	t.done.Store(done)
	t.total.Store(total)
}

// transferring reports whether a file is on its way.
func (m *Model) transferring() bool {
	c, ok := m.cover.(*mediaCheck)
	return m.transfer != nil || ok && c.busy != nil || m.exportRuns()
}

// progress says how far it is.
func (t *transfer) progress() text.Line {
	said := humanSize(t.done.Load())
	if total := t.total.Load(); total >= 0 {
		said += " of " + humanSize(total)
	}
	return text.CleanLine(said)
}

// fetchedMsg answers saveLink and checkLink.
type fetchedMsg struct {
	transfer *transfer
	result   media.Result
	err      error
}

// saveLink writes a file into a folder; where is a name in it, or a path.
func saveLink(ctx context.Context, f *media.Fetcher, t *transfer, where string) tea.Cmd {
	return func() tea.Msg {
		defer t.cancel()
		dir, name := filepath.Split(where)
		if info, err := os.Stat(where); err == nil && info.IsDir() {
			dir, name = where, ""
		}
		result, err := f.Save(ctx, t.link, cmp.Or(dir, "."), name, t.came)
		if whole, absErr := filepath.Abs(result.Path); err == nil && absErr == nil {
			result.Path = whole
		}
		return fetchedMsg{t, result, err}
	}
}

// checkLink fetches a file and keeps nothing of it.
func checkLink(ctx context.Context, f *media.Fetcher, t *transfer) tea.Cmd {
	return func() tea.Msg {
		defer t.cancel()
		result, err := f.Check(ctx, t.link, t.came)
		return fetchedMsg{t, result, err}
	}
}

// openedMsg answers openLink.
type openedMsg struct {
	host string
	err  error
}

// openLink hands a URL to whatever shows URLs here, if its host may be looked at.
func openLink(ctx context.Context, f *media.Fetcher, open func(url string) error, raw string) tea.Cmd {
	return func() tea.Msg {
		host, err := media.Host(raw)
		if err == nil {
			err = f.Allows(ctx, raw)
		}
		var url string
		if err == nil {
			url, err = media.URL(raw)
		}
		if err == nil {
			err = open(url)
		}
		return openedMsg{host, err}
	}
}

// linkOf returns the one file that a key is about: what is selected among the
// links, or that of the message. Of several, one is chosen among the links first.
func (m *Model) linkOf() (l media.Link, of int64, ok bool) {
	if c, covered := m.cover.(*mediaCheck); covered {
		l, ok = c.current()
		return l, c.of, ok
	}
	msg, _ := m.pointedAt()
	links := media.Links(msg.Envelope().Body().Content)
	var originals []media.Link
	for _, l := range links {
		if isOriginal(l) {
			originals = append(originals, l)
		}
	}
	switch {
	case len(links) == 0:
		m.notice = text.Lit("the message has no file")
	case len(originals) == 1:
		return originals[0], msg.MsgId, true
	case len(links) == 1:
		return links[0], msg.MsgId, true
	default:
		m.put(newMediaCheck(msg.MsgId, links))
		m.notice = text.Lit("which one? o opens it, w saves it")
	}
	return media.Link{}, 0, false
}

// isOriginal reports whether a link is to the file itself, not to a rendering of it.
func isOriginal(l media.Link) bool { return strings.HasSuffix(l.Name, "original") }

// askOpen shows where a file is and asks whether to open it there.
func (m *Model) askOpen() {
	l, _, ok := m.linkOf()
	if !ok {
		return
	}
	if _, err := media.Host(l.URL); err != nil {
		m.notice = text.CleanLine("not opened: " + err.Error())
		return
	}
	m.opening = &l
}

// openQuestion is what askOpen asks.
func openQuestion(l media.Link) row {
	host, _ := media.Host(l.URL)
	return row{
		space(barColumn), span{plain, text.Lit("open ")}, span{plain, text.CleanName(media.FileName(l))}, span{plain, text.Lit(" at ")},
		span{accent, text.CleanLine(host)}, span{plain, text.Lit("? ")}, span{accent, text.Lit("y")}, span{dim, text.Lit(" opens, any other key does not")},
	}
}

// opened tells how opening went.
func opened(msg openedMsg) text.Line {
	if msg.err != nil {
		return text.CleanBlock("not opened: " + msg.err.Error()).Line()
	}
	return text.CleanLine("opened at " + msg.host)
}

// askSave asks for a name for a file.
func (m *Model) askSave() {
	if l, of, ok := m.linkOf(); ok {
		if host, err := media.Host(l.URL); err != nil {
			m.notice = text.CleanLine("not saved: " + err.Error())
		} else {
			m.ask(promptSave, media.FileName(l))
			m.prompt.link, m.prompt.of, m.prompt.host = l, of, host
		}
	}
}

// saveNote says of the file that is to be saved how large it is and whence.
func (p *prompt) saveNote() text.Line {
	from := text.CleanLine("from " + p.host)
	if p.link.Size < 0 {
		return from
	}
	return dotted(size(p.link.Size), from)
}

// save fetches what askSave asked about.
func (m *Model) save(l media.Link, of int64, where string) tea.Cmd {
	if m.transfer != nil {
		m.notice = text.Lit("another file is being saved: esc stops that")
		return nil
	}
	t, ctx := begin(m.ctx, l, of, false)
	m.transfer = t
	return saveLink(ctx, m.media, t, where)
}

// stopTransfer ends the saving of a file, and reports whether there was any.
func (m *Model) stopTransfer() bool {
	if m.transfer == nil {
		return false
	}
	m.transfer.cancel()
	m.transfer = nil
	m.notice = text.Lit("stopped: nothing was saved")
	return true
}

// applyFetched says what came of a file, in the last row and at its message.
func (m *Model) applyFetched(msg fetchedMsg) tea.Cmd {
	if c, ok := m.cover.(*mediaCheck); ok && msg.transfer.check {
		return c.apply(m.ctx, m.media, msg)
	}
	if msg.transfer != m.transfer {
		return nil
	}
	m.transfer = nil
	v := judge(msg.transfer.link, msg.result)
	said := text.CleanBlock(fmt.Sprintf("saved: %s · %s", filepath.Base(msg.result.Path), v)).Line()
	m.notice = dotted(said, text.CleanLine("in "+filepath.Dir(msg.result.Path)))
	if msg.err != nil {
		said = text.CleanBlock("not saved: " + msg.err.Error()).Line()
		m.notice = said
	}
	m.messages.noteFile(msg.transfer.of, span{map[bool]ink{true: dim, false: alarm}[msg.err == nil && len(v.differs) == 0], said})
	return nil
}

// noteFile writes something about a file under its message.
func (m *messages) noteFile(of int64, said span) {
	if of == 0 {
		return
	}
	if m.files == nil {
		m.files = map[int64]span{}
	}
	m.files[of] = said
	m.keepingLines(m.forget)
}

// verdict says what of a file is as its message declares it.
type verdict struct {
	size                        int64
	agrees, differs, undeclared []string
}

// judge compares a file with what is declared of it.
func judge(l media.Link, r media.Result) (v verdict) {
	v.size = r.Size
	differs := map[string]bool{}
	for _, d := range r.Differs {
		differs[d.What] = true
		v.differs = append(v.differs, fmt.Sprintf("%s differs: declared %s, found %s", d.What, d.Declared, d.Found))
	}
	for _, of := range []struct {
		what            string
		declared, found bool
	}{
		{"size", l.Size >= 0, r.MD5 != ""}, {"MD5", l.MD5 != "", r.MD5 != ""}, {"dimensions", l.Width > 0 && l.Height > 0, r.Width > 0},
	} {
		switch {
		case differs[of.what]:
		case of.declared && of.found:
			v.agrees = append(v.agrees, of.what)
		case !of.declared && isOriginal(l) && (of.what != "dimensions" || l.Type == zim.TypeImage): // of a rendering, no message does
			v.undeclared = append(v.undeclared, of.what)
		}
	}
	return v
}

// String says it in one line, what is wrong first.
func (v verdict) String() string {
	parts := append([]string{humanSize(v.size)}, v.differs...)
	if len(v.agrees) > 0 {
		parts = append(parts, strings.Join(v.agrees, ", ")+" as declared")
	}
	if len(v.undeclared) > 0 {
		parts = append(parts, "not declared: "+strings.Join(v.undeclared, ", "))
	}
	return strings.Join(parts, " · ")
}
