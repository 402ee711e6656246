package history

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"backscroll/zim"
)

// Shapes says what apps put into the custom messages and the payloads of a chat.
type Shapes struct {
	List     []Shape // the most messages first, then by name: SubMsgTypes, then the payload
	Messages int     // that were gone through
	Gone     int     // custom messages that are recalled, deleted or expired, without a body: they are in no shape
}

// Shape is what the values of one kind have in common: the bodies of custom messages
// of one SubMsgType, or all payloads.
type Shape struct {
	Payload    bool
	SubMsgType int64 // where it is not of payloads
	Messages   int

	Least, Median, Most int // bytes of the decoded value; of an even number, the lower median

	Fields     []ShapeField // in the most messages first, then by path; MaxShapeFields at most
	MoreFields int          // that found no room
	Large      int          // messages of over MaxShaped bytes: counted, not looked into
	Deep       int          // messages nested deeper than MaxShapeDepth: not looked into below that
	Crowded    bool         // there are more fields than were looked at

	Example      int       // the index of the newest message that is as most are; -1 if none was looked into
	Varied       bool      // more than half of the messages would deviate: there is no norm, and Deviants is empty
	Deviants     []Deviant // the newest first, MaxDeviants at most
	MoreDeviants int
}

// ShapeField is a field that some values have.
type ShapeField struct {
	Path     string // as jq's: .order.id, .items[].sku, .card | fromjson | .title; .users.* of an object that is used as a map; . is the value itself. Foreign text
	Messages int
	Types    []ShapeTypes // the most messages first; one message can have several in an array
}

// ShapeTypes counts the messages that have a field of a type.
type ShapeTypes struct {
	Type     ShapeType
	Messages int
}

// Deviant is a message that is not as the others of its shape.
type Deviant struct {
	At  int      // its index
	Why []string // at least one. Has paths, which are foreign text
}

// ShapeType is what a value is. The zero value is a text that is no JSON.
type ShapeType uint8

// The types of values.
const (
	ShapeText ShapeType = iota // the body or the payload is not JSON
	ShapeNull
	ShapeBoolean
	ShapeNumber
	ShapeBigInteger // beyond 2^53, written without a fraction or an exponent
	ShapeString
	ShapeJSONString // it holds an object or an array
	ShapeArray
	ShapeObject
	shapeTypes
)

var shapeTypeNames = [shapeTypes]string{
	"text", "null", "boolean", "number", "integer beyond 2^53", "string", "string of JSON", "array", "object",
}

// String names the type.
func (t ShapeType) String() string { return shapeTypeNames[t] }

// The bounds of what is looked at, and kept.
const (
	MaxShaped      = 1 << 20 // bytes of a message; one is documented to have 32 KB
	MaxShapeFields = 500     // of a shape
	MaxShapeDepth  = 20      // JSON in a string is a level too
	MaxDeviants    = 1000    // of a shape
)

// ShapesOf goes through all messages once. It takes about a second for 100,000
// custom messages; the only error is that of ctx.
func ShapesOf(ctx context.Context, all Snapshot) (Shapes, error) {
	found := Shapes{Messages: all.Len()}
	customs, payloads := map[int64]*shaping{}, newShaping()
	for i := range all.Len() {
		if err := ctx.Err(); err != nil {
			return Shapes{}, err
		}
		m := all.At(i)
		p := m.Peek()
		v := shaped{at: i, large: len(m.Raw) > MaxShaped}
		if p.MsgType == zim.TypeCustom {
			if customs[p.SubMsgType] == nil {
				customs[p.SubMsgType] = newShaping()
			}
			if v.custom(p) {
				customs[p.SubMsgType].add(v)
			} else {
				found.Gone++
			}
		}
		if p.HasPayload() {
			v.payload(p)
			payloads.add(v)
		}
	}
	shapes := []Shape{payloads.shape()}
	shapes[0].Payload = true
	for subMsgType, s := range customs {
		shapes = append(shapes, s.shape())
		shapes[len(shapes)-1].SubMsgType = subMsgType
	}
	found.List = slices.DeleteFunc(shapes, func(s Shape) bool { return s.Messages == 0 })
	slices.SortFunc(found.List, func(a, b Shape) int {
		switch {
		case a.Messages != b.Messages:
			return b.Messages - a.Messages
		case a.Payload:
			return 1
		case b.Payload:
			return -1
		}
		return cmp.Compare(a.SubMsgType, b.SubMsgType)
	})
	return found, ctx.Err()
}

// shaped is a value of a message.
type shaped struct {
	at    int
	size  int    // bytes
	json  []byte // without white space around it; nil if the value is not JSON, or was not looked into
	large bool   // the message is: it is not looked into
}

// custom takes the body of a custom message; it is false if there is none any more.
func (v *shaped) custom(p zim.Peek) bool {
	if v.large {
		v.size, v.json = len(p.BodyText()), nil
		return true
	}
	b := p.Body()
	_, notice := b.Content.(*zim.RecallNotice)
	v.size, v.json = len(b.Raw), bytes.Trim(b.JSON, jsonSpace)
	return p.IsEmpty == zim.Present || !notice && b.Raw != ""
}

// payload takes the payload of a message that has one.
func (v *shaped) payload(p zim.Peek) {
	text := p.Payload()
	v.size, v.json = len(text), nil
	if !v.large && json.Valid([]byte(text)) {
		v.json = bytes.Trim([]byte(text), jsonSpace)
	}
}

const jsonSpace = " \t\r\n"
