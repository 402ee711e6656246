package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"backscroll/zim"
	"backscroll/zim/history"
)

// liveService is a chat of alice and bob in which something happens, and notes when
// it was asked for its newest page and for the list.
type liveService struct {
	slowService

	state        sync.Mutex
	rows         []string // newest first
	bob, carol   int64    // when their conversations changed, ms
	err          error    // what calls fail with
	polls, lists []time.Time
	underWay     int
	most         int // under way at a time
}

func livesWith(n int) *liveService {
	s := &liveService{slowService: slowService{wait: 50 * time.Millisecond}, bob: 1_700_000_001_000, carol: 1_700_000_002_000}
	for id := 1; id <= n; id++ {
		s.rows = slices.Insert(s.rows, 0, liveRow(id, fmt.Sprint("message ", id)))
	}
	return s
}

func liveRow(id int, text string) string {
	return fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgBody":%q,"MsgId":%d,"MsgSeq":%d,"MsgTime":%d}`, text, 971503777289036729+id, id, 1_700_000_000_000+int64(id)*1000)
}

// happens changes the chat.
func (s *liveService) happens(f func()) {
	s.state.Lock()
	defer s.state.Unlock()
	f()
}

// arrives sends so many messages more.
func (s *liveService) arrives(n int) {
	s.happens(func() {
		for range n {
			s.rows = slices.Insert(s.rows, 0, liveRow(len(s.rows)+1, fmt.Sprint("message ", len(s.rows)+1)))
		}
	})
}

func (s *liveService) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	s.happens(func() {
		if s.underWay++; r.Next == "" {
			s.polls = append(s.polls, time.Now())
		}
		s.most = max(s.most, s.underWay)
	})
	err := s.called(ctx, "page "+string(r.Next))
	s.state.Lock()
	defer s.state.Unlock()
	s.underWay--
	if err == nil {
		err = s.err
	}
	if err != nil {
		return nil, err
	}
	from, next := 0, 0
	fmt.Sscan(string(r.Next), &from)
	if from = max(len(s.rows)-from, 0); r.Next == "" {
		from = 0
	}
	to := min(from+100, len(s.rows))
	if to < len(s.rows) {
		next = len(s.rows) - to
	}
	return zim.ReadMessagePage(fmt.Appendf(nil, `{"Code":0,"Next":%d,"List":[%s]}`, next, strings.Join(s.rows[from:to], ","))), nil
}

func (s *liveService) QueryConversationList(ctx context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	s.happens(func() { s.lists = append(s.lists, time.Now()) })
	if err := s.called(ctx, "list"); err != nil {
		return nil, err
	}
	s.state.Lock()
	defer s.state.Unlock()
	return zim.ReadConversationPage(fmt.Appendf(nil, `{"Code":0,"TotalCount":3,"Next":0,"List":[
		{"ConvId":"dave","UpdateTime":1700000000000},{"ConvId":"bob","UpdateTime":%d},{"ConvId":"carol","UpdateTime":%d}]}`, s.bob, s.carol)), nil
}

// asked returns when follow asked: for pages and lists together.
func (s *liveService) times() (polls, all []time.Time) {
	s.state.Lock()
	defer s.state.Unlock()
	all = slices.Concat(s.polls, s.lists)
	slices.SortFunc(all, time.Time.Compare)
	return slices.Clone(s.polls), all
}

// follows runs a program that follows bob, a minute after it opened the chat.
func follows(t *testing.T, s *liveService, h int) *program {
	t.Helper()
	p := run(t, Config{Client: s, User: "alice", Chat: aliceAndBob, Now: time.Now}, 120, h)
	p.waits()
	s.happens(func() { s.polls, s.lists = nil, nil })
	p.press("F")
	time.Sleep(time.Second)
	synctest.Wait()
	return p
}

func (p *program) screen() (screen string) {
	p.model(func(m *Model) { screen = ansi.Strip(m.View().Content) })
	return screen
}

func (p *program) passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestFollowingAdaptsItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := livesWith(30)
		p := follows(t, s, 24)
		p.passes(10 * time.Minute)
		polls, _ := s.times()
		for i := 1; i < len(polls); i++ {
			if gap := polls[i].Sub(polls[i-1]); gap < fastestPace || gap > slowestPace+time.Second || i > 1 && gap+time.Second < polls[i-1].Sub(polls[i-2]) {
				t.Errorf("poll %d after %v", i, gap)
			}
		}
		if n := len(polls); n < 25 || polls[1].Sub(polls[0]) > 4*time.Second || polls[n-1].Sub(polls[n-2]) < slowestPace {
			t.Errorf("%d polls, from %v on", n, polls[:2])
		}
		s.happens(func() { s.polls = nil })
		s.arrives(1)
		p.passes(40 * time.Second)
		if polls, _ := s.times(); len(polls) < 3 || polls[1].Sub(polls[0]) > fastestPace+time.Second {
			t.Errorf("polls at %v after news", polls)
		}
		p.quits()
	})
}

func TestFollowingKeepsToItsShare(t *testing.T) {
	for _, limit := range []float64{5, 1, 0.5} {
		synctest.Test(t, func(t *testing.T) {
			s := livesWith(30)
			s.traffic.Limit = limit
			p := follows(t, s, 24)
			for range 40 {
				s.arrives(3)
				p.passes(2 * time.Second)
			}
			s.arrives(1500) // many pages
			p.passes(5 * time.Minute)
			_, all := s.times()
			for i := 1; i < len(all); i++ {
				if gap := all[i].Sub(all[i-1]).Seconds(); gap*limit/followShare < 0.999 {
					t.Fatalf("call %d after %.2f s, where %.1f calls a second are allowed", i, gap, limit)
				}
			}
			p.model(func(m *Model) {
				if got := m.messages.log.At(0).MsgSeq; got != 30+40*3+1500 {
					t.Errorf("the newest is %d", got)
				}
			})
			p.quits()
		})
	}
}

func TestFollowingMakesOneCallAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := livesWith(30)
		p := follows(t, s, 24)
		s.wait = 7 * time.Second
		for range 20 {
			s.arrives(1)
			p.press("r")
			p.passes(3 * time.Second)
		}
		p.waits()
		if s.most != 1 {
			t.Errorf("%d calls for pages at a time", s.most)
		}
		p.model(func(m *Model) {
			if got := m.messages.log.Len(); got != 50 {
				t.Errorf("%d loaded", got)
			}
		})
		p.quits()
	})
}

func TestFollowingEnds(t *testing.T) {
	for name, end := range map[string][]string{"by F": {"F"}, "by another chat": {"esc", "g", "enter"}, "by the other side": {"a"}} {
		synctest.Test(t, func(t *testing.T) {
			s := livesWith(30)
			p := follows(t, s, 24)
			p.press("esc") // ends nothing
			p.passes(time.Minute)
			p.model(func(m *Model) {
				if !m.following.on() {
					t.Error("esc ended it")
				}
			})
			p.press("tab")
			p.press(end...)
			p.passes(5 * time.Second)
			s.happens(func() { s.polls, s.lists = nil, nil })
			p.passes(5 * time.Minute)
			if _, all := s.times(); len(all) > 0 {
				t.Errorf("%s: %d calls after it", name, len(all))
			}
			if strings.Contains(p.screen(), "F every") {
				t.Errorf("%s:\n%s", name, p.screen())
			}
			p.quits()
		})
	}
}

func TestFollowingOutlivesErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := livesWith(30)
		p := follows(t, s, 24)
		s.happens(func() { s.err, s.polls = errNoRoute, nil })
		p.passes(5 * time.Minute)
		if polls, _ := s.times(); len(polls) < 9 || len(polls) > 16 {
			t.Errorf("%d calls in 5 minutes of errors", len(polls))
		}
		if !strings.Contains(p.screen(), "no route to host") {
			t.Errorf("the error is not told:\n%s", p.screen())
		}
		p.press("k") // the notice goes
		if !strings.Contains(p.screen(), "F failed, again in 30 s") {
			t.Errorf("that it fails is not told:\n%s", p.screen())
		}
		s.happens(func() { s.err = nil })
		s.arrives(1)
		p.passes(time.Minute)
		if got := p.screen(); !strings.Contains(got, "1 new · G") || !strings.Contains(got, "F every") {
			t.Errorf("it did not go on:\n%s", got)
		}
		s.happens(func() { s.err = &zim.Error{Action: "QueryPeerMsg", Subject: "alice", Code: zim.WrongSignature} })
		p.passes(time.Minute)
		if got := p.screen(); !strings.Contains(got, "not followed any more: QueryPeerMsg") || strings.Contains(got, "F failed") {
			t.Errorf("a refusal does not end it:\n%s", got)
		}
		p.quits()
	})
}

func TestWhatIsNewScrollsInOrWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := livesWith(60)
		p := follows(t, s, 24)
		since := "new since " + time.Now().UTC().Format("15:04")
		s.arrives(2)
		p.passes(10 * time.Second)
		got := p.screen()
		if !strings.Contains(got, "message 62") || strings.Contains(got, "2 new · G") || strings.Count(got, since) != 1 || strings.Index(got, since) > strings.Index(got, "message 61") || strings.Index(got, since) < strings.Index(got, "message 60") {
			t.Errorf("at the bottom:\n%s", got)
		}
		p.press("b")
		var before map[int]string
		var selected int64
		p.model(func(m *Model) {
			before, selected = bodies(&m.messages), m.messages.at(m.messages.selected).MsgSeq
		})
		later := "new since " + time.Now().UTC().Format("15:04")
		s.arrives(5)
		p.passes(3 * time.Minute)
		p.model(func(m *Model) {
			sameRows(t, "messages came below", before, bodies(&m.messages))
			if got := m.messages.at(m.messages.selected).MsgSeq; got != selected {
				t.Errorf("seq %d is selected, it was %d", got, selected)
			}
		})
		if got := p.screen(); !strings.Contains(got, "5 new · G") {
			t.Errorf("scrolled up:\n%s", got)
		}
		p.press("G")
		got = p.screen()
		if strings.Contains(got, "new · G") || strings.Count(got, "new since") != 1 || strings.Index(got, later) < strings.Index(got, "message 62") || strings.Index(got, later) > strings.Index(got, "message 63") {
			t.Errorf("gone to the bottom, %q is not above 63:\n%s", later, got)
		}
		p.quits()
	})
}

func TestWhatBecameOfMessagesIsMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := livesWith(60)
		p := follows(t, s, 30)
		now := time.Now().UTC().Format("15:04")
		s.happens(func() {
			s.rows[0] = liveRow(60, "another text")
			s.rows[1] = fmt.Sprintf(`{"MsgId":%d,"IsEmpty":2}`, 971503777289036729+59)
			s.rows[3] = `{"IsEmpty":1}`
		})
		p.passes(10 * time.Second)
		got := p.screen()
		for _, want := range []string{
			"another text", "changed " + now + " · before: message 60",
			"recalled by carol", "was: “message 59” · as seen by this session",
			"deleted or expired", "was: “message 57” · as seen by this session",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("there is no %q:\n%s", want, got)
			}
		}
		if strings.Contains(got, "(no sender)") || strings.Count(got, "  bob  ") > 2 {
			t.Errorf("a row lost its sender:\n%s", got)
		}
		p.model(func(m *Model) {
			if m.messages.log.Len() != 60 || m.messages.news.unseen != 0 {
				t.Errorf("%d rows, %d new", m.messages.log.Len(), m.messages.news.unseen)
			}
		})
		p.press("enter")
		if got := p.screen(); !strings.Contains(got, "Before, as seen by this session") || !strings.Contains(got, "message 60") {
			t.Errorf("the inspector does not tell:\n%s", got)
		}
		p.quits()
	})
}

func TestReloadTellsWhatChanged(t *testing.T) {
	s := livesWith(60)
	s.wait = 0
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 100, 24)
	s.rows[0] = liveRow(60, "another text")
	term.press("r")
	if got := term.shows(); !strings.Contains(got, "1 changed · seq 60") || !strings.Contains(got, "another text") || strings.Contains(got, "new since") {
		t.Errorf("screen:\n%s", got)
	}
	s.rows[2], s.rows[4] = `{"IsEmpty":1}`, fmt.Sprintf(`{"MsgId":%d,"IsEmpty":2}`, 971503777289036729+56)
	s.arrives(1)
	term.press("r")
	if got := term.shows(); !strings.Contains(got, "1 new message · 1 recalled · 1 deleted or expired") {
		t.Errorf("screen:\n%s", got)
	}
	term.press("r")
	if got := term.shows(); !strings.Contains(got, "nothing new") {
		t.Errorf("screen:\n%s", got)
	}
}

// Whatever the reader does, what arrives moves no line on his screen unless he is at
// the bottom, is counted until he sees it, and is all there.
func TestFollowingProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := livesWith(rapid.IntRange(5, 120).Draw(rt, "messages"))
		s.wait = 0
		term := start(t, Config{Client: s, Chat: aliceAndBob}, 60, rapid.IntRange(10, 30).Draw(rt, "rows"))
		m := &term.m.messages
		term.press("F")
		unseen := 0
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			step := rapid.SampledFrom([]string{"k", "j", "b", "space", "G", "K", "J", "g", "poll", "poll", "poll"}).Draw(rt, "step")
			if step != "poll" {
				term.press(step)
				if m.atEnd() {
					unseen = 0
				}
				continue
			}
			n := rapid.IntRange(0, 150).Draw(rt, "arrive")
			s.arrives(n)
			before, atEnd, bottom := bodies(m), m.atEnd(), m.atEnd() && m.selected == 0
			for last := m.log.Len(); ; last = m.log.Len() {
				term.send(followMsg{term.m.following.request.number})
				if m.log.Len() == last && len(term.m.following.pages) == 0 {
					break
				}
			}
			if unseen += n; m.atEnd() {
				unseen = 0
			}
			if !atEnd {
				after := bodies(m)
				for row, line := range before {
					if after[row] != line {
						rt.Fatalf("row %d was %q and is %q", row, line, after[row])
					}
				}
			}
			if bottom && !m.atEnd() {
				rt.Fatal("the reader was left behind at the bottom")
			}
			newest := m.log.At(0).MsgSeq
			if oldest := m.log.At(m.log.Len() - 1).MsgSeq; m.news.unseen != unseen || newest != int64(len(s.rows)) || newest-oldest+1 != int64(m.log.Len()) {
				rt.Fatalf("%d are unseen, want %d; %d loaded, from %d to %d of %d", m.news.unseen, unseen, m.log.Len(), newest, oldest, len(s.rows))
			}
		}
	})
}

func TestWhatChangedIsKnownAfterAVisitElsewhere(t *testing.T) {
	s := livesWith(60)
	s.wait = 0
	term := start(t, Config{Client: s, User: "alice", Chat: aliceAndBob}, 130, 24)
	s.rows[0] = liveRow(60, "another text")
	term.press("r")
	term.opens(history.Chat{User: "alice", Peer: "carol"})
	if strings.Contains(term.shows(), "before: message 60") {
		t.Errorf("another chat:\n%s", term.shows())
	}
	term.opens(aliceAndBob)
	if !strings.Contains(term.shows(), "before: message 60") {
		t.Errorf("back again:\n%s", term.shows())
	}
}

// What became of a message is looked at by the search and the filter.
func TestAChangedMessageIsFoundAnew(t *testing.T) {
	s := livesWith(30)
	s.wait = 0
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 100, 24)
	term.press("/")
	term.write("refund")
	term.press("enter")
	s.rows[5] = liveRow(25, "a refund")
	term.press("r")
	if m := &term.m.messages; len(m.hits) != 1 || m.at(m.hits[0]).MsgSeq != 25 {
		t.Errorf("hits %v", m.hits)
	}
	s.rows[5] = liveRow(25, "no more")
	term.press("r")
	if m := &term.m.messages; len(m.hits) != 0 {
		t.Errorf("hits %v", m.hits)
	}
	term.press("esc f")
	term.write("refund")
	term.press("enter")
	s.rows[7] = liveRow(23, "a refund")
	term.press("r")
	if m := &term.m.messages; m.len() != 1 || m.at(0).MsgSeq != 23 {
		t.Errorf("%d shown:\n%s", m.len(), term.shows())
	}
}

func TestTheListMovesWhatIsNewToTheTop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := livesWith(60)
		s.happens(func() { s.bob, s.carol = 1_600_000_000_000, 1_700_000_050_000 })
		p := follows(t, s, 24)
		order := func() (ids []string) {
			p.model(func(m *Model) {
				for _, c := range m.conversations.all {
					ids = append(ids, c.ConvId)
				}
				if c, ok := m.conversations.current(); !ok || c.ConvId != "bob" {
					t.Errorf("%q is selected", c.ConvId)
				}
			})
			return ids
		}
		if got := order(); !slices.Equal(got, []string{"carol", "dave", "bob"}) {
			t.Fatalf("order %v", got)
		}
		p.passes(3 * time.Second)
		s.arrives(1) // at 1_700_000_061_000
		p.passes(4 * time.Second)
		if got := order(); !slices.Equal(got, []string{"bob", "carol", "dave"}) {
			t.Errorf("after bob wrote: %v", got)
		}
		s.happens(func() { s.bob, s.carol = 1_700_000_061_000, 1_700_000_099_000 })
		p.passes(time.Minute)
		if got := order(); !slices.Equal(got, []string{"carol", "bob", "dave"}) {
			t.Errorf("after carol wrote: %v", got)
		}
		if got := p.screen(); !strings.Contains(got, " +carol") || strings.Contains(got, "+bob") {
			t.Errorf("what is new is not marked:\n%s", got)
		}
		p.press("esc", "g", "enter") // carol
		p.passes(5 * time.Second)
		if got := p.screen(); strings.Contains(got, "+carol") {
			t.Errorf("opened, and still marked:\n%s", got)
		}
		p.quits()
	})
}
