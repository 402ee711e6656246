package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"backscroll/keys"
)

func newLogout(p Process) *cobra.Command {
	var profile string
	c := &cobra.Command{
		Use:   "logout",
		Short: "Delete the credentials of an app from the keyring",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return logout(c.Context(), p, profile) },
	}
	c.Flags().StringVar(&profile, "profile", "", "which ones (the default)")
	return c
}

// logout deletes a profile and says which one is the default after that.
func logout(ctx context.Context, p Process, profile string) error {
	config, err := p.settings()
	if err != nil {
		return err
	}
	store := p.store()
	name := cmp.Or(profile, p.Getenv(keys.EnvProfile), config.Profile)
	if name == "" {
		if name, err = defaultProfile(ctx, store); err != nil {
			return err
		}
	}
	removed, err := store.Delete(ctx, name)
	if err != nil {
		return err
	}
	if err := say(p.Stdout, "deleted profile %s", name); err != nil {
		return err
	}
	if !removed.WasDefault || len(removed.Remaining) == 0 {
		return nil
	}
	for _, e := range removed.Remaining {
		if e.Default {
			return say(p.Stdout, "profile %s is the default now", e.Name)
		}
	}
	return say(p.Stdout, "there is no default now; choose one with: backscroll auth default PROFILE")
}

func defaultProfile(ctx context.Context, store *keys.Store) (string, error) {
	entries, err := store.List(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, e := range entries {
		if e.Default {
			return e.Name, nil
		}
		names = append(names, e.Name)
	}
	return "", &keys.NoDefaultError{Names: names}
}
