package zim

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Step is one step on the way from a value of the wire to what it says: so many
// bytes went in, so many came out. The steps of a value follow one another, and
// what came out of one went into the next.
type Step struct {
	Name   string      // "JSON string", "URL-decoded", "base64", or "JSON": the text is JSON
	Where  string      // which value: "" for the body or the payload itself, else its path in the JSON, such as multi_msg[2].callback_content
	In     int         // bytes before it
	Out    int         // bytes after it, 0 if it failed; for "JSON", those without the white space around it
	URL    URLEncoding // which one, for "URL-decoded"
	Failed *Failure    // nil if it did not fail; else this is the last step of its value

	rung rung
	at   *place // what Where is made of
}

// Failure tells why a step failed, and where.
type Failure struct {
	Reason string
	Offset int    // of the first byte that is wrong, from 0, in what went into the step; its length if the end came too early, -1 if there is no such byte
	Around []byte // up to AroundBytes before Offset and as many from it on, as they are: min(Offset, AroundBytes) is where Offset is in them
}

// AroundBytes is how many bytes a Failure keeps on either side.
const AroundBytes = 16

// URLEncoding says how a URL-encoded text was read. The zero value is of a text
// that is not URL-encoded.
type URLEncoding uint8

// The readings of a URL-encoded text. They differ in what a '+' is.
const (
	URLPercent URLEncoding = iota + 1 // percent signs, and no '+'
	URLForm                           // as forms are: '+' was read as a space
	URLMixed                          // with a '+' that was left, beside %20 or punctuation that forms would have escaped
)

// String says what was done with a '+'.
func (u URLEncoding) String() string {
	switch u {
	case URLPercent:
		return "percent signs only"
	case URLForm:
		return "a form: '+' is a space"
	case URLMixed:
		return "mixed: '+' stays, since spaces are %20 or punctuation is not escaped"
	}
	return ""
}

// The names of steps.
const (
	stepString = "JSON string"
	stepURL    = "URL-decoded"
	stepBase64 = "base64"
	stepJSON   = "JSON"
)

// rung is what LadderNames calls a step. The zero value is a step that it passes
// over.
type rung uint8

const (
	rungNone rung = iota
	rungBody      // a step of the body itself, which is told by its own name
	rungEmbedded
	rungURLItems
	rungURLValues
)

var rungNames = map[rung]string{
	rungEmbedded:  "embedded JSON",      // a value was JSON in a string
	rungURLItems:  "URL-decoded items",  // an item's content was URL-encoded as a whole
	rungURLValues: "URL-decoded values", // string values inside the JSON were URL-encoded
}

// LadderNames returns the ladder in short: the names of the steps of the body
// itself, then what had to be done to values inside, once for each kind.
func (b Body) LadderNames() (names []string) {
	for _, s := range b.Ladder {
		if s.rung == rungBody {
			names = append(names, s.Name)
		} else if name := rungNames[s.rung]; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// maxNoted is how many steps are kept. A body can have a million values, each
// with steps of its own.
const maxNoted = 1000

// noted is a list of steps with a bound.
type noted struct {
	steps []Step
	more  int  // steps that found no room
	rungs rung // a bit for each that is among the steps
}

// note adds a step. The first one of its rung finds room in any case: it changes
// what LadderNames says.
func (n *noted) note(s Step) {
	bit := rung(1) << s.rung
	if len(n.steps) >= maxNoted && (s.rung == rungNone || n.rungs&bit != 0) {
		n.more++
		return
	}
	if n.steps == nil {
		n.steps = make([]Step, 0, 3) // a string, URL-encoded, of JSON
	}
	n.rungs |= bit
	n.steps = append(n.steps, s)
}

// list returns the steps, each with its path.
func (n *noted) list() []Step {
	for i := range n.steps {
		s := &n.steps[i]
		s.Where, s.at = s.at.String(), nil
	}
	return n.steps
}

// place is where a value stands in the JSON of a body. Its path is made only for
// a step that is kept: most values need none. nil is the body itself.
type place struct {
	up      *place
	name    string
	element int // from 1; 0 if it is the member itself, not an element of it
}

// in returns the place of a member. Its name is copied: one that goes nowhere else
// costs no allocation while it is looked at.
func (p *place) in(member string) *place { return &place{up: p, name: strings.Clone(member)} }

// at returns the place of an element of what stands at p.
func (p *place) at(i int) *place { return &place{up: p.up, name: p.name, element: i + 1} }

// String returns the path.
func (p *place) String() string { return string(p.append(nil)) }

func (p *place) append(path []byte) []byte {
	if p == nil {
		return path
	}
	path = appendName(p.up.append(path), p.name)
	if p.element > 0 {
		path = appendIndex(path, p.element-1)
	}
	return path
}

// appendName adds a member to a path as jq writes it: .name, or ["odd name"].
func appendName(path []byte, name string) []byte {
	plain := name != "" && (name[0] < '0' || name[0] > '9')
	for _, c := range []byte(name) {
		plain = plain && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_')
	}
	if !plain {
		quoted, _ := encode(name) // a string can always be written
		path = append(append(path, '['), strings.TrimSuffix(string(quoted), "\n")...)
		return append(path, ']')
	}
	if len(path) > 0 {
		path = append(path, '.')
	}
	return append(path, name...)
}

func appendIndex(path []byte, i int) []byte {
	return append(strconv.AppendInt(append(path, '['), int64(i), 10), ']')
}

// fail returns the failure at an offset of text, -1 for none.
func fail(text []byte, offset int, reason string) *Failure {
	if offset < 0 {
		return &Failure{Reason: reason, Offset: offset}
	}
	around := text[max(offset-AroundBytes, 0):min(offset+AroundBytes, len(text))]
	return &Failure{Reason: reason, Offset: offset, Around: append([]byte{}, around...)}
}

// syntaxError says why a text is not JSON, and the offset of the byte where it stops
// being so: -1 if it is JSON with something beside it.
func syntaxError(raw []byte) (reason string, offset int) {
	var v json.RawMessage
	syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(raw, &v))
	if !ok {
		return "not JSON", -1
	}
	offset = int(syntax.Offset) // counts the bytes that were read, the wrong one included
	if !strings.HasPrefix(syntax.Error(), "unexpected end") {
		offset--
	}
	return "not JSON: " + syntax.Error(), offset
}
