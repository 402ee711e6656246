package cli

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
)

// TestFilteredMessages compares what --filter prints with what a reader of --json
// would pick. Its command lines are split at |, since filters have spaces.
func TestFilteredMessages(t *testing.T) {
	t.Parallel()
	s := newService(t)
	all := s.run(t, "messages --user alice --peer walter --json --all").messages(t)
	pick := func(want func(message) bool) (list []message) {
		for _, m := range all {
			if want(m) {
				list = append(list, m)
			}
		}
		return list
	}
	says := func(m message) string { text, _ := m.Body["Text"].(string); return text }
	walters := pick(func(m message) bool { return m.Sender == "walter" })
	soup := pick(func(m message) bool { return strings.Contains(strings.ToLower(says(m)), "soup") })
	images := pick(func(m message) bool { return m.Body["FileName"] != nil })
	if len(walters) < 110 || len(soup) < 3 || len(images) == 0 || len(soup) > 90 {
		t.Fatalf("%d messages of walter's, %d about soup, %d images", len(walters), len(soup), len(images))
	}
	since := func(at time.Time, list []message) []message {
		return slices.DeleteFunc(slices.Clone(list), func(m message) bool { return m.Time.Before(at) })
	}
	april := time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		args   string
		want   []message
		stderr string
	}{
		{"--filter|from:walter", walters[:100], "backscroll: these are the newest 100 messages that the filter lets through; --all, or --limit N, goes on to older ones\n"},
		{"--filter|from:walter|--all", walters, ""},
		{"--filter|from:walter|--limit|7", walters[:7], ""},
		{"--filter|from:walter|--limit|110|--oldest-first", reversed(walters[:110]), ""},
		{"--filter|soup", soup, ""},
		{"--filter|soup|--oldest-first", reversed(soup), ""},
		{"--filter|SOUP or type:image|--all", pick(func(m message) bool { return m.Body["FileName"] != nil || strings.Contains(says(m), "SOUP") }), ""},
		{"--filter|-from:walter -from:alice", nil, ""},
		{"--filter|type:image|--until|2026-04-20", slices.DeleteFunc(slices.Clone(images), func(m message) bool { return !m.Time.Before(april) }), ""},
		{"--filter|from:walter after:2026-04-20", since(april, walters), ""},
		{"--filter|from:walter|--since|2026-04-20|--all", since(april, walters), ""},
		{"--filter|from:walter after:-2w|--since|2026-03-01|--all", since(noon.AddDate(0, 0, -14), walters), ""},
		{"--filter|from:walter after:-9w|--since|-2w|--all|--oldest-first", reversed(since(noon.AddDate(0, 0, -14), walters)), ""},
		{"--filter|id:" + *soup[1].MsgId, soup[1:2], ""},
	}
	for _, test := range tests {
		args := append(strings.Fields("messages --user alice --peer walter --json --rate 20 --timezone UTC"), strings.Split(test.args, "|")...)
		o := s.machine().run(t, args...)
		o.wantDone(t, test.stderr)
		if got := ids(o.messages(t)); !slices.Equal(got, ids(test.want)) {
			t.Errorf("%s: %d messages %.3q…, want %d", test.args, len(got), got, len(test.want))
		}
	}
}

// TestFilterAsksNoFurther: a time in a filter bounds the walk.
func TestFilterAsksNoFurther(t *testing.T) {
	t.Parallel()
	for filter, most := range map[string]int{
		"after:2026-04-28":                             2,
		"from:walter after:2026-04-28":                 2,
		"(on:2026-04-28 or after:2026-04-27) or no":    5,
		"before:2026-04-01 after:2026-04-25":           3,
		"(on:2026-04-28 or after:2026-04-27) -nothing": 2,
	} {
		s := newService(t)
		m := s.machine()
		m.run(t, "messages", "--user", "alice", "--peer", "walter", "--all", "--json", "--rate", "20", "--filter", filter).wantDone(t, "")
		if s.calls > most {
			t.Errorf("%s: %d calls", filter, s.calls)
		}
	}
}

// TestNothingLetThrough: that there is nothing is never said without how far back
// that is known.
func TestNothingLetThrough(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const chat = "messages --user alice --peer walter --timezone UTC --filter "
	s.run(t, chat+"marzipan").wantDone(t, "backscroll: the filter lets none of 303 messages through, back to 2026-03-25 02:02:20 +00:00\n")
	s.run(t, chat+"marzipan --json").wantDone(t, "")
	s.run(t, "messages --user alice --peer newbie --filter marzipan --until 2020-01-01").wantDone(t, "backscroll: no messages\n")
}

func TestFilterProgress(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for filter, want := range map[string]string{
		"from:nobody":                  "0 of 200 messages looked at, back to 2026-04-05 07:04:40 +00:00\r",
		"from:nobody after:2026-04-01": ", back to 2026-04-05 07:04:40 +00:00, 84 % of the time\r",
	} {
		m := s.machine()
		m.watched, m.columns = true, 120
		o := m.run(t, "messages", "--user", "alice", "--peer", "walter", "--rate", "20", "--timezone", "UTC", "--json", "--filter", filter)
		if o.code != 0 || !strings.Contains(o.stderr, want) || strings.Contains(o.stderr, "\n") {
			t.Errorf("%s: exit code %d, %q", filter, o.code, o.stderr)
		}
	}
}

// TestFailedFilter: how far it came, and with how many.
func TestFailedFilter(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithHook(func(action string, n int) *emulator.Fault {
		if action == "QueryPeerMsg" && n > 2 {
			return &emulator.Fault{Code: zim.NotInPlan}
		}
		return nil
	}))
	for _, order := range []string{"", " --oldest-first"} {
		s.mu.Lock()
		s.calls = 0
		s.mu.Unlock()
		o := s.run(t, "messages --user alice --peer walter --all --json --filter from:walter"+order)
		n := len(o.messages(t))
		if want := ", seq 2313, with " + strconv.Itoa(n) + " that the filter lets through: QueryPeerMsg"; order == "" && (o.code != 1 || n == 0 || n >= 200 || !strings.Contains(o.stderr, "stopped after 200 messages, ") || !strings.Contains(o.stderr, want)) {
			t.Errorf("%q: exit code %d, %d messages: %s", order, o.code, n, o.stderr)
		}
	}
}

// TestWrongFilters: the filter stands there with carets under what is wrong, clean
// and within the terminal.
func TestWrongFilters(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("陈晓 ", 30) + "is:recaled " + strings.Repeat("frame ", 30)
	for _, test := range []struct {
		filter  string
		columns int
		want    string
	}{
		{"refund or typ:image 陈晓", 0, `no field "typ"
  refund or typ:image 陈晓
            ^^^
hint: is it type:? the fields are from: type: is: has: after: before: on: sub: seq: id:; to look for a word with a colon, put it in quotes
`},
		{"陈晓 is:recaled or", 80, `is: does not know "recaled"
  陈晓 is:recaled or
          ^^^^^^^
hint: is it recalled? it knows recalled, deleted, undecodable
`},
		{"\x1b[2Jfoo\n\u202e (bar", 80, `( is not closed
  ␛[2Jfoo␤ (bar
           ^
hint: `},
		{long, 60, `is: does not know "recaled"
  …晓 陈晓 陈晓 陈晓 is:recaled frame frame frame frame fr…
                        ^^^^^^^
hint: is it recalled? it knows recalled, deleted, undecodable
`},
		{strings.Repeat("x", 5000), 40, "the filter is too long\n  …xxx"},
		{`"` + strings.Repeat("blue frame ", 20), 40, "the quote is not closed\n  \"blue frame blue frame blue frame bl…\n  " + strings.Repeat("^", 37) + "\nhint: "},
	} {
		m := newMachine()
		m.columns = test.columns
		o := m.run(t, "messages", "--group", "team", "--filter", test.filter)
		if o.code != 2 || o.stdout != "" || !strings.HasPrefix(o.stderr, "backscroll: --filter: "+test.want) {
			t.Errorf("%.40q: exit code %d, %q\n%s\nwant\n%s", test.filter, o.code, o.stdout, o.stderr, test.want)
		}
		lines := strings.Split(o.stderr, "\n")
		if len(lines) != 5 || !strings.HasPrefix(lines[3], "hint: ") || lines[4] != "" {
			t.Fatalf("%.40q: the lines are\n%s", test.filter, o.stderr)
		}
		for _, l := range lines[1:3] {
			if n := text.Wc.Of(text.CleanLine(l)); test.columns > 0 && n >= test.columns {
				t.Errorf("%.40q: %d cells of %d: %s", test.filter, n, test.columns, l)
			}
		}
	}
}

// FuzzUnderlined: whatever is typed, and however narrow the terminal, the carets
// stand under something and inside of it.
func FuzzUnderlined(f *testing.F) {
	for _, s := range []string{"typ:x", "a (b", "陈晓 is:x", "\x1b[2J \u202e (", strings.Repeat("x", 5000), "from:\"", "👨‍👩‍👧 or or", "e\u0301 or \u0301)"} {
		f.Add(s, 80)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, cells int) {
		cells %= 200
		_, err := history.ParseFilter(s, time.UTC, noon)
		wrong, ok := err.(*history.FilterError)
		if !ok {
			return
		}
		lines := underlined(s, wrong.Start, wrong.End, cells)
		shown, carets := lines[0], lines[1].String()
		if strings.Trim(carets, " ^") != "" || !strings.HasSuffix(carets, "^") || strings.Contains(strings.TrimLeft(carets, " "), " ") {
			t.Errorf("%q: the carets are %q", s, carets)
		}
		for _, l := range lines {
			if n := text.Wc.Of(l); n > max(cells, filterIndent+leastText) {
				t.Errorf("%q: %d cells of %d: %q", s, n, cells, l)
			}
		}
		if len(carets) > text.Wc.Of(shown) {
			t.Errorf("%q: carets beyond the text:\n%s\n%s", s, shown, carets)
		}
	})
}

// TestFilterHelp: every form is explained, in lines that fit.
func TestFilterHelp(t *testing.T) {
	t.Parallel()
	o := newMachine().run(t, "messages", "--help")
	for _, form := range history.FilterHelp() {
		if !strings.Contains(o.stdout, form.Example) {
			t.Errorf("lacks %s", form.Example)
		}
	}
	for l := range strings.Lines(o.stdout) {
		if l = strings.TrimRight(l, " \n"); text.Wc.Of(text.CleanLine(l)) > 80 && !strings.Contains(l, "--") {
			t.Errorf("too long: %s", l)
		}
	}
}

// TestFilterOfARowWithoutATime: a time in a filter is not known of it, whatever
// its neighbours are; --since goes by these.
func TestFilterOfARowWithoutATime(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithPeerHistory("u1", "u2", numbered(1), json.RawMessage(`{"MsgId":2,"MsgSeq":2}`), numbered(3)))
	for args, want := range map[string][]string{
		"--since 2026-05-01":        {"3", "2", "1"},
		"--filter after:2026-05-01": {"3", "1"},
	} {
		o := s.run(t, "messages --user u1 --peer u2 --json "+args)
		o.wantDone(t, "")
		if got := ids(o.messages(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}
