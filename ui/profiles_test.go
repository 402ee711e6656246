package ui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"backscroll/zim/history"
)

// twoApps are profiles for tests.
type twoApps struct {
	configs map[string]Config
	err     error
}

func (a *twoApps) List(context.Context) ([]Profile, error) {
	return []Profile{
		{"shop", 1041200, "https://zim-api.example.com", true}, {"test-\x1b[2J", 7, "https://test.example.com", false},
	}, a.err
}

func (a *twoApps) Turn(_ context.Context, name string) (Config, error) { return a.configs[name], a.err }

// root is a terminal that goes along when a model puts another in its place.
type root struct {
	*terminal
	model tea.Model
}

func (r *root) send(msg tea.Msg) {
	var cmd tea.Cmd
	r.model, cmd = r.model.Update(msg)
	r.m = r.model.(*Model)
	r.run(cmd)
}

func (r *root) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil, tea.QuitMsg:
	case tea.BatchMsg:
		for _, c := range msg {
			if r.m.listen != nil && c != nil {
				r.run(c)
			}
		}
	default:
		r.send(msg)
	}
}

func (r *root) press(keys string) {
	for k := range strings.FieldsSeq(keys) {
		r.send(keyOf(r.t, k))
	}
}

func TestProfiles(t *testing.T) {
	apps := &twoApps{configs: map[string]Config{}}
	config := sample(t)
	config.Place, config.Profiles = "shop", apps
	other := sample(t)
	other.Place, other.Profiles, other.User, other.Chat = "test", apps, "bob", history.Chat{}
	cancelListen := func(m *Model) { m.listen = func() tea.Cmd { return nil } }
	apps.configs["test-\x1b[2J"] = other
	term := start(t, config, 100, 20)
	r := &root{term, term.m}
	cancelListen(r.m)
	r.press("P")
	r.wants("Profiles · 2 apps", "✓ shop                 1041200    https://zim-api.example.com", "test-␛[2J")
	apps.err = errors.New("the keyring is locked\x1b[2J")
	r.press("j enter")
	r.wants("the keyring is locked␛[2J")
	first := r.m
	if r.m.cover == nil || first.ctx.Err() != nil {
		t.Error("it turned all the same")
	}
	apps.err = nil
	_, cmd := r.m.Update(keyOf(t, "enter"))
	turned := onlyMsg[turnedMsg](t, cmd)
	stale := first.messages.request.number
	r.model, cmd = r.m.Update(turned)
	r.m = r.model.(*Model)
	if r.m == first || first.ctx.Err() == nil || r.m.width != 100 || cmd == nil {
		t.Fatalf("it did not turn: width %d", r.m.width)
	}
	if r.m.messages.request.number <= stale || r.m.names.request.number <= first.names.request.number {
		t.Error("what was asked for before could be taken for an answer")
	}
	cancelListen(r.m)
	r.send(tea.WindowSizeMsg{Width: 100, Height: 20})
	if shown := r.shows(); !strings.Contains(shown, "Conversations · bob") || strings.Contains(shown, "Profiles") {
		t.Errorf("after turning:\n%s", shown)
	}
	r.press("P esc")
	if r.m.cover != nil {
		t.Error("esc does not close it")
	}
	none := start(t, sample(t), 100, 20)
	none.press("P")
	none.wants("there are no profiles here")
}

// onlyMsg runs a command, and returns the message of a type that it leads to.
func onlyMsg[T any](t *testing.T, cmd tea.Cmd) (found T) {
	t.Helper()
	if cmd == nil {
		t.Fatal("no command")
	}
	switch msg := cmd().(type) {
	case T:
		return msg
	case tea.BatchMsg:
		for _, c := range msg {
			if c == nil {
				continue
			}
			if m, ok := c().(T); ok {
				return m
			}
		}
	}
	t.Fatal("no such message")
	return found
}
