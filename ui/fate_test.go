package ui

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"backscroll/zim"
	"backscroll/zim/history"
)

// recalledRow is a recalled message: nothing is left of it but its place.
func recalledRow(more map[string]any) map[string]any {
	row := map[string]any{"Sender": "bob", "IsEmpty": 2, "MsgBody": ""}
	for k, v := range more {
		row[k] = v
	}
	return row
}

// dossier opens the inspector on a message.
func dossier(t *testing.T, a *archive, seq int64) *terminal {
	t.Helper()
	term := read(t, a, 320, 50)
	term.say("t", fmt.Sprint("seq ", seq))
	if !term.m.inspector.open {
		term.press("enter")
	}
	return term
}

const fullNotice = `{"MsgType":31,"IsEmpty":2,"MsgSeq":5,"MsgBody":{"user_id":"carol","revoke_time":1775005595000,"msg_type":200,"payload":"{\"why\":\"a typo\u009b\"}","msg_status":16}}`

func TestTheDossierOfARecall(t *testing.T) {
	a := newArchive(100).fill(t, aliceAndBob, 20, map[int]map[string]any{5: recalledRow(nil)})
	a.bySeq[5] = fullNotice
	a.named = true
	dossier(t, a, 5).wants("What became of it",
		"recalled by   carol · CAROL", "by right of   by a group manager (msg_status 16)", "when          2026-04-01 09:06:35 +08:00",
		"after sending 1 min 35 s", "what it was   custom (200)", "note left     {\"why\":\"a typo\\u{009B}\"}",
		"its text      not known: this session saw it only", "list was not looked at: a shows it")

	a.bySeq[5] = `{"MsgType":31,"IsEmpty":2,"MsgSeq":5,"MsgBody":{"user_id":"","revoke_time":0}}`
	dossier(t, a, 5).wants("not known: the notice has no user_id", "not known: the notice has no msg_status",
		"not known: the notice has no revoke_time", "not known: it takes both", "not known: the notice has no msg_type", "note left     none")

	a.bySeq[5] = `{"IsEmpty":1}`
	dossier(t, a, 5).wants("recalled by   not known: the service gave no notice of it")

	a.refuse = only("seq [5]")
	dossier(t, a, 5).wants("not known: asking for the notice failed: r in the messages asks again")

	a = newArchive(100).fill(t, aliceAndBob, 20, map[int]map[string]any{5: recalledRow(map[string]any{"MsgTime": 1775005700000})})
	a.bySeq[5] = fullNotice
	dossier(t, a, 5).wants("after sending minus 1 min 45 s: one of the two times is wrong")
}

// TestADossierLearns: a notice that comes while the inspector is open is shown.
func TestADossierLearns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newArchive(100).fill(t, aliceAndBob, 20, map[int]map[string]any{20: recalledRow(nil)})
		a.wait = time.Second
		p := run(t, Config{Client: a, Chat: aliceAndBob}, 160, 50)
		time.Sleep(1500 * time.Millisecond) // the page is there, the notice is not
		p.press("enter")
		p.model(func(m *Model) { (&terminal{t, m}).wants("recalled by   not known: the service is being asked") })
		p.waits()
		p.model(func(m *Model) { (&terminal{t, m}).wants("recalled by   carol") })
		p.quits()
	})
}

// TestTheTextOfWhatIsGone: each place where this session had seen it is named.
func TestTheTextOfWhatIsGone(t *testing.T) {
	other := aliceAndBob.OtherSide()
	a := newArchive(100).
		fill(t, aliceAndBob, 20, map[int]map[string]any{
			5: recalledRow(nil), 6: {"IsEmpty": 1, "MsgBody": ""}, 7: recalledRow(map[string]any{"MsgBody": "still here", "Payload": "p7"}),
			9: {"MsgType": 31, "MsgBody": map[string]any{"user_id": "dave", "revoke_time": 1775005595000}}}).
		fill(t, other, 20, map[int]map[string]any{5: says("line one\nline two"), 6: says("bob kept it")})
	term := dossier(t, a, 7)
	term.wants("its text      the row itself has it:", "still here", "payload       p7")
	term = dossier(t, a, 6)
	term.wants("deleted by    not known: no answer says who", "expired       not known: how long messages are kept is not told: :retention 30", "its text      not known")
	term.press("esc")
	term.press("a a")
	term.say("t", "seq 6")
	term.press("enter")
	term.wants("its text      bob's list, as it was loaded:", "bob kept it")
	term.press("esc k enter")
	term.wants("its text      bob's list", "line one", "line two")
	term.press("esc")
	term.say("t", "seq 9")
	term.press("enter")
	term.wants("recalled by   dave", "its text      bob's list, as it was loaded:", "message 9")
	term.press("esc j enter")
	if strings.Contains(term.shows(), "What became") {
		t.Errorf("of a message that is there:\n%s", term.shows())
	}
}

// TestTheTextOfWhatWasRecalledMeanwhile: what a list had before is not lost, nor is
// what a bookmark has; the same text is told once.
func TestTheTextOfWhatWasRecalledMeanwhile(t *testing.T) {
	a := newArchive(100).fill(t, aliceAndBob, 20, map[int]map[string]any{20: says("I would rather not have said so")})
	term := read(t, a, 320, 50)
	term.press("m")
	gone := newArchive(100).fill(t, aliceAndBob, 20, map[int]map[string]any{20: recalledRow(nil)})
	raw := gone.chats[aliceAndBob][19]
	term.m.messages.log.Revise(zim.ReadMessagePage([]byte(`{"Code":0,"Next":0,"List":[` + raw + `]}`)))
	term.press("enter")
	term.wants("its text      seen in this list before it was gone, and its bookmark has", "I would rather not have said so")
	if n := strings.Count(term.shows(), "its text"); n != 1 {
		t.Errorf("told %d times:\n%s", n, term.shows())
	}
}

// TestTheDossierOfAFile asks nobody.
func TestTheDossierOfAFile(t *testing.T) {
	a := newArchive(100).fill(t, history.Chat{Peer: "f.jsonl"}, 20, map[int]map[string]any{20: recalledRow(nil)})
	term := start(t, Config{Client: a, Offline: true, Chat: history.Chat{Peer: "f.jsonl"}, Inspect: true}, 320, 50)
	term.wants("recalled by   not known: the row has no notice, and a file cannot be asked")
	for _, call := range a.asked() {
		if strings.HasPrefix(call, "seq") {
			t.Errorf("asked %q", call)
		}
	}
}

func TestElapsed(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 999 * time.Millisecond: "999 ms", time.Second: "1 s", 59 * time.Second: "59 s", 60 * time.Second: "1 min",
		95 * time.Second: "1 min 35 s", time.Hour: "1 h", time.Hour + time.Second: "1 h", 26 * time.Hour: "1 d 2 h",
		400*24*time.Hour + 5*time.Minute: "400 d",
	} {
		if got := elapsed(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// TestEveryLineOfADossierFits, whatever the notice and the texts are.
func TestEveryLineOfADossierFits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.StringOfN(rapid.RuneFrom([]rune("ab 陈晓\x1b\u009d\u202e🚲\n%")), 0, 300, -1)
		a := newArchive(100)
		a.fill(t, aliceAndBob, 5, map[int]map[string]any{5: recalledRow(map[string]any{
			"MsgType": rapid.SampledFrom([]int{1, 11, 31, 100, 200, 777}).Draw(rt, "type"),
			"MsgBody": words.Draw(rt, "body"), "Payload": words.Draw(rt, "payload"),
		})})
		a.bySeq[5] = fmt.Sprintf(`{"MsgType":31,"IsEmpty":2,"MsgSeq":5,"MsgBody":{"user_id":%q,"revoke_time":%d,"msg_status":%d,"payload":%q}}`,
			words.Draw(rt, "who"), rapid.Int64().Draw(rt, "when"), rapid.IntRange(0, 99).Draw(rt, "right"), words.Draw(rt, "note"))
		w := rapid.IntRange(minWidth, 170).Draw(rt, "width")
		term := read(t, a, w, 30)
		term.press("enter")
		for i, l := range strings.Split(term.m.View().Content, "\n") {
			if n := cellsOf(l); n > w {
				rt.Fatalf("%d wide: line %d has %d cells", w, i, n)
			}
		}
	})
}
