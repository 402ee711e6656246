package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"backscroll/keys"
	"backscroll/zim"
)

const statusHelp = `Show each app that there are credentials for: in the environment, in the
configuration and in the keyring, and which of them would be used. Each is tried
by one signed call, which says whether the secret, the AppId, the region, the
clock or the network is wrong. The secret is never shown.`

func newStatus(p Process) *cobra.Command {
	var profile string
	var offline bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show where credentials come from, and try them",
		Long:  statusHelp,
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return status(c.Context(), p, profile, offline) },
	}
	c.Flags().StringVar(&profile, "profile", "", "this one only")
	c.Flags().BoolVar(&offline, "offline", false, "do not try them")
	return c
}

// status shows all credentials but their secrets. It fails if any of them cannot
// be used.
func status(ctx context.Context, p Process, profile string, offline bool) error {
	config, err := p.settings()
	if err != nil {
		return err
	}
	all, err := keys.Candidates(ctx, p.request(profile, config))
	if err != nil {
		return withDemo(err)
	}
	clocks := make([]string, len(all))
	if !offline {
		verifyAll(ctx, p, all, clocks)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	failed, used := 0, false
	var names []string
	for i, c := range all {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		if err := p.table(statusRows(c, offline, clocks[i])); err != nil {
			return err
		}
		used = used || c.Used
		if c.Profile != "" {
			names = append(names, c.Profile)
		}
		if c.Err != nil {
			failed++
		}
	}
	switch {
	case failed > 0:
		return &failure{
			text: fmt.Sprintf("auth status: %d of %d cannot be used", failed, len(all)),
			hint: "the way out of each stands above",
		}
	case !used:
		slices.Sort(names)
		return &keys.NoDefaultError{Names: slices.Compact(names)}
	}
	return nil
}

// verifyAll tries all that have a secret, at once: without a network each takes
// its time.
func verifyAll(ctx context.Context, p Process, all []keys.Candidate, clocks []string) {
	var done sync.WaitGroup
	for i := range all {
		c := &all[i]
		if c.Err != nil {
			continue
		}
		done.Go(func() {
			defer p.terminal.restoreOnPanic()
			clocks[i], c.Err = verify(ctx, c.AppID, c.Secret, c.Endpoint)
		})
	}
	done.Wait()
}

// statusRows is what is known of credentials.
func statusRows(c keys.Candidate, offline bool, clock string) [][]string {
	from := c.Source.String()
	if c.Profile != "" {
		from += ", profile " + c.Profile
	}
	if c.Used {
		from += " (used)"
	}
	rows := [][]string{{"from", from}}
	if c.AppID != 0 {
		rows = append(rows,
			[]string{"AppId", fmt.Sprint(c.AppID)},
			[]string{"endpoint", cmp.Or(c.Endpoint, zim.Unified.Endpoint())})
	}
	secret := "there is one; it is never shown"
	if c.Err != nil && c.Secret.IsZero() {
		secret = "none"
	}
	rows = append(rows, []string{"secret", secret})
	switch {
	case c.Err != nil:
		rows = append(rows, []string{"state", oneCell(inWords(c.Err))})
		if way := wayOut(c.Err); way != "" {
			rows = append(rows, []string{"hint", oneCell(way)})
		}
	case offline:
		rows = append(rows, []string{"state", "not tried"})
	case clock != "":
		rows = append(rows, []string{"state", "works, though " + clock + ": set the clock of this machine right"})
	default:
		rows = append(rows, []string{"state", "works"})
	}
	return rows
}
