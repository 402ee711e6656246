package emulator

import (
	"strings"
	"time"
)

// draft is a chat that is being written, oldest message first.
type draft struct {
	w      *world
	number uint64 // of the chat: no two share one
	seq    int64  // of the message before
	day    time.Time
	last   int64 // ms
	rows   []message
}

// draft begins a chat whose first message has that MsgSeq: those before it have
// left the retained history.
func (w *world) draft(firstSeq int64) *draft {
	w.chats++
	return &draft{w: w, number: w.chats, seq: firstSeq - 1}
}

// play adds the messages of a script, which has three kinds of lines:
//
//	# 2026-04-28            the day
//	14:01 bob Good morning  a text; \n in it is a new line
//	14:02 bob {photo}       the part of that name
//
// A time without seconds gets some, after the message before.
func (d *draft) play(script string, parts map[string]part) *draft {
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		first, rest, ok := strings.Cut(line, " ")
		if !ok {
			panic("emulator: no such line in a script: " + line)
		}
		if first == "#" {
			day, err := time.ParseInLocation(time.DateOnly, rest, shopTime)
			must(err)
			d.day = day
			continue
		}
		sender, says, _ := strings.Cut(rest, " ")
		p := text(strings.ReplaceAll(says, `\n`, "\n"))
		if name, ok := strings.CutPrefix(says, "{"); ok {
			if p, ok = parts[strings.TrimSuffix(name, "}")]; !ok {
				panic("emulator: no such part: " + says)
			}
		}
		d.add(first, sender, p)
	}
	return d
}

// add writes one message at a time of the draft's day, "15:04" or "15:04:05".
func (d *draft) add(clock, sender string, p part) {
	layout, exact := "15:04", len(clock) > 5
	if exact {
		layout = time.TimeOnly
	}
	t, err := time.Parse(layout, clock)
	must(err)
	at := d.day.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second).UnixMilli()
	if chance := int64(mix(d.w.seed, d.number, uint64(d.seq)) >> 1); !exact {
		at += chance % 20_000
		if at <= d.last {
			at = d.last + 3_000 + chance%9_000
		}
	}
	if at <= d.last {
		panic("emulator: " + sender + " at " + clock + " speaks before the message before")
	}
	d.write(at, sender, p)
}

// write adds a message at a time in ms.
func (d *draft) write(at int64, sender string, p part) {
	d.seq++
	d.last = at
	d.rows = append(d.rows, message{part: p, sender: sender, seq: d.seq, time: at,
		id: messageID(d.w.seed, at, d.number, d.seq)})
}

// messageID is beyond 2^53, grows with time, and is unique as long as a chat
// has less than 1024 messages in one ms and the world 4096 chats.
func messageID(seed uint64, at int64, chat uint64, seq int64) int64 {
	const year2015 = 1_420_070_400_000
	return (at-year2015)<<22 | int64((chat+seed)%4096)<<10 | seq%1024
}

// side is the list of one user, or of a group if the user is "". A deleted part
// is a gap on the side that deleted it, and a part that is kept for one user
// alone is not there for anybody else.
func (d *draft) side(userID string) thread {
	var rows thread
	for _, m := range d.rows {
		if m.only != "" && m.only != userID {
			if m.empty == kept {
				continue
			}
			m.empty = kept
		}
		rows = append(rows, m)
	}
	return rows
}

// between stores the draft as a one-on-one chat, on both sides.
func (d *draft) between(a, b string) {
	d.w.register(a, b)
	d.w.keep(a, b, d.side(a))
	d.w.keep(b, a, d.side(b))
}
