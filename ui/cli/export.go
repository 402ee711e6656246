package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/ui/export"
	"backscroll/ui/transcript"
	"backscroll/zim"
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

What was had is then kept in FILE` + "` + export.PartialSuffix + `" + `, messages as they came. The same command
with --resume goes on with it: the files are those of an export that was never
stopped, and have no message that was sent since that began.

The last file, FILE` + export.ManifestSuffix + `, says what was asked, of whom and
when, how it ended, how many messages of each kind there are, the RequestIds, and
the size and SHA-256 of each file: 'backscroll verify' checks these.

--filter takes what that of 'backscroll messages' does. --only-on ID writes what
the list of that user has and the other one's has not: no row there, or deleted or
recalled; 'backscroll diff' says which.

--media saves the files that messages link to into the folder FILE` + export.MediaSuffix + `, and
compares size and MD5 with what the message says; the transcripts lead to them. Of
an image that is the original. A file that cannot be had fails nothing: the end and
the manifest say which, and why. No file of an address inside of your network is
fetched. --mask and --media do not go together: what a picture shows stays.

--mask puts placeholders such as [phone-KQJTWBXMRD] in the place of phone numbers,
e-mail addresses, numbers of payment cards, and users, queries and fragments of
URLs, in texts, payloads, names, IDs and the manifest. The same value has the same
one in all files of an export, and another one in the next. It does not find names
and addresses of people, nor digits that could be any number: look through what you
hand over. Numbers such as MsgId stay, unless a field says that it has a phone or a
card. Raw in jsonl is then the message as it is masked.`

// exportFlags is what export was asked for, as it was typed.
type exportFlags struct {
	chat         chatFlags
	access       accessFlags
	output       string
	formats      string
	force        bool
	resume       bool
	since, until string
	filter       string
	noEmpty      bool
	mask         bool
	media        bool
	mediaLimit   string
	onlyOn       string
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
	flags.BoolVar(&f.force, "force", false, "replace files that are there, and begin anew what was stopped")
	flags.BoolVar(&f.resume, "resume", false, "go on with an export that was stopped")
	flags.StringVar(&f.since, "since", "", "from this time on: RFC 3339, a date, as in the table, or -24h")
	flags.StringVar(&f.until, "until", "", "before this time")
	flags.StringVar(&f.filter, "filter", "", "only what this lets through, such as 'from:bob type:image'")
	flags.BoolVar(&f.noEmpty, "no-empty", false, "without recalled, deleted and expired messages")
	flags.StringVar(&f.onlyOn, "only-on", "", "only what the list of this user ID has, and the other one's has not")
	flags.BoolVar(&f.mask, "mask", false, "replace phone, e-mail and card numbers and the queries of URLs")
	flags.BoolVar(&f.media, "media", false, "save the files that messages link to")
	flags.StringVar(&f.mediaLimit, "media-limit", "", "bytes of all these files at most, as in 500MB (1GB)")
	flags.StringVar(&f.timezone, "timezone", "", "zone name or UTC (the machine's)")
	f.access.add(flags, fmt.Sprint(defaultRate))
}

// parse reads what can be read without asking anybody.
func (f *exportFlags) parse(p Process, config keys.Config) (*export.Job, error) {
	err := cmp.Or(
		refuse(
			rule{f.chat.group == "" && f.chat.peer == "" && f.chat.side == "", "export", "needs to know of which chat", "name it, as in: " + exportUsage + ", or with --group ID"},
			rule{f.output == "", "export", "needs to know which file to write", "name it, as in: " + exportUsage},
			rule{f.output == "-" || strings.HasSuffix(f.output, string(filepath.Separator)), "--output", "is no file", "name one; what goes to standard output is printed by: backscroll messages"},
		),
		f.chat.check(exportUsage),
		f.checkOnlyOn(),
		f.checkMedia(),
	)
	if err != nil {
		return nil, err
	}
	j := &export.Job{
		Chat: f.chat.chat(), NoEmpty: f.noEmpty, Output: f.output, Force: f.force, Resume: f.resume, Mask: f.mask,
		Now: p.Now, Version: p.version(), Say: ui.Rows,
	}
	if f.onlyOn != "" {
		j.Source = export.OnlyOn(f.onlyOn)
	}
	if j.Targets, err = parseTargets(f.output, f.formats); err != nil {
		return nil, err
	}
	if f.resume {
		if kept, err := export.KeptBeside(f.output); err == nil && kept.Pages > 0 {
			p.Now = func() time.Time { return kept.Began } // what -24h is counted from
		}
	}
	if j.MediaLimit, err = f.limit(); err != nil {
		return nil, err
	}
	if j.CheckMask() != nil {
		return nil, misuse("--output", "with --mask no file can be called by a phone number or an address", "choose another name")
	}
	zones, err := parseZones(cmp.Or(f.timezone, config.Timezone), p.Local, p.Now())
	if err != nil {
		return nil, err
	}
	j.Zone = p.named(zones[0])
	if j.Span, err = parseSpan(f.since, f.until, j.Zone, p.Now()); err != nil {
		return nil, err
	}
	if j.Filter, err = p.parseFilter(f.filter, j.Zone); err != nil {
		return nil, err
	}
	j.FilterText = f.filter
	if export.MayBeSecret(f.filter) {
		j.FilterText = export.NotShown
	}
	return j, taken(f.output, j.Check())
}

// taken says what is to be done about files that are there.
func taken(output string, err error) error {
	partial := filepath.Base(output) + export.PartialSuffix
	switch {
	case errors.Is(err, export.ErrPartial):
		return misuse("--output", "an export to it was stopped, and "+partial+" has what it had", "go on with --resume, or begin anew with --force")
	case errors.Is(err, export.ErrBusy):
		return misuse("--output", partial+": another process is writing it", "wait for that to end, or choose another name")
	case errors.Is(err, export.ErrForeign):
		return misuse("--output", partial+" is there and is not what an export keeps", "move it away, or choose another name")
	case errors.Is(err, fs.ErrExist):
		return misuse("--output", "there is such a file, or its manifest, already", "choose another name, or replace it with --force")
	}
	return nil // what else is wrong is found when it is written
}

func (f *exportFlags) checkOnlyOn() error {
	chat := f.chat.chat()
	return refuse(
		rule{f.onlyOn != "" && chat.IsGroup(), "--only-on", "contradicts --group", "a group has one list only; leave it out"},
		rule{f.onlyOn != "" && f.onlyOn != chat.User && f.onlyOn != chat.Peer, "--only-on", "is neither of the two users", "give the one or the other of --user and --peer"},
	)
}

// parseTargets reads --output and --format.
func parseTargets(output, formats string) (list []export.Target, err error) {
	if formats == "" {
		formats = strings.TrimPrefix(strings.ToLower(filepath.Ext(output)), ".")
	}
	names := strings.Split(formats, ",")
	for _, name := range names {
		f := transcript.Format(strings.TrimSpace(name))
		switch {
		case !slices.Contains(transcript.Formats(), f):
			return nil, misuse("--format", "not one of jsonl, json, csv, md, html and txt", "give one, or several with commas in between; without --format the end of the file says it")
		case slices.ContainsFunc(list, func(t export.Target) bool { return t.Format == f }):
			return nil, misuse("--format", "names a format twice", one)
		}
		t := export.Target{Name: output, Format: f}
		if len(names) > 1 {
			t.Name += "." + string(f)
		}
		list = append(list, t)
	}
	return list, nil
}

// exportChat walks through a chat once and writes what it finds into files.
func exportChat(ctx context.Context, p Process, f exportFlags) error {
	return f.access.use(ctx, p, func(config keys.Config) (work, error) {
		j, err := f.parse(p, config)
		return func(ctx context.Context, a *access) error { return runExport(ctx, p, a, j) }, err
	})
}

// runExport shows how far the job is, and at the end what there is.
func runExport(ctx context.Context, p Process, a *access, j *export.Job) error {
	bar := p.newProgress()
	j.Client, j.AppId, j.Endpoint = a.client, a.appID, a.client.Endpoint()
	if j.MediaLimit > 0 {
		j.Media = newFetcher(a.client.OnLoopback())
	}
	j.Progress = func(at export.Progress) { bar.show("%s", exported(j, at)) }
	m, err := j.Run(zim.WithWaits(ctx, (&output{bar: bar}).waiting))
	bar.clear()
	if err != nil {
		return notExported(ctx, p, err)
	}
	for _, name := range j.Names() {
		if err := say(p.Stdout, "%s", name); err != nil {
			return err
		}
	}
	if j.Media != nil {
		if err := say(p.Stderr, "backscroll: %s", m.MediaSaid()); err != nil {
			return err
		}
	}
	return say(p.Stderr, "backscroll: %d messages of %d looked at", m.Messages, m.LookedAt)
}

// exported tells how far a job is: how much time is covered by what was read, and
// of how much if that is known.
func exported(j *export.Job, at export.Progress) string {
	if at.Phase == export.Writing {
		return fmt.Sprintf("%d of %d messages written", at.Written, at.Messages)
	}
	if at.Phase == export.Finding {
		return fmt.Sprintf("looking for where it was stopped: %d messages", at.Again)
	}
	if at.Phase == export.Saving {
		return fmt.Sprintf("media %d of %d · %s", at.Media, at.MediaOf, humanSize(at.MediaBytes))
	}
	line := fmt.Sprintf("%d messages", at.LookedAt)
	if j.Filter != nil || j.Source != nil {
		line = fmt.Sprintf("%d of %s", at.Messages, line)
	}
	if at.Oldest.IsZero() {
		return line
	}
	return line + covered(at.Newest, at.Oldest, at.From, j.Zone)
}

// goOn is how an export that was stopped goes on.
const goOn = "what it had is kept: run the same again with --resume"

// notExported adds the way out to the error of a job.
func notExported(ctx context.Context, p Process, err error) error {
	stopped, ok := errors.AsType[*export.StoppedError](err)
	if _, told := wasStopped(ctx); ok && told && stopped.Kept { // else it would end without a word
		say(p.Stderr, "backscroll: export: stopped %s", stopped.Where())
		say(p.Stderr, "hint: %s", goOn)
	}
	if ok {
		hint := cmp.Or(wayOut(err), "try again, and tell ZEGOCLOUD if it stays")
		switch {
		case errors.Is(err, export.ErrGone):
			hint = "begin anew with --force and without --resume"
		case stopped.Kept:
			hint += "; " + goOn
		}
		return &failure{fmt.Sprintf("export: stopped %s; no file was written: %s", stopped.Where(), inWords(stopped.Err)), hint}
	}
	hint := "the folder of --output must be there and have room; choose another name if there is such a file by now"
	if other, ok := errors.AsType[*export.OtherError](err); ok {
		return &failure{other.Error(), "give what was given then, choose another name, or begin anew with --force and without --resume"}
	}
	if failed, ok := errors.AsType[*export.FileError](err); ok && failed.Kept {
		hint = "make room, or give --force too if there is such a file by now; " + goOn
	}
	return &failure{err.Error(), hint}
}
