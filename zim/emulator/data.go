package emulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"backscroll/zim"
)

// The names that WithData gives to what its messages do not name.
const (
	DataGroup = "data" // the group, where there are more than two senders
	DataPeer  = "peer" // who never wrote, where there is one sender
	DataUser  = "user" // who never wrote either, where there is none
)

const (
	maxLine = 4 << 20             // bytes of a line
	maxRows = 1<<positionBits - 1 // of a list
)

// WithData serves a chat of the messages in r: JSON Lines, each an object as
// the service sends it, newest first as `messages --raw` writes them, or oldest
// first if the MsgSeq of the lines grow (their MsgTime where there is none).
// Each is sent byte for byte. Blank lines are skipped.
//
// A message does not say where it was sent, so its chat is told by who wrote:
//
//   - one or two senders and no tips message: the one-on-one chat of the two,
//     on both sides; who did not write is called DataPeer (and DataUser);
//   - else the group DataGroup, whose members are the senders, the first to
//     write its owner.
//
// The chat takes the place of the one that the world may have. An error names
// the line that is no JSON object, or says that r has no message, a line over
// 4 MiB, or 2^20 messages or more.
func WithData(r io.Reader) (Option, error) {
	raw, err := readLines(r, maxRows)
	if err != nil {
		return nil, fmt.Errorf("emulator: read messages: %w", err)
	}
	rows := verbatim(raw)
	if !oldestFirst(rows) {
		slices.Reverse(raw)
		slices.Reverse(rows)
	}
	var senders []string
	tips := false
	for _, m := range rows {
		tips = tips || m.kind == zim.TypeTips
		if validID(m.sender) && !slices.Contains(senders, m.sender) {
			senders = append(senders, m.sender)
		}
	}
	if tips || len(senders) > 2 {
		return WithGroupHistory(DataGroup, senders, raw...), nil
	}
	for _, name := range []string{DataPeer, DataUser} {
		if len(senders) < 2 && !slices.Contains(senders, name) {
			senders = append(senders, name)
		}
	}
	return func(c *config) {
		WithPeerHistory(senders[0], senders[1], raw...)(c)
		WithPeerHistory(senders[1], senders[0], raw...)(c)
	}, nil
}

// readLines reads the objects of r, which may be that many.
func readLines(r io.Reader, most int) ([]json.RawMessage, error) {
	var raw []json.RawMessage
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n := 1
	for ; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		switch {
		case len(line) == 0:
			continue
		case line[0] != '{' || !json.Valid(line):
			return nil, fmt.Errorf("line %d is no JSON object: give a file that `backscroll messages --raw` wrote", n)
		case len(raw) == most:
			return nil, fmt.Errorf("line %d: a chat has at most %d messages", n, most)
		}
		raw = append(raw, slices.Clone(line))
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d is over %d MiB", n, maxLine>>20)
	case err != nil:
		return nil, err
	case len(raw) == 0:
		return nil, errors.New("there are none")
	}
	return raw, nil
}

// oldestFirst reports whether the rows are in the order of their MsgSeq, or of
// their MsgTime if they have none.
func oldestFirst(rows []message) bool {
	for _, key := range []func(message) int64{
		func(m message) int64 { return m.seq },
		func(m message) int64 { return m.time },
	} {
		var first, last int64
		for _, m := range rows {
			if k := key(m); k > 0 {
				if first == 0 {
					first = k
				}
				last = k
			}
		}
		if first != last {
			return first < last
		}
	}
	return false
}
