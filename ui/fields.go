package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// The Fields tab: what is known of a message beyond its bytes.

const (
	maxFields = 200 // of a message that are laid out; one has nine
	nameCells = 14
	maxValue  = 1 << 10 // bytes of a field that stand here
	// maxReviewed is the largest message that is reviewed number by number when it
	// is opened.
	maxReviewed = 1 << 20
)

// sheet collects the parts of the tab.
type sheet struct {
	look  look
	w     int
	parts []part
}

// fields returns the tab.
func (i *inspector) fields() []part {
	s := &sheet{look: i.look, w: i.w}
	e := i.message.Envelope()
	body := e.Body()
	if i.fateOf != nil && gone(e) {
		s.fate(e, i.fateOf(e, body))
	}
	s.summary(e, body)
	if i.versions != nil {
		s.earlier(i.versions(e.MsgId))
	}
	s.section(text.Lit("Fields"))
	for _, f := range e.Fields[:min(len(e.Fields), maxFields)] {
		s.value(f.Name, string(f.Raw), meaning(f.Name, e, i.look.zone))
	}
	if more := len(e.Fields) - maxFields; more > 0 {
		s.fact(text.Lit("…"), text.CleanLine(count(more, "field", "fields")+" more: see Raw"))
	}
	s.ladder(text.Lit("How the body is decoded"), body.Ladder, body.MoreSteps)
	if embedded, more := body.Embedded(); len(embedded) > 0 {
		s.ladder(text.Lit("What its strings hold"), embedded, more)
	}
	if e.Payload != "" {
		steps, more := e.PayloadLadder()
		s.ladder(text.Lit("How the payload is decoded"), steps, more)
	}
	s.remarks(e, body)
	if len(body.JSON) > 0 {
		s.section(text.Lit("Body, decoded"))
		s.parts = append(s.parts, parted(indented(body.JSON), part{indent: barColumn + 1}, false)...)
	}
	return s.parts
}

// indented lays JSON out over several lines; no number in it is touched.
func indented(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

func (s *sheet) section(title text.Line) {
	s.parts = append(s.parts, ready(row{}, row{space(barColumn), span{bold, title}}))
}

// fact shows what is known under a name, wrapped under itself.
func (s *sheet) fact(name, value text.Line) {
	indent := barColumn + 1 + nameCells
	var rows []row
	for _, l := range s.look.widths.Wrap(text.CleanBlock(value.String()), s.w-indent-rightMargin) {
		rows = append(rows, row{space(barColumn + 1), span{dim, s.look.widths.Fit(name, nameCells)}, span{plain, l}})
		name = text.Line{}
	}
	s.parts = append(s.parts, ready(rows...))
}

// value shows the bytes of a field beside its name, or under a name that is long,
// and then what they mean.
func (s *sheet) value(name, raw, means string) {
	shown := text.RevealBlock(name).Line()
	if s.look.widths.Of(s.look.widths.Fold(shown)) >= nameCells {
		s.parts = append(s.parts, parted(name, part{indent: barColumn + 1, ink: dim}, false)...)
		shown = text.Line{}
	}
	n := min(len(raw), maxValue)
	for n > 0 && n < len(raw) && !utf8.RuneStart(raw[n]) {
		n--
	}
	begin := raw[:n]
	s.parts = append(s.parts, parted(begin, part{indent: barColumn + 1 + nameCells, label: shown}, false)...)
	if more := len(raw) - len(begin); more > 0 {
		s.note(text.CleanLine("… and " + humanSize(int64(more)) + " more: Raw has all of it"))
	}
	if means != "" {
		s.note(text.CleanLine(means))
	}
}

// note is a dim line under a value.
func (s *sheet) note(l text.Line) {
	indent := barColumn + 1 + nameCells
	var rows []row
	for _, l := range s.look.widths.Wrap(text.CleanBlock(l.String()), s.w-indent-rightMargin) {
		rows = append(rows, row{space(indent), span{dim, l}})
	}
	s.parts = append(s.parts, ready(rows...))
}

// summary tells what the message is.
func (s *sheet) summary(e zim.Envelope, body zim.Body) {
	s.fact(text.Lit("type"), text.CleanLine(e.MsgType.String()+subtype(e)))
	when := text.Lit("unknown")
	if at, ok := e.Time(); ok {
		when = text.CleanLine(fullTime(at, s.look.zone))
	}
	s.fact(text.Lit("time"), when)
	switch e.IsEmpty {
	case zim.Deleted:
		s.fact(text.Lit("state"), text.Lit("deleted or expired"))
	case zim.Revoked:
		s.fact(text.Lit("state"), text.Lit("recalled"))
	}
	switch c := body.Content.(type) {
	case *zim.Undecoded:
		if c.Reason != "" {
			s.fact(text.Lit("body"), text.CleanLine("not decodable: "+c.Reason))
		}
	case *zim.Media:
		s.media(c)
	}
	for _, p := range e.Problems[:min(len(e.Problems), maxFields)] {
		s.fact(text.Lit("problem"), text.CleanLine(strings.TrimSpace(p.Field+" "+p.Reason)))
	}
	if hidden := text.Hidden(body.Raw + words(body.Content) + e.Sender + e.Payload); len(hidden) > 0 {
		var names []string
		for _, r := range hidden {
			names = append(names, fmt.Sprintf("U+%04X", r))
		}
		s.fact(text.Lit("hidden"), text.CleanLine("characters: "+strings.Join(names, " ")))
	}
}

// ladder shows the steps of a decoding, each with its size; where one failed, the
// place and the bytes around it.
func (s *sheet) ladder(title text.Line, steps []zim.Step, more int) {
	if len(steps) == 0 {
		return
	}
	s.section(title)
	for n, step := range steps[:min(len(steps), maxFields)] {
		said := fmt.Sprintf("%s, %d B", step.Name, step.In)
		if step.Out != step.In && step.Failed == nil {
			said += fmt.Sprintf(" → %d B", step.Out)
		}
		if step.Where != "" {
			said = step.Where + ": " + said
		}
		if kind := step.URL.String(); kind != "" {
			said += " (" + kind + ")"
		}
		s.fact(text.CleanLine(strconv.Itoa(n+1)), text.CleanLine(said))
		if f := step.Failed; f != nil {
			s.failure(f)
		}
	}
	if more += max(len(steps)-maxFields, 0); more > 0 {
		s.fact(text.Lit("…"), text.CleanLine(count(more, "step", "steps")+" more"))
	}
}

// failure tells where a step failed, with the bytes around the place.
func (s *sheet) failure(f *zim.Failure) {
	said := "failed: " + f.Reason
	if f.Offset >= 0 {
		at := min(f.Offset, zim.AroundBytes, len(f.Around))
		said += fmt.Sprintf(", at byte %d: %s ▸ %s", f.Offset,
			text.RevealBlock(string(f.Around[:at])).Line(), text.RevealBlock(string(f.Around[at:])).Line())
	}
	s.fact(text.Line{}, text.CleanLine(said))
}

// remarks shows what makes apps mis-read the message.
func (s *sheet) remarks(e zim.Envelope, body zim.Body) {
	if len(e.Raw) > maxReviewed {
		s.section(text.Lit("Remarks"))
		s.fact(text.Line{}, text.CleanLine("none are made of a message of over "+humanSize(maxReviewed)))
		return
	}
	all, more := e.Remarks(body)
	if len(all) == 0 {
		return
	}
	s.section(text.Lit("Remarks"))
	for _, r := range all[:min(len(all), maxFields)] {
		where := r.Field
		if r.Path != "" {
			where += " " + r.Path
		}
		said := text.CleanLine(r.Kind.String())
		if r.Value != "" {
			said = text.Join(said, text.Lit(": "), text.RevealBlock(r.Value).Line())
		}
		if r.Kind == zim.RemarkNumber {
			said = text.Join(said, text.Lit(" → "), text.CleanLine(r.Detail))
		} else if r.Detail != "" {
			said = text.Join(said, text.Lit(" · "), text.CleanLine(r.Detail))
		}
		s.fact(text.CleanLine(where), said)
	}
	if more += max(len(all)-maxFields, 0); more > 0 {
		s.fact(text.Lit("…"), text.CleanLine(count(more, "remark", "remarks")+" more"))
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

func (s *sheet) media(m *zim.Media) {
	if m.Size >= 0 {
		s.fact(text.Lit("size"), text.CleanLine(humanSize(m.Size)+" · "+strconv.FormatInt(m.Size, 10)+" bytes"))
	}
	if m.MD5 != "" {
		s.fact(text.Lit("md5"), text.CleanLine(m.MD5))
	}
	for _, link := range slices.Insert(slices.Clone(m.Variants), 0, zim.Variant{Name: "original", URL: m.URL, Width: m.Width, Height: m.Height}) {
		if link.URL != "" {
			s.fact(text.CleanLine(link.Name), text.CleanLine(dimensions(link.Width, link.Height)))
			s.parts = append(s.parts, parted(link.URL, part{indent: barColumn + 1}, false)...)
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
