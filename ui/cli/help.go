package cli

import (
	"image/color"
	"io"

	"charm.land/fang/v2"
	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"
)

// help shows the help of a command by executing it once more through fang, which
// then answers the same --help. Fang is kept off every other path: on its way to
// an error it asks the terminal for its colours and waits for the answer.
func help(c *cobra.Command, _ []string) {
	root := c.Root()
	if flag := c.Flag("color"); flag != nil && flag.Value.String() == colorNever {
		root.SetOut(struct{ io.Writer }{root.OutOrStdout()}) // no file, so no colours
	}
	// An error has been found before help is shown, so none is left to show.
	_ = fang.Execute(c.Context(), root,
		fang.WithoutCompletions(), fang.WithoutManpage(), fang.WithoutVersion(),
		fang.WithColorSchemeFunc(calm),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}))
}

// calm has one accent. Fang makes titles bold by itself.
func calm(lightDark lipgloss.LightDarkFunc) fang.ColorScheme {
	var plain, dim color.Color = lipgloss.NoColor{}, lipgloss.BrightBlack
	accent := lightDark(lipgloss.Blue, lipgloss.BrightBlue)
	return fang.ColorScheme{
		Base: plain, Title: plain, Description: plain, Codeblock: plain,
		Program: plain, Command: accent, Flag: accent, Argument: plain,
		DimmedArgument: dim, Comment: dim, FlagDefault: dim, QuotedString: plain,
		Help: plain, Dash: dim, ErrorHeader: [2]color.Color{plain, plain}, ErrorDetails: plain,
	}
}

// helpCommand is for those who type it; the help itself names --help only.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "help [command]",
		Hidden: true,
		Args:   cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(c.Root(), args)
			}
			about.InitDefaultHelpFlag()
			about.SetContext(c.Context())
			return about.Help()
		},
	}
}

// unknownCommand names the first argument if it looks like a command.
func unknownCommand(parent *cobra.Command, args []string) error {
	input := "argument"
	if name := args[0]; isCommandLike(name) {
		input = name
	}
	return misuse(input, "no such command", "the commands are listed by: "+parent.CommandPath()+" --help")
}

// isCommandLike reports whether s can be shown in an error: a secret cannot.
func isCommandLike(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && r != '-' {
			return false
		}
	}
	return s != "" && len(s) < 20
}
