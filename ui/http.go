package ui

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// Exchanges remembers the calls of a session, so that a message can be shown with
// the exchange that brought it. Its Note is for zim.WithObserver; any goroutine may
// call it.
type Exchanges struct {
	mu   sync.Mutex
	list []zim.Exchange // the latest last, without their answers
}

// maxExchanges is how many calls are remembered: those of a million messages.
const maxExchanges = 10_000

// Note remembers an exchange. Of an answer, the messages are in the history
// already: its bytes are not kept a second time.
func (x *Exchanges) Note(e zim.Exchange) {
	e.Answer = nil
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.list) >= maxExchanges {
		x.list = slices.Delete(x.list, 0, maxExchanges/10)
	}
	x.list = append(x.list, e)
}

// by returns the exchange whose answer had a RequestId.
func (x *Exchanges) by(requestID string) (zim.Exchange, bool) {
	if x == nil || requestID == "" {
		return zim.Exchange{}, false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := len(x.list) - 1; i >= 0; i-- {
		if x.list[i].RequestId == requestID {
			return x.list[i], true
		}
	}
	return zim.Exchange{}, false
}

// broughtBy returns what is known of how a message came.
func (m *Model) broughtBy(msg zim.Message) (by exchanged) {
	by.origin, by.inPage = m.messages.log.PageOf(msg)
	if by.inPage {
		by.exchange, by.known = m.exchanges.by(by.origin.RequestId)
	}
	return by
}

// http returns the HTTP tab: the request and the answer that brought the message,
// without the messages beside it.
func (i *inspector) http() []part {
	s := &sheet{look: i.look, w: i.w}
	by := i.brought
	if !by.known {
		why := text.Lit("the exchange that brought this message is not known")
		if by.inPage {
			why = text.CleanLine(fmt.Sprintf("the exchange is not remembered any more: the last %d are", maxExchanges))
		}
		s.fact(text.Line{}, why)
		if by.inPage {
			s.origin(by.origin)
		}
		return s.parts
	}
	x := by.exchange
	s.parts = append(s.parts, ready(row{space(barColumn), span{bold, text.Lit("Request")}}))
	s.value("", x.Method+" "+x.URL, "")
	s.header(x.RequestHeader)
	s.parts = append(s.parts, parted(strings.TrimSpace(string(x.Request)), part{indent: barColumn + 1}, false)...)
	s.section(text.Lit("Answer"))
	s.fact(text.Lit("status"), text.CleanLine(fmt.Sprintf("%s %d %s", x.Proto, x.Status, http.StatusText(x.Status))))
	s.fact(text.Lit("took"), text.CleanLine(fmt.Sprintf("%d ms, attempt %d, sent %s", x.Duration.Milliseconds(), x.Attempt, x.Start.In(i.look.zone).Format(time.StampMilli))))
	s.fact(text.Lit("Code"), text.CleanLine(x.Code.String()))
	s.fact(text.Lit("RequestId"), text.CleanLine(x.RequestId))
	if by.inPage {
		s.origin(by.origin)
	}
	s.header(x.Header)
	return s.parts
}

// origin tells where in an answer the message stood.
func (s *sheet) origin(o history.Origin) {
	place := fmt.Sprintf("%d of this chat", o.Page+1)
	if o.Pos >= 0 {
		place += fmt.Sprintf(", message %d of %d", o.Pos+1, o.Of)
	}
	s.fact(text.Lit("page"), text.CleanLine(place))
}

func (s *sheet) header(h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, v := range h[name] {
			s.value(name, v, "")
		}
	}
}
