package ui

import (
	"context"

	"backscroll/zim"
)

// request is the one call that somebody has under way at a time. Its number
// names the last one: an answer with another number comes too late and is
// dropped.
type request struct {
	of     pane           // whose it is
	waits  chan<- waitMsg // where its pauses are told
	number int
	cancel context.CancelFunc
	wait   zim.Wait // the pause it is in; zero is none
}

// begin numbers a new call and returns its context, which tells its pauses.
func (r *request) begin(ctx context.Context) (context.Context, int) {
	r.stop()
	ctx, r.cancel = context.WithCancel(ctx)
	return reporting(ctx, r.waits, r.of, r.number), r.number
}

// stop cancels the call under way and makes its answer a late one.
func (r *request) stop() {
	if r.cancel != nil {
		r.cancel()
	}
	r.number++
	r.wait = zim.Wait{}
}

// pausing reports whether the call waits for another attempt.
func (r *request) pausing() bool { return r.wait.Attempt > 0 }

// pause notes a pause, if it is this request's, and reports whether it is.
func (r *request) pause(msg waitMsg) bool {
	if msg.pane != r.of || msg.number != r.number {
		return false
	}
	r.wait = msg.wait
	return true
}
