package emulator

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// scene is one exchange; w says what begins with "w:", alice the rest. {a} is a
// part, {b} a bicycle, {n} a number.
type scene []string

var walterScenes = []scene{
	{"w: Good morning. The {a} on the {b} makes a noise like a small goose.", "a: Good morning, Walter. When pedalling, or when coasting?", "w: When thinking about it.", "a: Then bring it in, we will think about it together.", "w: I put it on the stand myself: {n} drops of oil and the goose is gone.", "a: The goose always comes back. Oil it again on Sunday."},
	{"w: Do you have a {a} for a {b}, built before anybody wrote sizes on things?", "a: I have one in the drawer that nobody opens. Shall I open it?", "w: Please. Carefully.", "a: It is there, in its paper. {n} and it's yours.", "w: Sold. I'll come when the rain stops."},
	{"w: I have counted the spokes of the {b}. There are {n}.", "a: That is an odd number, even if it is even.", "w: One was a knitting needle.", "a: Who does that?", "w: My aunt. It held for eleven years.", "a: Then we take it out with respect.", "w: With respect, and a new spoke.", "a: And the {a}, since the wheel is out anyway?", "w: You know me."},
	{"a: Walter, the {a} you ordered has arrived.", "w: Already? I ordered it yesterday.", "a: You ordered it in February.", "w: That explains the weather."},
	{"w: A question of principle: steel or aluminium for a {a}?", "a: Steel.", "w: You did not ask what for.", "a: It's a question of principle.", "w: Ha! {n} points for you."},
	{"w: Yesterday {n} km on the {b}, against the wind both ways.", "a: Both ways?", "w: It turned when I did.", "a: And the {a}?", "w: Did not make a sound. I kept checking whether it was still there.", "a: The best kind of {a}."},
	{"w: Can I leave the {b} with you until Thursday? The shed is being painted.", "a: Of course. Which colour?", "w: My wife says sage. I say green.", "a: Ben says champagne.", "w: Ben is not allowed in the shed."},
	{"w: I tried to fit the {a} with the instructions upside down.", "a: How far did you get?", "w: Step four of seven.", "a: Walter.", "w: It's very firmly on.", "a: Please do not ride it. I'll send Ben by after closing.", "w: Tell him there is soup.", "a: He has left already."},
	{"w: My grandson wants to know why the {b} has only three gears.", "a: Slow, home, and downhill.", "w: He says that's the best explanation so far."},
	{"w: How much is a {a}, roughly? I need to tell somebody a lower number.", "a: About {n}. What does somebody think?", "w: Somebody thinks that it's a tenth of that.", "a: Then tell somebody that it lasts ten times as long.", "w: You should be a diplomat."},
	{"w: Found a {b} at the flea market. No brakes, no chain, no saddle.", "a: So you found a gate.", "w: A gate with a head badge from 19{n}!", "a: Send a photo of the badge, please.", "w: Tomorrow, in daylight. It deserves daylight.", "a: You bought it, didn't you?", "w: I bought it before I wrote."},
	{"a: Walter, did you take a {a} home by mistake? Raj counts one less.", "w: I'd never!", "w: ...", "w: It was in my coat pocket. I'm on my way.", "a: Finish your tea first. Raj has stopped counting."},
	{"w: The club rides on Sunday, {n} of us, if the knees allow.", "a: How many knees is that?", "w: On a good day, all of them.", "a: Take a spare {a}, the road by the mill is bad.", "w: I always do. I have two. One for me and one for whoever forgot.", "a: Somebody always forgets.", "w: Somebody is usually me."},
	{"w: Thank you for the {a}. Fits like a sentence with a full stop.", "a: That is the nicest thing anybody said about a {a}."},
	{"w: Is it normal that the {b} pulls to the left?", "a: Is it the road, the wind, or the rider?", "w: I leaned it against three walls to find out.", "a: And?", "w: It leans.", "a: We'll check the fork. {n} minutes, no charge if it's straight.", "w: And if it's not?", "a: Then we bend it back, and never speak of it."},
	{"w: Do you still fix {a}s, or does one throw them away now?", "a: Some throw them away. We fix them.", "w: That is why I write to you and not to some."},
	{"w: I polished the {b}. I can see my face in the {a}.", "a: And, how does it look?", "w: Convex.", "a: That'll be the hub.", "w: I hoped you'd say that."},
	{"a: We close early today, the compressor is on strike.", "w: What does it want?", "a: A new {a}.", "w: Fair. I have one in the shed, and {n} that don't fit anything.", "a: You are a treasure. With a shed.", "w: I'm a shed with a treasure."},
}

var (
	walterParts = []string{"bottom bracket", "freewheel", "dynamo", "cotter pin", "brake shoe", "headset", "saddle spring",
		"chainguard", "mudguard stay", "pedal axle", "hub gear", "bell", "rim", "lamp bracket", "luggage strap", "crank"}
	walterBikes = []string{"three-speed", "postman's bicycle", "tandem", "Heron", "folding one", "roadster", "delivery trike",
		"blue one", "winter bicycle", "butcher's bicycle"}
)

const walterDays = 34 // of talk, the last one being 28 April

// walter writes the regular who writes every day: some three hundred messages,
// long enough to scroll through.
func (w *world) walter() {
	d := w.draft(2210)
	random := rand.New(rand.NewPCG(w.seed, hash("walter")))
	badge := image(w.media.photo("badge.jpg", 400, 400), "head badge.jpg", asURL)
	queue := append(random.Perm(len(walterScenes)), random.Perm(len(walterScenes))...)
	queue = append(queue, random.Perm(len(walterScenes))...)
	last := time.Date(2026, 4, 28, 17, 35, 0, 0, shopTime)
	start := last.AddDate(0, 0, -walterDays)
	for i, n := range queue {
		at := start.AddDate(0, 0, (i+1)*walterDays/len(queue))
		hour := 9 + random.IntN(3)
		if i > 0 && at.Day() == start.AddDate(0, 0, i*walterDays/len(queue)).Day() {
			hour = 14 + random.IntN(2)
		}
		d.day = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, shopTime)
		now := max(d.day.Add(time.Duration(hour)*time.Hour).UnixMilli(), d.last+int64(time.Hour/time.Millisecond))
		a, b := choose(walterParts, random.Uint64()), choose(walterBikes, random.Uint64())
		number := 11 + random.IntN(80)
		for _, line := range walterScenes[n] {
			sender, says := "alice", strings.NewReplacer("{a}", a, "{b}", b, "{n}", strconv.Itoa(number)).Replace(line[3:])
			if line[0] == 'w' {
				sender = "walter"
			}
			now += 15_000 + random.Int64N(200_000)
			d.write(now, sender, text(says))
			if strings.Contains(says, "in daylight") {
				now += 4_000
				d.write(now, sender, badge)
			}
		}
	}
	d.day = time.Date(2026, 4, 28, 0, 0, 0, 0, shopTime)
	d.add("17:31", "walter", text("One more thing, and then I'm quiet until tomorrow: thank you, all of you."))
	d.add("17:32", "alice", text("Quiet until tomorrow? Are you ill?"))
	d.add("17:35:00", "walter", text("Soup is getting cold."))
	d.between("alice", "walter")
}
