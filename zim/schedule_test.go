package zim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// queued starts calls one after the other, each once the one before waits, and
// returns in which order they were sent.
func queued(t *testing.T, c *Client, sent *[]string, calls ...func(context.Context) (context.Context, string)) []string {
	t.Helper()
	var done sync.WaitGroup
	for _, call := range calls {
		ctx, id := call(t.Context())
		done.Go(func() {
			if _, err := c.QueryGroupMsg(ctx, QueryGroupMsgRequest{GroupId: id}); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
	}
	done.Wait()
	return *sent
}

// groups is a transport that notes the group of each request.
func groups(sent *[]string) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		var b strings.Builder
		if err := r.Write(&b); err != nil {
			return nil, err
		}
		_, id, _ := strings.Cut(b.String(), `"GroupId":"`)
		id, _, _ = strings.Cut(id, `"`)
		*sent = append(*sent, id)
		return answering(200, `{"Code":0}`)(r)
	}
}

func at(p Priority, id string) func(context.Context) (context.Context, string) {
	return func(ctx context.Context) (context.Context, string) { return WithPriority(ctx, p), id }
}

func TestPriorities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent []string
		c := clientOf(t, WithRate(1), WithTransport(groups(&sent)))
		got := queued(t, c, &sent, at(Background, "first"), at(Background, "job 1"), at(Background, "job 2"), at(Prefetch, "ahead 1"),
			func(ctx context.Context) (context.Context, string) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(time.Second, cancel)
				return ctx, "left"
			},
			at(Foreground, "seen 1"), at(Prefetch, "ahead 2"), at(Foreground, "seen 2"))
		want := []string{"first", "seen 1", "seen 2", "ahead 1", "ahead 2", "job 1", "job 2"}
		if !slices.Equal(got, want) {
			t.Errorf("sent %v, want %v", got, want)
		}
	})
}

// TestSlowsDown shows the rate after refused calls, and that it comes back.
func TestSlowsDown(t *testing.T) {
	for code, slow := range map[Code]bool{
		TooManyCalls: true, RateLimited: true, GroupRateLimited: true, MemberListRateLimited: true,
		ServiceBusy: false, BadParameter: false,
	} {
		t.Run(code.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { slowsDown(t, code, slow) })
		})
	}
}

func slowsDown(t *testing.T, code Code, slow bool) {
	refusals := 1
	c := clientOf(t, WithRate(8), WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		if refusals > 0 {
			refusals--
			return answering(200, fmt.Sprintf(`{"Code":%d}`, code))(r)
		}
		return answering(200, `{"Code":0}`)(r)
	})))
	ask := func() { c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"}) }
	limit := func(want float64) {
		t.Helper()
		if !slow {
			want = 8
		}
		if got := c.Traffic().Limit; got != want {
			t.Errorf("%d: %v calls a second, want %v", code, got, want)
		}
	}
	limit(8)
	ask()
	limit(4)
	refusals = 3 // one more after the first answer: halved again, and the time begins anew
	time.Sleep(20 * time.Second)
	ask()
	limit(1)
	time.Sleep(26 * time.Second)
	limit(1)
	time.Sleep(4 * time.Second)
	limit(8)
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestHalvedOnce lets calls that are under way together be refused together.
func TestHalvedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusing := roundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(500 * time.Millisecond)
			return answering(200, `{"Code":660300005}`)(r)
		})
		c := clientOf(t, WithRate(0), WithTransport(refusing))
		ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
		defer cancel()
		var done sync.WaitGroup
		for range 5 {
			done.Go(func() { c.QueryGroupMsg(ctx, QueryGroupMsgRequest{GroupId: "g"}) })
		}
		done.Wait()
		if got := c.Traffic(); got.Limit != MaxRate/2 || got.Calls != 5 {
			t.Errorf("traffic %+v, want 5 calls and half of the service's rate", got)
		}
	})
}

// TestMessagesASecond asks for messages by number as fast as it can.
func TestMessagesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type sent struct {
			at time.Time
			n  int
		}
		var all []sent
		pages := 0
		c := clientOf(t, WithRate(20), WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("Action") == "QueryGroupMsg" {
				pages++
			} else {
				all = append(all, sent{time.Now(), int(r.ContentLength)})
			}
			return answering(200, `{"Code":0}`)(r)
		})))
		var done sync.WaitGroup
		sizes := []int{20, 1, 7, 7, 7, 13, 20, 2, 19, 1}
		for _, n := range sizes {
			done.Go(func() {
				list := slices.Repeat([]int64{7}, n) // "7," for each: the body's length tells them
				if _, err := c.QueryMessagesByMsgSeq(t.Context(), QueryMessagesByMsgSeqRequest{MsgSeqList: list}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		start := time.Now()
		if _, err := c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{}); err != nil || time.Since(start) > time.Second/4 {
			t.Errorf("a page waited %v behind look-ups (%v)", time.Since(start), err)
		}
		done.Wait()
		if len(all) != len(sizes) || pages != 1 {
			t.Fatalf("%d look-ups, %d pages", len(all), pages)
		}
		empty := len(mustJSON(t, QueryMessagesByMsgSeqRequest{MsgSeqList: []int64{}}))
		for i, first := range all {
			sum := 0
			for _, s := range all[i:] {
				if s.at.Sub(first.at) < time.Second {
					sum += (s.n - empty + 1) / 2
				}
			}
			if sum > MaxMsgSeqs {
				t.Errorf("%d messages in the second from call %d on", sum, i)
			}
		}
		if took := all[len(all)-1].at.Sub(all[0].at); took > 8*time.Second {
			t.Errorf("97 messages took %v", took)
		}
	})
}

func TestTrafficCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(t, WithRate(5), WithTransport(answering(200, `{"Code":0}`)))
		if got := c.Traffic(); got != (Traffic{Limit: 5}) {
			t.Errorf("traffic %+v", got)
		}
		for range 20 {
			c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"})
			if got := c.Traffic(); got.Calls < 1 || got.Calls > 5 {
				t.Errorf("traffic %+v", got)
			}
		}
		time.Sleep(time.Second)
		if got := c.Traffic().Calls; got != 0 {
			t.Errorf("%d calls after a second of silence", got)
		}
	})
}

// TestOutageIsNotAmplified makes calls while the service is down, and after.
func TestOutageIsNotAmplified(t *testing.T) {
	attempts, down := 0, true
	c := clientOf(t, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		if attempts++; down {
			return answering(500, "down")(r)
		}
		return answering(200, `{"Code":0}`)(r)
	})))
	calls := func(n int) int {
		attempts = 0
		for range n {
			c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"})
		}
		return attempts
	}
	if n := calls(100); n != 110 {
		t.Errorf("100 calls in an outage made %d attempts, want 10 retries", n)
	}
	down = false
	if n := calls(100); n != 100 {
		t.Errorf("100 calls after it made %d attempts", n)
	}
	down = true
	if n := calls(5); n != 15 {
		t.Errorf("5 calls in the next outage made %d attempts, want 3 for each", n)
	}
}

// TestGivenUpCallsCostNothing gives calls up in each kind of wait, and then has
// retries in plenty.
func TestGivenUpCallsCostNothing(t *testing.T) {
	for name, giveUp := range map[string]func(w Wait, cancel func()){
		"in the pause": func(w Wait, cancel func()) {
			if w.Action != "" {
				cancel()
			}
		},
		"before the next turn": func(w Wait, cancel func()) {
			if w.Action == "" {
				cancel()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, WithTransport(answering(500, "down")))
			for range 30 {
				ctx, cancel := context.WithCancel(t.Context())
				ctx = WithWaits(ctx, func(w Wait) { giveUp(w, cancel) })
				if _, err := c.QueryGroupMsg(ctx, QueryGroupMsgRequest{GroupId: "g"}); !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			}
			if c.budget.tokens != maxTokens {
				t.Errorf("%d tokens are left of %d", c.budget.tokens, maxTokens)
			}
		})
	}
}

// TestGivenUpDuringAnAttempt cancels the second attempt itself.
func TestGivenUpDuringAnAttempt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	attempts := 0
	c := clientOf(t, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		if attempts++; attempts == 2 {
			cancel()
			return nil, r.Context().Err()
		}
		return answering(500, "down")(r)
	})))
	if _, err := c.QueryGroupMsg(ctx, QueryGroupMsgRequest{GroupId: "g"}); !errors.Is(err, context.Canceled) || c.budget.tokens != maxTokens {
		t.Errorf("%v, %d tokens", err, c.budget.tokens)
	}
}

// TestFlakyServiceIsWalkedThrough has every second attempt fail for ever: the
// retries succeed, so the budget lasts.
func TestFlakyServiceIsWalkedThrough(t *testing.T) {
	attempts := 0
	c := clientOf(t, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		if attempts++; attempts%2 == 1 {
			return answering(500, "flaky")(r)
		}
		return answering(200, `{"Code":0}`)(r)
	})))
	for i := range 200 {
		if _, err := c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"}); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
}

func TestBackoff(t *testing.T) {
	all := func(d time.Duration) time.Duration { return d }
	for name, tt := range map[string]struct {
		r    rule
		n    int
		most time.Duration
		none time.Duration
	}{
		"first":        {rule{}, 1, 500 * time.Millisecond, 0},
		"second":       {rule{}, 2, time.Second, 0},
		"fifth":        {rule{}, 5, 8 * time.Second, 0},
		"ninth":        {rule{}, 9, 8 * time.Second, 0},
		"too many":     {rule{least: time.Second}, 1, 1500 * time.Millisecond, time.Second},
		"Retry-After":  {rule{after: 7 * time.Second}, 3, 7 * time.Second, 7 * time.Second},
		"both of them": {rule{after: 7 * time.Second, least: time.Second}, 1, 7 * time.Second, 7 * time.Second},
	} {
		most := tt.r.delay(tt.n, all)
		none := tt.r.delay(tt.n, func(time.Duration) time.Duration { return 0 })
		if most != tt.most || none != tt.none {
			t.Errorf("%s: %v to %v, want %v to %v", name, none, most, tt.none, tt.most)
		}
	}
	c, err := NewClient(1, secretOf(t, testSecret))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[bool]int{}
	for range 1000 {
		d := c.jitter(time.Second)
		if d < 0 || d > time.Second {
			t.Fatalf("jitter of %v", d)
		}
		seen[d < time.Second/2]++
	}
	if min(seen[true], seen[false]) < 300 {
		t.Errorf("the jitter is not even: %v", seen)
	}
}
