package cli

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"backscroll/keys"
	"backscroll/ui"
)

// player is somebody at a form or a browser.
type player struct {
	t     *testing.T
	model tea.Model
}

func (p *player) send(msg tea.Msg) {
	var cmd tea.Cmd
	p.model, cmd = p.model.Update(msg)
	if cmd != nil {
		if msg := cmd(); msg != nil {
			if _, quits := msg.(tea.QuitMsg); !quits {
				p.send(msg)
			}
		}
	}
}

// types presses keys, one for each rune but for those that have a name.
func (p *player) types(keys ...string) {
	named := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "tab": {Code: tea.KeyTab}, "esc": {Code: tea.KeyEscape},
		"ctrl+d": {Code: 'd', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl},
	}
	for _, k := range keys {
		if msg, ok := named[k]; ok {
			p.send(msg)
			continue
		}
		for _, r := range k {
			p.send(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
}

// shows returns the screen, which never has the secret.
func (p *player) shows() string {
	p.t.Helper()
	shown := ansi.Strip(p.model.View().Content)
	if strings.Contains(strings.ToLower(shown), strings.ToLower(canary[:8])) {
		p.t.Errorf("the secret is on the screen:\n%s", shown)
	}
	return shown
}

// signsIn has somebody type into the form, the first program that is shown. enter
// presses the keys after the fields were filled.
func (m *machine) signsIn(t *testing.T, base, secret string, enter func(p *player)) (browsed *bool) {
	browsed = new(bool)
	m.plays = func(model tea.Model) {
		p := &player{t, model}
		if _, ok := model.(*ui.SignIn); !ok {
			*browsed = true
			return
		}
		p.send(tea.WindowSizeMsg{Width: 100, Height: 40})
		if got := p.shows(); !strings.Contains(got, "Sign in") || !strings.Contains(got, "unified, shanghai") {
			t.Errorf("the form:\n%s", got)
		}
		p.types(fmt.Sprint(canaryApp), "tab", secret, "tab", "ctrl+u", base, "enter")
		enter(p)
	}
	return browsed
}

func TestFirstUse(t *testing.T) {
	t.Parallel()
	s := newService(t)
	m := newMachine()
	browsed := m.signsIn(t, s.base, canary, func(p *player) {
		if got := p.shows(); !strings.Contains(got, "the service knows this app") {
			t.Errorf("after verifying:\n%s", got)
		}
		p.types("k")
	})
	if o := m.run(t, "--user", "alice"); o.code != 0 || !*browsed || m.shown != 2 {
		t.Fatalf("%+v, %d screens", o, m.shown)
	}
	profile, err := keys.NewStore(m.ring).Load(t.Context(), "default")
	if err != nil || profile.AppID != canaryApp || profile.Endpoint != s.base || profile.Secret.Reveal() != canary {
		t.Errorf("kept: %v, AppId %d at %s", err, profile.AppID, profile.Endpoint)
	}
	m.plays = nil
	if o := m.run(t, "--user", "alice"); o.code != 0 || m.shown != 3 {
		t.Errorf("the second use asks again: %+v, %d screens", o, m.shown)
	}
}

func TestFirstUseForTheSession(t *testing.T) {
	t.Parallel()
	m := newMachine()
	browsed := m.signsIn(t, newService(t).base, canary, func(p *player) { p.types("s") })
	if o := m.run(t); o.code != 0 || !*browsed {
		t.Fatalf("%+v", o)
	}
	if entries, err := keys.NewStore(m.ring).List(t.Context()); err != nil || len(entries) > 0 {
		t.Errorf("kept %v, %v", entries, err)
	}
}

func TestFirstUseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, test := range []struct{ base, secret, says string }{
		{s.base, otherSecret, "wrong secret: it is not the ServerSecret of this AppId"},
		{closedPort(t), canary, "the service was not reached"},
		{"http://example.com", canary, "would send the signed request unencrypted"},
		{"nowhere", canary, "no such region"},
		{s.base, canary[1:], "not 32 hex digits (31 bytes were given)"},
	} {
		m := newMachine()
		browsed := m.signsIn(t, test.base, test.secret, func(p *player) {
			if got := strings.Join(strings.Fields(p.shows()), " "); !strings.Contains(got, test.says) || strings.Contains(got, "the service knows") {
				t.Errorf("no %q on\n%s", test.says, p.shows())
			}
			p.types("esc")
		})
		if o := m.run(t); o.code != 0 || *browsed || o.stderr != "" {
			t.Errorf("%s: %+v", test.says, o)
		}
	}
}

// TestFirstUseWithoutAKeyring: the session is a way on.
func TestFirstUseWithoutAKeyring(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.ring.Fail(keys.NoService)
	browsed := m.signsIn(t, newService(t).base, canary, func(p *player) {
		if p.types("k"); !strings.Contains(p.shows(), "keyring") || !strings.Contains(p.shows(), "s keeps it for this") {
			t.Errorf("the keyring's failure:\n%s", p.shows())
		}
		p.types("s")
	})
	if o := m.run(t); o.code != 0 || !*browsed {
		t.Errorf("%+v", o)
	}
}

func TestFirstUseOpensTheDemo(t *testing.T) {
	t.Parallel()
	m := newMachine()
	var demo string
	m.plays = func(model tea.Model) {
		p := &player{t, model}
		if _, ok := model.(*ui.SignIn); ok {
			p.types("ctrl+d")
			return
		}
		p.model, _ = model.Update(tea.WindowSizeMsg{Width: 100, Height: 20})
		demo = p.shows()
	}
	if o := m.run(t); o.code != 0 || !strings.Contains(demo, "\n demo ") {
		t.Errorf("%+v, the browser shows\n%s", o, demo)
	}
}

// TestProfilesOfTheBrowser turns from one app to another; the environment's
// credentials are for none of them.
func TestProfilesOfTheBrowser(t *testing.T) {
	t.Parallel()
	one, two := newService(t), newService(t)
	m := newMachine().holding(t, "shop", one.base, "test", two.base).with(keys.EnvAppID, "7", keys.EnvServerSecret, canary)
	var stdout, stderr strings.Builder
	p := m.process(&stdout, &stderr)
	turn := &profileSwitch{p: p, rate: 20, active: "shop"}
	list, err := turn.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "shop" || !list[0].Active || list[1].Active || list[1].Endpoint != two.base {
		t.Fatalf("%+v, %v", list, err)
	}
	c, err := turn.Turn(t.Context(), "test")
	if err != nil || c.Place != "test" || c.Endpoint != two.base || c.Client == nil || c.Media == nil {
		t.Fatalf("%+v, %v", c, err)
	}
	if list, err = c.Profiles.List(t.Context()); err != nil || list[0].Active || !list[1].Active {
		t.Errorf("after turning: %+v, %v", list, err)
	}
	if _, err := turn.Turn(t.Context(), "other"); err == nil {
		t.Error("a profile that is not there")
	}
}
