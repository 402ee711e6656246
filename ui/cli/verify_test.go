package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

const otherSecret = "00000000000000000000000000000001"

// answering is a service that answers every call with a code.
func answering(t *testing.T, code zim.Code) *service {
	return newService(t, emulator.WithHook(func(string, int) *emulator.Fault { return &emulator.Fault{Code: code} }))
}

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

func TestVerify(t *testing.T) {
	t.Parallel()
	html := newService(t, emulator.WithHook(func(string, int) *emulator.Fault {
		return &emulator.Fault{Status: http.StatusForbidden, Body: "<h1>Guests\x1b[2J</h1>"}
	}))
	redirect := newService(t, emulator.WithHook(func(string, int) *emulator.Fault {
		return &emulator.Fault{Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://example.com"}}}
	}))
	right, skewed := newService(t), newService(t, emulator.WithFault(emulator.FaultSkew))
	for name, c := range map[string]struct {
		base   string
		appID  uint32
		secret string
		kind   trouble
		says   string // of the error, or else of the clock
		works  bool
	}{
		"right":              {right.base, canaryApp, canary, 0, "", true},
		"clock put right":    {skewed.base, canaryApp, canary, 0, "clock 25 min slow", true},
		"another secret":     {right.base, canaryApp, otherSecret, wrongSecret, "wrong secret: it is not the ServerSecret of this AppId (100000005, request ", false},
		"another app":        {right.base, 8, canary, wrongApp, "wrong AppId: no app has this number there (100000011", false},
		"both":               {right.base, 8, otherSecret, wrongApp, "AppId 8", false},
		"secret, bad clock":  {skewed.base, canaryApp, otherSecret, wrongSecret, "wrong secret", false},
		"expired":            {answering(t, zim.SignatureExpired).base, canaryApp, canary, wrongClock, "wrong clock", false},
		"code 3":             {answering(t, zim.AuthenticationFailed).base, canaryApp, canary, wrongSecret, "(3, request", false},
		"no secret":          {answering(t, zim.NoSecret).base, canaryApp, canary, wrongApp, "wrong AppId", false},
		"wrong host":         {answering(t, zim.WrongHost).base, canaryApp, canary, wrongRegion, "wrong region or endpoint: wrong host (100000000", false},
		"another service":    {answering(t, zim.ActionUnsupported).base, canaryApp, canary, wrongRegion, "Action unsupported", false},
		"nobody is known":    {answering(t, zim.UserUnknown).base, canaryApp, canary, 0, "", true},
		"not enabled":        {answering(t, zim.ServiceNotEnabled).base, canaryApp, canary, unclear, "In-app Chat not enabled", false},
		"something new":      {answering(t, 4711).base, canaryApp, canary, unclear, "unknown code 4711", false},
		"a proxy's page":     {html.base, canaryApp, canary, wrongRegion, "a proxy answered instead of ZIM (HTTP 403)", false},
		"a redirect":         {redirect.base, canaryApp, canary, wrongRegion, "wrong region or endpoint: a redirect was refused", false},
		"nobody there":       {closedPort(t), canaryApp, canary, noNetwork, "the service was not reached: cannot connect", false},
		"no such host there": {"https://backscroll.invalid", canaryApp, canary, wrongRegion, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secret, err := keys.NewSecret(c.secret)
			if err != nil {
				t.Fatal(err)
			}
			noWait := zim.WithJitter(func(time.Duration) time.Duration { return 0 })
			opts := []zim.Option{noWait}
			if c.says == "" && !c.works {
				opts = append(opts, zim.WithTransport(deaf{&net.DNSError{Err: "no such host", IsNotFound: true}}))
			}
			clock, err := verify(t.Context(), c.appID, secret, c.base, opts...)
			if c.works {
				if err != nil || clock != c.says {
					t.Errorf("clock %q, %v; want %q", clock, err, c.says)
				}
				return
			}
			wrong, ok := errors.AsType[*verifyError](err)
			if !ok || wrong.kind != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("error = %v (%T), want %d, %q", err, err, c.kind, c.says)
			}
			if wrong.Hint() == "" || strings.Contains(err.Error()+wrong.Hint(), c.secret) || strings.Contains(err.Error(), "ignature=") {
				t.Errorf("%v; hint: %s", err, wrong.Hint())
			}
		})
	}
}

// deaf is a network that gets nowhere.
type deaf struct{ err error }

func (d deaf) RoundTrip(*http.Request) (*http.Response, error) { return nil, d.err }

// TestVerifyWithoutANetwork: where the address is a region's own, a name that is
// not found is no wrong region.
func TestVerifyWithoutANetwork(t *testing.T) {
	t.Parallel()
	secret, err := keys.NewSecret(canary)
	if err != nil {
		t.Fatal(err)
	}
	_, err = verify(t.Context(), 7, secret, frankfurt, zim.WithTransport(deaf{&net.DNSError{Err: "no such host", IsNotFound: true}}))
	wrong, ok := errors.AsType[*verifyError](err)
	if !ok || wrong.kind != noNetwork || wrong.Hint() != "check the network, its name server and the proxy" {
		t.Errorf("error = %v", err)
	}
	reason := errors.New("ctrl+c")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if _, err := verify(ctx, 7, secret, frankfurt); !errors.Is(err, reason) {
		t.Errorf("error = %v, want %v", err, reason)
	}
}

func TestLoginVerifies(t *testing.T) {
	t.Parallel()
	right, skewed, off := newService(t), newService(t, emulator.WithFault(emulator.FaultSkew)), closedPort(t)
	for name, c := range map[string]struct {
		base, secret, args string
		code               int
		says               string
	}{
		"right":             {right.base, canary, "--app-id 7", 0, "ServerSecret (not shown): \n"},
		"a clock":           {skewed.base, canary, "--app-id 7", 0, "backscroll: clock 25 min slow: set the clock"},
		"wrong secret":      {right.base, otherSecret, "--app-id 7", 1, "wrong secret"},
		"wrong app":         {right.base, canary, "--app-id 8", 1, "wrong AppId"},
		"wrong, untried":    {right.base, otherSecret, "--app-id 8 --no-verify", 0, "ServerSecret"},
		"nobody there":      {off, canary, "--app-id 7", 1, "to store them untried, add --no-verify"},
		"nobody is tried":   {off, canary, "--app-id 7 --no-verify", 0, "ServerSecret"},
		"an unclear answer": {answering(t, zim.NotInProduction).base, canary, "--app-id 7", 1, "add --no-verify"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			m.password = c.secret
			o := m.run(t, append([]string{"auth", "login", "--endpoint", c.base}, strings.Fields(c.args)...)...)
			if o.code != c.code || !strings.Contains(o.stderr, c.says) || strings.Contains(o.stderr, c.secret) {
				t.Errorf("got %+v, want %q", o, c.says)
			}
			if stored := len(m.ring.Accounts(keys.Service)) > 0; stored != (c.code == 0) {
				t.Errorf("stored: %v", stored)
			}
			if strings.HasPrefix(c.says, "wrong") && strings.Contains(o.stderr, "no-verify") {
				t.Errorf("it offers to store what is wrong: %s", o.stderr)
			}
		})
	}
}

// printing is a program that prints a secret, as a secret_command names it.
func printing(t *testing.T, secret string) []string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("it has no cat")
	}
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"cat", path}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	s, skewed := newService(t), newService(t, emulator.WithFault(emulator.FaultSkew))
	m := newMachine().with(s.env()...).holding(t, "shop", s.base)
	m.config.Profiles = map[string]keys.ConfigApp{
		"conf": {AppID: canaryApp, SecretCommand: printing(t, canary), Region: "frankfurt"},
		"gone": {AppID: 9, SecretCommand: []string{"cat", filepath.Join(t.TempDir(), "none")}},
	}
	o := m.run(t, "auth", "status")
	if o.code != 1 || o.stderr != "backscroll: auth status: 2 of 4 cannot be used\nhint: the way out of each stands above\n" {
		t.Errorf("exit code %d, %q", o.code, o.stderr)
	}
	blocks := strings.Split(o.stdout, "\n\n")
	if len(blocks) != 4 {
		t.Fatalf("%d blocks:\n%s", len(blocks), o.stdout)
	}
	const there = "secret    there is one; it is never shown\n"
	for i, want := range []string{
		"from      environment (used)\nAppId     7\nendpoint  " + s.base + "\n" + there + "state     works",
		"from      secret_command, profile conf\nAppId     7\nendpoint  " + s.base + "\n" + there + "state     works",
		"from      secret_command, profile gone\nAppId     9\nendpoint  " + s.base + "\nsecret    none\nstate     run secret_command \"cat\" of profile \"gone\": exit status 1; it says: cat: ",
		"from      keyring, profile shop\nAppId     1000\nendpoint  " + s.base + "\n" + there + "state     verify AppId 1000 with " + strings.TrimPrefix(s.base, "http://") + ": wrong AppId: no app has this number there (100000011, request ",
	} {
		if !strings.HasPrefix(blocks[i], want) {
			t.Errorf("block %d is\n%s\nwant\n%s", i, blocks[i], want)
		}
	}
	s.wantNoSecret(t, "status", o.stdout+o.stderr)

	m = newMachine().with(skewed.env()...)
	m.run(t, "auth", "status").want(t, "from      environment (used)\nAppId     7\nendpoint  "+skewed.base+"\n"+there+
		"state     works, though clock 25 min slow: set the clock of this machine right\n")
}

func TestStatusOffline(t *testing.T) {
	t.Parallel()
	s := newService(t)
	m := newMachine().with(s.env()...)
	m.run(t, "auth", "status", "--offline").want(t,
		"from      environment (used)\nAppId     7\nendpoint  "+s.base+"\nsecret    there is one; it is never shown\nstate     not tried\n")
	if s.count() > 0 {
		t.Errorf("%d calls", s.count())
	}
	m = newMachine().holding(t, "shop", s.base, "test", s.base)
	m.run(t, "auth", "status", "--offline", "--profile", "test").want(t,
		"from      keyring, profile test (used)\nAppId     1002\nendpoint  "+s.base+"\nsecret    there is one; it is never shown\nstate     not tried\n")
	if o := m.run(t, "auth", "status", "--offline", "--profile", "none"); o.code != 1 || !strings.Contains(o.stdout, "there is no such item") {
		t.Errorf("no such profile: got %+v", o)
	}
	m.holding(t, "more", s.base)
	m.run(t, "auth", "logout", "--profile", "shop")
	o := m.run(t, "auth", "status", "--offline")
	if o.code != 1 || !strings.Contains(o.stderr, "none of more, test was chosen") || strings.Count(o.stdout, "from ") != 2 {
		t.Errorf("got %+v", o)
	}
}

func TestStatusOfBrokenSources(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  []string
		says string
	}{
		"half a pair":  {[]string{keys.EnvServerSecret, canary}, "state   " + keys.EnvAppID + ": is not set, but " + keys.EnvServerSecret + " is\nhint    set both"},
		"no file":      {[]string{keys.EnvAppID, "7", keys.EnvServerSecretFile, "none"}, "state   " + keys.EnvServerSecretFile + ": the file cannot be read"},
		"a profile":    {[]string{keys.EnvProfile, "gone"}, `state   read profile "gone" from the keyring: there is no such item`},
		"an endpoint":  {[]string{keys.EnvProfile, "shop", keys.EnvEndpoint, proxy}, `use profile "shop" with ` + proxy + ": its secret is for"},
		"not a secret": {[]string{keys.EnvAppID, "7", keys.EnvServerSecret, canary + "0"}, "33 bytes were given"},
	} {
		o := newMachine().with(c.env...).holding(t, "shop", unified).run(t, "auth", "status", "--offline")
		if o.code != 1 || !strings.Contains(o.stdout, c.says) || !strings.Contains(o.stderr, "cannot be used") {
			t.Errorf("%s: got %+v, want %q", name, o, c.says)
		}
	}
}

// TestAskedLast: a command that prints asks, where somebody can be asked and
// nothing else has credentials.
func TestAskedLast(t *testing.T) {
	t.Parallel()
	s := newService(t)
	args := strings.Fields("conversations --user alice --rate 20 --endpoint " + s.base)
	m := newMachine()
	m.watched, m.stdin, m.password = true, fmt.Sprintln(canaryApp), canary
	o := m.run(t, args...)
	if o.code != 0 || !strings.Contains(o.stdout, "bob") || !strings.HasPrefix(o.stderr, "AppId: ServerSecret (not shown): \n") {
		t.Errorf("got %+v", o)
	}
	m = newMachine()
	m.watched, m.password, m.config.AppID = true, canary, canaryApp
	if o := m.run(t, args...); o.code != 0 || !strings.HasPrefix(o.stderr, "ServerSecret (not shown): \n") {
		t.Errorf("the AppId of the configuration: got %+v", o)
	}
	m = newMachine()
	m.password = canary
	m.run(t, args...).wantFailure(t, 1, "backscroll auth login") // nobody reads what it asks
	m.watched, m.piped = true, true
	m.run(t, args...).wantFailure(t, 1, "backscroll auth login")
}
