package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"backscroll/ui/text"
)

func newList(p Process) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the profiles in the keyring",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return listProfiles(c.Context(), p) },
	}
}

// listProfiles writes a row for each profile. It opens no secret.
func listProfiles(ctx context.Context, p Process) error {
	entries, err := p.store().List(ctx)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return say(p.Stdout, "no profiles; store one with: backscroll auth login")
	}
	rows := [][]string{{"PROFILE", "APPID", "ENDPOINT", ""}}
	for _, e := range entries {
		mark := ""
		if e.Default {
			mark = "default"
		}
		rows = append(rows, []string{e.Name, fmt.Sprint(e.AppID), e.Endpoint, mark})
	}
	return p.table(rows)
}

// oneCell cleans a text, which may be foreign, and keeps it in its cell.
func oneCell(s string) string { return text.CleanLine(s).String() }

// table writes cleaned rows, their columns aligned.
func (p Process) table(rows [][]string) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush() // a Builder takes everything
	for line := range strings.Lines(b.String()) {
		if err := say(p.Stdout, "%s", strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
