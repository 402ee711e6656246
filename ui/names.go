package ui

import (
	"context"
	"errors"

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
	known         []known              // all that was ever learned, the latest last
	batch         int                  // users in a call: fewer after one was refused
	busy          bool
	err           error // why nothing more is asked for, until retry
}

// maxLookedUp is the longest user ID that the service looks up, in bytes.
const maxLookedUp = 64

// wantedGroup is a group, and a user in whose name it can be asked for; without
// a group, the user alone.
type wantedGroup struct{ group, user string }

func newNames(ctx context.Context, client Client, waits chan<- waitMsg) names {
	return names{
		ctx: ctx, client: client, request: request{of: paneNames, waits: waits}, batch: zim.MaxUserIds,
		users: map[string]text.Line{}, groups: map[string]text.Line{}, queued: map[wantedGroup]bool{},
	}
}

// want asks for a user's name sooner or later.
func (n *names) want(user string) {
	if k := (wantedGroup{user: user}); user != "" && len(user) <= maxLookedUp && !n.queued[k] {
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
	if n.busy || n.err != nil || n.ctx.Err() != nil || len(n.wanted)+len(n.wantedGroups) == 0 {
		return nil
	}
	ctx, number := n.request.begin(zim.WithPriority(n.ctx, zim.Background))
	n.busy = true
	if len(n.wanted) > 0 {
		batch := n.wanted[:min(len(n.wanted), n.batch)]
		return fetchUserInfos(ctx, n.client, batch, number)
	}
	return fetchGroupInfo(ctx, n.client, n.wantedGroups[0], number)
}

// apply keeps the names that came. What the service refuses is given up; what
// could not be asked at all stays wanted until retry.
func (n *names) apply(msg namesMsg) (changed bool) {
	if msg.number != n.request.number {
		return false
	}
	n.request.stop()
	n.busy = false
	if msg.err != nil {
		return n.refused(msg)
	}
	for _, id := range msg.asked {
		if _, asked := n.users[id]; !asked {
			n.learn(known{id: id}) // those with a name follow
		}
	}
	for _, u := range msg.users {
		n.learn(known{id: u.UserId, name: text.CleanName(u.UserName)})
	}
	n.wanted = n.wanted[len(msg.asked):]
	if msg.group != (wantedGroup{}) {
		n.learn(known{group: true, id: msg.group.group, name: text.CleanName(msg.groupName)})
		n.wantedGroups = n.wantedGroups[1:]
	}
	return true
}

// refused decides what follows a failure. One user or group that the service
// will not tell of, as a group that the user was removed from, must not hold up
// the others: a batch is asked for again in halves.
func (n *names) refused(msg namesMsg) (changed bool) {
	refusal, answered := errors.AsType[*zim.Error](msg.err)
	if !answered || !refusal.Code.AboutID() {
		n.err = msg.err
		return false
	}
	switch {
	case msg.group != (wantedGroup{}):
		n.wantedGroups = n.wantedGroups[1:]
	case len(msg.asked) > 1:
		n.batch = len(msg.asked) / 2
	default:
		n.wanted = n.wanted[1:]
		n.batch = zim.MaxUserIds
	}
	return true
}

// giveUp ends the pause of the call under way, and reports whether there was one.
func (n *names) giveUp() bool {
	if !n.request.pausing() {
		return false
	}
	n.err = n.request.wait.Cause
	n.request.stop()
	n.busy = false
	return true
}

// pending reports whether names are still to come.
func (n *names) pending() bool { return n.err == nil && len(n.wanted)+len(n.wantedGroups) > 0 }

// retry asks again after a failure.
func (n *names) retry() { n.err = nil }

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

// known is a user or a group that the session knows, and its name, if it has one.
type known struct {
	group bool
	id    string
	name  text.Line
}

// learn keeps a name. What is not new is not kept twice.
func (n *names) learn(k known) {
	names := n.users
	if k.group {
		names = n.groups
	}
	if was, asked := names[k.id]; k.id == "" || asked && was == k.name {
		return
	}
	names[k.id] = k.name
	n.known = append(n.known, k)
}
