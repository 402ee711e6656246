package keys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
)

// The environment variables that are read. Empty is unset.
const (
	EnvAppID        = "BACKSCROLL_APP_ID"
	EnvServerSecret = "BACKSCROLL_SERVER_SECRET"
	EnvProfile      = "BACKSCROLL_PROFILE"
	EnvEndpoint     = "BACKSCROLL_ENDPOINT"
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
	// SourceKeyring is a profile of the keyring.
	SourceKeyring
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
	case SourceKeyring:
		return "keyring"
	}
	return fmt.Sprintf("source %d", int(s))
}

// Request is all that Resolve reads.
type Request struct {
	// Stdin is what --secret-stdin reads the secret from; nil without it.
	Stdin io.Reader
	// AppID is --app-id. It is given with Stdin only.
	AppID string
	// Profile is --profile, which excludes Stdin and the environment pair.
	Profile string
	// Endpoint is --endpoint, or the URL of a --region that was given; ""
	// leaves it to the environment, then to the profile or the caller.
	Endpoint string
	// Getenv reads an environment variable, as os.Getenv does.
	Getenv func(string) string
	// Unsetenv removes one, as os.Unsetenv does. It is called for the secret.
	Unsetenv func(string) error
	// Store is the keyring; nil for none.
	Store *Store
}

// Credentials are what a client needs to sign in.
type Credentials struct {
	AppID  uint32
	Secret Secret
	// Endpoint is the base URL the secret may be sent to, as ParseEndpoint
	// spells it; "" is the caller's default, never for SourceKeyring.
	Endpoint string
	Source   Source
	// Profile is the name of the keyring's profile; "" from other sources.
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

// Resolve finds the credentials: --secret-stdin first, then the environment
// pair, then the keyring's profile, which is --profile, BACKSCROLL_PROFILE or
// the default. The secret is removed from the environment, whatever is used.
//
// It fails with an *InputError for what cannot be used or contradicts itself,
// a *NoCredentialsError if there is nothing to use, a *NoDefaultError if there
// are several profiles, an *EndpointError, or as the keyring does.
func Resolve(ctx context.Context, r Request) (Credentials, error) {
	pair := environmentPair{appID: r.Getenv(EnvAppID), secret: r.Getenv(EnvServerSecret)}
	if pair.secret != "" {
		if err := r.Unsetenv(EnvServerSecret); err != nil {
			return Credentials{}, fmt.Errorf("remove %s from the environment: %w", EnvServerSecret, err)
		}
	}
	if err := r.checkFlags(pair); err != nil {
		return Credentials{}, err
	}
	endpoint, err := r.endpoint()
	if err != nil {
		return Credentials{}, err
	}
	switch {
	case r.Stdin != nil:
		return r.fromStdin(pair.appID, endpoint)
	case pair.given():
		return pair.credentials(endpoint)
	}
	return r.fromKeyring(ctx, endpoint)
}

// checkFlags refuses flags that would otherwise be ignored without a word.
func (r Request) checkFlags(pair environmentPair) error {
	switch {
	case r.Profile != "" && r.Stdin != nil:
		return &InputError{
			Input:   "--profile",
			Problem: "contradicts --secret-stdin",
			Advice:  "leave one of them out",
		}
	case r.Profile != "" && pair.given():
		return &InputError{
			Input:   "--profile",
			Problem: "contradicts " + EnvAppID + " and " + EnvServerSecret,
			Advice:  "leave --profile out, or unset both variables",
		}
	case r.AppID != "" && r.Stdin == nil:
		return &InputError{
			Input:   "--app-id",
			Problem: "is used with --secret-stdin only",
			Advice:  "add --secret-stdin, or name a profile of the keyring with --profile",
		}
	}
	return nil
}

// endpoint returns the one that was given explicitly, or "".
func (r Request) endpoint() (string, error) {
	given, from := r.Endpoint, "--endpoint"
	if given == "" {
		given, from = r.Getenv(EnvEndpoint), EnvEndpoint
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

func (r Request) fromStdin(envAppID, endpoint string) (Credentials, error) {
	from, text := "--app-id", r.AppID
	if text == "" {
		from, text = EnvAppID, envAppID
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
	secret, err := ReadSecret(r.Stdin)
	if err != nil {
		return Credentials{}, fmt.Errorf("read --secret-stdin: %w", err)
	}
	return Credentials{AppID: appID, Secret: secret, Endpoint: endpoint, Source: SourceStdin}, nil
}

type environmentPair struct{ appID, secret string }

func (p environmentPair) given() bool { return p.appID != "" || p.secret != "" }

func (p environmentPair) credentials(endpoint string) (Credentials, error) {
	set, missing := EnvAppID, EnvServerSecret
	if p.appID == "" {
		set, missing = missing, set
	}
	if p.appID == "" || p.secret == "" {
		return Credentials{}, &InputError{
			Input:   missing,
			Problem: "is not set, but " + set + " is",
			Advice:  "set both, or neither to use the keyring",
		}
	}
	appID, err := ParseAppID(p.appID)
	if err != nil {
		return Credentials{}, fmt.Errorf("read %s: %w", EnvAppID, err)
	}
	secret, err := NewSecret(p.secret)
	if err != nil {
		return Credentials{}, fmt.Errorf("read %s: %w", EnvServerSecret, err)
	}
	return Credentials{AppID: appID, Secret: secret, Endpoint: endpoint, Source: SourceEnvironment}, nil
}

func (r Request) fromKeyring(ctx context.Context, endpoint string) (Credentials, error) {
	if r.Store == nil {
		return Credentials{}, &NoCredentialsError{}
	}
	name := cmp.Or(r.Profile, r.Getenv(EnvProfile))
	p, err := r.Store.Load(ctx, name)
	if err != nil {
		if name == "" {
			err = asNoCredentials(err)
		}
		return Credentials{}, err
	}
	if endpoint != "" && endpoint != p.Endpoint {
		return Credentials{}, &EndpointError{Profile: p.Name, Stored: p.Endpoint, Given: endpoint}
	}
	return Credentials{
		AppID: p.AppID, Secret: p.Secret, Endpoint: p.Endpoint,
		Source: SourceKeyring, Profile: p.Name,
	}, nil
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
