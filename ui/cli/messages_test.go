package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// message is a record of --json, as a script reads it.
type message struct {
	MsgId   *string
	MsgSeq  json.RawMessage
	Sender  string
	IsEmpty json.RawMessage
	Time    *time.Time
	Body    map[string]any
}

func (o outcome) messages(t *testing.T) (all []message) {
	t.Helper()
	for line := range strings.Lines(o.stdout) {
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil || !strings.HasSuffix(line, "\n") {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, m)
	}
	return all
}

// ids lists the IDs, "" for a row without.
func ids(all []message) []string {
	list := []string{}
	for _, m := range all {
		if m.MsgId == nil {
			list = append(list, "")
		} else {
			list = append(list, *m.MsgId)
		}
	}
	return list
}

func (o outcome) wantDone(t *testing.T, stderr string) {
	t.Helper()
	if o.code != 0 || o.stderr != stderr {
		t.Errorf("exit code %d, %q; want 0, %q", o.code, o.stderr, stderr)
	}
}

const goesOn = "backscroll: these are the newest 100 messages; --all, or --limit N, goes on to older ones\n"

func TestMessages(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const chat = "messages --user alice --peer walter --json "
	o := s.run(t, chat+"--all")
	o.wantDone(t, "")
	all := o.messages(t)
	if len(all) != 303 {
		t.Fatalf("%d messages, want 303", len(all))
	}
	for i, m := range all[1:] {
		if m.Time == nil || all[i].Time == nil || m.Time.After(*all[i].Time) {
			t.Fatalf("message %d is newer than the one before it", i+1)
		}
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(ids(all))))); n != 303 {
		t.Errorf("%d different IDs", n)
	}
	newest, fifth := *all[0].Time, *all[4].Time
	stamp := func(at time.Time) string { return at.Format(time.RFC3339Nano) }
	tests := []struct {
		args   string
		want   []message
		stderr string
	}{
		{"", all[:100], goesOn},
		{"--limit 7", all[:7], ""},
		{"--limit 250", all[:250], ""},
		{"--limit 1000", all, ""},
		{"--oldest-first --limit 250", reversed(all[:250]), ""},
		{"--oldest-first --all", reversed(all), ""},
		{"--oldest-first", reversed(all[:100]), goesOn},
		{"--since " + stamp(fifth), all[:5], ""},
		{"--since " + stamp(fifth) + " --limit 2", all[:2], ""},
		{"--until " + stamp(newest) + " --limit 4", all[1:5], ""},
		{"--until " + stamp(newest) + " --since " + stamp(fifth), all[1:5], ""},
		{"--until " + stamp(fifth) + " --all", all[5:], ""},
		{"--since 2030-01-01", nil, ""},
		{"--until 2020-01-01", nil, ""},
		{"--side alice --limit 3", all[:3], ""},
	}
	for _, test := range tests {
		o := s.run(t, chat+test.args)
		o.wantDone(t, test.stderr)
		if got := ids(o.messages(t)); !slices.Equal(got, ids(test.want)) {
			t.Errorf("%s: %d messages %.3q…, want %d", test.args, len(got), got, len(test.want))
		}
	}
}

func reversed(list []message) []message {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// TestSinceAsksNoFurther: two calls are enough for what is on the first page.
func TestSinceAsksNoFurther(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.run(t, "messages --user alice --peer walter --since 2026-04-28 --all").wantDone(t, "")
	if s.calls > 2 {
		t.Errorf("%d calls", s.calls)
	}
}

func TestSides(t *testing.T) {
	t.Parallel()
	one := func(id int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d}`, id, id)) }
	s := newService(t,
		emulator.WithPeerHistory("u1", "u2", one(11)),
		emulator.WithPeerHistory("u2", "u1", one(22)),
		emulator.WithGroupHistory("g", []string{"u1", "u2"}, one(33)))
	for args, want := range map[string]string{
		"--user u1 --peer u2":           "11",
		"--user u1 --peer u2 --side u1": "11",
		"--user u1 --peer u2 --side u2": "22",
		"--user u2 --peer u1":           "22",
		"--group g":                     "33",
		"--user u1 --group g":           "33",
	} {
		o := s.run(t, "messages --json "+args)
		o.wantDone(t, "")
		if got := ids(o.messages(t)); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %s", args, got, want)
		}
	}
}

func TestNoEmpty(t *testing.T) {
	t.Parallel()
	s := newService(t)
	with := s.run(t, "messages --user alice --peer dave --all --json").messages(t)
	without := s.run(t, "messages --user alice --peer dave --all --json --no-empty").messages(t)
	there := slices.DeleteFunc(with, func(m message) bool { return string(m.IsEmpty) != "0" })
	if len(there) == len(with) || !slices.Equal(ids(there), ids(without)) {
		t.Errorf("%d messages, %d of them there, %d with --no-empty", len(with), len(there), len(without))
	}
}

// TestRawIsWhatCame: byte for byte, but for the white space.
func TestRawIsWhatCame(t *testing.T) {
	t.Parallel()
	hostile := "{ \"MsgId\" : 9007199254740993 , \"Payload\":\"a  b\u009d\u202e\",\n\"x\": [ 1e400 , 0.10 ] }"
	s := newService(t, emulator.WithPeerHistory("u1", "u2", json.RawMessage(hostile)))
	o := s.run(t, "messages --user u1 --peer u2 --raw")
	o.wantDone(t, "")
	if want := "{\"MsgId\":9007199254740993,\"Payload\":\"a  b\u009d\u202e\",\"x\":[1e400,0.10]}\n"; o.stdout != want {
		t.Errorf("%q, want %q", o.stdout, want)
	}
	m := s.machine()
	m.noScreen = false
	o = m.run(t, strings.Fields("messages --user u1 --peer u2 --raw")...)
	if want := `{"MsgId":9007199254740993,"Payload":"a  b\u009d\u202e","x":[1e400,0.10]}` + "\n"; o.stdout != want {
		t.Errorf("on a terminal %q, want %q", o.stdout, want)
	}
}

func TestTableOfMessages(t *testing.T) {
	t.Parallel()
	raw := []json.RawMessage{
		json.RawMessage(`{"MsgType":1,"Sender":"u1","MsgBody":"the first, and a long one at that, to be cut","MsgId":1,"MsgSeq":9,"MsgTime":1777636800000}`),
		json.RawMessage(`{"MsgType":1,"Sender":"somebody","MsgBody":"two\nlines\u001b[2J \u202e","MsgId":2,"MsgSeq":10,"MsgTime":1777636860000,"Payload":"x"}`),
		json.RawMessage(`{"IsEmpty":1}`),
		json.RawMessage(`{"IsEmpty":2,"MsgType":1,"Sender":"u1","MsgId":4,"MsgSeq":12,"MsgTime":1777636980000,"MsgBody":{"user_id":"u2","revoke_time":1777636990000,"msg_status":20}}`),
		json.RawMessage(`{"MsgType":32,"Sender":"u1","MsgId":5,"MsgSeq":13,"MsgTime":0,"MsgBody":{"type":6,"op_user_info":{"user_id":"dave"},"target_users":[{"user_id":"m"},{"user_id":"n"}]}}`),
		json.RawMessage(`{"MsgType":10,"Sender":"u1","MsgId":6,"MsgSeq":14,"MsgTime":1777637000000,"MsgBody":{"multi_msg":[{"msg_type":1,"callback_content":"hi"},{"msg_type":11,"callback_content":{"file_name":"a.jpg"}}]}}`),
	}
	want := []string{
		"TIME                        SEQ  SENDER    MESSAGE",
		"2026-05-01 12:03:20 +00:00   14  u1        [2 items]␤hi␤[image] a.jpg",
		"unknown time                 13  u1        dave removed m and n from the group",
		"2026-05-01 12:03:00 +00:00   12  u1        recalled by u2 at 12:03, as group owner",
		"unknown time                  -  (none)    deleted or expired",
		"2026-05-01 12:01:00 +00:00   10  somebody  two␤lines␛[2J  +payload",
		"2026-05-01 12:00:00 +00:00    9  u1        the first, and a long one at that, to be cut",
	}
	s := newService(t, emulator.WithGroupHistory("g", []string{"u1"}, raw...))
	o := s.run(t, "messages --group g --timezone UTC")
	o.wantDone(t, "")
	if want := strings.Join(want, "\n") + "\n"; o.stdout != want {
		t.Errorf("got\n%s\nwant\n%s", o.stdout, want)
	}
	m := s.machine()
	m.noScreen, m.columns = false, 70
	o = m.run(t, strings.Fields("messages --group g --timezone UTC --color never")...)
	o.wantDone(t, "")
	if last := "2026-05-01 12:00:00 +00:00    9  u1        the first, and a long one …\n"; !strings.HasSuffix(o.stdout, last) {
		t.Errorf("on a terminal of 70 cells:\n%s\nwant at its end\n%s", o.stdout, last)
	}
}

func TestColorsOfTables(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, test := range []struct {
		terminal bool
		args     string
		noColor  string
		want     bool
	}{
		{true, "", "", true},
		{true, "", "1", false},
		{true, "--color never", "", false},
		{false, "", "", false},
		{false, "--color always", "1", true},
		{true, "--json", "", false},
		{true, "--raw --color always", "", false},
	} {
		m := s.machine().with("NO_COLOR", test.noColor)
		m.noScreen = !test.terminal
		o := m.run(t, strings.Fields("conversations --user alice "+test.args)...)
		o.wantDone(t, "")
		if got := strings.Contains(o.stdout, "\x1b["); got != test.want {
			t.Errorf("terminal %v, %q, NO_COLOR=%q: bold %v", test.terminal, test.args, test.noColor, got)
		}
	}
}

// TestFailedWalk: what was had is there, and where it stopped is said.
func TestFailedWalk(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithHook(func(action string, n int) *emulator.Fault {
		if action == "QueryPeerMsg" && n > 2 {
			return &emulator.Fault{Code: zim.NotInPlan}
		}
		return nil
	}))
	const chat = "messages --user alice --peer walter --all --json --timezone UTC "
	for _, args := range []string{"", "--oldest-first"} {
		o := s.run(t, chat+args)
		if got := len(o.messages(t)); o.code != 1 || got != 200 && got != 0 {
			t.Errorf("%s: exit code %d, %d messages", args, o.code, got)
		}
		if args != "" {
			continue
		}
		for _, want := range []string{"backscroll: read messages: stopped after 200 messages, at 2026-0", ", seq 2313: QueryPeerMsg", "660000028", "\nhint: the app's plan"} {
			if !strings.Contains(o.stderr, want) {
				t.Errorf("the error lacks %q:\n%s", want, o.stderr)
			}
		}
		if lines := strings.Count(o.stderr, "\n"); lines != 2 {
			t.Errorf("%d lines of error", lines)
		}
	}
}

func TestNoSuchChat(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.run(t, "messages --user alice --peer nobody9").wantFailure(t, 1, "before the first message: QueryPeerMsg")
	s.run(t, "messages --group nogroup9 --json").wantFailure(t, 1, "before the first message: QueryGroupMsg")
	s.run(t, "conversations --user nobody9 --json").wantFailure(t, 1, "read conversations: stopped after 0: QueryConversationList")
}

// TestWritesToAReaderThatIsGone: quiet, and no further call.
func TestWritesToAReaderThatIsGone(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"messages --user alice --peer walter --all --json", "conversations --user alice", "--version", "auth list", "--help"} {
		s := newService(t)
		var stdout, stderr strings.Builder
		p := s.machine().process(&stdout, &stderr, strings.Fields(args)...)
		p.Stdout = &pieces{fail: 1}
		if code := run(t.Context(), p); code != 0 || stderr.Len() > 0 || s.calls > 1 {
			t.Errorf("%s: exit code %d, %q, %d calls", args, code, &stderr, s.calls)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for args, want := range map[string]string{
		"--all":                           "100 messages, back to 2026-04-",
		"--all --json --since 2026-04-01": ", 41 % of the time\r",
		"--oldest-first --limit 300":      "200 messages, back to 2026-04-05 07:04:40 +00:00\r",
	} {
		m := s.machine()
		m.watched = true
		o := m.run(t, append(strings.Fields("messages --user alice --peer walter --rate 20 --timezone UTC"), strings.Fields(args)...)...)
		if o.code != 0 || !strings.Contains(o.stderr, want) || !strings.HasSuffix(o.stderr, "\r\x1b[K") || strings.Contains(o.stderr, "\n") {
			t.Errorf("%s: exit code %d, %q", args, o.code, o.stderr)
		}
		if strings.Contains(o.stdout, "\r") {
			t.Errorf("%s: it is in standard output", args)
		}
		m = s.machine().with("TERM", "dumb")
		m.watched = true
		m.run(t, append(strings.Fields("messages --user alice --peer walter --rate 20"), strings.Fields(args)...)...).wantDone(t, "")
	}
}

// TestRetries: each pause is shown, and each attempt is in the log.
func TestRetries(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithFault(emulator.FaultBusy))
	m := s.machine()
	m.watched = true
	file := filepath.Join(t.TempDir(), "log")
	o := m.run(t, "messages", "--user", "alice", "--peer", "walter", "--log-file", file)
	if o.code != 0 || !strings.HasPrefix(o.stderr, "waiting ") || !strings.Contains(o.stderr, "s, then attempt 2 of 3: QueryPeerMsg") || !strings.Contains(o.stderr, "\r\x1b[K") {
		t.Errorf("exit code %d, %q", o.code, o.stderr)
	}
	if log := readFile(t, file); !strings.Contains(log, " attempt=1 ") || !strings.Contains(log, " attempt=2 ") {
		t.Errorf("the log is\n%s", log)
	}
}

func TestLogFile(t *testing.T) {
	t.Parallel()
	s := newService(t, emulator.WithPeerHistory("secretive", "other", json.RawMessage(`{"MsgType":1,"MsgBody":"whispered","MsgId":1}`)))
	file := filepath.Join(t.TempDir(), "calls.log")
	for range 2 {
		s.run(t, "messages --user secretive --peer other --log-file "+file).wantDone(t, "")
	}
	if o := s.run(t, "messages --user nobody9 --peer other --log-file "+file); o.code != 1 {
		t.Errorf("exit code %d", o.code)
	}
	log := readFile(t, file)
	info, err := os.Stat(file)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}
	entries := strings.Split(strings.TrimSpace(log), "\n")
	if len(entries) != 3 {
		t.Fatalf("%d lines:\n%s", len(entries), log)
	}
	for i, entry := range entries {
		want := []string{"level=INFO msg=call action=QueryPeerMsg host=127.0.0.1:", " status=200 code=0 RequestId=", " attempt=1 ms=", " bytes="}
		if i == 2 {
			want = []string{"level=WARN ", " code=660", `err="user not registered"`}
		}
		for _, w := range want {
			if !strings.Contains(entry, w) {
				t.Errorf("line %d lacks %q: %s", i, w, entry)
			}
		}
	}
	for _, bad := range []string{"whispered", "secretive", "nobody9"} {
		if strings.Contains(log, bad) {
			t.Errorf("the log says %q", bad)
		}
	}
	s.wantNoSecret(t, "the log", log)
	for _, name := range []string{filepath.Dir(file), filepath.Join(file, "x"), filepath.Join(t.TempDir(), "no", "folder")} {
		m := s.machine()
		m.run(t, "messages", "--group", "team", "--log-file", name).wantFailure(t, 1, "open --log-file: ")
		if m.env["BACKSCROLL_SERVER_SECRET"] == "" {
			t.Error("credentials were looked for all the same")
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
