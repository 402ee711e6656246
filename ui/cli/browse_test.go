package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"backscroll/keys"
	"backscroll/zim"
)

func TestPrecedence(t *testing.T) {
	t.Parallel()
	pair := []string{keys.EnvAppID, "7", keys.EnvServerSecret, canary}
	tests := []struct {
		name     string
		env      []string
		profiles []string
		args     string
		place    string
		endpoint string
	}{
		{"stdin before the pair and the keyring", pair, []string{"shop", frankfurt}, "--secret-stdin --app-id 1", "stdin", unified},
		{"stdin with the AppId of the environment", []string{keys.EnvAppID, "7"}, nil, "--secret-stdin", "stdin", unified},
		{"the pair before the keyring", pair, []string{"shop", frankfurt}, "", "environment", unified},
		{"an empty pair is unset", []string{keys.EnvAppID, "", keys.EnvServerSecret, ""}, []string{"shop", frankfurt}, "", "shop", frankfurt},
		{"the only profile", nil, []string{"shop", frankfurt}, "", "shop", frankfurt},
		{"the default of two", nil, []string{"shop", frankfurt, "test", unified}, "", "shop", frankfurt},
		{"--profile before the default", nil, []string{"shop", frankfurt, "test", unified}, "--profile test", "test", unified},
		{"the variable before the default", []string{keys.EnvProfile, "test"}, []string{"shop", frankfurt, "test", unified}, "", "test", unified},
		{"--profile before the variable", []string{keys.EnvProfile, "test"}, []string{"shop", frankfurt, "test", unified}, "--profile shop", "shop", frankfurt},
		{"--region", pair, nil, "--region frankfurt", "environment", frankfurt},
		{"--region before the variable", append([]string{keys.EnvEndpoint, proxy}, pair...), nil, "--region frankfurt", "environment", frankfurt},
		{"--endpoint before the variable", append([]string{keys.EnvEndpoint, proxy}, pair...), nil, "--endpoint HTTPS://X.example:443/", "environment", "https://x.example"},
		{"the variable before the default region", append([]string{keys.EnvEndpoint, proxy}, pair...), nil, "", "environment", proxy},
		{"an endpoint that the profile has too", nil, []string{"shop", frankfurt}, "--region frankfurt", "shop", frankfurt},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine().with(test.env...).holding(t, test.profiles...)
			if strings.Contains(test.args, "--secret-stdin") {
				m.piped, m.stdin = true, canary+"\n"
			}
			s := m.session(t, strings.Fields(test.args)...)
			if s.config.Place != test.place || s.client.Endpoint() != test.endpoint {
				t.Errorf("%s at %s, want %s at %s", s.config.Place, s.client.Endpoint(), test.place, test.endpoint)
			}
			if m.env[keys.EnvServerSecret] != "" {
				t.Error("the secret is still in the environment")
			}
			if dump := fmt.Sprintf("%+v %#v", s, s.client); strings.Contains(dump, canary) {
				t.Error("a dump of the session shows the secret")
			}
		})
	}
}

func TestRefusedCredentials(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		env      []string
		profiles []string
		args     string
		code     int
		says     string
	}{
		{"half a pair", []string{keys.EnvServerSecret, canary}, nil, "", 2, keys.EnvAppID + ": is not set"},
		{"a profile and the pair", []string{keys.EnvAppID, "7", keys.EnvServerSecret, canary}, nil, "--profile shop", 2, "--profile: contradicts"},
		{"another endpoint", nil, []string{"shop", frankfurt}, "--region mumbai", 1, "its secret is for " + frankfurt + " only"},
		{"another endpoint by variable", []string{keys.EnvEndpoint, proxy}, []string{"shop", frankfurt}, "", 1, "its secret is for"},
		{"no such profile", nil, []string{"shop", frankfurt}, "--profile other", 1, "there is no such item"},
		{"an AppId that is none", []string{keys.EnvAppID, "x", keys.EnvServerSecret, canary}, nil, "", 2, "read " + keys.EnvAppID},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine().with(test.env...).holding(t, test.profiles...)
			m.run(t, strings.Fields(test.args)...).wantFailure(t, test.code, test.says)
			if m.shown != 0 {
				t.Error("the screen was taken")
			}
		})
	}
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"conversations --user alice", "auth status"} {
		o := newMachine().run(t, strings.Fields(args)...)
		o.wantFailure(t, 1, "backscroll auth login")
		if !strings.Contains(o.stderr, "backscroll --demo") {
			t.Errorf("%q does not name the demo:\n%s", args, o.stderr)
		}
	}
}

func TestNoKeyring(t *testing.T) {
	t.Parallel()
	for state, code := range map[keys.State]int{
		keys.NoBus: 1, keys.NoService: 1, keys.Locked: 1, keys.TimedOut: 1, keys.Damaged: 1,
	} {
		for _, args := range []string{"auth status", "auth list", "auth login --app-id 1", "auth logout", "auth default shop"} {
			m := newMachine().holding(t, "shop", unified)
			m.ring.Fail(state)
			m.run(t, strings.Fields(args)...).wantFailure(t, code, "keyring")
		}
		m := newMachine().with(keys.EnvAppID, "1", keys.EnvServerSecret, canary)
		m.ring.Fail(state)
		if o := m.run(t); o.code != 0 || m.shown != 1 {
			t.Errorf("with the pair, a keyring that is %v matters: %+v", state, o)
		}
	}
}

func TestNotATerminal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		set  func(*machine)
		args string
		says string
	}{
		{"standard output", func(m *machine) { m.noScreen = true }, "--demo", "standard output is not a terminal"},
		{"standard input", func(m *machine) { m.piped = true }, "--demo", "standard input is not a terminal"},
		{"both", func(m *machine) { m.piped, m.noScreen = true, true }, "", "standard output is not a terminal"},
		{"a secret and no screen", func(m *machine) { m.piped, m.noScreen = true, true }, "--secret-stdin --app-id 1", "standard output is not a terminal"},
		{"dumb", func(m *machine) { m.with("TERM", "dumb") }, "--demo", "TERM=dumb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine().holding(t, "shop", unified)
			test.set(m)
			o := m.run(t, strings.Fields(test.args)...)
			o.wantFailure(t, 1, test.says)
			if !strings.Contains(o.stderr, "backscroll messages --user") {
				t.Errorf("it does not name what prints instead:\n%s", o.stderr)
			}
			if m.shown != 0 {
				t.Error("something was shown")
			}
		})
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	m := newMachine().with(keys.EnvAppID, "x", keys.EnvServerSecret, canary, keys.EnvProfile, "gone", keys.EnvEndpoint, "nonsense")
	m.ring.Fail(keys.Locked)
	s := m.session(t, "--demo")
	page, err := s.client.QueryConversationList(t.Context(), zim.QueryConversationListRequest{FromUserId: s.config.User, Limit: zim.MaxConversations})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.List) == 0 {
		t.Error("the demo has no conversations")
	}
	if s.config.Place != "demo" || !strings.HasPrefix(s.client.Endpoint(), "http://127.0.0.1:") {
		t.Errorf("%s at %s", s.config.Place, s.client.Endpoint())
	}
	newest := page.List[len(page.List)-1].UpdateTime
	if late := s.config.Now().Sub(time.UnixMilli(newest)); late < 0 || late > time.Hour {
		t.Errorf("the demo plays %v after its newest message", late)
	}
	if _, ok := m.env[keys.EnvServerSecret]; ok {
		t.Error("the secret is still in the environment")
	}
	s.stop()
	if _, err := s.client.QueryConversationList(t.Context(), zim.QueryConversationListRequest{FromUserId: "alice", Limit: 10}); err == nil {
		t.Error("the demo answers after its end")
	}
}

func TestKeyringWaits(t *testing.T) {
	t.Parallel()
	m := newMachine().holding(t, "shop", unified)
	var stdout, stderr strings.Builder
	p := m.process(&stdout, &stderr)
	p.Keyring = func(waiting func(time.Duration)) keys.Keyring {
		waiting(time.Minute)
		return m.ring
	}
	if code := run(t.Context(), p); code != 0 || m.shown != 1 {
		t.Errorf("exit code %d, %d shown", code, m.shown)
	}
	if want := "backscroll: waiting for the keyring, 60 s at most; it may be asking for its password\n"; stderr.String() != want || stdout.Len() > 0 {
		t.Errorf("wrote %q, want %q", &stderr, want)
	}
}
