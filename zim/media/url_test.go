package media

import (
	"strings"
	"testing"
	"unicode"
)

// hosts are URLs, the host that is shown, and what a browser is given.
var hosts = []struct{ url, host, browser string }{
	{"https://media.example.com/a.jpg", "media.example.com", ""},
	{"HTTP://MEDIA.Example.COM:80", "media.example.com", "http://media.example.com"},
	{"https://example.com:443/a", "example.com", "https://example.com/a"},
	{"http://example.com:443/a", "example.com:443", ""},
	{"https://example.com:08443/", "example.com:8443", "https://example.com:8443/"},
	{"https://example.com.:/x", "example.com", "https://example.com/x"},
	{"https://my_bucket--1.example.com/", "my_bucket--1.example.com", ""},
	{"https://bücher.example.com/", "xn--bcher-kva.example.com", "https://xn--bcher-kva.example.com/"},
	{"https://ехample.com/", "xn--ample-ywe6i.com", "https://xn--ample-ywe6i.com/"},
	{"https://ｅxample。com/", "example.com", "https://example.com/"},
	{"https://exa\u00admple.com/", "example.com", "https://example.com/"},
	{"https://straße.example.com/", "xn--strae-oqa.example.com", "https://xn--strae-oqa.example.com/"},
	{"http://192.0.2.7/", "192.0.2.7", ""},
	{"http://１２７.0.0.1/", "127.0.0.1", "http://127.0.0.1/"},
	{"http://[2001:DB8:0::1]:8080/", "[2001:db8::1]:8080", "http://[2001:db8::1]:8080/"},
	{"https://[::1]:443/", "[::1]", "https://[::1]/"},
	{"https://example.com/a b?q=ä b#c d", "example.com", "https://example.com/a%20b?q=%C3%A4%20b#c%20d"},
	{`https://example.com/a"<b>?q="<'>`, "example.com", `https://example.com/a%22%3Cb%3E?q=%22%3C%27%3E`},
	{"https://example.com/%2e%2e/a%2Fb?x=%zz&y=1+2", "example.com", ""},
	{"https://example.com/@evil.example.com/", "example.com", ""},
	{"https://example.com/你\u202e.jpg", "example.com", "https://example.com/%E4%BD%A0%E2%80%AE.jpg"},
}

func TestHost(t *testing.T) {
	for _, c := range hosts {
		host, err := Host(c.url)
		if err != nil || host != c.host {
			t.Errorf("%q: host %q, %v, want %q", c.url, host, err, c.host)
		}
		if c.browser == "" {
			c.browser = c.url
		}
		if got, err := URL(c.url); err != nil || got != c.browser {
			t.Errorf("%q: to the browser %q, %v, want %q", c.url, got, err, c.browser)
		}
	}
}

// refusedURLs are followed by nobody.
var refusedURLs = []string{
	"", "x", "/a", "//example.com/a", "http:", "http://", "http:///a", "http:example.com", "https://:80/", "https://./",
	"ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "FILE://example.com/x",
	"https://user@example.com/", "https://user:secret@example.com/", "https://@example.com/", "https://example.com@evil.example.com/",
	`https://example.com\@evil.example.com/`, `https:\\example.com\`, `https://example.com/a\b`,
	"https://example.com/a\nb", "https://exa\tmple.com/", "https://example.com/\x00", "https://example.com/\x1b[2J",
	"https://example.com/\u009d", "https://example.com/\u2028", "https://example.com/\x7f", "https://example.com/\xff", " https://example.com/",
	"https://exam ple.com/", "https://exam%20ple.com/", "https://exam%00ple.com/", "https://%65xample.com/", "https://exa<mple.com/", "http://10%80", "https://ex%e9mple.com/",
	"https://example.com:0/", "https://example.com:65536/", "https://example.com:8x/", "https://example.com:-1/",
	"https://a..example.com/", "https://example.com../", "https://exam\u202eple.com/", "https://xn--a.example.com/", "https://example.com／@evil/",
	"http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://127.0.0.0x1/", "http://0177.0.0.1/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://a.1/",
	"http://[::1/", "http://[127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://[::1]x/", "http://[example.com]/", "http://::1/",
	"https://" + strings.Repeat("a", 64) + ".example.com/",
	"https://" + strings.Repeat("a.", 127) + "com/",
	"https://example.com/" + strings.Repeat("a", maxURL),
}

func TestURLsThatAreRefused(t *testing.T) {
	for _, link := range refusedURLs {
		host, err := Host(link)
		if err == nil || host != "" {
			t.Errorf("%.60q is let pass, as %q", link, host)
		} else if len(link) > 12 && strings.Contains(err.Error(), link) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.60q: the error shows it: %v", link, err)
		}
	}
}

// A URL that is let pass shows an ASCII host, and says the same once it is
// written out.
func FuzzHost(f *testing.F) {
	for _, c := range hosts {
		f.Add(c.url)
	}
	for _, link := range refusedURLs {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		host, err := Host(link)
		if err != nil {
			return
		}
		out, err := URL(link)
		if err != nil || strings.ContainsFunc(out, func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || r == 0x7f || r == '\\' }) {
			t.Fatalf("%q is written %q, %v", link, out, err)
		}
		rest, ok := strings.CutPrefix(out, "https://"+host)
		if !ok {
			rest, ok = strings.CutPrefix(out, "http://"+host)
		}
		if !ok || rest != "" && !strings.ContainsAny(rest[:1], "/?#") {
			t.Fatalf("%q shows %q and is written %q", link, host, out)
		}
		if len(out) > maxURL {
			return
		}
		if again, err := Host(out); err != nil || again != host {
			t.Fatalf("%q shows %q, then %q, %v", link, host, again, err)
		}
		if again, _ := URL(out); again != out {
			t.Fatalf("%q is written %q, then %q", link, out, again)
		}
	})
}
