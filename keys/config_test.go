package keys

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

const wholeConfig = `# all that there is
profile = "shop"
app_id = 7
endpoint = "HTTPS://ZIM.example.com:443/"
rate = 2.5
retention = 30
timezone = "Asia/Shanghai"
color = "never"

[profiles.shop]
app_id = 8
retention = 365
region = "frankfurt"
secret_command = ["pass", "show", "zim shop"]

[profiles.test]
app_id = 9
secret_command = ["/bin/cat", "x"]
`

func TestReadConfig(t *testing.T) {
	for text, want := range map[string]Config{
		"": {Profiles: map[string]ConfigApp{}},
		wholeConfig: {
			Profile: "shop", Rate: "2.5", Timezone: "Asia/Shanghai", Color: "never",
			ConfigApp: ConfigApp{AppID: 7, Endpoint: "https://zim.example.com", Retention: 30},
			Profiles: map[string]ConfigApp{
				"shop": {AppID: 8, Region: "frankfurt", Retention: 365, SecretCommand: []string{"pass", "show", "zim shop"}},
				"test": {AppID: 9, SecretCommand: []string{"/bin/cat", "x"}},
			},
		},
		"recents = false": {NoRecents: true, Profiles: map[string]ConfigApp{}},
		"recents = true":  {Profiles: map[string]ConfigApp{}},
		"rate = 5\napp_id = 4294967295\nsecret_command = [\n\"pass\",\n]": {
			Rate: "5", ConfigApp: ConfigApp{AppID: 4294967295, SecretCommand: []string{"pass"}}, Profiles: map[string]ConfigApp{},
		},
	} {
		got, err := readConfig(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q gives %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestRefusedConfigs(t *testing.T) {
	const app = "app_id = 1\nsecret_command = [\"pass\"]\n"
	for text, says := range map[string]string{
		"recents = \"no\"":       "line 1: recents is neither true nor false",
		"\n\ncolour = \"never\"": "line 3: there is no key colour",
		"a.b = 1":                "line 1: there is no key a",
		"\n[other]\nx = 1":       "there is no key other",
		app + "[profiles.shop]\n" + app + "rate = 5":                   "line 6: there is no key rate",
		app + "[profiles.shop]\n\n" + app + "token = 5":                "line 7: token looks like a secret",
		app + "[profiles]\nshop = {app_id = 1, x = 2}":                 "line 4: there is no key x",
		"rate = 5\nsecret = \"" + canary[:20] + "\"":                   "line 2: secret looks like a secret",
		"server_secret = \"\"":                                         "server_secret looks like a secret",
		"[profiles]\nsecret = \"x\"":                                   "line 2: secret looks like a secret",
		"ServerSecret = \"abc\"":                                       "ServerSecret looks like a secret",
		"password = 1":                                                 "password looks like a secret",
		"api-token = 1":                                                "api-token looks like a secret",
		"[secrets]\nshop = \"x\"":                                      "secrets looks like a secret",
		"\ntimezone = \"" + canary + "\"":                              "line 2: has 32 hex digits",
		"# was " + canary + "\nrate = 5":                               "line 1: has 32 hex digits",
		canary + " = 1":                                                "line 1: has 32 hex digits",
		canary[:31] + " = 1":                                           "there is no key (not shown)",
		"\"" + canary[:20] + "\" = 1":                                  "there is no key (not shown)",
		"\"a\\u001b[2J\" = 1":                                          "there is no key (not shown)",
		"timezone = \"" + canary[:16] + "\\u0041" + canary[17:] + "\"": "timezone has 32 hex digits",
		"secret_command = [\"echo\", \"" + canary[:16] + "\\u0041" + canary[17:] + "\"]\napp_id = 1": "line 1: secret_command has 32 hex digits",
		"secret_command = [\"echo\", \"" + canary + "\"]":                                            "line 1: has 32 hex digits",
		"rate = 5\nrate = 6":                "line 2: is not TOML",
		"rate = " + canary[:31]:             "line 1: is not TOML",
		"rate":                              "is not TOML",
		"\x00":                              "is not TOML",
		"rate = \"5\"":                      "line 1: rate is no number",
		"retention = 0":                     "line 1: retention is not a number of days, 1 to 36500",
		"retention = \"30\"":                "retention is not a number of days",
		"retention = 36501":                 "retention is not a number of days",
		"timezone = 5":                      "timezone is no text in quotes",
		"timezone = \"\"":                   "timezone is empty",
		"profile = \"no/name\"":             "profile is not 1 to 64",
		"app_id = 0":                        "app_id is not a decimal number",
		"app_id = \"7\"":                    "app_id is not a decimal number",
		"app_id = 4294967296":               "app_id is not a decimal number",
		"endpoint = \"http://example.com\"": "endpoint is http, which",
		"endpoint = \"https://u:" + canary[:12] + "@example.com\"": "endpoint has a user name",
		"endpoint = \"https://example.com\"\nregion = \"x\"":       "endpoint contradicts region",
		"secret_command = [\"pass\"]":                              "line 1: secret_command needs app_id",
		app + "profile = \"shop\"":                                 "profile contradicts secret_command",
		"app_id = 1\nsecret_command = \"pass show\"":               "line 2: secret_command is no list",
		"app_id = 1\nsecret_command = []":                          "secret_command is no list",
		"app_id = 1\nsecret_command = [1]":                         "secret_command has an argument that is no text",
		"app_id = 1\nsecret_command = [\"\"]":                      "secret_command names no program",
		"app_id = 1\nsecret_command = [\"./get\"]":                 "by a path that is not absolute",
		"profiles = 5":                "line 1: profiles is no table",
		"[[profiles]]\napp_id = 1":    "profiles is no table",
		"[profiles]\nshop = 5":        "profiles.shop is no table",
		"[profiles.shop]\napp_id = 1": "profiles.shop needs both",
		"[profiles.\"a b\"]\n" + app:  "the name of a profile is not",
		"[profiles.shop]\n" + app + "region = \"x\"\nendpoint = \"https://example.com\"": "line 4: region contradicts endpoint",
	} {
		got, err := readConfig(text)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error = %v, want %q", text, err, says)
			continue
		}
		wrong, ok := errors.AsType[*InputError](err)
		if !ok || wrong.Hint() == "" || got.Profiles != nil {
			t.Errorf("%q: %T, %+v", text, err, got)
		}
		wantNoPart(t, text, err)
	}
}

// wantNoPart asserts that an error repeats no part of the canary.
func wantNoPart(t *testing.T, text string, err error) {
	t.Helper()
	hint := ""
	if wrong, ok := errors.AsType[*InputError](err); ok {
		hint = wrong.Hint()
	}
	if strings.Contains(strings.ToLower(err.Error()+hint), strings.ToLower(canary[:12])) {
		t.Errorf("%q: the error shows it: %v", text, err)
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add(wholeConfig)
	f.Add("secret = \"" + canary + "\"")
	f.Add("x = \"\"\"\n" + canary[:16] + "\\\n" + canary[16:] + "\"\"\"")
	f.Add("rate = " + canary)
	f.Add("[profiles." + canary[:20] + "]\napp_id = 1")
	f.Add("profiles = {a = {app_id = 1, secret_command = [\"a\"]}}")
	f.Add("[[profiles.a]]\n[[profiles.a]]")
	f.Add("profiles.a.b.c = 1979-05-27")
	f.Add("a.\"b\" = [{c = 1}, {c.d = 0x1}]")
	f.Add("\u2028\x80 = '")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxConfig/4 {
			return // the library takes seconds for 4000 tables in one another
		}
		c, err := readConfig(text)
		if err != nil {
			said := err.Error()
			if wrong, ok := errors.AsType[*InputError](err); !ok || wrong.Hint() == "" {
				t.Errorf("%T: %v", err, err)
			}
			if partRun.MatchString(said) {
				t.Errorf("the error could have a secret in it: %s", said)
			}
			return
		}
		values := []string{c.Profile, c.Rate, c.Timezone, c.Color, c.Endpoint, c.Region}
		for name, app := range c.Profiles {
			values = append(append(values, name, app.Endpoint, app.Region), app.SecretCommand...)
			if app.AppID == 0 || len(app.SecretCommand) == 0 || CheckName(name) != nil {
				t.Errorf("profile %q is %+v", name, app)
			}
		}
		for _, value := range values {
			if hexRun.MatchString(value) {
				t.Error("what looks like a secret was let through")
			}
		}
	})
}

func TestLoadConfig(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if c, err := LoadConfig(path); err != nil || !reflect.DeepEqual(c, Config{}) {
		t.Errorf("no file: %+v, %v", c, err)
	}
	write(t, path, wholeConfig, 0o644)
	if c, err := LoadConfig(path); err != nil || c.Path != path || c.Timezone != "Asia/Shanghai" {
		t.Errorf("%+v, %v", c, err)
	}
	write(t, path, "\nsecret = \"x\"", 0o600)
	if _, err := LoadConfig(path); err == nil || !strings.Contains(err.Error(), path+": line 2: secret looks") {
		t.Errorf("error = %v", err)
	}
	write(t, path, strings.Repeat("# long\n", maxConfig/7+1), 0o600)
	_, err := LoadConfig(path)
	wantInput(t, err, path)
	_, err = LoadConfig(dir)
	wantInput(t, err, path[:len(dir)])
	if runtime.GOOS == "windows" {
		return // it tells no modes
	}
	for _, mode := range []os.FileMode{0o664, 0o646, 0o620, 0o602} {
		write(t, path, "", mode)
		_, err := LoadConfig(path)
		wantInput(t, err, path)
		if wrong, ok := errors.AsType[*InputError](err); !ok || wrong.Hint() != "take that right away, with: chmod go-w "+path {
			t.Errorf("%v: error = %v", mode, err)
		}
	}
}

// write puts a file there that has this mode, whatever the umask is.
func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestConfigPath(t *testing.T) {
	home := func() (string, error) { return filepath.FromSlash("/home/u/.config"), nil }
	none := func() (string, error) { return "", os.ErrNotExist }
	for _, c := range []struct {
		xdg     string
		userDir func() (string, error)
		want    string
	}{
		{"", home, "/home/u/.config/backscroll/config.toml"},
		{"relative", home, "/home/u/.config/backscroll/config.toml"},
		{"", none, ""},
	} {
		got := ConfigPath(func(string) string { return c.xdg }, c.userDir)
		if got != filepath.FromSlash(c.want) {
			t.Errorf("%q gives %q, want %q", c.xdg, got, c.want)
		}
	}
	dir := t.TempDir()
	if got := ConfigPath(func(string) string { return dir }, none); got != filepath.Join(dir, "backscroll", "config.toml") {
		t.Errorf("%q gives %q", dir, got)
	}
}
