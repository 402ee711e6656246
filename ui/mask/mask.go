// Package mask replaces what tells of whom a chat is by placeholders, so that a
// transcript can be shown to more people: phone numbers, e-mail addresses, numbers
// of payment cards, and the user, query and fragment of URLs, which may be keys.
//
// A placeholder is such as [phone-KQJTWBXMRD]. The same value gets the same one
// wherever it is and however it is written: as a message, in JSON in a string of
// JSON, URL-encoded, in base64. It is a hash under a Key that nobody is shown, so
// that nothing needs to be kept of what was masked, and nothing can be guessed back.
//
// json.go walks through a message, fold.go reads a text as a person would (odd
// digits, invisible characters, &#64; and %40), url.go, email.go, card.go and
// phone.go find what is masked, phone_run.go and words.go what a phone number is
// made of and what stands around it.
//
// The package does not find names, streets, dates of birth, or what a picture
// shows. It leaves bare digits alone that could be any number: a phone number must
// look like one, by a +, 00 or 0 in front, by its groups, by being a mobile number
// with its country in front, or by a word such as "call" before it. A number
// written with and without its country are two values. No number of JSON is
// changed, unless its name says that it is a phone number, or that it is one of a
// card and its check digit agrees.
package mask

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"backscroll/zim"
)

// Key makes the placeholders of one export its own: without it nobody can try out
// which number one stands for. It belongs into no output.
type Key [32]byte

// NewKey returns a random key.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails
	return k
}

// MarshalText writes a key in hex, for the journal of an export.
func (k Key) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, k[:]), nil }

// UnmarshalText reads what MarshalText wrote. It fails for anything else.
func (k *Key) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(k)) {
		return errors.New("no key of a mask: it has another length")
	}
	_, err := hex.Decode(k[:], text)
	return err
}

// Kind is what was masked. It is the word in the placeholder.
type Kind string

// The kinds.
const (
	Phone    Kind = "phone"
	Email    Kind = "email"
	Card     Kind = "card"
	User     Kind = "user" // of a URL, with the password
	Query    Kind = "query"
	Fragment Kind = "fragment"
)

// Mask masks texts and messages. It is for one goroutine.
type Mask struct {
	key    Key
	counts map[Kind]int
}

// New returns a mask with a key.
func New(k Key) *Mask { return &Mask{key: k, counts: map[Kind]int{}} }

// Counts says how many times each kind was masked so far.
func (m *Mask) Counts() map[Kind]int { return maps.Clone(m.counts) }

// Message returns a message in which every text is masked. Its numbers are as they
// were; its Raw is that of the message itself where nothing was masked, else JSON
// in which what was wrapped is written plainly.
func (m *Mask) Message(msg zim.Message) zim.Message {
	raw, changed := m.object(msg.Raw)
	if !changed {
		return msg
	}
	masked := zim.ReadMessage(raw)
	masked.MsgId, masked.MsgSeq, masked.MsgTime = msg.MsgId, msg.MsgSeq, msg.MsgTime
	return masked
}

// Text returns a text, an ID or a name masked. A text that is JSON, URL-encoded or
// base64 is masked inside, and is then written plainly.
func (m *Mask) Text(s string) string { return m.settle(s, anything) }

// maxPasses is how often a text is gone over. Each pass takes something away, and
// nearly all are done with the first.
const maxPasses = 20

// settle masks a text until there is nothing more: what stands beside a placeholder
// may read otherwise than before.
func (m *Mask) settle(s string, h hint) string {
	for range maxPasses {
		masked := m.value(s, h, 0)
		if masked == s {
			break
		}
		s = masked
	}
	return s
}

// span is a part of a folded text that is masked.
type span struct {
	from, to int // of its runes
	kind     Kind
	value    string // the same for each way of writing it
}

// plain masks a text that is taken as it stands.
func (m *Mask) plain(s string, h hint) string {
	if harmless(s) {
		return s
	}
	if len(s) <= maxPiece {
		return m.piece(s, h)
	}
	var b strings.Builder
	for len(s) > 0 {
		n := cut(s)
		b.WriteString(m.piece(s[:n], h))
		s = s[n:]
	}
	return b.String()
}

// maxPiece is how much of a text is looked at at once, in bytes: reading it takes many
// times its memory.
const maxPiece = 64 << 10

// cut returns where the first piece of a text ends: with a line, or with a word that
// has no digit on either side of the space, if there is one in its second half.
func cut(s string) int {
	if len(s) <= maxPiece {
		return len(s)
	}
	if n := strings.LastIndexByte(s[:maxPiece], '\n') + 1; n > maxPiece/2 {
		return n
	}
	for n := maxPiece; n > maxPiece/2; n-- {
		if s[n-1] == ' ' && !isDigit(rune(s[n-2])) && !isDigit(rune(s[n])) {
			return n
		}
	}
	n := maxPiece
	for n > 1 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// piece masks a text that is not too long.
func (m *Mask) piece(s string, h hint) string {
	f := fold(s)
	spans := f.find(h)
	if len(spans) == 0 {
		return s
	}
	var b strings.Builder
	done := 0
	for _, found := range spans {
		b.WriteString(s[done:f.start[found.from]])
		b.WriteString(m.placeholder(found.kind, found.value))
		done = f.end[found.to-1]
	}
	b.WriteString(s[done:])
	return b.String()
}

// harmless reports at a glance that a text has nothing that would be masked.
func harmless(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' || c >= 0x80 || c == '@' || c == '?' || c == '#' || c == '&' || c == '%' || c == '(' || c == '[' || c == '{' {
			return false
		}
	}
	return true
}

// letters are those of placeholders: none reads as a digit, and no word comes of them.
const letters = "BCDFGHJKLMNPQRSTVWXZ"

// codeLength is how many letters a placeholder has: of a million values, two are
// alike in one of twenty exports.
const codeLength = 10

func (m *Mask) placeholder(k Kind, value string) string {
	m.counts[k]++
	hash := hmac.New(sha256.New, m.key[:])
	hash.Write([]byte(string(k) + ":" + value))
	b := []byte("[" + string(k) + "-")
	for _, c := range hash.Sum(nil)[:codeLength] {
		b = append(b, letters[int(c)%len(letters)])
	}
	return string(append(b, ']'))
}

// isPlaceholder reports whether a text is one.
func isPlaceholder(s string) bool {
	inner, begins := strings.CutPrefix(s, "[")
	inner, ends := strings.CutSuffix(inner, "]")
	_, code, ok := strings.Cut(inner, "-")
	return begins && ends && ok && len(code) == codeLength && strings.Trim(code, letters) == ""
}

// onFirstUse compiles an expression when it is wanted: a program that masks nothing
// does not pay for it at its start.
func onFirstUse(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
