package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/history"
)

// messagesUsage is a command that prints a chat.
const messagesUsage = "backscroll messages --user ID --peer ID"

// limitByDefault is how many messages are written without --limit and --all.
const limitByDefault = 100

var messagesHelp = `Print the messages of a chat, newest first, as they come.

Without --json or --raw: a table. With --raw: each message as it came, white
space dropped. With --json: the fields of the wire as they came, MsgId as a
string, and two more:
  Time  MsgTime as RFC 3339 in --timezone, or null
  Body  MsgBody decoded, or null if there is none:
    text       Text
    custom     Text, and JSON if it is
    media      FileName Url Size MD5 MediaDuration Width Height LargeImage …
    several    MultiMsg, of MsgType and Msg, which is a Body again
    forwarded  Title Summary
    tips       Type Event OpUserInfo TargetUsers …
    recalled   UserId RevokeTime MsgType MsgStatus Recalled …
    any other  Raw, JSON if it is, and the Reason if it cannot be decoded

A message without a time is written unless its neighbours are out of --since
and --until; messages that arrive meanwhile come last, or with --oldest-first
where they belong.

--filter lets only some through; --limit counts these, and without it the walk
goes on until 100 of them are found:
` + filterHelp() + `
After a failure what was had is written, the error says where it stopped, and
the exit code is 1. It is 0 where the reader of a pipe wants no more.`

// messagesFlags is what messages was asked for, as it was typed.
type messagesFlags struct {
	chat         chatFlags
	access       accessFlags
	output       outputFlags
	limit        string
	all          bool
	since, until string
	filter       string
	noEmpty      bool
	oldestFirst  bool
}

func newMessages(p Process) *cobra.Command {
	f := messagesFlags{access: accessFlags{asks: true}}
	c := &cobra.Command{
		Use:   "messages",
		Short: "Print the messages of a chat",
		Long:  messagesHelp,
		Example: "backscroll messages --user alice --peer bob --since -24h\n" +
			"backscroll messages --group team --all --json",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return printMessages(c.Context(), p, f) },
	}
	c.Flags().SortFlags = false
	f.add(c.Flags())
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

func (f *messagesFlags) add(flags *pflag.FlagSet) {
	f.chat.add(flags, "whose list of the chat with --peer", "the chat of --user with this user ID", "the chat of this group ID")
	flags.StringVar(&f.limit, "limit", "", fmt.Sprintf("this many messages, the newest (%d)", limitByDefault))
	flags.BoolVar(&f.all, "all", false, "all messages that are retained")
	flags.StringVar(&f.since, "since", "", "from this time on: RFC 3339, a date, as in the table, or -24h")
	flags.StringVar(&f.until, "until", "", "before this time")
	flags.StringVar(&f.filter, "filter", "", "only what this lets through, such as 'from:bob type:image'; see above")
	flags.BoolVar(&f.noEmpty, "no-empty", false, "without recalled, deleted and expired messages")
	flags.BoolVar(&f.oldestFirst, "oldest-first", false, "collect all, then print the oldest first")
	f.output.add(flags)
	f.access.add(flags, strconv.Itoa(defaultRate))
}

// printMessages walks through a chat and prints what it finds.
func printMessages(ctx context.Context, p Process, f messagesFlags) error {
	return f.access.use(ctx, p, func(config keys.Config) (work, error) {
		r, err := f.parse(p, config)
		return func(ctx context.Context, a *access) error { return r.print(ctx, p, a, f) }, err
	})
}

func (r *reading) print(ctx context.Context, p Process, a *access, f messagesFlags) error {
	walk := f.chat.chat().Walk(zim.WithWaits(ctx, r.out.waiting), a.client, history.WalkOptions{
		NoEmpty: f.noEmpty,
		Until:   history.Span{Since: r.from}.IsPast,
	})
	err := r.follow(walk)
	r.out.bar.clear()
	if err == nil {
		r.note(p, walk.History())
	}
	return err
}

// parse reads what can be read without asking anybody.
func (f *messagesFlags) parse(p Process, config keys.Config) (*reading, error) {
	err := cmp.Or(
		refuse(
			rule{f.chat.group == "" && f.chat.peer == "" && f.chat.side == "", "messages", "needs to know of which chat", "name it, as in: " + messagesUsage + ", or with --group ID"},
			rule{f.all && f.limit != "", "--limit", "contradicts --all", one},
		),
		f.chat.check(messagesUsage),
	)
	if err != nil {
		return nil, err
	}
	r := &reading{oldestFirst: f.oldestFirst, limit: limitByDefault, byDefault: !f.all}
	if f.all {
		r.limit = 0
	}
	if f.limit != "" {
		if r.limit, err = strconv.Atoi(f.limit); err != nil || r.limit < 1 {
			return nil, misuse("--limit", "not a whole number above 0", "for all messages, give --all instead")
		}
		r.byDefault = false
	}
	if r.out, err = f.output.parse(p, config, heading("TIME", false), heading("SEQ", true), heading("SENDER", false), heading("MESSAGE", false)); err != nil {
		return nil, err
	}
	if r.sieve.Span, err = parseSpan(f.since, f.until, r.out.zone, p.Now()); err != nil {
		return nil, err
	}
	if r.filter, err = p.parseFilter(f.filter, r.out.zone); err != nil {
		return nil, err
	}
	r.from = r.sieve.Since
	if from, ok := r.filter.Since(); ok && from.After(r.from) {
		r.from = from
	}
	return r, nil
}

// reading is a walk through a chat that is being printed.
type reading struct {
	out         *output
	sieve       history.Sieve
	filter      *history.Filter // nil lets all through
	from        time.Time       // nothing older is looked for; zero is no bound
	limit       int             // messages; 0 is no limit
	byDefault   bool
	oldestFirst bool

	count int  // messages written, or for oldestFirst found
	more  bool // the limit ended it, and there may be older ones
}

// follow writes what a walk brings. What was had before an error is written all
// the same.
func (r *reading) follow(walk *history.Walk) error {
	var failed error
	for page, err := range walk.Pages() {
		if err != nil {
			failed = err
			break
		}
		var through []zim.Message
		for _, m := range page {
			through = append(through, r.sieve.Take(m)...)
		}
		full, err := r.take(through)
		if err != nil {
			return err
		}
		if full {
			_, older := walk.History().Next()
			r.more = r.more || older
			break
		}
		r.progress(walk.History())
	}
	if _, err := r.take(r.sieve.Rest()); err != nil {
		return err
	}
	if r.oldestFirst {
		if err := r.out.messages(r.oldestToNewest(walk.History())); err != nil {
			return err
		}
	}
	if failed != nil {
		return r.stoppedAt(walk.History(), failed)
	}
	return nil
}

// take counts messages up to the limit, writes them unless they are to come in
// another order, and reports whether the limit is reached.
func (r *reading) take(list []zim.Message) (full bool, err error) {
	list = r.fit(list)
	full = r.limit > 0 && r.count == r.limit
	if r.oldestFirst {
		return full, nil
	}
	return full, r.out.messages(list)
}

// fit counts messages that the filter lets through, and cuts off those that are
// over the limit.
func (r *reading) fit(list []zim.Message) []zim.Message {
	list = slices.DeleteFunc(list, func(m zim.Message) bool { return !r.filter.Match(m) })
	if room := r.limit - r.count; r.limit > 0 && len(list) > room {
		list, r.more = list[:room], true
	}
	r.count += len(list)
	return list
}

// oldestToNewest returns what is wanted of a history. It goes by the order there,
// not by that of the walk, in which the newest may have come last.
func (r *reading) oldestToNewest(h *history.History) []zim.Message {
	r.sieve, r.count = history.Sieve{Span: r.sieve.Span}, 0
	var through []zim.Message
	for i := range h.Len() {
		through = append(through, r.sieve.Take(h.At(i))...)
	}
	through = r.fit(append(through, r.sieve.Rest()...))
	slices.Reverse(through)
	return through
}

// stoppedAt says how far a walk came.
func (r *reading) stoppedAt(h *history.History, err error) error {
	where := "before the first message"
	_, older := h.Next()
	circle := errors.Is(err, history.ErrRepeated) || errors.Is(err, history.ErrEmpty)
	if !older && !circle {
		return &failure{
			text: "read messages: reached the start; the last look for new messages failed: " + inWords(err),
			hint: cmp.Or(wayOut(err), "what is there is whole but for the newest; try again, and tell ZEGOCLOUD if it stays"),
		}
	}
	if n := h.Len(); n > 0 {
		m := h.At(n - 1)
		where = fmt.Sprintf("after %d messages, at %s, seq %d", n, clockTime(m.MsgTime, r.out.zone), m.MsgSeq)
		if r.filter != nil {
			where += fmt.Sprintf(", with %d that the filter lets through", r.count)
		}
	}
	return &failure{
		text: fmt.Sprintf("read messages: stopped %s: %s", where, inWords(err)),
		hint: cmp.Or(wayOut(err), "the messages before that are whole; try again, and tell ZEGOCLOUD if it stays"),
	}
}

// progress tells how much time is covered by what was read, and of how much if
// that is known.
func (r *reading) progress(h *history.History) {
	oldest, ok := h.TimeNear(h.Len()-1, -1)
	if r.out.bar == nil || !ok {
		return
	}
	line := fmt.Sprintf("%d messages", h.Len())
	if r.filter != nil {
		line = fmt.Sprintf("%d of %s looked at", r.count, line)
	}
	newest, _ := h.TimeNear(0, 1) // there is one: the oldest has a time
	r.out.bar.show("%s", line+covered(newest, oldest, r.from, r.out.zone))
}

// covered tells how far back a walk is, and how much that is of the time from from
// on, unless that is zero.
func covered(newest, oldest, from time.Time, zone *time.Location) string {
	line := ", back to " + clockTime(oldest.UnixMilli(), zone)
	if whole := newest.Sub(from); !from.IsZero() && whole > 0 {
		line += fmt.Sprintf(", %d %% of the time", min(100*newest.Sub(oldest)/whole, 100))
	}
	return line
}

// note says what the output does not show by itself.
func (r *reading) note(p Process, h *history.History) {
	passing := ""
	if r.filter != nil {
		passing = " that the filter lets through"
	}
	oldest, timed := h.TimeNear(h.Len()-1, -1)
	switch {
	case r.count == 0 && r.out.form == asTable && r.filter != nil && timed:
		say(p.Stderr, "backscroll: the filter lets none of %d messages through, back to %s", h.Len(), clockTime(oldest.UnixMilli(), r.out.zone))
	case r.count == 0 && r.out.form == asTable:
		say(p.Stderr, "backscroll: no messages")
	case r.more && r.byDefault:
		say(p.Stderr, "backscroll: these are the newest %d messages%s; --all, or --limit N, goes on to older ones", r.count, passing)
	}
}
