package keys

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ParseEndpoint checks a base URL that signed requests are sent to, and
// returns its one canonical spelling: scheme and host in lower case, the
// scheme's own port and a lone "/" dropped. It must be https, or http to
// 127.0.0.0/8, ::1 or localhost, with no user info, query or fragment. The
// *InputError does not repeat the URL, which may hold a password.
func ParseEndpoint(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return "", endpointError("not a URL with a scheme and a host")
	}
	if u.User != nil {
		return "", endpointError("has a user name or password in it")
	}
	if u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#") {
		return "", endpointError("has a query or a fragment")
	}
	host := strings.ToLower(u.Hostname())
	if !isHost(host) {
		return "", endpointError("has a host that is neither an ASCII name nor an IP address")
	}
	port := u.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) {
		return "", endpointError("has a port that is not from 1 to 65535")
	}
	switch {
	case u.Scheme == "http" && !isLoopback(host):
		return "", endpointError("is http, which would send the signed request unencrypted")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", endpointError("is neither https nor http")
	case u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		port = ""
	}
	path := u.EscapedPath()
	if strings.ContainsFunc(path, isOddInPath) {
		return "", endpointError("has a path with signs other than letters, digits, - _ . ~ % and /")
	}
	if path == "/" {
		path = ""
	}
	return u.Scheme + "://" + joinHostPort(host, port) + path, nil
}

func endpointError(problem string) error {
	return &InputError{
		Input:   "endpoint",
		Problem: problem,
		Advice:  "give https://HOST, or http:// with 127.0.0.1, [::1] or localhost",
	}
}

// isHost keeps out look-alike letters, zones, and whatever could be read as
// another host by the next parser.
func isHost(host string) bool {
	if strings.Contains(host, ":") {
		addr, err := netip.ParseAddr(host)
		return err == nil && addr.Zone() == ""
	}
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return !isNameRune(r) && r != '.'
	})
}

// isOddInPath keeps an endpoint harmless in a shell, where hints are pasted.
func isOddInPath(r rune) bool { return !isNameRune(r) && !strings.ContainsRune("./~%", r) }

// isLoopback takes a host in lower case. An IPv4 address mapped into IPv6 is
// not on design's list.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && !addr.Is4In6() && addr.IsLoopback()
}

func joinHostPort(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port == "" {
		return host
	}
	return host + ":" + port
}
