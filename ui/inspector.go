package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// maxFields is how many fields of a message are laid out; a message has nine.
const maxFields = 200

// inspector is the pane that shows one message whole: its fields, how its body
// was decoded, and the bytes as they came.
type inspector struct {
	look look
	w, h int

	open    bool
	message zim.Message
	alone   bool        // the message was asked for by its number, and may not be loaded
	beside  zim.Message // for alone: what was selected then
	lines   []row
	top     int
}

// show opens the pane on a message.
func (i *inspector) show(m zim.Message) {
	i.open, i.message, i.top, i.alone = true, m, 0, false
	i.compose()
}

// showAlone opens the pane on a message that is not selected; it stays until
// another one is.
func (i *inspector) showAlone(m, beside zim.Message) {
	i.show(m)
	i.alone, i.beside = true, beside
}

// follow shows the selected message.
func (i *inspector) follow(selected zim.Message) {
	if i.alone && len(i.beside.Raw) == 0 { // nothing was loaded then
		i.beside = selected
	}
	if i.shows(selected) || i.alone && same(selected, i.beside) {
		return
	}
	i.show(selected)
}

// shows reports whether the pane is open on that very message.
func (i *inspector) shows(m zim.Message) bool { return i.open && same(m, i.message) }

// same reports whether two messages are the same bytes of the same answer.
func same(a, b zim.Message) bool {
	return len(a.Raw) > 0 && len(b.Raw) > 0 && &a.Raw[0] == &b.Raw[0]
}

func (i *inspector) resize(w, h int) {
	if w == i.w && h == i.h {
		return
	}
	i.w, i.h = w, h
	i.compose()
}

func (i *inspector) restyle(l look) {
	i.look = l
	i.compose()
}

// compose lays the message out, unless there is none or no room.
func (i *inspector) compose() {
	i.lines = nil
	if !i.open || i.w <= 0 {
		return
	}
	e := i.message.Envelope()
	body := e.Body()
	i.meaning(e, body)
	if len(body.JSON) > 0 {
		i.section(text.Lit("Body, decoded"))
		i.prose(indented(body.JSON))
	}
	i.section(text.Lit("Fields"))
	for _, f := range e.Fields[:min(len(e.Fields), maxFields)] {
		i.field(f.Name, string(f.Raw))
	}
	if more := len(e.Fields) - maxFields; more > 0 {
		i.fact(text.Lit("…"), text.CleanLine(count(more, "field", "fields")+" more, see below"))
	}
	i.section(text.CleanLine("Raw · " + humanSize(int64(len(i.message.Raw)))))
	i.prose(string(i.message.Raw))
	i.scroll(0)
}

// indented lays JSON out over several lines; no number in it is touched.
func indented(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

// meaning tells what can be said of the message beyond its bytes.
func (i *inspector) meaning(e zim.Envelope, body zim.Body) {
	i.fact(text.Lit("type"), text.CleanLine(e.MsgType.String()+subtype(e)))
	when := text.Lit("unknown")
	if at, ok := e.Time(); ok {
		when = text.CleanLine(fullTime(at, i.look.zone))
	}
	i.fact(text.Lit("time"), when)
	switch e.IsEmpty {
	case zim.Deleted:
		i.fact(text.Lit("state"), text.Lit("deleted or expired"))
	case zim.Revoked:
		i.fact(text.Lit("state"), text.Lit("recalled"))
	}
	if names := body.LadderNames(); len(names) > 0 {
		i.fact(text.Lit("body"), text.CleanLine(strings.Join(names, " → ")))
	}
	switch c := body.Content.(type) {
	case *zim.Undecoded:
		if c.Reason != "" {
			i.fact(text.Lit("body"), text.CleanLine("not decodable: "+c.Reason))
		}
	case *zim.Media:
		i.media(c)
	}
	for _, p := range e.Problems[:min(len(e.Problems), maxFields)] {
		i.fact(text.Lit("problem"), text.CleanLine(strings.TrimSpace(p.Field+" "+p.Reason)))
	}
	if hidden := text.Hidden(body.Raw + words(body.Content) + e.Sender + e.Payload); len(hidden) > 0 {
		var names []string
		for _, r := range hidden {
			names = append(names, fmt.Sprintf("U+%04X", r))
		}
		i.fact(text.Lit("hidden"), text.CleanLine("characters: "+strings.Join(names, " ")))
	}
}

// fact shows what is known under a name, wrapped under itself.
func (i *inspector) fact(name, value text.Line) {
	const nameCells = 12
	indent := barColumn + 1 + nameCells
	for n, l := range i.look.widths.Wrap(text.CleanBlock(value.String()), i.w-indent-rightMargin) {
		if n > 0 {
			name = text.Line{}
		}
		i.lines = append(i.lines, row{space(barColumn + 1), span{dim, i.look.widths.Fit(name, nameCells)}, span{plain, l}})
	}
}

// words returns what people wrote in a body that was decoded further than Raw.
func words(c zim.Content) string {
	switch c := c.(type) {
	case *zim.Media:
		return c.Name
	case *zim.Combined:
		return c.Title + c.Summary
	case *zim.MultiItem:
		var all strings.Builder
		for _, item := range c.Items {
			all.WriteString(words(item.Content))
		}
		return all.String()
	case *zim.Text:
		return c.Text
	case *zim.Custom:
		return c.Text
	}
	return ""
}

func (i *inspector) media(m *zim.Media) {
	if m.Size >= 0 {
		i.fact(text.Lit("size"), text.CleanLine(humanSize(m.Size)+" · "+strconv.FormatInt(m.Size, 10)+" bytes"))
	}
	if m.MD5 != "" {
		i.fact(text.Lit("md5"), text.CleanLine(m.MD5))
	}
	for _, link := range append([]zim.Variant{{Name: "original", URL: m.URL, Width: m.Width, Height: m.Height}}, m.Variants...) {
		if link.URL != "" {
			i.fact(text.CleanLine(link.Name), text.CleanLine(dimensions(link.Width, link.Height)))
			i.prose(link.URL)
		}
	}
}

func dimensions(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	return fmt.Sprintf("%d×%d", w, h)
}

func subtype(e zim.Envelope) string {
	if e.MsgType != zim.TypeCustom {
		return fmt.Sprintf(" (%d)", int64(e.MsgType))
	}
	return fmt.Sprintf(" (%d), subtype %d", int64(e.MsgType), e.SubMsgType)
}

func fullTime(at time.Time, zone *time.Location) string {
	return at.In(zone).Format(history.TimeLayout)
}

func (i *inspector) section(title text.Line) {
	i.lines = append(i.lines, row{}, row{space(barColumn), span{bold, title}})
}

// field shows a value beside its name, or under a name that is long.
func (i *inspector) field(name, value string) {
	const nameCells = 14
	shown := text.RevealBlock(name).Line()
	indent := barColumn + 1 + nameCells
	lines := i.chop(value, i.w-indent-rightMargin)
	if i.look.widths.Of(i.look.widths.Fold(shown)) >= nameCells {
		for _, l := range i.chop(name, i.w-barColumn-1-rightMargin) {
			i.lines = append(i.lines, row{space(barColumn + 1), span{dim, l}})
		}
		shown = text.Line{}
	}
	for n, l := range lines {
		if n > 0 {
			shown = text.Line{}
		}
		i.lines = append(i.lines, row{space(barColumn + 1), span{dim, i.look.widths.Fit(shown, nameCells)}, span{plain, l}})
	}
}

func (i *inspector) prose(s string) {
	for _, l := range i.chop(s, i.w-barColumn-1-rightMargin) {
		i.lines = append(i.lines, row{space(barColumn + 1), span{plain, l}})
	}
}

// chop breaks a value into lines that show all of it, what cannot be seen too;
// what is too large to lay out is counted.
func (i *inspector) chop(s string, cells int) []text.Line {
	block := text.RevealBlock(s)
	lines := i.look.widths.Chop(block, cells)
	if block.Rest() > 0 {
		lines = append(lines, text.Join(text.Lit("… and "), size(int64(block.Rest())), text.Lit(" more")))
	}
	return lines
}

func (i *inspector) rows() int { return max(i.h-1, 0) }

func (i *inspector) scroll(k int) {
	i.top = max(0, min(i.top+k, len(i.lines)-i.rows()))
}

func (i *inspector) handleKey(k tea.KeyPressMsg) {
	lines, jumps := keys.jump(k, i.rows())
	switch {
	case jumps:
		i.scroll(lines)
	case key.Matches(k, keys.Down, keys.ScrollDown):
		i.scroll(1)
	case key.Matches(k, keys.Up, keys.ScrollUp):
		i.scroll(-1)
	case key.Matches(k, keys.First):
		i.top = 0
	case key.Matches(k, keys.Last):
		i.scroll(len(i.lines))
	}
}

// view draws the pane, a string for each of its lines.
func (i *inspector) view(focused bool) []string {
	if i.h <= 0 {
		return nil
	}
	title := span{bold, text.Lit("Message")}
	if focused {
		title.ink = accent
	}
	alone := span{}
	if i.alone {
		alone = span{dim, text.Lit(" · looked up by its number")}
	}
	right := row{}
	if i.message.MsgSeq != 0 {
		right = row{span{dim, text.CleanLine("seq " + strconv.FormatInt(i.message.MsgSeq, 10))}}
	}
	draw := func(r row) string { return r.render(i.look.styles, i.look.widths, i.w, false) }
	lines := []string{draw(apart(i.look.widths, i.w-rightMargin, row{space(barColumn), title, alone}, right))}
	for n := i.top; n < min(i.top+i.rows(), len(i.lines)); n++ {
		lines = append(lines, draw(i.lines[n]))
	}
	for len(lines) < i.h {
		lines = append(lines, blanks(i.w))
	}
	return lines
}
