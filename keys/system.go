package keys

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	keyring "github.com/zalando/go-keyring"
)

const (
	// attendedLimit leaves time to type the password of the keyring.
	attendedLimit = 60 * time.Second
	// headlessLimit is for a session where nobody can be asked.
	headlessLimit = 3 * time.Second
	// waitingAfter is when the caller is told that an answer is awaited.
	waitingAfter = 500 * time.Millisecond
)

// System is the keyring of the operating system: the Secret Service on Linux
// and the BSDs, the keychain on macOS, the credential manager on Windows.
//
// A call takes 3 s at most, or 60 s where there is somebody to ask: on macOS,
// on Windows, and with DISPLAY or WAYLAND_DISPLAY set. A call that was given
// up, for time or for its context, cannot be stopped: it may still write, and
// it holds up the calls after it. Once one has timed out, every later call of
// the process fails at once.
type System struct {
	library library
	line    *line
	waiting func(limit time.Duration)
	getenv  func(string) string
	bus     func(getenv func(string) string) error
}

// NewSystem returns the keyring of the operating system. waiting, which may be
// nil, is called at most once in a call: when it has taken half a second and
// somebody may have been asked to unlock the keyring. It gets the time after
// which the call fails, and runs on the goroutine of the caller.
func NewSystem(waiting func(limit time.Duration)) *System {
	return &System{
		library: goKeyring{},
		line:    processLine,
		waiting: waiting,
		getenv:  os.Getenv,
		bus:     findBus,
	}
}

// library is the part of go-keyring that is used.
type library interface {
	Get(service, account string) (string, error)
	Set(service, account, value string) error
	Delete(service, account string) error
}

type goKeyring struct{}

func (goKeyring) Get(service, account string) (string, error) { return keyring.Get(service, account) }
func (goKeyring) Set(service, account, value string) error {
	return keyring.Set(service, account, value)
}
func (goKeyring) Delete(service, account string) error { return keyring.Delete(service, account) }

// A line lets one call at a time into the library, and none once dead.
type line struct {
	slot chan struct{}
	dead atomic.Bool
}

func newLine() *line { return &line{slot: make(chan struct{}, 1)} }

// processLine is one for the process because the library's connection is: a
// call that hangs in it takes all others with it.
var processLine = newLine()

// Get returns the text stored for service and account.
func (k *System) Get(ctx context.Context, service, account string) (string, error) {
	return k.call(ctx, tryGet, account, func() (string, error) {
		return k.library.Get(service, account)
	})
}

// Set stores value for service and account, in the place of what was there.
// The keyring may report success for a prompt that was dismissed: read back.
func (k *System) Set(ctx context.Context, service, account, value string) error {
	_, err := k.call(ctx, trySet, account, func() (string, error) {
		return "", k.library.Set(service, account, value)
	})
	return err
}

// Delete removes what is stored for service and account.
func (k *System) Delete(ctx context.Context, service, account string) error {
	_, err := k.call(ctx, tryDelete, account, func() (string, error) {
		return "", k.library.Delete(service, account)
	})
	return err
}

type answer struct {
	value string
	err   error
	state State
}

func (k *System) call(ctx context.Context, try, account string, do func() (string, error)) (string, error) {
	limit, attended := callLimit(k.getenv)
	timedOut := keyringError(try, account, TimedOut, nil)
	timedOut.Limit = limit
	if k.line.dead.Load() {
		return "", timedOut
	}
	if err := ctx.Err(); err != nil {
		return "", stopped(ctx, timedOut.Tried)
	}
	if err := k.bus(k.getenv); err != nil {
		return "", keyringError(try, account, NoBus, err)
	}

	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	var remind <-chan time.Time
	if attended && k.waiting != nil {
		remind = time.After(waitingAfter)
	}
	slot := k.line.slot
	var answers <-chan answer
	for {
		select {
		case slot <- struct{}{}:
			slot, answers = nil, k.line.start(do)
		case a := <-answers:
			if a.err != nil {
				return "", keyringError(try, account, a.state, cause(a.err))
			}
			return a.value, nil
		case <-remind:
			k.waiting(limit)
		case <-deadline.C:
			k.line.dead.Store(true)
			return "", timedOut
		case <-ctx.Done():
			return "", stopped(ctx, timedOut.Tried)
		}
	}
}

// start runs do, which may never return, and leaves the line after it.
func (l *line) start(do func() (string, error)) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			// The library asserts types on what the bus sends.
			if p := recover(); p != nil {
				a = answer{err: fmt.Errorf("the keyring library panicked: %v", p)}
			}
			<-l.slot
			answers <- a
		}()
		if a.value, a.err = do(); a.err != nil {
			a.state = stateOf(a.err) // which may ask the keyring
		}
	}()
	return answers
}

func stopped(ctx context.Context, tried string) error {
	return fmt.Errorf("%s: %w", tried, context.Cause(ctx))
}

// callLimit is how long a call may take, and whether somebody may be asked
// something in that time.
func callLimit(getenv func(string) string) (limit time.Duration, attended bool) {
	if alwaysAttended || getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "" {
		return attendedLimit, true
	}
	return headlessLimit, false
}

// stateOf finds the state behind an error of the library.
func stateOf(err error) State {
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return NotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return TooLarge
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return Unsupported
	}
	return stateOfSystem(err)
}

// cause drops an error that says nothing beyond its state.
func cause(err error) error {
	if errors.Is(err, keyring.ErrNotFound) || errors.Is(err, keyring.ErrSetDataTooBig) {
		return nil
	}
	return err
}
