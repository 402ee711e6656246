package cli

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// patience is how long the process has to end by itself after a signal. Less
// would cut off the last frame; more is not expected of a program that was told
// to end.
const patience = 1500 * time.Millisecond

// stopped is the cause of a context that a signal ended.
type stopped struct{ by os.Signal }

func (s *stopped) Error() string { return "stopped by " + s.by.String() }

// code is the exit code that shells know for the signal.
func (s *stopped) code() int {
	number, _ := s.by.(syscall.Signal) // all that Main watches for are
	return 128 + int(number)
}

func wasStopped(ctx context.Context) (*stopped, bool) {
	return errors.AsType[*stopped](context.Cause(ctx))
}

// watch returns a context that the first signal ends. If stop is not called
// within patience of that, or before a second signal, it calls giveUp with the
// exit code.
func (p Process) watch(parent context.Context, signals <-chan os.Signal, giveUp func(code int)) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	over := make(chan struct{})
	go func() {
		defer p.terminal.restoreOnPanic()
		var s *stopped
		select {
		case by := <-signals:
			s = &stopped{by}
			cancel(s)
		case <-over:
			return
		}
		select {
		case <-signals:
		case <-time.After(patience):
		case <-over:
			return
		}
		giveUp(s.code())
	}()
	return ctx, func() {
		close(over)
		cancel(nil)
	}
}

// await runs f, which may wait for ever, until it is done or ctx is.
func await[T any](ctx context.Context, t *terminal, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer t.restoreOnPanic()
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		t.restore() // f may have turned the echo off
		var none T
		return none, context.Cause(ctx)
	}
}

// reader reads from standard input, and no longer than ctx lasts.
type reader struct {
	ctx context.Context
	p   Process
}

func (r reader) Read(b []byte) (int, error) {
	// A read that was given up may still write to its buffer.
	own, err := await(r.ctx, r.p.terminal, func() ([]byte, error) {
		own := make([]byte, len(b))
		n, err := r.p.Stdin.Read(own)
		return own[:n], err
	})
	return copy(b, own), err
}
