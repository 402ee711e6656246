package saved

import "bytes"

// nest is what a place in a file stands in: an array of messages, the list of an
// answer, or such a list in an array of answers. The zero value is neither.
type nest uint8

const (
	inArray nest = 1 << iota
	inList
)

// stepKind is what stands next in a file.
type stepKind uint8

const (
	stepEnd   stepKind = iota // nothing
	stepCut                   // what cannot be told before more was read
	stepRow                   // a row, good or broken
	stepOpen                  // the beginning of an array
	stepClose                 // its end
	stepEnter                 // the list of an answer
	stepLeave                 // its end, and the rest of the answer
)

// step is what stands at a place, and where it goes on.
type step struct {
	kind     stepKind
	from, to int // of a row
	next     int
	in       nest
	id       string // the answer's RequestId, where it stands before or behind the list
}

// maxRow is how many bytes a row can have: twice the largest answer that the client
// takes. What is longer is shown in pieces.
const maxRow = 64 << 20

var bom = []byte("\xEF\xBB\xBF")

// stepAt tells what stands at i or behind white space. Nothing is passed over but
// commas between rows, and what an answer has around its list. ends says that the
// file ends where b does.
func (f *File) stepAt(b []byte, i int, in nest, ends bool) step {
	for i < len(b) && (isSpace(b[i]) || b[i] == ',') || bytes.HasPrefix(b[i:], bom) {
		if i++; b[i-1] == bom[0] {
			i += len(bom) - 1
		}
	}
	if i == len(b) && ends {
		return step{kind: stepEnd, next: i, in: in}
	}
	needs := func(v verdict) bool { return v == cut && !ends && len(b)-i < maxRow }
	more := step{kind: stepCut, next: i, in: in}
	if i == len(b) || b[i] == bom[0] && len(b)-i < len(bom) && !ends {
		return more
	}
	switch c := b[i]; {
	case f.flat:
	case c == ']' && in&inList != 0:
		end, id, v := leave(b, i+1)
		if needs(v) {
			return more
		}
		return step{kind: stepLeave, next: end, in: in &^ inList, id: id}
	case c == ']' && in&inArray != 0:
		return step{kind: stepClose, next: i + 1, in: in &^ inArray}
	case c == '[' && in == 0:
		return step{kind: stepOpen, next: i + 1, in: inArray}
	case c == '{':
		at, id, v := enter(b, i)
		if needs(v) {
			return more
		}
		if v == whole {
			return step{kind: stepEnter, next: at, in: in | inList, id: id}
		}
	}
	if in != 0 || b[i] == '{' || b[i] == '[' {
		end, v := valueEnd(b, i)
		if needs(v) {
			return more
		}
		if v == whole {
			return step{stepRow, i, end, end, in, ""}
		}
	}
	line := bytes.IndexByte(b[i:min(len(b), i+maxRow)], '\n')
	if line < 0 {
		if needs(cut) {
			return more
		}
		line = min(len(b)-i, maxRow)
	}
	return step{stepRow, i, i + len(bytes.TrimRight(b[i:i+line], " \t\r")), i + line, in, ""}
}

// messageNames are names that only a message has. A row that has one is one.
var messageNames = map[string]bool{
	"MsgId": true, "MsgSeq": true, "MsgTime": true, "MsgType": true, "MsgBody": true,
	"IsEmpty": true, "IsEempy": true, // a published sample has the second spelling
}

// answerNames are names that tell an answer with a list from an object that has
// something of its own under that name.
var answerNames = map[string]bool{"Code": true, "RequestId": true, "Next": true, "TotalCount": true}

// enter looks for the list of messages or conversations of the answer that begins
// at i: whole says that there is one, and at is where its first element begins.
func enter(b []byte, i int) (at int, id string, v verdict) {
	answer, found := false, broken
	v = eachMember(b, i, func(name []byte, value int) bool {
		n := string(name)
		switch {
		case messageNames[n]:
			return false
		case (n == "List" || n == "MessageList") && b[value] == '[':
			if at, found = value+1, whole; !answer {
				found = begins(b, at)
			}
			return found == broken
		case n == "RequestId":
			id = textOf(b, value)
		}
		answer = answer || answerNames[n]
		return true
	})
	if v == cut && found == broken {
		return 0, "", cut
	}
	return at, id, found
}

// begins tells whether a list, from i on, begins with a message or a conversation.
func begins(b []byte, i int) verdict {
	if i = skipSpace(b, i); i == len(b) {
		return cut
	}
	if b[i] != '{' {
		return broken
	}
	name, _, v := memberAt(b, i+1)
	if n := string(name); v == whole && !messageNames[n] && n != "Sender" && n != "ConvId" && n != "ConvType" {
		return broken
	}
	return v
}

// leave returns where the answer ends whose list ends at i; i if it does not end.
func leave(b []byte, i int) (end int, id string, v verdict) {
	for at := i; ; {
		if at = skipSpace(b, at); at == len(b) {
			return i, "", cut
		}
		switch b[at] {
		case '}':
			return at + 1, id, whole
		case ',':
		default:
			return i, "", broken
		}
		name, value, v := memberAt(b, at+1)
		if v != whole {
			return i, "", v
		}
		if string(name) == "RequestId" {
			id = textOf(b, value)
		}
		if at, v = valueEnd(b, value); v != whole {
			return i, "", v
		}
	}
}

// class is what a row is.
type class uint8

const (
	classOther class = iota
	classMessage
	classConversation
	classAnswer
)

// classOf tells what a row is, by the names that can be read.
func classOf(row []byte) (c class) {
	if len(row) == 0 || row[0] != '{' {
		return classOther
	}
	code, head := false, false
	eachMember(row, 0, func(name []byte, _ int) bool {
		switch n := string(name); {
		case messageNames[n]:
			c = classMessage
			return false
		case n == "ConvId":
			c = classConversation
		case n == "Code":
			code = true
		case n == "RequestId" || n == "Message":
			head = true
		}
		return true
	})
	if c == classOther && code && head {
		return classAnswer
	}
	return c
}
