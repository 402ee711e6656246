package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"backscroll/ui/text"
)

// leastText is the room that the last column has on the narrowest terminal.
const leastText = 20

// table lays rows out in columns while they come: a column is as wide as its
// widest cell so far. All that it writes was cleaned.
type table struct {
	header []cell
	widths []int
	cells  int  // of a line; 0 is no bound
	ink    bool // bold and dim
	rule   text.Widths
}

// cell is one field of a row.
type cell struct {
	text  text.Line
	right bool // aligned
	ink   ansi.Style
}

var (
	plainInk = ansi.Style{}
	boldInk  = ansi.Style{}.Bold()
	dimInk   = ansi.Style{}.Faint()
)

// newTable returns a table with a header. On a terminal its lines end at the
// edge; elsewhere they are as long as they are.
func (p Process) newTable(ink bool, header ...cell) *table {
	t := &table{header: header, widths: make([]int, len(header)), ink: ink, rule: text.Graphemes}
	if p.StdoutIsTerminal {
		t.cells, t.rule = p.columns(), text.Wc
	}
	return t
}

// heading is a cell of a header.
func heading(s string, right bool) cell { return cell{text.CleanLine(s), right, boldInk} }

// lines lays rows out, below the header if that is still to come.
func (t *table) lines(rows [][]cell) [][]byte {
	if t.header != nil {
		rows = append([][]cell{t.header}, rows...)
		t.header = nil
	}
	for _, row := range rows {
		for i, c := range row[:len(row)-1] {
			t.widths[i] = max(t.widths[i], t.rule.Of(t.rule.Fold(c.text)))
		}
	}
	out := make([][]byte, len(rows))
	for i, row := range rows {
		out[i] = t.row(row)
	}
	return out
}

// row is a line of the table. Its last cell is cut where the terminal ends.
func (t *table) row(row []cell) []byte {
	var b []byte
	used := 0
	for i, c := range row {
		line := t.rule.Fold(c.text)
		last := i == len(row)-1
		if last && t.cells > 0 {
			line = t.rule.Cut(line, max(t.cells-used, leastText))
		}
		pad := ""
		if room := t.widths[i] - t.rule.Of(line); room > 0 && !last {
			pad = strings.Repeat(" ", room)
		}
		if c.right {
			b = append(b, pad...)
		}
		b = append(b, t.paint(c.ink, line)...)
		if last {
			break
		}
		if !c.right {
			b = append(b, pad...)
		}
		b = append(b, "  "...)
		used += t.widths[i] + 2
	}
	return b
}

func (t *table) paint(ink ansi.Style, l text.Line) string {
	if !t.ink || len(ink) == 0 || l.Empty() {
		return l.String()
	}
	return ink.Styled(l.String())
}
