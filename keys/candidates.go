package keys

import (
	"context"
	"errors"
	"maps"
	"slices"
)

// A Candidate is one place that has credentials, or should have.
type Candidate struct {
	// Credentials are without a secret where Err is not nil, and otherwise as
	// far as they are known.
	Credentials
	// Used marks those that Resolve would give.
	Used bool
	// Err is why there is no secret; nil if there is one.
	Err error
}

// Candidates goes through all that Resolve could find without standard input
// and without asking, in the same order, and opens each secret. With a Profile
// in the Request, only that one. It fails as Resolve does for a Request that
// contradicts itself, and where there is nothing; what fails of one candidate
// stands with it.
func Candidates(ctx context.Context, r Request) ([]Candidate, error) {
	s, err := r.begin()
	if err != nil {
		return nil, err
	}
	var all []Candidate
	if s.env.given() {
		found, err := s.fromEnvironment()
		found.Source = SourceEnvironment
		if s.env.secret == "" && s.env.file != "" {
			found.Source = SourceFile
		}
		all = append(all, Candidate{Credentials: found, Used: true, Err: err})
	}
	name, decided := s.profile(), s.env.given()
	for _, of := range append([]string{""}, slices.Sorted(maps.Keys(r.Config.Profiles))...) {
		app, ok := r.Config.command(of)
		if !ok || r.Profile != "" && of != r.Profile {
			continue
		}
		found, err := s.fromCommand(ctx, of, app)
		if err != nil {
			found = Credentials{AppID: app.AppID, Source: SourceCommand, Profile: of, Endpoint: s.endpointOf(app)}
		}
		used := !decided && of == name
		decided = decided || used
		all = append(all, Candidate{found, used, err})
	}
	if r.Profile != "" && len(all) > 0 {
		return all, nil
	}
	kept, err := s.keyringCandidates(ctx, name, decided)
	all = append(all, kept...)
	if _, none := errors.AsType[*NoCredentialsError](err); err != nil && !(none && len(all) > 0) {
		if len(all) == 0 {
			return nil, err
		}
		all = append(all, Candidate{Credentials: Credentials{Source: SourceKeyring}, Used: !decided, Err: err})
	}
	return all, ctx.Err()
}

// keyringCandidates are the profiles of the keyring, and the one that was chosen
// but is not there. decided is whether other credentials come before them.
func (s *search) keyringCandidates(ctx context.Context, name string, decided bool) ([]Candidate, error) {
	if s.Store == nil {
		return nil, &NoCredentialsError{}
	}
	entries, err := s.Store.List(ctx)
	if err != nil {
		return nil, asNoCredentials(err)
	}
	if name != "" && !decided && !slices.ContainsFunc(entries, func(e Entry) bool { return e.Name == name }) {
		entries = append(entries, Entry{Name: name})
	}
	var all []Candidate
	for _, e := range entries {
		if s.Request.Profile != "" && e.Name != name {
			continue
		}
		found, err := s.fromKeyring(ctx, e.Name)
		if err != nil {
			found = Credentials{AppID: e.AppID, Source: SourceKeyring, Profile: e.Name, Endpoint: e.Endpoint}
		}
		used := !decided && (e.Name == name || name == "" && e.Default)
		all = append(all, Candidate{found, used, err})
	}
	if len(all) == 0 {
		return nil, &NoCredentialsError{}
	}
	return all, nil
}
