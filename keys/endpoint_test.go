package keys

import (
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	for text, want := range map[string]string{
		"https://zim-api.zego.im":        "https://zim-api.zego.im",
		"https://zim-api.zego.im/":       "https://zim-api.zego.im",
		"HTTPS://ZIM-API.zego.im:443":    "https://zim-api.zego.im",
		"https://zim-api.zego.im:":       "https://zim-api.zego.im",
		"https://example.com:8443/zim":   "https://example.com:8443/zim",
		"https://example.com/zim/":       "https://example.com/zim/",
		"https://10.0.0.1":               "https://10.0.0.1",
		"https://[2001:db8::1]:443":      "https://[2001:db8::1]",
		"http://127.0.0.1:8085":          "http://127.0.0.1:8085",
		"http://127.255.255.254":         "http://127.255.255.254",
		"http://[::1]:80/":               "http://[::1]",
		"http://[::1]:8085":              "http://[::1]:8085",
		"http://LocalHost:8085":          "http://localhost:8085",
		"http://example.com":             "",
		"http://127.0.0.1.example.com":   "",
		"http://localhost.example.com":   "",
		"http://localhost.":              "",
		"http://127.1":                   "",
		"http://0x7f000001":              "",
		"http://128.0.0.1":               "",
		"http://10.0.0.1":                "",
		"http://0.0.0.0":                 "",
		"http://[::ffff:127.0.0.1]":      "",
		"http://[::1%25lo]":              "",
		"http://user@127.0.0.1":          "",
		"https://u:pw@example.com":       "",
		"https://@example.com":           "",
		"https://example.com?":           "",
		"https://example.com?a=b":        "",
		"https://example.com#":           "",
		"https://example.com/#a":         "",
		"https://example.com:0":          "",
		"https://example.com:65536":      "",
		"https://example.com:x":          "",
		"https://":                       "",
		"https:example.com":              "",
		"https:///zim":                   "",
		"example.com":                    "",
		"//example.com":                  "",
		"ftp://127.0.0.1":                "",
		"unix:///run/socket":             "",
		"https://exаmple.com":            "", // the а is Cyrillic
		"https://exa mple.com":           "",
		"https://example.com%2e":         "",
		"https://example.com\n":          "",
		"https://example.com\\@evil.com": "",
		"https://example.com/$(touch)":   "",
		"https://example.com/a'b":        "",
		"":                               "",
	} {
		got, err := ParseEndpoint(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseEndpoint(%q) = %q, %v; want %q", text, got, err, want)
			continue
		}
		if want == "" {
			wantInput(t, err, "endpoint")
			if strings.Contains(err.Error(), "pw") {
				t.Errorf("the error has the password in it: %v", err)
			}
		} else if again, err := ParseEndpoint(got); again != got || err != nil {
			t.Errorf("ParseEndpoint(%q) = %q, %v; want it unchanged", got, again, err)
		}
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{"https://a.b/c", "http://[::1]:1", "http://127.0.0.1", "https://u@h?q#f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseEndpoint(text)
		if err != nil {
			return
		}
		if again, err := ParseEndpoint(got); again != got || err != nil {
			t.Errorf("%q became %q, then %q (%v)", text, got, again, err)
		}
		if strings.ContainsAny(got, " @?#$'\"`\\;&|<>()") || !strings.HasPrefix(got, "http") {
			t.Errorf("%q became %q", text, got)
		}
	})
}
