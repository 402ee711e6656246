// Package keys finds the credentials of a ZIM app and keeps them in the
// keyring of the operating system.
//
// [Resolve] is the way in: it goes through --secret-stdin, the environment, the
// file that it names, the programs that a [Config] names and the keyring, in that
// order, and gives [Credentials] or an error that says what to do. [Candidates]
// lists what it could find; config.go, file.go and command.go are what their
// names say. A [Store] lays profiles out as items of a [Keyring]; [System] is
// the keyring of the machine, [Memory] one for tests. A call of the former runs
// in a process of its own, with [ServeCall], since a keyring may never answer. A
// [Secret] is a ServerSecret that nothing can print, and [ParseEndpoint] says
// where it may be sent.
//
// The package refuses to print anything, to put a secret into an error, to
// write one to a file or read one from a configuration, and to fall back to
// something weaker when a source fails. It knows neither a terminal nor the service. Its errors carry the way
// out in a method Hint() string, apart from the sentence in Error.
package keys

import (
	"fmt"
	"strconv"
	"strings"
)

// A Profile is one app as it is kept in the keyring.
type Profile struct {
	// Name is 1 to 64 ASCII letters, digits, "-" and "_"; see CheckName.
	Name string
	// AppID is the app's number, 1 to 4294967295.
	AppID uint32
	// Secret is the app's ServerSecret.
	Secret Secret
	// Endpoint is the only base URL the secret may be sent to. It is never
	// empty, and has the spelling that ParseEndpoint gives.
	Endpoint string
}

// InputError says that something given on the command line, on standard input
// or in the environment cannot be used.
type InputError struct {
	// Input names what was given, never its value.
	Input string
	// Problem says what is wrong with it.
	Problem string
	// Advice is the way out.
	Advice string
}

// Error says what was tried and what went wrong, without a secret.
func (e *InputError) Error() string { return e.Input + ": " + e.Problem }

// Hint is the way out.
func (e *InputError) Hint() string { return e.Advice }

// maxNameLen is in bytes, which are letters here.
const maxNameLen = 64

// CheckName returns an *InputError unless name is 1 to 64 ASCII letters,
// digits, "-" and "_".
func CheckName(name string) error {
	odd := strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) })
	if name != "" && len(name) <= maxNameLen && !odd {
		return nil
	}
	return &InputError{
		Input:   "profile name",
		Problem: "not 1 to 64 letters, digits, - and _",
		Advice:  "choose a short name such as shop or shop-test",
	}
}

func isNameRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return r == '-' || r == '_'
}

// ParseAppID reads an AppID: decimal, 1 to 4294967295, white space around it
// allowed. The *InputError does not repeat s, which may be a secret that was
// put in the wrong place.
func ParseAppID(s string) (uint32, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	if err != nil || n == 0 {
		return 0, errAppID
	}
	return uint32(n), nil
}

var errAppID = &InputError{
	Input:   "AppID",
	Problem: "not a decimal number from 1 to 4294967295",
	Advice:  "copy the AppID of the project from the ZEGOCLOUD console",
}

// check returns an *InputError for a profile that must not be stored, and
// gives its endpoint the canonical spelling.
func (p Profile) check() (Profile, error) {
	if err := CheckName(p.Name); err != nil {
		return p, err
	}
	if p.AppID == 0 {
		return p, fmt.Errorf("profile %q: %w", p.Name, errAppID)
	}
	if p.Secret.IsZero() {
		return p, fmt.Errorf("profile %q: %w", p.Name, errNoSecret)
	}
	endpoint, err := ParseEndpoint(p.Endpoint)
	if err != nil {
		return p, fmt.Errorf("profile %q: %w", p.Name, err)
	}
	p.Endpoint = endpoint
	return p, nil
}
