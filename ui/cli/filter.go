package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"backscroll/keys"
	"backscroll/ui/export"
	"backscroll/ui/text"
	"backscroll/zim/history"
)

// filterError is a filter that cannot be read, and where.
type filterError struct {
	*keys.InputError
	lines [2]text.Line // what was typed, and carets under what is wrong
}

func (e *filterError) Unwrap() error { return e.InputError }

// parseFilter reads --filter; nil if it was not given. The error shows the filter
// in lines of the terminal.
func (p Process) parseFilter(s string, zone *time.Location) (*history.Filter, error) {
	if s == "" {
		return nil, nil
	}
	f, err := history.ParseFilter(s, zone, p.Now())
	wrong, ok := errors.AsType[*history.FilterError](err)
	switch {
	case ok && export.MayBeSecret(s):
		at := utf8.RuneCountInString(s[:wrong.Start]) + 1
		return nil, misuse("--filter", fmt.Sprintf("cannot be read from character %d on; it is not shown, since it may hold a secret", at),
			"what a filter can be made of is listed by: backscroll messages --help")
	case ok:
		return nil, &filterError{
			&keys.InputError{Input: "--filter", Problem: wrong.Problem, Advice: wrong.Advice},
			underlined(s, wrong.Start, wrong.End, p.columns()-1),
		}
	case err == nil && f == nil:
		return nil, misuse("--filter", "is empty", "give it a value, or leave it out")
	}
	return f, err
}

// filterIndent stands before the lines of a filterError.
const filterIndent = 2

// underlined shows what was typed, and carets under the bytes from start to end.
// Of a long text it shows what is around them.
func underlined(typed string, start, end, cells int) [2]text.Line {
	before, wrong, after := text.CleanLine(typed[:start]), text.CleanLine(typed[start:end]), text.CleanLine(typed[end:])
	rule, room := text.Wc, max(cells-filterIndent, leastText)
	if n := len(before.String()); rule.Of(text.Join(before, wrong, after)) > room && n > room/2 {
		_, before, _ = rule.Split(before, n-room/2, n) // a byte is a cell at most
		before = text.Join(text.Lit("…"), before)
	}
	before, wrong = rule.Fold(before), rule.Cut(wrong, room-rule.Of(rule.Fold(before)))
	indent := strings.Repeat(" ", filterIndent)
	shown := text.Join(text.CleanLine(indent), rule.Cut(text.Join(before, wrong, after), room))
	carets := strings.Repeat("^", max(rule.Of(wrong), 1))
	return [2]text.Line{shown, text.CleanLine(indent + strings.Repeat(" ", rule.Of(before)) + carets)}
}

// show writes the lines.
func (e *filterError) show(w io.Writer) {
	for _, l := range e.lines {
		say(w, "%s", l)
	}
}

// filterHelp lists what a filter can be made of.
func filterHelp() string {
	const column, width = 36, 78
	var b strings.Builder
	for _, f := range history.FilterHelp() {
		example := "  " + f.Example
		for _, l := range text.Wc.Wrap(text.CleanBlock(f.Does), width-column) {
			fmt.Fprintf(&b, "%-*s%s\n", column, example, l)
			example = ""
		}
	}
	return b.String()
}
