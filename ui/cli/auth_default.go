package cli

import (
	"github.com/spf13/cobra"
)

func newDefault(p Process) *cobra.Command {
	return &cobra.Command{
		Use:   "default PROFILE",
		Short: "Choose the profile that is used when none is named",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse(commandName(c), "needs the name of one profile", "the profiles are listed by: backscroll auth list")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := p.store().SetDefault(c.Context(), args[0]); err != nil {
				return err
			}
			return say(p.Stdout, "profile %s is the default now", args[0])
		},
	}
}
