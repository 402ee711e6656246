package emulator

import (
	"encoding/json"
	"slices"
)

// grown is a list that messages were added to after it was made. Its rows keep
// their places, so who walks through it while it grows misses nothing and gets
// nothing twice.
type grown struct {
	list
	more []message
}

func (g grown) len() int { return g.list.len() + len(g.more) }

func (g grown) at(i int) message {
	if n := g.list.len(); i >= n {
		return g.more[i-n]
	}
	return g.list.at(i)
}

func (g grown) find(seq int64) (message, bool) {
	for _, m := range slices.Backward(g.more) {
		if m.seq == seq {
			return m, true
		}
	}
	return find(g.list, seq)
}

// grow returns the list with more messages at its new end.
func grow(l list, more []message) list {
	switch l := l.(type) {
	case nil:
		return thread(more)
	case grown:
		return grown{l.list, slices.Concat(l.more, more)}
	}
	return grown{l, more}
}

// Push lets messages arrive from one user at another, or in a group if there is
// one of that ID, oldest first. Each is sent byte for byte from then on, at the
// new end of the group's list or of the list of either user. Users are
// registered. It may be called while the emulator serves.
func (e *Emulator) Push(from, to string, raw ...json.RawMessage) {
	e.growing.Lock()
	defer e.growing.Unlock()
	more := verbatim(raw)
	e.world.register(from)
	if g, ok := e.world.groups[to]; ok {
		g.list = grow(g.list, more)
		return
	}
	e.world.register(to)
	e.world.keep(from, to, grow(e.world.peers[from][to].list, more))
	if from != to {
		e.world.keep(to, from, grow(e.world.peers[to][from].list, more))
	}
}
