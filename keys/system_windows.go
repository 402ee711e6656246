package keys

import (
	"errors"
	"syscall"
)

// alwaysAttended: the system may ask in a window of its own.
const alwaysAttended = true

// noSuchLogonSession is ERROR_NO_SUCH_LOGON_SESSION.
const noSuchLogonSession syscall.Errno = 1312

func findBus(func(string) string) error { return nil }

func approach(func(stage)) {}

func stateOfSystem(err error) State {
	if errors.Is(err, noSuchLogonSession) {
		return NoLogonSession
	}
	return Failed
}
