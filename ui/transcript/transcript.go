// Package transcript writes a history down, for people who have no backscroll.
//
// New returns a Writer for one of the Formats. It takes the messages one at a
// time, the oldest first, and keeps none: a million take no more memory than a
// thousand. object.go (with body.go) is a message as JSON, which jsonl.go makes
// files of; csv.go is for spreadsheets; entry.go is a message as people read it,
// which markdown.go, html.go and plain.go write down; saved.go is what became of
// files, case.go writes parts of several chats.
//
// The package refuses to let what users wrote act on whoever reads it: on a
// terminal, in a browser, in a spreadsheet or in Markdown. Nor does it leave a
// message out, or change a number.
package transcript

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Format is what a history is written as. Its value is the extension of such a
// file, without the dot.
type Format string

// The formats. JSONL alone is lossless: it has each message byte for byte too.
const (
	JSONL    Format = "jsonl" // an object a line
	JSON     Format = "json"  // one object: Export, and Messages
	CSV      Format = "csv"   // for spreadsheets
	Markdown Format = "md"
	HTML     Format = "html" // one file, which needs no other
	Text     Format = "txt"
)

// Formats lists all there are.
func Formats() []Format { return []Format{JSONL, JSON, CSV, Markdown, HTML, Text} }

// Head is what a transcript says of itself, and how it says messages.
type Head struct {
	Chat    history.Chat   // without a User what a file has, Peer being its name
	Zone    *time.Location // of all times
	At      time.Time      // when it was exported
	Version string         // of the program
	Asked   []Asked        // what was asked for, beside the chat
	Masked  bool           // the messages are masked: none is as it came
	// Saved returns what was saved of the message that is written next, or nothing;
	// nil if no files were to be saved.
	Saved func() []Saved
	// Say returns what a message says, row by row, without its payload.
	Say func(zim.Envelope, *time.Location) []text.Line
	// Note returns what somebody noted at a message, "" for nothing; nil if there
	// are no notes.
	Note func(zim.Message) string
}

// Asked is one thing that was asked for, such as Since and a time.
type Asked struct{ Name, Value string }

// Writer writes messages, the oldest first.
type Writer interface {
	// Write takes the next message. It does not keep it.
	Write(zim.Message) error
	// Close writes the end. It does not close what is written to.
	Close() error
}

// New returns a writer of that format. It writes nothing before the first Write,
// or Close. Errors are those of to; for a format that there is not it fails.
func New(f Format, to io.Writer, head Head) (Writer, error) {
	w := bufio.NewWriterSize(to, 64<<10)
	people := people{w: w, head: head}
	switch f {
	case JSONL:
		return &jsonLines{w: w, head: head}, nil
	case JSON:
		return &jsonFile{w: w, head: head}, nil
	case CSV:
		return &csvFile{people: people}, nil
	case Markdown:
		return &markdown{people: people}, nil
	case HTML:
		return &page{people: people}, nil
	case Text:
		return &plain{people: people}, nil
	}
	return nil, fmt.Errorf("transcript: no format %q", string(f))
}

// KindOf names what a message is: the name of its type, or "recalled", or
// "deleted or expired".
func KindOf(e zim.Envelope) string {
	switch e.IsEmpty {
	case zim.Deleted:
		return "deleted or expired"
	case zim.Revoked:
		return "recalled"
	}
	return e.MsgType.String()
}

// title names a chat.
func title(c history.Chat) string {
	if c.IsGroup() {
		return text.CleanLine("Group " + c.Group).String()
	}
	if c.User == "" { // a file
		return text.CleanLine(c.Peer).String()
	}
	return text.CleanLine(c.User + " and " + c.Peer + ", " + c.User + "'s side").String()
}

// facts is the head in words, without the chat.
func (h Head) facts() []Asked {
	list := []Asked{
		{"Exported", h.at()},
		{"Times are of", ZoneName(h.Zone, h.At)},
		{"By", h.Version},
	}
	list = append(list, h.Asked...)
	for i := range list {
		list[i].Value = text.CleanLine(list[i].Value).String()
	}
	return list
}

// noteOf is the note at a message, if there is one.
func (h Head) noteOf(m zim.Message) string {
	if h.Note == nil {
		return ""
	}
	return h.Note(m)
}

func (h Head) at() string { return h.At.In(h.Zone).Format(time.RFC3339) }

// ZoneName names a zone for whoever reads its times elsewhere: the machine's own,
// which has no name, by how far from UTC it is at that time, as UTC+02:00.
func ZoneName(zone *time.Location, at time.Time) string {
	if name := zone.String(); name != "Local" && name != "" {
		return name
	}
	return at.In(zone).Format("UTC-07:00")
}
