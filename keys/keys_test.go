package keys

import (
	"errors"
	"strings"
	"testing"
)

// canary is an invented secret. No output of any test may contain it.
const canary = "0123456789abcdefFEDCBA9876543210"

func mustSecret(t *testing.T, s string) Secret {
	t.Helper()
	secret, err := NewSecret(s)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func newProfile(t *testing.T, name string) Profile {
	t.Helper()
	return Profile{Name: name, AppID: 12345, Secret: mustSecret(t, canary), Endpoint: "https://zim.example.com"}
}

func sameProfile(a, b Profile) bool {
	return a.Name == b.Name && a.AppID == b.AppID && a.Endpoint == b.Endpoint &&
		a.Secret.Reveal() == b.Secret.Reveal()
}

// wantInput asserts that err is about input, has a hint, and hides the secret.
func wantInput(t *testing.T, err error, input string) {
	t.Helper()
	wrong, ok := errors.AsType[*InputError](err)
	if !ok || wrong.Input != input {
		t.Errorf("error = %v (%T), want an InputError about %s", err, err, input)
		return
	}
	if wrong.Hint() == "" {
		t.Errorf("%v has no hint", err)
	}
	wantNoSecret(t, err.Error()+wrong.Hint())
}

func wantNoSecret(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
		t.Error("the secret was printed")
	}
}

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{
		"shop":                  true,
		"A-1_z":                 true,
		strings.Repeat("a", 64): true,
		strings.Repeat("a", 65): false,
		"":                      false,
		".profiles":             false,
		"a b":                   false,
		"a/b":                   false,
		"shöp":                  false,
		"shop\n":                false,
		"٣":                     false,
	} {
		if err := CheckName(name); ok != (err == nil) {
			t.Errorf("CheckName(%q) = %v", name, err)
		} else if !ok {
			wantInput(t, err, "profile name")
		}
	}
}

func TestParseAppID(t *testing.T) {
	for text, want := range map[string]uint32{
		"1":           1,
		" 12345\n":    12345,
		"4294967295":  4294967295,
		"4294967296":  0,
		"0":           0,
		"":            0,
		"-1":          0,
		"+1":          0,
		"1_000":       0,
		"0x10":        0,
		"1.0":         0,
		canary:        0,
		"12345 12345": 0,
	} {
		got, err := ParseAppID(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("ParseAppID(%q) = %d, %v", text, got, err)
		} else if want == 0 {
			wantInput(t, err, "AppID")
		}
	}
}
