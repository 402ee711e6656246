package zim

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	clockLimit = time.Minute      // a clock that is less off than this is right
	longTrip   = 30 * time.Second // a Date that took longer to come says nothing
)

// clock is the machine's clock, set right by what the service's answers say.
type clock struct {
	machine func() time.Time

	mu     sync.Mutex
	offset time.Duration // what is added to the machine's time
	wall   time.Time     // what the machine's clock said when it was read last
	steady time.Time     // when that was, by a clock that nobody sets
}

// now returns the right time as far as it is known, and what was added for it.
// woke says that the machine slept since the last call, or that its clock was
// set: the offset is then forgotten.
func (k *clock) now() (t time.Time, offset time.Duration, woke bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	wall, steady := k.machine().Round(0), time.Now()
	if !k.steady.IsZero() {
		jump := wall.Sub(k.wall) - steady.Sub(k.steady)
		woke = jump.Abs() > clockLimit
	}
	if k.wall, k.steady = wall, steady; woke {
		k.offset = 0
	}
	return wall.Add(k.offset), k.offset, woke
}

// added returns the offset.
func (k *clock) added() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.offset
}

// correct sets the clock by the Date of a refused answer, and reports whether
// it is worth to sign again.
func (k *clock) correct(o outcome) bool {
	offset, ok := o.clockOffset()
	if !ok || (offset-o.offset).Abs() <= clockLimit {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.offset = offset; offset.Abs() <= clockLimit {
		k.offset = 0
	}
	return true
}

// clockOffset returns what the Date of the answer says is to be added to the
// machine's clock. An answer from a cache, or long under way, says nothing.
func (o outcome) clockOffset() (time.Duration, bool) {
	date, err := http.ParseTime(o.header.Get("Date"))
	if err != nil || o.header.Get("Age") != "" || o.trip > longTrip {
		return 0, false
	}
	return date.Sub(o.received), true
}

// clockWasWrong returns how far the machine's clock is behind, if that is why
// the signature was refused; else 0.
func (o outcome) clockWasWrong() time.Duration {
	offset, ok := o.clockOffset()
	refused := o.head.Code == SignatureExpired || o.head.Code == WrongSignature
	if !refused || !ok || offset.Abs() <= clockLimit || (offset-o.offset).Abs() <= clockLimit {
		return 0
	}
	return offset
}

// slowOrFast puts an offset into words: "clock 25 min slow".
func slowOrFast(offset time.Duration) string {
	word := "slow"
	if offset < 0 {
		word = "fast"
	}
	d := offset.Abs()
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("clock %d min %s", int(d.Round(time.Minute)/time.Minute), word)
	case d < 48*time.Hour:
		return fmt.Sprintf("clock %d h %s", int(d.Round(time.Hour)/time.Hour), word)
	}
	return fmt.Sprintf("clock %d days %s", int(d/(24*time.Hour)), word)
}
