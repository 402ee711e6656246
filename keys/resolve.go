package keys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The environment variables that are read. Empty is unset.
const (
	EnvAppID            = "BACKSCROLL_APP_ID"
	EnvServerSecret     = "BACKSCROLL_SERVER_SECRET"
	EnvServerSecretFile = "BACKSCROLL_SERVER_SECRET_FILE"
	EnvProfile          = "BACKSCROLL_PROFILE"
	EnvEndpoint         = "BACKSCROLL_ENDPOINT"
)

// Source says where credentials came from.
type Source int

// The sources, in the order in which they are tried.
const (
	// SourceNone is the zero value: there are no credentials.
	SourceNone Source = iota
	// SourceStdin is --secret-stdin.
	SourceStdin
	// SourceEnvironment is the pair of environment variables.
	SourceEnvironment
	// SourceFile is the file that the environment names.
	SourceFile
	// SourceCommand is a secret_command of the configuration.
	SourceCommand
	// SourceKeyring is a profile of the keyring.
	SourceKeyring
	// SourcePrompt is what somebody typed when asked.
	SourcePrompt
)

// String names the source.
func (s Source) String() string {
	switch s {
	case SourceNone:
		return "none"
	case SourceStdin:
		return "--secret-stdin"
	case SourceEnvironment:
		return "environment"
	case SourceFile:
		return EnvServerSecretFile
	case SourceCommand:
		return "secret_command"
	case SourceKeyring:
		return "keyring"
	case SourcePrompt:
		return "prompt"
	}
	return fmt.Sprintf("source %d", int(s))
}

// Request is all that Resolve reads.
type Request struct {
	// Stdin is what --secret-stdin reads the secret from; nil without it.
	Stdin io.Reader
	// AppID is --app-id. It is given with Stdin only.
	AppID string
	// Profile is --profile, which excludes Stdin and the environment's
	// credentials.
	Profile string
	// Endpoint is --endpoint, or the URL of a --region that was given; ""
	// leaves it to the environment, then to the profile or the caller.
	Endpoint string
	// Getenv reads an environment variable, as os.Getenv does.
	Getenv func(string) string
	// Unsetenv removes one, as os.Unsetenv does. It is called for the secret.
	Unsetenv func(string) error
	// Environ is what a secret_command finds in its environment, as os.Environ
	// gives it; variables whose names begin with BACKSCROLL_ are left out.
	Environ []string
	// Config is the configuration, in which each Region was turned into an
	// Endpoint.
	Config Config
	// Store is the keyring; nil for none.
	Store *Store
	// Ask has somebody type the credentials where no source has any; nil where
	// nobody may be asked. appID is the one that is known, or 0.
	Ask func(ctx context.Context, appID uint32) (uint32, Secret, error)
}

// Credentials are what a client needs to sign in.
type Credentials struct {
	AppID  uint32
	Secret Secret
	// Endpoint is the base URL the secret may be sent to, as ParseEndpoint
	// spells it; "" is the caller's default, never for SourceKeyring.
	Endpoint string
	Source   Source
	// Profile is the name of the profile, of the keyring or of the
	// configuration; "" from other sources.
	Profile string
}

// NoCredentialsError says that no source has credentials.
type NoCredentialsError struct {
	// Err is why no keyring could be asked; nil if it has no profiles, or if
	// there was no Store.
	Err error
}

// Error says what was tried and what went wrong, without a secret.
func (e *NoCredentialsError) Error() string {
	const text = "find credentials: there are none on standard input, in the environment or in the keyring"
	if e.Err == nil {
		return text
	}
	return text + ": " + e.Err.Error()
}

// Unwrap returns the failure of the keyring, or nil.
func (e *NoCredentialsError) Unwrap() error { return e.Err }

// Hint is the way out.
func (e *NoCredentialsError) Hint() string {
	if failed, ok := errors.AsType[*KeyringError](e.Err); ok {
		return failed.Hint()
	}
	return "run backscroll auth login" + otherWays
}

// EndpointError says that a secret of the keyring was to be sent to another
// endpoint than the one it was stored with.
type EndpointError struct {
	// Profile is the name of the profile.
	Profile string
	// Stored is the endpoint its secret is bound to, Given the other one.
	Stored, Given string
}

// Error says what was tried and what went wrong, without a secret.
func (e *EndpointError) Error() string {
	return fmt.Sprintf("use profile %q with %s: its secret is for %s only", e.Profile, e.Given, e.Stored)
}

// Hint is the way out.
func (e *EndpointError) Hint() string {
	return "log in for that endpoint under another name, with: backscroll auth login --profile NAME --endpoint " + e.Given
}

// Resolve finds the credentials. The first of these that is there is used, and
// where it fails nothing else is tried:
//
//   - standard input, for --secret-stdin;
//   - the environment's pair of AppID and secret;
//   - the file that the environment names, with the environment's AppID;
//   - for the profile that is named, by --profile, BACKSCROLL_PROFILE or the
//     configuration, the secret_command that the configuration has for it; the
//     configuration's own where none is named;
//   - the keyring, for that profile or its default one;
//   - whoever can be asked.
//
// The secret is removed from the environment, whatever is used.
//
// It fails with an *InputError for what cannot be used or contradicts itself,
// a *NoCredentialsError if there is nothing to use, a *NoDefaultError if there
// are several profiles, an *EndpointError, a *CommandError, or as the keyring
// does.
func Resolve(ctx context.Context, r Request) (Credentials, error) {
	s, err := r.begin()
	if err != nil {
		return Credentials{}, err
	}
	switch {
	case r.Stdin != nil:
		return s.fromStdin()
	case s.env.given():
		return s.fromEnvironment()
	}
	name := s.profile()
	if app, ok := r.Config.command(name); ok {
		return s.fromCommand(ctx, name, app)
	}
	found, err := s.fromKeyring(ctx, name)
	if _, none := errors.AsType[*NoCredentialsError](err); !none {
		return found, err
	}
	switch {
	case len(r.Config.Profiles) > 0:
		return Credentials{}, &NoDefaultError{Names: slices.Sorted(maps.Keys(r.Config.Profiles))}
	case r.Ask != nil:
		return s.fromPrompt(ctx)
	}
	return Credentials{}, err
}

// search is a Request whose environment was read, and whose flags agree.
type search struct {
	Request
	env      environment
	endpoint string // that was given explicitly, or ""
}

// begin takes the secret out of the environment, first of all.
func (r Request) begin() (*search, error) {
	s := &search{Request: r, env: environment{
		appID: r.Getenv(EnvAppID), secret: r.Getenv(EnvServerSecret), file: r.Getenv(EnvServerSecretFile),
	}}
	if s.env.secret != "" {
		if err := r.Unsetenv(EnvServerSecret); err != nil {
			return nil, fmt.Errorf("remove %s from the environment: %w", EnvServerSecret, err)
		}
	}
	if err := s.checkFlags(); err != nil {
		return nil, err
	}
	var err error
	s.endpoint, err = s.givenEndpoint()
	return s, err
}

// checkFlags refuses flags that would otherwise be ignored without a word.
func (s *search) checkFlags() error {
	switch {
	case s.Profile != "" && s.Stdin != nil:
		return &InputError{
			Input:   "--profile",
			Problem: "contradicts --secret-stdin",
			Advice:  "leave one of them out",
		}
	case s.Profile != "" && s.env.given():
		return &InputError{
			Input:   "--profile",
			Problem: "contradicts " + strings.Join(s.env.names(), " and "),
			Advice:  "leave --profile out, or unset " + strings.Join(s.env.names(), " and "),
		}
	case s.AppID != "" && s.Stdin == nil:
		return &InputError{
			Input:   "--app-id",
			Problem: "is used with --secret-stdin only",
			Advice:  "add --secret-stdin, or name a profile of the keyring with --profile",
		}
	}
	return nil
}

// profile is the name of the one that was chosen, or "".
func (s *search) profile() string {
	return cmp.Or(s.Request.Profile, s.Getenv(EnvProfile), s.Config.Profile)
}

// givenEndpoint returns the one that was given explicitly, or "".
func (s *search) givenEndpoint() (string, error) {
	given, from := s.Endpoint, "--endpoint"
	if given == "" {
		given, from = s.Getenv(EnvEndpoint), EnvEndpoint
	}
	if given == "" {
		return "", nil
	}
	endpoint, err := ParseEndpoint(given)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", from, err)
	}
	return endpoint, nil
}

// anyEndpoint is where a secret may be sent to that is bound to no endpoint.
func (s *search) anyEndpoint() string { return cmp.Or(s.endpoint, s.Config.Endpoint) }

func (s *search) fromStdin() (Credentials, error) {
	from, text := "--app-id", s.AppID
	if text == "" {
		from, text = EnvAppID, s.env.appID
	}
	if text == "" && s.Config.AppID != 0 {
		text = strconv.FormatUint(uint64(s.Config.AppID), 10)
	}
	if text == "" {
		return Credentials{}, &InputError{
			Input:   "--secret-stdin",
			Problem: "needs the AppID too",
			Advice:  "add --app-id, or set " + EnvAppID,
		}
	}
	appID, err := ParseAppID(text)
	if err != nil {
		return Credentials{}, fmt.Errorf("read %s: %w", from, err)
	}
	secret, err := ReadSecret(s.Stdin)
	if err != nil {
		return Credentials{}, fmt.Errorf("read --secret-stdin: %w", err)
	}
	return Credentials{AppID: appID, Secret: secret, Endpoint: s.anyEndpoint(), Source: SourceStdin}, nil
}

// environment is what the environment says of an app.
type environment struct{ appID, secret, file string }

func (e environment) given() bool { return len(e.names()) > 0 }

// names returns the variables that are set.
func (e environment) names() []string {
	var names []string
	for _, v := range []struct{ name, value string }{{EnvAppID, e.appID}, {EnvServerSecret, e.secret}, {EnvServerSecretFile, e.file}} {
		if v.value != "" {
			names = append(names, v.name)
		}
	}
	return names
}

// fromEnvironment takes the secret itself before the file that has one.
func (s *search) fromEnvironment() (Credentials, error) {
	missing := EnvServerSecret
	if s.env.appID == "" {
		missing = EnvAppID
	}
	if s.env.appID == "" || s.env.secret == "" && s.env.file == "" {
		return Credentials{}, &InputError{
			Input:   missing,
			Problem: "is not set, but " + strings.Join(s.env.names(), " and ") + " is",
			Advice:  "set both, or neither to use the keyring",
		}
	}
	appID, err := ParseAppID(s.env.appID)
	if err != nil {
		return Credentials{}, fmt.Errorf("read %s: %w", EnvAppID, err)
	}
	found := Credentials{AppID: appID, Endpoint: s.anyEndpoint(), Source: SourceEnvironment}
	if s.env.secret == "" {
		found.Source = SourceFile
		found.Secret, err = readSecretFile(s.env.file)
	} else if found.Secret, err = NewSecret(s.env.secret); err != nil {
		err = fmt.Errorf("read %s: %w", EnvServerSecret, err)
	}
	if err != nil {
		return Credentials{}, err
	}
	return found, nil
}

func (s *search) fromKeyring(ctx context.Context, name string) (Credentials, error) {
	if s.Store == nil {
		return Credentials{}, &NoCredentialsError{}
	}
	p, err := s.Store.Load(ctx, name)
	if err != nil {
		if name == "" {
			err = asNoCredentials(err)
		}
		return Credentials{}, err
	}
	if s.endpoint != "" && s.endpoint != p.Endpoint {
		return Credentials{}, &EndpointError{Profile: p.Name, Stored: p.Endpoint, Given: s.endpoint}
	}
	return Credentials{
		AppID: p.AppID, Secret: p.Secret, Endpoint: p.Endpoint,
		Source: SourceKeyring, Profile: p.Name,
	}, nil
}

func (s *search) fromPrompt(ctx context.Context) (Credentials, error) {
	appID, secret, err := s.Ask(ctx, s.Config.AppID)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{AppID: appID, Secret: secret, Endpoint: s.anyEndpoint(), Source: SourcePrompt}, nil
}

// asNoCredentials tells a keyring that is empty or not there, so that nothing
// was ever stored in it, from one that fails.
func asNoCredentials(err error) error {
	if none, ok := errors.AsType[*NoDefaultError](err); ok && len(none.Names) == 0 {
		return &NoCredentialsError{}
	}
	for _, state := range []State{NoBus, NoService, NoCollection, Unsupported} {
		if stateIs(err, state) {
			return &NoCredentialsError{Err: err}
		}
	}
	return err
}
