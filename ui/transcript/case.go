package transcript

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"backscroll/ui/text"
	"backscroll/zim"
)

// Section is what a case has of one chat.
type Section struct {
	Title    string
	Messages []zim.Message // the oldest first
	Note     func(zim.Message) string
}

// call is what people read of an exchange; its fields are those of the JSON.
type call struct {
	Time, Action, RequestId string
	Code                    int64
	Status                  int
	DurationMs              int64
	All                     string `json:"-"`
}

// WriteCase writes a case as one HTML file, as New does for HTML: its sections, and
// exchanges with the service, each a JSON object. What stands between the messages
// of a section is not there, and the file says so.
func WriteCase(to io.Writer, name string, head Head, sections []Section, exchanges []json.RawMessage) error {
	w := bufio.NewWriterSize(to, 64<<10)
	head.Asked = append(head.Asked, Asked{"Holds", "messages that somebody chose; what was said between them is not here"})
	p := page{people{w: w, head: head}}
	title := "Case " + text.CleanLine(name).String()
	if err := p.top(title); err != nil {
		return err
	}
	count := 0
	for _, s := range sections {
		chat := page{people{w: w, head: head}} // its days begin anew
		chat.head.Note, chat.begun = s.Note, true
		if err := pages.ExecuteTemplate(w, "section", text.CleanLine(s.Title).String()); err != nil {
			return err
		}
		for _, m := range s.Messages {
			if err := chat.Write(m); err != nil {
				return err
			}
		}
		count += chat.count
	}
	if len(exchanges) > 0 {
		if err := pages.ExecuteTemplate(w, "calls", callsOf(exchanges)); err != nil {
			return err
		}
	}
	total := fmt.Sprintf("messages: %d, chats: %d, exchanges: %d", count, len(sections), len(exchanges))
	if err := pages.ExecuteTemplate(w, "foot", total); err != nil {
		return err
	}
	return w.Flush()
}

func callsOf(exchanges []json.RawMessage) []call {
	list := make([]call, len(exchanges))
	for i, raw := range exchanges {
		c := &list[i]
		_ = json.Unmarshal(raw, c) // what cannot be read stands in All
		c.Time, c.Action, c.RequestId = text.CleanLine(c.Time).String(), text.CleanLine(c.Action).String(), text.CleanLine(c.RequestId).String()
		var whole bytes.Buffer
		if json.Indent(&whole, raw, "", "  ") != nil {
			whole = *bytes.NewBuffer(raw)
		}
		c.All = clean(whole.String())
	}
	return list
}
