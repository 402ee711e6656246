package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/ui/transcript"
	"backscroll/zim/history"
)

// exportUsage is a command that exports a chat.
const exportUsage = "backscroll export --user ID --peer ID -o FILE.html"

var exportHelp = `Write a chat into files, the oldest message first. The formats:
  jsonl  an object a line, as --json of messages has it, and Raw, the message as
         it came, byte for byte; 'backscroll open' opens it
  json   one object: Export, and Messages, as in --json
  csv    for spreadsheets; what could be a formula or a number gets a ' in front
  md     Markdown
  html   one page that needs no other: to read, to search in, to print
  txt    text

All formats come from the same messages: those that are there when it begins.
Files are for their owner alone, none replaces another one, and there are none
if it fails or is stopped. With several formats FILE is the name without its end.

The last file, FILE` + manifestSuffix + `, says what was asked, of whom and
when, how it ended, how many messages of each kind there are, the RequestIds, and
the size and SHA-256 of each file: 'backscroll verify' checks these.

--filter takes what that of 'backscroll messages' does.`

// exportFlags is what export was asked for, as it was typed.
type exportFlags struct {
	chat         chatFlags
	access       accessFlags
	output       string
	formats      string
	force        bool
	since, until string
	filter       string
	noEmpty      bool
	timezone     string
}

func newExport(p Process) *cobra.Command {
	f := exportFlags{access: accessFlags{asks: true}}
	c := &cobra.Command{
		Use:   "export",
		Short: "Write a chat into files, to hand it over",
		Long:  exportHelp,
		Example: "backscroll export --user alice --peer bob -o bob.html\n" +
			"backscroll export --group team --since -7d -o team --format jsonl,csv,html",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return exportChat(c.Context(), p, f) },
	}
	c.Flags().SortFlags = false
	f.add(c.Flags())
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

func (f *exportFlags) add(flags *pflag.FlagSet) {
	f.chat.add(flags, "whose list of the chat with --peer", "the chat of --user with this user ID", "the chat of this group ID")
	flags.StringVarP(&f.output, "output", "o", "", "the file; with several formats without its end")
	flags.StringVar(&f.formats, "format", "", "one or several of jsonl,json,csv,md,html,txt (the end of --output)")
	flags.BoolVar(&f.force, "force", false, "replace files that are there")
	flags.StringVar(&f.since, "since", "", "from this time on: RFC 3339, a date, as in the table, or -24h")
	flags.StringVar(&f.until, "until", "", "before this time")
	flags.StringVar(&f.filter, "filter", "", "only what this lets through, such as 'from:bob type:image'")
	flags.BoolVar(&f.noEmpty, "no-empty", false, "without recalled, deleted and expired messages")
	flags.StringVar(&f.timezone, "timezone", "", "zone name or UTC (the machine's)")
	f.access.add(flags, fmt.Sprint(defaultRate))
}

// target is a file to be written.
type target struct {
	name   string
	format transcript.Format
}

// parse reads what can be read without asking anybody.
func (f *exportFlags) parse(p Process, config keys.Config) (*export, error) {
	err := cmp.Or(
		refuse(
			rule{f.chat.group == "" && f.chat.peer == "" && f.chat.side == "", "export", "needs to know of which chat", "name it, as in: " + exportUsage + ", or with --group ID"},
			rule{f.output == "", "export", "needs to know which file to write", "name it, as in: " + exportUsage},
			rule{f.output == "-" || strings.HasSuffix(f.output, string(filepath.Separator)), "--output", "is no file", "name one; what goes to standard output is printed by: backscroll messages"},
		),
		f.chat.check(exportUsage),
	)
	if err != nil {
		return nil, err
	}
	x := &export{process: p, flags: f, bar: p.newProgress(), began: p.Now()}
	if x.targets, x.last, err = parseTargets(f.output, f.formats); err != nil {
		return nil, err
	}
	zones, err := parseZones(cmp.Or(f.timezone, config.Timezone), p.Local, p.Now())
	if err != nil {
		return nil, err
	}
	x.zone = zones[0]
	if x.sieve.span, err = parseSpan(f.since, f.until, x.zone, p.Now()); err != nil {
		return nil, err
	}
	if x.filter, err = p.parseFilter(f.filter, x.zone); err != nil {
		return nil, err
	}
	x.from = x.sieve.since
	if from, ok := x.filter.Since(); ok && from.After(x.from) {
		x.from = from
	}
	return x, x.refuseTaken()
}

// parseTargets reads --output and --format, and returns the name of the manifest
// too.
func parseTargets(output, formats string) (list []target, last string, err error) {
	if formats == "" {
		formats = strings.TrimPrefix(strings.ToLower(filepath.Ext(output)), ".")
	}
	names := strings.Split(formats, ",")
	for _, name := range names {
		f := transcript.Format(strings.TrimSpace(name))
		switch {
		case !slices.Contains(transcript.Formats(), f):
			return nil, "", misuse("--format", "not one of jsonl, json, csv, md, html and txt", "give one, or several with commas in between; without --format the end of the file says it")
		case slices.ContainsFunc(list, func(t target) bool { return t.format == f }):
			return nil, "", misuse("--format", "names a format twice", one)
		}
		t := target{output, f}
		if len(names) > 1 {
			t.name += "." + string(f)
		}
		list = append(list, t)
	}
	return list, output + manifestSuffix, nil
}

// refuseTaken says early what would fail at the end.
func (x *export) refuseTaken() error {
	names := []string{x.last}
	for _, t := range x.targets {
		names = append(names, t.name)
	}
	for _, name := range names {
		info, err := os.Lstat(name)
		if err == nil && (!x.flags.force || !info.Mode().IsRegular()) {
			return misuse("--output", "there is such a file, or its manifest, already", "choose another name, or replace it with --force")
		}
	}
	return nil
}

// exportChat walks through a chat once and writes what it finds into files.
func exportChat(ctx context.Context, p Process, f exportFlags) error {
	config, err := p.settings()
	if err != nil {
		return err
	}
	x, err := f.parse(p, config)
	if err != nil {
		return err
	}
	endpoint, rate, err := f.access.parse(p, config, defaultRate)
	if err != nil {
		return err
	}
	a, err := f.access.signIn(ctx, p, endpoint, rate)
	if err != nil {
		return err
	}
	err = x.run(ctx, a)
	x.bar.clear()
	a.tellClock(p)
	return a.close(err)
}

// export is a chat that is being written into files.
type export struct {
	process Process
	flags   *exportFlags
	targets []target
	last    string // the manifest's name
	zone    *time.Location
	sieve   sieve
	filter  *history.Filter // nil lets all through
	from    time.Time       // nothing older is looked for; zero is no bound
	bar     *progress
	began   time.Time

	newest, oldest time.Time // of what was looked at
	manifest       manifest
}
