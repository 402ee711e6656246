package cli

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"backscroll/zim/history"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	tests := []struct{ args, says string }{
		{"--peer bob", "--peer: needs --user"},
		{"--user alice --peer bob --group g1", "--group: contradicts --peer"},
		{"--user alice --side alice", "--side: needs --peer"},
		{"--group g1 --side alice", "--side: needs --peer"},
		{"--user alice --peer bob --side carol", "--side: is neither --user nor --peer"},
		{"--user alice --seq 120", "--seq: needs --peer or --group"},
		{"--demo --at 2026-05-01", "--at: needs --peer or --group"},
		{"--group g1 --seq 120 --at 2026-05-01", "--at: contradicts --seq"},
		{"--group g1 --seq 0", "--seq: not a whole number above 0"},
		{"--group g1 --seq -120", "--seq: not a whole number"},
		{"--group g1 --seq 9223372036854775808", "--seq: not a whole number"},
		{"--group g1 --seq " + canary, "--seq: not a whole number"},
		{"--group g1 --seq=", "--seq: is empty"},
		{"--group g1 --at yesterday", "--at: is no time"},
		{"--group g1 --at -24", "--at: is no time"},
		{"--demo --profile shop", "--demo: contradicts --profile"},
		{"--demo --region frankfurt", "--demo: contradicts --region"},
		{"--demo --endpoint https://x.example", "--demo: contradicts --endpoint"},
		{"--demo --secret-stdin", "--demo: contradicts --secret-stdin"},
		{"--demo --app-id 1", "--demo: contradicts --app-id"},
		{"--region frankfurt --endpoint https://x.example", "--endpoint: contradicts --region"},
		{"--region atlantis", "--region: no such region"},
		{"--region FRANKFURT", "--region: no such region"},
		{"--endpoint http://example.com", "--endpoint: is http"},
		{"--endpoint https://user:pw@example.com", "--endpoint: has a user name"},
		{"--rate 0", "--rate: not a number above 0 and up to 20"},
		{"--rate -1", "--rate: not a number"},
		{"--rate 20.1", "--rate: not a number"},
		{"--rate NaN", "--rate: not a number"},
		{"--rate Inf", "--rate: not a number"},
		{"--rate fast", "--rate: not a number"},
		{"--timezone Mars/Olympus", "--timezone: no zone has this name"},
		{"--timezone ../UTC", "--timezone: no zone has this name"},
		{"--color sometimes", "--color: not one of auto, always and never"},
		{"--color=", "--color: is empty"},
		{"--color=loud", "--color: not one of"},
		{"--secret-stdin --app-id 1", "--secret-stdin: standard input is a terminal"},
		{"--app-id 1", "--app-id: is used with --secret-stdin only"},
		{"--secret " + canary, "--secret: no such flag"},
		{"-s" + canary, "-s: no such flag"},
		{"--user", "--user: needs a value"},
		{"--demo=" + canary, "--demo: takes no such value"},
		{"--=x", "its form is wrong"},
		{canary, "argument: no such command"},
		{"mesages", "mesages: no such command"},
		{"messages", "messages: needs to know of which chat"},
		{"messages --user alice", "messages: needs to know of which chat"},
		{"messages --peer bob", "--peer: needs --user"},
		{"messages --user alice --peer bob --group team", "--group: contradicts --peer"},
		{"messages --side bob", "--side: needs --peer"},
		{"messages --user alice --peer bob --side carol", "--side: is neither --user nor --peer"},
		{"messages --group team --json --raw", "--raw: contradicts --json"},
		{"messages --group team --all --limit 3", "--limit: contradicts --all"},
		{"messages --group team --limit 0", "--limit: not a whole number above 0"},
		{"messages --group team --limit -1", "--limit: not a whole number"},
		{"messages --group team --limit 1e3", "--limit: not a whole number"},
		{"messages --group team --since yesterday", "--since: is no time"},
		{"messages --group team --since -24", "--since: is no time"},
		{"messages --group team --until 2026-02-30", "--until: is no time"},
		{"messages --group team --since 2026-05-01 --until 2026-05-01", "--until: is not after --since"},
		{"messages --group team --filter=", "--filter: is empty"},
		{"messages --group team --filter type:" + canary, "--filter: cannot be read from character 6 on; it is not shown"},
		{"messages --group team --timezone Mars/Olympus", "--timezone: no zone has this name"},
		{"messages --group team --color=", "--color: is empty"},
		{"messages --group team --since=", "--since: is empty"},
		{"messages --group team --rate 21", "--rate: not a number"},
		{"messages --group team --secret-stdin --app-id 1", "--secret-stdin: standard input is a terminal"},
		{"messages team", "messages: takes flags only"},
		{"diff", "diff: needs to know the two users"},
		{"diff --user alice", "diff: needs to know the two users"},
		{"diff --user alice --peer alice", "--peer: is --user"},
		{"diff --user alice --peer bob --since yesterday", "--since: is no time"},
		{"diff --user alice --peer bob --raw", "--raw: no such flag"},
		{"diff bob", "diff: takes flags only"},
		{"conversations", "conversations: needs to know whose"},
		{"conversations --user alice --json --raw", "--raw: contradicts --json"},
		{"conversations alice", "conversations: takes flags only"},
		{"emulator --listen :8085", "--listen: is no address of this machine"},
		{"emulator --listen 0.0.0.0:8085", "--listen: is no address of this machine"},
		{"emulator --listen 192.0.2.1:80", "--listen: is no address of this machine"},
		{"emulator --listen example.com:80", "--listen: is no address of this machine"},
		{"emulator --listen 127.0.0.1", "--listen: is no address of this machine"},
		{"emulator --listen 127.0.0.1:", "--listen: is no address of this machine"},
		{"emulator --listen 127.0.0.1:65536", "--listen: is no address of this machine"},
		{"emulator --fault none", "--fault: no such fault"},
		{"emulator --fault=" + canary, "--fault: no such fault"},
		{"help nope", "nope: no such command"},
		{"completion", "completion: no such command"},
		{"man", "man: no such command"},
		{"auth nope", "nope: no such command"},
		{"auth list " + canary, "auth list: takes flags only"},
		{"auth status shop", "auth status: takes flags only"},
		{"auth default", "auth default: needs the name of one profile"},
		{"auth default a b", "auth default: needs the name of one profile"},
		{"auth default no/name", "profile name: not 1 to 64"},
		{"auth logout --profile no/name", "profile name: not 1 to 64"},
		{"auth login --profile no/name", "profile name: not 1 to 64"},
		{"auth login --region frankfurt --endpoint https://x.example", "--endpoint: contradicts --region"},
		{"auth login --endpoint ftp://x.example", "--endpoint: is neither https nor http"},
		{"auth login --secret-stdin --app-id 1", "--secret-stdin: standard input is a terminal"},
		{"auth login --app-id " + canary, "AppID: not a decimal number"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			m.run(t, strings.Fields(test.args)...).wantFailure(t, 2, test.says)
			if m.shown != 0 || len(m.ring.Accounts("backscroll")) != 0 {
				t.Error("the screen or the keyring was touched")
			}
		})
	}
}

func TestChat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args string
		user string
		want history.Chat
	}{
		{"--user alice", "alice", history.Chat{}},
		{"--user alice --peer bob", "alice", history.Chat{User: "alice", Peer: "bob"}},
		{"--user alice --peer bob --side alice", "alice", history.Chat{User: "alice", Peer: "bob"}},
		{"--user alice --peer bob --side bob", "alice", history.Chat{User: "bob", Peer: "alice"}},
		{"--group team", "", history.Chat{Group: "team"}},
		{"--user alice --group team", "alice", history.Chat{Group: "team"}},
		{"--demo", "alice", history.Chat{}},
		{"--demo --user ben", "ben", history.Chat{}},
		{"--demo --group team", "", history.Chat{Group: "team"}},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			s := newMachine().holding(t, "shop", unified).session(t, strings.Fields(test.args)...)
			if s.config.User != test.user || s.config.Chat != test.want {
				t.Errorf("user %q, chat %+v; want %q, %+v", s.config.User, s.config.Chat, test.user, test.want)
			}
		})
	}
}

func TestBeginning(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]struct {
		seq int64
		at  time.Time
	}{
		"--group team":                                                        {},
		"--group team --seq 9007199254740993":                                 {seq: 9007199254740993},
		"--user alice --peer bob --seq 120":                                   {seq: 120},
		"--group team --at -24h":                                              {at: noon.Add(-24 * time.Hour)},
		"--group team --at 2026-05-01":                                        {at: noon.Add(-14 * time.Hour)}, // midnight of the machine
		"--group team --at 2026-05-01 --timezone UTC":                         {at: noon.Add(-12 * time.Hour)},
		"--group team --at 2026-05-01T12:00:00Z --timezone Asia/Shanghai":     {at: noon},
		"--demo --user alice --peer walter --at -1d --timezone Asia/Shanghai": {at: demoPresent().Add(-24 * time.Hour)},
	} {
		s := newMachine().holding(t, "shop", unified).session(t, strings.Fields(args)...)
		if s.config.Seq != want.seq || !s.config.At.Equal(want.at) {
			t.Errorf("%s begins at seq %d, %v; want %d, %v", args, s.config.Seq, s.config.At, want.seq, want.at)
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]float64{
		"":                   5,
		"--demo":             20,
		"--rate 20":          20,
		"--rate 0.5":         0.5,
		"--demo --rate 2.25": 2.25,
	} {
		s := newMachine().holding(t, "shop", unified).session(t, strings.Fields(args)...)
		if s.rate != want {
			t.Errorf("%q gives %v calls a second, want %v", args, s.rate, want)
		}
	}
	if r, err := parseRate(strconv.FormatFloat(math.Nextafter(20, 21), 'g', -1, 64), 5); err == nil {
		t.Errorf("the first number above 20 gives %v", r)
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		local *time.Location
		want  string
	}{
		{"", berlin, "Europe/Berlin UTC"},
		{"", time.UTC, "UTC"},
		{"", time.FixedZone("Local", 0), "Local"},
		{"UTC", berlin, "UTC Europe/Berlin"},
		{"UTC", time.UTC, "UTC"},
		{"Asia/Shanghai", berlin, "Asia/Shanghai UTC Europe/Berlin"},
		{"Asia/Shanghai", time.FixedZone("Local", 8*60*60), "Asia/Shanghai UTC"},
		{"Africa/Lagos", berlin, "Africa/Lagos UTC Europe/Berlin"}, // the same in winter only
	}
	for _, test := range tests {
		zones, err := parseZones(test.name, test.local, noon)
		if err != nil {
			t.Errorf("%q: %v", test.name, err)
			continue
		}
		var names []string
		for _, z := range zones {
			names = append(names, z.String())
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%q on a machine in %v: %s, want %s", test.name, test.local, got, test.want)
		}
	}
}

func TestColors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args, noColor string
		want          colorprofile.Profile
	}{
		{"", "", colorprofile.Unknown},
		{"--color auto", "", colorprofile.Unknown},
		{"", "1", colorprofile.ASCII},
		{"", "yes please", colorprofile.ASCII},
		{"--color always", "1", colorprofile.TrueColor},
		{"--color always", "", colorprofile.TrueColor},
		{"--color never", "", colorprofile.ASCII},
	}
	for _, test := range tests {
		m := newMachine().with("NO_COLOR", test.noColor)
		if s := m.session(t, strings.Fields("--demo "+test.args)...); s.colors != test.want {
			t.Errorf("%q with NO_COLOR=%q gives %v, want %v", test.args, test.noColor, s.colors, test.want)
		}
	}
}
