package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

func TestConversations(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := s.run(t, "conversations --user alice --json --timezone Asia/Shanghai")
	o.wantDone(t, "")
	var names []string
	last := time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
	for line := range strings.Lines(o.stdout) {
		var c struct {
			ConvId     string
			UpdateTime int64
			Time       time.Time
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if c.Time.After(last) || c.Time.UnixMilli() != c.UpdateTime || !strings.Contains(line, `+08:00"}`) {
			t.Errorf("after %v: %s", last, line)
		}
		last = c.Time
		names = append(names, c.ConvId)
	}
	if len(names) != 23 || names[0] != "bob" || names[1] != "team" {
		t.Errorf("%d conversations: %q", len(names), names)
	}
	raw := s.run(t, "conversations --user alice --raw")
	raw.wantDone(t, "")
	if first, _, _ := strings.Cut(raw.stdout, "\n"); !strings.HasPrefix(first, `{"ConvId":"bob",`) || strings.Contains(first, `"Time"`) {
		t.Errorf("raw: %s", first)
	}
	table := s.run(t, "conversations --user alice --timezone UTC")
	table.wantDone(t, "")
	for _, want := range []string{
		"TIME                        TYPE        ID\n",
		"2026-04-29 08:40:00 +00:00  one-on-one  bob\n",
		"2026-04-29 08:31:09 +00:00  group       team\n",
		"  one-on-one  $(touch x)\n",
	} {
		if !strings.Contains(table.stdout, want) {
			t.Errorf("the table lacks %q:\n%s", want, table.stdout)
		}
	}
}

func TestTheServiceListsNoMore(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := s.run(t, "conversations --user warehouse --json")
	if n := strings.Count(o.stdout, "\n"); n != 1000 {
		t.Fatalf("%d conversations", n)
	}
	o.wantDone(t, "backscroll: these are the latest 1000 conversations; the service lists no more\n")
}

func TestFailedListOfConversations(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithHook(func(action string, n int) *emulator.Fault {
		if n > 1 {
			return &emulator.Fault{Code: zim.ConversationUnreadable}
		}
		return nil
	}))
	o := s.run(t, "conversations --user warehouse --json")
	if n := strings.Count(o.stdout, "\n"); o.code != 1 || n != 500 || !strings.HasPrefix(o.stderr, "backscroll: read conversations: stopped after 500: QueryConversationList") {
		t.Errorf("exit code %d, %d conversations, %s", o.code, n, o.stderr)
	}
}

// TestListWithoutEnd: a service that always names a new Next, and lists nothing
// that it did not list before.
func TestListWithoutEnd(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{"nothing": ``, "the same": `{"ConvId":"a","UpdateTime":1}`, "without IDs": `{},{}`} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			secret, err := zim.NewSecret(canary)
			if err != nil {
				t.Fatal(err)
			}
			client, err := zim.NewClient(canaryApp, secret, zim.WithRate(0), zim.WithTransport(roundTrip(func(*http.Request) (*http.Response, error) {
				calls++
				body := fmt.Sprintf(`{"Code":0,"Next":%d,"List":[%s]}`, calls, list)
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body))}, nil
			})))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			_, err = listConversations(ctx, client, "alice")
			if err == nil || !strings.Contains(err.Error(), "50 pages in a row with nothing new") || calls > 51 {
				t.Errorf("%d calls: %v", calls, err)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
