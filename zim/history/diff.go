package history

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"backscroll/zim"
)

// Side is one of the two lists of a one-on-one chat. The zero value is both.
type Side uint8

// The sides of a Diff: A is the list of the chat's User, B that of its Peer.
const (
	BothSides Side = iota
	SideA
	SideB
)

// Other returns the other list.
func (s Side) Other() Side {
	switch s {
	case SideA:
		return SideB
	case SideB:
		return SideA
	}
	return BothSides
}

// DifferenceKind is how two lists differ about a message.
type DifferenceKind uint8

// The kinds. The zero value is no difference.
const (
	DiffNone      DifferenceKind = iota
	DiffMissing                  // the list of Side has no row for it
	DiffDeleted                  // deleted or expired in the list of Side only
	DiffRecalled                 // recalled in the list of Side only
	DiffChanged                  // there in both, with other Fields
	DiffUnmatched                // a row without an ID in the list of Side: of what message cannot be told
	DiffBeyond                   // older than all that the list of Side still has
)

var diffNames = [...]string{"same", "missing", "deleted", "recalled", "changed", "unmatched", "beyond"}

// String returns the name of the kind, one word.
func (k DifferenceKind) String() string {
	if int(k) < len(diffNames) {
		return diffNames[k]
	}
	return diffNames[DiffNone]
}

// Difference is a message that the two lists do not agree about.
type Difference struct {
	Kind DifferenceKind
	Side Side         // the list that the kind speaks of; BothSides for DiffChanged
	A, B *zim.Message // the rows of the two lists; nil where there is none

	// ByPlace says that a row without an ID was taken for the message that the
	// other list has in its place: both lists have as many rows there, between the
	// same two messages.
	ByPlace bool
	// Unsure says of DiffMissing that the list of Side has rows without an ID about
	// there: the message may be one of them.
	Unsure bool
	Fields []string // that are not the same, for DiffChanged, by the wire's names

	// State is what became of the message in both lists, for DiffNone.
	State zim.IsEmpty
}

// DiffOptions narrows a Diff. The zero value compares everything.
type DiffOptions struct {
	Since, Until time.Time // compares from Since on, before Until; zero is an open end
	Agreed       bool      // also tells of what both lists have alike, as DiffNone
}

// DiffCounts is what a Diff found so far, in its range.
type DiffCounts struct {
	Both       int // messages that both lists have, in whatever state
	Recalled   int // of these, recalled in both
	Renumbered int // of these, with another MsgSeq in each list
	ByPlace    int // of these, matched by their place
	Kinds      map[DifferenceKind]map[Side]int
}

// Diff compares the two lists of a one-on-one chat, from the newest message to
// the oldest. It keeps no more than it needs to match rows: some pages of each.
//
// That a message has the same MsgId in both lists is nowhere published, but
// nothing else could tell: MsgSeq may be counted for each list, and two messages
// can have the same MsgTime. Where no row of one list is in the other, Both is 0.
//
// A row without an ID has nothing but its place. It is matched if, between two
// messages that are in both lists, both have the same number of rows, and never
// otherwise.
type Diff struct {
	client       Client
	a, b         diffSide
	since, until int64 // ms; what is compared, until exclusive
	agreed       bool
	levelled     bool // what arrived between the first calls was left out
	counts       DiffCounts
	found        []Difference // in this step
}

// NewDiff returns a comparison of the chat's User with its Peer. The chat is not
// a group's. Nothing is asked before the first Step.
func NewDiff(client Client, chat Chat, o DiffOptions) *Diff {
	d := &Diff{client: client, since: math.MinInt64, until: math.MaxInt64, agreed: o.Agreed}
	if !o.Since.IsZero() {
		d.since = o.Since.UnixMilli()
	}
	if !o.Until.IsZero() {
		d.until = o.Until.UnixMilli()
	}
	d.a = newDiffSide(chat, d.since)
	d.b = newDiffSide(chat.OtherSide(), d.since)
	d.counts.Kinds = map[DifferenceKind]map[Side]int{}
	return d
}

// Done reports whether both lists were compared as far as was wanted.
func (d *Diff) Done() bool {
	return d.a.done && d.b.done && len(d.a.queue)+len(d.b.queue) == 0
}

// Counts returns what was found so far, as a copy.
func (d *Diff) Counts() DiffCounts {
	c := d.counts
	c.Kinds = maps.Clone(c.Kinds)
	for kind, sides := range c.Kinds {
		c.Kinds[kind] = maps.Clone(sides)
	}
	return c
}

// Read returns how many rows of a list were read, and the time of the oldest of
// them: false if none has a time. side is SideA or SideB.
func (d *Diff) Read(side Side) (rows int, back time.Time, ok bool) {
	s := &d.a
	if side == SideB {
		s = &d.b
	}
	back, ok = zim.TimeOf(s.at)
	return s.rows, back, ok
}

// Step makes one call at most, and returns the differences that are certain by now,
// and if wanted what agrees between them, newest first, until Done; then it does nothing. After an error, the call's or the
// context's, the next Step makes the same call again. ErrRepeated and ErrEmpty
// are for good: older messages of that list cannot be reached.
func (d *Diff) Step(ctx context.Context) ([]Difference, error) {
	if d.Done() {
		return nil, nil
	}
	d.found = nil
	var err error
	if d.b.pages > 0 && !d.levelled {
		err = d.level(ctx)
	} else {
		err = d.next().read(ctx, d.client)
	}
	if err != nil {
		return nil, err
	}
	if d.levelled {
		d.settle()
	}
	return d.found, nil
}

// level leaves out of the second list what arrived after the first was asked:
// else it would seem to be missing there. It asks only where there is something
// newer in the second.
func (d *Diff) level(ctx context.Context) error {
	newer := slices.IndexFunc(d.b.queue, func(r diffRow) bool { return r.m.MsgId != 0 && d.a.has(r.m.MsgId) })
	if newer < 0 {
		newer = len(d.b.queue)
	}
	if !slices.ContainsFunc(d.b.queue[:newer], func(r diffRow) bool { return r.m.MsgId != 0 }) {
		d.levelled = true
		return nil
	}
	page, err := d.a.chat.Page(ctx, d.client, "")
	if err != nil {
		return err
	}
	for _, m := range page.List {
		if m.MsgId != 0 && d.a.has(m.MsgId) {
			break
		}
		d.b.drop(m.MsgId)
	}
	d.levelled = true
	return nil
}

// next is the list to read on in: the one that holds up what is to be told, or
// else the one that has come less far back.
func (d *Diff) next() *diffSide {
	switch {
	case d.a.pages == 0 || d.b.done:
		return &d.a
	case d.b.pages == 0 || d.a.done:
		return &d.b
	}
	if i, j, ok := d.anchor(); ok {
		switch {
		case !d.a.isPast(i):
			return &d.a
		case !d.b.isPast(j):
			return &d.b
		}
	}
	if c := cmp.Compare(d.a.at, d.b.at); c > 0 || c == 0 && d.a.rows <= d.b.rows {
		return &d.a
	}
	return &d.b
}

// anchor finds the newest message that is in both queues.
func (d *Diff) anchor() (i, j int, ok bool) {
	for i, r := range d.a.queue {
		if r.m.MsgId != 0 && d.b.has(r.m.MsgId) {
			return i, d.b.index(r.m.MsgId), true
		}
	}
	return 0, 0, false
}

// maxWaiting is how many rows of a list wait for a message that the other list
// has too.
const maxWaiting = 1000

// settle tells what is certain: what stands before a message of both lists, once
// so much was read behind it that nothing out of order is expected any more.
func (d *Diff) settle() {
	for {
		i, j, ok := d.anchor()
		switch {
		case ok && d.a.isPast(i) && d.b.isPast(j):
			id := d.a.queue[i].m.MsgId
			d.stretch(d.a.take(i, &d.b), d.b.take(j, &d.a), true)
			a, _ := d.a.drop(id)
			b, _ := d.b.drop(id)
			d.match(a, b, false)
			continue
		case ok:
		case d.a.done && d.b.done:
			d.rest()
		case len(d.a.queue) > maxWaiting:
			d.flush(&d.a, &d.b)
		case len(d.b.queue) > maxWaiting:
			d.flush(&d.b, &d.a)
		}
		return
	}
}

// flush tells of rows of a long stretch that the other list does not have: they
// are newer than anything that it has still to come.
func (d *Diff) flush(s, other *diffSide) {
	n := slices.IndexFunc(s.queue, func(r diffRow) bool { return r.at <= other.newest })
	if n < 0 || len(s.queue) > 10*maxWaiting { // times that tell nothing
		n = len(s.queue) - maxWaiting/2
	}
	rows, unsure := s.take(n, other), slices.ContainsFunc(other.queue, diffRow.isNameless)
	for _, r := range rows {
		if s == &d.a {
			d.alone(r, SideA, unsure, false)
		} else {
			d.alone(r, SideB, unsure, false)
		}
	}
}

// rest tells of what is left once both lists have ended.
func (d *Diff) rest() {
	starts := d.a.start && d.b.start
	d.stretch(d.a.take(len(d.a.queue), &d.b), d.b.take(len(d.b.queue), &d.a), starts)
}

// inRange reports whether a row of that time is compared.
func (d *Diff) inRange(at int64) bool {
	return at >= d.since && (at < d.until || d.until == math.MaxInt64)
}
