package media

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL is how long a URL may be, in bytes. The documentation allows 500.
const maxURL = 8 << 10

// Host checks a URL and returns the host to show for it: in punycode, so that
// look-alike letters give themselves away, and with the port if it is not the
// scheme's. It fails for what is not http or https, names a user or no host, or
// holds a control character or a backslash. Private addresses are no error
// here: only a fetch finds out where a name leads.
func Host(rawURL string) (string, error) {
	u, err := parse(rawURL)
	if err != nil {
		return "", err
	}
	return u.Host, nil
}

// URL checks a URL as Host does and returns it as it is to be given to a browser:
// in ASCII, its host written as Host shows it, so that a browser cannot read
// another one out of it.
func URL(rawURL string) (string, error) {
	u, err := parse(rawURL)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

var errHost = errors.New("the URL names no host that could be looked up")

// parse reads a URL of a message or of a redirect. Its errors do not show it.
func parse(raw string) (*url.URL, error) {
	switch {
	case raw == "":
		return nil, errors.New("there is no URL")
	case len(raw) > maxURL:
		return nil, fmt.Errorf("the URL is over %d bytes", maxURL)
	case !utf8.ValidString(raw), strings.ContainsFunc(raw, hostile):
		return nil, errors.New("the URL holds a character that no URL may hold")
	}
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	if err != nil {
		return nil, errors.New("the URL cannot be read")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the URL is neither http nor https")
	case u.User != nil:
		return nil, errors.New("the URL names a user, which can hide its host")
	}
	if u.Host, err = hostPort(u); err != nil {
		return nil, err
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	return u, nil
}

// hostile reports whether a character makes readers of URLs disagree: browsers
// take a backslash for a slash, and drop tabs and newlines.
func hostile(r rune) bool {
	return unicode.IsControl(r) || r == '\\' || r == '\u2028' || r == '\u2029'
}

// hostPort returns the host in ASCII, with the port if it is not the scheme's.
func hostPort(u *url.URL) (string, error) {
	host, err := asciiHost(u.Hostname(), strings.HasPrefix(u.Host, "["))
	if err != nil {
		return "", err
	}
	if u.Port() != "" {
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || port == 0 {
			return "", errors.New("the URL's port is none")
		}
		if (u.Scheme == "http" && port != 80) || (u.Scheme == "https" && port != 443) {
			return net.JoinHostPort(host, strconv.FormatUint(port, 10)), nil
		}
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]", nil
	}
	return host, nil
}

// names maps a host as browsers do. What is left is checked by asciiHost, since
// hosts with an underscore or an odd hyphen are in use.
var names = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(false), idna.CheckHyphens(false))

func asciiHost(host string, bracketed bool) (string, error) {
	if bracketed {
		ip, err := netip.ParseAddr(host)
		if err != nil || !ip.Is6() || ip.Zone() != "" {
			return "", errHost
		}
		return ip.String(), nil
	}
	ascii, err := names.ToASCII(host)
	if again, _ := names.ToASCII(ascii); err != nil || again != ascii || !utf8.ValidString(host) { // %80 in a host is decoded by now
		return "", errHost
	}
	if host = strings.TrimSuffix(ascii, "."); len(host) > 253 {
		return "", errHost
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.ContainsFunc(l, notInHost) {
			return "", errHost
		}
	}
	// Where the last label is a number the host is an address, for browsers and
	// many resolvers also as 127.1, 0x7f.1 or 2130706433. Only its plain form is let pass.
	if isNumber(labels[len(labels)-1]) {
		if ip, err := netip.ParseAddr(host); err != nil || !ip.Is4() {
			return "", errHost
		}
	}
	return host, nil
}

func notInHost(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}

func isNumber(label string) bool {
	digits, hex := strings.CutPrefix(label, "0x")
	return !strings.ContainsFunc(digits, func(r rune) bool {
		return !(r >= '0' && r <= '9' || hex && r >= 'a' && r <= 'f')
	})
}

// escapeQuery writes what may not stand in a query as it is, the way browsers do.
func escapeQuery(q string) string {
	var b strings.Builder
	for _, c := range []byte(q) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>'`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
