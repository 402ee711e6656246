package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// member is somebody in a group.
type member struct {
	id             string
	name, nickname text.Line
	role           zim.Role
	searched       string // what the filter looks at
}

func newMember(m zim.GroupMember) member {
	name, nickname := text.CleanName(m.UserName), text.CleanName(m.UserNickName)
	return member{m.UserId, name, nickname, m.Role, strings.ToLower(m.UserId + "\n" + name.String() + "\n" + nickname.String())}
}

// ranks are the members of a group by rank: owners, managers, all others. Lists
// only grow, so that a copy of it can be read while they do.
type ranks [3][]member

func (r *ranks) add(m member) {
	at := 2
	switch m.role {
	case zim.Owner:
		at = 0
	case zim.Manager:
		at = 1
	}
	r[at] = append(r[at], m)
}

func (r *ranks) len() int { return len(r[0]) + len(r[1]) + len(r[2]) }

// at returns a member, those of the highest rank first.
func (r *ranks) at(i int) member {
	for _, list := range r {
		if i < len(list) {
			return list[i]
		}
		i -= len(list)
	}
	return member{}
}

// membersMsg answers siftMembers.
type membersMsg struct {
	pane   *groupPane
	filter string
	of     int // members that were looked at
	shown  []member
}

// siftMembers returns the members that have the filter in their ID or one of their
// names, in any case: a group can be large.
func siftMembers(g *groupPane, all ranks, filter string) tea.Cmd {
	return func() tea.Msg {
		want := strings.ToLower(filter)
		msg := membersMsg{pane: g, filter: filter, of: all.len()}
		for _, list := range all {
			for _, m := range list {
				if strings.Contains(m.searched, want) {
					msg.shown = append(msg.shown, m)
				}
			}
		}
		return msg
	}
}

// writer is somebody who wrote, and how many of the messages.
type writer struct {
	id    string
	count int
}

// leftMsg answers findLeft.
type leftMsg struct {
	pane *groupPane
	list []writer // in the order of their newest message
	of   int      // messages that were looked at
	err  error
}

// findLeft returns who wrote the messages and is no member.
func findLeft(ctx context.Context, g *groupPane, all history.Snapshot, members map[string]bool) tea.Cmd {
	return func() tea.Msg {
		msg := leftMsg{pane: g, of: all.Len()}
		at := map[string]int{}
		for i := range all.Len() {
			if i%1024 == 0 && ctx.Err() != nil {
				return leftMsg{pane: g, err: ctx.Err()}
			}
			from := all.At(i).Peek().Sender
			if len(from) == 0 || members[string(from)] {
				continue
			}
			n, known := at[string(from)]
			if !known {
				n = len(msg.list)
				at[string(from)] = n
				msg.list = append(msg.list, writer{id: string(from)})
			}
			msg.list[n].count++
		}
		return msg
	}
}
