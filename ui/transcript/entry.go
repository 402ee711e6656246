package transcript

import (
	"bufio"
	"strconv"
	"strings"

	"backscroll/ui/text"
	"backscroll/zim"
)

// stampLayout is RFC 3339 in ms.
const stampLayout = "2006-01-02T15:04:05.000Z07:00"

// people is what the writers for people have in common.
type people struct {
	w     *bufio.Writer
	head  Head
	begun bool
	day   string // of the last message with a time
	count int
}

// entry is a message as people read it. All of it is clean.
type entry struct {
	Day     string // where a new one begins; else ""
	Clock   string // the time of the day
	Stamp   string // the time as RFC 3339; "" if it is not known
	Seq, ID string // "" for none
	Sender  string
	Kind    string
	Said    string // may be several lines
	Prose   bool   // Said is what the sender wrote, and no words of ours
	File    string // of a message with one file
	URL     string
	Payload string // may be several lines
	Note    string // of whoever exported it; one line
	Saved   []savedEntry
}

// first reports whether nothing has been written yet.
func (p *people) first() bool {
	first := !p.begun
	p.begun = true
	return first
}

// entry returns the next message.
func (p *people) entry(m zim.Message) entry {
	p.count++
	e := m.Envelope()
	n := entry{
		Clock: "unknown time", Seq: number(e.MsgSeq), ID: number(e.MsgId),
		Sender: text.CleanLine(e.Sender).String(), Kind: KindOf(e), Payload: clean(e.Payload),
		Note: text.CleanLine(p.head.noteOf(m)).String(),
	}
	if strings.TrimSpace(n.Sender) == "" {
		n.Sender = "(no ID)"
	}
	if at, ok := e.Time(); ok {
		at = at.In(p.head.Zone)
		n.Clock, n.Stamp = at.Format("15:04:05"), at.Format(stampLayout)
		if day := at.Format("Monday 2 January 2006"); day != p.day {
			p.day, n.Day = day, day
		}
	}
	if e.IsEmpty == zim.Present {
		switch c := e.Body().Content.(type) {
		case *zim.Text:
			n.Said = clean(c.Text)
		case *zim.Media:
			n.File, n.URL = text.CleanLine(c.Name).String(), text.CleanLine(c.URL).String()
		}
	}
	n.Saved = p.saved()
	if n.Prose = strings.TrimSpace(n.Said) != ""; !n.Prose {
		n.Said = p.said(e)
	}
	return n
}

// said is what a message says in the rows of the browser.
func (p *people) said(e zim.Envelope) string {
	var rows []string
	for _, l := range p.head.Say(e, p.head.Zone) {
		rows = append(rows, l.String())
	}
	return strings.Join(rows, "\n")
}

// total says how many messages there were, so that an end that is missing shows.
func (p *people) total() string {
	if p.count == 1 {
		return "1 message"
	}
	return strconv.Itoa(p.count) + " messages"
}

// number is a number of the wire, where 0 is none.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// clean makes a text of any length safe: a screen takes the beginning, a file all.
func clean(s string) string {
	var all strings.Builder
	for {
		b := text.CleanBlock(s)
		all.WriteString(b.String())
		if b.Rest() == 0 || b.Rest() >= len(s) {
			return all.String()
		}
		s = s[len(s)-b.Rest():]
	}
}

// numbers is seq and ID as a message has them.
func (e entry) numbers() string {
	var parts []string
	if e.Seq != "" {
		parts = append(parts, "seq "+e.Seq)
	}
	if e.ID != "" {
		parts = append(parts, "id "+e.ID)
	}
	return strings.Join(parts, " · ")
}

// failed returns the error of a write before, if there was one.
func (p *people) failed() error {
	_, err := p.w.Write(nil)
	return err
}
