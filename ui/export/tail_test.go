package export

import (
	"errors"
	"testing"
	"time"
)

// TestGone: where nothing that was had is in the list any more, nothing is taken for
// what follows.
func TestGone(t *testing.T) {
	t.Parallel()
	a := &archive{now: time.UnixMilli(1777636800000), size: 2, fails: 3, forgets: refuses}
	for seq := 8; seq > 0; seq-- {
		a.rows = append(a.rows, row(seq, "unnumbered"))
	}
	dir := t.TempDir()
	if _, err := a.job(dir).Run(t.Context()); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	a.process++
	a.rows = a.rows[4:] // those that were had are gone, and nothing numbers the others
	j := a.job(dir)
	j.Resume = true
	_, err := j.Run(t.Context())
	if stopped, ok := errors.AsType[*StoppedError](err); !ok || !errors.Is(err, ErrGone) || !stopped.Kept {
		t.Errorf("%v, want ErrGone", err)
	}
	j.Resume = false
	if _, err := j.Run(t.Context()); !errors.Is(err, ErrPartial) {
		t.Errorf("%v, want ErrPartial", err)
	}
	j.Force = true
	if m, err := j.Run(t.Context()); err != nil || m.Messages != 4 || m.Resumed != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}
