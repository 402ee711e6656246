package emulator

import "time"

const teamScript = `
# 2026-04-06
08:55 alice {created}
08:57 alice Good morning! One place for everything that is not on the whiteboard.
08:58 ben The whiteboard was fine.
08:58 tilde The whiteboard fell down, Ben.
09:03 raj Parts that I ordered today: chains 8/9/10 speed, 20 inner tubes, two bells.
09:04 sofia Only two bells?
# 2026-04-13
10:31 mei Who moved the truing stand?
10:32 jonas Me. It's by the window, the light is better.
10:32 mei It is! Leave it.
12:40 ben {lunch}
12:41 raj I saw nothing and I ate nothing.
# 2026-04-20
09:10 tilde {drill}
09:12 tilde Found it. Was in the fridge. No questions.
15:30 sofia {pinned}
# 2026-04-24
17:05 jonas Closing list: lights, compressor, till, kettle.
17:06 ben The kettle is never closed.
# 2026-04-27
09:02 alice {renamed}
09:02 alice "Workshop" it is. "Team chat 3" was not our best work.
11:15 raj @ben the Heron for Bob: spread to 130?
11:19 ben Yes. After tea.
# 2026-04-28
10:03 mei {nickname}
13:40 alice Ben, is the frame still there in 54? A customer asks.
13:52 ben Two. Green and champagne.
13:53 tilde Beige.
13:53 ben Champagne.
13:58 sofia {poll}
# 2026-04-29
09:05 ben {dent}
09:06 ben Not a dent. A shadow. Carry on.
09:31 alice Do not scare the customers before ten, please.
11:12 jonas {notes}
11:20 ben 130 mm on the dot, filmed it for Bob.
16:20 raj Bells have arrived. All twenty of them.
16:22 sofia 🔔🔔🔔
16:31 tilde Whoever is testing them: we can hear you at the bakery.
`

// team writes the staff's group, where messages are recalled in every way that
// there is.
func (w *world) team() {
	m := w.media
	g := w.group("team", "Workshop", "Tools go back where they live.",
		time.Date(2026, 4, 6, 8, 55, 0, 0, shopTime),
		"alice", "ben", "tilde", "raj", "mei", "jonas", "sofia", "warehouse")
	g.members[1].role, g.members[1].nickname = 2, "Ben (tea)"
	g.members[2].role = 2
	g.list = w.draft(1).play(teamScript, map[string]part{
		"created":  w.tips(g, tip{Type: 1, Name: "Team chat 3"}, "alice", "ben", "tilde", "raj", "mei", "jonas", "sofia", "warehouse"),
		"lunch":    text("Who ate the sandwich with my name on it, in marker, on both sides?").recalledAs(notice, "ben", 4, 70*time.Second),
		"drill":    text("WHO HAS THE DRILL").recalledAs(header, "alice", 20, 2*time.Minute),
		"pinned":   text("Salary list for April: see attachment").recalledAs(notice, "ben", 16, 9*time.Second),
		"renamed":  w.tips(g, tip{Type: 30, Name: g.name, Notice: g.notice, Flag: 3}, "alice"),
		"nickname": text("Delivery at the back door, nobody else is here").recalledAs(original, "", 12, time.Hour),
		"poll":     custom(7, `{"poll":"Lunch on Friday","options":["dumplings","pancakes","whatever Ben eats"],"votes":[4,2,1]}`),
		"dent":     image(m.photo("dent.jpg", 480, 360), "DENT.jpg", asURL),
		"notes":    forwarded("Ben and Raj on 126 mm", "Ben: 130 or nothing\nRaj: it is 126 in the catalogue\nBen: the catalogue never lifted a wheel"),
	}).side("")
}

const vipScript = `
# 2026-04-22
16:10 alice {created}
16:12 alice Two customers, one cargo bike, and a delivery that is three weeks late. I put you together so that nobody hears it second-hand.
16:20 marta Gracias, Alice. Three weeks is a long time without a bike.
16:22 lukas Four. But who counts.
# 2026-04-24
09:30 alice The ship has left Suez. I have stopped trusting ships.
09:41 lukas {audit}
09:42 lukas Sorry.
# 2026-04-27
10:05 alice It is in the harbour! Wednesday at the latest, and the lights are on us.
10:19 marta ¡Por fin!
10:24 lukas I take everything back that was deleted.
`

const nightScript = `
# 2026-04-02
20:05 jonas {created}
20:06 jonas Thursdays, half past eight, lights front and back.
20:15 alice I'm in. Slowly.
# 2026-04-16
22:48 zoe 🌙🚲✨
22:50 jonas 31 km, 0 falls, 1 hedgehog (fine).
# 2026-04-22
19:02 jonas {removed}
19:03 jonas Alice is on holiday from night rides until her knee is better. Doctor's orders, don't @ me.
# 2026-04-23
20:20 zoe we miss her already 😢
`

// smallGroups writes the group that waited, and the one that alice was removed
// from: she still has that conversation.
func (w *world) smallGroups() {
	vip := w.group("vip", "Waited too long", "", time.Date(2026, 4, 22, 16, 10, 0, 0, shopTime), "alice", "marta", "lukas")
	vip.list = w.draft(1).play(vipScript, map[string]part{
		"created": w.tips(vip, tip{Type: 1, Name: vip.name}, "alice", "marta", "lukas"),
		"audit":   text("This message did not pass the audit.").recalledAs(notice, "", 24, time.Second),
	}).side("")

	removed := time.Date(2026, 4, 22, 19, 2, 0, 0, shopTime)
	night := w.group("night-ride", "Night ride", "Lights!", time.Date(2026, 4, 2, 20, 5, 0, 0, shopTime), "jonas", "zoe", "mei")
	night.left = map[string]int64{"alice": removed.UnixMilli()}
	night.list = w.draft(1).play(nightScript, map[string]part{
		"created": w.tips(night, tip{Type: 1, Name: night.name}, "jonas", "alice", "zoe", "mei"),
		"removed": w.tips(night, tip{Type: 6}, "jonas", "alice"),
	}).side("")
}

const everyoneScript = `
# 2026-03-30
09:00 alice {created}
09:01 alice {invited}
09:05 alice Hello everyone! News from the shop, once a week at most, and no raffle ever.
09:30 walter Good morning from my workshop, which is a garden shed.
09:31 zoe 👋👋👋
# 2026-04-03
11:00 rider01 {joined}
11:04 rider01 Hi, I'm new. Is the Sunday tour for beginners?
11:09 ben Yes. The cake is for experts.
# 2026-04-08
14:20 alice {notice}
14:22 alice Opening hours over Easter are in the notice. The short version: no.
# 2026-04-12
16:40 rider07 {photo}
16:42 rider07 Sunday tour, before the cake.
16:43 rider12 And after: 🍽️
# 2026-04-15
13:01 mallory FREE GIFT CARDS click fast
13:01 mallory FREE GIFT CARDS click fast!!
13:02 ben {muted}
13:03 mallory {spam}
13:04 alice {kicked}
13:05 alice Sorry about that. Nobody here gives gift cards. Nobody anywhere does.
# 2026-04-17
10:10 alice {manager}
10:11 tilde I accept the crown and the broom.
# 2026-04-20
18:00 tilde {quiet}
18:01 tilde Quiet hours while we move the server. Sorry, the biscuit tin with the blinking light.
19:00 tilde {loud}
# 2026-04-24
12:30 rider22 {leaves}
# 2026-04-27
08:45 alice {owner}
08:46 ben Thank you. My first act: more cake.
08:50 alice My last act was to warn you all.
08:55 ben {back}
# 2026-04-29
13:12 rider03 Is somebody driving north on Saturday with room for one recumbent and one person, in that order?
13:18 rider21 Me, 7 am. There is room for the person if the recumbent behaves.
13:30 rider03 It does what it wants, but thank you!
`

// riderNames are members of the large group who say little.
var riderNames = []string{
	"Ada Marsh", "Bilal Haddad", "Carla Nunes", "Dmitri Volkov", "Elif Kaya", "Femi Adeyemi", "Greta Holm",
	"Hana Novak", "Ivo Peeters", "Jun Park", "Kaisa Laine", "Lior Ben-Ami", "Mónica Rey", "Nils Aas",
	"Oona Byrne", "Paolo Ricci", "Quynh Tran", "Rosa Blum", "Stefan Ionescu", "Tariq Aziz", "Uma Das",
}

// everyone writes the group of 40, in which each kind of group event happens
// but its end: a disbanded group is gone.
func (w *world) everyone() {
	m := w.media
	members := []string{"alice", "ben", "tilde", "raj", "mei", "jonas", "sofia", "bob", "chen", "yuki", "lukas",
		"marta", "omar", "priya", "zoe", "mail", "dave", "walter", "j.doe+shop@example.org"}
	members = append(members, w.riders()...)
	g := w.group("everyone", "Kettle & Chain: everyone", "Closed on Friday and Monday. Tea on Saturday.",
		time.Date(2026, 3, 30, 9, 0, 0, 0, shopTime), members...)
	g.members[0].role, g.members[1].role, g.members[2].role = 2, 1, 2
	g.members[2].nickname = "Tilde of the broom"
	g.avatar = "https://media.example.com/kettle-and-chain.png"
	g.left = map[string]int64{"mallory": time.Date(2026, 4, 15, 13, 4, 0, 0, shopTime).UnixMilli()}
	until := time.Date(2026, 4, 16, 13, 2, 0, 0, shopTime).UnixMilli()
	g.list = w.draft(1).play(everyoneScript, map[string]part{
		"created": w.tips(g, tip{Type: 1, Name: "Kettle & Chain"}, "alice"),
		"invited": w.tips(g, tip{Type: 4}, "alice", members[1:19]...),
		"joined":  w.tips(g, tip{Type: 3}, "rider01", "rider01"),
		"notice":  w.tips(g, tip{Type: 30, Name: g.name, Notice: g.notice, Flag: 7, Avatar: g.avatar}, "alice"),
		"photo":   image(m.photo("tour.jpg", 720, 480), "before the cake.jpg", asURL),
		"muted":   w.tips(g, tip{Type: 13, Until: until}, "ben", "mallory"),
		"spam":    text("FREE GIFT C").recalledAs(notice, "", 8, time.Second),
		"kicked":  w.tips(g, tip{Type: 6}, "alice", "mallory"),
		"manager": w.tips(g, tip{Type: 12, Role: 2}, "alice", "tilde"),
		"quiet":   w.tips(g, tip{Type: 34, Forbid: &forbid{All: true, Roles: []int{2, 3}, Until: until}}, "tilde"),
		"loud":    w.tips(g, tip{Type: 34, Forbid: &forbid{Roles: []int{}}}, "tilde"),
		"leaves":  w.tips(g, tip{Type: 5}, "rider22", "rider22"),
		"owner":   w.tips(g, tip{Type: 11}, "alice", "ben"),
		"back":    w.tips(g, tip{Type: 12, Role: 2}, "ben", "alice"),
	}).side("")
}
