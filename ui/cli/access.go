package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/zim"
)

// accessFlags is which app is asked, with which credentials and how fast, as it
// was typed: what every command has that asks the service.
type accessFlags struct {
	profile, appID string
	secretStdin    bool
	address        addressFlags
	rate           string
	logFile        string
	asks           bool        // for credentials, where there are none and somebody can be asked
	form           *signInForm // asks in their place, on the whole screen
	config         keys.Config // what is used where no flag and no variable says anything
}

func (f *accessFlags) add(flags *pflag.FlagSet, rateHelp string) {
	flags.StringVar(&f.profile, "profile", "", "use these credentials of the keyring (the default)")
	f.address.add(flags)
	flags.StringVar(&f.appID, "app-id", "", "the app, for --secret-stdin")
	flags.BoolVar(&f.secretStdin, "secret-stdin", false, "read the ServerSecret from standard input")
	flags.StringVar(&f.rate, "rate", "", fmt.Sprintf("calls a second, %d at most (%s)", zim.MaxRate, rateHelp))
	flags.StringVar(&f.logFile, "log-file", "", "append a line for each call to this file, without what it said")
}

// parse reads what can be read without asking anybody.
func (f *accessFlags) parse(p Process, config keys.Config, rateByDefault float64) (endpoint string, rate float64, err error) {
	f.config = config
	if endpoint, err = f.address.parse(); err != nil {
		return "", 0, err
	}
	if rate, err = parseRate(cmp.Or(f.rate, config.Rate), rateByDefault); err != nil {
		return "", 0, err
	}
	return endpoint, rate, p.checkSecretStdin(f.secretStdin)
}

// access is a client, and what is to be closed after it.
type access struct {
	client  *zim.Client
	appID   uint32
	place   string   // where the credentials came from, for people
	profile string   // which they are of; "" if there is none
	log     *callLog // nil without --log-file
}

// close ends the log. It returns err, or else what went wrong with the log.
func (a *access) close(err error) error {
	if failed := a.log.close(); err == nil {
		return failed
	}
	return err
}

// tellClock says that the machine's clock is off, where that had to be put right
// to be answered at all.
func (a *access) tellClock(p Process) {
	if clock := a.client.Traffic().Clock(); clock != "" {
		say(p.Stderr, "backscroll: %s: set the clock of this machine right", clock)
	}
}

// signIn opens the log and turns to the app whose credentials are found. The
// keyring comes last: it may ask somebody for a password.
func (f *accessFlags) signIn(ctx context.Context, p Process, endpoint string, rate float64, more ...zim.Option) (*access, error) {
	log, err := openLog(f.logFile)
	if err != nil {
		return nil, err
	}
	a := &access{log: log}
	request := p.request(f.profile, f.config)
	request.AppID, request.Endpoint = f.appID, endpoint
	if f.secretStdin {
		request.Stdin = reader{ctx, p}
	}
	if f.asks && p.StdinIsTerminal && p.StderrIsTerminal {
		request.Ask = p.askCredentials
	}
	if f.form != nil {
		request.Ask = f.form.ask
	}
	found, err := keys.Resolve(ctx, request)
	if err != nil {
		return nil, a.close(withDemo(err))
	}
	a.appID, a.place, a.profile = found.AppID, place(found), found.Profile
	if found.Source == keys.SourcePrompt && f.form != nil {
		found.Endpoint = f.form.entered.Endpoint
		a.place = f.form.place()
		if f.form.kept {
			a.profile = a.place
		}
	}
	if a.client, err = newClient(found, rate, append(more, log.option())...); err != nil {
		return nil, a.close(err)
	}
	return a, nil
}

// work is what a command does once it is signed in.
type work func(context.Context, *access) error

// use runs a command that asks the service: parse reads what can be read without
// asking anybody, and returns what is to be done then.
func (f *accessFlags) use(ctx context.Context, p Process, parse func(keys.Config) (work, error)) error {
	config, err := p.settings()
	if err != nil {
		return err
	}
	do, err := parse(config)
	if err != nil {
		return err
	}
	endpoint, rate, err := f.parse(p, config, defaultRate)
	if err != nil {
		return err
	}
	a, err := f.signIn(ctx, p, endpoint, rate)
	if err != nil {
		return err
	}
	err = do(ctx, a)
	a.tellClock(p)
	return a.close(err)
}

// newClient returns a client for an app; it makes no call.
func newClient(found keys.Credentials, rate float64, more ...zim.Option) (*zim.Client, error) {
	secret, err := zim.NewSecret(found.Secret.Reveal())
	if err != nil {
		return nil, fmt.Errorf("sign in with credentials from %s: %w", found.Source, err)
	}
	opts := []zim.Option{
		zim.WithRate(rate),
		zim.WithTransport(zim.NewTransport(http.ProxyFromEnvironment)),
	}
	opts = append(opts, more...)
	if found.Endpoint != "" {
		opts = append(opts, zim.WithEndpoint(found.Endpoint))
	}
	client, err := zim.NewClient(found.AppID, secret, opts...)
	if err != nil {
		return nil, fmt.Errorf("sign in with credentials from %s: %w", found.Source, err)
	}
	return client, nil
}

// place names where the credentials came from, for the status line.
func place(found keys.Credentials) string {
	switch found.Source {
	case keys.SourceKeyring:
		return found.Profile
	case keys.SourceStdin:
		return "stdin"
	case keys.SourceFile:
		return "file"
	case keys.SourceCommand:
		return cmp.Or(found.Profile, "secret_command")
	}
	return found.Source.String()
}
