package cli

import (
	"context"
	"maps"
	"slices"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/zim"
)

// profileSwitch turns a browser to another app, of the keyring or of the
// configuration.
type profileSwitch struct {
	p      Process
	config keys.Config
	begin  ui.Config // what a browser begins with, whatever the app
	rate   float64
	log    *callLog
	active string // the name of the profile that is shown; "" for credentials without one
}

// List returns the profiles of the configuration, then those of the keyring.
func (s *profileSwitch) List(ctx context.Context) ([]ui.Profile, error) {
	var list []ui.Profile
	for _, name := range slices.Sorted(maps.Keys(s.config.Profiles)) {
		app := s.config.Profiles[name]
		list = append(list, ui.Profile{Name: name, AppID: app.AppID, Endpoint: app.Endpoint, Active: name == s.active})
	}
	entries, err := s.p.quietStore().List(ctx)
	for _, e := range entries {
		if _, first := s.config.Profiles[e.Name]; !first {
			list = append(list, ui.Profile{Name: e.Name, AppID: e.AppID, Endpoint: e.Endpoint, Active: e.Name == s.active})
		}
	}
	return list, err
}

// Turn signs in to the app of a profile. What the environment has is for no
// profile.
func (s *profileSwitch) Turn(ctx context.Context, name string) (ui.Config, error) {
	request := s.p.request(name, s.config)
	request.Store = s.p.quietStore()
	request.Getenv = func(string) string { return "" }
	found, err := keys.Resolve(ctx, request)
	if err != nil {
		return ui.Config{}, err
	}
	c := s.begin
	c.Calls, c.AppID = &ui.Exchanges{}, found.AppID
	client, err := newClient(found, s.rate, s.log.option(), zim.WithObserver(c.Calls.Note))
	if err != nil {
		return ui.Config{}, err
	}
	c.KeptDays = retention(s.config, name)
	next := *s
	next.active = name
	c.Recents = s.p.recents(s.config, name, found.AppID)
	return aimed(c, client, name, &next), nil
}

// aimed returns what a browser of an app begins with.
func aimed(c ui.Config, client *zim.Client, place string, profiles ui.Profiles) ui.Config {
	c.Client, c.Place, c.Endpoint = client, place, client.Endpoint()
	c.Media = newFetcher(client.OnLoopback())
	c.Profiles = profiles
	return c
}
