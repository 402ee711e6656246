package cli

import (
	"github.com/spf13/cobra"
)

// newAuth returns auth, which has commands for the profiles in the keyring.
func newAuth(p Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "auth",
		Short: "Sign in and out; choose credentials",
		Long: "Keep the AppId and the ServerSecret of an app in the keyring of the system,\n" +
			"as a profile with a name. The secret is never shown.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newLogin(p), newList(p), newStatus(p), newDefault(p), newLogout(p))
	for _, sub := range c.Commands() {
		sub.Flags().SortFlags = false
	}
	return c
}
