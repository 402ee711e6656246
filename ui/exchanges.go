package ui

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"backscroll/zim"
)

// Exchanges remembers the calls of a session, so that a message can be shown with
// the exchange that brought it. Its Note is for zim.WithObserver; any goroutine may
// call it.
type Exchanges struct {
	mu   sync.Mutex
	list []call // the latest last
	gone int    // that came before, and are not remembered
}

// call is one attempt of a call, without the answer; its headers are apart.
type call struct {
	zim.Exchange
	bytes     int    // of the answer
	sent, got string // the headers, packed
}

// maxExchanges is how many calls are remembered: those of a million messages.
const maxExchanges = 10_000

// Note remembers an exchange. Of an answer, the messages are in the history
// already: its bytes are not kept a second time.
func (x *Exchanges) Note(e zim.Exchange) {
	c := call{e, len(e.Answer), packed(e.RequestHeader), packed(e.Header)}
	c.Answer, c.RequestHeader, c.Header = nil, nil, nil
	x.mu.Lock()
	defer x.mu.Unlock()
	if n := len(x.list); n > 0 && x.list[n-1].sent == c.sent { // most are
		c.sent = x.list[n-1].sent
	}
	if len(x.list) >= maxExchanges {
		x.list = slices.Delete(x.list, 0, maxExchanges/10)
		x.gone += maxExchanges / 10
	}
	x.list = append(x.list, c)
}

// packed writes a header down: as a map it takes many times as much, and most
// calls are never looked at.
func packed(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b)                  // a strings.Builder takes everything
	return strings.Clone(b.String()) // which has no room left over
}

// unpacked reads what packed wrote.
func unpacked(s string) http.Header {
	h, _ := textproto.NewReader(bufio.NewReader(strings.NewReader(s + "\r\n"))).ReadMIMEHeader() // as far as it can be read
	return http.Header(h)
}

// by returns the exchange whose answer had a RequestId.
func (x *Exchanges) by(requestID string) (call, bool) {
	if x == nil || requestID == "" {
		return call{}, false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := len(x.list) - 1; i >= 0; i-- {
		if x.list[i].RequestId == requestID {
			return x.list[i], true
		}
	}
	return call{}, false
}

// span returns which calls are remembered: those from the first number on, up to
// but not the second one. A call keeps its number, which begins at 0.
func (x *Exchanges) span() (from, to int) {
	if x == nil {
		return 0, 0
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.gone, x.gone + len(x.list)
}

// at returns the call of a number.
func (x *Exchanges) at(number int) (call, bool) {
	if x == nil {
		return call{}, false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if number < x.gone || number >= x.gone+len(x.list) {
		return call{}, false
	}
	return x.list[number-x.gone], true
}

// failed reports whether the call brought no answer that could be used.
func (c call) failed() bool { return c.Err != nil || c.Code != 0 }

// outcome is the service's code, or how far the call came without one.
func (c call) outcome() string {
	switch {
	case c.RequestId != "" || c.Code != 0 || c.Err == nil:
		return fmt.Sprint(int64(c.Code))
	case c.Status != 0 && c.Status != http.StatusOK:
		return fmt.Sprintf("HTTP %d", c.Status)
	}
	return "failed"
}

// callRecord is a call as it is written down for a ticket: all that is needed to
// find it again, and nothing of what the messages say.
type callRecord struct {
	Time           string
	Action         string
	Attempt        int
	Method         string
	URL            string
	RequestHeader  http.Header
	Request        json.RawMessage
	DurationMs     int64
	Status         int
	Proto          string
	ResponseHeader http.Header
	Code           int64
	RequestId      string
	ResponseBytes  int
	Error          string `json:",omitempty"`
}

// record is the call as it is written down.
func (c call) record(zone *time.Location) callRecord {
	r := callRecord{
		Time: c.Start.In(zone).Format(time.RFC3339Nano), Action: c.Action, Attempt: c.Attempt,
		Method: c.Method, URL: c.URL, RequestHeader: unpacked(c.sent), Request: c.Request,
		DurationMs: c.Duration.Milliseconds(), Status: c.Status, Proto: c.Proto, ResponseHeader: unpacked(c.got),
		Code: int64(c.Code), RequestId: c.RequestId, ResponseBytes: c.bytes,
	}
	if c.Err != nil {
		r.Error = c.Err.Error()
	}
	return r
}

// writtenCalls returns calls as one JSON text. It is ASCII, so that nothing in it
// acts on the terminal on which it is printed.
func writtenCalls(calls []call, zone *time.Location) ([]byte, error) {
	records := make([]callRecord, len(calls))
	for i, c := range calls {
		records[i] = c.record(zone)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(records); err != nil {
		return nil, err
	}
	return ascii(b.String()), nil
}

// ascii returns JSON with all else than ASCII escaped: it means the same.
func ascii(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf-1: // but DEL
			out = append(out, byte(r))
		case r <= 0xFFFF:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
	}
	return out
}
