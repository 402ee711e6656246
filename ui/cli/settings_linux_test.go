package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"backscroll/keys"
)

// TestConfigurationOfAProcess has the program itself read files and run commands.
func TestConfigurationOfAProcess(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const list = "conversations --user alice --rate 20 --raw"
	begun := filepath.Join(t.TempDir(), "begun")
	app := fmt.Sprintf("endpoint = %q\napp_id = %d\n", s.base, canaryApp)
	env := `["sh", "-c", "env | grep BACKSCROLL_ >&2 && exit 1; cat $0", "SECRET"]`
	for name, c := range map[string]struct {
		config  string
		mode    os.FileMode
		secret  os.FileMode // of a file with the secret
		args    string
		environ []string
		code    int
		says    string
	}{
		"a command":          {app + `secret_command = ["cat", "SECRET"]`, 0o644, 0o600, list, nil, 0, ""},
		"without variables":  {app + "secret_command = " + env, 0o600, 0o600, list, []string{keys.EnvEndpoint + "=" + s.base}, 0, ""},
		"one that fails":     {app + `secret_command = ["sh", "-xc", "cat \"$0\" >&2; echo $(cat $0); exit 3", "SECRET"]`, 0o600, 0o600, list, nil, 1, "exit status 3; it says: "},
		"a file":             {app, 0o600, 0o600, list, []string{keys.EnvAppID + "=7", keys.EnvServerSecretFile + "=SECRET"}, 0, ""},
		"a file for all":     {app, 0o600, 0o644, list, []string{keys.EnvAppID + "=7", keys.EnvServerSecretFile + "=SECRET"}, 2, "others than its owner (mode 0644)"},
		"a pipe":             {app, 0o600, 0o600, list, []string{keys.EnvAppID + "=7", keys.EnvServerSecretFile + "=PIPE"}, 2, "is not a regular file"},
		"written by others":  {app, 0o666, 0o600, list, nil, 2, "can be written by others than its owner (mode 0666)"},
		"a secret in it":     {app + "\nserver_secret = \"" + canary + "\"", 0o600, 0o600, list, nil, 2, "line 4: has 32 hex digits"},
		"half a secret":      {app + "\nserver_secret = \"" + canary[:16] + "\"", 0o600, 0o600, list, nil, 2, "line 4: server_secret looks like a secret"},
		"an unknown key":     {app + "colour = 1", 0o600, 0o600, list, nil, 2, "line 3: there is no key colour"},
		"which help ignores": {app + "colour = 1", 0o600, 0o600, "auth --help", nil, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			config, secret, pipe := filepath.Join(dir, keys.Service, "config.toml"), filepath.Join(dir, "secret"), filepath.Join(dir, "pipe")
			real := strings.NewReplacer("SECRET\"", secret+"\"", "=SECRET", "="+secret, "=PIPE", "="+pipe)
			put(t, config, real.Replace(c.config), c.mode)
			put(t, secret, canary+"\n", c.secret)
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			environ := []string{"XDG_CONFIG_HOME=" + dir}
			for _, v := range c.environ {
				environ = append(environ, real.Replace(v))
			}
			child := startChild(t, environ, strings.Fields(c.args)...)
			out, code := child.end()
			seen := out + child.stderr.String()
			if code != c.code || !strings.Contains(child.stderr.String(), c.says) || (out == "") != (c.code != 0) {
				t.Errorf("exit code %d, want %d and %q:\n%.300s", code, c.code, c.says, seen)
			}
			if strings.Contains(strings.ToLower(seen), strings.ToLower(canary[:12])) {
				t.Errorf("shows the secret:\n%s", seen)
			}
		})
	}
	t.Run("one that hangs", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		put(t, filepath.Join(dir, keys.Service, "config.toml"), app+fmt.Sprintf(`secret_command = ["sh", "-c", "touch %s; sleep 25; true"]`, begun), 0o600)
		child := startChild(t, []string{"XDG_CONFIG_HOME=" + dir}, strings.Fields(list)...)
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if _, err := os.Stat(begun); err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("the command was never run")
			}
		}
		child.signal(syscall.SIGINT)
		if out, code := child.end(); code != 130 || out != "" || child.stderr.Len() > 0 {
			t.Errorf("exit code %d, %q, %q", code, out, &child.stderr)
		}
	})
}

// put writes a file, in a folder that is made, with this mode whatever the umask.
func put(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
