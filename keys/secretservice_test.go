//go:build linux

package keys

import (
	"bytes"
	"encoding/json"
	"fmt"
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
)

// The tests of this file run the real library, each in a process of its own:
// the test binary again, where TestChild does what childEnv names.
const childEnv = "BACKSCROLL_KEYS_TEST_CHILD"

var children = map[string]func(*testing.T){
	"round trip":    childRoundTrip,
	"no service":    childNoService,
	"no collection": childNoCollection,
	"locked":        childLocked,
	"no bus":        childNoBus,
	"stale bus":     childStaleBus,
	"mute bus":      childMuteBus,
	"frozen":        childFrozen,
	"dismissed":     childDismissed,
	"unanswered":    childUnanswered,
}

// TestChild does nothing in the process that go test starts.
func TestChild(t *testing.T) {
	if child, ok := children[os.Getenv(childEnv)]; ok {
		child(t)
	}
}

func TestSecretService(t *testing.T) {
	for _, name := range []string{"round trip", "no service", "no collection", "locked", "frozen", "dismissed", "unanswered"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon", "secret-tool"} {
				if _, err := exec.LookPath(tool); err != nil {
					t.Skipf("%s is not installed (packages dbus, gnome-keyring, libsecret-tools)", tool)
				}
			}
			dir := newRuntimeDir(t)
			config := filepath.Join(dir, "bus.conf")
			writeFile(t, config, fmt.Sprintf(busConfig, filepath.Join(dir, "bus")), 0o600)
			runChild(t, name, dir, []string{"dbus-run-session", "--config-file=" + config, "--"})
		})
	}
}

// busConfig has no folder of services, so that the bus starts nothing by
// itself: no keyring of the machine, no prompter.
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

func TestNoBus(t *testing.T) {
	t.Parallel()
	runChild(t, "no bus", newRuntimeDir(t), nil)
}

func TestStaleBus(t *testing.T) {
	t.Parallel()
	dir := newRuntimeDir(t)
	runChild(t, "stale bus", dir, nil, envBus+"=unix:path="+filepath.Join(dir, "gone"))
}

func TestMuteBus(t *testing.T) {
	t.Parallel()
	dir := newRuntimeDir(t)
	listener, err := net.Listen("unix", filepath.Join(dir, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close() // and not before, by the collector
		}
	})
	runChild(t, "mute bus", dir, nil)
	listener.Close()
	accepting.Wait()
}

func TestStateOfDBusErrors(t *testing.T) {
	for name, want := range map[string]State{
		"org.freedesktop.DBus.Error.ServiceUnknown":        NoService,
		"org.freedesktop.DBus.Error.NameHasNoOwner":        NoService,
		"org.freedesktop.DBus.Error.Spawn.ServiceNotValid": NoService,
		"org.freedesktop.Secret.Error.IsLocked":            Locked,
		"org.freedesktop.Secret.Error.NoSuchObject":        NoCollection,
		"org.freedesktop.DBus.Error.NoReply":               Failed,
	} {
		k := newTestSystem(false, func() (string, error) { return "", dbus.Error{Name: name, Body: []any{"said"}} })
		_, err := k.Get(t.Context(), Service, "shop")
		wantState(t, err, want)
		if !strings.HasSuffix(err.Error(), ": said") {
			t.Errorf("the cause is missing in: %v", err)
		}
	}
}

// newRuntimeDir returns a folder with a short path: that of a socket in it
// may have 107 bytes.
func newRuntimeDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// runChild runs the test binary behind wrapper, in an environment that leads
// to nothing of the machine's, and asserts that no process is left behind.
func runChild(t *testing.T, name, dir string, wrapper []string, env ...string) {
	t.Helper()
	home, bin := t.TempDir(), t.TempDir()
	// What must not run leaves a file.
	writeFile(t, filepath.Join(bin, "dbus-launch"), "#!/bin/sh\n: > '"+filepath.Join(bin, "launched")+"'\n", 0o700)

	args := append(wrapper, os.Args[0], "-test.run=^TestChild$", "-test.count=1", "-test.timeout=60s")
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append([]string{
		childEnv + "=" + name,
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + home,
		"XDG_CONFIG_HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CACHE_HOME=" + home,
		"XDG_RUNTIME_DIR=" + dir,
		"GORACE=atexit_sleep_ms=10", // 1 s for each child else
	}, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // the processes of calls have groups of their own
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("PASS")) {
		t.Errorf("child %q: %v\n%s", name, err, out)
	}
	if bytes.Contains(out, []byte(canary)) {
		t.Errorf("child %q printed the secret", name)
	}
	if _, err := os.Stat(filepath.Join(bin, "launched")); err == nil {
		t.Error("dbus-launch was run")
	}
	alive := map[int]string{}
	for range 200 {
		if alive = processesOf(t, cmd.Process.Pid); len(alive) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("left behind: %v", alive)
	for pid := range alive {
		syscall.Kill(pid, syscall.SIGKILL)
	}
}

// processesOf returns the processes of a session, by ID, that have not ended. One that
// has may stay in the table for as long as process 1 likes.
func processesOf(t *testing.T, session int) map[int]string {
	t.Helper()
	alive := map[int]string{}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(files) == 0 {
		t.Fatalf("no processes in /proc (%v)", err)
	}
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		// pid (name) state parent group session …
		name, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) > 3 && fields[0] != "Z" && fields[3] == strconv.Itoa(session) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			alive[pid] = name
		}
	}
	return alive
}

func writeFile(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// startDaemon starts GNOME Keyring, with its login keyring open if unlocked,
// and returns what stops it.
func startDaemon(t *testing.T, unlocked bool) (daemon *os.Process, stop func()) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if unlocked {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	cmd.Stdin = strings.NewReader("\n")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cmd.Process.Signal(syscall.SIGTERM)
			cmd.Wait()
		}
	}
	t.Cleanup(stop)
	waitForService(t, true)
	return cmd.Process, stop
}

func waitForService(t *testing.T, want bool) {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 500 {
		var owned bool
		err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.freedesktop.secrets").Store(&owned)
		if err != nil {
			t.Fatal(err)
		}
		if owned == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("org.freedesktop.secrets: owned is not %v after 5 s", want)
}

func childRoundTrip(t *testing.T) {
	startDaemon(t, true)
	// Now the bus is to be found by its socket alone.
	os.Unsetenv(envBus)
	ctx, store := t.Context(), NewStore(NewSystem(nil))
	want := Profile{Name: "shop", AppID: 12345, Secret: mustSecret(t, canary), Endpoint: "https://zim.example.com"}
	for _, appID := range []uint32{1, 12345} {
		want.AppID = appID
		if err := store.Save(ctx, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := store.Load(ctx, "")
	if err != nil || !sameProfile(got, want) {
		t.Errorf("Load = %v, %v; want %v", got, err, want)
	}
	for account, layout := range map[string]string{
		"shop":      `{"AppId":12345,"ServerSecret":"` + canary + `","Endpoint":"https://zim.example.com"}`,
		".profiles": `{"Default":"shop","Profiles":[{"Name":"shop","AppId":12345,"Endpoint":"https://zim.example.com"}]}`,
	} {
		out, err := exec.Command("secret-tool", "lookup", "service", "backscroll", "username", account).Output()
		if err != nil || strings.TrimSpace(string(out)) != layout {
			t.Errorf("secret-tool: %s is not as documented (%d bytes, %v)", account, len(out), err)
		}
		if !json.Valid(out) {
			t.Errorf("secret-tool: %s is not JSON", account)
		}
	}
	if _, err := store.Delete(ctx, "shop"); err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{"shop", ".profiles"} {
		out, _ := exec.Command("secret-tool", "lookup", "service", "backscroll", "username", account).Output()
		if len(out) != 0 {
			t.Errorf("secret-tool: %s is still there", account)
		}
	}
	_, err = store.Load(ctx, "shop")
	wantState(t, err, NotFound)
}

func childNoService(t *testing.T) {
	_, err := NewStore(NewSystem(nil)).List(t.Context())
	wantState(t, err, NoService)
}

func childNoCollection(t *testing.T) {
	startDaemon(t, false)
	_, err := NewStore(NewSystem(nil)).List(t.Context())
	wantState(t, err, NoCollection)
}

func childLocked(t *testing.T) {
	_, stop := startDaemon(t, true)
	store := NewStore(NewSystem(nil))
	profile := Profile{Name: "shop", AppID: 1, Secret: mustSecret(t, canary), Endpoint: "https://zim.example.com"}
	if err := store.Save(t.Context(), profile); err != nil {
		t.Fatal(err)
	}
	stop()
	waitForService(t, false)
	startDaemon(t, false)
	_, err := store.Load(t.Context(), "shop")
	wantState(t, err, Locked)
	wantState(t, store.Save(t.Context(), profile), Locked)
}

func childNoBus(t *testing.T) {
	for _, address := range []string{"", "autolaunch:", "autolaunch:scope=user"} {
		t.Setenv(envBus, address)
		_, err := NewSystem(nil).Get(t.Context(), Service, "shop")
		wantState(t, err, NoBus)
	}
}

func childStaleBus(t *testing.T) {
	_, err := NewSystem(nil).Get(t.Context(), Service, "shop")
	wantState(t, err, NoBus)
}
