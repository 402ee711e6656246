package emulator

import (
	"fmt"
	"maps"
	"time"
)

// people are the users who have a name of their own choice. A customer may
// choose none.
var people = map[string]string{
	"alice": "Alice Moreau", "ben": "Ben Okafor", "tilde": "Tilde Sørensen", "raj": "Raj Patel",
	"mei": "Mei Tanaka", "jonas": "Jonas Weber", "sofia": "Sofia Costa", "warehouse": "Warehouse",
	"bob": "Bob Lindqvist", "chen": "陈晓", "yuki": "佐藤ゆき", "lukas": "Lukas Jäger", "marta": "Marta Gutiérrez",
	"omar": "عمر الخطيب", "priya": "प्रिया शर्मा", "zoe": "Zoë 🌈🚲", "mail": "", "dave": "Dave Osei",
	"walter": "Walter Finch", "newbie": "Noor Haddad", "archive": "Order desk (archive)",
	"linh": "Nguyễn Thùy Linh", "somchai": "สมชาย ใจดี", "noa": "נועה לוי", "daryoush": "داریوش رستمی",
	"kavitha": "கவிதா ரவி", "jiwoo": "김지우",
	"@RBT#help":              "Kettle helper",
	"j.doe+shop@example.org": "J. Doe",
	"$(touch x)":             "Robin <script>",
	"ghost":                  "\u3164\u3164",
	"mallory":                "Mallory\u202e\x1b]0;owned\a\u009b31m",
	"rider22":                "Vera Lind",
}

// profiles are the users who show more than a name. What they show is as
// foreign as what they say.
var profiles = map[string]profile{
	"alice":   {"https://media.example.com/avatars/alice.png", `{"desk":1,"since":"2019-03-01"}`},
	"ben":     {"https://media.example.com/avatars/ben.png", `{"desk":2,"tea":true}`},
	"bob":     {"https://media.example.com/avatars/b%C3%B6b.jpg", ""},
	"zoe":     {"", "🌈"},
	"mallory": {"javascript:alert(1)", "\x1b]0;extra\a{not json"},
}

// sample builds the world of that seed.
func sample(seed uint64) *world {
	w := newWorld(seed)
	maps.Copy(w.users, people)
	maps.Copy(w.profiles, profiles)
	for _, id := range []string{"alice", "tilde", "raj", "bob", "zoe", "rider03", "rider21"} {
		w.online[id] = true
	}
	for _, id := range []string{"mallory", "ghost"} {
		w.noState[id] = true
	}
	w.bob()
	w.team()
	w.languages()
	w.everyone()
	w.kinds()
	w.mallory()
	w.walter()
	w.smallGroups()
	w.smallChats()
	w.archive()
	w.warehouse()
	return w
}

// group founds a group whose first member is its owner.
func (w *world) group(id, name, note string, created time.Time, members ...string) *group {
	w.register(members...)
	g := &group{name: name, notice: note, created: created.UnixMilli()}
	for i, m := range members {
		g.members = append(g.members, member{id: m, role: roleOf(i)})
	}
	w.groups[id] = g
	return g
}

// riders registers the quiet members of the large group, and returns their IDs.
func (w *world) riders() []string {
	var ids []string
	for i, name := range riderNames {
		id := fmt.Sprintf("rider%02d", i+1)
		w.users[id] = name
		ids = append(ids, id)
	}
	return ids
}

const mailScript = `
# 2026-04-26
11:03 mail Sent from the contact form: "Do you buy used bicycles? I have an old one in the cellar, it was my father's."
11:30 alice Good morning! Sometimes we do. Could you send a photo, and the number stamped under the crank?
11:58 mail Number 40718. No photo, my phone is older than the bicycle.
12:04 alice Then please bring it by, we like meeting them in person.
`

const robotScript = `
# 2026-04-25
09:00 @RBT#help Good morning. Yesterday: 14 chats, 3 orders, 1 refund. Reply "list" for the open ones.
09:01 alice list
09:01 @RBT#help {open}
09:02 alice thanks
09:02 @RBT#help I am a robot, but you are welcome.
`

const doeScript = `
# 2026-04-24
13:40 j.doe+shop@example.org Hi, my order confirmation never came. The number is 1038, I think.
13:52 alice Found it, it went to j.doe+shop@example.com. I've sent it again, to .org this time.
13:52 alice {receipt}
13:59 j.doe+shop@example.org Got it. The classic.
`

const ghostScript = `
# 2026-04-21
17:15 ghost {blank}
17:16 alice Hello? I think your message came through empty.
17:20 ghost sorry, cat on the keyboard
`

// smallChats writes what is soon read: a customer without a name, a robot, IDs
// with special characters, and a chat in which nothing was said.
func (w *world) smallChats() {
	w.draft(1).play(mailScript, nil).between("alice", "mail")
	w.draft(88).play(robotScript, map[string]part{
		"open": custom(20, `{"open":[{"user":"lukas","since":"2026-04-20"},{"user":"priya","since":"2026-04-25"}],"more":false}`),
	}).between("alice", "@RBT#help")
	w.draft(1).play(doeScript, map[string]part{
		"receipt": file(w.media.document("order-1038.pdf", "Kettle & Chain", "Order 1038: one bell, large   19"), "order 1038.pdf", asURL),
	}).between("alice", "j.doe+shop@example.org")
	w.draft(1).play(ghostScript, map[string]part{"blank": text("\u3164\u200b\u2800")}).between("alice", "ghost")

	d := w.draft(1)
	d.day = time.Date(2026, 4, 20, 0, 0, 0, 0, shopTime)
	d.add("10:10", "$(touch x)", text("My user ID is a joke from 2009 and I cannot change it."))
	d.add("10:12", "alice", text("We have seen worse. What does the bicycle need?"))
	d.between("alice", "$(touch x)")

	opened := time.Date(2026, 4, 10, 9, 0, 0, 0, shopTime).UnixMilli()
	for _, side := range [][2]string{{"alice", "newbie"}, {"newbie", "alice"}} {
		w.keep(side[0], side[1], thread(nil))
		w.peers[side[0]][side[1]] = chat{list: thread(nil), opened: opened}
	}
}

// choose picks one of a list by a number.
func choose[T any](list []T, number uint64) T { return list[number%uint64(len(list))] }
