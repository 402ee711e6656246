package cli

import (
	"cmp"
	"errors"
	"maps"
	"os"

	"github.com/charmbracelet/colorprofile"

	"backscroll/keys"
)

// loadConfig reads the configuration of the user.
func loadConfig() (keys.Config, error) {
	path := keys.ConfigPath(os.Getenv, os.UserConfigDir)
	if path == "" {
		return keys.Config{}, nil
	}
	return keys.LoadConfig(path)
}

// settings is the configuration, each value checked as that of the flag it stands
// in for, and each region turned into its endpoint.
func (p Process) settings() (keys.Config, error) {
	c, err := p.Config()
	if err != nil {
		return keys.Config{}, err
	}
	_, badRate := parseRate(c.Rate, defaultRate)
	_, badZone := parseZones(c.Timezone, p.Local, p.Now())
	_, badColor := parseColor(cmp.Or(c.Color, colorAuto), false)
	err = cmp.Or(
		inFile("rate", c.Path, badRate),
		inFile("timezone", c.Path, badZone),
		inFile("color", c.Path, badColor),
		inFile("region", c.Path, useRegion(&c.ConfigApp)),
	)
	if err != nil {
		return keys.Config{}, err
	}
	c.Profiles = maps.Clone(c.Profiles)
	for name, app := range c.Profiles {
		if err := useRegion(&app); err != nil {
			return keys.Config{}, inFile("region of profiles."+name, c.Path, err)
		}
		c.Profiles[name] = app
	}
	return c, nil
}

// retention is for how many days the app of a profile keeps messages: what its
// table says, or else the configuration as a whole; 0 if neither does.
func retention(c keys.Config, profile string) int {
	return cmp.Or(c.Profiles[profile].Retention, c.Retention)
}

// useRegion turns the region of an app into its endpoint.
func useRegion(app *keys.ConfigApp) error {
	if app.Region == "" {
		return nil
	}
	var err error
	app.Endpoint, err = (&addressFlags{region: app.Region}).parse()
	app.Region = ""
	return err
}

// inFile names the key of a configuration where an error names a flag.
func inFile(key, path string, err error) error {
	if wrong, ok := errors.AsType[*keys.InputError](err); ok {
		return misuse(key+" in "+path, wrong.Problem, wrong.Advice)
	}
	return err
}

// colors is what --color, NO_COLOR and the configuration say: the first of them
// that says anything.
func (p Process) colors(flag string, config keys.Config) (colorprofile.Profile, error) {
	if p.Getenv("NO_COLOR") != "" {
		return parseColor(cmp.Or(flag, colorAuto), true)
	}
	return parseColor(cmp.Or(flag, config.Color, colorAuto), false)
}
