package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newRoot returns the tree of commands. Cobra neither prints an error nor adds
// commands of its own.
func newRoot(p Process) *cobra.Command {
	root := newBrowse(p)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand())
	root.SetHelpFunc(help)
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = refuseEmpty
	root.SetArgs(append([]string{}, p.Args...)) // nil would be those of the process
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.AddCommand(newMessages(p), newConversations(p), newDiff(p), newExport(p), newVerify(p), newOpen(p), newAuth(p), newEmulator(p), newDoctor(p))
	return root
}

// flagError says what pflag found, without the value it was found in.
func flagError(c *cobra.Command, err error) error {
	advice := "the flags are listed by: " + c.CommandPath() + " --help"
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return misuse(dashes+unknown.GetSpecifiedName(), "no such flag", advice)
	}
	if bare, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return misuse("--"+bare.GetFlag().Name, "needs a value", advice)
	}
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return misuse("--"+wrong.GetFlag().Name, "takes no such value", advice)
	}
	return misuse("a flag", "its form is wrong", advice)
}

// refuseEmpty refuses a flag without a value, --since "$UNSET" above all: what
// the script meant would be left out without a word.
func refuseEmpty(c *cobra.Command, _ []string) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.Value.String() == "" {
			err = misuse("--"+f.Name, "is empty", "give it a value, or leave it out")
		}
	})
	return err
}

// noArguments refuses what would otherwise be ignored without a word.
func noArguments(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case c.HasSubCommands():
		return unknownCommand(c, args)
	}
	return misuse(commandName(c), "takes flags only", "see "+c.CommandPath()+" --help")
}

// commandName is the path of a command without the program's own name.
func commandName(c *cobra.Command) string {
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
}
