package keys

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Store keeps profiles in a Keyring, under the service "backscroll": an item
// for each profile, whose account is the profile's name, and the item
// ".profiles" that lists them, since a keyring cannot.
//
// The list is written before a secret and after the end of one, so a failure
// in between leaves a name without a secret, never a secret without a name.
// Every change is read back. A Store is for one goroutine at a time; two
// processes that change the list at once may lose one of the changes.
type Store struct {
	keyring Keyring
}

// NewStore returns a Store on k.
func NewStore(k Keyring) *Store { return &Store{keyring: k} }

// An Entry is what the list knows of a profile: all but the secret.
type Entry struct {
	Name     string
	AppID    uint32
	Endpoint string
	// Default marks the profile that is used when none is named.
	Default bool
}

// NoDefaultError says that there is more than one profile and that none was
// named or chosen; or, without names, that there is none at all.
type NoDefaultError struct {
	// Names are the profiles there are, sorted.
	Names []string
}

// Error says what was tried and what went wrong, without a secret.
func (e *NoDefaultError) Error() string {
	if len(e.Names) == 0 {
		return "open the default profile: the keyring has no profiles"
	}
	return fmt.Sprintf("open the default profile: none of %s was chosen", strings.Join(e.Names, ", "))
}

// Hint is the way out.
func (e *NoDefaultError) Hint() string {
	if len(e.Names) == 0 {
		return "store one with: backscroll auth login"
	}
	return "name one with --profile, or choose one with: backscroll auth default PROFILE (for one of the configuration, with profile = \"NAME\" in it)"
}

// profileItem is a profile as the keyring holds it.
type profileItem struct {
	AppID        uint32 `json:"AppId"`
	ServerSecret string
	Endpoint     string
}

// list is the item ".profiles" as the keyring holds it.
type list struct {
	Default  string `json:",omitempty"`
	Profiles []listed
}

type listed struct {
	Name     string
	AppID    uint32 `json:"AppId"`
	Endpoint string
}

// Load returns the profile of that name, or the default profile for "". It
// fails with a *NoDefaultError, an *InputError for a name that cannot be one,
// or as the keyring does: the state NotFound is a profile that is not there,
// Damaged an item that backscroll did not write.
func (s *Store) Load(ctx context.Context, name string) (Profile, error) {
	if name == "" {
		all, err := s.readList(ctx)
		if err != nil {
			return Profile{}, err
		}
		if name = all.chosen(); name == "" {
			return Profile{}, &NoDefaultError{Names: all.names()}
		}
	}
	if err := CheckName(name); err != nil {
		return Profile{}, err
	}
	text, err := s.keyring.Get(ctx, Service, name)
	if err != nil {
		return Profile{}, err
	}
	p, ok := decodeProfile(name, text)
	if !ok {
		return Profile{}, keyringError(tryGet, name, Damaged, nil)
	}
	return p, nil
}

// decodeProfile gives no reason for a failure: it could quote the secret.
func decodeProfile(name, text string) (Profile, bool) {
	var it profileItem
	if json.Unmarshal([]byte(text), &it) != nil {
		return Profile{}, false
	}
	secret, err := NewSecret(it.ServerSecret)
	if err != nil {
		return Profile{}, false
	}
	p, err := Profile{Name: name, AppID: it.AppID, Secret: secret, Endpoint: it.Endpoint}.check()
	return p, err == nil
}

// Save stores p in the place of the profile of that name. The first profile
// becomes the default. It fails with an *InputError for a profile that is not
// complete or whose name differs from another's only by case, or as the
// keyring does.
func (s *Store) Save(ctx context.Context, p Profile) error {
	p, err := p.check()
	if err != nil {
		return err
	}
	before, err := s.readList(ctx)
	if err != nil {
		return err
	}
	after, err := before.with(p)
	if err != nil {
		return err
	}
	if err := s.writeList(ctx, before, after); err != nil {
		return err
	}
	text, err := json.Marshal(profileItem{AppID: p.AppID, ServerSecret: p.Secret.Reveal(), Endpoint: p.Endpoint})
	if err != nil {
		return fmt.Errorf("encode profile %q: %w", p.Name, err)
	}
	if err := s.write(ctx, p.Name, string(text)); err != nil {
		// If this fails too, the list has a name that Load does not find:
		// in sight, and mended by logging in or out.
		_ = s.writeList(ctx, after, before)
		return err
	}
	return nil
}

// Removed says what Delete did.
type Removed struct {
	// WasDefault is whether the profile was the one used when none is named.
	WasDefault bool
	// Remaining are the profiles that are left, sorted by name. None of them
	// is the default if there are several and the default was removed.
	Remaining []Entry
}

// Delete removes the profile of that name. It fails as the keyring does; the
// state NotFound means there was none.
func (s *Store) Delete(ctx context.Context, name string) (Removed, error) {
	if err := CheckName(name); err != nil {
		return Removed{}, err
	}
	before, err := s.readList(ctx)
	if err != nil {
		return Removed{}, err
	}
	after := before.without(name)
	wasListed := len(after.Profiles) < len(before.Profiles)
	err = s.remove(ctx, name)
	if wasListed && stateIs(err, NotFound) {
		err = nil
	}
	if err != nil {
		return Removed{}, err
	}
	if err := s.writeList(ctx, before, after); err != nil {
		return Removed{}, err
	}
	return Removed{WasDefault: before.chosen() == name, Remaining: after.entries()}, nil
}

// List returns the profiles sorted by name, without opening their secrets. No
// profiles are no error. It fails as the keyring does.
func (s *Store) List(ctx context.Context) ([]Entry, error) {
	all, err := s.readList(ctx)
	if err != nil {
		return nil, err
	}
	return all.entries(), nil
}

// SetDefault makes the profile of that name the one that is used when none is
// named. It fails as the keyring does; the state NotFound means that no such
// profile is listed.
func (s *Store) SetDefault(ctx context.Context, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	before, err := s.readList(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(before.names(), name) {
		return keyringError(tryChoose, name, NotFound, nil)
	}
	after := list{Default: name, Profiles: before.Profiles}
	return s.writeList(ctx, before, after)
}

func (s *Store) readList(ctx context.Context) (list, error) {
	text, err := s.keyring.Get(ctx, Service, listAccount)
	if stateIs(err, NotFound) {
		return list{}, nil
	}
	if err != nil {
		return list{}, err
	}
	var all list
	if json.Unmarshal([]byte(text), &all) != nil || slices.ContainsFunc(all.Profiles, listed.isDamaged) {
		return list{}, keyringError(tryGet, listAccount, Damaged, nil)
	}
	return all, nil
}

func (p listed) isDamaged() bool {
	endpoint, err := ParseEndpoint(p.Endpoint)
	return err != nil || endpoint != p.Endpoint || p.AppID == 0 || CheckName(p.Name) != nil
}

// writeList does nothing if nothing changed, and leaves no empty list behind.
func (s *Store) writeList(ctx context.Context, before, after list) error {
	switch {
	case after.Default == before.Default && slices.Equal(after.Profiles, before.Profiles):
		return nil
	case len(after.Profiles) == 0:
		return s.remove(ctx, listAccount)
	}
	text, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("encode the list of profiles: %w", err)
	}
	return s.write(ctx, listAccount, string(text))
}

func (s *Store) write(ctx context.Context, account, text string) error {
	if err := s.keyring.Set(ctx, Service, account, text); err != nil {
		return err
	}
	kept, err := s.keyring.Get(ctx, Service, account)
	if stateIs(err, NotFound) || err == nil && kept != text {
		return keyringError(trySet, account, NotKept, nil)
	}
	return err
}

func (s *Store) remove(ctx context.Context, account string) error {
	if err := s.keyring.Delete(ctx, Service, account); err != nil {
		return err
	}
	_, err := s.keyring.Get(ctx, Service, account)
	if err == nil {
		return keyringError(tryDelete, account, NotKept, nil)
	}
	if stateIs(err, NotFound) {
		return nil
	}
	return err
}

func stateIs(err error, state State) bool {
	failed, ok := errors.AsType[*KeyringError](err)
	return ok && failed.State == state
}

// chosen is the default profile: the one chosen, else the only one, else "".
func (l list) chosen() string {
	names := l.names()
	switch {
	case slices.Contains(names, l.Default):
		return l.Default
	case len(names) == 1:
		return names[0]
	}
	return ""
}

func (l list) names() []string {
	var names []string
	for _, p := range l.Profiles {
		names = append(names, p.Name)
	}
	return names
}

func (l list) entries() []Entry {
	var entries []Entry
	for _, p := range l.Profiles {
		entries = append(entries, Entry{
			Name: p.Name, AppID: p.AppID, Endpoint: p.Endpoint, Default: p.Name == l.chosen(),
		})
	}
	return entries
}

// with adds p, or puts it in the place of its namesake. Names that differ only
// by case would be one item on Windows.
func (l list) with(p Profile) (list, error) {
	for _, old := range l.Profiles {
		if old.Name != p.Name && strings.EqualFold(old.Name, p.Name) {
			return list{}, &InputError{
				Input:   fmt.Sprintf("profile name %q", p.Name),
				Problem: fmt.Sprintf("differs from %q only by upper and lower case", old.Name),
				Advice:  "use that name, or one that is more different",
			}
		}
	}
	added := l.without(p.Name)
	added.Profiles = append(added.Profiles, listed{Name: p.Name, AppID: p.AppID, Endpoint: p.Endpoint})
	slices.SortFunc(added.Profiles, func(a, b listed) int { return cmp.Compare(a.Name, b.Name) })
	added.Default = l.chosen()
	if len(added.Profiles) == 1 {
		added.Default = p.Name
	}
	return added, nil
}

func (l list) without(name string) list {
	rest := list{Default: l.Default}
	for _, p := range l.Profiles {
		if p.Name != name {
			rest.Profiles = append(rest.Profiles, p)
		}
	}
	if rest.Default == name {
		rest.Default = ""
	}
	return rest
}
