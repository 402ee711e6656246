package emulator

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// generated is a list whose rows are made as they are asked for: row i depends
// on i and the seed alone, so any of them costs the same.
type generated struct {
	n    int
	make func(i int) message
}

func (g generated) len() int         { return g.n }
func (g generated) at(i int) message { return g.make(i) }

// find needs no search: row 0 has MsgSeq 1, and none is missing.
func (g generated) find(seq int64) (message, bool) {
	if seq > int64(g.n) {
		return message{}, false
	}
	return g.make(int(seq - 1)), true
}

const (
	archiveSize = 100_000
	burstSize   = 8 // messages that follow each other closely
	dayBursts   = 5
)

// The hours at which the bursts of a day begin.
var burstHours = [dayBursts]time.Duration{
	9 * time.Hour, 10*time.Hour + 40*time.Minute, 13*time.Hour + 15*time.Minute, 15 * time.Hour, 17 * time.Hour,
}

// archiveEnd is the day of the newest messages of the archive.
var archiveEnd = time.Date(2026, 4, 17, 0, 0, 0, 0, shopTime)

// burstTime returns when message i of n was sent, in ms: in bursts, five a day,
// back from the day end.
func burstTime(seed uint64, end time.Time, i, n int) int64 {
	burst := (n-1)/burstSize - i/burstSize // 0 is the newest
	day := end.AddDate(0, 0, -(burst / dayBursts))
	at := day.Add(burstHours[dayBursts-1-burst%dayBursts]).UnixMilli()
	chance := mix(seed, uint64(i))
	return at + int64(i%burstSize)*70_000 + int64(chance%60_000)
}

var archiveLines = []string{
	"Order {n} is packed: {a}, {a}.",
	"Order {n} left at noon.",
	"Can {n} go out today? The customer rides on Saturday.",
	"{n} is waiting for a {b}.",
	"The {b} for {n} came in the wrong size.",
	"Yes, before four.",
	"No, tomorrow at the earliest.",
	"Who signed for {n}?",
	"Signed by the neighbour, with a smiley.",
	"Please add a {b} to {n}, on the house.",
	"Done.",
	"The label of {n} fell off. Found it under the {b}.",
	"Return for {n}: {b}, unopened.",
	"Refund for {n} is on its way.",
	"{n} and {m} go to the same street, one trip is enough.",
	"Counted: {a} in stock.",
	"Thank you!",
	"Invoice for {n} is corrected, it said two where it should say one.",
	"The courier was early. The courier is never early.",
	"Closing {n}.",
}

var archiveParts = []string{"chain", "inner tube", "saddle", "bell", "brake cable", "pedal", "rear light", "bar tape",
	"tyre", "pump", "bottle cage", "mudguard", "kickstand", "lock", "spoke", "rim tape", "basket", "reflector"}

// archive is the chat of 100,000 messages: MsgSeq 1 to 100,000, since 2019.
func (w *world) archive() {
	w.chats++
	number := w.chats
	label := image(w.media.photo("label.jpg", 320, 240), "label.jpg", asURL)
	l := generated{archiveSize, func(i int) message {
		seq := int64(i + 1)
		at := burstTime(w.seed, archiveEnd, i, archiveSize)
		m := message{part: archivePart(w.seed, uint64(i), label), sender: "archive", seq: seq, time: at,
			id: messageID(w.seed, at, number, seq)}
		if mix(w.seed, hash("sender"), uint64(i)/2)%2 == 0 {
			m.sender = "alice"
		}
		if m.recall.status > 0 {
			m.recall.by = m.sender
		}
		return m
	}}
	w.register("archive")
	w.keep("alice", "archive", l)
	w.keep("archive", "alice", l)
}

// archivePart is what message i says.
func archivePart(seed, i uint64, label part) part {
	chance := mix(seed, hash("archive"), i)
	order := 100 + int(i/9)
	piece := func(k uint64) string { return choose(archiveParts, mix(chance, k)) }
	p := text(strings.NewReplacer(
		"{n}", strconv.Itoa(order), "{m}", strconv.Itoa(order+1),
		"{a}", fmt.Sprintf("%d× %s", 2+chance>>8%7, piece(1)), "{b}", piece(2),
	).Replace(choose(archiveLines, chance>>16)))
	switch chance % 97 {
	case 0, 1, 2:
		return custom(110, fmt.Sprintf(`{"order":%d,"state":%q}`, order, choose([]string{"open", "packed", "shipped", "closed"}, chance>>20)))
	case 3:
		return label
	case 4:
		return p.recalledAs(header, "", 4, 30*time.Second)
	case 5:
		return p.deletedAs(bare, "")
	}
	return p
}

const (
	warehouseChats = 1024 // the service lists 1000 of them
	warehouseEnd   = 5    // hours before Epoch at which the last of them ends
)

var warehouseLines = []string{
	"Delivery {n} has left, {b} boxes.",
	"Delivery {n} has arrived, thank you.",
	"We are short of one {p}.",
	"The missing {p} comes with the next van.",
	"Could you send {b} more of the {p}?",
	"On the van tomorrow.",
	"Pallet {n} was labelled upside down.",
	"It was the right way up when it left.",
}

// warehouse is the user with more conversations than the service lists: one for
// each shop that is supplied.
func (w *world) warehouse() {
	for k := range warehouseChats {
		id := fmt.Sprintf("shop%04d", k+1)
		w.users[id] = fmt.Sprintf("%s of %s", choose(shopKinds, mix(w.seed, uint64(k))), choose(towns, mix(w.seed, uint64(k), 1)))
		w.chats++
		key, number := mix(w.seed, hash(id)), w.chats
		end := Epoch.Add(-warehouseEnd*time.Hour - time.Duration(k)*97*time.Minute)
		n := 3 + int(key%10)
		l := generated{n, func(i int) message {
			at := end.UnixMilli() - int64(n-1-i)*190_000 - int64(mix(key, uint64(i))%120_000)
			says := strings.NewReplacer("{n}", strconv.Itoa(2000+k), "{b}", strconv.Itoa(2+i), "{p}", choose(archiveParts, key+uint64(i))).
				Replace(choose(warehouseLines, key>>8+uint64(i)))
			return message{part: text(says), sender: []string{"warehouse", id}[i%2], seq: int64(i + 1), time: at,
				id: messageID(w.seed, at, number, int64(i+1))}
		}}
		w.keep("warehouse", id, l)
		w.keep(id, "warehouse", l)
	}
}

var (
	shopKinds = []string{"Cyclery", "Bike shed", "Wheelhouse", "Spokes & Co", "Pedal point", "Velo corner", "Saddlery"}
	towns     = []string{"Aarle", "Birkhall", "Castelo Novo", "Dunmere", "Eskby", "Fonteval", "Grünau", "Hollow End",
		"Issenbach", "Jarovo", "Kilbride", "Lindal", "Monte Seco", "Norrby", "Ostwick", "Pinefield"}
)
