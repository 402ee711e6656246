package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

func TestNamesComeInBatchesOnceEach(t *testing.T) {
	var ids []string
	for i := range 250 {
		ids = append(ids, fmt.Sprintf("user%03d/%d", i, 1700000000000+i))
	}
	s := &listService{pages: map[zim.Next]string{"": listPage("0", ids...)}}
	s.named = true
	term := start(t, Config{Client: s, User: "u"}, 120, 20)
	if want := []string{"users 100", "users 100", "users 50"}; !slices.Equal(s.lookups, want) {
		t.Errorf("looked up %v", s.lookups)
	}
	if got := term.shows(); !strings.Contains(got, "user249  USER249") || !strings.Contains(got, " 250 conversations") {
		t.Errorf("screen:\n%s", got)
	}
	term.press("/")
	term.write("user24")
	if got := ids250(term); got != 10 {
		t.Errorf("%d conversations match", got)
	}
	term.press("esc r")
	if len(s.lookups) != 3 {
		t.Errorf("looked up again: %v", s.lookups[3:])
	}
}

func ids250(term *terminal) int { return len(term.m.conversations.shown) }

func TestNamesAreSearchedAndMissingOnesCounted(t *testing.T) {
	config := sample(t)
	term := start(t, config, 120, 30)
	term.press("/")
	term.write("moreau")
	if got := ids(&term.m.conversations); got != "" { // alice does not talk to herself
		t.Errorf("moreau lets through %q", got)
	}
	term.press("esc /")
	term.write("lindq")
	if got := ids(&term.m.conversations); got != "bob" {
		t.Errorf("lindq lets through %q", got)
	}

	s := &listService{pages: map[zim.Next]string{"": listPage("0", "a/1700000000000", "b/1700000000001")}}
	s.noNames = true
	term = start(t, Config{Client: s, User: "u"}, 120, 30)
	if got := term.shows(); !strings.Contains(got, "names: no route to host") || len(s.lookups) != 1 {
		t.Errorf("screen:\n%s", got)
	}
	if term.press("j"); !strings.Contains(term.shows(), "names failed") {
		t.Errorf("screen:\n%s", term.shows())
	}
	s.noNames, s.named = false, true
	term.press("r")
	if got := term.shows(); !strings.Contains(got, "b  B") || !strings.Contains(got, " 2 conversations") {
		t.Errorf("after the retry:\n%s", got)
	}
}

func TestAGroupIsNamedWhenItIsOnScreen(t *testing.T) {
	s := &listService{pages: map[zim.Next]string{"": `{"Code":0,"Next":0,"List":[{"ConvId":"g1","ConvType":2,"UpdateTime":1700000000000},{"ConvId":"g2","ConvType":2,"UpdateTime":1700000000001}]}`}}
	term := start(t, Config{Client: s, User: "u"}, 120, 12)
	if want := []string{"group g2 by u", "group g1 by u"}; !slices.Equal(s.lookups, want) || !strings.Contains(term.shows(), "* g1  G1") {
		t.Errorf("looked up %v\n%s", s.lookups, term.shows())
	}
}

func TestOneRefusalDoesNotHoldUpTheOtherNames(t *testing.T) {
	var list []string
	for i := range 40 {
		list = append(list, fmt.Sprintf("user%02d/%d", i, 1700000000000+i))
	}
	s := &listService{pages: map[zim.Next]string{"": listPage("0", list...)}}
	s.named, s.refused = true, "user17"
	term := start(t, Config{Client: s, User: "u"}, 120, 50)
	for i := range 40 {
		id := fmt.Sprintf("user%02d", i)
		if named := strings.Contains(term.shows(), id+"  "+strings.ToUpper(id)); named == (id == s.refused) {
			t.Errorf("%s is named: %v", id, named)
		}
	}
	if len(s.lookups) > 20 {
		t.Errorf("%d calls for one refusal: %v", len(s.lookups), s.lookups)
	}
}

func TestWhoRecalledIsAskedOnce(t *testing.T) {
	config := sample(t)
	config.Chat = history.Chat{User: "alice", Peer: "dave"}
	term := start(t, config, 120, 40)
	if got := term.shows(); strings.Contains(got, "     recalled\n") || !strings.Contains(got, "recalled by ") {
		t.Errorf("a recalled row is not explained:\n%s", got)
	}

	s := &slowService{perChat: 60, perPage: 60, recalled: true}
	term = start(t, Config{Client: s, User: "alice", Chat: history.Chat{Group: "g"}}, 120, 30)
	m := &term.m.messages
	term.press("b b b b b b b b g G b b")
	asked := map[string]int{}
	for _, l := range s.lookups {
		if list, ok := strings.CutPrefix(l, "recalls ["); ok {
			list, rest, _ := strings.Cut(list, "]")
			if rest != " of group g by alice" {
				t.Errorf("asked %q", l)
			}
			for seq := range strings.FieldsSeq(list) {
				asked[seq]++
			}
			if n := len(strings.Fields(list)); n > zim.MaxMsgSeqs {
				t.Errorf("%d in one call", n)
			}
		}
	}
	for seq, n := range asked {
		if n != 1 {
			t.Errorf("message %s was asked for %d times", seq, n)
		}
	}
	if len(asked) != m.log.Len()/4 || !strings.Contains(term.shows(), "recalled by carol at 22:13, by a group manager") {
		t.Errorf("%d asked for:\n%s", len(asked), term.shows())
	}
}

// downService fails every request until it is up.
type downService struct {
	http.RoundTripper
	up atomic.Bool
}

func (d *downService) RoundTrip(r *http.Request) (*http.Response, error) {
	if !d.up.Load() {
		return nil, errNoRoute
	}
	return d.RoundTripper.RoundTrip(r)
}

func TestPausesAreShownAndCanBeStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := &downService{RoundTripper: inProcess{emulator.New(emulator.WithRate(0))}}
		client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"),
			zim.WithTransport(down), zim.WithJitter(func(d time.Duration) time.Duration { return d }))
		if err != nil {
			t.Fatal(err)
		}
		p := run(t, Config{Client: client, Chat: aliceAndBob}, 100, 24)
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		p.model(func(m *Model) {
			if got := ansi.Strip(m.View().Content); !strings.Contains(got, "no route to host") || !strings.Contains(got, "   attempt 2 of 3 in ") || !strings.Contains(got, " s · esc stops") {
				t.Errorf("screen:\n%s", got)
			}
		})
		begun := time.Now()
		p.press("esc")
		p.model(func(m *Model) {
			if m.messages.edge != edgeFailed || !strings.Contains(m.View().Content, "r retries") || time.Since(begun) > 100*time.Millisecond {
				t.Errorf("edge %d after %v:\n%s", m.messages.edge, time.Since(begun), m.View().Content)
			}
		})
		down.up.Store(true)
		p.press("r")
		p.waits()
		p.model(func(m *Model) {
			if m.messages.log.Len() < 50 {
				t.Errorf("%d loaded", m.messages.log.Len())
			}
		})
		p.quits()
		p.waits()
	})
}

// TestTheChatGoesBeforeTheCalls: on a narrow screen the side of a chat is named,
// and the count of calls gives way.
func TestTheChatGoesBeforeTheCalls(t *testing.T) {
	s := &slowService{perChat: 50, perPage: 100, traffic: zim.Traffic{Calls: 1, Limit: 5}}
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 80, 24)
	if got := term.shows(); !strings.Contains(got, "alice → bob, alice's side · 2023-11-14 23:03 · seq 50") || strings.Contains(got, "calls/s") || !strings.Contains(got, "50 loaded, older: no") {
		t.Errorf("screen:\n%s", got)
	}
}

func TestTrafficIsCounted(t *testing.T) {
	s := &slowService{perChat: 50, perPage: 100, traffic: zim.Traffic{Calls: 1, Limit: 5, ClockOffset: 25*time.Minute + 10*time.Second}}
	term := start(t, Config{Client: s, Chat: aliceAndBob}, 160, 24)
	if got := term.shows(); !strings.Contains(got, "clock 25 min slow · 50 loaded, older: no · 1 of 5 calls/s") {
		t.Errorf("screen:\n%s", got)
	}
}
