package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// diffUsage is a command that compares the two lists of a chat.
const diffUsage = "backscroll diff --user ID --peer ID"

var diffHelp = `Compare the two lists of a one-on-one chat, newest first, as they come: the
service keeps one for each user. SIDE is whose list differs:
  missing    it has no row for a message of the other list
  deleted    the message is deleted or expired there, and not in the other list
  recalled   the message is recalled there, and not in the other list
  changed    both have it, but these fields differ (SIDE is both)
  unmatched  a row without an ID: of which message cannot be told
  beyond     the message is older than all that this list still has
A ? after missing: that list has rows without an ID at this place, one of which may
be the message. "by place": a row without an ID was matched, since both lists have
as many rows between the same two messages.

` + strings.Join(ui.DiffMeaning, "\n") + `

With --json an object a line: Kind and Side (a user ID, or null for both); ByPlace,
Unsure (the ?) and Fields where they apply; User and Peer, the message as each list
has it, as messages --json writes it, or null.

The last line, on standard error, has the counts. The exit code is 0 whether there
are differences or not, and 1 after a failure: what was found before it is written.`

// diffFlags is what diff was asked for, as it was typed.
type diffFlags struct {
	user, peer   string
	since, until string
	output       outputFlags
	access       accessFlags
}

func newDiff(p Process) *cobra.Command {
	f := diffFlags{access: accessFlags{asks: true}}
	c := &cobra.Command{
		Use:   "diff",
		Short: "Compare the two sides of a one-on-one chat",
		Long:  diffHelp,
		Example: diffUsage + " --since -7d\n" +
			"backscroll diff --user alice --peer bob --json",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return printDiff(c.Context(), p, f) },
	}
	c.Flags().SortFlags = false
	f.add(c.Flags())
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

func (f *diffFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.user, "user", "", "one user ID of the chat")
	flags.StringVar(&f.peer, "peer", "", "the other user ID")
	flags.StringVar(&f.since, "since", "", "from this time on: RFC 3339, a date, as in the table, or -24h")
	flags.StringVar(&f.until, "until", "", "before this time")
	flags.BoolVar(&f.output.json, "json", false, "an object a line, with both messages")
	f.output.addLook(flags)
	f.access.add(flags, strconv.Itoa(defaultRate))
}

// printDiff compares two lists and prints how they differ.
func printDiff(ctx context.Context, p Process, f diffFlags) error {
	return f.access.use(ctx, p, func(config keys.Config) (work, error) {
		c, err := f.parse(p, config)
		return func(ctx context.Context, a *access) error { return c.print(ctx, p, a) }, err
	})
}

func (c *comparison) print(ctx context.Context, p Process, a *access) error {
	c.diff = history.NewDiff(a.client, history.Chat{User: c.user, Peer: c.peer}, history.DiffOptions{Since: c.span.Since, Until: c.span.Until})
	err := c.follow(zim.WithWaits(ctx, c.out.waiting))
	c.out.bar.clear()
	if err == nil {
		c.conclude(p)
	}
	return err
}

// parse reads what can be read without asking anybody.
func (f *diffFlags) parse(p Process, config keys.Config) (c *comparison, err error) {
	const advice = "name both, as in: " + diffUsage
	if err := refuse(
		rule{f.user == "" || f.peer == "", "diff", "needs to know the two users of the chat", advice},
		rule{f.user == f.peer, "--peer", "is --user", advice},
	); err != nil {
		return nil, err
	}
	c = &comparison{user: f.user, peer: f.peer}
	if c.out, err = f.output.parse(p, config, heading("SIDE", false), heading("DIFFERENCE", false), heading("TIME", false), heading("SEQ", true), heading("SENDER", false), heading("MESSAGE", false)); err != nil {
		return nil, err
	}
	c.span, err = parseSpan(f.since, f.until, c.out.zone, p.Now())
	return c, err
}

// comparison is a comparison of two lists that is being printed.
type comparison struct {
	user, peer string
	out        *output
	span       history.Span
	diff       *history.Diff
}

// follow writes what the comparison finds.
func (c *comparison) follow(ctx context.Context) error {
	for !c.diff.Done() {
		found, err := c.diff.Step(ctx)
		if err != nil {
			return c.stoppedAt(err)
		}
		if err := write(c.out, found, c.cells, c.object, nil); err != nil {
			return err
		}
		rows, back := c.progress()
		c.out.bar.show("%s, back to %s", rows, back)
	}
	return nil
}

// progress says how many rows were read, and back to when in both lists.
func (c *comparison) progress() (rows, back string) {
	a, backA, timedA := c.diff.Read(history.SideA)
	b, backB, timedB := c.diff.Read(history.SideB)
	back = unknownTime
	if timedA && (!timedB || backA.After(backB)) {
		backB, timedB = backA, true
	}
	if timedB {
		back = clockTime(backB.UnixMilli(), c.out.zone)
	}
	return fmt.Sprintf("%d rows of %s's list and %d of %s's", a, c.user, b, c.peer), back
}

// stoppedAt says how far a comparison came.
func (c *comparison) stoppedAt(err error) error {
	where := ""
	if n, _, _ := c.diff.Read(history.SideA); n > 0 {
		rows, back := c.progress()
		where = fmt.Sprintf("stopped after %s, back to %s: ", rows, back)
	}
	return &failure{
		text: "compare two lists: " + where + inWords(err),
		hint: cmp.Or(wayOut(err), "what was found before that is right; try again, and tell ZEGOCLOUD if it stays"),
	}
}

// sideID is the user whose list a side is; "" for both.
func (c *comparison) sideID(s history.Side) string {
	return map[history.Side]string{history.SideA: c.user, history.SideB: c.peer}[s]
}

// cells is a difference as a row: whose list, how, and the message as it is in
// the list that says more about it.
func (c *comparison) cells(f history.Difference, zone *time.Location) []cell {
	side := cell{text.Lit("both"), false, dimInk}
	if f.Side != history.BothSides {
		side = idCell(c.sideID(f.Side))
	}
	how := f.Kind.String()
	if f.Unsure {
		how += "?"
	}
	if f.ByPlace {
		how += " by place"
	}
	m := f.A
	if m == nil || f.B != nil && f.Side == history.SideA {
		m = f.B
	}
	row := messageCells(*m, zone)
	at, seq, sender, said := row[0], row[1], row[2], row[3]
	if len(f.Fields) > 0 {
		both := []string{strings.Join(f.Fields, " "), ui.Summary(f.A.Envelope(), zone).String(), ui.Summary(f.B.Envelope(), zone).String()}
		said.text = text.CleanLine(both[0] + ": " + strings.Join(slices.Compact(both[1:]), " | "))
	}
	return []cell{side, {text.CleanLine(how), false, plainInk}, at, seq, sender, said}
}

// differenceJSON is a difference as --json writes it.
type differenceJSON struct {
	Kind       string
	Side       *string  // a user ID; null for both
	ByPlace    bool     `json:",omitempty"`
	Unsure     bool     `json:",omitempty"`
	Fields     []string `json:",omitempty"`
	User, Peer json.RawMessage
}

// object is a difference as --json writes it.
func (c *comparison) object(f history.Difference, zone *time.Location) []byte {
	d := differenceJSON{
		Kind: f.Kind.String(), ByPlace: f.ByPlace, Unsure: f.Unsure, Fields: f.Fields,
		User: rowJSON(f.A, zone), Peer: rowJSON(f.B, zone),
	}
	if f.Side != history.BothSides {
		id := c.sideID(f.Side)
		d.Side = &id
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil { // rowJSON always writes JSON
		panic("cli: " + err.Error())
	}
	return transcript.Compact(nil, b.Bytes(), true)
}

// rowJSON is a message as --json writes it, or null for none.
func rowJSON(m *zim.Message, zone *time.Location) []byte {
	if m == nil {
		return []byte("null")
	}
	return transcript.Object(*m, zone)
}

// conclude says what the output means, and how much was found.
func (c *comparison) conclude(p Process) {
	counts := c.diff.Counts()
	parts := []string{fmt.Sprintf("%d in both lists", counts.Both)}
	if counts.Recalled > 0 {
		parts[0] += fmt.Sprintf(" (%d recalled in both)", counts.Recalled)
	}
	differ := 0
	for kind := history.DiffMissing; kind <= history.DiffBeyond; kind++ {
		for _, side := range []history.Side{history.BothSides, history.SideA, history.SideB} {
			n := counts.Kinds[kind][side]
			if n == 0 {
				continue
			}
			differ += n
			parts = append(parts, fmt.Sprintf("%d %s%s", n, kind, c.inList(kind, side)))
		}
	}
	if differ == 0 {
		parts = append(parts, "no difference")
	}
	if c.out.form == asTable && differ > 0 {
		for _, line := range ui.DiffMeaning {
			say(p.Stderr, "note: %s", line)
		}
	}
	for _, line := range ui.DiffCautions(counts) {
		say(p.Stderr, "note: %s", line)
	}
	say(p.Stderr, "backscroll: %s", strings.Join(parts, ", "))
}

// inList says in whose list.
func (c *comparison) inList(kind history.DifferenceKind, s history.Side) string {
	switch {
	case s == history.BothSides:
		return ""
	case kind == history.DiffBeyond:
		return " the start of " + c.sideID(s) + "'s list"
	case kind == history.DiffMissing:
		return " from " + c.sideID(s) + "'s list"
	}
	return " in " + c.sideID(s) + "'s list"
}
