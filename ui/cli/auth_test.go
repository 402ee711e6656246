package cli

import (
	"strings"
	"testing"

	"backscroll/keys"
)

// want checks an outcome without an error, in which prompts may have been asked.
func (o outcome) want(t *testing.T, stdout string) {
	t.Helper()
	if o.code != 0 || o.stdout != stdout {
		t.Errorf("exit code %d, %q; want %q\n%s", o.code, o.stdout, stdout, o.stderr)
	}
}

func TestAuth(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.run(t, "auth", "list").want(t, "no profiles; store one with: backscroll auth login\n")

	m.stdin, m.password = " 1041200 \nnot read", canary
	o := m.run(t, "auth", "login", "--no-verify")
	o.want(t, "stored profile default: AppId 1041200, "+unified+"\n")
	if want := "AppId: ServerSecret (not shown): \n"; o.stderr != want {
		t.Errorf("asked %q, want %q", o.stderr, want)
	}
	m.run(t, "auth", "login", "--profile", "test", "--app-id", "7", "--region", "frankfurt", "--no-verify").
		want(t, "stored profile test: AppId 7, "+frankfurt+"\n")
	m.run(t, "auth", "list").want(t,
		"PROFILE  APPID    ENDPOINT\n"+
			"default  1041200  "+unified+"      default\n"+
			"test     7        "+frankfurt+"\n")
	m.run(t, "auth", "status", "--offline").want(t,
		"from      keyring, profile default (used)\n"+
			"AppId     1041200\n"+
			"endpoint  "+unified+"\n"+
			"secret    there is one; it is never shown\n"+
			"state     not tried\n\n"+
			"from      keyring, profile test\n"+
			"AppId     7\n"+
			"endpoint  "+frankfurt+"\n"+
			"secret    there is one; it is never shown\n"+
			"state     not tried\n")

	m.run(t, "auth", "default", "test").want(t, "profile test is the default now\n")
	if got := m.session(t).config.Place; got != "test" {
		t.Errorf("the browser uses %s", got)
	}
	m.run(t, "auth", "default", "nope").wantFailure(t, 1, `make profile "nope" the default: there is no such item`)
	m.run(t, "auth", "logout").want(t, "deleted profile test\nprofile default is the default now\n")
	m.run(t, "auth", "logout", "--profile", "test").wantFailure(t, 1, "there is no such item")
	m.run(t, "auth", "logout").want(t, "deleted profile default\n")
	m.run(t, "auth", "logout").wantFailure(t, 1, "the keyring has no profiles")
	if left := m.ring.Accounts(keys.Service); len(left) > 0 {
		t.Errorf("the keyring still has %d items", len(left))
	}
}

func TestLogoutLeavesNoDefault(t *testing.T) {
	t.Parallel()
	m := newMachine().holding(t, "a", unified, "b", unified, "c", unified)
	m.run(t, "auth", "logout", "--profile", "a").
		want(t, "deleted profile a\nthere is no default now; choose one with: backscroll auth default PROFILE\n")
	m.run(t).wantFailure(t, 1, "none of b, c was chosen")
	m.with(keys.EnvProfile, "c").run(t, "auth", "logout").want(t, "deleted profile c\n")
}

func TestLoginInput(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		set  func(*machine)
		args string
		code int
		says string // of the error, or of the success
	}{
		{"piped", func(m *machine) { m.piped, m.stdin = true, canary+"\n" }, "--secret-stdin --app-id 7", 0, "AppId 7, " + unified},
		{"piped without a newline", func(m *machine) { m.piped, m.stdin = true, canary }, "--secret-stdin --app-id 7", 0, "AppId 7"},
		{"variables", func(m *machine) { m.with(keys.EnvProfile, "shop", keys.EnvEndpoint, proxy).password = canary }, "--app-id 7", 0, "profile shop: AppId 7, " + proxy},
		{"region before the variable", func(m *machine) { m.with(keys.EnvEndpoint, proxy).password = canary }, "--app-id 7 --region mumbai", 0, "zim-api-bom"},
		{"a variable that cannot be used", func(m *machine) { m.with(keys.EnvEndpoint, "nonsense") }, "--app-id 7", 2, keys.EnvEndpoint + ": "},
		{"a pipe without --secret-stdin", func(m *machine) { m.piped, m.stdin = true, canary }, "--app-id 7", 1, "standard input is not a terminal"},
		{"a pipe without --app-id", func(m *machine) { m.piped, m.stdin = true, canary }, "--secret-stdin", 2, "--secret-stdin: needs --app-id"},
		{"an AppSign for a secret", func(m *machine) { m.piped, m.stdin = true, canary+canary }, "--secret-stdin --app-id 7", 2, "64 bytes were given"},
		{"nothing piped", func(m *machine) { m.piped = true }, "--secret-stdin --app-id 7", 2, "ServerSecret: empty"},
		{"the secret for an AppId", func(m *machine) { m.piped, m.stdin = true, canary }, "--secret-stdin --app-id " + canary, 2, "AppID: not a decimal number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			test.set(m)
			o := m.run(t, append([]string{"auth", "login", "--no-verify"}, strings.Fields(test.args)...)...)
			stored := len(m.ring.Accounts(keys.Service)) > 0
			if test.code != 0 {
				o.wantFailure(t, test.code, test.says)
			} else if o.code != 0 || !strings.Contains(o.stdout, test.says) {
				t.Errorf("got %+v, want %q", o, test.says)
			}
			if stored != (test.code == 0) {
				t.Errorf("stored: %v", stored)
			}
		})
	}
}

func TestTypedNonsense(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, typed, password, says string }{
		{"no AppId", "\n", canary, "AppID: not a decimal number"},
		{"the secret first", canary + "\n", canary, "AppID: not a decimal number"},
		{"end of input", "", canary, "AppID: not a decimal number"},
		{"no secret", "7\n", "", "ServerSecret: empty"},
		{"half a secret", "7\n", canary[:16], "16 bytes were given"},
	}
	for _, test := range tests {
		m := newMachine()
		m.stdin, m.password = test.typed, test.password
		o := m.run(t, "auth", "login")
		if o.code != 2 || !strings.Contains(o.stderr, test.says) || o.stdout != "" {
			t.Errorf("%s: got %+v, want %q", test.name, o, test.says)
		}
		if len(m.ring.Accounts(keys.Service)) > 0 {
			t.Errorf("%s: something was stored", test.name)
		}
	}
}

// A second app without a name must not push out the first one.
func TestLoginKeepsAnotherApp(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.password = canary
	m.run(t, "auth", "login", "--app-id", "1", "--no-verify")
	m.run(t, "auth", "login", "--app-id", "2", "--no-verify").wantFailure(t, 2, "profile default: holds another app, AppId 1")
	m.run(t, "auth", "login", "--app-id", "1", "--region", "mumbai", "--no-verify").want(t, "stored profile default: AppId 1, https://zim-api-bom.zego.im\n")
	m.run(t, "auth", "login", "--app-id", "2", "--profile", "default", "--no-verify").want(t, "stored profile default: AppId 2, "+unified+"\n")
}
