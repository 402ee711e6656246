package ui

import (
	"fmt"
	"slices"
	"strings"

	"backscroll/ui/text"
	"backscroll/zim/history"
)

const (
	shapeIndent  = 3       // of what is told of a shape
	exampleBytes = 4 << 10 // of an example that are laid out: more than a line has
	shapeGapCols = 2       // between two columns
	senderCells  = 12
)

// shapeColumns are the widths of a shape's table.
type shapeColumns struct {
	path, types, share int
	seq                int // of its deviants
}

// view draws the pane, a string for each of its lines.
func (s *shapes) view() []string {
	if s.h <= 0 {
		return nil
	}
	w := s.look.widths
	draw := func(r row, selected bool) string { return r.render(s.look.styles, w, s.w, selected) }
	what := []text.Line{s.what}
	if n := s.found.Gone; n > 0 {
		what = append(what, text.CleanLine(count(n, "custom message is", "custom messages are")+" gone"))
	}
	lines := []string{draw(row{space(barColumn), span{accent, text.Lit("Shapes")}, span{dim, text.Join(dot, dotted(what...))}}, false)}
	for _, r := range s.instead() {
		lines = append(lines, draw(r, false))
	}
	for i := s.top; i < len(s.lines) && len(lines) < s.h; i++ {
		bar := space(1)
		if i == s.selected {
			bar = selectionBar(true)
		}
		lines = append(lines, draw(append(row{bar}, s.line(i)...), i == s.selected))
	}
	for len(lines) < s.h {
		lines = append(lines, blanks(s.w))
	}
	return lines[:s.h]
}

// instead is what there is to say where there are no shapes.
func (s *shapes) instead() (rows []row) {
	ink, said := dim, ""
	switch {
	case !s.done:
		said = "looking through " + count(s.all.Len(), "message", "messages") + " …"
	case s.err != nil:
		ink, said = alarm, "not looked through to the end: "+s.err.Error()
	case len(s.found.List) == 0:
		said = "None of " + count(s.found.Messages, "message", "messages") + " is a custom message or has a payload."
	default:
		return nil
	}
	for _, l := range s.look.widths.Wrap(text.CleanBlock(said), s.w-barColumn-rightMargin) {
		rows = append(rows, row{space(barColumn), span{ink, l}})
	}
	return append([]row{{}}, rows...)
}

// line returns a line of the list, without the bar.
func (s *shapes) line(i int) row {
	if r, ok := s.drawn[i]; ok {
		return r
	}
	if len(s.drawn) > maxBlocks {
		clear(s.drawn)
	}
	l := s.lines[i]
	shape := s.found.List[l.shape]
	r := row{space(shapeIndent)}
	switch l.kind {
	case shapeHead:
		r = s.head(l.shape)
	case shapeField:
		r = append(r, s.field(shape.Fields[l.at], s.columnsOf(l.shape), shape)...)
	case shapeExample:
		r = append(append(r, span{dim, text.Lit("example ")}), s.example(shape)...)
	case shapeDeviant:
		r = append(r, s.deviant(shape.Deviants[l.at], l.reason, s.columnsOf(l.shape))...)
	case shapeNote:
		r = append(r, span{dim, text.CleanLine(shapeNotes(shape)[l.at])})
	}
	s.drawn[i] = r
	return r
}

// head tells what a shape is of, how many messages it has and how large they are.
func (s *shapes) head(n int) row {
	shape := s.found.List[n]
	mark, name := text.Lit("▾ "), text.Lit("payload")
	if s.folded[n] {
		mark = text.Lit("▸ ")
	}
	if !shape.Payload {
		name = text.CleanLine(fmt.Sprint("custom ", shape.SubMsgType))
	}
	facts := []text.Line{name, text.CleanLine(count(shape.Messages, "message", "messages"))}
	if shape.Least == shape.Most {
		facts = append(facts, size(int64(shape.Most)))
	} else {
		facts = append(facts, text.Join(size(int64(shape.Least)), text.Lit(" … "), size(int64(shape.Most)), text.Lit(", median "), size(int64(shape.Median))))
	}
	r := row{span{dim, mark}, span{bold, dotted(facts...)}}
	if n := len(shape.Deviants) + shape.MoreDeviants; n > 0 {
		r = append(r, span{alarm, text.Join(dot, text.CleanLine(count(n, "deviates", "deviate")))})
	}
	return r
}

// columnsOf returns the widths of a shape's table.
func (s *shapes) columnsOf(n int) shapeColumns {
	if c, ok := s.columns[n]; ok {
		return c
	}
	w, shape := s.look.widths, s.found.List[n]
	var c shapeColumns
	for _, f := range shape.Fields {
		c.path = max(c.path, w.Of(w.Fold(revealed(f.Path))))
		c.types = max(c.types, len(typesOf(f)))
		c.share = max(c.share, len(shareOf(f, shape)))
	}
	for _, d := range shape.Deviants {
		c.seq = max(c.seq, len(fmt.Sprint(s.all.At(d.At).MsgSeq)))
	}
	room := s.w - 1 - shapeIndent - 2*shapeGapCols - c.share - rightMargin
	if over := c.path + c.types - room; over > 0 { // types are shorter, and at their beginning is what matters
		c.types = max(min(c.types, room/3), c.types-over, 0)
		c.path = max(min(c.path, room-c.types), 0)
	}
	s.columns[n] = c
	return c
}

// field tells where a field is, what types it has, and how many messages have it.
func (s *shapes) field(f history.ShapeField, c shapeColumns, of history.Shape) row {
	w := s.look.widths
	share := span{dim, w.FitRight(text.CleanLine(shareOf(f, of)), c.share)}
	return row{
		{plain, w.Fit(revealed(f.Path), c.path)}, space(shapeGapCols),
		{dim, w.Fit(text.CleanLine(typesOf(f)), c.types)}, space(shapeGapCols), share,
	}
}

// typesOf names the types of a field, with how many messages have each, where it is
// not all of them.
func typesOf(f history.ShapeField) string {
	var types []string
	for _, t := range f.Types {
		if len(f.Types) == 1 && t.Messages == f.Messages {
			return t.Type.String()
		}
		types = append(types, fmt.Sprint(t.Type, " ", t.Messages))
	}
	return strings.Join(types, ", ")
}

func shareOf(f history.ShapeField, of history.Shape) string {
	return fmt.Sprintf("%d of %d", f.Messages, of.Messages-of.Large)
}

// example is the begin of the example's value.
func (s *shapes) example(shape history.Shape) row {
	p := s.all.At(shape.Example).Peek()
	said := p.BodyText()
	if shape.Payload {
		said = p.Payload()
	}
	if said == "" {
		return row{{dim, text.Lit("(no text)")}}
	}
	said = oneLine(said, true)
	if len(said) > exampleBytes {
		return row{{plain, text.Join(revealed(string(withoutHalf([]byte(said[:exampleBytes])))), text.Lit("…"))}}
	}
	return row{{plain, revealed(said)}}
}

// revealed is foreign text in one line, in which what cannot be seen is named.
func revealed(s string) text.Line { return text.RevealBlock(s).Line() }

// deviant tells when a message was sent, by whom, its MsgSeq, and one reason why it
// deviates; a second reason stands under the first.
func (s *shapes) deviant(d history.Deviant, reason int, c shapeColumns) row {
	const layout = "2006-01-02 15:04"
	w, m := s.look.widths, s.all.At(d.At)
	why := span{plain, revealed(d.Why[reason])}
	seq := row{{dim, text.Lit("seq ")}, {dim, w.FitRight(text.CleanLine(fmt.Sprint(m.MsgSeq)), c.seq)}, space(shapeGapCols)}
	switch {
	case s.w < wideWidth && reason > 0:
		return row{space(seq.width(w)), why}
	case s.w < wideWidth: // the reason is what one must see
		return append(seq, why)
	case reason > 0:
		return row{space(len(layout) + senderCells + 2*shapeGapCols + seq.width(w)), why}
	}
	when := text.Lit("unknown time")
	if at, ok := m.Time(); ok {
		when = text.CleanLine(at.In(s.look.zone).Format(layout))
	}
	sender := string(m.Peek().Sender)
	r := row{
		{dim, w.Fit(when, len(layout))}, space(shapeGapCols),
		{senderInk(sender), w.Fit(idLine(sender), senderCells)}, space(shapeGapCols),
	}
	return append(append(r, seq...), why)
}

// shapeNotes is what else there is to say of a shape: what of it is not shown, or was
// not looked at.
func shapeNotes(shape history.Shape) (notes []string) {
	note := func(when bool, format string, args ...any) {
		if when {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	note(shape.MoreDeviants > 0, "and %d more that deviate", shape.MoreDeviants)
	note(shape.Varied, "most are unlike the others: none is told as deviating")
	note(shape.MoreFields > 0, "and %s more", count(shape.MoreFields, "field", "fields"))
	note(shape.Crowded, "there are more fields than were looked at")
	note(shape.Large > 0, "%s of over %s not looked into", count(shape.Large, "message", "messages"), humanSize(history.MaxShaped))
	note(shape.Deep > 0, "%s looked into %d levels deep only", count(shape.Deep, "message is", "messages are"), history.MaxShapeDepth)
	return slices.Clip(notes)
}
