package keys

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	commandLimit = 30 * time.Second

	// commandDelay is how long a command that was told to end, or one of its
	// children, may hold on to the pipes.
	commandDelay = time.Second

	maxComplaint = 300 // characters shown of a command's standard error
)

// CommandError says that a secret_command of the configuration gave no secret.
type CommandError struct {
	// Command is the program that was run, without its arguments.
	Command string
	// Profile is the profile of the configuration it belongs to, or "".
	Profile string
	// Err is what went wrong.
	Err error
	// Stderr is the beginning of what the command wrote to its standard error,
	// with "[secret]" for what could be one. It is another program's text, so
	// it is to be cleaned like any foreign text. "" if there was none.
	Stderr string
}

// Error says what was tried and what went wrong, without a secret.
func (e *CommandError) Error() string {
	text := fmt.Sprintf("run secret_command %q", e.Command)
	if e.Profile != "" {
		text += fmt.Sprintf(" of profile %q", e.Profile)
	}
	text += ": " + e.Err.Error()
	if e.Stderr != "" {
		text += "; it says: " + e.Stderr
	}
	return text
}

// Unwrap returns what went wrong.
func (e *CommandError) Unwrap() error { return e.Err }

// Hint is the way out.
func (e *CommandError) Hint() string {
	const unlock = "; if it asks for a password, unlock its store first"
	switch {
	case errors.Is(e.Err, exec.ErrNotFound):
		return "install it, or correct secret_command in the configuration: an argument list without a shell, as in [\"pass\", \"show\", \"zim\"]"
	case errors.Is(e.Err, errCommandSilent), errors.Is(e.Err, errCommandTalks):
		return "have it print the ServerSecret and nothing else"
	}
	if _, ok := errors.AsType[*InputError](e.Err); ok {
		return "have it print the ServerSecret and nothing else: " + secretAdvice
	}
	return "run the command yourself to see what it wants" + unlock
}

var (
	errCommandTime   = fmt.Errorf("it did not end within %.0f s", commandLimit.Seconds())
	errCommandSilent = errors.New("it printed nothing")
	errCommandTalks  = fmt.Errorf("it printed more than %d bytes", maxLine)
)

// runSecretCommand returns what the command prints. It gets no standard input,
// and an environment without our variables. There is no shell: each argument is
// one. It fails with a *CommandError, or as ctx does.
func runSecretCommand(ctx context.Context, args, environ []string, limit time.Duration) (Secret, error) {
	failed := &CommandError{Command: args[0]}
	limited, cancel := context.WithTimeoutCause(ctx, limit, errCommandTime)
	defer cancel()
	c := exec.CommandContext(limited, args[0], args[1:]...)
	c.Env = []string{} // nil would be all of ours
	for _, v := range environ {
		if !strings.HasPrefix(v, "BACKSCROLL_") {
			c.Env = append(c.Env, v)
		}
	}
	out := secretOutput{text: make([]byte, 0, maxLine)} // which is not copied as it grows
	var complaint complaint
	c.Stdout, c.Stderr, c.WaitDelay = &out, &complaint, commandDelay
	err := c.Run()
	defer clear(out.text)
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it ended well, and left an agent behind that holds its output open
	}
	switch {
	case ctx.Err() != nil:
		return Secret{}, stopped(ctx, fmt.Sprintf("run secret_command %q", args[0]))
	case out.full: // which may have ended it
		failed.Err = errCommandTalks
		return Secret{}, failed
	case err != nil && limited.Err() != nil:
		failed.Err = errCommandTime
	case errors.Is(err, exec.ErrNotFound):
		failed.Err = exec.ErrNotFound // without the search of PATH, which quotes the name again
	case err != nil:
		failed.Err = err
	case len(bytes.TrimSpace(out.text)) == 0:
		failed.Err = errCommandSilent
	default:
		secret, err := NewSecret(string(out.text))
		if err != nil {
			failed.Err = err
			return Secret{}, failed
		}
		return secret, nil
	}
	failed.Stderr = complaint.String()
	return Secret{}, failed
}

// checkCommand returns what is wrong with an argument list, or "".
func checkCommand(args []string) string {
	switch name := args[0]; {
	case name == "":
		return "names no program"
	case strings.ContainsFunc(strings.Join(args, ""), func(r rune) bool { return r == 0 }):
		return "has a NUL in it"
	case filepath.Base(name) != name && !filepath.IsAbs(name):
		return "names a program by a path that is not absolute" // which program it is would depend on the folder one is in
	}
	return ""
}

// secretOutput takes what a secret can be, and then no more: that ends the
// command with a broken pipe.
type secretOutput struct {
	text []byte
	full bool
}

func (o *secretOutput) Write(b []byte) (int, error) {
	if len(o.text)+len(b) > maxLine {
		o.full = true
		return 0, errCommandTalks
	}
	o.text = append(o.text, b...)
	return len(b), nil
}

// complaint keeps the beginning of what is written to it, and drops the rest.
type complaint struct{ text []byte }

func (c *complaint) Write(b []byte) (int, error) {
	c.text = append(c.text, b[:min(len(b), maxLine-len(c.text))]...)
	return len(b), nil
}

// String is the part that may be shown: a command that is traced shows what it
// handles.
func (c *complaint) String() string {
	s := []rune(strings.TrimSpace(hideSecrets(string(c.text))))
	if len(s) > maxComplaint {
		return string(s[:maxComplaint]) + "…"
	}
	return string(s)
}

// fromCommand asks the program that the configuration names.
func (s *search) fromCommand(ctx context.Context, name string, app ConfigApp) (Credentials, error) {
	secret, err := runSecretCommand(ctx, app.SecretCommand, s.Environ, commandLimit)
	if failed, ok := errors.AsType[*CommandError](err); ok {
		failed.Profile = name
	}
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{
		AppID: app.AppID, Secret: secret, Source: SourceCommand, Profile: name,
		Endpoint: s.endpointOf(app),
	}, nil
}

// endpointOf is where the secret of an app of the configuration is sent to.
func (s *search) endpointOf(app ConfigApp) string {
	return cmp.Or(s.endpoint, app.Endpoint, s.Config.Endpoint)
}
