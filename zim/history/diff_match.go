package history

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"backscroll/zim"
)

// stretch tells of the rows between two messages that both lists have, which
// matches none by its MsgId. Where it is closed, both its ends are known: rows
// without an ID are matched by their place if there are as many rows on both sides.
func (d *Diff) stretch(a, b []diffRow, closed bool) {
	if closed && fits(a, b) {
		for i := range a {
			d.match(a[i], b[i], true)
		}
		return
	}
	last := d.a.done && d.b.done && len(d.a.queue)+len(d.b.queue) == 0
	nameless := [2]bool{slices.ContainsFunc(a, diffRow.isNameless), slices.ContainsFunc(b, diffRow.isNameless)}
	noA, noB := len(a) == 0, len(b) == 0
	beyond := func(r diffRow, other *diffSide, none, nameless bool) bool {
		return last && other.start && (none || !nameless && r.at < other.oldest)
	}
	for len(a)+len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].at >= b[0].at {
			d.alone(a[0], SideA, nameless[1], beyond(a[0], &d.b, noB, nameless[1]))
			a = a[1:]
			continue
		}
		d.alone(b[0], SideB, nameless[0], beyond(b[0], &d.a, noA, nameless[0]))
		b = b[1:]
	}
}

// fits reports whether rows can be matched one by one: of each two, one at least
// has no ID and no message either, and their times do not contradict each other.
func fits(a, b []diffRow) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := a[i].m, b[i].m
		switch {
		case x.MsgId != 0 && y.MsgId != 0,
			x.MsgId == 0 && stateOf(x.Envelope()) == zim.Present,
			y.MsgId == 0 && stateOf(y.Envelope()) == zim.Present,
			x.MsgTime != 0 && y.MsgTime != 0 && x.MsgTime != y.MsgTime:
			return false
		}
	}
	return true
}

// alone tells of a row of one list that the other does not have.
func (d *Diff) alone(r diffRow, has Side, unsure, beyond bool) {
	if !d.inRange(r.at) {
		return
	}
	f := Difference{Kind: DiffMissing, Side: has.Other(), Unsure: unsure}
	switch {
	case beyond:
		f.Kind = DiffBeyond
	case r.isNameless():
		f.Kind, f.Side, f.Unsure = DiffUnmatched, has, false
	}
	if has == SideA {
		f.A = &r.m
	} else {
		f.B = &r.m
	}
	d.tell(f)
}

// match compares two rows of the same message.
func (d *Diff) match(a, b diffRow, byPlace bool) {
	if !d.inRange(a.at) && !d.inRange(b.at) {
		return
	}
	f := Difference{A: &a.m, B: &b.m, ByPlace: byPlace}
	x, y := a.m.Envelope(), b.m.Envelope()
	sx, sy := stateOf(x), stateOf(y)
	d.counts.Both++
	if byPlace {
		d.counts.ByPlace++
	}
	if a.m.MsgSeq != b.m.MsgSeq && a.m.MsgSeq != 0 && b.m.MsgSeq != 0 {
		d.counts.Renumbered++
	}
	switch {
	case sx == sy && sx == zim.Revoked:
		d.counts.Recalled++
	case sx == zim.Deleted && sy != sx:
		f.Kind, f.Side = DiffDeleted, SideA
	case sy == zim.Deleted && sy != sx:
		f.Kind, f.Side = DiffDeleted, SideB
	case sx == zim.Revoked && sy != sx:
		f.Kind, f.Side = DiffRecalled, SideA
	case sy == zim.Revoked && sy != sx:
		f.Kind, f.Side = DiffRecalled, SideB
	case sx == zim.Deleted:
	default:
		if f.Fields = otherFields(x, y); len(f.Fields) > 0 {
			f.Kind = DiffChanged
		}
	}
	switch {
	case f.Kind != DiffNone:
		d.tell(f)
	case d.agreed:
		f.State = sx
		d.found = append(d.found, f)
	}
}

func (d *Diff) tell(f Difference) {
	sides := d.counts.Kinds[f.Kind]
	if sides == nil {
		sides = map[Side]int{}
		d.counts.Kinds[f.Kind] = sides
	}
	sides[f.Side]++
	d.found = append(d.found, f)
}

// stateOf returns what became of a message; a recall notice is a recalled one.
func stateOf(e zim.Envelope) zim.IsEmpty {
	if e.MsgType == zim.TypeRecallNotice && e.IsEmpty == zim.Present {
		return zim.Revoked
	}
	return e.IsEmpty
}

// otherFields names the fields that two rows of a message do not have in common,
// unknown ones too. What numbers a row may be each list's own.
func otherFields(a, b zim.Envelope) (names []string) {
	values := func(e zim.Envelope) map[string][]byte {
		all := map[string][]byte{}
		for _, f := range e.Fields {
			all[f.Name] = f.Raw
		}
		return all
	}
	x, y := values(a), values(b)
	for _, f := range slices.Concat(a.Fields, b.Fields) {
		switch f.Name {
		case "MsgId", "MsgSeq", "IsEmpty", "IsEempy":
			continue
		}
		if !slices.Contains(names, f.Name) && !sameValue(x[f.Name], y[f.Name]) {
			names = append(names, f.Name)
		}
	}
	return names
}

// sameValue reports whether two JSON values mean the same: a number in a string
// is the number, and nothing, null, 0 and "" are one. 1.0 is not 1: no number is
// changed to compare it.
func sameValue(a, b []byte) bool {
	return bytes.Equal(a, b) || bytes.Equal(plainValue(a), plainValue(b))
}

// plainValue is a JSON value without white space, a string without its quotes and
// escapes.
func plainValue(raw []byte) []byte {
	var s string
	if len(raw) > 0 && raw[0] == '"' && utf8.Valid(raw) && json.Unmarshal(raw, &s) == nil {
		raw = []byte(s)
	} else {
		var to bytes.Buffer
		if json.Compact(&to, raw) == nil {
			raw = to.Bytes()
		}
	}
	if string(raw) == "null" || string(raw) == "0" {
		return nil
	}
	return raw
}
