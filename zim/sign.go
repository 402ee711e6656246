package zim

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
)

// Secret is a ServerSecret that nothing can print: it sits in a closure, so
// that not even a %+v of a struct around it shows it. The zero Secret is none.
type Secret struct{ reveal func() string }

// NewSecret takes a ServerSecret: 32 hex digits, with white space around them
// dropped. The error never repeats what was given.
func NewSecret(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	if _, err := hex.DecodeString(s); err != nil || len(s) != 32 {
		return Secret{}, errors.New("a ServerSecret is 32 hex digits")
	}
	return Secret{reveal: func() string { return s }}, nil
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.reveal == nil }

const redacted = "[secret]"

// String returns "[secret]", as do all other ways to print a Secret.
func (Secret) String() string { return redacted }

// Format writes "[secret]" for every verb.
func (Secret) Format(w fmt.State, _ rune) { io.WriteString(w, redacted) }

// MarshalText returns "[secret]", in JSON too.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// SignatureVersion is the only version of the signature that the service takes.
const SignatureVersion = "2.0"

// Signature returns the lower-case hex of
// md5(AppId + SignatureNonce + ServerSecret + Timestamp), where unix is in
// seconds. It covers neither the action nor the body: whoever sees it can call
// any action of the app for ten minutes, so it is a secret like the secret.
func Signature(appID uint32, nonce string, secret Secret, unix int64) string {
	if secret.IsZero() {
		return ""
	}
	sum := md5.Sum([]byte(strconv.FormatUint(uint64(appID), 10) + nonce + secret.reveal() + strconv.FormatInt(unix, 10)))
	return hex.EncodeToString(sum[:])
}
