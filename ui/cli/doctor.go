package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"backscroll/keys"
	"backscroll/ui/text"
	"backscroll/zim"
)

// callTime is how long the doctor waits for the service, with all its retries.
const callTime = 30 * time.Second

// health is what became of a check.
type health string

const (
	well    health = "ok"
	noted   health = "note" // not as it should be, but backscroll works
	broken  health = "broken"
	skipped health = "skipped"
)

// finding is the result of a check. What it says may be foreign text, and has
// no secret in it.
type finding struct {
	health health
	says   string
	do     string // the way out, if it is not well
}

// wrong is the finding for an error.
func wrong(err error) finding { return finding{broken, inWords(err), wayOut(err)} }

type doctorFlags struct {
	profile string
	address addressFlags
	json    bool
}

func newDoctor(p Process) *cobra.Command {
	var f doctorFlags
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check keyring, terminal, clock, network and service",
		Long: "Check terminal, keyring, proxy, network, clock and service, and say what to do\n" +
			"where something is wrong. One query is made with the credentials that are found;\n" +
			"no secret is shown. The exit code is 1 if anything is broken.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return examine(c.Context(), p, f) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.profile, "profile", "", "use these credentials of the keyring (the default)")
	f.address.add(c.Flags())
	c.Flags().BoolVar(&f.json, "json", false, "an object a line")
	return c
}

// doctor makes the checks, one after the other.
type doctor struct {
	ctx    context.Context // it ends the checks
	p      Process
	json   bool
	broken []string
	err    error // of writing
}

// examine runs all checks. Each is written as soon as it is over, since some wait
// long.
func examine(ctx context.Context, p Process, f doctorFlags) error {
	given, err := f.address.parse()
	if err != nil {
		return err
	}
	if f.profile != "" {
		if err := keys.CheckName(f.profile); err != nil {
			return err
		}
	}
	d := &doctor{ctx: ctx, p: p, json: f.json}
	d.check("terminal", func() finding { return p.checkTerminal(ctx) })

	var found keys.Credentials
	var without error // why there are none
	d.check("keyring", func() (of finding) {
		found, of, without = p.checkKeyring(ctx, f.profile, given)
		return of
	})
	base := p.baseURL(found.Endpoint, given)
	d.check("proxy", func() finding { return checkProxy(p.Getenv, base) })
	var a answered
	d.check("network", func() (of finding) {
		a, of = ask(ctx, base, p.Now)
		return of
	})
	d.check("clock", a.checkClock)
	d.check("service", func() finding { return checkService(ctx, found, without) })
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case d.err != nil || len(d.broken) == 0:
		return d.err
	}
	return &failure{"doctor: broken: " + strings.Join(d.broken, ", "), `what to do stands below each, after "do:"`}
}

// check makes a check and writes what it found, with the time it took.
func (d *doctor) check(name string, find func() finding) {
	if d.err != nil || d.ctx.Err() != nil {
		return
	}
	start := time.Now()
	of := find()
	took := time.Since(start)
	if d.ctx.Err() != nil {
		return // it was cut short
	}
	if of.health == broken {
		d.broken = append(d.broken, name)
	}
	if d.json {
		line, err := json.Marshal(struct {
			Check  string
			Health health
			Ms     int64
			Says   string
			Do     string `json:",omitempty"`
		}{name, of.health, took.Milliseconds(), text.CleanLine(of.says).String(), text.CleanLine(of.do).String()})
		if err == nil {
			_, err = fmt.Fprintf(d.p.Stdout, "%s\n", line)
		}
		d.err = err
		return
	}
	d.err = say(d.p.Stdout, "%-8s  %-7s  %6s  %s", name, of.health, brief(took), of.says)
	if of.do != "" && d.err == nil {
		d.err = say(d.p.Stdout, "%-8s  do: %s", "", of.do)
	}
}

// brief writes a duration in 6 cells: "12 ms", "3.0 s".
func brief(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// baseURL is the endpoint to ask: that of the credentials, or else the one that a
// browser would take without any.
func (p Process) baseURL(found, given string) string {
	if found != "" {
		return found
	}
	if given == "" {
		given, _ = keys.ParseEndpoint(p.Getenv(keys.EnvEndpoint)) // that it is wrong is found with the credentials
	}
	if given == "" {
		return zim.Unified.Endpoint()
	}
	return given
}

// checkKeyring reads the list of profiles, then looks for credentials as the
// browser would. Where these come from elsewhere, nobody needs the keyring.
func (p Process) checkKeyring(ctx context.Context, profile, endpoint string) (found keys.Credentials, of finding, without error) {
	config, err := p.settings()
	if err != nil {
		return found, wrong(err), err
	}
	request := p.request(profile, config)
	request.Endpoint = endpoint
	entries, err := request.Store.List(ctx)
	switch {
	case err != nil:
		of = wrong(err)
		request.Store = nil // it is not asked again: that may take a minute
	case len(entries) == 0:
		of = finding{health: well, says: "it answers; no profiles yet"}
	default:
		of = finding{health: well, says: fmt.Sprintf("it answers; profiles: %d", len(entries))}
	}
	found, without = keys.Resolve(ctx, request)
	none, ok := errors.AsType[*keys.NoCredentialsError](without)
	switch {
	case err != nil && without == nil:
		of.health = noted
		of.says += " (credentials come from elsewhere: " + found.Source.String() + ")"
	case err != nil && ok:
		none.Err = err
	}
	return found, of, without
}

// checkService makes one signed query, as verify does, and tells more of what the
// answer says.
func checkService(ctx context.Context, found keys.Credentials, without error) finding {
	if none, ok := errors.AsType[*keys.NoCredentialsError](without); ok {
		of := finding{skipped, "there are no credentials to ask it with", "to sign in, run: backscroll auth login"}
		if none.Err != nil {
			of.do = "" // that stands at the keyring
		}
		return of
	}
	if without != nil {
		return wrong(without)
	}
	client, err := newClient(found, defaultRate)
	if err != nil {
		return wrong(err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	_, err = client.QueryUserInfos(ctx, zim.QueryUserInfosRequest{UserIds: []string{nobody}})
	from := found.Source.String()
	if found.Profile != "" {
		from += ", profile " + found.Profile
	}
	signedIn := fmt.Sprintf("it accepts AppId %d (from %s)", found.AppID, from)
	if refused, ok := errors.AsType[*zim.Error](err); ok {
		switch refused.Code {
		case zim.UserUnknown, zim.UserUnreadable, zim.NotLoggedIn:
			err = nil
		case zim.RateLimited, zim.TooManyCalls, zim.NotInPlan:
			return finding{noted, signedIn + ", but: " + refused.Error(), refused.Advice()}
		}
	}
	if err != nil {
		return wrong(err)
	}
	if clock := client.Traffic().Clock(); clock != "" {
		signedIn += "; " + clock
	}
	return finding{health: well, says: signedIn}
}
