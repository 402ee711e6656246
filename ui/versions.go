package ui

import (
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
)

// version is what a message was before it changed.
type version struct {
	message zim.Message
	until   time.Time // when the change was noticed; zero is not known
}

// versions returns what this session saw of a message before, the oldest first.
func (m *messages) versions(id int64) (list []version) {
	changes := m.changed[id]
	for i, msg := range m.log.Earlier(id) {
		v := version{message: msg}
		if i < len(changes) {
			v.until = changes[i].at
		}
		list = append(list, v)
	}
	return list
}

// earlier shows the versions of a message that were seen before it changed.
func (s *sheet) earlier(list []version) {
	if len(list) == 0 {
		return
	}
	s.section(text.Lit("Before, as seen by this session"))
	for _, v := range list {
		e := v.message.Envelope()
		name := text.Lit("before")
		if !v.until.IsZero() {
			name = text.CleanLine("to " + v.until.In(s.look.zone).Format("15:04:05"))
		}
		payload := e.Payload
		e.Payload = ""
		s.fact(name, Summary(e, s.look.zone))
		if payload != "" {
			s.note(text.Join(text.Lit("payload: "), text.CleanLine(payload)))
		}
	}
}
