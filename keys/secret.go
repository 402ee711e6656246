package keys

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	mask      = "[secret]"
	secretLen = 32

	// maxLine is how much of standard input is read for a secret, in bytes.
	maxLine = 4096
)

// A Secret is a ServerSecret that cannot be printed, logged or encoded by
// accident: every such way gives "[secret]". The zero value is no secret.
type Secret struct {
	// A string would be found by fmt through an unexported field, where no
	// method of ours is called. Nothing looks into a closure.
	reveal func() string
}

// NewSecret takes a ServerSecret: 32 hex digits, white space around them
// dropped, upper and lower case kept since both are signed as they stand. The
// *InputError gives the length found, never the text.
func NewSecret(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Secret{}, errNoSecret
	}
	if _, err := hex.DecodeString(s); err != nil || len(s) != secretLen {
		return Secret{}, &InputError{
			Input:   "ServerSecret",
			Problem: fmt.Sprintf("not %d hex digits (%d bytes were given)", secretLen, len(s)),
			Advice:  secretAdvice,
		}
	}
	return Secret{reveal: func() string { return s }}, nil
}

const secretAdvice = "copy the ServerSecret of the project from the ZEGOCLOUD console; the AppSign, 64 digits, is something else"

var errNoSecret = &InputError{Input: "ServerSecret", Problem: "empty", Advice: secretAdvice}

// ReadSecret reads a secret from the first line of r, of which it takes 4096
// bytes at most. It fails as r does, or with an *InputError as [NewSecret].
func ReadSecret(r io.Reader) (Secret, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return Secret{}, fmt.Errorf("read the secret: %w", err)
	}
	return NewSecret(line)
}

// Reveal returns the secret itself, or "" if there is none. It is for the
// signer alone.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.reveal == nil }

// String returns "[secret]".
func (s Secret) String() string { return mask }

// GoString returns "[secret]".
func (s Secret) GoString() string { return mask }

// Format writes "[secret]" for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// MarshalText returns "[secret]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// MarshalJSON returns "[secret]" as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// LogValue returns "[secret]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(mask) }
