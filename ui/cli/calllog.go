package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"backscroll/ui/export"
	"backscroll/zim"
)

// callLog is the file of --log-file: a line for each call, which tells that it
// was made and how it ended, and nothing of what was asked or said. It is
// slog's text handler that makes it safe to look at: the one for JSON lets
// control characters of other encodings and of bidi through. A nil callLog is
// none.
type callLog struct {
	logger *slog.Logger

	mu     sync.Mutex // a call that was given up may end while the log is closed
	file   *os.File
	failed error // the first line that could not be written
	closed bool
}

// openLog opens the file to append to, or creates it. In the end it is for its
// owner only: one that was there may have been for all. The error does not repeat the name, like all errors about what was typed.
func openLog(name string) (*callLog, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		err = closeToOthers(file)
	}
	if err != nil {
		return nil, &failure{
			text: fmt.Sprintf("open --log-file: %v", withoutPath(err)),
			hint: "name a file that can be written, in a folder that there is",
		}
	}
	l := &callLog{file: file}
	l.logger = slog.New(slog.NewTextHandler(l, nil))
	return l, nil
}

// closeToOthers takes a file away from all but its owner; a device is nobody's.
// What it fails for is closed.
func closeToOthers(file *os.File) error {
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = file.Chmod(0o600)
	}
	if err != nil {
		file.Close()
	}
	return err
}

// Write hands a line on and remembers the first failure: slog drops it. A line
// that comes after close is dropped.
func (l *callLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return len(line), nil
	}
	n, err := l.file.Write(line)
	if err != nil && l.failed == nil {
		l.failed = err
	}
	return n, err
}

// option has a client write every attempt of its calls into the log.
func (l *callLog) option() zim.Option {
	if l == nil {
		return func(*zim.Client) error { return nil }
	}
	return zim.WithObserver(l.call)
}

// call writes the line of one attempt. The client never calls it twice at once.
func (l *callLog) call(x zim.Exchange) {
	facts := []slog.Attr{
		slog.String("action", x.Action),
		slog.String("host", x.Host),
		slog.Int("status", x.Status),
		slog.Int64("code", int64(x.Code)),
		slog.String("RequestId", x.RequestId),
		slog.Int("attempt", x.Attempt),
		slog.Int64("ms", x.Duration.Milliseconds()),
		slog.Int("bytes", len(x.Answer)),
	}
	level := slog.LevelInfo
	if x.Err != nil {
		level = slog.LevelWarn
		facts = append(facts, slog.String("err", withoutMessage(x.Err)))
	}
	l.logger.LogAttrs(context.Background(), level, "call", facts...)
}

// close closes the file. Its error is the first thing that went wrong.
func (l *callLog) close() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	failed := l.failed
	if err := l.file.Close(); failed == nil {
		failed = err
	}
	if failed == nil {
		return nil
	}
	return &failure{
		text: fmt.Sprintf("write --log-file: %v", withoutPath(failed)),
		hint: "the log is not whole; see that its disk has room",
	}
}

// withoutMessage is what went wrong with an attempt, without the user or group
// that it was about and without the service's own words.
func withoutMessage(err error) string {
	if answer, ok := errors.AsType[*zim.Error](err); ok {
		return answer.Code.String()
	}
	if broken, ok := errors.AsType[*zim.TransportError](err); ok {
		return broken.Cause.Error()
	}
	return err.Error()
}

// withoutPath takes the name of the file out of an error of package os.
func withoutPath(err error) error { return export.WithoutPath(err) }
