package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/zim"
)

// What somebody did in the place of signing in.
var (
	errWantsDemo = errors.New("the demo is wanted")
	errLeft      = errors.New("somebody left the form")
)

// sessionPlace is where credentials are that were not kept, for the status line.
const sessionPlace = "this session"

// signInForm asks for credentials on the screen where no source has any.
type signInForm struct {
	p        Process
	colors   colorprofile.Profile
	profile  string // which was asked for, or ""
	endpoint string // likewise

	entered keys.Profile // what somebody typed
	kept    bool         // in the keyring
}

// ask is for keys.Request: it fails with errWantsDemo or errLeft if nothing was
// entered.
func (f *signInForm) ask(ctx context.Context, _ uint32) (uint32, keys.Secret, error) {
	form := ui.NewSignIn(ctx, ui.SignInConfig{
		Profile: cmp.Or(f.profile, firstProfile), Endpoint: cmp.Or(f.endpoint, string(zim.Unified)),
		Check:  func(field ui.Field, e ui.Entered) error { return checkEntered(field, e) },
		Verify: func(ctx context.Context, e ui.Entered) error { return f.verify(ctx, e) },
		Store:  f.store,
		Advice: wayOut,
	})
	if err := f.p.showScreen(ctx, form, f.colors); err != nil {
		return 0, keys.Secret{}, err
	}
	e, entered, demo := form.Outcome()
	switch {
	case demo:
		return 0, keys.Secret{}, errWantsDemo
	case !entered:
		return 0, keys.Secret{}, cmp.Or(context.Cause(ctx), errLeft)
	}
	var err error
	f.entered, err = profileOf(e)
	return f.entered.AppID, f.entered.Secret, err
}

// place names where the credentials are now.
func (f *signInForm) place() string {
	if f.kept {
		return f.entered.Name
	}
	return sessionPlace
}

// verify tries what was entered.
func (f *signInForm) verify(ctx context.Context, e ui.Entered) error {
	profile, err := profileOf(e)
	if err != nil {
		return err
	}
	_, err = verify(ctx, profile.AppID, profile.Secret, profile.Endpoint)
	return err
}

// store keeps what was entered in the keyring. A profile of that name is not
// replaced by another app.
func (f *signInForm) store(ctx context.Context, e ui.Entered) error {
	profile, err := profileOf(e)
	if err != nil {
		return err
	}
	store := f.p.quietStore()
	entries, err := store.List(ctx)
	if err != nil {
		return err
	}
	for _, old := range entries {
		if old.Name == profile.Name && old.AppID != profile.AppID {
			return misuse("profile "+old.Name, fmt.Sprintf("holds another app, AppId %d", old.AppID), "esc, then choose another name for this one")
		}
	}
	if err := store.Save(ctx, profile); err != nil {
		return err
	}
	f.kept = true
	return nil
}

// quietStore opens the keyring for a time at which the screen is taken.
func (p Process) quietStore() *keys.Store {
	return keys.NewStore(p.Keyring(func(time.Duration) {}))
}

// profileOf reads what was typed into the form.
func profileOf(e ui.Entered) (p keys.Profile, err error) {
	p.Name = e.Profile
	for field := range ui.FieldEndpoint + 1 {
		if err := checkEntered(field, e); err != nil {
			return keys.Profile{}, err
		}
	}
	if p.AppID, err = keys.ParseAppID(e.AppID); err != nil {
		return keys.Profile{}, err
	}
	if p.Secret, err = keys.NewSecret(e.Secret()); err != nil {
		return keys.Profile{}, err
	}
	p.Endpoint, err = enteredEndpoint(e.Endpoint)
	return p, err
}

// checkEntered says what is wrong with a field of the form.
func checkEntered(field ui.Field, e ui.Entered) error {
	var err error
	switch field {
	case ui.FieldProfile:
		err = keys.CheckName(e.Profile)
	case ui.FieldAppID:
		_, err = keys.ParseAppID(e.AppID)
	case ui.FieldSecret:
		_, err = keys.NewSecret(e.Secret())
	case ui.FieldEndpoint:
		_, err = enteredEndpoint(e.Endpoint)
	}
	return err
}

// enteredEndpoint reads the name of a region, or a URL.
func enteredEndpoint(s string) (string, error) {
	f := addressFlags{region: s}
	if strings.Contains(s, ":") {
		f = addressFlags{endpoint: s}
	}
	endpoint, err := f.parse()
	if wrong, ok := errors.AsType[*keys.InputError](err); ok { // there is no flag here
		return "", &keys.InputError{Input: "region", Problem: wrong.Problem, Advice: wrong.Advice}
	}
	return cmp.Or(endpoint, zim.Unified.Endpoint()), err
}
