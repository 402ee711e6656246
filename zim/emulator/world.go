package emulator

import (
	"cmp"
	"slices"
	"time"

	"backscroll/zim"
)

// shopTime is where the shop is, and the scripts' times are.
var shopTime = time.FixedZone("+08:00", 8*60*60)

// Epoch is the instant of the newest message of the sample world. No message is
// newer, and the world has no other present.
var Epoch = time.Date(2026, 4, 29, 16, 40, 0, 0, shopTime)

// world is everything the service knows. Once it serves, only Push
// changes it.
type world struct {
	seed     uint64
	users    map[string]string  // ID, name; the name may be empty
	profiles map[string]profile // of the users who have one
	online   map[string]bool    // who is
	noState  map[string]bool    // who logged out: nothing is known of them
	groups   map[string]*group
	peers    map[string]map[string]chat // from, to: from's list
	media    *library
	chats    uint64 // how many have been numbered
}

// chat is one side's list of a one-on-one chat. An empty one has the time at
// which it was opened, in ms.
type chat struct {
	list   list
	opened int64
}

type group struct {
	name, notice string
	avatar       string
	created      int64 // ms
	members      []member
	left         map[string]int64 // who was removed, and when, in ms
	list         list
}

type member struct {
	id, nickname string
	role         int // 1 owner, 2 manager, 3 member
}

// roleOf makes the first member the owner.
func roleOf(i int) int {
	if i == 0 {
		return 1
	}
	return 3
}

func newWorld(seed uint64) *world {
	return &world{
		seed:     seed,
		users:    map[string]string{},
		profiles: map[string]profile{},
		online:   map[string]bool{},
		noState:  map[string]bool{},
		groups:   map[string]*group{},
		peers:    map[string]map[string]chat{},
		media:    &library{seed: seed, assets: map[string]*asset{}},
	}
}

// register makes users known that are not yet, named as their IDs.
func (w *world) register(ids ...string) {
	for _, id := range ids {
		if _, ok := w.users[id]; !ok {
			w.users[id] = id
		}
	}
}

// keep stores from's list of the chat with to.
func (w *world) keep(from, to string, l list) {
	if w.peers[from] == nil {
		w.peers[from] = map[string]chat{}
	}
	w.peers[from][to] = chat{list: l, opened: Epoch.UnixMilli()}
}

// updated returns when the list last changed, in ms: the time of its newest
// row that has one, or opened.
func updated(l list, opened int64) int64 {
	for i := l.len() - 1; i >= 0; i-- {
		if t := l.at(i).time; t > 0 {
			return t
		}
	}
	return opened
}

// conversation is an entry of a conversation list.
type conversation struct {
	ConvId     string
	ConvType   *int `json:",omitempty"`
	UpdateTime int64
}

// conversations returns all of a user's, the one that changed last at the end.
func (w *world) conversations(userID string) []conversation {
	peer, ofGroup := 0, 2
	list := []conversation{}
	for id, c := range w.peers[userID] {
		entry := conversation{ConvId: id, ConvType: &peer, UpdateTime: updated(c.list, c.opened)}
		if hash(id)%4 == 0 { // the service leaves a 0 out as it likes
			entry.ConvType = nil
		}
		list = append(list, entry)
	}
	for id, g := range w.groups {
		left, removed := g.left[userID]
		if removed {
			list = append(list, conversation{id, &ofGroup, left})
		} else if slices.ContainsFunc(g.members, func(m member) bool { return m.id == userID }) {
			list = append(list, conversation{id, &ofGroup, updated(g.list, g.created)})
		}
	}
	slices.SortFunc(list, func(a, b conversation) int {
		return cmp.Or(cmp.Compare(a.UpdateTime, b.UpdateTime), cmp.Compare(a.ConvId, b.ConvId))
	})
	return list
}

// person is a member as group tips name one.
type person struct {
	UserID   string `json:"user_id"`
	Role     int    `json:"role"`
	Name     string `json:"group_member_name"`
	Nickname string `json:"group_member_nickname"`
}

// persons describes users of g. One who is no member any more is described as
// a plain one.
func (w *world) persons(g *group, ids ...string) []person {
	list := []person{}
	for _, id := range ids {
		p := person{UserID: id, Role: 3, Name: w.users[id]}
		for _, m := range g.members {
			if m.id == id {
				p.Role, p.Nickname = m.role, m.nickname
			}
		}
		list = append(list, p)
	}
	return list
}

// tip is the body of a tips message; its members are the wire's.
type tip struct {
	Type    int      `json:"type"`
	Op      person   `json:"op_user_info"`
	Targets []person `json:"target_users"`
	Name    string   `json:"group_name,omitempty"`
	Notice  string   `json:"group_notice,omitempty"`
	Avatar  string   `json:"group_avatar,omitempty"`
	Flag    int      `json:"group_data_flag,omitempty"` // bits: 1 name, 2 notice, 4 avatar
	Forbid  *forbid  `json:"forbid,omitempty"`
	Until   int64    `json:"forbid_expire_time,omitempty"` // ms
	Role    int      `json:"role,omitempty"`
}

type forbid struct {
	All   bool  `json:"is_all_forbid"`
	Roles []int `json:"forbid_role_list"`
	Until int64 `json:"forbid_expire_time"` // ms
}

// tips is a message about an event in g that op brought about.
func (w *world) tips(g *group, t tip, op string, targets ...string) part {
	t.Op, t.Targets = w.persons(g, op)[0], w.persons(g, targets...)
	return plain(zim.TypeTips, asURL.encode(t))
}
