package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"backscroll/keys"
	"backscroll/zim"
)

func newStatus(p Process) *cobra.Command {
	var profile string
	c := &cobra.Command{
		Use:   "status",
		Short: "Show which credentials would be used",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return status(c.Context(), p, profile) },
	}
	c.Flags().StringVar(&profile, "profile", "", "as if the browser were started with it")
	return c
}

// status finds credentials as the browser would, and shows all but the secret.
func status(ctx context.Context, p Process, profile string) error {
	found, err := keys.Resolve(ctx, p.request(profile))
	if err != nil {
		return withDemo(err)
	}
	from := found.Source.String()
	if found.Profile != "" {
		from += ", profile " + found.Profile
	}
	return p.table([][]string{
		{"from", from},
		{"AppId", fmt.Sprint(found.AppID)},
		{"secret", "there is one; it is never shown"},
		{"endpoint", cmp.Or(found.Endpoint, zim.Unified.Endpoint())},
	})
}
