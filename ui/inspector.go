package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// inspector is the pane that shows one message whole: its fields, how its body
// was decoded, and the bytes as they came.
type inspector struct {
	look look
	w, h int

	open    bool
	message zim.Message
	lines   []row
	top     int
}

// show opens the pane on a message.
func (i *inspector) show(m zim.Message) {
	i.open, i.message, i.top = true, m, 0
	i.compose()
}

func (i *inspector) resize(w, h int) {
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
	i.meaning(e)
	i.section(text.Lit("Fields"))
	width := 0
	for _, f := range e.Fields {
		width = max(width, min(len(f.Name), 16))
	}
	for _, f := range e.Fields {
		i.field(i.look.widths.Fit(text.CleanLine(f.Name), width+2), string(f.Raw))
	}
	i.section(text.CleanLine("Raw · " + humanSize(int64(len(i.message.Raw)))))
	i.prose(plain, string(i.message.Raw))
	i.scroll(0)
}

// meaning tells what can be said of the message beyond its bytes.
func (i *inspector) meaning(e zim.Envelope) {
	fact := func(name, value text.Line) {
		i.lines = append(i.lines, row{space(barColumn + 1), span{dim, i.look.widths.Fit(name, 12)}, span{plain, value}})
	}
	fact(text.Lit("type"), text.CleanLine(e.MsgType.String()+subtype(e)))
	if at, ok := e.Time(); ok {
		fact(text.Lit("time"), text.CleanLine(fullTime(at, i.look.zone)))
	} else {
		fact(text.Lit("time"), text.Lit("unknown"))
	}
	switch e.IsEmpty {
	case zim.Deleted:
		fact(text.Lit("state"), text.Lit("deleted or expired"))
	case zim.Revoked:
		fact(text.Lit("state"), text.Lit("recalled"))
	}
	body := e.Body()
	if len(body.Ladder) > 0 {
		fact(text.Lit("body"), text.CleanLine(strings.Join(body.Ladder, " → ")))
	}
	if u, ok := body.Content.(*zim.Undecoded); ok && u.Reason != "" {
		fact(text.Lit("body"), text.CleanLine("not decodable: "+u.Reason))
	}
	if m, ok := body.Content.(*zim.Media); ok {
		i.media(m, fact)
	}
	for _, p := range e.Problems {
		fact(text.Lit("problem"), text.CleanLine(strings.TrimSpace(p.Field+" "+p.Reason)))
	}
	if hidden := text.Hidden(body.Raw + words(body.Content) + e.Sender + e.Payload); len(hidden) > 0 {
		var names []string
		for _, r := range hidden {
			names = append(names, fmt.Sprintf("U+%04X", r))
		}
		fact(text.Lit("hidden"), text.CleanLine("characters that change the reading order: "+strings.Join(names, " ")))
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

func (i *inspector) media(m *zim.Media, fact func(name, value text.Line)) {
	if m.Size >= 0 {
		fact(text.Lit("size"), text.CleanLine(humanSize(m.Size)+" · "+strconv.FormatInt(m.Size, 10)+" bytes"))
	}
	if m.MD5 != "" {
		fact(text.Lit("md5"), text.CleanLine(m.MD5))
	}
	for _, link := range append([]zim.Variant{{Name: "original", URL: m.URL, Width: m.Width, Height: m.Height}}, m.Variants...) {
		if link.URL == "" {
			continue
		}
		i.lines = append(i.lines, row{space(barColumn + 1), span{dim, i.look.widths.Fit(text.CleanLine(link.Name), 12)},
			span{plain, text.CleanLine(dimensions(link.Width, link.Height))}})
		i.prose(plain, link.URL)
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
	return at.In(zone).Format("2006-01-02 15:04:05 -07:00")
}

func (i *inspector) section(title text.Line) {
	i.lines = append(i.lines, row{}, row{space(barColumn), span{bold, title}})
}

// field shows a value after its name, wrapped under itself.
func (i *inspector) field(name text.Line, value string) {
	indent := barColumn + 1 + i.look.widths.Of(name)
	for n, l := range i.chop(value, i.w-indent-rightMargin) {
		if n == 0 {
			i.lines = append(i.lines, row{space(barColumn + 1), span{dim, name}, span{plain, l}})
			continue
		}
		i.lines = append(i.lines, row{space(indent), span{plain, l}})
	}
}

func (i *inspector) prose(k ink, s string) {
	for _, l := range i.chop(s, i.w-barColumn-1-rightMargin) {
		i.lines = append(i.lines, row{space(barColumn + 1), span{k, l}})
	}
}

// chop cleans a value and breaks it into lines; what is too large to lay out is
// counted.
func (i *inspector) chop(s string, cells int) []text.Line {
	block := text.CleanBlock(s)
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
	right := row{}
	if i.message.MsgSeq != 0 {
		right = row{span{dim, text.CleanLine("seq " + strconv.FormatInt(i.message.MsgSeq, 10))}}
	}
	draw := func(r row) string { return r.render(i.look.styles, i.look.widths, i.w, false) }
	lines := []string{draw(apart(i.look.widths, i.w-rightMargin, row{space(barColumn), title}, right))}
	for n := i.top; n < min(i.top+i.rows(), len(i.lines)); n++ {
		lines = append(lines, draw(i.lines[n]))
	}
	for len(lines) < i.h {
		lines = append(lines, blanks(i.w))
	}
	return lines
}
