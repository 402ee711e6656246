package keys

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	keyring "github.com/zalando/go-keyring"
)

// fakeLibrary answers every call with do.
type fakeLibrary struct{ do func() (string, error) }

func (f fakeLibrary) Get(_, _ string) (string, error) { return f.do() }
func (f fakeLibrary) Set(_, _, _ string) error        { _, err := f.do(); return err }
func (f fakeLibrary) Delete(_, _ string) error        { _, err := f.do(); return err }

// newTestSystem has a bus, and calls do in the place of a process.
func newTestSystem(display bool, do func() (string, error)) *System {
	return &System{
		ask: func(ctx context.Context, r request, _ func(stage)) (answer, error) {
			answers := make(chan answer, 1)
			go func() { answers <- ask(fakeLibrary{do}, r) }()
			select {
			case a := <-answers:
				return a, nil
			case <-ctx.Done():
				return answer{}, errNoAnswer
			}
		},
		bus: func(func(string) string) error { return nil },
		getenv: func(name string) string {
			if display && name == "WAYLAND_DISPLAY" {
				return "wayland-0"
			}
			return ""
		},
	}
}

func wantState(t *testing.T, err error, want State) {
	t.Helper()
	failed, ok := errors.AsType[*KeyringError](err)
	if !ok || failed.State != want {
		t.Errorf("error = %v (%T), want the state %q", err, err, want)
		return
	}
	if failed.Hint() == "" || strings.Contains(failed.Hint()+failed.Error(), "%") {
		t.Errorf("%v: hint: %s", failed, failed.Hint())
	}
	wantNoSecret(t, failed.Error()+failed.Hint())
}

func TestSystemStates(t *testing.T) {
	other := errors.New("something else")
	for _, c := range []struct {
		err  error
		want State
	}{
		{keyring.ErrNotFound, NotFound},
		{keyring.ErrSetDataTooBig, TooLarge},
		{keyring.ErrUnsupportedPlatform, Unsupported},
		{other, Failed},
	} {
		k := newTestSystem(false, func() (string, error) { return "", c.err })
		ctx := t.Context()
		_, err := k.Get(ctx, Service, "shop")
		wantState(t, err, c.want)
		wantState(t, k.Set(ctx, Service, "shop", canary), c.want)
		wantState(t, k.Delete(ctx, Service, listAccount), c.want)
		if c.err == other && !strings.HasSuffix(err.Error(), ": something else") {
			t.Errorf("error = %v, the cause is lost", err)
		}
	}
}

func TestSystemAnswers(t *testing.T) {
	k := newTestSystem(false, func() (string, error) { return "text", nil })
	for range 3 {
		if got, err := k.Get(t.Context(), Service, "shop"); got != "text" || err != nil {
			t.Errorf("Get = %q, %v", got, err)
		}
	}
}

func TestSystemWithoutBus(t *testing.T) {
	called := false
	k := newTestSystem(true, func() (string, error) { called = true; return "", nil })
	k.bus = func(func(string) string) error { return errors.New("nowhere") }
	_, err := k.Get(t.Context(), Service, "shop")
	wantState(t, err, NoBus)
	if called {
		t.Error("the library was called")
	}
}

func TestSystemPanic(t *testing.T) {
	k := newTestSystem(false, func() (string, error) { var body []any; return body[0].(string), nil })
	for range 2 {
		_, err := k.Get(t.Context(), Service, "shop")
		wantState(t, err, Failed)
	}
}

func TestSystemTimeout(t *testing.T) {
	for name, c := range map[string]struct {
		display bool
		limit   time.Duration
		waits   int
	}{
		"no display": {false, 3 * time.Second, 0},
		"display":    {true, 60 * time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if alwaysAttended && !c.display {
				t.Skip("this system can always ask")
			}
			synctest.Test(t, func(t *testing.T) {
				var calls atomic.Int32
				late, waits := make(chan struct{}), 0
				defer close(late)
				k := newTestSystem(c.display, func() (string, error) {
					if calls.Add(1) == 1 {
						<-late
						return "late", nil
					}
					return "now", nil
				})
				start := time.Now()
				k.waiting = func(limit time.Duration) {
					waits++
					if after := time.Since(start); limit != c.limit || after != 500*time.Millisecond {
						t.Errorf("waiting(%v) after %v", limit, after)
					}
				}
				_, err := k.Get(t.Context(), Service, "shop")
				wantState(t, err, TimedOut)
				if took := time.Since(start); took != c.limit || waits != c.waits {
					t.Errorf("failed after %v, %d waits; want %v, %d", took, waits, c.limit, c.waits)
				}

				// What hangs, hangs by itself: the next call is asked anew.
				if got, err := k.Get(t.Context(), Service, "shop"); got != "now" || err != nil || calls.Load() != 2 {
					t.Errorf("then: %q, %v after %d calls", got, err, calls.Load())
				}
			})
		})
	}
}

func TestSystemSlowAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits := 0
		k := newTestSystem(true, func() (string, error) { time.Sleep(59 * time.Second); return "text", nil })
		k.waiting = func(time.Duration) { waits++ }
		if got, err := k.Get(t.Context(), Service, "shop"); got != "text" || err != nil || waits != 1 {
			t.Errorf("Get = %q, %v with %d waits", got, err, waits)
		}
	})
}

func TestSystemCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		var calls atomic.Int32
		k := newTestSystem(true, func() (string, error) {
			if calls.Add(1) == 1 {
				<-hang
			}
			return "text", nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := k.Get(ctx, Service, "shop"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("error = %v after %v", err, time.Since(start))
		}
		if _, err := k.Get(ctx, Service, "shop"); !errors.Is(err, context.DeadlineExceeded) || calls.Load() != 1 {
			t.Errorf("error = %v after %d calls", err, calls.Load())
		}
		if _, err := k.Get(t.Context(), Service, "shop"); err != nil || calls.Load() != 2 {
			t.Errorf("after one that was given up: %v, %d calls", err, calls.Load())
		}
		close(hang)
	})
}

func TestStatesHaveSentences(t *testing.T) {
	seen := map[string]State{}
	for state := Failed; state <= Damaged; state++ {
		err := keyringError(tryGet, "shop", state, nil)
		wantState(t, err, state)
		for _, text := range []string{state.String(), err.Error(), err.Hint()} {
			if text == "" || text != strings.TrimSpace(text) {
				t.Errorf("state %d has the text %q", state, text)
			}
			if other, ok := seen[text]; ok {
				t.Errorf("%v and %v share %q", other, state, text)
			}
			seen[text] = state
		}
	}
	unknown := &KeyringError{Tried: "x", State: Damaged + 1, Err: os.ErrClosed}
	if unknown.Hint() == "" || !errors.Is(unknown, os.ErrClosed) || unknown.State.String() == "" {
		t.Errorf("unknown state: %v", unknown)
	}
	if len(sentences) != int(Damaged)+1 {
		t.Errorf("%d sentences for %d states", len(sentences), Damaged+1)
	}
}
