package cli

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"backscroll/keys"
)

// desktop is a session bus of its own, on which a keyring may be.
type desktop struct {
	t    *testing.T
	dir  string // of the bus, and of all that is kept
	env  []string
	conn *dbus.Conn
}

// busConfig has no folder of services, so that the bus starts nothing by itself.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// newDesktop returns one without a bus.
func newDesktop(t *testing.T) *desktop {
	t.Helper()
	for _, tool := range []string{"dbus-daemon", "gnome-keyring-daemon", "secret-tool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (packages dbus, gnome-keyring, libsecret-tools)", tool)
		}
	}
	dir, err := os.MkdirTemp("", "ring") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return &desktop{t: t, dir: dir, env: []string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CACHE_HOME=" + dir, "XDG_RUNTIME_DIR=" + dir,
		"PATH=" + os.Getenv("PATH"), "GORACE=atexit_sleep_ms=10",
	}}
}

// withBus starts the bus.
func (d *desktop) withBus() *desktop {
	d.t.Helper()
	socket, config := filepath.Join(d.dir, "bus"), filepath.Join(d.dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		d.t.Fatal(err)
	}
	c := exec.Command("dbus-daemon", "--nofork", "--config-file="+config)
	d.begin(c)
	d.await("the bus", func() bool {
		conn, err := dbus.Connect("unix:path=" + socket)
		d.conn = conn
		return err == nil
	})
	d.t.Cleanup(func() { d.conn.Close() })
	return d
}

// withKeyring starts GNOME Keyring, with its login keyring open if unlocked.
func (d *desktop) withKeyring(unlocked bool) (daemon *exec.Cmd) {
	d.t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if unlocked {
		args = append(args, "--unlock")
	}
	daemon = exec.Command("gnome-keyring-daemon", args...)
	daemon.Stdin = strings.NewReader("\n")
	d.begin(daemon)
	d.awaitKeyring(true)
	return daemon
}

// begin starts a program that ends with the test.
func (d *desktop) begin(c *exec.Cmd) {
	d.t.Helper()
	c.Env = d.env
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		c.Process.Kill() // one that is stopped, too
		c.Wait()
	})
}

func (d *desktop) await(what string, done func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// awaitKeyring waits until there is a Secret Service, or none.
func (d *desktop) awaitKeyring(there bool) {
	d.t.Helper()
	d.await("the keyring", func() bool {
		var owned bool
		err := d.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.freedesktop.secrets").Store(&owned)
		return err == nil && owned == there
	})
}

// run runs backscroll in a session of its own, in which nothing may be left, and
// fails if the canary comes out of it.
func (d *desktop) run(stdin string, args ...string) outcome {
	d.t.Helper()
	path, err := binary()
	if err != nil {
		d.t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	c := exec.Command(path, args...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = d.env, strings.NewReader(stdin), &stdout, &stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Run() // the exit code is its result
	o := outcome{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	if strings.Contains(strings.ToLower(o.stdout+o.stderr), strings.ToLower(canary[:8])) {
		d.t.Errorf("%q shows the secret:\n%s%s", args, o.stdout, o.stderr)
	}
	if left := inSession(d.t, c.Process.Pid); len(left) > 0 {
		d.t.Errorf("%q left behind: %v", args, left)
	}
	return o
}

// inSession returns the processes of a session, by its ID, that have not ended.
func inSession(t *testing.T, session int) (left []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(files) == 0 {
		t.Fatalf("no processes in /proc (%v)", err)
	}
	for _, file := range files {
		stat, _ := os.ReadFile(file) // one that ended meanwhile has none
		// pid (name) state parent group session …
		name, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) > 3 && fields[0] != "Z" && fields[3] == strconv.Itoa(session) {
			left = append(left, name)
		}
	}
	return left
}

// stored is what another program finds in the keyring for an account.
func (d *desktop) stored(account string) string {
	c := exec.Command("secret-tool", "lookup", "service", keys.Service, "username", account)
	c.Env = append(d.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(d.dir, "bus"))
	out, _ := c.Output() // it fails where there is nothing
	return string(out)
}

// login stores the canary under a name.
func (d *desktop) login(name, base string) {
	d.t.Helper()
	o := d.run(canary+"\n", "auth", "login", "--profile", name, "--app-id", fmt.Sprint(canaryApp), "--endpoint", base, "--secret-stdin", "--no-verify")
	if o.code != 0 || !strings.Contains(o.stdout, name) {
		d.t.Fatalf("login: %+v", o)
	}
}

// TestProfilesInARealKeyring: two of them, from login to logout, and secret-tool
// sees the same.
func TestProfilesInARealKeyring(t *testing.T) {
	t.Parallel()
	s, d := newService(t), newDesktop(t).withBus()
	d.withKeyring(true)
	for _, name := range []string{"shop", "test"} {
		d.login(name, s.base)
		want := fmt.Sprintf(`{"AppId":%d,"ServerSecret":"%s","Endpoint":"%s"}`, canaryApp, canary, s.base)
		if d.stored(name) != want {
			t.Errorf("secret-tool: %s is not as it was stored", name)
		}
	}
	if list := d.run("", "auth", "list"); list.code != 0 || strings.Count(list.stdout, s.base) != 2 || !strings.Contains(list.stdout, "default") {
		t.Errorf("list: %+v", list)
	}
	if o := d.run("", "auth", "default", "test"); o.code != 0 || !strings.Contains(d.stored(".profiles"), `"Default":"test"`) {
		t.Errorf("default: %+v", o)
	}
	if o := d.run("", "auth", "status"); o.code != 0 || !strings.Contains(o.stdout, "test") {
		t.Errorf("status: %+v", o)
	}
	for _, use := range [][]string{{"--profile", "shop"}, nil} {
		if o := d.run("", append([]string{"messages", "--user", "alice", "--peer", "bob", "--limit", "1"}, use...)...); o.code != 0 || o.stdout == "" {
			t.Errorf("messages %q: %+v", use, o)
		}
	}
	doctor := d.run("", "doctor", "--profile", "shop")
	doctor.wantBroken(t, "")
	doctor.wantCheck(t, "keyring", well, "profiles: 2", "")
	doctor.wantCheck(t, "service", well, "from keyring, profile shop", "")
	s.wantNoSecret(t, "doctor", doctor.stdout+doctor.stderr)
	o := d.run("", "messages", "--user", "alice", "--peer", "bob", "--endpoint", "http://127.0.0.1:1")
	o.wantFailure(t, 1, "its secret is for "+s.base+" only")
	for _, name := range []string{"test", "shop"} {
		if o := d.run("", "auth", "logout", "--profile", name); o.code != 0 || d.stored(name) != "" {
			t.Errorf("logout: %+v", o)
		}
	}
	if d.stored(".profiles") != "" {
		t.Error("secret-tool: the list is still there")
	}
}

// TestMisbehavingKeyrings: each says what is wrong with it and what to do, soon
// enough, in the command that needs it and in the doctor.
func TestMisbehavingKeyrings(t *testing.T) { // not in parallel: a call has three seconds
	const soon, late = 0, 3 * time.Second // as long as nobody can be asked
	tests := []struct {
		name string
		set  func(*desktop)
		says string
		do   string
		took time.Duration
	}{
		{"no bus", func(*desktop) {}, "there is no D-Bus session bus", "start backscroll from a desktop session", soon},
		{"no service", func(d *desktop) { d.withBus() }, "the session bus has no Secret Service", "start GNOME Keyring", soon},
		{"no collection", func(d *desktop) { d.withBus().withKeyring(false) }, "the Secret Service has no default keyring", "create one", soon},
		{"locked", (*desktop).locked, "the keyring is locked, and was not unlocked", "unlock it", soon},
		{"mute socket", func(d *desktop) { d.mute() }, "the D-Bus session bus did not answer within 3 s", "log out of the desktop and in again", late},
		{"frozen", func(d *desktop) { d.frozen() }, "the Secret Service did not answer within 3 s", "start it anew", late},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, d := newService(t), newDesktop(t)
			d.env = append(d.env, keys.EnvEndpoint+"="+s.base)
			test.set(d)
			var doctor, login outcome
			var both sync.WaitGroup
			both.Go(func() { doctor = d.run("", "doctor") })
			both.Go(func() { login = d.run(canary+"\n", "auth", "login", "--app-id", "7", "--secret-stdin", "--no-verify") })
			start := time.Now()
			list := d.run("", "auth", "list")
			took := time.Since(start)
			both.Wait()
			if took < test.took || took > test.took+10*time.Second {
				t.Errorf("it took %v, want about %v", took, test.took)
			}
			for _, o := range []outcome{list, login} {
				o.wantFailure(t, 1, test.says)
				if !strings.Contains(o.stderr, "hint: "+test.do) {
					t.Errorf("no %q in %s", test.do, o.stderr)
				}
			}
			doctor.wantBroken(t, "keyring")
			doctor.wantCheck(t, "keyring", broken, test.says, test.do)
			doctor.wantCheck(t, "service", skipped, "no credentials", "")
		})
	}
}

// locked has a keyring with a profile, which is then locked.
func (d *desktop) locked() {
	daemon := d.withBus().withKeyring(true)
	d.login("shop", "https://zim.example.com")
	daemon.Process.Signal(syscall.SIGTERM)
	d.awaitKeyring(false)
	d.withKeyring(false)
}

// mute has a bus that takes connections and says nothing.
func (d *desktop) mute() *net.UnixListener {
	d.t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Net: "unix", Name: filepath.Join(d.dir, "bus")})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { listener.Close() }) // and with it what waits to be accepted
	return listener
}

// frozen has a keyring that was stopped.
func (d *desktop) frozen() (thaw func()) {
	daemon := d.withBus().withKeyring(true)
	d.login("shop", "https://zim.example.com")
	if err := daemon.Process.Signal(syscall.SIGSTOP); err != nil {
		d.t.Fatal(err)
	}
	return func() { daemon.Process.Signal(syscall.SIGCONT) }
}

func TestRetryOnceTheKeyringAnswers(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	thaw := d.frozen()
	d.run("", "auth", "list").wantFailure(t, 1, "the Secret Service did not answer within 3 s")
	thaw()
	if o := d.run("", "auth", "list"); o.code != 0 || !strings.Contains(o.stdout, "shop") {
		t.Errorf("after that: %+v", o)
	}
}

// TestEnvironmentNeedsNoKeyring: with credentials in the environment, one that
// would hang is not asked.
func TestEnvironmentNeedsNoKeyring(t *testing.T) {
	t.Parallel()
	s, d := newService(t), newDesktop(t)
	bus := d.mute()
	d.env = append(d.env, s.environ()...)
	if o := d.run("", "messages", "--user", "alice", "--peer", "bob", "--limit", "1"); o.code != 0 {
		t.Errorf("%+v", o)
	}
	asked := func() bool { // whoever did has ended: what there is, is there
		bus.SetDeadline(time.Now().Add(50 * time.Millisecond))
		_, err := bus.Accept()
		return err == nil
	}
	if asked() {
		t.Error("the keyring was asked")
	}
	if d.run("", "auth", "list"); !asked() {
		t.Error("the keyring was not asked by a command that needs it")
	}
}

// TestKeyringCallIsOfNoUse to those who type it, and is shown to nobody.
func TestKeyringCallIsOfNoUse(t *testing.T) {
	t.Parallel()
	newMachine().run(t, keys.CallArg).wantFailure(t, 2, "no such command")
	c := startChild(t, nil, keys.CallArg)
	if out, code := c.end(); code != 1 || out != "" || !strings.HasPrefix(c.stderr.String(), "backscroll: read a call of the keyring: ") {
		t.Errorf("exit code %d, %q, %q", code, out, &c.stderr)
	}
}

// TestWaitingIsShown: with a display, a line says who waits for what while the
// keyring asks, and ctrl+c ends it.
func TestWaitingIsShown(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	d.mute()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := startProgram(t, path, append(d.env, "DISPLAY=:0"), "auth", "list")
	c.waitForText("waiting for the keyring, 60 s at most; it may be asking for its password")
	io.WriteString(c.master, "\x03")
	c.wantEnd(130)
	if left := inSession(t, c.cmd.Process.Pid); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
