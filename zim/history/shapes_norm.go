package history

import (
	"cmp"
	"fmt"
	"slices"
)

// What the others have is the norm, and a message deviates from it only if nearly
// all of them do otherwise: of optional fields and of fields that come with a newer
// version of an app most messages have some or lack some.
const (
	// minNorm is how many messages make a norm: of fewer, one in four that lacks a
	// field is as likely optional as wrong. Of these only types are told.
	minNorm = 5
	// rareShare is the share of the others, one in so many, that may have what is
	// rare, and lack what is common.
	rareShare = 10
	// maxReasons is how many reasons are told of a message; one that is of another
	// kind altogether lacks everything.
	maxReasons = 5
)

// isRare reports whether at most a tenth of the others have what so many of all have.
func isRare(have, all int) bool { return (have-1)*rareShare <= all-1 }

// isCommon reports whether nine in ten of the others have what so many of all have,
// of whom one who lacks it is not one.
func isCommon(have, all int) bool { return have*rareShare >= (all-1)*(rareShare-1) }

// norm is what is usual in a shape.
type norm struct {
	fields []*fieldNode // by their ids
	common []*fieldNode // that a message should have
	all    int          // messages
	number int          // of the pattern that is judged
	lost   []int        // by their ids: the number of the pattern in which what is inside is not judged
}

func (s *shaping) norm(fields []*fieldNode) *norm {
	n := &norm{fields: fields, all: len(s.messages), number: s.number, lost: make([]int, len(fields))}
	for _, f := range fields[1:] {
		if n.all >= minNorm && f.step.kind == toMember && isCommon(f.messages, n.all) {
			n.common = append(n.common, f)
		}
	}
	return n
}

// why returns the reasons for which the messages of a pattern deviate. Of what is
// strange, its inside is not told too.
func (n *norm) why(features []feature) (reasons []string) {
	n.number++
	for _, f := range features {
		n.fields[f.field()].add(n.number, f.kind())
	}
	for i, f := range features {
		field := n.fields[f.field()]
		if field.up != nil && n.lost[field.up.id] == n.number {
			n.lost[field.id] = n.number
		}
		if n.lost[field.id] == n.number {
			continue
		}
		reason := ""
		switch {
		case i > 0 && features[i-1].field() == f.field():
			reason = n.strangeType(field, f.kind())
		case field.up != nil && n.all >= minNorm && isRare(field.messages, n.all):
			reason = fmt.Sprintf("has %s: %s have it", field.path(), others(field.messages-1, n.all-1))
		default:
			reason = n.strangeType(field, f.kind())
		}
		if reason != "" {
			n.lost[field.id] = n.number
			reasons = append(reasons, reason)
		}
	}
	for _, field := range n.common {
		up := field.up
		if field.seen != n.number && up.seen == n.number && up.types&(1<<ShapeObject) != 0 && n.lost[up.id] != n.number {
			reasons = append(reasons, fmt.Sprintf("lacks %s: %s have it", field.path(), others(field.messages, n.all-1)))
		}
	}
	if more := len(reasons) - maxReasons; more > 0 {
		reasons = append(reasons[:maxReasons], fmt.Sprintf("and %d more", more))
	}
	return reasons
}

// others returns "11 of 11 others".
func others(have, of int) string { return fmt.Sprintf("%d of %d others", have, of) }

// strangeType says how a type of a field differs from what the others have there;
// "" if it does not.
func (n *norm) strangeType(field *fieldNode, t ShapeType) string {
	usual := ShapeText
	for i, messages := range field.of {
		if messages > field.of[usual] {
			usual = ShapeType(i)
		}
	}
	if field.up == nil && (usual == ShapeText || t == ShapeText) { // by the majority
		text := field.of[ShapeText]
		json := n.all - text
		switch {
		case t == ShapeText && json > text:
			return fmt.Sprintf("is not JSON: %s are", others(json, n.all-1))
		case t != ShapeText && text > json:
			return fmt.Sprintf("is JSON: %s are", others(json-1, n.all-1))
		}
		return ""
	}
	have, of, most := field.of[t], field.messages, field.of[usual]
	rare := isRare(have, of)
	if of < minNorm {
		rare = have == 1
	}
	if !rare || most <= have {
		return ""
	}
	if field.types&(1<<usual) != 0 { // it has both, in an array
		most--
	}
	return fmt.Sprintf("%s is %s: %s have %s", field.path(), t.withArticle(), others(most, of-1), usual.withArticle())
}

func (t ShapeType) withArticle() string {
	switch t {
	case ShapeText, ShapeNull:
		return t.String()
	case ShapeBigInteger, ShapeArray, ShapeObject:
		return "an " + t.String()
	}
	return "a " + t.String()
}

// shape returns what was found. Nothing can be added after that.
func (s *shaping) shape() Shape {
	out := Shape{Messages: len(s.sizes), Large: s.large, Deep: s.deep, Crowded: s.tree.crowded, Example: -1}
	if out.Messages == 0 {
		return out
	}
	slices.Sort(s.sizes)
	out.Least, out.Median, out.Most = s.sizes[0], s.sizes[(len(s.sizes)-1)/2], s.sizes[len(s.sizes)-1]
	if len(s.messages) == 0 {
		return out
	}
	fields := s.settle()
	out.Fields, out.MoreFields = tableOf(fields)
	s.judge(&out, s.norm(fields))
	return out
}

// judge finds the messages that deviate, and one that is as most are.
func (s *shaping) judge(out *Shape, n *norm) {
	reasons := make([][]string, len(s.patterns))
	deviating := 0
	for i, p := range s.patterns {
		s.features = p.features(s.features)
		if reasons[i] = n.why(s.features); reasons[i] != nil {
			deviating += p.messages
		}
	}
	if out.Varied = 2*deviating > n.all; out.Varied {
		clear(reasons)
	}
	usual := int32(-1)
	for i, p := range s.patterns {
		if reasons[i] == nil && (usual < 0 || p.compare(s.patterns[usual]) < 0) {
			usual = int32(i)
		}
	}
	for _, m := range s.messages {
		if m.pattern == usual && out.Example < 0 {
			out.Example = m.at
		}
		switch why := reasons[m.pattern]; {
		case why == nil:
		case len(out.Deviants) < MaxDeviants:
			out.Deviants = append(out.Deviants, Deviant{m.at, why})
		default:
			out.MoreDeviants++
		}
	}
}

// compare puts the pattern of the most messages first; of two, that with more in it.
func (p patternCount) compare(q patternCount) int {
	return cmp.Or(q.messages-p.messages, len(q.fieldPattern)-len(p.fieldPattern), cmp.Compare(p.fieldPattern, q.fieldPattern))
}

// tableOf returns the fields as they are told, and how many found no room.
func tableOf(nodes []*fieldNode) (list []ShapeField, more int) {
	for _, n := range nodes {
		f := ShapeField{Path: n.path(), Messages: n.messages}
		for t, messages := range n.of {
			if messages > 0 {
				f.Types = append(f.Types, ShapeTypes{ShapeType(t), messages})
			}
		}
		slices.SortStableFunc(f.Types, func(a, b ShapeTypes) int { return b.Messages - a.Messages })
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b ShapeField) int {
		return cmp.Or(b.Messages-a.Messages, cmp.Compare(a.Path, b.Path))
	})
	more = max(len(list)-MaxShapeFields, 0)
	return slices.Clip(list[:len(list)-more]), more
}
