package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"testing"
)

// pieces remembers each write, and fails from the one on that is told.
type pieces struct {
	all  []string
	fail int // 0 never
}

func (p *pieces) Write(b []byte) (int, error) {
	if p.fail > 0 && len(p.all)+1 >= p.fail {
		return 0, &fs.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
	}
	p.all = append(p.all, string(b))
	return len(b), nil
}

func TestLinesAreWhole(t *testing.T) {
	t.Parallel()
	var p pieces
	l := lines{w: &p}
	var want strings.Builder
	for i := range 500 {
		line := bytes.Repeat([]byte{'a' + byte(i%26)}, i*37%9000)
		fmt.Fprintf(&want, "%s\n", line)
		if err := l.add(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.flush(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.all, ""); got != want.String() {
		t.Error("the lines are others")
	}
	for i, piece := range p.all {
		if !strings.HasSuffix(piece, "\n") || len(piece) > pipeUnit && strings.Count(piece, "\n") > 1 {
			t.Errorf("piece %d has %d bytes of %d lines", i, len(piece), strings.Count(piece, "\n"))
		}
	}
	p = pieces{}
	for range 500 {
		if err := l.add(make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.all); n != 12 { // of 40 lines; the rest is held
		t.Errorf("%d writes for 500 short lines", n)
	}
}

func TestReaderGone(t *testing.T) {
	t.Parallel()
	l := lines{w: &pieces{fail: 1}}
	l.add([]byte("x"))
	err := l.flush()
	if !isReaderGone(err) || !isReaderGone(fmt.Errorf("write: %w", err)) {
		t.Errorf("%v is not known", err)
	}
	for _, other := range []error{
		nil,
		errors.New("broken pipe"),
		&net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE},
		&fs.PathError{Op: "write", Path: "|1", Err: syscall.ENOSPC},
	} {
		if isReaderGone(other) {
			t.Errorf("%v is taken for it", other)
		}
	}
	var stderr strings.Builder
	if code := report(&stderr, err); code != 0 || stderr.Len() > 0 {
		t.Errorf("exit code %d, %q", code, &stderr)
	}
}
