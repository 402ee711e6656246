package keys

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"
)

func TestNewSecret(t *testing.T) {
	for text, want := range map[string]string{
		canary:                     canary,
		"\t " + canary + " \r\n":   canary,
		strings.ToUpper(canary):    strings.ToUpper(canary),
		canary[1:]:                 "",
		canary + "0":               "",
		canary + canary:            "",
		"g" + canary[1:]:           "",
		canary[:16] + " " + canary: "",
		"":                         "",
		" \n":                      "",
		strings.Repeat("０", 32):    "",
	} {
		got, err := NewSecret(text)
		if got.Reveal() != want || (err == nil) != (want != "") || got.IsZero() != (want == "") {
			t.Errorf("NewSecret of %d bytes: %v", len(text), err)
		} else if want == "" {
			wantInput(t, err, "ServerSecret")
			if part := strings.TrimSpace(text); part != "" && strings.Contains(err.Error(), part) {
				t.Error("the error has the text in it")
			}
		}
	}
}

func TestReadSecret(t *testing.T) {
	for text, ok := range map[string]bool{
		canary:                                true,
		canary + "\r\nanother line":           true,
		canary + canary + "\n":                false,
		"\n" + canary:                         false,
		strings.Repeat(" ", maxLine) + canary: false,
	} {
		got, err := ReadSecret(strings.NewReader(text))
		if ok != (err == nil) || ok && got.Reveal() != canary {
			t.Errorf("ReadSecret of %d bytes: %v", len(text), err)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadSecret(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("error = %v, want %v", err, broken)
	}
}

func TestSecretIsNotPrinted(t *testing.T) {
	secret := mustSecret(t, canary)
	type hidden struct {
		secret Secret
		any    any
		list   []Secret
		point  *Secret
	}
	type open struct {
		Secret Secret
		Point  *Secret
	}
	in := hidden{secret, secret, []Secret{secret}, &secret}
	out := open{secret, &secret}
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08.3f", "%T %v"}
	for _, verb := range verbs {
		for _, value := range []any{
			secret, &secret, in, &in, out, &out, []any{in, out},
			map[string]any{"a": in, "b": secret},
			Profile{Secret: secret}, Credentials{Secret: secret},
		} {
			text := fmt.Sprintf(verb, value)
			wantNoSecret(t, text)
			wantNoSecret(t, unhex(text))
		}
		if verb != "%T %v" {
			if got := fmt.Sprintf(verb, secret); got != mask {
				t.Errorf("Sprintf(%q) = %s, want %s", verb, got, mask)
			}
		}
	}
	if text := fmt.Sprintf("%v %+v", out, Profile{Secret: secret}); strings.Count(text, mask) < 2 {
		t.Errorf("no mask in %s", text)
	}
}

// unhex undoes what %x would do to a string inside text.
func unhex(text string) string {
	var b []byte
	for i := 0; i+1 < len(text); i++ {
		var c byte
		if _, err := fmt.Sscanf(text[i:i+2], "%02x", &c); err == nil {
			b = append(b, c)
			i++
		}
	}
	return string(b)
}

func TestSecretIsNotEncoded(t *testing.T) {
	secret := mustSecret(t, canary)
	profile := Profile{Name: "shop", Secret: secret}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "secret", secret, "profile", profile)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("m", "secret", secret, "profile", profile)
	asJSON, err := json.Marshal(map[string]any{"s": secret, "p": profile})
	if err != nil {
		t.Fatal(err)
	}
	asXML, err := xml.Marshal(profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{logged.String(), string(asJSON), string(asXML), secret.String(), secret.GoString()} {
		wantNoSecret(t, text)
		if !strings.Contains(text, mask) {
			t.Errorf("no mask in %s", text)
		}
	}
}

func TestZeroSecret(t *testing.T) {
	var none Secret
	if !none.IsZero() || none.Reveal() != "" || none.String() != mask {
		t.Errorf("zero = %v, IsZero %v", none, none.IsZero())
	}
}
