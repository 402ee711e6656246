package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/zim/history"
	"backscroll/zim/saved"
)

// openFlags is what open was asked for, as it was typed.
type openFlags struct{ seq, at, timezone, color string }

func newOpen(p Process) *cobra.Command {
	var f openFlags
	c := &cobra.Command{
		Use:   "open FILE",
		Short: "Browse a saved answer, messages in a file, a case, or a pasted payload",
		Long: "Browse what is in a file, or with - what comes through standard input: offline,\n" +
			"without credentials. What it is, its beginning tells:\n" +
			"  messages       as messages --raw or --json writes them, in either order; an\n" +
			"                 array of them; one alone\n" +
			"  an answer      of any call; of those with messages, several one after another\n" +
			"  conversations  as conversations --raw or --json writes them\n" +
			"  a case         its folder, or its file " + saved.CaseName + "; ' lists its bookmarks\n" +
			"  a MsgBody      JSON or text, URL-encoded or not; its type is guessed\n" +
			"What is broken is shown as a row of its own. A file may have any size.",
		Example: "backscroll messages --group team --all --raw >team.jsonl; backscroll open team.jsonl\n" +
			"xclip -o | backscroll open -",
		Args: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return openFile(c.Context(), p, f, args[0]) },
	}
	c.Flags().SortFlags = false
	f.add(c.Flags())
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

func (f *openFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.seq, "seq", "", "begin at the message with this MsgSeq")
	flags.StringVar(&f.at, "at", "", "begin at this time: RFC 3339, a date, or -24h")
	flags.StringVar(&f.timezone, "timezone", "", "zone name or UTC (the machine's)")
	flags.StringVar(&f.color, "color", "", "colours: auto, always or never (auto)")
}

// oneFile refuses everything but one file.
func oneFile(_ *cobra.Command, args []string) error {
	if len(args) == 1 && args[0] != "" {
		return nil
	}
	return misuse("open", "takes one file", "name it, as in: backscroll open team.jsonl, or give - for standard input")
}

// openFile shows the browser on a file.
func openFile(ctx context.Context, p Process, f openFlags, name string) error {
	config := ui.Config{Offline: true, Place: "file", Now: p.Now, Version: p.version()}
	if err := refuse(rule{f.seq != "" && f.at != "", "--at", "contradicts --seq", one}); err != nil {
		return err
	}
	set, err := p.settings()
	if err != nil {
		return err
	}
	colors, err := p.colors(f.color, set)
	if err != nil {
		return err
	}
	if config.Zones, err = parseZones(cmp.Or(f.timezone, set.Timezone), p.Local, p.Now()); err != nil {
		return err
	}
	begin := browseFlags{seq: f.seq, at: f.at}
	if config.Seq, config.At, err = begin.beginning(config.Zones[0], p.Now()); err != nil {
		return err
	}
	if err := p.checkScreen(name == "-"); err != nil {
		return err
	}
	// It is not used, but whatever dumps the environment would show it.
	if err := p.Unsetenv(keys.EnvServerSecret); err != nil {
		return fmt.Errorf("remove %s from the environment: %w", keys.EnvServerSecret, err)
	}
	file, err := p.openSaved(ctx, name)
	if err != nil {
		return err
	}
	defer file.Close()
	describe(&config, file, filepath.Base(name))
	if config.User != "" && (f.seq != "" || f.at != "") {
		return misuse("--seq or --at", "the file lists conversations only", "leave it out, or open a file of messages")
	}
	config.Media = newFetcher(false)
	return p.showBrowser(ctx, config, colors)
}

// openSaved opens a file, or reads standard input, which ends before the screen is
// taken: keys then come from the terminal itself.
func (p Process) openSaved(ctx context.Context, name string) (*saved.File, error) {
	if name != "-" {
		return saved.Open(name)
	}
	if p.StdinIsTerminal {
		return nil, misuse("-", "standard input is a terminal, which cuts long lines", "pipe something in, or name a file")
	}
	return saved.Read(reader{ctx, p})
}

// bookmarksOf returns what is marked in a case, in the chats by which the file names
// them.
func bookmarksOf(user string, c *saved.Case) []ui.Bookmark {
	var list []ui.Bookmark
	for _, e := range c.Entries {
		if !e.Bookmark && e.Note == "" {
			continue
		}
		k := ui.Bookmark{Chat: history.Chat{User: user, Peer: e.Chat.Title()}, Message: e.Message, Note: e.Note}
		if e.Chat.Group != "" {
			k.Chat = history.Chat{Group: e.Chat.Title()}
		}
		list = append(list, k)
	}
	return list
}

// describe says in a configuration what a file is, and how it is called.
func describe(c *ui.Config, f *saved.File, name string) {
	c.Client = f
	c.Chat = history.Chat{Peer: name}
	switch f.Kind() {
	case saved.Conversations:
		c.User, c.Chat = name, history.Chat{}
	case saved.CaseFile:
		c.User, c.Chat = "case "+f.Case().Name, history.Chat{}
		c.Several, c.Bookmarks = true, bookmarksOf(c.User, f.Case())
	case saved.Document:
		c.Inspect, c.Tree = true, true
	case saved.Message, saved.Body:
		c.Inspect = true
	}
	if t, inferred := f.Inferred(); inferred {
		c.Remark = "type " + t.String() + " is a guess by its fields"
	}
}
