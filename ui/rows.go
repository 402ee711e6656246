package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"backscroll/ui/text"
	"backscroll/zim"
	"github.com/dustin/go-humanize"
	"golang.org/x/net/idna"
)

const (
	rawRows     = 3        // of a custom or undecoded body
	itemBytes   = 64 << 10 // of all contents of a multi-item message together
	payloadMark = " +payload"
	itemIndent  = 2
)

// composer lays out the bodies of messages in rows of so many cells.
type composer struct {
	widths text.Widths
	zone   *time.Location
	cells  int
}

// body returns the rows of a message, without the header of its sender. notice
// tells of a recalled one who recalled it, and returns nil if that is not known.
func (c composer) body(e zim.Envelope, notice noticeFunc) []row {
	if e.Payload != "" {
		c.cells = max(c.cells-len(payloadMark), 1)
	}
	rows := c.rows(e, notice)
	if e.Payload != "" {
		rows[0] = append(rows[0].fold(c.widths).cut(c.widths, c.cells), span{dim, text.Lit(payloadMark)})
	}
	return rows
}

// summaryCells is wide enough for every row but those of a huge message.
const summaryCells = 1 << 14

// Summary returns what a message says in one line: the rows that the browser has
// for it, each break shown as ␤.
func Summary(e zim.Envelope, zone *time.Location) text.Line {
	payload := e.Payload
	e.Payload = "" // its mark goes to the end
	var said strings.Builder
	for i, r := range (composer{text.Graphemes, zone, summaryCells}).body(e, ownNotice) {
		if i > 0 {
			said.WriteString("␤")
		}
		for n, s := range r {
			if n > 0 || i == 0 || strings.TrimSpace(s.text.String()) != "" { // not the indent of an item
				said.WriteString(s.text.String())
			}
		}
	}
	if payload != "" {
		said.WriteString(payloadMark)
	}
	return text.CleanLine(said.String())
}

// Rows returns what a message says in the rows that the browser has for it, without
// the mark of its payload; none is broken that is not huge.
func Rows(e zim.Envelope, zone *time.Location) []text.Line {
	var lines []text.Line
	for _, r := range (composer{text.Graphemes, zone, summaryCells}).rows(e, ownNotice) {
		var parts []text.Line
		for _, s := range r {
			parts = append(parts, s.text)
		}
		lines = append(lines, text.Join(parts...))
	}
	return lines
}

// noticeFunc returns who recalled a message, if it is known.
type noticeFunc func(zim.Envelope, zim.Body) *zim.RecallNotice

// ownNotice is the notice that a recalled message brings along, if it does.
func ownNotice(_ zim.Envelope, b zim.Body) *zim.RecallNotice {
	n, _ := b.Content.(*zim.RecallNotice)
	return n
}

func (c composer) rows(e zim.Envelope, notice noticeFunc) []row {
	switch e.IsEmpty {
	case zim.Deleted:
		return []row{{span{dim, text.Lit("deleted or expired")}}}
	case zim.Revoked:
		if n := notice(e, e.Body()); n != nil {
			return c.recall(n)
		}
		return []row{{span{dim, text.Lit("recalled")}}}
	}
	if len(e.Problems) > 0 && e.Problems[0].Field == "" {
		return c.marked("[not decodable: "+e.Problems[0].Reason+"]", string(e.Raw))
	}
	if e.MsgType == 0 && len(e.MsgBody) == 0 && e.MsgId == 0 { // as in a file with an answer that has no messages
		return c.marked("[no message]", oneLine(string(e.Raw[:min(len(e.Raw), itemBytes)]), true))
	}
	body := e.Body()
	return c.content(e.MsgType, body.Content, body.Raw)
}

// content returns the rows of a decoded body; at least one.
func (c composer) content(t zim.MsgType, content zim.Content, raw string) []row {
	switch b := content.(type) {
	case *zim.Text:
		return c.prose(b.Text)
	case *zim.Media:
		return []row{c.media(b)}
	case *zim.MultiItem:
		return c.multiItem(b)
	case *zim.Combined:
		return c.combined(b)
	case *zim.Custom:
		return c.marked(fmt.Sprintf("[custom %d]", b.SubMsgType), oneLine(b.Text, b.JSON))
	case *zim.Tips:
		return c.sentence(tipsSentence(b))
	case *zim.RecallNotice:
		return c.recall(b)
	case *zim.Undecoded:
		if b.Reason != "" {
			return c.marked("["+t.String()+", not decodable: "+b.Reason+"]", raw)
		}
	}
	return c.marked("["+t.String()+"]", raw)
}

// prose wraps what somebody wrote.
func (c composer) prose(s string) []row {
	block := text.CleanBlock(s)
	if s == "" {
		return []row{{span{dim, text.Lit("(no text)")}}}
	}
	if block.Blank() {
		return []row{{span{dim, text.CleanLine("(nothing to see in " + count(utf8.RuneCountInString(s), "character", "characters") + ")")}}}
	}
	var rows []row
	for _, l := range c.widths.Wrap(block, c.cells) {
		rows = append(rows, row{span{plain, l}})
	}
	if block.Rest() > 0 {
		rows = append(rows, row{span{dim, text.Join(text.Lit("… and "), size(int64(block.Rest())), text.Lit(" more, not shown"))}})
	}
	return rows
}

// marked puts a marker before a body that is shown as it is, three rows of it.
func (c composer) marked(marker, body string) []row {
	mark := text.CleanLine(marker)
	shown := text.CleanBlock(strings.TrimSpace(body))
	lines := c.widths.Chop(text.CleanBlock(text.Join(mark, text.Lit(" "), shown.Line()).String()), c.cells)
	if len(lines) > rawRows || shown.Rest() > 0 {
		lines = lines[:min(rawRows, len(lines))]
		last := &lines[len(lines)-1]
		*last = c.widths.Cut(text.Join(*last, text.Lit("…")), c.cells)
	}
	var rows []row
	marked := len(c.widths.Fold(mark).String()) // bytes of the marker that are still to come
	for _, l := range lines {
		s := l.String()
		n := min(marked, len(s))
		marked -= n
		rows = append(rows, row{span{dim, text.CleanLine(s[:n])}, span{plain, text.CleanLine(s[n:])}})
	}
	return rows
}

// oneLine returns JSON without the white space between its tokens; no number in
// it is touched.
func oneLine(s string, isJSON bool) string {
	var b bytes.Buffer
	if isJSON && json.Compact(&b, []byte(s)) == nil {
		return b.String()
	}
	return s
}

// sentence wraps a sentence of ours about what happened.
func (c composer) sentence(l text.Line) []row {
	var rows []row
	for _, l := range c.widths.Wrap(text.CleanBlock(l.String()), c.cells) {
		rows = append(rows, row{span{dim, l}})
	}
	return rows
}

// media returns `[video 1:05 8.4 MB 720×1280] clip.mp4 · media.example.com`. A
// name that is too long is cut; the host, which its sender cannot choose the
// look of, is not.
func (c composer) media(m *zim.Media) row {
	facts := []string{m.Type.String()}
	if m.Duration >= 0 && (m.Type == zim.TypeAudio || m.Type == zim.TypeVideo) {
		facts = append(facts, clock(m.Duration))
	}
	if m.Size >= 0 {
		facts = append(facts, humanSize(m.Size))
	}
	if m.Width > 0 && m.Height > 0 {
		facts = append(facts, dimensions(m.Width, m.Height))
	}
	marker := row{span{dim, text.CleanLine("[" + strings.Join(facts, " ") + "] ")}}
	var host row
	if h := hostOf(m.URL); !h.Empty() {
		host = row{span{dim, text.Join(text.Lit(" · "), h)}}
	}
	name := span{plain, text.CleanName(m.Name)}
	if name.text.Empty() {
		name = span{dim, text.Lit("(no name)")}
	}
	left := max(c.cells-marker.width(c.widths)-host.fold(c.widths).width(c.widths), 1)
	name.text = c.widths.Cut(name.text, left)
	return slices.Concat(marker, row{name}, host)
}

// hostOf returns the host of a link, in punycode: look-alike letters give
// themselves away. It is empty for what is no link to a host.
func hostOf(link string) text.Line {
	u, err := url.Parse(link)
	if err != nil || u.Hostname() == "" {
		return text.Line{}
	}
	host := u.Hostname()
	if ascii, err := idna.ToASCII(host); err == nil {
		host = ascii
	}
	return text.CleanName(host)
}

func (c composer) multiItem(m *zim.MultiItem) []row {
	rows := []row{{span{dim, text.CleanLine("[" + count(len(m.Items)+m.More, "item", "items") + "]")}}}
	c.cells = max(c.cells-itemIndent, 1)
	left, used := m.More, 0
	for i, item := range m.Items {
		if used += len(item.Raw); i > 0 && used > itemBytes {
			left += len(m.Items) - i
			break
		}
		for _, r := range c.content(item.MsgType, item.Content, item.Raw) {
			rows = append(rows, append(row{space(itemIndent)}, r...))
		}
	}
	if left > 0 {
		rows = append(rows, row{space(itemIndent), span{dim, text.CleanLine("… and " + strconv.Itoa(left) + " more, not shown")}})
	}
	return rows
}

func (c composer) combined(m *zim.Combined) []row {
	title := row{span{dim, text.Lit("[forwarded] ")}, span{bold, text.CleanBlock(m.Title).Line()}}
	if m.Summary == "" {
		return []row{title}
	}
	return append([]row{title}, c.prose(m.Summary)...)
}

// recall returns `recalled by bob at 14:05, by the user`.
func (c composer) recall(n *zim.RecallNotice) []row {
	l := text.Lit("recalled")
	if n.UserId != "" {
		l = text.Join(l, text.Lit(" by "), idLine(n.UserId))
	}
	if at, ok := n.Time(); ok {
		l = text.Join(l, text.CleanLine(at.In(c.zone).Format(" at 15:04")))
	}
	if n.Status != 0 {
		l = text.Join(l, text.Lit(", "), text.CleanLine(n.Status.String()))
	}
	return c.sentence(l)
}

// idLine returns a user or group ID as it can be shown; what cannot be seen is
// named.
func idLine(id string) text.Line {
	if l := text.CleanName(id); !l.Empty() {
		return l
	}
	if id == "" {
		return text.Lit("(no ID)")
	}
	return text.Lit("(invisible ID)")
}

// size returns bytes for people: 1.2 MB, of 1000 KB.
func size(bytes int64) text.Line { return text.CleanLine(humanSize(bytes)) }

func humanSize(bytes int64) string {
	return strings.Replace(humanize.Bytes(uint64(max(bytes, 0))), "kB", "KB", 1)
}

// clock returns a duration as 0:31 or 1:02:03.
func clock(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s%3600/60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// count returns "1 item" or "3 items".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// facts is the row that the debug density has for a message: its time to the ms,
// its numbers, and its sizes.
func (c composer) facts(e zim.Envelope) []row {
	parts := []text.Line{text.Lit("unknown time")}
	if at, ok := e.Time(); ok {
		parts[0] = text.CleanLine(at.In(c.zone).Format("15:04:05.000"))
	}
	add := func(format string, args ...any) { parts = append(parts, text.CleanLine(fmt.Sprintf(format, args...))) }
	add("seq %d", e.MsgSeq)
	add("id %d", e.MsgId)
	if e.MsgType == zim.TypeCustom {
		add("type %d/%d", e.MsgType, e.SubMsgType)
	} else {
		add("type %d", e.MsgType)
	}
	add("body %d B", len(e.MsgBody))
	if n := len(e.Payload); n > 0 {
		add("payload %d B", n)
	}
	add("raw %d B", len(e.Raw))
	return c.sentence(dotted(parts...))
}
