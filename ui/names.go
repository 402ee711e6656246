package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// names is what is known of users and groups beside their IDs. It asks behind
// everything that somebody waits for: users a hundred at a time, groups one by
// one, each once.
type names struct {
	ctx     context.Context
	client  Client
	request request

	users, groups map[string]text.Line // empty for one without a name
	wanted        []string             // users that are still to be asked for
	wantedGroups  []wantedGroup
	queued        map[wantedGroup]bool // all that was ever wanted
	busy, failed  bool
}

// wantedGroup is a group, and a user in whose name it can be asked for; without
// a group, the user alone.
type wantedGroup struct{ group, user string }

func newNames(ctx context.Context, client Client) names {
	return names{ctx: ctx, client: client, users: map[string]text.Line{}, groups: map[string]text.Line{}, queued: map[wantedGroup]bool{}}
}

// want asks for a user's name sooner or later.
func (n *names) want(user string) {
	if k := (wantedGroup{user: user}); user != "" && !n.queued[k] {
		n.queued[k] = true
		n.wanted = append(n.wanted, user)
	}
}

// wantGroup asks for a group's name, in the name of a user.
func (n *names) wantGroup(group, user string) {
	if k := (wantedGroup{group: group}); group != "" && user != "" && !n.queued[k] {
		n.queued[k] = true
		n.wantedGroups = append(n.wantedGroups, wantedGroup{group, user})
	}
}

// fetch asks for the next names, if no call is under way.
func (n *names) fetch() tea.Cmd {
	if n.busy || n.failed || n.ctx.Err() != nil || len(n.wanted)+len(n.wantedGroups) == 0 {
		return nil
	}
	ctx, number := n.request.begin(zim.WithPriority(n.ctx, zim.Background))
	n.busy = true
	if len(n.wanted) > 0 {
		batch := n.wanted[:min(len(n.wanted), zim.MaxUserIds)]
		return fetchUserInfos(ctx, n.client, batch, number)
	}
	return fetchGroupInfo(ctx, n.client, n.wantedGroups[0], number)
}

// apply keeps the names that came. What could not be had stays wanted, until
// retry is called.
func (n *names) apply(msg namesMsg) (changed bool) {
	if msg.number != n.request.number {
		return false
	}
	n.request.stop()
	n.busy = false
	if msg.err != nil {
		n.failed = true
		return false
	}
	for _, id := range msg.asked {
		n.users[id] = text.Line{} // asked for; those with a name follow
	}
	for _, u := range msg.users {
		n.users[u.UserId] = text.CleanName(u.UserName)
	}
	n.wanted = n.wanted[len(msg.asked):]
	if msg.group != (wantedGroup{}) {
		n.groups[msg.group.group] = text.CleanName(msg.groupName)
		n.wantedGroups = n.wantedGroups[1:]
	}
	return true
}

// skip gives up the group that failed: one that cannot be read must not hold up
// the others.
func (n *names) skip(g wantedGroup) {
	if len(n.wantedGroups) > 0 && n.wantedGroups[0] == g {
		n.wantedGroups = n.wantedGroups[1:]
		n.failed = false
	}
}

// missing reports whether users are still to be looked up.
func (n *names) missing() bool { return len(n.wanted) > 0 }

// retry asks again after a failure.
func (n *names) retry() { n.failed = false }

// user returns the name of a user, and whether it was looked up.
func (n *names) user(id string) (name text.Line, known bool) {
	name, known = n.users[id]
	return name, known
}

// group returns the name of a group, and whether it was looked up.
func (n *names) group(id string) (name text.Line, known bool) {
	name, known = n.groups[id]
	return name, known
}
