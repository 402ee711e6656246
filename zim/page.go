package zim

import "strconv"

// Next is the service's mark of where a list goes on: the JSON token as it
// came, to be handed back unchanged. It is opaque; the only question it answers
// is End. The zero value begins a list.
type Next string

// End reports whether the list ends here, for the Next of an answer.
func (n Next) End() bool { return n == "" || n == "0" || n == `""` || n == "null" }

// MarshalJSON writes the token, and 0 for the start of a list.
func (n Next) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("0"), nil
	}
	return []byte(n), nil
}

// nextOf keeps the raw token; a number in quotes is handed back as the number.
func nextOf(raw []byte) Next {
	if text := unquote(raw); len(text) > 0 && onlyDigits(text) {
		return Next(text)
	}
	return Next(raw)
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// MessagePage is one answer of QueryPeerMsg, QueryGroupMsg or
// QueryMessagesByMsgSeq.
type MessagePage struct {
	Raw       []byte // the answer's body as it came
	RequestId string
	Next      Next
	List      []Message // newest first; the wire's List, or MessageList
}

// ReadMessagePage finds the messages in the body of an answer, which it keeps.
// A List that is missing, null or no array is empty.
func ReadMessagePage(body []byte) *MessagePage {
	var p MessagePage
	p.read(body)
	return &p
}

// read reads an answer in one pass, and copies none of it.
func (p *MessagePage) read(body []byte) head {
	*p = MessagePage{Raw: body}
	h := readAnswer(body, func(name, b []byte, at int) (end int, ok bool) {
		switch string(name) {
		case "List", "MessageList":
			list, end, ok := messagesAt(b, at)
			if ok { // half a list is none
				p.List = list
			}
			return end, ok
		case "Next":
			if end, ok = skipValue(b, at); ok {
				p.Next = nextOf(b[at:end])
			}
			return end, ok
		}
		return skipValue(b, at)
	})
	p.RequestId = h.RequestId
	return h
}

// messagesAt reads the array of messages that begins at start, and returns the
// position after it. An array whose commas are not in their places cannot be
// read; only one too many at its end is let pass.
func messagesAt(b []byte, start int) (list []Message, end int, ok bool) {
	if start >= len(b) || b[start] != '[' {
		end, ok = skipValue(b, start)
		return nil, end, ok
	}
	i := skipSpace(b, start+1)
	for more := true; more; {
		m, end, ok := messageAt(b, i)
		if !ok {
			break
		}
		if list == nil {
			list = make([]Message, 0, min(MaxMessages, (len(b)-i)/len(m.Raw)+1))
		}
		list = append(list, m)
		i, more = commaAt(b, end)
	}
	if i >= len(b) || b[i] != ']' {
		return nil, i, false
	}
	return list, i + 1, true
}

// ConvType says what kind a conversation is. The wire leaves it out for Peer.
type ConvType int64

// The conversation types that the service documents.
const (
	Peer  ConvType = 0 // one-on-one
	Group ConvType = 2
)

// String returns "one-on-one", "group", or the number of an unknown type.
func (t ConvType) String() string {
	switch t {
	case Peer:
		return "one-on-one"
	case Group:
		return "group"
	}
	return "type " + strconv.FormatInt(int64(t), 10)
}

// Conversation is one element of the List of QueryConversationList.
type Conversation struct {
	Raw        []byte // the JSON value, as on the wire
	ConvId     string // the peer's user ID, or the group ID
	ConvType   ConvType
	UpdateTime int64 // ms since 1970
}

// ConversationPage is one answer of QueryConversationList.
type ConversationPage struct {
	Raw        []byte // the answer's body as it came
	RequestId  string
	TotalCount int64
	Next       Next
	List       []Conversation // the least recently updated first
}

// ReadConversationPage finds the conversations in the body of an answer, which
// it keeps. What cannot be read is zero; no element is dropped.
func ReadConversationPage(body []byte) *ConversationPage {
	var p ConversationPage
	p.read(body)
	return &p
}

func (p *ConversationPage) read(body []byte) head {
	*p = ConversationPage{Raw: body}
	h := readAnswer(body, values(func(name string, raw []byte) {
		switch name {
		case "TotalCount":
			p.TotalCount, _ = integerOf(raw) // only told, never relied on
		case "Next":
			p.Next = nextOf(raw)
		case "List":
			p.List = listOf(raw, readConversation)
		}
	}))
	p.RequestId = h.RequestId
	return h
}

func readConversation(raw []byte) Conversation {
	c := Conversation{Raw: raw}
	for name, value := range byteMembers(raw) {
		switch string(name) {
		case "ConvId":
			c.ConvId, _ = stringOf(value)
		case "ConvType":
			if n, ok := integerOf(value); ok {
				c.ConvType = ConvType(n)
			}
		case "UpdateTime":
			c.UpdateTime, _ = integerOf(value) // an unreadable one is "unknown time"
		}
	}
	return c
}
