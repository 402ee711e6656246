package history

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxMembers is how many names an object of a struct may have; one with more is
	// a map. Who has so many fields would see no more than MaxShapeFields of them.
	maxMembers = 500
	// mapMembers is how many rare names of one type make a map of an object. A
	// struct has hardly as many optional fields that are all of one type, and a map
	// with fewer does no harm in a table.
	mapMembers = 20
	// maxNodes is how many fields of a shape are looked at: some 4 MB.
	maxNodes = 20_000
	// maxNameBytes is how much of a name is told. What is longer is data.
	maxNameBytes = 100
)

// stepKind says how one comes from a value to what is inside of it.
type stepKind uint8

const (
	toElement stepKind = iota // all elements of an array share a field
	toJSON                    // that a string holds
	toAny                     // the members of a map
	toMember
)

type fieldStep struct {
	kind stepKind
	name string // of a member
}

// fieldNode is a field: what a path leads to.
type fieldNode struct {
	id    uint32
	up    *fieldNode // nil for the value itself
	step  fieldStep
	depth int
	kids  map[fieldStep]*fieldNode
	isMap bool       // all members are told as one
	into  *fieldNode // what this one was merged with; nil if it stands for itself

	// Of the message that is looked at: its number, and a bit for each type.
	seen  int
	types uint16

	messages int // that have the field
	of       [shapeTypes]int
}

// add notes that a message has the field in a type, and reports whether that is new.
func (n *fieldNode) add(message int, t ShapeType) bool {
	if n.seen != message {
		n.seen, n.types = message, 0
	}
	before := n.types
	n.types |= 1 << t
	return n.types != before
}

// fieldTree is all fields of a shape.
type fieldTree struct {
	nodes   []*fieldNode // by their ids; the first is the value itself
	live    int          // that were not merged
	crowded bool         // there was no room for another
}

// kid returns what a step leads to; nil if there is no room for it.
func (t *fieldTree) kid(n *fieldNode, kind stepKind, name []byte) *fieldNode {
	if n.isMap && kind == toMember {
		kind, name = toAny, nil
	}
	if len(name) > maxNameBytes {
		name = append(bytes.ToValidUTF8(name[:maxNameBytes], nil), "…"...)
	}
	if !utf8.Valid(name) { // two that differ in what cannot be told are one
		name = bytes.ToValidUTF8(name, []byte("\uFFFD"))
	}
	if k := n.kids[fieldStep{kind, string(name)}]; k != nil {
		return k
	}
	if t.live >= maxNodes {
		t.crowded = true
		return nil
	}
	t.adopt(n, t.node(fieldStep{kind, string(name)}))
	if len(n.kids) > maxMembers {
		t.gather(n, func(*fieldNode) bool { return true })
		n.isMap = true
		return t.kid(n, kind, name)
	}
	return n.kids[fieldStep{kind, string(name)}]
}

// node makes a field that stands nowhere yet.
func (t *fieldTree) node(s fieldStep) *fieldNode {
	n := &fieldNode{id: uint32(len(t.nodes)), step: s, seen: -1}
	t.nodes = append(t.nodes, n)
	t.live++
	return n
}

// adopt puts a field into another one, or merges it with the one that is there.
func (t *fieldTree) adopt(up, n *fieldNode) {
	if up.isMap && n.step.kind == toMember {
		n.step = fieldStep{kind: toAny}
	}
	if same := up.kids[n.step]; same != nil {
		t.merge(n, same)
		return
	}
	if up.kids == nil {
		up.kids = map[fieldStep]*fieldNode{}
	}
	n.up, n.depth = up, up.depth+1
	up.kids[n.step] = n
}

// merge makes one field of two, and of all that is inside of them.
func (t *fieldTree) merge(n, into *fieldNode) {
	n.into = into
	t.live--
	into.isMap = into.isMap || n.isMap
	if into.isMap || len(n.kids)+len(into.kids) > maxMembers && len(union(n, into)) > maxMembers {
		t.gather(into, func(*fieldNode) bool { return true })
		into.isMap = true
	}
	for _, k := range n.kids {
		t.adopt(into, k)
	}
	n.kids = nil
}

// union returns the steps that lead on from either of two fields.
func union(a, b *fieldNode) map[fieldStep]bool {
	all := map[fieldStep]bool{}
	for s := range a.kids {
		all[s] = true
	}
	for s := range b.kids {
		all[s] = true
	}
	return all
}

// gather makes one of those members of an object that are to be.
func (t *fieldTree) gather(n *fieldNode, which func(*fieldNode) bool) {
	for s, k := range n.kids {
		if s.kind == toMember && which(k) {
			delete(n.kids, s)
			k.step = fieldStep{kind: toAny}
			t.adopt(n, k)
		}
	}
}

// gatherRare makes maps of the objects that seem to be used as such: of which many
// names are rare, and have values of one type. It reports whether there were any;
// what is inside of these is to be counted anew.
func (t *fieldTree) gatherRare(n *fieldNode) (gathered bool) {
	var types uint16
	rare := func(k *fieldNode) bool { return k.step.kind == toMember && isRare(k.messages, n.of[ShapeObject]) }
	names := 0
	for _, k := range n.kids {
		if rare(k) {
			names++
			types |= k.allTypes()
		}
	}
	if names > mapMembers && types&(types-1) == 0 && n.of[ShapeObject] >= minNorm {
		t.gather(n, rare)
		return true
	}
	for _, k := range n.kids {
		gathered = t.gatherRare(k) || gathered
	}
	return gathered
}

// allTypes has a bit for each type that the field has anywhere, but null, which all
// can be; numbers are of one type here.
func (n *fieldNode) allTypes() (types uint16) {
	for i, messages := range n.of {
		switch t := ShapeType(i); {
		case messages == 0, t == ShapeNull:
		case t == ShapeBigInteger:
			types |= 1 << ShapeNumber
		default:
			types |= 1 << t
		}
	}
	return types
}

// real returns the field that stands for one.
func (t *fieldTree) real(id uint32) *fieldNode {
	n := t.nodes[id]
	for n.into != nil {
		n = n.into
	}
	return n
}

// sorted returns a field and all that is inside of it, by name, what is outside
// first.
func (n *fieldNode) sorted() []*fieldNode {
	kids := make([]*fieldNode, 0, len(n.kids))
	for _, k := range n.kids {
		kids = append(kids, k)
	}
	slices.SortFunc(kids, func(a, b *fieldNode) int {
		return cmp.Or(cmp.Compare(a.step.kind, b.step.kind), strings.Compare(a.step.name, b.step.name))
	})
	all := []*fieldNode{n}
	for _, k := range kids {
		all = append(all, k.sorted()...)
	}
	return all
}

// path returns the filter for jq that leads to the field; of a map, with a star in
// place of the name.
func (n *fieldNode) path() string {
	if n.up == nil {
		return "."
	}
	before := n.up.path()
	switch {
	case n.step.kind == toJSON:
		return before + " | fromjson"
	case n.up.step.kind == toJSON:
		before += " | ."
	}
	dotted := strings.HasSuffix(before, ".")
	switch {
	case n.step.kind == toElement:
		return before + "[]"
	case n.step.kind == toMember && !isName(n.step.name):
		return before + "[" + quotedName(n.step.name) + "]"
	case !dotted:
		before += "."
	}
	if n.step.kind == toAny {
		return before + "*"
	}
	return before + n.step.name
}

// quotedName returns a string as JSON.
func quotedName(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be
	return strings.TrimSuffix(b.String(), "\n")
}

// isName reports whether jq takes a name without quotes.
func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// typeOf returns the type of a JSON value, but for what a string holds.
func typeOf(raw []byte) ShapeType {
	switch raw[0] {
	case '{':
		return ShapeObject
	case '[':
		return ShapeArray
	case '"':
		return ShapeString
	case 't', 'f':
		return ShapeBoolean
	case 'n':
		return ShapeNull
	}
	const most = "9007199254740992" // 2^53
	digits := bytes.TrimPrefix(raw, []byte("-"))
	if len(digits) > len(most) || len(digits) == len(most) && string(digits) > most {
		if !bytes.ContainsAny(digits, ".eE") {
			return ShapeBigInteger
		}
	}
	return ShapeNumber
}
