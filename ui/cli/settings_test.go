package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"backscroll/keys"
)

// configured is a machine whose keyring is empty and whose configuration is whole.
func configured(t *testing.T) *machine {
	t.Helper()
	m := newMachine()
	m.config = keys.Config{
		Path:      "config.toml",
		ConfigApp: keys.ConfigApp{AppID: 70, SecretCommand: printing(t, canary), Region: "frankfurt"},
		Rate:      "2.5", Timezone: "Asia/Shanghai", Color: "never",
		Profiles: map[string]keys.ConfigApp{"conf": {AppID: 71, SecretCommand: printing(t, canary), Endpoint: proxy}},
	}
	return m
}

// TestFlagBeatsEnvironmentBeatsFile for each setting.
func TestFlagBeatsEnvironmentBeatsFile(t *testing.T) {
	t.Parallel()
	const env = "https://env.example.com"
	for name, c := range map[string]struct {
		env   []string
		args  string
		place string
		base  string
		rate  float64
		zone  string
		color colorprofile.Profile
	}{
		"file":                     {nil, "", "secret_command", frankfurt, 2.5, "Asia/Shanghai", colorprofile.ASCII},
		"endpoint of environment":  {[]string{keys.EnvEndpoint, env}, "", "secret_command", env, 2.5, "Asia/Shanghai", colorprofile.ASCII},
		"endpoint of a flag":       {[]string{keys.EnvEndpoint, env}, "--region mumbai", "secret_command", "https://zim-api-bom.zego.im", 2.5, "Asia/Shanghai", colorprofile.ASCII},
		"profile of environment":   {[]string{keys.EnvProfile, "conf"}, "", "conf", proxy, 2.5, "Asia/Shanghai", colorprofile.ASCII},
		"profile of a flag":        {[]string{keys.EnvProfile, "none"}, "--profile conf", "conf", proxy, 2.5, "Asia/Shanghai", colorprofile.ASCII},
		"pair of environment":      {[]string{keys.EnvAppID, "7", keys.EnvServerSecret, canary}, "", "environment", frankfurt, 2.5, "Asia/Shanghai", colorprofile.ASCII},
		"flags":                    {nil, "--rate 3 --timezone UTC --color always", "secret_command", frankfurt, 3, "UTC", colorprofile.TrueColor},
		"--color auto":             {nil, "--color auto", "secret_command", frankfurt, 2.5, "Asia/Shanghai", colorprofile.Unknown},
		"NO_COLOR and --color":     {[]string{"NO_COLOR", "1"}, "--color always", "secret_command", frankfurt, 2.5, "Asia/Shanghai", colorprofile.TrueColor},
		"the demo has its service": {nil, "--demo", "demo", "", 20, "Asia/Shanghai", colorprofile.ASCII},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := configured(t).with(c.env...).session(t, strings.Fields(c.args)...)
			if c.base == "" {
				c.base = s.client.Endpoint()
			}
			if s.config.Place != c.place || s.client.Endpoint() != c.base || s.rate != c.rate || s.config.Zones[0].String() != c.zone || s.colors != c.color {
				t.Errorf("%s at %s, %v, %v, %v", s.config.Place, s.client.Endpoint(), s.rate, s.config.Zones[0], s.colors)
			}
		})
	}
	m := configured(t).with("NO_COLOR", "1")
	m.config.Color = colorAlways
	if s := m.session(t); s.colors != colorprofile.ASCII {
		t.Errorf("NO_COLOR does not beat the file: %v", s.colors)
	}
}

func TestRefusedSettings(t *testing.T) {
	t.Parallel()
	for says, set := range map[string]func(*keys.Config){
		"rate in config.toml: not a number above 0":                   func(c *keys.Config) { c.Rate = "0" },
		"timezone in config.toml: no zone":                            func(c *keys.Config) { c.Timezone = "Mars/Olympus" },
		"color in config.toml: not one of":                            func(c *keys.Config) { c.Color = "loud" },
		"region in config.toml: no such region":                       func(c *keys.Config) { c.Region = "atlantis" },
		"region of profiles.conf in config.toml: no such region":      func(c *keys.Config) { c.Profiles["conf"] = keys.ConfigApp{Region: "x"} },
		"none of conf was chosen":                                     func(c *keys.Config) { c.SecretCommand = nil },
		`read profile "gone" from the keyring: there is no such item`: func(c *keys.Config) { c.SecretCommand, c.Profile = nil, "gone" },
	} {
		code := 2
		if !strings.Contains(says, "config.toml") {
			code = 1
		}
		for _, args := range []string{"", "messages --group team", "conversations --user alice"} {
			m := configured(t)
			set(&m.config)
			m.run(t, strings.Fields(args)...).wantFailure(t, code, says)
		}
	}
	for _, args := range []string{"", "--demo", "open x.jsonl", "messages --group team", "conversations --user alice", "auth login", "auth status", "auth logout"} {
		var stdout, stderr strings.Builder
		p := newMachine().process(&stdout, &stderr, strings.Fields(args)...)
		p.Config = func() (keys.Config, error) { return keys.Config{}, errors.New("read config.toml: it is on fire") }
		if code := run(t.Context(), p); code != 1 || !strings.Contains(stderr.String(), "it is on fire") {
			t.Errorf("%q: exit code %d, %s", args, code, &stderr)
		}
	}
}

// TestSettingsAreReadTwice: what the first reading makes of a region does not
// reach the configuration itself.
func TestSettingsAreReadTwice(t *testing.T) {
	t.Parallel()
	m := configured(t)
	m.config.Profiles["conf"] = keys.ConfigApp{AppID: 1, Region: "mumbai"}
	p := m.process(nil, nil)
	for range 2 {
		c, err := p.settings()
		if err != nil || c.Endpoint != frankfurt || c.Profiles["conf"].Endpoint != "https://zim-api-bom.zego.im" || c.Profiles["conf"].Region != "" {
			t.Errorf("%+v, %v", c, err)
		}
	}
	if m.config.Profiles["conf"].Region != "mumbai" {
		t.Error("the configuration was changed")
	}
}

func TestLoginBesideAConfiguration(t *testing.T) {
	t.Parallel()
	m := configured(t)
	m.password = canary
	m.run(t, "auth", "login", "--app-id", "7", "--no-verify").want(t, "stored profile default: AppId 7, "+frankfurt+"\n")
	m.run(t, "auth", "login", "--app-id", "7", "--no-verify", "--profile", "conf").wantFailure(t, 2, "profile conf: is in the configuration")
	m.config.SecretCommand, m.config.Profile = nil, "shop"
	m.run(t, "auth", "login", "--app-id", "7", "--no-verify").want(t, "stored profile shop: AppId 7, "+frankfurt+"\n")
	m.run(t, "auth", "logout").want(t, "deleted profile shop\n")
}

// TestRetentionOfTheApp: a profile's beats that of the whole file; the demo has none.
func TestRetentionOfTheApp(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{"": 30, "--profile conf": 365, "--demo": 0} {
		m := configured(t)
		m.config.Retention = 30
		conf := m.config.Profiles["conf"]
		conf.Retention = 365
		m.config.Profiles["conf"] = conf
		if s := m.session(t, strings.Fields(args)...); s.config.KeptDays != want {
			t.Errorf("%q: %d days, want %d", args, s.config.KeptDays, want)
		}
	}
}
