package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"backscroll/keys"
	"backscroll/zim"
)

// firstProfile is the name of a profile that was given none.
const firstProfile = "default"

// maxTyped is how much of a typed line is read, in bytes.
const maxTyped = 4096

type loginFlags struct {
	profile, appID string
	secretStdin    bool
	noVerify       bool
	address        addressFlags
}

func newLogin(p Process) *cobra.Command {
	var f loginFlags
	c := &cobra.Command{
		Use:   "login",
		Short: "Store the credentials of an app in the keyring",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return login(c.Context(), p, f) },
	}
	c.Flags().StringVar(&f.profile, "profile", "", "name to store them under ("+firstProfile+")")
	c.Flags().StringVar(&f.appID, "app-id", "", "number of the app (asks for it)")
	f.address.add(c.Flags())
	c.Flags().BoolVar(&f.secretStdin, "secret-stdin", false, "read the ServerSecret from standard input")
	c.Flags().BoolVar(&f.noVerify, "no-verify", false, "store them untried, without a call")
	return c
}

// login stores credentials that work. The keyring is asked before the user is, so
// that nothing is typed in vain.
func login(ctx context.Context, p Process, f loginFlags) error {
	config, err := p.settings()
	if err != nil {
		return err
	}
	profile := keys.Profile{Name: cmp.Or(f.profile, p.Getenv(keys.EnvProfile), config.Profile, firstProfile)}
	if err := keys.CheckName(profile.Name); err != nil {
		return err
	}
	if _, taken := config.Profiles[profile.Name]; taken {
		return misuse("profile "+profile.Name, "is in the configuration, which comes before the keyring",
			"choose another name with --profile, or delete it in "+config.Path)
	}
	if profile.Endpoint, err = loginEndpoint(p, f, config.Endpoint); err != nil {
		return err
	}
	if err := p.checkLoginInput(f); err != nil {
		return err
	}
	store := p.store()
	entries, err := store.List(ctx)
	if err != nil {
		return err
	}
	if profile.AppID, err = p.askAppID(ctx, f.appID); err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name == profile.Name && e.AppID != profile.AppID && f.profile == "" {
			return misuse("profile "+e.Name, fmt.Sprintf("holds another app, AppId %d", e.AppID),
				"choose a name for this one with --profile, or replace that one with --profile "+e.Name)
		}
	}
	if profile.Secret, err = p.askSecret(ctx, f.secretStdin); err != nil {
		return err
	}
	if !f.noVerify {
		if err := p.verifyLogin(ctx, profile); err != nil {
			return err
		}
	}
	if err := store.Save(ctx, profile); err != nil {
		return err
	}
	return say(p.Stdout, "stored profile %s: AppId %d, %s", profile.Name, profile.AppID, profile.Endpoint)
}

// verifyLogin tries credentials before they are stored.
func (p Process) verifyLogin(ctx context.Context, profile keys.Profile) error {
	clock, err := verify(ctx, profile.AppID, profile.Secret, profile.Endpoint)
	if clock != "" {
		say(p.Stderr, "backscroll: %s: set the clock of this machine right", clock)
	}
	wrong, ok := errors.AsType[*verifyError](err)
	if !ok || wrong.kind != noNetwork && wrong.kind != unclear {
		return err
	}
	return &failure{
		text: inWords(err),
		hint: cmp.Or(wayOut(err), adviseAgain) + "; to store them untried, add --no-verify",
	}
}

const adviseAgain = "try again"

// loginEndpoint is where the secret may be sent to from now on.
func loginEndpoint(p Process, f loginFlags, byDefault string) (string, error) {
	given, err := f.address.parse()
	if err != nil || given != "" {
		return given, err
	}
	if given = p.Getenv(keys.EnvEndpoint); given == "" {
		return cmp.Or(byDefault, zim.Unified.Endpoint()), nil
	}
	return parseEndpoint(keys.EnvEndpoint, given)
}

// checkLoginInput makes sure that there is somebody, or something, to ask.
func (p Process) checkLoginInput(f loginFlags) error {
	if err := p.checkSecretStdin(f.secretStdin); err != nil {
		return err
	}
	switch {
	case f.secretStdin && f.appID == "":
		return misuse("--secret-stdin", "needs --app-id", "add --app-id with the number of the app")
	case !f.secretStdin && !p.StdinIsTerminal:
		return &failure{
			"ask for the ServerSecret: standard input is not a terminal",
			"pipe the secret into: backscroll auth login --app-id N --secret-stdin",
		}
	}
	return nil
}

// askAppID reads the AppId from the flag, or asks for it.
func (p Process) askAppID(ctx context.Context, given string) (uint32, error) {
	if given == "" {
		fmt.Fprint(p.Stderr, "AppId: ")
		line, err := readLine(reader{ctx, p})
		if err != nil {
			return 0, fmt.Errorf("ask for the AppId: %w", err)
		}
		given = line
	}
	return keys.ParseAppID(given)
}

// askSecret reads the secret from standard input, or asks for it.
func (p Process) askSecret(ctx context.Context, piped bool) (keys.Secret, error) {
	if piped {
		return keys.ReadSecret(reader{ctx, p})
	}
	fmt.Fprint(p.Stderr, "ServerSecret (not shown): ")
	line, err := await(ctx, p.terminal, p.ReadPassword)
	fmt.Fprintln(p.Stderr) // the one that was typed is not shown either
	if err != nil && !errors.Is(err, io.EOF) {
		return keys.Secret{}, fmt.Errorf("ask for the ServerSecret: %w", err)
	}
	return keys.ReadSecret(bytes.NewReader(line))
}

// askCredentials asks for the secret, and for the AppId unless it is known.
func (p Process) askCredentials(ctx context.Context, appID uint32) (uint32, keys.Secret, error) {
	if appID == 0 {
		var err error
		if appID, err = p.askAppID(ctx, ""); err != nil {
			return 0, keys.Secret{}, err
		}
	}
	secret, err := p.askSecret(ctx, false)
	return appID, secret, err
}

// readLine takes a line and nothing after it, which belongs to the next
// question.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) < maxTyped; {
		n, err := r.Read(b)
		switch {
		case n > 0 && b[0] == '\n', errors.Is(err, io.EOF):
			return string(line), nil
		case err != nil:
			return "", err
		}
		line = append(line, b[:n]...)
	}
	return string(line), nil
}
