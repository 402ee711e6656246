package cli

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"backscroll/keys"
	"backscroll/zim/emulator"
)

// examine runs the doctor on a machine whose clock is off by so much.
func (m *machine) examine(t *testing.T, off time.Duration, args ...string) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	p := m.process(&stdout, &stderr, append([]string{"doctor"}, args...)...)
	p.Now = func() time.Time { return time.Now().Add(off) }
	code := run(t.Context(), p)
	o := outcome{code, stdout.String(), stderr.String()}
	if strings.Contains(strings.ToLower(o.stdout+o.stderr), strings.ToLower(canary[:8])) {
		t.Errorf("%q shows the secret:\n%s%s", args, o.stdout, o.stderr)
	}
	return o
}

// wantCheck looks for a check and what it found; do is the way out below it, or
// "" for none.
func (o outcome) wantCheck(t *testing.T, name string, h health, says, do string) {
	t.Helper()
	lines := strings.Split(o.stdout, "\n")
	for i, line := range lines {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] != name {
			continue
		}
		below := strings.TrimSpace(lines[i+1])
		if !strings.HasPrefix(below, "do: ") {
			below = ""
		}
		if fields[1] != string(h) || !strings.Contains(line, says) || !strings.Contains(below, do) || (below == "") != (do == "") {
			t.Errorf("want %s %s %q, do %q:\n%s", name, h, says, do, o.stdout)
		}
		return
	}
	t.Errorf("%s was not checked:\n%s", name, o.stdout)
}

// wantBroken checks the exit code and what is named as broken; "" is nothing.
func (o outcome) wantBroken(t *testing.T, names string) {
	t.Helper()
	if names == "" && (o.code != 0 || o.stderr != "") {
		t.Errorf("exit code %d, %q:\n%s", o.code, o.stderr, o.stdout)
	}
	if names != "" && (o.code != 1 || !strings.HasPrefix(o.stderr, "backscroll: doctor: broken: "+names+"\nhint: ")) {
		t.Errorf("exit code %d, %q, want %s to be broken:\n%s", o.code, o.stderr, names, o.stdout)
	}
}

func TestDoctorIsContent(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := s.machine().holding(t, "shop", unified).examine(t, 0)
	o.wantBroken(t, "")
	o.wantCheck(t, "terminal", noted, "standard output is not a terminal", "start it in a terminal")
	o.wantCheck(t, "keyring", well, "profiles: 1", "")
	o.wantCheck(t, "network", well, "connection ", "")
	o.wantCheck(t, "clock", well, "right: at most ", "")
	o.wantCheck(t, "service", well, "it accepts AppId 7 (from environment)", "")
	s.wantNoSecret(t, "doctor", o.stdout+o.stderr)
	signed := 0
	for _, signature := range s.signatures {
		if signature != "" {
			signed++
		}
	}
	if signed != 1 || len(s.signatures) != 2 {
		t.Errorf("%d of %d requests were signed, want 1 of 2", signed, len(s.signatures))
	}
}

func TestDoctorUsesTheKeyring(t *testing.T) {
	t.Parallel()
	s := newService(t)
	m := newMachine().holding(t, "shop", s.base, "other", unified)
	m.noScreen = true
	o := m.examine(t, 0) // the AppId is another's, so the service refuses it
	o.wantBroken(t, "service")
	o.wantCheck(t, "keyring", well, "profiles: 2", "")
	o.wantCheck(t, "service", broken, "QueryUserInfos", "check the AppId")
	m.examine(t, 0, "--profile", "shop", "--endpoint", "http://127.0.0.1:1").wantCheck(t, "service", broken, "its secret is for "+s.base+" only", "log in for that endpoint")
	m.examine(t, 0, "--profile", "nope").wantCheck(t, "service", broken, "there is no such item", "auth login --profile nope")
}

func TestDoctorKeyrings(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for state := keys.Failed; state <= keys.Damaged; state++ {
		if state == keys.NotFound || state == keys.NotKept || state == keys.TooLarge {
			continue // of an item, not of the keyring
		}
		m := newMachine().with(keys.EnvEndpoint, s.base)
		m.noScreen = true
		m.ring.Fail(state)
		o := m.examine(t, 0)
		o.wantBroken(t, "keyring")
		wrong := &keys.KeyringError{State: state}
		o.wantCheck(t, "keyring", broken, strings.TrimPrefix(wrong.Error(), ": "), " ")
		o.wantCheck(t, "service", skipped, "no credentials", "")

		m = s.machine()
		m.ring.Fail(state)
		o = m.examine(t, 0)
		o.wantBroken(t, "")
		o.wantCheck(t, "keyring", noted, "credentials come from elsewhere: environment", " ")
	}
	m := newMachine().with(keys.EnvEndpoint, s.base)
	m.noScreen = true
	o := m.examine(t, 0)
	o.wantBroken(t, "")
	o.wantCheck(t, "keyring", well, "no profiles yet", "")
	o.wantCheck(t, "service", skipped, "no credentials", "auth login")
}

func TestDoctorFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := s.machine().examine(t, 25*time.Minute)
	o.wantBroken(t, "clock")
	o.wantCheck(t, "clock", broken, " fast", "set the clock")
	s.machine().examine(t, -25*time.Minute).wantCheck(t, "clock", broken, " slow", "set the clock")

	o = s.machine().with(keys.EnvServerSecret, strings.Repeat("0", 32)).examine(t, 0)
	o.wantBroken(t, "service")
	o.wantCheck(t, "service", broken, "wrong signature", "copy it again")

	o = s.machine().with(keys.EnvAppID, "").examine(t, 0)
	o.wantBroken(t, "service")
	o.wantCheck(t, "service", broken, keys.EnvAppID+": is not set", "set both")

	o = s.machine().with(keys.EnvEndpoint, "http://127.0.0.1:1").examine(t, 0)
	o.wantBroken(t, "network, service")
	o.wantCheck(t, "network", broken, "127.0.0.1:1: connection: ", "check the network")
	o.wantCheck(t, "clock", skipped, "no answer", "")

	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	o = s.machine().with(keys.EnvEndpoint, server.URL).examine(t, 0)
	o.wantBroken(t, "network, service")
	o.wantCheck(t, "network", broken, "TLS: tls: failed to verify certificate", "have its CA added")

	newMachine().run(t, "doctor", "--endpoint", "nonsense").wantFailure(t, 2, "--endpoint: ")
	newMachine().run(t, "doctor", "--profile", canary+"!").wantFailure(t, 2, "profile name: ")
}

func TestDoctorWithEveryFault(t *testing.T) {
	t.Parallel()
	for _, fault := range emulator.FaultNames() {
		if fault == emulator.FaultHang || fault == emulator.FaultDrip {
			continue // they cost a timeout
		}
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			s := newService(t, emulator.WithFault(fault))
			o := s.machine().examine(t, 0)
			s.wantNoSecret(t, "doctor", o.stdout+o.stderr)
			if strings.Count(o.stdout, " broken ") > strings.Count(o.stdout, " do: ") || o.code > 1 {
				t.Errorf("exit code %d, and no way out in:\n%s", o.code, o.stdout)
			}
		})
	}
}

func TestDoctorForScripts(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := s.machine().examine(t, 25*time.Minute, "--json")
	o.wantBroken(t, "clock")
	var seen []string
	for line := range strings.Lines(o.stdout) {
		var row struct {
			Check, Health, Says, Do string
			Ms                      *int
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.Ms == nil || row.Says == "" {
			t.Errorf("%v in %q", err, line)
		}
		if row.Health != string(well) && row.Do == "" {
			t.Errorf("no way out in %q", line)
		}
		seen = append(seen, row.Check)
	}
	if got := strings.Join(seen, " "); got != "terminal keyring proxy network clock service" {
		t.Errorf("the checks are %s", got)
	}
}

func TestDoctorProxies(t *testing.T) {
	t.Parallel()
	const https, http = "https://zim.example.com", "http://127.0.0.1:8085"
	tests := []struct {
		env  []string
		base string
		want health
		says string
	}{
		{nil, https, well, "none is set"},
		{[]string{"HTTPS_PROXY", "http://bob:" + canary + "@proxy.example.com:3128"}, https, well, "HTTPS_PROXY: over http://proxy.example.com:3128, with a user"},
		{[]string{"https_proxy", "proxy.example.com:3128"}, https, well, "https_proxy: over http://proxy.example.com:3128"},
		{[]string{"HTTPS_PROXY", "socks5://proxy.example.com"}, https, well, "over socks5://proxy.example.com"},
		{[]string{"HTTP_PROXY", "http://proxy.example.com"}, https, well, "HTTP_PROXY: not used for zim.example.com"},
		{[]string{"HTTPS_PROXY", "http://proxy.example.com", "no_proxy", "example.com"}, https, well, "not used for zim.example.com"},
		{[]string{"HTTP_PROXY", "http://proxy.example.com"}, http, well, "not used for 127.0.0.1:8085"},
		{[]string{"HTTPS_PROXY", "http://bob:" + canary + "@%zz"}, https, broken, "HTTPS_PROXY is no address"},
		{[]string{"http_proxy", "http://bob:" + canary + "@pro xy"}, https, broken, "http_proxy is no address"},
	}
	for _, test := range tests {
		m := newMachine().with(test.env...)
		of := checkProxy(func(name string) string { return m.env[name] }, test.base)
		if of.health != test.want || !strings.Contains(of.says, test.says) || (of.do == "") != (of.health == well) || strings.Contains(of.says+of.do, canary) {
			t.Errorf("%q: %+v", test.env, of)
		}
	}
}

func TestDoctorClocks(t *testing.T) {
	t.Parallel()
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	date := noon.Format(http.TimeFormat)
	tests := []struct {
		a    answered
		want health
		says string
	}{
		{answered{header("Date", date), noon, time.Second}, well, "at most 1s off"},
		{answered{header("Date", date), noon.Add(time.Minute), 0}, well, "at most 1m1s off"},
		{answered{header("Date", date), noon.Add(61 * time.Second), 0}, broken, "1m1s fast"},
		{answered{header("Date", date), noon.Add(-3 * time.Hour), 0}, broken, "3h0m0s slow"},
		{answered{header("Date", date, "Age", "9"), noon.Add(time.Hour), 0}, skipped, "does not tell"},
		{answered{header("Date", date), noon.Add(time.Hour), time.Minute}, skipped, "does not tell"},
		{answered{header("Date", "noon"), noon, 0}, skipped, "does not tell"},
		{answered{header(), noon, 0}, skipped, "does not tell"},
		{answered{}, skipped, "no answer"},
	}
	for _, test := range tests {
		if of := test.a.checkClock(); of.health != test.want || !strings.Contains(of.says, test.says) {
			t.Errorf("%+v: %+v", test.a, of)
		}
	}
}

func TestDoctorTerminals(t *testing.T) {
	t.Parallel()
	size := tea.WindowSizeMsg{Width: 120, Height: 40}
	rich := tea.ColorProfileMsg{Profile: colorprofile.TrueColor}
	over := tea.CursorPositionMsg{}
	mode := func(value ansi.ModeSetting) tea.Msg {
		return tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: value}
	}
	tests := []struct {
		env   []string
		tells []tea.Msg
		want  health
		says  string
	}{
		{[]string{"LANG", "de_DE.UTF-8"}, []tea.Msg{size, rich, mode(ansi.ModeReset), over}, well,
			"xterm-256color, 120x40, 16 million colours, locale de_DE.UTF-8, graphemes (mode 2027): yes"},
		{[]string{"LANG", "C.utf8"}, []tea.Msg{size, over}, well, "no colours, locale C.utf8, graphemes (mode 2027): no"},
		{[]string{"LANG", "C.UTF-8"}, []tea.Msg{mode(ansi.ModeNotRecognized), over}, well, "size unknown, no colours, locale C.UTF-8, graphemes (mode 2027): no"},
		{[]string{"LANG", "C.UTF-8"}, []tea.Msg{size, tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeSet}}, well, ": no answer"},
		{[]string{"LANG", "C.UTF-8", "LC_ALL", "C"}, []tea.Msg{size, over}, noted, "locale C,"},
		{nil, []tea.Msg{size, over}, noted, "no locale"},
		{[]string{"LANG", "C.UTF-8"}, []tea.Msg{tea.WindowSizeMsg{Width: 39, Height: 40}, over}, noted, "39x40"},
		{[]string{"TERM", "dumb"}, nil, broken, "TERM=dumb"},
	}
	for _, test := range tests {
		p := newMachine().with(test.env...).process(nil, nil)
		p.Screen = func(_ context.Context, m tea.Model, _ ...tea.ProgramOption) error {
			if m.Init() == nil {
				t.Error("nothing is asked")
			}
			for i, msg := range test.tells {
				_, cmd := m.Update(msg)
				if (cmd != nil) != (msg == tea.Msg(over)) {
					t.Errorf("%v: answer %d of %d ends it: %v", test.tells, i, len(test.tells), cmd != nil)
				}
			}
			return nil
		}
		if of := p.checkTerminal(t.Context()); of.health != test.want || !strings.Contains(of.says, test.says) || (of.do == "") != (of.health == well) {
			t.Errorf("%q: %+v, want %s %q", test.env, of, test.want, test.says)
		}
	}
}

func TestDoctorIsStopped(t *testing.T) {
	t.Parallel()
	var stdout, stderr strings.Builder
	ctx, cancel := context.WithCancelCause(t.Context())
	p := newMachine().process(&stdout, &stderr, "doctor")
	p.Screen = func(context.Context, tea.Model, ...tea.ProgramOption) error {
		cancel(&stopped{nil})
		return nil
	}
	if err := examine(ctx, p, doctorFlags{}); err == nil || context.Cause(ctx) != err || stdout.Len() > 0 {
		t.Errorf("%v, %q", err, &stdout)
	}
}
