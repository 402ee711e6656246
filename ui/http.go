package ui

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// broughtBy returns what is known of how a message came.
func (m *Model) broughtBy(msg zim.Message) (by exchanged) {
	if m.offline {
		return exchanged{offline: true}
	}
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
		switch {
		case by.offline:
			why = text.Lit("a file does not hold the exchange that brought its messages")
		case by.inPage:
			why = text.CleanLine(fmt.Sprintf("the exchange is not remembered any more: the last %d are", maxExchanges))
		}
		s.fact(text.Line{}, why)
		if by.inPage {
			s.origin(by.origin)
		}
		return s.parts
	}
	var place *history.Origin
	if by.inPage {
		place = &by.origin
	}
	s.exchange(by.exchange, place)
	return s.parts
}

// exchange shows a request and its answer, and where in it a message stood; nil
// if it is not about a message.
func (s *sheet) exchange(x call, place *history.Origin) {
	s.parts = append(s.parts, ready(row{space(barColumn), span{bold, text.Lit("Request")}}))
	s.value("", x.Method+" "+x.URL, "")
	s.header(unpacked(x.sent))
	s.parts = append(s.parts, parted(strings.TrimSpace(string(x.Request)), part{indent: barColumn + 1}, false)...)
	s.section(text.Lit("Answer"))
	if x.Status == 0 {
		s.fact(text.Lit("status"), text.Lit("no answer came"))
	} else {
		s.fact(text.Lit("status"), text.CleanLine(fmt.Sprintf("%s %d %s", x.Proto, x.Status, http.StatusText(x.Status))))
	}
	s.fact(text.Lit("took"), text.CleanLine(fmt.Sprintf("%d ms, attempt %d, sent %s", x.Duration.Milliseconds(), x.Attempt, x.Start.In(s.look.zone).Format(time.StampMilli))))
	s.fact(text.Lit("size"), text.CleanLine(fmt.Sprintf("%d bytes", x.bytes)))
	if x.Err != nil {
		s.fact(text.Lit("failed"), text.CleanBlock(x.Err.Error()).Line())
	} else {
		s.fact(text.Lit("Code"), text.CleanLine(x.Code.String()))
	}
	s.fact(text.Lit("RequestId"), text.CleanLine(x.RequestId))
	if place != nil {
		s.origin(*place)
	}
	s.header(unpacked(x.got))
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
