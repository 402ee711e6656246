package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// newBrowse returns backscroll itself: the browser.
func newBrowse(p Process) *cobra.Command {
	var f browseFlags
	c := &cobra.Command{
		Use:   "backscroll",
		Short: "Browse the chat history of a ZIM app",
		Long: "Browse the chat history of an app that uses ZEGOCLOUD's In-app Chat (ZIM).\n" +
			"It only reads. Without a user or a group it asks for one.\n\n" +
			"Environment: BACKSCROLL_APP_ID and BACKSCROLL_SERVER_SECRET are the credentials,\n" +
			"both or neither; BACKSCROLL_SERVER_SECRET_FILE names a file that has the secret\n" +
			"instead; BACKSCROLL_PROFILE and BACKSCROLL_ENDPOINT stand in for the flags of\n" +
			"these names; NO_COLOR is honoured. What neither says, the configuration may:\n" +
			"backscroll/config.toml in XDG_CONFIG_HOME, or where this system has such files.",
		Example: "backscroll --demo\n" +
			"backscroll auth login\n" +
			"backscroll --user alice\n" +
			"backscroll --user alice --peer bob --side bob\n" +
			"backscroll --group team --at 2026-05-01",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.version {
				return printVersion(p)
			}
			return browse(c.Context(), p, f)
		},
	}
	c.Flags().SortFlags = false
	f.add(c.Flags())
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

// browse shows the browser that f asks for.
func browse(ctx context.Context, p Process, f browseFlags) error {
	s, err := newSession(ctx, p, f)
	if errors.Is(err, errLeft) {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.stop()
	return s.close(p.showBrowser(ctx, s.config, s.colors))
}

// showBrowser has the browser on the screen until it ends.
func (p Process) showBrowser(ctx context.Context, c ui.Config, colors colorprofile.Profile) error {
	c.Open, c.Jobs = p.Open, &ui.Jobs{}
	boundGarbage()
	going, cancel := context.WithCancel(ctx)
	defer c.Jobs.Wait() // a file that is half written is to be removed
	defer cancel()
	return p.showScreen(ctx, ui.New(going, c), colors)
}

// showScreen has a program on the screen until it ends.
func (p Process) showScreen(ctx context.Context, m tea.Model, colors colorprofile.Profile) error {
	var opts []tea.ProgramOption
	if colors != colorprofile.Unknown {
		opts = append(opts, tea.WithColorProfile(colors))
	}
	return p.Screen(ctx, m, opts...)
}

// newFetcher returns what fetches the files of messages.
func newFetcher(loopback bool) *media.Fetcher {
	return media.NewFetcher(media.WithLoopback(loopback), media.WithProxy(http.ProxyFromEnvironment))
}

// session is what a browser is started with.
type session struct {
	*access
	config ui.Config
	rate   float64              // calls a second
	colors colorprofile.Profile // Unknown: whatever the terminal can
	stop   func()
}

// newSession finds all that the browser needs, before the screen is taken. The
// cheap refusals come first: the keyring may ask somebody for a password.
func newSession(ctx context.Context, p Process, f browseFlags) (*session, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	s := &session{stop: func() {}}
	config, err := p.settings()
	if err != nil {
		return nil, err
	}
	byDefault, now := float64(defaultRate), p.Now
	if f.demo { // it has a service of its own
		byDefault, now = zim.MaxRate, demoPresent
		config = keys.Config{Timezone: config.Timezone, Color: config.Color, NoRecents: config.NoRecents}
	}
	endpoint, rate, err := f.access.parse(p, config, byDefault)
	if err != nil {
		return nil, err
	}
	s.rate = rate
	if s.colors, err = p.colors(f.color, config); err != nil {
		return nil, err
	}
	s.config = ui.Config{Version: p.version(), User: f.chat.user, Chat: f.chat.chat(), Now: now, Calls: &ui.Exchanges{}}
	if s.config.Zones, err = parseZones(cmp.Or(f.timezone, config.Timezone), p.Local, p.Now()); err != nil {
		return nil, err
	}
	if s.config.Seq, s.config.At, err = f.beginning(s.config.Zones[0], now()); err != nil {
		return nil, err
	}
	if err := p.checkScreen(f.access.secretStdin); err != nil {
		return nil, err
	}
	if !f.demo {
		f.access.form = &signInForm{p: p, colors: s.colors, profile: cmp.Or(p.Getenv(keys.EnvProfile), config.Profile), endpoint: endpoint}
		s.access, err = f.access.signIn(ctx, p, endpoint, rate, zim.WithObserver(s.config.Calls.Note))
	}
	if errors.Is(err, errWantsDemo) {
		f.demo, s.rate = true, zim.MaxRate
	}
	if f.demo {
		err = s.demo(ctx, p, f.access.logFile)
	}
	if err != nil {
		return nil, err
	}
	if !f.demo {
		s.config.KeptDays = retention(config, s.profile)
	}
	turn := &profileSwitch{p: p, config: config, rate: rate, log: s.log, active: s.profile, begin: s.config}
	turn.begin.User, turn.begin.Chat, turn.begin.Seq, turn.begin.At, turn.begin.Now = "", history.Chat{}, 0, time.Time{}, p.Now
	s.config = aimed(s.config, s.client, s.place, turn)
	if !f.demo {
		s.config.Recents = p.recents(config, s.place, s.appID)
	}
	s.config.AppID = s.appID
	return s, nil
}

// demo turns to the sample chats.
func (s *session) demo(ctx context.Context, p Process, logFile string) error {
	// It is not used, but whatever dumps the environment would show it.
	if err := p.Unsetenv(keys.EnvServerSecret); err != nil {
		return fmt.Errorf("remove %s from the environment: %w", keys.EnvServerSecret, err)
	}
	log, err := openLog(logFile)
	if err != nil {
		return err
	}
	s.config.Now = demoPresent
	s.access = &access{place: "demo", appID: emulator.AppID, log: log}
	if s.client, s.stop, err = startDemo(ctx, s.rate, log.option(), zim.WithObserver(s.config.Calls.Note)); err != nil {
		return s.close(err)
	}
	if s.config.User == "" && !s.config.Chat.IsGroup() {
		s.config.User = demoUser
	}
	return nil
}

// withDemo says in two lines how to sign in, and what can be seen without that.
func withDemo(err error) error {
	none, ok := errors.AsType[*keys.NoCredentialsError](err)
	if !ok {
		return err
	}
	if failed, ok := errors.AsType[*keys.KeyringError](none.Err); ok {
		reason := keys.KeyringError{Tried: "no keyring for backscroll auth login", State: failed.State}
		return &failure{
			text: "find credentials: none in the environment, and " + reason.Error(),
			hint: "to sign in without one, set " + keys.EnvAppID + " and " + keys.EnvServerSecret + "; for sample chats, run: backscroll --demo",
		}
	}
	return &failure{
		text: "find credentials: there are none yet; to sign in, run: backscroll auth login",
		hint: "for sample chats, without credentials, run: backscroll --demo (in its source: go run . --demo)",
	}
}

// request is what every look for credentials has in common.
func (p Process) request(profile string, config keys.Config) keys.Request {
	return keys.Request{
		Profile: profile, Getenv: p.Getenv, Unsetenv: p.Unsetenv, Environ: p.Environ(),
		Config: config, Store: p.store(),
	}
}

// store opens the keyring, which nothing is asked for yet.
func (p Process) store() *keys.Store {
	return keys.NewStore(p.Keyring(func(limit time.Duration) {
		say(p.Stderr, "backscroll: waiting for the keyring, %.0f s at most; it may be asking for its password", limit.Seconds())
	}))
}

// checkScreen refuses to draw where a drawing would be garbage.
func (p Process) checkScreen(secretStdin bool) error {
	const instead = "; what is said is printed by: " + messagesUsage
	const hint = "start it in a terminal, without a pipe or a redirection" + instead
	switch {
	case !p.StdoutIsTerminal:
		return &failure{"open the browser: standard output is not a terminal", hint}
	case !p.StdinIsTerminal && !secretStdin: // with it, keys are read from the terminal itself
		return &failure{"open the browser: standard input is not a terminal", hint}
	case p.Getenv("TERM") == "dumb":
		return &failure{"open the browser: a terminal with TERM=dumb cannot show it", "use another terminal, or set TERM to what this one is, such as xterm-256color" + instead}
	}
	return nil
}

// checkSecretStdin refuses to have a secret typed where it is shown.
func (p Process) checkSecretStdin(given bool) error {
	if given && p.StdinIsTerminal {
		return misuse("--secret-stdin", "standard input is a terminal, which would show the secret",
			"pipe the secret in, or store it with: backscroll auth login")
	}
	return nil
}
