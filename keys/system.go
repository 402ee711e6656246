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
// on Windows, and with DISPLAY or WAYLAND_DISPLAY set. It runs in a process of
// its own, since a keyring may never answer: this program again, which must
// hand over to [ServeCall] when its only argument is [CallArg]. That process is
// killed after this time, or when the context ends, so each call can be tried
// again; what it had asked for may still be done.
type System struct {
	ask     func(ctx context.Context, r request, reached func(stage)) (answer, error)
	waiting func(limit time.Duration)
	getenv  func(string) string
	bus     func(getenv func(string) string) error
}

// NewSystem returns the keyring of the operating system. waiting, which may be
// nil, is called at most once in a call: when it has taken half a second and
// somebody may have been asked to unlock the keyring. It gets the time after
// which the call fails, and runs on the goroutine of the caller.
func NewSystem(waiting func(limit time.Duration)) *System {
	return &System{ask: askChild, waiting: waiting, getenv: os.Getenv, bus: findBus}
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

// Get returns the text stored for service and account.
func (k *System) Get(ctx context.Context, service, account string) (string, error) {
	return k.call(ctx, tryGet, request{Do: get, Service: service, Account: account})
}

// Set stores value for service and account, in the place of what was there.
// The keyring may report success for a prompt that was dismissed: read back.
func (k *System) Set(ctx context.Context, service, account, value string) error {
	_, err := k.call(ctx, trySet, request{Do: set, Service: service, Account: account, Value: []byte(value)})
	return err
}

// Delete removes what is stored for service and account.
func (k *System) Delete(ctx context.Context, service, account string) error {
	_, err := k.call(ctx, tryDelete, request{Do: del, Service: service, Account: account})
	return err
}

// call asks, and waits until that is over. try is what it is for.
func (k *System) call(ctx context.Context, try string, r request) (string, error) {
	failed := func(state State, cause error) *KeyringError { return keyringError(try, r.Account, state, cause) }
	if ctx.Err() != nil {
		return "", stopped(ctx, failed(Failed, nil).Tried)
	}
	if err := k.bus(k.getenv); err != nil {
		return "", failed(NoBus, err)
	}
	limit, attended := callLimit(k.getenv)
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var remind <-chan time.Time
	if attended && k.waiting != nil {
		remind = time.After(waitingAfter)
	}
	var at atomic.Int32 // the stage
	var a answer
	var err error
	over := make(chan struct{})
	go func() {
		defer close(over)
		a, err = k.ask(within, r, func(s stage) { at.Store(int32(s)) })
	}()
	for waits := true; waits; {
		select {
		case <-remind:
			k.waiting(limit)
		case <-over:
			waits = false
		}
	}
	switch {
	case err == nil && !a.Failed:
		return string(a.Value), nil
	case err == nil && a.Cause == "":
		return "", failed(a.State, nil)
	case err == nil:
		return "", failed(a.State, errors.New(a.Cause))
	case ctx.Err() != nil:
		return "", stopped(ctx, failed(Failed, nil).Tried)
	case within.Err() != nil:
		timedOut := failed(stage(at.Load()).stuck(), nil)
		timedOut.Limit = limit
		return "", timedOut
	}
	return "", failed(Failed, err)
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

// cause is the text of an error, if it says something beyond its state.
func cause(err error) string {
	if errors.Is(err, keyring.ErrNotFound) || errors.Is(err, keyring.ErrSetDataTooBig) {
		return ""
	}
	return err.Error()
}
