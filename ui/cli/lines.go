package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"syscall"
)

// pipeUnit is how many bytes a pipe takes whole or not at all: PIPE_BUF of
// Linux, the largest there is.
const pipeUnit = 4096

// lines writes whole lines. It hands them on in pieces that a pipe takes whole,
// so that a process that is stopped while its reader sleeps leaves no half line.
type lines struct {
	w    io.Writer
	held []byte
}

// add takes a line, without its newline.
func (l *lines) add(line []byte) error {
	if len(l.held)+len(line)+1 > pipeUnit {
		if err := l.flush(); err != nil {
			return err
		}
	}
	l.held = append(append(l.held, line...), '\n')
	return nil
}

// flush hands on what is held. What failed is not tried again.
func (l *lines) flush() error {
	if len(l.held) == 0 {
		return nil
	}
	_, err := l.w.Write(l.held)
	l.held = l.held[:0]
	if err == nil || isReaderGone(err) {
		return err
	}
	return &failure{fmt.Sprintf("write the output: %v", withoutPath(err)), "what was written is not all of it: make room, and run it again"}
}

// isReaderGone reports whether err is a write to a pipe that nobody reads any
// more. A connection that broke is none: package net has errors of its own.
func isReaderGone(err error) bool {
	write, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return false
	}
	errno, ok := errors.AsType[syscall.Errno](write)
	if runtime.GOOS == "windows" {
		return ok && (errno == 109 || errno == 232) // ERROR_BROKEN_PIPE, ERROR_NO_DATA
	}
	return ok && errno == syscall.EPIPE
}
