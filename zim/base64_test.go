package zim

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBase64(t *testing.T) {
	for text, want := range map[string]string{
		"eyJhIjoxfQ==":     `{"a":1}`,
		"eyJhIjoxfQ":       `{"a":1}`,
		"WzEsMl0=":         `[1,2]`,
		"IHsiYSI6MX0K":     " {\"a\":1}\n",
		"SGVsbG8gVGVzdA==": "Hello Test",
		base64.StdEncoding.EncodeToString([]byte("周五下班以后过来看一下，谢谢!")): "周五下班以后过来看一下，谢谢!",
		"dGhlIHNhbXBsZSBub25jZQ":      "the sample nonce",
		"w7_Dv8O_w7_Dv8O_w7_Dv8O_w78": "ÿÿÿÿÿÿÿÿÿÿ",
		"w7/Dv8O/w7/Dv8O/w7/Dv8O/w78": "ÿÿÿÿÿÿÿÿÿÿ",
	} {
		if got, ok := fromBase64([]byte(text)); !ok || string(got) != want {
			t.Errorf("%s is %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "e30=", "W10=", "transaction", "Instantiated", "finalization", "SHA1WithRSA", "cgroup_throw", "dynamic-dns", "demangleType", "InvalidUTF8", "TERMINOLOGY",
		"971503777289036729", "20260501140322", "d41d8cd98f00b204e9800998ecf8427e", "D41D8CD98F00B204E9800998ECF8427E", "550e8400-e29b-41d4-a716-446655440000",
		"V1StGXR8_Z5jdHi6B-myT", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "users/alice/avatar", "/var/log/messages", "image/jpeg", "2026-05-01", "alice_and_bob_and_carol",
		"eyJhIjoxfQ=", "eyJhIjoxfQ===", "=eyJhIjoxfQ=", "eyJhIjoxfR==", "eyJhIjox fQ==", "eyJhIjp9fQ==", "SGVsbG8=", "SGVsbG8gV29y", "AAECAwQFBgcICQoLDA0ODw==",
		"w7/Dv8O_w7_Dv8O_w7_Dv8O_w78=", "bm93IGhlcmUK/w==", "ISEhISEhISEhISEhISEhIQ==",
	} {
		if got, ok := fromBase64([]byte(text)); ok {
			t.Errorf("%s is %q", text, got)
		}
	}
}

// TestBase64OfProse finds what people write in whatever way it is encoded.
func TestBase64OfProse(t *testing.T) {
	encodings := []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Za-zäöüßéñ你好世界]{3,12}( [a-z0-9]{2,8}){4,9}[.!?]`).Draw(t, "text")
		if rapid.Bool().Draw(t, "JSON") {
			text = `{"note":` + quoted(text) + `}`
		}
		encoded := rapid.SampledFrom(encodings).Draw(t, "encoding").EncodeToString([]byte(text))
		if got, ok := fromBase64([]byte(encoded)); !ok || string(got) != text {
			t.Fatalf("%s is %q, %v, want %q", encoded, got, ok, text)
		}
		if strings.Contains(encoded, "=") {
			return
		}
		if _, ok := fromBase64([]byte(encoded + "!")); ok {
			t.Fatal("what is in no alphabet is decoded")
		}
	})
}
