package keys

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	// Service is the service every item of the keyring is stored under.
	Service = "backscroll"

	// listAccount is the item that lists the profiles. No profile can have
	// its name, because of the dot.
	listAccount = ".profiles"
)

// A Keyring holds one text for each pair of service and account. Its methods
// fail with a [*KeyringError], or with the context's error when that ends
// first. An item that is not there is the state [NotFound], for Delete too.
type Keyring interface {
	Get(ctx context.Context, service, account string) (string, error)
	Set(ctx context.Context, service, account, value string) error
	Delete(ctx context.Context, service, account string) error
}

// A State says why the keyring did not do what was asked.
type State int

// The states of a keyring that failed.
const (
	// Failed is any failure that has no state of its own.
	Failed State = iota
	// NoBus: there is no D-Bus session bus.
	NoBus
	// NoService: the bus has no Secret Service.
	NoService
	// NoCollection: the Secret Service has no default keyring.
	NoCollection
	// Locked: the keyring is locked, and was not unlocked.
	Locked
	// Dismissed: the keyring is locked, and whoever was asked did not unlock it.
	Dismissed
	// TimedOut: no answer came in time, as when nobody answers the prompt.
	TimedOut
	// MuteBus: the session bus took the connection and said nothing.
	MuteBus
	// MuteService: the bus answers, the Secret Service does not.
	MuteService
	// NotFound: the item is not there.
	NotFound
	// NotKept: success was reported, but reading back showed no change.
	NotKept
	// TooLarge: the keyring takes no item of that size.
	TooLarge
	// NoInteraction: macOS may not ask the user here (security exits 36).
	NoInteraction
	// NoLogonSession: Windows gives this logon no credentials, as over SSH.
	NoLogonSession
	// Unsupported: there is no keyring for this system.
	Unsupported
	// Damaged: the item was not written by backscroll, or was changed since.
	Damaged
)

const (
	withoutKeyring = "backscroll itself needs no keyring: set " + EnvAppID + " and " + EnvServerSecret + ", or give --app-id and --secret-stdin"
	otherWays      = "; " + withoutKeyring
)

// sentences has what went wrong and the way out of it. %s in a hint is the
// name of the profile, or NAME.
var sentences = [...]struct{ name, wrong, hint string }{
	Failed:         {"failed", "the keyring failed", "look at the cause named above" + otherWays},
	NoBus:          {"no bus", "there is no D-Bus session bus", "start backscroll from a desktop session" + otherWays},
	NoService:      {"no service", "the session bus has no Secret Service", "start GNOME Keyring, KWallet or KeePassXC" + otherWays},
	NoCollection:   {"no collection", "the Secret Service has no default keyring", "create one, for example in Passwords and Keys (seahorse)" + otherWays},
	Locked:         {"locked", "the keyring is locked, and was not unlocked", "unlock it, for example by logging in to the desktop" + otherWays},
	Dismissed:      {"dismissed", "the keyring stayed locked: its prompt was dismissed, or could not be shown", "try again and answer the prompt, or unlock the keyring first" + otherWays},
	TimedOut:       {"timed out", "the keyring did not answer", "answer the prompt that asks to unlock it, if there is one, and try again" + otherWays},
	MuteBus:        {"mute bus", "the D-Bus session bus did not answer", "log out of the desktop and in again, or set DBUS_SESSION_BUS_ADDRESS to a bus that answers" + otherWays},
	MuteService:    {"mute service", "the Secret Service did not answer", "start it anew (GNOME Keyring: systemctl --user restart gnome-keyring-daemon), and try again" + otherWays},
	NotFound:       {"not found", "there is no such item", "store it with: backscroll auth login --profile %s"},
	NotKept:        {"not kept", "the keyring reported success, but nothing changed", "try again and do not dismiss the prompt of the keyring"},
	TooLarge:       {"too large", "larger than the keyring takes", "log out of a profile that is no longer used, with: backscroll auth logout"},
	NoInteraction:  {"no interaction", "macOS does not open the keychain to this session (security: exit 36)", "run security unlock-keychain in this session first" + otherWays},
	NoLogonSession: {"no logon session", "Windows gives this logon no credential store, as over SSH", "log in at the machine or by remote desktop" + otherWays},
	Unsupported:    {"unsupported", "this build has no keyring for this system", withoutKeyring},
	Damaged:        {"damaged", "not as backscroll wrote it", "delete the item %s of the service " + Service + " in the keyring, then log in again"},
}

// String names the state in a word or two, in lower case.
func (s State) String() string {
	if s < 0 || int(s) >= len(sentences) {
		return fmt.Sprintf("state %d", int(s))
	}
	return sentences[s].name
}

// KeyringError says what was asked of the keyring and why it was not done.
type KeyringError struct {
	// Tried is what was asked for, such as `read profile "shop" from the
	// keyring`.
	Tried string
	// Account is the item it was about.
	Account string
	// State says what went wrong, and decides the hint.
	State State
	// Limit is how long an answer was awaited; 0 unless State is TimedOut,
	// MuteBus or MuteService.
	Limit time.Duration
	// Err is the cause, or nil. Its text may come from another program, so
	// it is to be cleaned like any foreign text.
	Err error
}

// Error says what was tried and what went wrong, without a secret.
func (e *KeyringError) Error() string {
	text := e.Tried + ": " + e.sentence().wrong
	if e.Limit > 0 {
		text += fmt.Sprintf(" within %.0f s", e.Limit.Seconds())
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause, or nil.
func (e *KeyringError) Unwrap() error { return e.Err }

// Hint is the way out.
func (e *KeyringError) Hint() string {
	account := e.Account
	if account == "" {
		account = "NAME"
	}
	return strings.ReplaceAll(e.sentence().hint, "%s", account)
}

func (e *KeyringError) sentence() struct{ name, wrong, hint string } {
	if e.State < 0 || int(e.State) >= len(sentences) {
		return sentences[Failed]
	}
	return sentences[e.State]
}

// What is tried, with %s for the item.
const (
	tryGet    = "read %s from the keyring"
	trySet    = "write %s to the keyring"
	tryDelete = "delete %s from the keyring"
	tryChoose = "make %s the default"
)

func keyringError(try, account string, state State, cause error) *KeyringError {
	what := fmt.Sprintf("profile %q", account)
	if account == listAccount {
		what = "the list of profiles"
	}
	return &KeyringError{Tried: fmt.Sprintf(try, what), Account: account, State: state, Err: cause}
}
