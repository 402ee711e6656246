package keys

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// asCommand makes the test binary a secret_command that does what it says.
const asCommand = "TEST_SECRET_COMMAND"

// beCommand does what the variable says.
func beCommand(does string) {
	switch does {
	case "prints":
		fmt.Print(canary)
	case "newline":
		fmt.Print(canary + "\r\n")
	case "two lines":
		fmt.Print(canary + "\nuser: bob\n")
	case "nothing":
		fmt.Println()
	case "nonsense":
		fmt.Println("no secret for zim")
	case "too much":
		for {
			if _, err := fmt.Println(canary); err != nil {
				os.Exit(1)
			}
		}
	case "hangs":
		time.Sleep(time.Minute)
	case "fails":
		fmt.Print(canary)
		fmt.Fprint(os.Stderr, "+ echo "+canary+"\nvault is \x1b[2Jlocked"+strings.Repeat("!", 10_000))
		os.Exit(3)
	case "warns":
		fmt.Fprintln(os.Stderr, "this is not shown")
		fmt.Print(canary)
	case "environment":
		for _, v := range os.Environ() {
			if strings.HasPrefix(v, "BACKSCROLL_") {
				fmt.Fprintln(os.Stderr, "has "+v)
				os.Exit(4)
			}
		}
		fmt.Print(canary)
	}
	os.Exit(0)
}

// self is a command, and an environment in which it does something.
func self(t *testing.T, does string) (args, environ []string) {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	environ = append(os.Environ(), asCommand+"="+does, "GORACE=atexit_sleep_ms=0", EnvAppID+"=1", EnvServerSecret+"="+canary)
	return []string{path, "an argument", "$(touch x)"}, environ
}

func TestSecretCommand(t *testing.T) {
	for does, says := range map[string]string{
		"prints":      "",
		"newline":     "",
		"warns":       "",
		"environment": "",
		"two lines":   "not 32 hex digits (42 bytes",
		"nothing":     "it printed nothing",
		"nonsense":    "not 32 hex digits (17 bytes",
		"too much":    "it printed more than 4096 bytes",
		"hangs":       "it did not end within 30 s",
		"fails":       "exit status 3; it says: + echo [secret]\nvault is \x1b[2Jlocked!",
	} {
		t.Run(does, func(t *testing.T) {
			t.Parallel()
			args, environ := self(t, does)
			limit := time.Minute
			if does == "hangs" {
				limit = 50 * time.Millisecond
			}
			secret, err := runSecretCommand(t.Context(), args, environ, limit)
			if says == "" {
				if err != nil || secret.Reveal() != canary {
					t.Errorf("error = %v, or another secret", err)
				}
				return
			}
			failed, ok := errors.AsType[*CommandError](err)
			if !ok || !strings.Contains(err.Error(), says) || failed.Hint() == "" || !secret.IsZero() {
				t.Fatalf("error = %v, want %q", err, says)
			}
			if n := len(err.Error()); n > 700 {
				t.Errorf("the error has %d bytes", n)
			}
			wantNoSecret(t, err.Error()+failed.Hint())
		})
	}
}

func TestSecretCommandIsNotThere(t *testing.T) {
	_, err := runSecretCommand(t.Context(), []string{"backscroll-no-such-program"}, nil, commandLimit)
	failed, ok := errors.AsType[*CommandError](err)
	if !ok || !strings.HasPrefix(failed.Hint(), "install it") || !strings.Contains(err.Error(), "backscroll-no-such-program") {
		t.Errorf("error = %v", err)
	}
}

func TestSecretCommandIsStopped(t *testing.T) {
	args, environ := self(t, "hangs")
	reason := errors.New("ctrl+c")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(reason) })
	if _, err := runSecretCommand(ctx, args, environ, commandLimit); !errors.Is(err, reason) {
		t.Errorf("error = %v, want %v", err, reason)
	}
}

// TestComplaintIsCut: a secret that was cut in two is none the less hidden.
func TestComplaintIsCut(t *testing.T) {
	for before := range 40 {
		var c complaint
		for _, part := range []string{strings.Repeat("x", maxComplaint-before), canary, strings.Repeat("y", maxLine)} {
			if n, err := c.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
		}
		if s := c.String(); strings.Contains(s, canary[:4]) || len(s) > maxComplaint+len("…") || len(c.text) > maxLine {
			t.Errorf("%d before the end: %q", before, s[maxComplaint-50:])
		}
	}
}

func TestSecretFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"as it should be":   {canary, 0o600, ""},
		"with a newline":    {canary + "\n", 0o400, ""},
		"two lines":         {canary + "\n" + canary, 0o600, "not 32 hex digits"},
		"empty":             {"", 0o600, "empty"},
		"too long":          {canary + strings.Repeat("\n", maxLine), 0o600, "more than 4096 bytes"},
		"read by a group":   {canary, 0o640, "others than its owner (mode 0640)"},
		"read by all":       {canary, 0o604, "others than its owner (mode 0604)"},
		"written by all":    {canary, 0o602, "others than its owner (mode 0602)"},
		"written by groups": {canary, 0o620, "others than its owner (mode 0620)"},
	} {
		if runtime.GOOS == "windows" && strings.Contains(c.says, "mode") {
			continue
		}
		write(t, path, c.text, c.mode)
		secret, err := readSecretFile(path)
		if c.says == "" && (err != nil || secret.Reveal() != canary) {
			t.Errorf("%s: %v", name, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), EnvServerSecretFile) || !secret.IsZero()) {
			t.Errorf("%s: error = %v, want %q", name, err, c.says)
		}
		if err != nil {
			wantNoSecret(t, err.Error())
		}
	}
	_, err := readSecretFile(dir)
	wantInput(t, err, EnvServerSecretFile)
	_, err = readSecretFile(canary) // the secret itself in the variable
	wantInput(t, err, EnvServerSecretFile)
}

// withCommand is a request whose configuration has commands that work.
func withCommand(t *testing.T, env map[string]string, profiles ...string) Request {
	t.Helper()
	r := newRequest(t, env, profiles...)
	var args []string
	args, r.Environ = self(t, "prints")
	r.Config = Config{
		ConfigApp: ConfigApp{AppID: 70, SecretCommand: args, Endpoint: "https://config.example.com"},
		Profiles: map[string]ConfigApp{
			"conf":  {AppID: 71, SecretCommand: args, Endpoint: "https://conf.example.com"},
			"plain": {AppID: 72, SecretCommand: args},
			"shop":  {AppID: 73, SecretCommand: args},
		},
	}
	return r
}

func TestResolveOrderOfMore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	write(t, path, envSecret+"\n", 0o600)
	file := map[string]string{EnvAppID: "22", EnvServerSecretFile: path}
	const bound = "https://zim.example.com"
	for name, c := range map[string]struct {
		env  map[string]string
		set  func(*Request)
		want string
	}{
		"file":                       {env: file, want: EnvServerSecretFile + " 22  https://config.example.com"},
		"pair beats file":            {env: with(file, EnvServerSecret, envSecret), want: "environment 22  https://config.example.com"},
		"stdin beats file":           {env: file, set: func(r *Request) { r.Stdin, r.AppID = strings.NewReader(stdinSecret), "11" }, want: "--secret-stdin 11  https://config.example.com"},
		"stdin, AppID of the config": {set: func(r *Request) { r.Stdin = strings.NewReader(stdinSecret) }, want: "--secret-stdin 70  https://config.example.com"},
		"command beats keyring":      {want: "secret_command 70  https://config.example.com"},
		"of a profile":               {set: func(r *Request) { r.Profile = "conf" }, want: "secret_command 71 conf https://conf.example.com"},
		"which has no endpoint":      {set: func(r *Request) { r.Profile = "plain" }, want: "secret_command 72 plain https://config.example.com"},
		"flag beats its endpoint":    {set: func(r *Request) { r.Profile, r.Endpoint = "conf", "https://flag.example.com" }, want: "secret_command 71 conf https://flag.example.com"},
		"env beats its endpoint":     {env: map[string]string{EnvProfile: "conf", EnvEndpoint: "https://env.example.com"}, want: "secret_command 71 conf https://env.example.com"},
		"in keyring and config":      {set: func(r *Request) { r.Profile = "shop" }, want: "secret_command 73 shop https://config.example.com"},
		"in the keyring only":        {set: func(r *Request) { r.Profile = "test" }, want: "keyring 12345 test " + bound},
		"chosen by the config":       {set: func(r *Request) { r.Config.SecretCommand, r.Config.Profile = nil, "test" }, want: "keyring 12345 test " + bound},
		"env beats that":             {env: map[string]string{EnvProfile: "conf"}, set: func(r *Request) { r.Config.Profile = "test" }, want: "secret_command 71 conf https://conf.example.com"},
		"no command of its own":      {set: func(r *Request) { r.Config.SecretCommand = nil }, want: "keyring 12345 shop " + bound},
		"asked last": {
			set: func(r *Request) {
				r.Config.SecretCommand, r.Config.Profiles, r.Store = nil, nil, nil
				r.Ask = func(_ context.Context, appID uint32) (uint32, Secret, error) {
					return appID + 1, mustSecret(t, envSecret), nil
				}
			},
			want: "prompt 71  https://config.example.com",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := withCommand(t, with(c.env, "", ""), "shop", "test")
			r.Ask = func(context.Context, uint32) (uint32, Secret, error) {
				t.Error("somebody was asked")
				return 0, Secret{}, errors.New("asked")
			}
			if c.set != nil {
				c.set(&r)
			}
			got, err := Resolve(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprint(got.Source, " ", got.AppID, " ", got.Profile, " ", got.Endpoint); text != c.want {
				t.Errorf("credentials = %s, want %s", text, c.want)
			}
			secrets := map[Source]string{
				SourceStdin: stdinSecret, SourceEnvironment: envSecret, SourceFile: envSecret, SourcePrompt: envSecret,
				SourceCommand: canary, SourceKeyring: canary,
			}
			if got.Secret.Reveal() != secrets[got.Source] {
				t.Error("the secret is that of another source")
			}
		})
	}
}

// TestNoDowngrade: a source that is named but fails ends the search, though the
// keyring has what is asked for, and somebody could be asked.
func TestNoDowngrade(t *testing.T) {
	asked := func(context.Context, uint32) (uint32, Secret, error) {
		t.Error("somebody was asked")
		return 0, Secret{}, errors.New("asked")
	}
	missing := filepath.Join(t.TempDir(), "none")
	locked := NewMemory()
	locked.Fail(Locked)
	for name, c := range map[string]struct {
		env  map[string]string
		set  func(*Request)
		says string
	}{
		"a file that is not there":        {env: map[string]string{EnvAppID: "1", EnvServerSecretFile: missing}, says: EnvServerSecretFile + ": the file cannot be read"},
		"a file without an AppID":         {env: map[string]string{EnvServerSecretFile: missing}, says: EnvAppID + ": is not set, but " + EnvServerSecretFile + " is"},
		"a file and --profile":            {env: map[string]string{EnvServerSecretFile: missing}, set: func(r *Request) { r.Profile = "shop" }, says: "--profile: contradicts " + EnvServerSecretFile},
		"a command that fails":            {set: func(r *Request) { _, r.Environ = self(t, "fails") }, says: "exit status 3"},
		"a profile's command that fails":  {set: func(r *Request) { r.Profile = "shop"; _, r.Environ = self(t, "nothing") }, says: `of profile "shop": it printed nothing`},
		"a profile that is nowhere":       {set: func(r *Request) { r.Profile = "gone" }, says: `read profile "gone" from the keyring: there is no such item`},
		"a profile of the config, gone":   {set: func(r *Request) { r.Config.Profile = "gone" }, says: `read profile "gone" from the keyring`},
		"a keyring that is locked":        {set: func(r *Request) { r.Config, r.Store = Config{}, NewStore(locked) }, says: "the keyring is locked"},
		"profiles of the config, unnamed": {set: func(r *Request) { r.Config.SecretCommand, r.Store = nil, NewStore(NewMemory()) }, says: "none of conf, plain, shop was chosen"},
	} {
		t.Run(name, func(t *testing.T) {
			r := withCommand(t, with(c.env, "", ""), "shop")
			r.Ask = asked
			if c.set != nil {
				c.set(&r)
			}
			got, err := Resolve(t.Context(), r)
			if err == nil || !strings.Contains(err.Error(), c.says) || !got.Secret.IsZero() {
				t.Fatalf("error = %v, want %q", err, c.says)
			}
			if hinted, ok := errors.AsType[interface {
				error
				Hint() string
			}](err); !ok || hinted.Hint() == "" {
				t.Errorf("%v has no hint", err)
			}
			wantNoSecret(t, err.Error())
		})
	}
}

func TestPromptFails(t *testing.T) {
	reason := errors.New("end of input")
	r := newRequest(t, nil)
	r.Ask = func(context.Context, uint32) (uint32, Secret, error) { return 0, Secret{}, reason }
	if got, err := Resolve(t.Context(), r); !errors.Is(err, reason) || got.Source != SourceNone {
		t.Errorf("credentials = %v, %v", got, err)
	}
}

func TestCandidates(t *testing.T) {
	locked := NewMemory()
	locked.Fail(Locked)
	absent := NewMemory()
	absent.Fail(NoService)
	pair := map[string]string{EnvAppID: "22", EnvServerSecret: envSecret}
	all := []string{"secret_command  70", "secret_command conf 71", "secret_command plain 72", "secret_command shop 73", "keyring shop 12345", "keyring test 12345"}
	for name, c := range map[string]struct {
		env  map[string]string
		set  func(*Request)
		want []string // "*" those that are used, "!" an error
	}{
		"all":                    {want: append([]string{"*" + all[0]}, all[1:]...)},
		"pair":                   {env: pair, want: append([]string{"*environment  22"}, all...)},
		"half a pair":            {env: map[string]string{EnvServerSecret: envSecret}, want: append([]string{"*!environment  0"}, all...)},
		"a file":                 {env: map[string]string{EnvAppID: "1", EnvServerSecretFile: "none"}, want: append([]string{"*!" + EnvServerSecretFile + "  0"}, all...)},
		"in both":                {env: map[string]string{EnvProfile: "shop"}, want: append(append(slices.Clone(all[:3]), "*"+all[3]), all[4:]...)},
		"of the keyring":         {env: map[string]string{EnvProfile: "test"}, want: append(slices.Clone(all[:5]), "*"+all[5])},
		"gone":                   {env: map[string]string{EnvProfile: "gone"}, want: append(slices.Clone(all), "*!keyring gone 0")},
		"--profile":              {set: func(r *Request) { r.Profile = "conf" }, want: []string{"*" + all[1]}},
		"--profile in both":      {set: func(r *Request) { r.Profile = "shop" }, want: []string{"*" + all[3]}},
		"--profile in keyring":   {set: func(r *Request) { r.Profile = "test" }, want: []string{"*" + all[5]}},
		"no configuration":       {set: func(r *Request) { r.Config = Config{} }, want: []string{"*" + all[4], all[5]}},
		"a locked keyring":       {set: func(r *Request) { r.Store = NewStore(locked) }, want: append(append([]string{"*" + all[0]}, all[1:4]...), "!keyring  0")},
		"no keyring":             {set: func(r *Request) { r.Store = NewStore(absent) }, want: append([]string{"*" + all[0]}, all[1:4]...)},
		"commands that fail":     {set: func(r *Request) { _, r.Environ = self(t, "fails") }, want: []string{"*!" + all[0], "!" + all[1], "!" + all[2], "!" + all[3], all[4], all[5]}},
		"an endpoint of another": {env: map[string]string{EnvEndpoint: "https://env.example.com"}, set: func(r *Request) { r.Config = Config{} }, want: []string{"*!" + all[4], "!" + all[5]}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := with(c.env, "", "")
			r := withCommand(t, env, "shop", "test")
			if c.set != nil {
				c.set(&r)
			}
			found, err := Candidates(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				mark := ""
				if f.Used {
					mark = "*"
				}
				if f.Err != nil {
					mark += "!"
				}
				if f.Secret.IsZero() != (f.Err != nil) {
					t.Errorf("%v: a secret %v, error = %v", f.Source, !f.Secret.IsZero(), f.Err)
				}
				got = append(got, mark+fmt.Sprint(f.Source, " ", f.Profile, " ", f.AppID))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("candidates are %q, want %q", got, c.want)
			}
			if env[EnvServerSecret] != "" {
				t.Error("the secret is still in the environment")
			}
			wantNoSecret(t, fmt.Sprintf("%+v", found))
		})
	}
	r := newRequest(t, nil)
	if _, err := Candidates(t.Context(), r); err == nil || err.Error() != (&NoCredentialsError{}).Error() {
		t.Errorf("nothing: error = %v", err)
	}
	r.Store = NewStore(locked)
	_, err := Candidates(t.Context(), r)
	wantState(t, err, Locked)
}
