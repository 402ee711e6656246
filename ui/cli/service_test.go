package cli

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

// canaryApp is the AppId of the app whose secret is the canary.
const canaryApp = 7

// service is an emulator of the canary's app. It remembers every signature that
// it was sent.
type service struct {
	base string

	mu         sync.Mutex
	before     func(e *emulator.Emulator, call int) // called before each call is answered, if set
	calls      int
	signatures []string
}

func newService(t *testing.T, opts ...emulator.Option) *service {
	t.Helper()
	secret, err := zim.NewSecret(canary)
	if err != nil {
		t.Fatal(err)
	}
	e := emulator.New(append([]emulator.Option{emulator.WithApp(canaryApp, secret), emulator.WithRate(0)}, opts...)...)
	s := &service{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls++
		s.signatures = append(s.signatures, r.URL.Query().Get("Signature"))
		if s.before != nil {
			s.before(e, s.calls)
		}
		s.mu.Unlock()
		e.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	s.base = server.URL
	return s
}

// env is the environment of a client of the service.
func (s *service) env() []string {
	return []string{keys.EnvAppID, fmt.Sprint(canaryApp), keys.EnvServerSecret, canary, keys.EnvEndpoint, s.base}
}

func (s *service) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// environ is env as processes take it.
func (s *service) environ() []string {
	var all []string
	for e := s.env(); len(e) > 0; e = e[2:] {
		all = append(all, e[0]+"="+e[1])
	}
	return all
}

// machine is one without a terminal that is signed in.
func (s *service) machine() *machine {
	m := newMachine().with(s.env()...)
	m.noScreen, m.piped = true, true
	return m
}

// run runs a command as fast as is allowed. A command takes the secret from the
// environment, so each has a machine of its own.
func (s *service) run(t *testing.T, args string) outcome {
	t.Helper()
	return s.machine().run(t, append(strings.Fields(args), "--rate", "20")...)
}

// wantNoSecret checks that nothing that could open the app is in a text.
func (s *service) wantNoSecret(t *testing.T, where, seen string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.signatures) == 0 {
		t.Errorf("%s: the service was never asked", where)
	}
	for _, bad := range append([]string{canary, "Signature="}, s.signatures...) {
		if bad != "" && strings.Contains(strings.ToLower(seen), strings.ToLower(bad)) {
			t.Errorf("%s: shows %.12s…", where, bad)
		}
	}
}
