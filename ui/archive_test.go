package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

// archive is a slowService whose chats are written by the test.
type archive struct {
	slowService
	chats  map[history.Chat][]string // raw messages, the oldest first
	unread map[history.Chat]int      // of these, the newest that the service does not give yet
	bySeq  map[int64]string          // what is answered for a MsgSeq that was asked for alone
	refuse func(call string) error   // what a call fails with; may be nil
}

func newArchive(perPage int) *archive {
	a := &archive{chats: map[history.Chat][]string{}, unread: map[history.Chat]int{}, bySeq: map[int64]string{}}
	a.perPage = perPage
	return a
}

// began is the time of the first message of a chat that write makes.
var began = time.Date(2026, 4, 1, 9, 0, 0, 0, shanghai)

// write adds messages to a chat, the oldest first. What a message does not say is
// made up: alice's text of that MsgSeq, a minute after the one before.
func (a *archive) write(t testing.TB, c history.Chat, list ...map[string]any) {
	t.Helper()
	for _, given := range list {
		seq := len(a.chats[c]) + 1
		fields := map[string]any{
			"Sender": "alice", "MsgType": 1, "MsgBody": fmt.Sprintf("message %d", seq),
			"MsgId": idOf(seq), "MsgSeq": seq, "MsgTime": began.Add(time.Duration(seq) * time.Minute).UnixMilli(),
		}
		maps.Copy(fields, given)
		maps.DeleteFunc(fields, func(_ string, value any) bool { return value == nil })
		raw, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		a.chats[c] = append(a.chats[c], string(raw))
	}
}

// idOf is the MsgId of the message that write gives a MsgSeq: beyond 2^53, as they
// are.
func idOf(seq int) int64 { return 971503777289036729 + int64(seq) }

// fill adds so many messages to a chat, some of which say something else.
func (a *archive) fill(t testing.TB, c history.Chat, n int, special map[int]map[string]any) *archive {
	t.Helper()
	for seq := range n {
		a.write(t, c, special[seq+1])
	}
	return a
}

// says is a message of a text.
func says(s string) map[string]any { return map[string]any{"MsgBody": s} }

func (a *archive) asks(ctx context.Context, what string) error {
	if err := a.called(ctx, what); err != nil {
		return err
	}
	if a.refuse != nil {
		return a.refuse(what)
	}
	return nil
}

// QueryConversationList lists the chats of a user and all groups, each changed
// when its last message was sent.
func (a *archive) QueryConversationList(ctx context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	if err := a.asks(ctx, "list "+r.FromUserId); err != nil {
		return nil, err
	}
	var list []zim.Conversation
	for c, all := range a.chats {
		conv := zim.Conversation{ConvId: c.Peer, UpdateTime: zim.ReadMessage([]byte(all[len(all)-1])).MsgTime}
		if c.IsGroup() {
			conv.ConvId, conv.ConvType = c.Group, zim.Group
		}
		if c.IsGroup() || c.User == r.FromUserId {
			list = append(list, conv)
		}
	}
	slices.SortFunc(list, func(a, b zim.Conversation) int { return int(a.UpdateTime - b.UpdateTime) })
	var raw []string
	for _, c := range list {
		raw = append(raw, fmt.Sprintf(`{"ConvId":%q,"ConvType":%d,"UpdateTime":%d}`, c.ConvId, c.ConvType, c.UpdateTime))
	}
	return zim.ReadConversationPage([]byte(fmt.Sprintf(`{"Code":0,"TotalCount":%d,"Next":0,"List":[%s]}`, len(raw), strings.Join(raw, ",")))), nil
}

func (a *archive) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return a.pageOf(ctx, history.Chat{User: r.FromUserId, Peer: r.ToUserId}, r.Next)
}

func (a *archive) QueryGroupMsg(ctx context.Context, r zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return a.pageOf(ctx, history.Chat{Group: r.GroupId}, r.Next)
}

// pageOf returns messages, the newest first; Next is how many are older.
func (a *archive) pageOf(ctx context.Context, c history.Chat, next zim.Next) (*zim.MessagePage, error) {
	if err := a.asks(ctx, fmt.Sprintf("%s%s %s", c.Peer, c.Group, next)); err != nil {
		return nil, err
	}
	from := len(a.chats[c]) - a.unread[c]
	if next != "" {
		fmt.Sscan(string(next), &from)
	}
	to := max(from-a.perPage, 0)
	list := slices.Clone(a.chats[c][to:from])
	slices.Reverse(list)
	return zim.ReadMessagePage([]byte(fmt.Sprintf(`{"Code":0,"Next":%d,"List":[%s]}`, to, strings.Join(list, ",")))), nil
}

// QueryMessagesByMsgSeq answers what bySeq has, or else what the chat has; one that
// is recalled there was recalled by carol.
func (a *archive) QueryMessagesByMsgSeq(ctx context.Context, r zim.QueryMessagesByMsgSeqRequest) (*zim.MessagePage, error) {
	if err := a.asks(ctx, fmt.Sprintf("seq %v of %s by %s", r.MsgSeqList, r.ConvId, r.FromUserId)); err != nil {
		return nil, err
	}
	chat := history.Chat{User: r.FromUserId, Peer: r.ConvId}
	if r.ConvType == zim.Group {
		chat = history.Chat{Group: r.ConvId}
	}
	var list []string
	for _, seq := range r.MsgSeqList {
		raw, given := a.bySeq[seq]
		for _, m := range a.chats[chat] {
			switch known := zim.ReadMessage([]byte(m)); {
			case given || known.MsgSeq != seq:
			case known.Envelope().IsEmpty == zim.Revoked:
				raw = fmt.Sprintf(`{"MsgType":31,"IsEmpty":2,"MsgSeq":%d,"MsgBody":{"user_id":"carol","revoke_time":1700000000000,"msg_status":16}}`, seq)
			default:
				raw = m
			}
		}
		if raw != "" {
			list = append(list, raw)
		}
	}
	return zim.ReadMessagePage([]byte(`{"Code":0,"MessageList":[` + strings.Join(list, ",") + `]}`)), nil
}

// only returns a refuse that fails the calls that have something in their name.
func only(part string) func(string) error {
	return func(call string) error {
		if strings.Contains(call, part) {
			return errNoRoute
		}
		return nil
	}
}

// read opens the chat of alice and bob.
func read(t testing.TB, a *archive, w, h int) *terminal {
	t.Helper()
	return start(t, Config{Client: a, User: "alice", Chat: aliceAndBob, Zones: []*time.Location{shanghai, time.UTC}}, w, h)
}

// say opens a prompt with a key, types a line in the place of what stands there,
// and accepts it.
func (term *terminal) say(key, line string) {
	term.t.Helper()
	term.press(key + " ctrl+u")
	term.write(line)
	term.press("enter")
}

// lastRow is the status line.
func (term *terminal) lastRow() string {
	rows := strings.Split(term.shows(), "\n")
	return strings.TrimSpace(rows[len(rows)-1])
}

// seqs returns the MsgSeqs of items.
func (m *messages) seqs(items []int) (seqs []int64) {
	for _, item := range items {
		seqs = append(seqs, m.at(item).MsgSeq)
	}
	return seqs
}

func (m *messages) selectedSeq() int64 { return m.at(m.selected).MsgSeq }

// finish answers until nothing is under way.
func (h *heldTerminal) finish() {
	for h.waiting != nil {
		h.answer()
	}
}

// held returns a terminal that answers nothing by itself from here on.
func (term *terminal) held() *heldTerminal { return &heldTerminal{terminal: term} }

// say is that of terminal, with nothing answered.
func (h *heldTerminal) say(key, line string) {
	h.send(keyOf(h.t, key))
	h.send(keyOf(h.t, "ctrl+u"))
	for _, r := range line {
		h.send(keyOf(h.t, string(r)))
	}
	h.send(keyOf(h.t, "enter"))
}
