package history

import (
	"bytes"
	"encoding/binary"
	"slices"

	"backscroll/zim"
)

// shaping makes a shape of the values that are added, one for a message.
type shaping struct {
	tree     fieldTree
	sizes    []int
	messages []shapedMessage // in the order of their indices
	large    int
	deep     int

	patterns []patternCount // by their numbers
	numbers  map[string]int32

	// Of the message that is looked at.
	number   int
	features []feature
	deeper   bool // there is more below MaxShapeDepth
	scratch  []byte
}

// shapedMessage is a message that was looked into.
type shapedMessage struct {
	at      int
	pattern int32
}

// patternCount is a pattern and how many messages have it.
type patternCount struct {
	fieldPattern
	messages int
}

func newShaping() *shaping {
	s := &shaping{numbers: map[string]int32{}}
	s.tree.node(fieldStep{})
	return s
}

// feature is that a message has a field in a type: what it is of a field in a list,
// and the type.
type feature uint32

const typeBits = 4

func featureOf(field uint32, t ShapeType) feature { return feature(field<<typeBits | uint32(t)) }

func (f feature) field() uint32   { return uint32(f >> typeBits) }
func (f feature) kind() ShapeType { return ShapeType(f & (1<<typeBits - 1)) }

// fieldPattern is all features of a message, in ascending order, as bytes: those of
// most messages are the same few.
type fieldPattern string

// appendPattern sorts features and appends them as a pattern.
func appendPattern(b []byte, features []feature) []byte {
	slices.Sort(features)
	for i, f := range features {
		if i == 0 || f != features[i-1] {
			b = binary.BigEndian.AppendUint32(b, uint32(f))
		}
	}
	return b
}

// features returns the features of a pattern, in a list that may be reused.
func (p fieldPattern) features(list []feature) []feature {
	list = list[:0]
	for i := 0; i < len(p); i += 4 {
		list = append(list, feature(uint32(p[i])<<24|uint32(p[i+1])<<16|uint32(p[i+2])<<8|uint32(p[i+3])))
	}
	return list
}

// add adds a value; those of newer messages come first.
func (s *shaping) add(v shaped) {
	s.sizes = append(s.sizes, v.size)
	if v.large {
		s.large++
		return
	}
	s.number++
	s.features, s.deeper = s.features[:0], false
	if root := s.tree.nodes[0]; len(v.json) > 0 {
		s.look(root, v.json)
	} else {
		s.note(root, ShapeText)
	}
	if s.deeper {
		s.deep++
	}
	s.messages = append(s.messages, shapedMessage{v.at, s.intern(1)})
}

// intern counts the features as a pattern of so many messages, and returns its
// number.
func (s *shaping) intern(messages int) int32 {
	s.scratch = appendPattern(s.scratch[:0], s.features)
	n, known := s.numbers[string(s.scratch)]
	if !known {
		n = int32(len(s.patterns))
		p := string(s.scratch)
		s.patterns = append(s.patterns, patternCount{fieldPattern: fieldPattern(p)})
		s.numbers[p] = n
	}
	s.patterns[n].messages += messages
	return n
}

// count counts anew how many messages have each field, and in which types.
func (s *shaping) count() {
	for _, n := range s.tree.nodes {
		n.messages, n.of = 0, [shapeTypes]int{}
	}
	for _, p := range s.patterns {
		s.number++
		s.features = p.features(s.features)
		for _, f := range s.features {
			n := s.tree.real(f.field())
			if n.seen != s.number {
				n.messages += p.messages
			}
			if n.add(s.number, f.kind()) {
				n.of[f.kind()] += p.messages
			}
		}
	}
}

// settle ends the gathering of fields, and returns those that there are, what is
// outside before what is inside. Patterns have the fields' places in that list from
// then on.
func (s *shaping) settle() []*fieldNode {
	for s.count(); s.tree.gatherRare(s.tree.nodes[0]); {
		s.count()
	}
	fields := s.tree.nodes[0].sorted()
	for i, n := range fields {
		n.id = uint32(i)
	}
	before := s.patterns
	s.patterns, s.numbers = nil, map[string]int32{}
	now := make([]int32, len(before))
	for i, p := range before {
		s.features = p.features(s.features)
		for j, f := range s.features {
			s.features[j] = featureOf(s.tree.real(f.field()).id, f.kind())
		}
		now[i] = s.intern(p.messages)
	}
	for i, m := range s.messages {
		s.messages[i].pattern = now[m.pattern]
	}
	return fields
}

// look notes the fields of a value and of what is inside of it.
func (s *shaping) look(n *fieldNode, raw []byte) {
	t := typeOf(raw)
	var inner []byte
	if t == ShapeString {
		if inner = zim.JSONIn(raw); inner != nil {
			t = ShapeJSONString
		}
	}
	s.note(n, t)
	if n.depth >= MaxShapeDepth {
		s.deeper = s.deeper || inner != nil || t >= ShapeArray && len(bytes.Trim(raw[1:], jsonSpace)) > 1
		return
	}
	into := func(kind stepKind, name, value []byte) {
		if k := s.tree.kid(n, kind, name); k != nil {
			s.look(k, value)
		}
	}
	switch t {
	case ShapeObject:
		for name, value := range zim.Members(raw) {
			into(toMember, name, value)
		}
	case ShapeArray:
		for value := range zim.Elements(raw) {
			into(toElement, nil, value)
		}
	case ShapeJSONString:
		into(toJSON, nil, inner)
	}
}

// note notes that the message has a field in a type.
func (s *shaping) note(n *fieldNode, t ShapeType) {
	if n.add(s.number, t) {
		s.features = append(s.features, featureOf(n.id, t))
	}
}
