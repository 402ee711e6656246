package cli

import (
	"fmt"
	"io"

	"github.com/charmbracelet/x/ansi"

	"backscroll/ui/text"
)

// progress is one line at the end of standard error that is written over while
// something takes long. A nil progress is none.
type progress struct {
	w     io.Writer
	cells int
	shown bool
}

// newProgress returns nil where nobody could watch, or where a line cannot be
// written over.
func (p Process) newProgress() *progress {
	if !p.StderrIsTerminal || p.Getenv("TERM") == "dumb" {
		return nil
	}
	return &progress{w: p.Stderr, cells: p.columns() - 1} // a full line would wrap
}

// show replaces the line. It is cut to the terminal.
func (b *progress) show(format string, args ...any) {
	if b == nil {
		return
	}
	b.clear()
	line := text.Wc.Cut(text.CleanLine(fmt.Sprintf(format, args...)), b.cells)
	io.WriteString(b.w, line.String())
	b.shown = true
}

// clear takes the line away: before anything else is written, and at the end.
func (b *progress) clear() {
	if b == nil || !b.shown {
		return
	}
	io.WriteString(b.w, "\r"+ansi.EraseLineRight)
	b.shown = false
}
