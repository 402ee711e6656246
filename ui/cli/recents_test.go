package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backscroll/keys"
	"backscroll/ui"
)

// shelves returns what is kept of two apps in one file.
func shelves(t *testing.T) (name string, shop, test ui.Recents) {
	t.Helper()
	m := newMachine().with("XDG_STATE_HOME", t.TempDir())
	p := m.process(new(strings.Builder), new(strings.Builder))
	return filepath.Join(m.env["XDG_STATE_HOME"], "backscroll", "recent.json"), p.recents(keys.Config{}, "shop", 7), p.recents(keys.Config{}, "test", 8)
}

func TestRecentsAreKeptByApp(t *testing.T) {
	t.Parallel()
	name, shop, test := shelves(t)
	if list, err := shop.Load(); err != nil || len(list) != 0 {
		t.Fatalf("%v, %v before anything was opened", list, err)
	}
	mine := []ui.Recent{{User: "alice", Peer: "bob \"x\" <$(y)>"}, {Group: "team"}, {User: "alice"}}
	if err := shop.Save(mine); err != nil {
		t.Fatal(err)
	}
	if err := test.Save([]ui.Recent{{User: "other"}}); err != nil {
		t.Fatal(err)
	}
	for app, want := range map[ui.Recents][]ui.Recent{shop: mine, test: {{User: "other"}}} {
		if list, err := app.Load(); err != nil || !slices.Equal(list, want) {
			t.Errorf("%v, %v, want %v", list, err, want)
		}
	}
	for path, want := range map[string]os.FileMode{name: 0o600, filepath.Dir(name): 0o700 | os.ModeDir} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if err := shop.Save(nil); err != nil {
		t.Fatal(err)
	}
	if list, _ := test.Load(); len(list) != 1 {
		t.Errorf("the other app has %v", list)
	}
	if err := test.Save(nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(name)); len(left) != 0 {
		t.Errorf("%v is left when all is forgotten", left)
	}
	if err := test.Save(nil); err != nil {
		t.Errorf("nothing to forget: %v", err)
	}
}

func TestRecentsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"broken": "{\"Recent\":", "empty": " \n", "of another kind": `{"Recent":[1]}`, "over 1 MiB": strings.Repeat(" ", maxRecentBytes+1),
	} {
		name, shop, _ := shelves(t)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if list, err := shop.Load(); err == nil || len(list) != 0 || !strings.Contains(err.Error(), "ignored") {
			t.Errorf("%s: %v, %v", what, list, err)
		}
		if err := shop.Save([]ui.Recent{{User: "a"}}); err != nil {
			t.Errorf("%s: it is not replaced: %v", what, err)
		}
		if list, err := shop.Load(); err != nil || len(list) != 1 {
			t.Errorf("%s, replaced: %v, %v", what, list, err)
		}
	}
}

// TestWhatIsNoRecentIsDropped: what nobody can have opened, and what is too much.
func TestWhatIsNoRecentIsDropped(t *testing.T) {
	t.Parallel()
	name, shop, _ := shelves(t)
	var many []string
	for i := range 80 {
		many = append(many, fmt.Sprintf(`{"User":"u%d"}`, i))
	}
	text := `{"Recent":{"shop 7":[{"Peer":"p"},{},{"Group":"` + strings.Repeat("g", 65) + `"},` + strings.Join(many, ",") + `]}}`
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := shop.Load(); err != nil || len(list) != ui.MaxRecent || list[0].User != "u0" {
		t.Errorf("%d, %v", len(list), err)
	}
}

func TestWhereRecentsAre(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, tt := range []struct {
		goos string
		env  []string
		want string
	}{
		{"linux", []string{"XDG_STATE_HOME", home}, home},
		{"linux", []string{"XDG_STATE_HOME", "relative", "HOME", home}, filepath.Join(home, ".local", "state")},
		{"linux", nil, ""},
		{"darwin", []string{"HOME", home}, filepath.Join(home, "Library", "Application Support")},
		{"windows", []string{"LOCALAPPDATA", home}, home},
		{"windows", nil, ""},
	} {
		m := newMachine().with(tt.env...)
		if got := stateDir(tt.goos, func(name string) string { return m.env[name] }); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.goos, tt.env, got, tt.want)
		}
	}
}

// TestWhoKeepsRecents: not the demo, and nobody where the configuration says so.
func TestWhoKeepsRecents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		off  bool
		env  []string
		args string
		want bool
	}{
		"an app":                  {false, []string{keys.EnvAppID, "7", keys.EnvServerSecret, canary}, "", true},
		"recents = false":         {true, []string{keys.EnvAppID, "7", keys.EnvServerSecret, canary}, "", false},
		"the demo":                {false, nil, "--demo", false},
		"no place for such files": {false, []string{keys.EnvAppID, "7", keys.EnvServerSecret, canary, "XDG_STATE_HOME", ""}, "", false},
	} {
		m := newMachine().with("XDG_STATE_HOME", t.TempDir()).with(c.env...)
		m.config.NoRecents = c.off
		s := m.session(t, strings.Fields(c.args)...)
		if got := s.config.Recents != nil; got != c.want {
			t.Errorf("%s keeps what is opened: %v", name, got)
		}
		if file, ok := s.config.Recents.(*recentFile); ok && file.app != "environment 7" {
			t.Errorf("%s: of %q", name, file.app)
		}
	}
}
