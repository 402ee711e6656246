package emulator

import (
	"encoding/json"
	"maps"
	"time"

	"backscroll/zim"
)

// altered is a list of which some messages became something else after it was made.
type altered struct {
	list
	rows map[int64]message // by MsgId
}

func (a altered) at(i int) message {
	m := a.list.at(i)
	if other, ok := a.rows[m.id]; ok {
		return other
	}
	return m
}

func (a altered) find(seq int64) (message, bool) {
	m, ok := find(a.list, seq)
	if other, changed := a.rows[m.id]; changed {
		return other, ok
	}
	return m, ok
}

// alter returns the list with what becomes of one message, and false if that is not
// in it.
func alter(l list, id int64, become func(message) message) (list, bool) {
	if l == nil {
		return nil, false
	}
	for i := l.len() - 1; i >= 0; i-- {
		m := l.at(i)
		if m.id != id || id == 0 {
			continue
		}
		a, _ := l.(altered) // or none
		if a.rows == nil {
			a.list = l
		}
		a.rows = maps.Clone(a.rows)
		if a.rows == nil {
			a.rows = map[int64]message{}
		}
		other := become(m)
		other.id, other.seq, other.time = m.id, m.seq, m.time // its place
		a.rows[id] = other
		return a, true
	}
	return l, false
}

// Edit puts another version in the place of the message that has a MsgId: in the list
// of a group if there is one of the ID to, else in those of from and to. It is sent
// byte for byte from then on. Edit reports whether there is such a message, and may be
// called while the emulator serves, as Recall and Delete may.
func (e *Emulator) Edit(from, to string, id int64, raw json.RawMessage) bool {
	rows := verbatim([]json.RawMessage{raw})
	return e.alter(from, to, true, id, func(message) message { return rows[0] })
}

// Recall recalls a message on both sides, a minute after it was sent. Of its row all
// is left but the body; who recalled it, QueryMessagesByMsgSeq tells.
func (e *Emulator) Recall(from, to string, id int64, by string, status zim.RevokeStatus) bool {
	return e.alter(from, to, true, id, func(m message) message {
		m.raw, m.part = nil, m.part.recalledAs(header, by, int(status), time.Minute)
		return m
	})
}

// Delete deletes a message from the list of one user, or of a group. Of its row
// nothing is left but IsEmpty.
func (e *Emulator) Delete(from, to string, id int64) bool {
	return e.alter(from, to, false, id, func(m message) message {
		m.raw, m.part = nil, m.part.deletedAs(bare, "")
		return m
	})
}

func (e *Emulator) alter(from, to string, both bool, id int64, become func(message) message) (found bool) {
	e.growing.Lock()
	defer e.growing.Unlock()
	if g, ok := e.world.groups[to]; ok {
		g.list, found = alter(g.list, id, become)
		return found
	}
	for _, side := range [][2]string{{from, to}, {to, from}} {
		if l, ok := alter(e.world.peers[side[0]][side[1]].list, id, become); ok {
			e.world.keep(side[0], side[1], l)
			found = true
		}
		if !both || from == to {
			break
		}
	}
	return found
}
