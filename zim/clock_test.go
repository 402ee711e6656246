package zim

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// strict is a service whose clock is ahead of the bubble's, and which refuses
// what is ten minutes off.
type strict struct {
	ahead   time.Duration
	header  http.Header // added to each answer
	noDate  bool
	trip    time.Duration
	code    Code // what it refuses with
	refused int
	calls   int
	dropped int // times that idle connections were closed
}

func (s *strict) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls++
	time.Sleep(s.trip)
	now := time.Now().Add(s.ahead)
	unix, err := strconv.ParseInt(r.URL.Query().Get("Timestamp"), 10, 64)
	if err != nil {
		return nil, err
	}
	body := `{"Code":0}`
	if now.Sub(time.Unix(unix, 0)).Abs() > 10*time.Minute {
		s.refused++
		body = `{"Code":` + strconv.FormatInt(int64(s.code), 10) + `,"RequestId":"9"}`
	}
	resp, err := answering(200, body)(r)
	if s.header != nil {
		resp.Header = s.header.Clone()
	}
	if !s.noDate {
		resp.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	return resp, err
}

func (s *strict) CloseIdleConnections() { s.dropped++ }

func TestClock(t *testing.T) {
	tests := map[string]struct {
		service strict
		want    string        // of the error; "" is an answer
		told    string        // of the wait before the call is signed again
		offset  time.Duration // that is kept
		calls   int           // of two calls
	}{
		"right":                    {strict{code: SignatureExpired}, "", "", 0, 2},
		"9 min slow":               {strict{code: SignatureExpired, ahead: 9 * time.Minute}, "", "", 0, 2},
		"25 min slow":              {strict{code: SignatureExpired, ahead: 25 * time.Minute}, "", "clock 25 min slow", 25 * time.Minute, 3},
		"11 min fast":              {strict{code: SignatureExpired, ahead: -11 * time.Minute}, "", "clock 11 min fast", -11 * time.Minute, 3},
		"3 h fast":                 {strict{code: SignatureExpired, ahead: -3 * time.Hour}, "", "clock 3 h fast", -3 * time.Hour, 3},
		"a year slow":              {strict{code: SignatureExpired, ahead: 365 * 24 * time.Hour}, "", "clock 365 days slow", 365 * 24 * time.Hour, 3},
		"slow, as wrong signature": {strict{code: WrongSignature, ahead: time.Hour}, "", "clock 60 min slow", time.Hour, 3},
		"an answer from a cache":   {strict{code: SignatureExpired, ahead: time.Hour, header: http.Header{"Age": {"5"}}}, "100000004 signature expired (request 9)", "", 0, 2},
		"no Date":                  {strict{code: SignatureExpired, ahead: time.Hour, noDate: true}, "100000004 signature expired (request 9)", "", 0, 2},
		"a long trip":              {strict{code: SignatureExpired, ahead: time.Hour, trip: 31 * time.Second}, "100000004 signature expired (request 9)", "", 0, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := tt.service
				c := clientOf(t, WithClock(time.Now), WithTransport(&service))
				var told []string
				ctx := WithWaits(t.Context(), func(w Wait) {
					if w.Cause != nil {
						told = append(told, w.Cause.Error())
					}
				})
				for range 2 {
					_, err := c.QueryGroupMsg(ctx, QueryGroupMsgRequest{GroupId: "g"})
					if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasSuffix(err.Error(), tt.want)) {
						t.Errorf("error %v, want %q", err, tt.want)
					}
				}
				if service.calls != tt.calls {
					t.Errorf("%d attempts, want %d", service.calls, tt.calls)
				}
				if got := c.Traffic().ClockOffset; got != tt.offset {
					t.Errorf("offset %v, want %v", got, tt.offset)
				}
				if got := strings.Join(told, "; "); !strings.Contains(got, tt.told) || (got == "") != (tt.told == "") {
					t.Errorf("told %q, want %q", got, tt.told)
				}
			})
		})
	}
}

// TestWrongSecret has a service that refuses every signature: with a clock that
// is right, and with one that is not.
func TestWrongSecret(t *testing.T) {
	for ahead, want := range map[time.Duration]int{0: 1, time.Hour: 2, -30 * time.Second: 1} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			c := clientOf(t, WithClock(time.Now), WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
				calls++
				resp, err := answering(200, `{"Code":100000005}`)(r)
				resp.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
				return resp, err
			})))
			_, err := c.QueryGroupMsg(t.Context(), QueryGroupMsgRequest{GroupId: "g"})
			failed, ok := errors.AsType[*Error](err)
			if !ok || calls != want || failed.ClockOffset != 0 || failed.Advice() != WrongSignature.Advice() {
				t.Errorf("clock %v off: %d attempts and %v (%+v)", ahead, calls, err, failed)
			}
		})
	}
}

// TestSleepAndResume lets the wall clock jump while the steady one stands.
func TestSleepAndResume(t *testing.T) {
	for name, tt := range map[string]struct {
		jump    time.Duration
		dropped int
	}{
		"none": {0, 0}, "a little": {50 * time.Second, 0}, "a night": {8 * time.Hour, 1}, "set back": {-2 * time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var jumped time.Duration
				service := &strict{code: SignatureExpired, ahead: 25 * time.Minute}
				c := clientOf(t, WithTransport(service), WithClock(func() time.Time { return time.Now().Add(jumped) }))
				ask := func() {
					t.Helper()
					if _, err := c.QueryGroupMsg(context.Background(), QueryGroupMsgRequest{GroupId: "g"}); err != nil {
						t.Error(err)
					}
				}
				ask()
				time.Sleep(time.Hour) // of work, not of sleep
				ask()
				if service.refused != 1 || service.dropped != 0 {
					t.Fatalf("before the sleep: %d refused, connections dropped %d times", service.refused, service.dropped)
				}
				jumped = tt.jump
				ask()
				if service.dropped != tt.dropped {
					t.Errorf("connections dropped %d times, want %d", service.dropped, tt.dropped)
				}
				if off := 25*time.Minute - jumped; tt.dropped == 1 && c.Traffic().ClockOffset != off {
					t.Errorf("offset %v, want %v", c.Traffic().ClockOffset, off)
				}
			})
		})
	}
}
