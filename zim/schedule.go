package zim

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Priority says who goes first where calls wait for their turn.
type Priority uint8

// The priorities, the first first. The zero value is what somebody waits for.
const (
	Foreground Priority = iota // what the user looks at
	Prefetch                   // what the user will look at
	Background                 // jobs: names, search, export, follow
)

type priorityKey struct{}

// WithPriority returns a context whose calls have the priority p.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

func priorityOf(ctx context.Context) Priority {
	p, _ := ctx.Value(priorityKey{}).(Priority)
	return p
}

const (
	slowTime = 30 * time.Second // how long the rate stays halved

	messageSpan = time.Duration(slack * float64(time.Second)) // in which MaxMsgSeqs messages may be asked for
)

// newSchedule spreads so many calls over a second.
func newSchedule(perSecond float64) schedule {
	return schedule{perSecond: perSecond, calls: rate.NewLimiter(rate.Limit(perSecond/slack), 1)}
}

// schedule gives each attempt its turn: in the order of priority, then of
// arrival, as far apart as the rate says. There is one for a Client. A limiter
// alone cannot let a later call go first, so it only says when the next one may.
type schedule struct {
	perSecond float64 // calls; 0 is no limit

	mu     sync.Mutex
	queue  []*turn
	timer  *time.Timer // runs serve when the next turn comes
	calls  *rate.Limiter
	begun  []time.Time // the calls of the last second
	asked  []ask       // the messages of the last second
	halved time.Time   // when the rate was halved last
	slowed float64     // calls a second until slowTime after that
}

// turn is an attempt that waits.
type turn struct {
	priority Priority
	messages int // that it asks for by MsgSeq
	granted  chan struct{}
}

// ask is a number of messages, asked for by MsgSeq.
type ask struct {
	at time.Time
	n  int
}

// messagesOf returns how many messages a request draws on the limit of
// QueryMessagesByMsgSeq.
func messagesOf(request any) int {
	r, _ := request.(QueryMessagesByMsgSeqRequest)
	return len(r.MsgSeqList)
}

// wait returns when it is the caller's turn, or with the context's error.
func (s *schedule) wait(ctx context.Context, p Priority, messages int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &turn{p, messages, make(chan struct{})}
	s.mu.Lock()
	at := len(s.queue)
	for at > 0 && s.queue[at-1].priority > p {
		at--
	}
	s.queue = slices.Insert(s.queue, at, t)
	s.serve()
	s.mu.Unlock()
	select {
	case <-t.granted:
		return nil
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		s.queue = slices.DeleteFunc(s.queue, func(other *turn) bool { return other == t })
		return ctx.Err()
	}
}

// serve lets all go whose time has come, and sets the timer for the next.
// Its caller holds the lock.
func (s *schedule) serve() {
	for len(s.queue) > 0 {
		now := time.Now()
		i, at := s.next(now)
		if wait := at.Sub(now); wait > 0 {
			s.wake(wait)
			return
		}
		t := s.queue[i]
		s.queue = slices.Delete(s.queue, i, i+1)
		s.begin(now, t.messages)
		close(t.granted)
	}
}

// next returns who goes next, and when. One that waits for the limit of
// messages holds up nobody behind it.
func (s *schedule) next(now time.Time) (first int, at time.Time) {
	free := s.free(now)
	for i, t := range s.queue {
		ready := s.ready(t.messages, free)
		if !ready.After(free) {
			return i, free
		}
		if i == 0 || ready.Before(at) {
			first, at = i, ready
		}
	}
	return first, at
}

// free returns when the next call may begin.
func (s *schedule) free(now time.Time) time.Time {
	limit := s.limit(now)
	if limit == 0 {
		return now
	}
	s.calls.SetLimitAt(now, rate.Limit(limit/slack))
	missing := 1 - s.calls.TokensAt(now)
	if missing < 1e-9 { // what is left of rounding
		return now
	}
	return now.Add(time.Duration(math.Ceil(missing * slack / limit * float64(time.Second))))
}

// ready returns when n messages more may be asked for, from the time t on.
func (s *schedule) ready(n int, t time.Time) time.Time {
	if n == 0 {
		return t
	}
	for _, a := range s.asked {
		n += a.n
	}
	for _, a := range s.asked { // the oldest first
		if end := a.at.Add(messageSpan); end.After(t) {
			if n <= MaxMsgSeqs {
				return t
			}
			t = end
		}
		n -= a.n
	}
	return t
}

// begin counts a call that goes now.
func (s *schedule) begin(now time.Time, messages int) {
	s.prune(now)
	s.begun = append(s.begun, now)
	if messages > 0 {
		s.asked = append(s.asked, ask{now, messages})
	}
	if s.limit(now) > 0 {
		s.calls.ReserveN(now, 1)
	}
}

func (s *schedule) prune(now time.Time) {
	for len(s.begun) > 0 && now.Sub(s.begun[0]) >= time.Second {
		s.begun = s.begun[1:]
	}
	for len(s.asked) > 0 && now.Sub(s.asked[0].at) >= messageSpan {
		s.asked = s.asked[1:]
	}
}

func (s *schedule) wake(after time.Duration) {
	if s.timer != nil {
		s.timer.Reset(after)
		return
	}
	s.timer = time.AfterFunc(after, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.serve()
	})
}

// limit returns the calls a second that are in force; 0 is no limit.
func (s *schedule) limit(now time.Time) float64 {
	if !s.halved.IsZero() && now.Sub(s.halved) < slowTime {
		return s.slowed
	}
	return s.perSecond
}

// slowDown halves the rate after a refused call that began at began. Calls that
// were under way together halve it once.
func (s *schedule) slowDown(began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if began.Before(s.halved) {
		return
	}
	now := time.Now()
	limit := s.limit(now)
	if limit == 0 {
		limit = MaxRate // the service has a limit where we have none
	}
	s.slowed, s.halved = max(limit/2, min(limit, 1)), now
}

// Traffic is what the client does at the moment.
type Traffic struct {
	Calls       int           // attempts begun in the last second
	Limit       float64       // attempts a second that are in force, fewer for 30 s after the service refused one; 0 is no limit
	ClockOffset time.Duration // what is added to the machine's clock; 0 if it is right
}

// Clock says "clock 25 min slow" where the machine's clock had to be put right
// for an answer, else "".
func (t Traffic) Clock() string {
	if t.ClockOffset == 0 {
		return ""
	}
	return slowOrFast(t.ClockOffset)
}

// Traffic returns the client's traffic. It is cheap enough for every frame.
func (c *Client) Traffic() Traffic {
	s := &c.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.prune(now)
	return Traffic{Calls: len(s.begun), Limit: s.limit(now), ClockOffset: c.clock.added()}
}
