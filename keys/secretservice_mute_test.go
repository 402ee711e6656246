//go:build linux

package keys

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

func childMuteBus(t *testing.T) {
	for range 2 { // the second is asked anew
		wantLate(t, MuteBus, func(k *System) error {
			_, err := k.Get(t.Context(), Service, "shop")
			return err
		})
	}
	// Whoever does not want to wait does not have to.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := NewSystem(nil).Get(ctx, Service, "shop"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v", err)
	}
	wantOrphanEnds(t)
}

// wantOrphanEnds checks that the process of a call that hangs ends with the one
// that asked.
func wantOrphanEnds(t *testing.T) {
	t.Helper()
	c := exec.Command(os.Args[0], CallArg)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(in, `{"Service":"backscroll","Account":"shop"}`+"\n")
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != `{"Stage":1}`+"\n" {
		t.Errorf("it begins with %q, %v", line, err)
	}
	in.Close()
	if c.Wait(); c.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", c.ProcessState)
	}
}

// wantLate checks that a call fails with a state, near its limit.
func wantLate(t *testing.T, want State, call func(*System) error) {
	t.Helper()
	start := time.Now()
	err := call(NewSystem(nil))
	wantState(t, err, want)
	if took := time.Since(start); took < headlessLimit || took > headlessLimit+10*time.Second {
		t.Errorf("%v after %v, want it after %v", err, took, headlessLimit)
	}
	if !strings.HasSuffix(err.Error(), " within 3 s") {
		t.Errorf("the limit is missing in: %v", err)
	}
}

func childFrozen(t *testing.T) {
	daemon, _ := startDaemon(t, true)
	store := NewStore(NewSystem(nil))
	want := Profile{Name: "shop", AppID: 1, Secret: mustSecret(t, canary), Endpoint: "https://zim.example.com"}
	if err := store.Save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if err := daemon.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { daemon.Signal(syscall.SIGCONT) }) // else it does not end
	wantLate(t, MuteService, func(k *System) error {
		_, err := k.Get(t.Context(), Service, "shop")
		return err
	})
	wantLate(t, MuteService, func(k *System) error { return k.Set(t.Context(), Service, "other", canary) })
	if err := daemon.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Load(t.Context(), "shop"); err != nil || !sameProfile(got, want) {
		t.Errorf("the same process, once it answers: %v, %v", got, err)
	}
}

// lockedService is a Secret Service that asks to be unlocked with a prompt that
// is dismissed, or with one that nobody ever answers.
type lockedService struct {
	conn      *dbus.Conn
	dismissed bool
}

const lockedPrompt dbus.ObjectPath = "/org/freedesktop/secrets/prompt/1"

// ReadAlias says that there is a default keyring.
func (*lockedService) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	return "/org/freedesktop/secrets/collection/login", nil
}

// OpenSession opens a session for what is to be stored.
func (*lockedService) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/1", nil
}

// Unlock unlocks nothing without a prompt.
func (*lockedService) Unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return []dbus.ObjectPath{}, lockedPrompt, nil
}

// Prompt says that the prompt is over, if that ever happens.
func (s *lockedService) Prompt(string) *dbus.Error {
	if s.dismissed {
		_ = s.conn.Emit(lockedPrompt, "org.freedesktop.Secret.Prompt.Completed", true, dbus.MakeVariant([]dbus.ObjectPath{}))
	}
	return nil
}

// startLocked takes the name of the Secret Service on the bus.
func startLocked(t *testing.T, dismissed bool) {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &lockedService{conn, dismissed}
	for path, name := range map[dbus.ObjectPath]string{
		"/org/freedesktop/secrets": "org.freedesktop.Secret.Service", lockedPrompt: "org.freedesktop.Secret.Prompt",
	} {
		if err := conn.Export(s, path, name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
}

func childDismissed(t *testing.T) {
	startLocked(t, true)
	t.Setenv("DISPLAY", ":0")
	_, err := NewSystem(nil).Get(t.Context(), Service, "shop")
	wantState(t, err, Dismissed)
	wantState(t, NewSystem(nil).Set(t.Context(), Service, "shop", canary), Dismissed)
}

func childUnanswered(t *testing.T) {
	startLocked(t, false)
	// Nobody can be asked, so it ends soon; with a display it would take 60 s.
	wantLate(t, TimedOut, func(k *System) error {
		_, err := k.Get(t.Context(), Service, "shop")
		return err
	})
	t.Setenv("DISPLAY", ":0")
	ctx, cancel := context.WithCancel(t.Context())
	k := NewSystem(func(limit time.Duration) {
		if limit != attendedLimit {
			t.Errorf("told to wait %v", limit)
		}
		cancel()
	})
	start := time.Now()
	_, err := k.Get(ctx, Service, "shop")
	if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 30*time.Second {
		t.Errorf("error = %v after %v", err, took)
	}
}
