package emulator

import "time"

// The chat that the first screen shows: a frame, a deposit, two sides that do
// not agree on what was said.
const bobScript = `
# 2026-04-09
10:12 bob Hello! Is this Kettle & Chain? My neighbour Walter says you rescued his three-speed.
10:14 alice It is, and we did. Walter tells everybody, which is cheaper than advertising. What can we do for you?
10:15 bob I'm looking for a steel touring frame. Something that takes a rack, a kettle and bad roads.
10:15 bob Budget around 600, I have most of the parts.
10:19 alice Good timing: we are getting five Heron frames from a shop that closes. Lugged, 1994, never built.
10:20 alice I'll write when they are here.
10:21 bob Perfect, thank you!
# 2026-04-14
09:41 alice Good morning Bob, the Herons have arrived.
09:41 alice {row}
09:42 alice Green, blue, and one colour that the catalogue calls "Champagne" and everybody else calls beige.
09:58 bob Oh, the green one. Which sizes?
10:02 alice 50, 52, two of 54, one of 58.
10:04 bob I ride a 54, or a 55 with short arms.
10:05 alice Then come by and stand over one. We have tea.
10:06 bob Saturday?
10:06 alice Saturday. From nine.
# 2026-04-18
11:31 bob {voice}
11:33 alice Number 12, the blue door. Ring twice, the first ring is broken.
13:02 bob That was lovely, thank Ben for the tea and for the lecture about bottom brackets.
13:05 alice He says it was the short version.
13:06 bob {gone1}
13:09 bob I sleep on it and write on Monday, all right?
13:10 alice Of course.
# 2026-04-20
18:47 bob It's Monday, and I have decided that I cannot decide.
18:52 alice That is a decision too. They are not going anywhere this week.
# 2026-04-23
09:15 bob I drew the whole bike. Does this fit together?
09:15 bob {drawing}
09:31 alice Ben looked: the hubs are 130 mm, the frame is 126. Steel can be spread, we do that here for 25.
09:31 alice Everything else fits.
09:33 bob And the rack?
09:36 alice {rack}
09:37 alice Eyelets top and bottom. You could hang a piano on it.
09:38 bob 😄
09:38 bob No piano. One kettle.
# 2026-04-24
16:02 alice {spec}
16:03 alice The list with prices, so that you have it on paper.
16:20 bob Thanks. 612 with the spreading. I said 600, didn't I.
16:24 alice You did. 600 then, and you tell three neighbours.
16:25 bob {gone2}
16:26 bob Deal! I need to ask at home first. My wife thinks that nine bicycles are enough.
# 2026-04-27
12:10 bob She said "what is one more". I'm writing that down.
12:11 bob {note}
12:15 alice Framed, in the hall, next to the bike.
# 2026-04-28
14:01 alice Is the frame still there in 54?
14:01 alice {workshop}
14:02 alice Sorry, that was for Ben! But since you see it: that is your rack on the stand.
14:03 bob Yes, two of them. Shall I keep one?
14:03 bob (If Ben does not answer, I will.)
14:04 bob {recalled}
14:05:02 alice Ha. Keep one, then: the green one. A deposit of 100 holds it.
14:05:12 bob {paid}
14:06 alice Got it, thank you! Order 1041. Your name is on it in chalk.
14:07 bob In chalk! I am honoured.
# 2026-04-29
09:30 alice {gone3}
09:31 alice Good morning! Ben spreads the frame today, so if you want to change your mind, you have until the kettle boils.
09:44 bob Never. Go ahead.
11:20 alice {clip}
11:21 alice 130 mm on the dot.
11:25 bob That is strangely moving.
11:26 bob When could I pick it up?
11:40 alice Friday after four. Bring the hubs, and the kettle, we want to see the famous kettle.
11:41 bob {both}
11:43 alice Understood. That is a serious kettle.
11:43 bob {late}
16:31 alice {invoice}
16:32 alice The rest is 500, here or by transfer. No hurry.
16:36 bob Transferred. It says it arrives tomorrow.
16:37 alice {state}
16:38 bob See you on Friday then 🚲
16:40:00 alice See you on Friday, Bob. Number 12, the blue door. Ring twice.
`

// bob writes the model chat. Alice and Bob each deleted what they regretted,
// and one message of Bob's never reached Alice.
func (w *world) bob() {
	m := w.media
	workshop := m.photo("workshop.jpg", 1280, 960)
	late := text("(Sent while offline) Does number 12 have a bell or a knocker?")
	late.only = "bob"
	w.draft(747).play(bobScript, map[string]part{
		"row":      image(m.photo("herons.jpg", 600, 400), "five herons.jpg", asURL),
		"voice":    audio(m.sound("doorbell.wav", 9), "voice-0418.wav", asURL),
		"gone1":    text("Between us: the coffee place next door is better than your tea.").deletedAs(header, "bob"),
		"drawing":  image(m.photo("drawing.png", 480, 360), "my bike, final, really.png", asURL),
		"rack":     image(m.photo("rack.jpg", 480, 360), "rack.jpg", asURL),
		"spec":     file(m.document("heron-54.pdf", "Kettle & Chain", "Heron touring frame, 54 cm, green   480", "Rear rack, steel   107", "Spreading to 130 mm   25", "Total   612"), "Heron 54 (Bob).pdf", asURL),
		"gone2":    text("I would have paid 650.").deletedAs(bare, "bob"),
		"note":     image(m.photo("note.jpg", 480, 360), "what is one more.jpg", asURL),
		"workshop": image(workshop, "workshop.jpg", asURL),
		"recalled": text("Is it very rude to ask for a discount on the discount?").recalledAs(original, "bob", 4, 50*time.Second),
		"paid":     custom(110, `{"order":1041,"state":"paid"}`).withPayload(`{"source":"checkout","amount":{"value":"100.00","currency":"EUR"},"trace":"7f3a-1041"}`),
		"gone3":    text("Ben says the green one has a dent?? I did not hear that from him.").deletedAs(header, "alice"),
		"clip":     video(m.film("spreading.mp4", 65, 720, 1280), "spreading.mp4", asURL),
		"both":     items(text("Hubs and kettle, exhibits A and B:"), image(m.photo("hubs.jpg", 480, 360), "hubs.jpg", asJSON), image(m.photo("kettle.jpg", 360, 480), "kettle.jpg", asJSON)),
		"late":     late,
		"invoice":  file(m.document("invoice-1041.pdf", "Kettle & Chain", "Invoice 1041", "Heron 54, rack, spreading   600", "Deposit   -100", "Due   500"), "invoice-1041.pdf", asURL),
		"state":    custom(110, `{"order":1041,"state":"complete","pickup":"2026-05-01T16:00:00+08:00"}`),
	}).between("alice", "bob")
}
