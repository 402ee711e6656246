package keys

import (
	"errors"
	"os/exec"
)

// alwaysAttended: the keychain asks in a window of its own.
const alwaysAttended = true

// interactionNotAllowed is the exit code of security for
// errSecInteractionNotAllowed, -25308, as far as it fits into a byte.
const interactionNotAllowed = 36

func findBus(func(string) string) error { return nil }

func approach(func(stage)) {}

func stateOfSystem(err error) State {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if ok && exit.ExitCode() == interactionNotAllowed {
		return NoInteraction
	}
	return Failed
}
