package emulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// FaultName names a way in which the emulator misbehaves.
type FaultName string

// The faults. Some fall on single calls, and never on the same call twice in a
// row: who asks again is answered. Some spoil every call from the second on.
// The others are ways of the service that a client must be able to live with,
// and are there all the time.
const (
	FaultRate      FaultName = "rate"
	FaultBusy      FaultName = "busy"
	FaultHTTP500   FaultName = "http500"
	FaultHTML      FaultName = "html"
	FaultTruncate  FaultName = "truncate"
	FaultReset     FaultName = "reset"
	FaultSlow      FaultName = "slow"
	FaultDrip      FaultName = "drip"
	FaultHang      FaultName = "hang"
	FaultSkew      FaultName = "skew"
	FaultLoop      FaultName = "loop"
	FaultEmpty     FaultName = "empty"
	FaultOverlap   FaultName = "overlap"
	FaultStringIDs FaultName = "stringids"
	FaultNulls     FaultName = "nulls"
	FaultBare      FaultName = "bare"
	FaultBigNext   FaultName = "bignext"
	FaultBigBody   FaultName = "bigbody"
	FaultRedirect  FaultName = "redirect"
)

const (
	skew     = 25 * time.Minute // how far ahead the service's clock is
	rowsBack = 5                // how many rows of the page before come again
)

// when says which calls a fault falls on.
type when int

const (
	always when = iota // nothing is struck: it is in the answers
	often              // the first call, and every third after it
	seldom             // the second call, and every tenth after it
	spoilt             // every call from the second on
)

var faults = []struct {
	name FaultName
	when when
	help string
}{
	{FaultRate, often, "every third call is refused: 660300005, too many calls (660600004 for member lists)"},
	{FaultBusy, often, "every third call is refused: 660000001, service busy"},
	{FaultHTTP500, often, "every third call gets HTTP 500 and a line of text"},
	{FaultHTML, spoilt, "every call but the first gets the login page of a proxy, with HTTP 200"},
	{FaultTruncate, often, "every third answer ends in its middle"},
	{FaultReset, often, "every third call gets no answer: the connection is reset"},
	{FaultSlow, often, "every third answer takes two seconds"},
	{FaultDrip, seldom, "every tenth answer comes a byte a second"},
	{FaultHang, seldom, "every tenth call is never answered"},
	{FaultSkew, always, "the service's clock is 25 minutes ahead of this machine's"},
	{FaultLoop, always, "the second page of a list leads to itself"},
	{FaultEmpty, always, "after the first page of a list come empty ones without end, each with another Next"},
	{FaultOverlap, always, "each page begins with the last five messages of the page before"},
	{FaultStringIDs, always, "MsgId and MsgSeq are strings"},
	{FaultNulls, always, "what is empty or 0 is null: fields, lists and the last Next"},
	{FaultBare, always, "deleted messages have nothing but IsEmpty"},
	{FaultBigNext, always, "every Next is larger than 2^53"},
	{FaultBigBody, spoilt, "every answer but the first is over 32 MiB"},
	{FaultRedirect, spoilt, "every call but the first is sent to another host by HTTP 307, signature and all"},
}

// FaultNames returns the name of every fault.
func FaultNames() []FaultName {
	var names []FaultName
	for _, f := range faults {
		names = append(names, f.name)
	}
	return names
}

// Help says in one line what the fault does, or "" if there is no such fault.
func (f FaultName) Help() string {
	for _, known := range faults {
		if known.name == f {
			return known.help
		}
	}
	return ""
}

// when is always for a name that is not known.
func (f FaultName) when() when {
	for _, known := range faults {
		if known.name == f {
			return known.when
		}
	}
	return always
}

// ParseFault returns the fault of that name. The error lists those there are.
func ParseFault(s string) (FaultName, error) {
	f := FaultName(s)
	if f.Help() != "" {
		return f, nil
	}
	var names []string
	for _, n := range FaultNames() {
		names = append(names, string(n))
	}
	return "", errors.New("no fault is called " + fmt.Sprintf("%q", s) + ": there are " + strings.Join(names, " "))
}

// WithFault makes the emulator misbehave in the ways named, all at once. Faults
// that fall on single calls take turns. They are told by counting the calls
// that would have been answered, so the same calls meet the same faults. A name
// that ParseFault refuses does nothing.
//
// Faults of the connection need one: without it (where ServeHTTP is called by
// something that is no server) reset panics with http.ErrAbortHandler.
func WithFault(names ...FaultName) Option {
	return func(c *config) { c.faults = append(c.faults, names...) }
}

// apply sets what faults change about the emulator as a whole.
func (c *config) apply() {
	c.large = c.large || c.has(FaultBigNext)
	if now := c.clock; c.has(FaultSkew) {
		c.clock = func() time.Time { return now().Add(skew) }
	}
}

func (c *config) has(f FaultName) bool { return slices.Contains(c.faults, f) }

// turns decides which fault the next call meets. Its user holds the lock.
type turns struct {
	by     map[when][]FaultName
	n      int             // calls so far
	struck map[uint64]bool // calls that met a fault and have not come again
}

func newTurns(names []FaultName) turns {
	t := turns{by: map[when][]FaultName{}, struck: map[uint64]bool{}}
	for _, f := range names {
		t.by[f.when()] = append(t.by[f.when()], f)
	}
	return t
}

// next counts a call, by which it is told from others, and returns its fault
// or "".
func (t *turns) next(call uint64) FaultName {
	n := t.n
	t.n++
	if names := t.by[spoilt]; len(names) > 0 && n > 0 {
		return names[n%len(names)]
	}
	if t.struck[call] {
		delete(t.struck, call)
		return ""
	}
	var f FaultName
	if names := t.by[often]; len(names) > 0 && n%3 == 0 {
		f = names[n/3%len(names)]
	}
	if names := t.by[seldom]; len(names) > 0 && n%10 == 1 {
		f = names[n/10%len(names)]
	}
	if f != "" {
		t.struck[call] = true
	}
	return f
}

// turn returns the fault that this call meets.
func (e *Emulator) turn(action string, body []byte) FaultName {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.turns.next(mix(hash(action), hash(string(body))))
}
