package ui

import "context"

// request is the one call that a pane has under way at a time. Its number names
// the last one: an answer with another number comes too late and is dropped.
type request struct {
	number int
	cancel context.CancelFunc
}

// begin numbers a new call and returns its context.
func (r *request) begin(ctx context.Context) (context.Context, int) {
	r.stop()
	ctx, r.cancel = context.WithCancel(ctx)
	return ctx, r.number
}

// stop cancels the call under way and makes its answer a late one.
func (r *request) stop() {
	if r.cancel != nil {
		r.cancel()
	}
	r.number++
}
