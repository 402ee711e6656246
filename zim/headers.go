package zim

import (
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"
)

// sentHeader is the header of a request as the transport wrote it, which adds
// fields of its own. It tells of them from goroutines of its own, also late. A nil
// one notes nothing.
type sentHeader struct {
	mu     sync.Mutex
	given  http.Header // what it was asked to send
	fields http.Header // what it said that it wrote
}

// begin forgets what was written before, on a connection that was no use. given
// is what there is to be sent, nil if that is known.
func (s *sentHeader) begin(given http.Header) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fields = nil
	if given != nil {
		s.given = given.Clone()
	}
}

func (s *sentHeader) wrote(name string, values []string) {
	if strings.HasPrefix(name, ":") {
		return // of HTTP/2: the method and the URL, with the signature
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fields == nil {
		s.fields = http.Header{}
	}
	for _, v := range values {
		s.fields.Add(name, v)
	}
}

// header returns what was written; where the transport does not tell, what it was
// given.
func (s *sentHeader) header() http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fields == nil {
		return s.given.Clone()
	}
	return s.fields.Clone()
}

// masked stands for what is not shown.
const masked = "***"

// maxHeader is how many bytes of a header's value are shown.
const maxHeader = 1 << 10

// shown returns a copy of a header that can be shown.
func shown(h http.Header, signature string) http.Header {
	if h == nil {
		return nil
	}
	clean := make(http.Header, len(h))
	for name, values := range h {
		private := isPrivate(name)
		if strings.Contains(strings.ToLower(name), signature) {
			name = masked
		}
		for _, v := range values {
			clean[name] = append(clean[name], shownValue(v, signature, private))
		}
	}
	return clean
}

func shownValue(v, signature string, private bool) string {
	if v = hideText(v, signature); private || strings.Contains(strings.ToLower(v), signature) {
		return masked
	}
	if len(v) <= maxHeader {
		return v
	}
	end := maxHeader
	for end > 0 && !utf8.RuneStart(v[end]) {
		end--
	}
	return v[:end] + "…"
}

// isPrivate reports whether a header is for nobody but the one it is sent to.
func isPrivate(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"cookie", "auth", "token", "secret", "session", "signature", "password", "credential", "api-key", "apikey"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
