package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim"
	"backscroll/zim/history"
)

// slowService answers every call after a while, from lists made up as they are
// asked for, and remembers who called.
type slowService struct {
	wait     time.Duration
	perChat  int // messages of every chat
	perPage  int
	lastFail int  // calls up to this number fail
	recalled bool // every fourth message is
	odd      bool // some rows have nothing but IsEmpty, some text is long, days change

	mu         sync.Mutex
	calls      []string
	goroutines []string
	cancelled  int
	lookups    []string

	named   bool   // users have names
	noNames bool   // every look-up of names fails
	refused string // the user that the service refuses to look up
	traffic zim.Traffic
}

var errNoRoute = errors.New("no route to host")

func (s *slowService) called(ctx context.Context, what string) error {
	s.mu.Lock()
	s.calls = append(s.calls, what)
	s.goroutines = append(s.goroutines, goroutine())
	n := len(s.calls)
	s.mu.Unlock()
	select {
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		s.cancelled++
		return ctx.Err()
	case <-time.After(s.wait):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n <= s.lastFail {
		return errNoRoute
	}
	return nil
}

// failUntil has all calls up to that one fail.
func (s *slowService) failUntil(call int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastFail = call
}

func (s *slowService) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// goroutine returns the header of the stack trace: `goroutine 7`.
func goroutine() string {
	buf := make([]byte, 64)
	words := bytes.Fields(buf[:runtime.Stack(buf, false)])
	return string(words[1])
}

func (s *slowService) QueryConversationList(ctx context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	if err := s.called(ctx, "list "+r.FromUserId); err != nil {
		return nil, err
	}
	return zim.ReadConversationPage([]byte(`{"Code":0,"TotalCount":2,"Next":0,"List":[
		{"ConvId":"carol","UpdateTime":1700000000000},{"ConvId":"bob","UpdateTime":1700000001000}]}`)), nil
}

func (s *slowService) QueryUserInfos(ctx context.Context, r zim.QueryUserInfosRequest) (*zim.UserInfos, error) {
	s.lookedUp(fmt.Sprintf("users %d", len(r.UserIds)))
	if s.noNames {
		return nil, errNoRoute
	}
	if s.refused != "" && slices.Contains(r.UserIds, s.refused) {
		return nil, &zim.Error{Action: "QueryUserInfos", Code: zim.BadParameter}
	}
	var found []zim.UserInfo
	for _, id := range r.UserIds {
		if !s.named {
			break
		}
		found = append(found, zim.UserInfo{UserId: id, UserName: strings.ToUpper(id)})
	}
	return &zim.UserInfos{Result: found}, ctx.Err()
}

func (s *slowService) QueryGroupInfo(ctx context.Context, r zim.QueryGroupInfoRequest) (*zim.GroupInfo, error) {
	s.lookedUp("group " + r.GroupId + " by " + r.FromUserId)
	return &zim.GroupInfo{GroupId: r.GroupId, GroupName: strings.ToUpper(r.GroupId)}, ctx.Err()
}

func (s *slowService) QueryMessagesByMsgSeq(ctx context.Context, r zim.QueryMessagesByMsgSeqRequest) (*zim.MessagePage, error) {
	s.lookedUp(fmt.Sprintf("recalls %v of %s %s by %s", r.MsgSeqList, r.ConvType, r.ConvId, r.FromUserId))
	var list []string
	for _, seq := range r.MsgSeqList {
		list = append(list, fmt.Sprintf(`{"MsgType":31,"IsEmpty":2,"MsgSeq":%d,"MsgBody":{"user_id":"carol","revoke_time":1700000000000,"msg_status":16}}`, seq))
	}
	return zim.ReadMessagePage([]byte(`{"Code":0,"MessageList":[` + strings.Join(list, ",") + `]}`)), ctx.Err()
}

// lookedUp remembers a look-up and its goroutine.
func (s *slowService) lookedUp(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lookups = append(s.lookups, what)
	s.goroutines = append(s.goroutines, goroutine())
}

func (s *slowService) Traffic() zim.Traffic { return s.traffic }

func (s *slowService) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return s.page(ctx, r.FromUserId+"→"+r.ToUserId, r.Next)
}

func (s *slowService) QueryGroupMsg(ctx context.Context, r zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return s.page(ctx, "*"+r.GroupId, r.Next)
}

// page returns messages by turns of the two sides; Next is the MsgSeq to go on at.
func (s *slowService) page(ctx context.Context, chat string, next zim.Next) (*zim.MessagePage, error) {
	if err := s.called(ctx, chat+" "+string(next)); err != nil {
		return nil, err
	}
	from := s.perChat
	if next != "" {
		fmt.Sscan(string(next), &from)
	}
	var list []string
	for seq := from; seq > max(from-s.perPage, 0); seq-- {
		if s.odd && seq%5 < 2 {
			list = append(list, []string{`{"IsEmpty":1}`, fmt.Sprintf(`{"IsEmpty":1,"MsgSeq":%d}`, seq)}[seq%2])
			continue
		}
		if s.recalled && seq%4 == 0 {
			list = append(list, fmt.Sprintf(`{"Sender":"bob","IsEmpty":2,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`, 971503777289036729+seq, seq, 1700000000000+int64(seq)*s.pace()))
			continue
		}
		list = append(list, fmt.Sprintf(`{"Sender":"%s","MsgType":1,"MsgBody":"message %d of %s","MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`,
			[]string{"alice", "bob"}[seq/3%2], seq, chat, 971503777289036729+seq, seq, 1700000000000+int64(seq)*s.pace()))
	}
	return zim.ReadMessagePage([]byte(fmt.Sprintf(`{"Code":0,"Next":%d,"List":[%s]}`, max(from-s.perPage, 0), strings.Join(list, ",")))), nil
}

// pace is the time between two messages, in ms.
func (s *slowService) pace() int64 {
	if s.odd {
		return 1_700_000 // about 50 messages a day
	}
	return 60_000
}

// spy runs functions on the update goroutine, so that a test can look at the
// model, and remembers which goroutine that is.
type spy struct {
	*Model
	updates *sync.Map
}

func (s spy) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	s.updates.Store(goroutine(), true)
	if look, ok := msg.(func(*Model)); ok {
		look(s.Model)
		return s, nil
	}
	_, cmd := s.Model.Update(msg)
	return s, cmd
}

// program is a real tea.Program inside a synctest bubble.
type program struct {
	t       *testing.T
	p       *tea.Program
	updates sync.Map
	done    chan error
}

func run(t *testing.T, c Config, w, h int) *program {
	t.Helper()
	p := &program{t: t, done: make(chan error, 1)}
	c.Zones = []*time.Location{time.UTC}
	p.p = tea.NewProgram(spy{New(t.Context(), c), &p.updates}, tea.WithInput(nil), tea.WithOutput(io.Discard),
		tea.WithoutSignalHandler(), tea.WithWindowSize(w, h))
	go func() {
		_, err := p.p.Run()
		p.done <- err
	}()
	return p
}

func (p *program) press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.p.Send(keyOf(p.t, k))
	}
	synctest.Wait()
}

// model calls f with the model, on the goroutine that may read it.
func (p *program) model(f func(*Model)) {
	done := make(chan struct{})
	p.p.Send(func(m *Model) { f(m); close(done) })
	<-done
}

// waits lets the time pass that everything under way needs.
func (p *program) waits() {
	time.Sleep(time.Minute)
	synctest.Wait()
}

func (p *program) quits() {
	p.t.Helper()
	p.press("Q")
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("the program ended with %v", err)
		}
	case <-time.After(time.Minute):
		p.t.Errorf("the program goes on, with\n%s", p.shows())
		p.p.Kill()
		<-p.done
	}
}

var aliceAndBob = history.Chat{User: "alice", Peer: "bob"}

func TestThreePressesMakeOneFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 500, perPage: 100}
		p := run(t, Config{Client: s, Chat: aliceAndBob}, 80, 24)
		p.waits()
		p.press("g") // the oldest: there a fetch begins
		before := len(s.asked())
		p.press("k", "k", "k", "g", "k")
		if got := s.asked()[before-1:]; len(got) != 1 || got[0] != "alice→bob 400" {
			t.Errorf("asked %v", got)
		}
		p.waits()
		p.model(func(m *Model) {
			if m.messages.log.Len() != 200 {
				t.Errorf("%d loaded", m.messages.log.Len())
			}
		})
		p.quits()
	})
}

func TestASwitchDropsTheOldAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 50, perPage: 100}
		p := run(t, Config{Client: s, User: "alice"}, 120, 24)
		p.waits()
		p.press("enter") // bob
		p.press("tab")
		p.press("j", "enter") // carol, before bob's answer is there
		p.waits()
		p.model(func(m *Model) {
			if got := m.messages.chat.Peer; got != "carol" || m.messages.log.Len() != 50 {
				t.Fatalf("chat %q, %d loaded", got, m.messages.log.Len())
			}
			for i := range m.messages.log.Len() {
				if raw := string(m.messages.log.At(i).Raw); !strings.Contains(raw, "alice→carol") {
					t.Fatalf("another chat's message: %s", raw)
				}
			}
		})
		if s.cancelled != 1 {
			t.Errorf("%d requests were cancelled", s.cancelled)
		}
		p.quits()
	})
}

// TestLateAnswersAreDropped hands the model answers that it no longer awaits.
func TestLateAnswersAreDropped(t *testing.T) {
	s := &slowService{perChat: 50, perPage: 100}
	term := start(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
	page, _ := s.page(t.Context(), "late", "")
	list, _ := s.QueryConversationList(t.Context(), zim.QueryConversationListRequest{})
	before, listed := term.m.messages.log.Len(), len(term.m.conversations.all)
	for _, off := range []int{-2, -1, 1} {
		term.send(messagesMsg{number: term.m.messages.request.number + off, page: page})
		term.send(messagesMsg{number: term.m.messages.request.number + off, err: errNoRoute})
		term.send(conversationsMsg{number: term.m.conversations.request.number + off, page: list})
		term.send(conversationsMsg{number: term.m.conversations.request.number + off, err: errNoRoute})
	}
	if term.m.messages.log.Len() != before || term.m.messages.err != nil || len(term.m.conversations.all) != listed || term.m.conversations.err != nil {
		t.Error("a late answer was applied")
	}
}

func TestAnErrorThenARetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 250, perPage: 100}
		p := run(t, Config{Client: s, Chat: aliceAndBob}, 80, 24)
		p.waits()
		s.lastFail = 2
		p.press("g")
		p.waits()
		p.model(func(m *Model) {
			if m.messages.edge != edgeFailed || m.messages.log.Len() != 100 || !strings.Contains(m.View().Content, "no route to host") || !strings.Contains(m.View().Content, "r retries") {
				t.Errorf("edge %d, %d loaded:\n%s", m.messages.edge, m.messages.log.Len(), m.View().Content)
			}
		})
		p.press("k", "k")
		if n := len(s.asked()); n != 2 {
			t.Errorf("%d calls: a failed fetch is repeated unasked", n)
		}
		p.press("r")
		p.waits()
		p.model(func(m *Model) {
			if m.messages.edge == edgeFailed || m.messages.log.Len() != 200 {
				t.Errorf("after the retry: edge %d, %d loaded", m.messages.edge, m.messages.log.Len())
			}
		})
		p.quits()
	})
}

func TestAnErrorOfTheFirstPageAndOfTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Second, perChat: 50, perPage: 100, lastFail: 2}
		p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 120, 24)
		p.waits()
		p.model(func(m *Model) {
			if got := m.View().Content; strings.Count(got, "no route to host") != 2 {
				t.Errorf("the errors are not both shown:\n%s", got)
			}
		})
		p.press("r") // asks for both
		p.waits()
		p.model(func(m *Model) {
			if m.messages.log.Len() != 50 || len(m.conversations.all) != 2 {
				t.Errorf("after the retries: %d messages, %d conversations", m.messages.log.Len(), len(m.conversations.all))
			}
		})
		p.quits()
	})
}

// TestAFailedEdgeKeepsTheLines: neither the error nor the retry moves a line, and
// the keys at the edge do no harm (an error has more rows than what replaces it).
func TestAFailedEdgeKeepsTheLines(t *testing.T) {
	for _, keys := range []string{"g", "g K", "g J", "g K K K", "g J J", "g ctrl+u"} {
		s := &slowService{perChat: 250, perPage: 100}
		term := start(t, Config{Client: s, Chat: aliceAndBob}, 50, 14)
		s.lastFail = 1000
		held := &heldTerminal{terminal: term}
		held.answer()
		for k := range strings.FieldsSeq(keys) {
			held.send(keyOf(t, k))
			for held.waiting != nil {
				before := bodies(&term.m.messages)
				held.answer()
				sameRows(t, keys+", failed", before, bodies(&term.m.messages))
			}
		}
		if term.m.messages.edge != edgeFailed {
			t.Fatalf("%s: edge %d", keys, term.m.messages.edge)
		}
		s.lastFail = 0
		before := bodies(&term.m.messages)
		held.send(keyOf(t, "r"))
		sameRows(t, keys+", retried", before, bodies(&term.m.messages))
		held.answer()
		sameRows(t, keys+", answered", before, bodies(&term.m.messages))
		if term.m.messages.log.Len() != 200 {
			t.Errorf("%s: %d loaded", keys, term.m.messages.log.Len())
		}
	}
}

func sameRows(t *testing.T, when string, before, after map[int]string) {
	t.Helper()
	for row, line := range before {
		if after[row] != line {
			t.Errorf("%s: row %d was %q and is %q", when, row, line, after[row])
		}
	}
}

func TestReloadBringsWhatIsNew(t *testing.T) {
	s := &slowService{perChat: 100, perPage: 30}
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 80, 24)
	m := &term.m.messages
	term.press("r")
	if !strings.Contains(term.shows(), "nothing new") || m.log.At(0).MsgSeq != 100 {
		t.Errorf("screen:\n%s", term.shows())
	}
	s.perChat = 175 // three pages
	term.press("r")
	if !strings.Contains(term.shows(), "75 new messages") || m.log.At(0).MsgSeq != 175 || m.selected != 0 {
		t.Errorf("newest %d, selected %d:\n%s", m.log.At(0).MsgSeq, m.selected, term.shows())
	}
	for i := range m.log.Len() - 1 {
		if m.log.At(i).MsgSeq != m.log.At(i+1).MsgSeq+1 {
			t.Fatalf("message %d is followed by %d", m.log.At(i).MsgSeq, m.log.At(i+1).MsgSeq)
		}
	}
	term.press("k k k k k k k k k k k k k k k k k k k k k k k k k k k k k k")
	before, selected := bodies(m), m.log.At(m.selected).MsgSeq
	s.perChat = 180
	term.press("r")
	sameRows(t, "new messages below", before, bodies(m))
	if m.log.At(0).MsgSeq != 180 || m.log.At(m.selected).MsgSeq != selected {
		t.Errorf("newest %d, selected %d, was %d", m.log.At(0).MsgSeq, m.log.At(m.selected).MsgSeq, selected)
	}
	s.lastFail = 1000
	term.press("r")
	if !strings.Contains(term.shows(), "not reloaded: no route to host") || m.log.At(0).MsgSeq != 180 {
		t.Errorf("screen:\n%s", term.shows())
	}
}

func TestReloadKeepsTheScreenAndHidesNothing(t *testing.T) {
	s := &slowService{perChat: 300, perPage: 100}
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 80, 24)
	m := &term.m.messages
	term.press(strings.Repeat("K ", 30)) // the selection is still the newest
	before := bodies(m)
	term.press("r")
	sameRows(t, "nothing new", before, bodies(m))
	s.perChat = 305
	term.press("r")
	sameRows(t, "five new", before, bodies(m))

	s.perChat = 305 + 100*maxGoalPages + 50 // more than is asked for
	term.press("r")
	if gaps := m.log.Gaps(); len(gaps) > 0 || m.log.At(0).MsgSeq != int64(s.perChat) {
		t.Errorf("gaps %v, newest %d of %d", gaps, m.log.At(0).MsgSeq, s.perChat)
	}
}

func TestTheOtherSideIsFoundPastDeletedRows(t *testing.T) {
	s := &slowService{odd: true, perChat: 600, perPage: 20} // many pages end in rows without a time
	term := start(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 100, 24)
	m := &term.m.messages
	for m.log.At(m.selected).MsgSeq > 420 || m.log.At(m.selected).MsgId == 0 {
		term.press("k")
	}
	at, _ := m.log.At(m.selected).Time()
	row := m.hold().row
	term.press("a")
	if got, _ := m.log.At(m.selected).Time(); !got.Equal(at) || m.chat.User != "bob" {
		t.Errorf("%v is shown, not %v", got, at)
	}
	if got := m.hold().row; got != row {
		t.Errorf("on row %d, not %d", got, row)
	}
}

func TestQuittingWhileLoading(t *testing.T) {
	for _, key := range []string{"Q", "ctrl+c"} {
		synctest.Test(t, func(t *testing.T) {
			s := &slowService{wait: time.Hour, perChat: 50, perPage: 100}
			p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 80, 24)
			time.Sleep(time.Second)
			begun := time.Now()
			p.press(key)
			if err := <-p.done; err != nil || time.Since(begun) > 100*time.Millisecond {
				t.Errorf("%s: %v after %v", key, err, time.Since(begun))
			}
			p.waits()
			if s.cancelled != 2 {
				t.Errorf("%d of 2 requests were cancelled", s.cancelled)
			}
		})
	}
}

func TestNoCallOnTheUpdateGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: time.Millisecond, perChat: 1000, perPage: 100}
		p := run(t, Config{Client: s, User: "alice"}, 160, 50)
		p.waits()
		for _, k := range strings.Fields("enter g g G a r T B B esc j enter g ? esc enter tab r ctrl+k") {
			p.press(k)
			p.waits()
		}
		p.press("esc")
		p.quits()
		if len(s.calls) < 8 {
			t.Errorf("only %d calls: %v", len(s.calls), s.calls)
		}
		for i, g := range s.goroutines {
			if _, bad := p.updates.Load(g); bad {
				t.Errorf("call %d was made on the update goroutine", i)
			}
		}
	})
}

func TestTheSpinnerComesLateAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{wait: 2 * time.Second, perChat: 50, perPage: 100}
		p := run(t, Config{Client: s, Chat: aliceAndBob}, 80, 24)
		frameAfter := func(d time.Duration) (frame int) {
			time.Sleep(d)
			synctest.Wait()
			p.model(func(m *Model) { frame = m.frame })
			return frame
		}
		if f := frameAfter(100 * time.Millisecond); f != 0 {
			t.Errorf("frame %d after 100 ms", f)
		}
		if f := frameAfter(400 * time.Millisecond); f < 3 {
			t.Errorf("frame %d after 500 ms", f)
		}
		if f := frameAfter(time.Minute); f != 0 {
			t.Errorf("frame %d with nothing under way", f)
		}
		p.quits()
	})
}
