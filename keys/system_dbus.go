//go:build dragonfly || freebsd || linux || netbsd || openbsd

package keys

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
)

// alwaysAttended: a machine without a display has nobody to ask.
const alwaysAttended = false

const envBus = "DBUS_SESSION_BUS_ADDRESS"

// findBus fails unless there is a session bus. Without one the library would
// run dbus-launch, which starts a bus that nobody ends, or blocks. It does not
// read XDG_RUNTIME_DIR, so a bus found there is put into the environment.
func findBus(getenv func(string) string) error {
	if address := getenv(envBus); address != "" && !strings.HasPrefix(address, "autolaunch:") {
		return nil
	}
	dir := getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return errors.New(envBus + " and XDG_RUNTIME_DIR are not set")
	}
	socket := filepath.Join(dir, "bus")
	if info, err := os.Stat(socket); err != nil || info.Mode().Type() != os.ModeSocket {
		return errors.New(envBus + " is not set, and XDG_RUNTIME_DIR has no socket named bus")
	}
	return os.Setenv(envBus, "unix:path="+dbus.EscapeBusAddressValue(socket))
}

// approach goes to the keyring step by step, so that it is known which one does
// not answer. What fails here fails in the library again, which says why.
func approach(reached func(stage)) {
	reached(asksBus)
	conn, err := dbus.SessionBus()
	if err != nil {
		return
	}
	reached(asksService)
	_, _ = defaultCollection(conn)
}

// defaultCollection returns the path of the default keyring, "/" if there is none.
func defaultCollection(conn *dbus.Conn) (path dbus.ObjectPath, err error) {
	service := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	err = service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&path)
	return path, err
}

// stateOfSystem knows the names of the errors of D-Bus and of the Secret
// Service.
func stateOfSystem(err error) State {
	if network, ok := errors.AsType[*net.OpError](err); ok && network.Op == "dial" {
		return NoBus
	}
	if strings.HasPrefix(err.Error(), "failed to unlock correct collection") {
		return lockedOrNone()
	}
	remote, ok := errors.AsType[dbus.Error](err)
	if !ok {
		return Failed
	}
	switch name := remote.Name; {
	case name == "org.freedesktop.DBus.Error.ServiceUnknown",
		name == "org.freedesktop.DBus.Error.NameHasNoOwner",
		strings.HasPrefix(name, "org.freedesktop.DBus.Error.Spawn."):
		return NoService
	case name == "org.freedesktop.Secret.Error.IsLocked":
		return Locked
	case name == "org.freedesktop.Secret.Error.NoSuchObject",
		name == "org.freedesktop.DBus.Error.UnknownObject":
		return NoCollection
	}
	return Failed
}

// lockedOrNone asks the Secret Service whether it has a default keyring: the
// library's error is the same for one that stayed locked and for none. With a
// display somebody was asked to unlock it, or should have been.
func lockedOrNone() State {
	conn, err := dbus.SessionBus()
	if err == nil {
		if path, err := defaultCollection(conn); err == nil && path == "/" {
			return NoCollection
		}
	}
	if _, attended := callLimit(os.Getenv); attended {
		return Dismissed
	}
	return Locked
}
