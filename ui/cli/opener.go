package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// openerTime is how long a program that opens a URL is watched. One that still
// runs then has become the browser itself.
const openerTime = 3 * time.Second

// opener is the command that shows a URL, without the URL.
func opener(goos string, getenv func(string) string) ([]string, error) {
	const instead = ": y u copies the URL"
	switch {
	case goos == "darwin":
		return []string{"open"}, nil
	case goos == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}, nil
	case getenv("WSL_DISTRO_NAME") != "":
		return []string{"wslview"}, nil
	case getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "": // xdg-open would take the terminal
		return nil, errors.New("there is no display here" + instead)
	}
	return []string{"xdg-open"}, nil
}

// openURL shows a URL, which is one argument and no part of a command line. The
// program gets no terminal, and nothing of what backscroll itself was given.
func openURL(goos string, getenv func(string) string, environ []string, url string) error {
	args, err := opener(goos, getenv)
	if err != nil {
		return err
	}
	c := exec.Command(args[0], append(args[1:], url)...)
	for _, v := range environ {
		if !strings.HasPrefix(v, "BACKSCROLL_") {
			c.Env = append(c.Env, v)
		}
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("%s cannot be run: %w", args[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s failed: %w", args[0], err)
		}
	case <-time.After(openerTime):
	}
	return nil
}
