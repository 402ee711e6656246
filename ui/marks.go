package ui

import (
	"slices"
	"strings"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

// markRows marks what a query finds in the rows of a message, and reports whether
// there is anything. Where a line was broken, the text is taken to go on with a
// blank, or without one: wrapping drops the blank, chopping has none.
func markRows(w text.Widths, rows []row, q history.Query) bool {
	any := false
	for _, joint := range []string{" ", ""} {
		var all strings.Builder
		var begins []int // of each row's text in all
		for i, r := range rows {
			if i > 0 {
				all.WriteString(joint)
			}
			begins = append(begins, all.Len())
			for _, s := range r {
				all.WriteString(s.text.String())
			}
		}
		found := q.Ranges(all.String())
		any = any || len(found) > 0
		for i := range rows {
			for _, f := range found {
				rows[i] = rows[i].mark(w, f[0]-begins[i], f[1]-begins[i])
			}
		}
	}
	return any
}

// mark returns the row with the bytes of its text from from to to marked, where
// the row has them.
func (r row) mark(w text.Widths, from, to int) row {
	at := 0
	for i := 0; i < len(r); i++ {
		s := r[i]
		n := len(s.text.String())
		if a, b := max(from-at, 0), min(to-at, n); a < b && s.ink != marked {
			before, inside, after := w.Split(s.text, a, b)
			parts := row{{s.ink, before}, {marked, inside}, {s.ink, after}}
			r = slices.Concat(r[:i], parts, r[i+1:])
			i += len(parts) - 1
		}
		at += n
	}
	return r
}
