package emulator

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"backscroll/zim"
)

const kindsScript = `
# 2026-04-24
10:00 dave Hi, it's Dave, I write your app. I'll use our chat to send one of everything. Please don't answer.
10:01 alice Understood, I am a wall.
10:02 dave Text first:
10:02 dave {text}
10:02 dave {lines}
10:03 dave {payload}
10:03 dave {long}
10:05 dave {command}
10:05 dave {barrage}
10:06 dave {system}
# 2026-04-27
09:30 dave Media as the SDK sends it, the body encoded in each way that we have seen:
09:30 dave {image}
09:31 dave {imageForm}
09:31 dave {imageJSON}
09:31 dave {imageValues}
09:32 dave {imageObject}
09:32 dave {file}
09:33 dave {audio}
09:33 dave {video}
09:35 dave And as our server sends it:
09:35 dave {serverImage}
09:35 dave {serverFile}
09:36 dave {serverAudio}
09:36 dave {serverVideo}
09:36 dave {serverPlain}
09:38 dave Now the ones that make my parser cry:
09:38 dave {broken}
09:38 dave {half}
09:39 dave {noName}
09:40 dave {numbers}
# 2026-04-28
14:00 dave {items}
14:00 dave {itemStrings}
14:01 dave {serverItems}
14:02 dave {combined}
14:03 dave {custom}
14:03 dave {customText}
14:03 dave {customDeep}
14:04 dave {customObject}
14:05 dave {unknown}
14:10 dave {recalledHeader}
14:10 dave {recalledOriginal}
14:11 dave {recalledNotice}
14:12 dave {noticeUser}
14:12 dave {noticeSystem}
14:12 dave {noticeServer}
14:13 dave {noticeManager}
14:13 dave {noticeOwner}
14:13 dave {noticeAudit}
14:20 dave {deletedBare}
14:20 dave {deletedBare}
14:21 dave {deletedZeros}
14:21 dave {deletedHeader}
14:22 dave {misspelt}
# 2026-04-29
10:50 dave {disbanded}
10:50 dave {tip99}
10:51 dave {idString}
10:52 dave {empty}
10:53 dave {newer}
10:55 dave And what was in last week's bug reports:
10:55 dave {payloadCut}
10:55 dave {payloadURL}
10:56 dave {payloadBase64}
10:56 dave {payloadLong}
10:57 dave {imageMixed}
10:57 dave {stringCut}
10:58 dave {latin}
11:04 alice Are you done?
11:05 dave One of everything. You were a very good wall.
`

// kinds writes the one chat that has every kind of message and every shape of
// body.
func (w *world) kinds() {
	parts := map[string]part{
		"text":    text("Plain words, https://kettle-and-chain.example/heron?size=54&colour=green#rack, and a number: 4200000000000000001."),
		"lines":   text("Three lines:\n  the second is indented,\n\nand the third comes after an empty one."),
		"payload": text("This one has an extension field.").withPayload(`{"trace":"b7e1","client":{"os":"android","version":"5.14.2"},"tags":["vip","refund"]}`),
		"long":    text(manual()),
		"command": plain(zim.TypeCommand, "dHlwaW5nOnRydWU="),
		"barrage": plain(zim.TypeBarrage, "🚲 💨 first!"),
		"system":  plain(zim.TypeSystem, `{"event":"shift_started","desk":3}`),

		"combined":     forwarded("Alice and Bob", "Alice: Is the frame still there in 54?\nBob: Yes, two of them. Shall I keep one?\nAlice: [image]"),
		"custom":       custom(110, `{"order":1042,"state":"shipped","items":[{"sku":"HER-54-G","qty":1,"price":480.00}],"note":null,"id":9007199254740993}`),
		"customText":   custom(3, "not JSON, just a sub type of ours"),
		"customDeep":   custom(120, `{"card":"{\"title\":\"Inner JSON\",\"button\":\"{\\\"label\\\":\\\"and once more\\\"}\"}"}`),
		"customObject": plain(zim.TypeCustom, asObject.encode(map[string]any{"typing": false, "draft": "an object in place of a string"})),
		"unknown":      plain(777, `{"from":"the future","wheels":3}`),

		"disbanded": plain(zim.TypeTips, asURL.encode(tip{Type: 2, Op: person{UserID: "dave", Role: 1, Name: "Dave Osei"}, Targets: []person{}, Name: "Old beta testers"})),
		"tip99":     plain(zim.TypeTips, asJSON.encode(tip{Type: 99, Op: person{UserID: "dave", Role: 3, Name: "Dave Osei"}, Targets: []person{}})),
		"idString":  text("My MsgId is a string."),
		"empty":     text(""),
		"newer":     plain(zim.TypeSystem, asObject.encode(map[string]any{"mention": []string{"alice"}, "reply_to": 812})),
	}
	reports(parts)
	s := parts["idString"]
	s.idString = true
	parts["idString"] = s
	w.mediaKinds(parts)
	goneKinds(parts)
	w.draft(9001).play(kindsScript, parts).between("alice", "dave")
}

// reports adds what apps got wrong.
func reports(parts map[string]part) {
	parts["payloadCut"] = text("Our payload was cut at 40 bytes.").withPayload(`{"trace":"b7e1","client":{"os":"android"`)
	parts["payloadURL"] = text("Here somebody URL-encoded it.").withPayload(percent(`{"trace":"b7e2","tags":["refund"]}`))
	parts["payloadBase64"] = text("And here it went through base64.").withPayload(base64.StdEncoding.EncodeToString([]byte(`{"trace":"b7e3","device":9007199254740993}`)))
	parts["payloadLong"] = text("This one is longer than the service documents.").withPayload(`{"notes":"` + strings.Repeat("squeaks, ", 120) + `"}`)
	parts["imageMixed"] = plain(zim.TypeImage, percent(`{"file_name":"1`)+"+"+percent(`1 is 2.jpg","file_size":"1"}`))
	parts["stringCut"] = custom(121, `{"card":"{\"title\":\"The inner JSON ends here"}`)
	parts["latin"] = text("Sent by the till from 1998: Caf" + oldByte).asBytes()
}

// mediaKinds adds media in both structures and all encodings.
func (w *world) mediaKinds(parts map[string]part) {
	m := w.media
	photo, ring := m.photo("sample.jpg", 480, 360), m.sound("bell.wav", 3)
	sheet := m.document("specimen.pdf", "Kettle & Chain", "A page for testing (with brackets)")
	film := m.film("wheel.mp4", 12, 480, 640)
	parts["image"] = image(photo, "sample 100%.jpg", asURL)
	parts["imageForm"] = image(photo, "sample + plus.jpg", asForm)
	parts["imageJSON"] = image(photo, "sample.jpg", asJSON)
	parts["imageValues"] = image(photo, "sample & friends.jpg", asValues)
	parts["imageObject"] = image(photo, "sample.jpg", asObject)
	parts["file"] = file(sheet, "specimen.pdf", asURL)
	parts["audio"] = audio(ring, "bell.wav", asURL)
	parts["video"] = video(film, "wheel.mp4", asURL)
	parts["serverImage"] = serverMedia(zim.TypeImage, photo, "sample.jpg", asURL)
	parts["serverFile"] = serverMedia(zim.TypeFile, sheet, "specimen.pdf", asJSON)
	parts["serverAudio"] = serverMedia(zim.TypeAudio, ring, "bell.wav", asURL)
	parts["serverVideo"] = serverMedia(zim.TypeVideo, film, "wheel.mp4", asObject)
	parts["serverPlain"] = serverMedia(zim.TypeImage, photo, "sample.jpg", asValues)
	parts["broken"] = plain(zim.TypeImage, "%7B%22md5%22%3A%22d41d8cd9%ZZ")
	parts["half"] = plain(zim.TypeImage, `{"file_name":"cut off in the mid`)
	parts["noName"] = part{kind: zim.TypeFile, body: func(base string) any {
		return asURL.encode(map[string]any{"download_url": sheet.url(base)})
	}}
	parts["numbers"] = part{kind: zim.TypeVideo, body: func(base string) any {
		return asURL.encode(map[string]any{"download_url": film.url(base), "file_name": "numbers, not strings.mp4",
			"file_size": len(film.bytes()), "media_duration": film.seconds, "video_first_frame_width": "240"})
	}}
	parts["items"] = items(text("Four things at once:"), image(photo, "sample.jpg", asObject),
		file(sheet, "specimen.pdf", asObject), custom(110, `{"order":1042}`))
	parts["itemStrings"] = items(text("The same, in strings."), video(film, "wheel.mp4", asJSON),
		audio(ring, "bell.wav", asURL))
	parts["serverItems"] = serverItems(text("From our server."), serverMedia(zim.TypeImage, photo, "sample.jpg", asObject),
		custom(4, "receipt"))
}

// goneKinds adds what is left of messages that are gone, and the notices.
func goneKinds(parts map[string]part) {
	words := text("I should not have said that.").withPayload(`{"mood":"regret"}`)
	parts["recalledHeader"] = words.recalledAs(header, "dave", 4, 20*time.Second)
	parts["recalledOriginal"] = words.recalledAs(original, "dave", 4, 20*time.Second)
	parts["recalledNotice"] = words.recalledAs(notice, "dave", 4, 20*time.Second)
	for name, status := range map[string]int{"User": 4, "System": 8, "Server": 12, "Manager": 16, "Owner": 20, "Audit": 24} {
		parts["notice"+name] = words.asNotice("dave", status, time.Minute)
	}
	parts["deletedBare"] = words.deletedAs(bare, "")
	parts["deletedZeros"] = words.deletedAs(zeros, "")
	parts["deletedHeader"] = words.deletedAs(header, "")
	misspelt := words.deletedAs(header, "")
	misspelt.isEempy = true
	parts["misspelt"] = misspelt
}

// manual is a text of exactly 32 KB, the most that a message can hold.
func manual() string {
	const size = 32 << 10
	steps := []string{
		"Turn the bicycle over and look at it from below; most of what is wrong is there.",
		"Spin the wheel. It should stop where it likes, not where it must.",
		"Count the teeth, then count them again, then write the number on your hand.",
		"Oil is for chains, grease is for bearings, and patience is for brakes.",
		"If a bolt does not move, wait. If it still does not move, put the kettle on.",
		"Tighten until it is tight, then stop; the thread remembers everything.",
	}
	var b strings.Builder
	b.WriteString("The Kettle & Chain workshop manual, in one message\n")
	for i := 1; b.Len() < size; i++ {
		fmt.Fprintf(&b, "\n%d. %s", i, steps[i*i%7%len(steps)])
	}
	const end = "\nThe end."
	return b.String()[:size-len(end)] + end
}
