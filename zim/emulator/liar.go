package emulator

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Lie is one way in which a Liar wrongs those who connect. The zero Lie is the
// truth.
type Lie string

// The lies, by the level at which they are told.
const (
	LieRefuse Lie = "refuse"        // the port is closed
	LieMute   Lie = "mute"          // the connection is taken, and nothing is ever said
	LieReset  Lie = "reset at once" // the connection is reset before a byte was read

	LieMuteTLS   Lie = "mute in the handshake"
	LieUnknownCA Lie = "unknown CA" // the issuer is "Example Company Proxy CA"
	LieExpired   Lie = "expired"    // the certificate was good until yesterday
	LieWrongHost Lie = "wrong host" // the certificate is one for wrong.example.com

	LieMuteHead  Lie = "mute before the head" // the request is read, and nothing is said
	LieMuteBody  Lie = "mute in the body"     // half of the answer, and nothing more
	LieResetHead Lie = "reset in the head"
	LieResetBody Lie = "reset in the body"
	LieStale     Lie = "stale keep-alive" // the answer is right; the next request on the connection meets a reset
	LieGarbage   Lie = "garbage"          // what is answered is not HTTP
	LieBigHead   Lie = "big head"         // headers of 1 MiB
	LieLong      Lie = "long length"      // Content-Length promises more than comes
	LieShort     Lie = "short length"     // Content-Length is half of what comes
	LieDrip      Lie = "drip"             // a byte of the body for each Pace
	LieEndless   Lie = "endless"
	LieBomb      Lie = "gzip bomb" // a few KiB that become 40 MiB

	Lie429        Lie = "429, seconds"   // Retry-After: 2
	Lie429Day     Lie = "429, a day"     // Retry-After: 86400
	Lie503Date    Lie = "503, date"      // Retry-After: the time in 2 s
	Lie503Past    Lie = "503, past date" // Retry-After: the time an hour ago
	Lie503Garbage Lie = "503, garbage"   // Retry-After: soon
	Lie407        Lie = "407"            // a proxy wants a password
	Lie307        Lie = "307"            // elsewhere.example.com has it, signature and all
)

// Lies returns every lie but the truth.
func Lies() []Lie {
	return []Lie{LieRefuse, LieMute, LieReset, LieMuteTLS, LieUnknownCA, LieExpired, LieWrongHost,
		LieMuteHead, LieMuteBody, LieResetHead, LieResetBody, LieStale, LieGarbage, LieBigHead, LieLong, LieShort,
		LieDrip, LieEndless, LieBomb, Lie429, Lie429Day, Lie503Date, Lie503Past, Lie503Garbage, Lie407, Lie307}
}

// level is what a lie is told about: a connection, its handshake, or a request.
type level int

const (
	ofRequest level = iota
	ofConnection
	ofHandshake
)

func (l Lie) level() level {
	switch l {
	case LieRefuse, LieMute, LieReset:
		return ofConnection
	case LieMuteTLS, LieUnknownCA, LieExpired, LieWrongHost:
		return ofHandshake
	}
	return ofRequest
}

// Liar is a server for tests that stands between a client and the truth. Its
// fields are set before Listen and not changed after it.
type Liar struct {
	Lie   Lie
	Times int              // how often it lies before it tells the truth; 0 is always
	Next  http.Handler     // the truth
	Now   func() time.Time // for the dates in Retry-After; nil is time.Now
	Pace  time.Duration    // between the bytes of LieDrip; 0 is a second

	mu     sync.Mutex
	told   int
	taken  []net.Conn // every connection
	gone   sync.WaitGroup
	papers papers
}

// Listen takes a free port of 127.0.0.1 and serves until stop is called, which
// cuts every connection and waits until nothing of the Liar runs. The scheme of
// the URL is https if the lie is told in a handshake. LieRefuse never ends.
func (l *Liar) Listen(ctx context.Context) (url string, stop func(), err error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("emulator: lie: %w", err)
	}
	url = "http://" + listener.Addr().String()
	if l.Lie.level() == ofHandshake {
		url = "https://" + listener.Addr().String()
		if l.papers, err = forge(l.Lie); err != nil {
			listener.Close()
			return "", nil, fmt.Errorf("emulator: lie: %w", err)
		}
	}
	if l.Lie == LieRefuse {
		return url, func() {}, listener.Close()
	}
	srv := &http.Server{Handler: http.HandlerFunc(l.serve), ErrorLog: log.New(io.Discard, "", 0), ConnState: l.count}
	l.gone.Go(func() { srv.Serve(lying{listener, l}) })
	stop = func() {
		srv.Close()
		l.mu.Lock()
		for _, c := range l.taken {
			c.Close()
		}
		l.mu.Unlock()
		l.gone.Wait()
	}
	return url, stop, nil
}

// Roots returns what a client must trust to believe the truth over https. It
// is nil before Listen, and over http.
func (l *Liar) Roots() *x509.CertPool { return l.papers.roots }

// Told returns how many lies were told so far: connections, or requests.
func (l *Liar) Told() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told
}

// lies reports whether to lie now, and counts it.
func (l *Liar) lies() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Lie == "" || l.Times > 0 && l.told >= l.Times {
		return false
	}
	l.told++
	return true
}

// count keeps gone from being done while a connection is served.
func (l *Liar) count(_ net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		l.gone.Add(1)
	case http.StateClosed, http.StateHijacked:
		l.gone.Done()
	}
}

// lying is the listener of a Liar.
type lying struct {
	net.Listener
	l *Liar
}

// Accept returns the next connection that the server shall have.
func (s lying) Accept() (net.Conn, error) {
	for {
		conn, err := s.Listener.Accept()
		if err != nil {
			return nil, err
		}
		s.l.mu.Lock()
		s.l.taken = append(s.l.taken, conn)
		s.l.mu.Unlock()
		switch level := s.l.Lie.level(); {
		case level == ofRequest:
			return conn, nil
		case !s.l.lies():
			return s.l.papers.dress(conn, false), nil
		case s.l.Lie == LieReset:
			cut(conn)
		case s.l.Lie == LieMute, s.l.Lie == LieMuteTLS: // stop closes it
		default:
			return s.l.papers.dress(conn, true), nil
		}
	}
}
