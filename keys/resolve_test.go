package keys

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	stdinSecret = "11111111111111111111111111111111"
	envSecret   = "22222222222222222222222222222222"
)

// newRequest is a Request on an environment and profiles, the first of which
// is the default. It has no flags.
func newRequest(t *testing.T, env map[string]string, profiles ...string) Request {
	t.Helper()
	store := NewStore(NewMemory())
	for _, name := range profiles {
		if err := store.Save(t.Context(), newProfile(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	return Request{
		Getenv:   func(name string) string { return env[name] },
		Unsetenv: func(name string) error { delete(env, name); return nil },
		Store:    store,
	}
}

func TestResolveOrder(t *testing.T) {
	pair := map[string]string{EnvAppID: "22", EnvServerSecret: envSecret}
	const other, bound = "https://other.example.com", "https://zim.example.com"
	for name, c := range map[string]struct {
		env   map[string]string
		stdin bool
		flags Request
		want  string // source, AppID, profile, endpoint
	}{
		"keyring":                   {want: "keyring 12345 shop " + bound},
		"--profile":                 {flags: Request{Profile: "test"}, want: "keyring 12345 test " + bound},
		"BACKSCROLL_PROFILE":        {env: map[string]string{EnvProfile: "test"}, want: "keyring 12345 test " + bound},
		"--profile beats it":        {env: map[string]string{EnvProfile: "none"}, flags: Request{Profile: "test"}, want: "keyring 12345 test " + bound},
		"empty is unset":            {env: map[string]string{EnvAppID: "", EnvServerSecret: "", EnvProfile: "", EnvEndpoint: ""}, want: "keyring 12345 shop " + bound},
		"the same endpoint":         {flags: Request{Endpoint: "https://ZIM.example.com:443/"}, want: "keyring 12345 shop " + bound},
		"the same in environment":   {env: map[string]string{EnvEndpoint: bound}, want: "keyring 12345 shop " + bound},
		"pair":                      {env: pair, want: "environment 22 - -"},
		"pair, other endpoint":      {env: pair, flags: Request{Endpoint: other}, want: "environment 22 - " + other},
		"pair beats env profile":    {env: with(pair, EnvProfile, "test"), want: "environment 22 - -"},
		"pair, endpoint of env":     {env: with(pair, EnvEndpoint, other), want: "environment 22 - " + other},
		"flag beats env endpoint":   {env: with(pair, EnvEndpoint, bound), flags: Request{Endpoint: other}, want: "environment 22 - " + other},
		"stdin":                     {stdin: true, flags: Request{AppID: "11"}, want: "--secret-stdin 11 - -"},
		"stdin, AppID of env":       {stdin: true, env: map[string]string{EnvAppID: "22"}, want: "--secret-stdin 22 - -"},
		"stdin beats pair":          {stdin: true, env: pair, flags: Request{AppID: "11"}, want: "--secret-stdin 11 - -"},
		"stdin beats half a pair":   {stdin: true, env: map[string]string{EnvServerSecret: envSecret}, flags: Request{AppID: "11"}, want: "--secret-stdin 11 - -"},
		"stdin beats env profile":   {stdin: true, env: map[string]string{EnvProfile: "test"}, flags: Request{AppID: "11"}, want: "--secret-stdin 11 - -"},
		"stdin, endpoint of a flag": {stdin: true, flags: Request{AppID: "11", Endpoint: other}, want: "--secret-stdin 11 - " + other},
	} {
		t.Run(name, func(t *testing.T) {
			env := with(c.env, "", "")
			r := newRequest(t, env, "shop", "test")
			r.Profile, r.Endpoint, r.AppID = c.flags.Profile, c.flags.Endpoint, c.flags.AppID
			if c.stdin {
				r.Stdin = strings.NewReader(stdinSecret + "\n")
			}
			got, err := Resolve(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			dash := func(s string) string { return map[bool]string{true: "-", false: s}[s == ""] }
			if text := fmt.Sprint(got.Source, " ", got.AppID, " ", dash(got.Profile), " ", dash(got.Endpoint)); text != c.want {
				t.Errorf("credentials = %s, want %s", text, c.want)
			}
			secrets := map[Source]string{SourceStdin: stdinSecret, SourceEnvironment: envSecret, SourceKeyring: canary}
			if got.Secret.Reveal() != secrets[got.Source] {
				t.Error("the secret is that of another source")
			}
			if env[EnvServerSecret] != "" {
				t.Error("the secret is still in the environment")
			}
			wantNoSecret(t, fmt.Sprintf("%v %+v %#v", got, got, got))
		})
	}
}

// with returns a copy of env with one more variable.
func with(env map[string]string, name, value string) map[string]string {
	more := map[string]string{name: value}
	for n, v := range env {
		if n != name {
			more[n] = v
		}
	}
	return more
}

func TestResolveRefuses(t *testing.T) {
	pair := map[string]string{EnvAppID: "22", EnvServerSecret: canary}
	for name, c := range map[string]struct {
		env   map[string]string
		stdin string
		flags Request
		input string
		says  string
	}{
		"no secret":             {env: map[string]string{EnvAppID: "22"}, input: EnvServerSecret, says: EnvAppID + " is"},
		"no AppID":              {env: map[string]string{EnvServerSecret: canary}, input: EnvAppID, says: EnvServerSecret + " is"},
		"pair and --profile":    {env: pair, flags: Request{Profile: "shop"}, input: "--profile", says: EnvAppID},
		"half and --profile":    {env: map[string]string{EnvAppID: "22"}, flags: Request{Profile: "shop"}, input: "--profile", says: EnvAppID},
		"stdin and --profile":   {stdin: canary, flags: Request{Profile: "shop", AppID: "1"}, input: "--profile", says: "--secret-stdin"},
		"--app-id alone":        {flags: Request{AppID: "1"}, input: "--app-id", says: "--secret-stdin"},
		"--app-id and pair":     {env: pair, flags: Request{AppID: "1"}, input: "--app-id", says: "--secret-stdin"},
		"stdin alone":           {stdin: canary, input: "--secret-stdin", says: "AppID"},
		"stdin is empty":        {stdin: "\n", flags: Request{AppID: "1"}, input: "ServerSecret", says: "--secret-stdin"},
		"stdin is no secret":    {stdin: canary + "0", flags: Request{AppID: "1"}, input: "ServerSecret", says: "--secret-stdin"},
		"swapped":               {env: map[string]string{EnvAppID: canary, EnvServerSecret: "22"}, input: "AppID", says: EnvAppID},
		"secret of env":         {env: with(pair, EnvServerSecret, canary+canary), input: "ServerSecret", says: EnvServerSecret},
		"--app-id is no number": {stdin: canary, flags: Request{AppID: canary}, input: "AppID", says: "--app-id"},
		"AppID of env":          {stdin: canary, env: map[string]string{EnvAppID: "0"}, input: "AppID", says: EnvAppID},
		"--endpoint":            {flags: Request{Endpoint: "http://example.com"}, input: "endpoint", says: "--endpoint"},
		"endpoint of env":       {env: map[string]string{EnvEndpoint: "http://example.com"}, input: "endpoint", says: EnvEndpoint},
		"--profile is no name":  {flags: Request{Profile: ".profiles"}, input: "profile name"},
	} {
		t.Run(name, func(t *testing.T) {
			env := with(c.env, "", "")
			r := newRequest(t, env, "shop")
			r.Profile, r.Endpoint, r.AppID = c.flags.Profile, c.flags.Endpoint, c.flags.AppID
			if c.stdin != "" {
				r.Stdin = strings.NewReader(c.stdin)
			}
			got, err := Resolve(t.Context(), r)
			wantInput(t, err, c.input)
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v does not say %s", err, c.says)
			}
			if got.Source != SourceNone || !got.Secret.IsZero() {
				t.Errorf("credentials = %v with an error", got)
			}
			if env[EnvServerSecret] != "" {
				t.Error("the secret is still in the environment")
			}
		})
	}
}

func TestResolveEndpointOfKeyring(t *testing.T) {
	for name, r := range map[string]Request{
		"flag":        {Endpoint: "https://other.example.com/"},
		"environment": newRequest(t, map[string]string{EnvEndpoint: "https://other.example.com"}),
	} {
		full := newRequest(t, nil, "shop")
		full.Endpoint = r.Endpoint
		if r.Getenv != nil {
			full.Getenv = r.Getenv
		}
		_, err := Resolve(t.Context(), full)
		bound, ok := errors.AsType[*EndpointError](err)
		if !ok || bound.Stored != "https://zim.example.com" || bound.Given != "https://other.example.com" {
			t.Errorf("%s: error = %v", name, err)
			continue
		}
		if !strings.Contains(bound.Hint(), "auth login --profile NAME --endpoint https://other.example.com") {
			t.Errorf("%s: hint: %s", name, bound.Hint())
		}
		wantNoSecret(t, bound.Error()+bound.Hint())
	}
}

func TestResolveNoCredentials(t *testing.T) {
	absent := map[State]bool{NoBus: true, NoService: true, NoCollection: true, Unsupported: true}
	for state := Failed; state <= Damaged; state++ {
		memory := NewMemory()
		memory.Fail(state)
		r := newRequest(t, nil)
		r.Store = NewStore(memory)
		_, err := Resolve(t.Context(), r)
		none, ok := errors.AsType[*NoCredentialsError](err)
		if want := absent[state] || state == NotFound; ok != want {
			t.Errorf("%v: error = %v", state, err)
		}
		if ok && (none.Hint() == "" || absent[state] != (none.Err != nil) ||
			none.Err != nil && !strings.HasSuffix(none.Error(), ": "+none.Err.Error())) {
			t.Errorf("%v: error = %v, hint: %s", state, none, none.Hint())
		}
		if state != NotFound {
			wantState(t, err, state)
		}
		// Whoever names a profile wants to know about that profile.
		r.Profile = "shop"
		_, err = Resolve(t.Context(), r)
		wantState(t, err, state)
		if _, ok := errors.AsType[*NoCredentialsError](err); ok {
			t.Errorf("%v, with a name: error = %v", state, err)
		}
	}
	r := newRequest(t, nil)
	r.Store = nil
	_, err := Resolve(t.Context(), r)
	if none, ok := err.(*NoCredentialsError); !ok || none.Err != nil || none.Hint() == "" {
		t.Errorf("no store: error = %v", err)
	}
}

func TestResolveWithoutDefault(t *testing.T) {
	r := newRequest(t, nil, "a", "b", "c")
	if _, err := r.Store.Delete(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	_, err := Resolve(t.Context(), r)
	if none, ok := err.(*NoDefaultError); !ok || strings.Join(none.Names, " ") != "b c" {
		t.Errorf("error = %v", err)
	}
}

func TestResolveUnsetFails(t *testing.T) {
	denied := errors.New("denied")
	r := newRequest(t, map[string]string{EnvAppID: "1", EnvServerSecret: canary})
	r.Unsetenv = func(string) error { return denied }
	_, err := Resolve(t.Context(), r)
	if !errors.Is(err, denied) {
		t.Fatalf("error = %v, want %v", err, denied)
	}
	wantNoSecret(t, err.Error())
}

func TestSourceNames(t *testing.T) {
	seen := map[string]bool{}
	for source := SourceNone; source <= SourcePrompt+1; source++ {
		if name := source.String(); name == "" || seen[name] {
			t.Errorf("source %d is named %q", source, name)
		} else {
			seen[name] = true
		}
	}
}
