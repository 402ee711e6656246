package saved

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"

	"backscroll/zim"
)

// CaseName is what the file of a case is called in its folder.
const CaseName = "case.jsonl"

// MaxCase is how many bytes the file of a case may have: it is read whole.
const MaxCase = 256 << 20

// caseVersion is the version of the form of cases.
const caseVersion = 1

// caseStart is how the file of a case begins.
const caseStart = `{"Case":`

// Case is what somebody put together of several chats, to hand it over.
type Case struct {
	Name    string            // as it was called by whoever made it
	Entries []Entry           // in the order of the file
	Calls   []json.RawMessage // exchanges with the service; each is an object
}

// Entry is a message of a case.
type Entry struct {
	Chat     CaseChat
	Message  zim.Message
	Note     string // may be empty
	Bookmark bool   // the message was marked
}

// CaseChat is the chat of an entry: a group, or User's list of that with Peer.
type CaseChat struct {
	App   string `json:",omitempty"` // the name of the profile
	User  string `json:",omitempty"`
	Peer  string `json:",omitempty"`
	Group string `json:",omitempty"`
}

// Title names the chat in one line, for people. It is not clean.
func (c CaseChat) Title() string {
	title := c.Group
	if title == "" {
		title = c.User + " → " + c.Peer
	}
	if c.App != "" {
		title = c.App + " · " + title
	}
	return title
}

// caseHead is the first line of the file of a case.
type caseHead struct {
	Case int // caseVersion
	Name string
}

// caseLine is every other line: a message of a chat, or a call.
type caseLine struct {
	Chat      *CaseChat       `json:",omitempty"`
	Note      string          `json:",omitempty"`
	Bookmark  bool            `json:",omitempty"`
	Raw       string          `json:",omitempty"` // the message as it came, byte for byte
	RawBase64 string          `json:",omitempty"` // the same, where that is no UTF-8
	Message   json.RawMessage `json:",omitempty"` // the same, for other programs
	Call      json.RawMessage `json:",omitempty"`
}

// Encode writes the case as a file: a line that begins with {"Case":1, and a line
// for each entry and each call. object is a message for other programs, as a line
// of JSON.
func (c Case) Encode(object func(zim.Message) []byte) ([]byte, error) {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(caseHead{caseVersion, c.Name}); err != nil {
		return nil, err
	}
	for _, e := range c.Entries {
		line := caseLine{Chat: &e.Chat, Note: e.Note, Bookmark: e.Bookmark, Message: object(e.Message)}
		if raw := e.Message.Raw; utf8.Valid(raw) {
			line.Raw = string(raw)
		} else {
			line.RawBase64 = base64.StdEncoding.EncodeToString(raw)
		}
		if err := lines.Encode(line); err != nil {
			return nil, err
		}
	}
	for _, call := range c.Calls {
		if err := lines.Encode(caseLine{Call: call}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// DecodeCase reads what Encode wrote. A line that somebody broke is an entry of a
// chat without a name, with the line as its message, so that it is not lost.
func DecodeCase(b []byte) (Case, error) {
	first, rest, _ := bytes.Cut(bytes.TrimPrefix(b, bom), []byte("\n"))
	var head caseHead
	if err := json.Unmarshal(first, &head); err != nil || head.Case == 0 {
		return Case{}, &Error{"open the case: its first line is none of a case", "name the file " + CaseName + " of a case's folder"}
	}
	if head.Case > caseVersion {
		return Case{}, &Error{"open the case: it is of a newer form, " + strconv.Itoa(head.Case), "open it with the newer backscroll that wrote it"}
	}
	c := Case{Name: head.Name}
	for line := range bytes.Lines(rest) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			c.add(line)
		}
	}
	return c, nil
}

func (c *Case) add(line []byte) {
	var l caseLine
	raw, err := line, json.Unmarshal(line, &l)
	switch {
	case err == nil && bytes.HasPrefix(l.Call, []byte("{")):
		c.Calls = append(c.Calls, l.Call)
		return
	case err != nil || l.Chat == nil:
		l = caseLine{Chat: &CaseChat{}}
	case l.RawBase64 != "":
		if decoded, err := base64.StdEncoding.DecodeString(l.RawBase64); err == nil {
			raw = decoded
		}
	case l.Raw != "":
		raw = []byte(l.Raw)
	}
	c.Entries = append(c.Entries, Entry{Chat: *l.Chat, Message: zim.ReadMessage(raw), Note: l.Note, Bookmark: l.Bookmark})
}

// Chats lists the chats of the entries, each once.
func (c Case) Chats() []CaseChat {
	var chats []CaseChat
	known := map[CaseChat]bool{}
	for _, e := range c.Entries {
		if !known[e.Chat] {
			known[e.Chat] = true
			chats = append(chats, e.Chat)
		}
	}
	return chats
}

// lookCase reads the file if it is a case, and reports whether it is.
func (f *File) lookCase(ctx context.Context, head []byte) (bool, error) {
	if !bytes.HasPrefix(bytes.TrimPrefix(head, bom), []byte(caseStart)) {
		return false, nil
	}
	if f.size > MaxCase {
		return false, &Error{"open the case: it has over 256 MiB", "split it: each part begins with the first line of the whole"}
	}
	b := make([]byte, f.size)
	if err := f.read(ctx, b, 0); err != nil {
		return false, err
	}
	c, err := DecodeCase(b)
	if err != nil {
		return false, err
	}
	f.kind, f.openCase, f.ofChat = CaseFile, &c, map[string][]zim.Message{}
	for _, e := range slices.Backward(c.Entries) {
		title := e.Chat.Title()
		f.ofChat[title] = append(f.ofChat[title], e.Message)
	}
	return true, nil
}

// Case returns the case that the file is, or nil.
func (f *File) Case() *Case { return f.openCase }

// caseConversations lists the chats of a case, the latest one last as the service
// does. Each is named by its title: the lists of two users, or of two apps, are two.
func (f *File) caseConversations() *zim.ConversationPage {
	page := &zim.ConversationPage{Next: "0"}
	for _, chat := range f.openCase.Chats() {
		c := zim.Conversation{ConvId: chat.Title()}
		if chat.Group != "" {
			c.ConvType = zim.Group
		}
		for _, m := range f.ofChat[c.ConvId] {
			if at, ok := m.Time(); ok {
				c.UpdateTime = max(c.UpdateTime, at.UnixMilli())
			}
		}
		page.List = append(page.List, c)
	}
	slices.SortStableFunc(page.List, func(a, b zim.Conversation) int { return int(min(max(a.UpdateTime-b.UpdateTime, -1), 1)) })
	return page
}

// caseMessages returns a page of the chat with that title, the newest first.
func (f *File) caseMessages(title string, next zim.Next, limit int) (*zim.MessagePage, error) {
	list, from := f.ofChat[title], 0
	if !next.End() {
		n, err := strconv.Atoi(string(next))
		if err != nil || n < 0 || n > len(list) {
			return nil, &Error{"the case has no such page", "go back to its first page"}
		}
		from = n
	}
	to := min(from+clamp(limit, zim.MaxMessages), len(list))
	page := &zim.MessagePage{Next: "0", List: list[from:to]}
	if to < len(list) {
		page.Next = zim.Next(strconv.Itoa(to))
	}
	for _, m := range page.List {
		page.Raw = append(append(page.Raw, m.Raw...), '\n')
	}
	return page, nil
}
