package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"backscroll/keys"
	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

const conversationsHelp = `Print the conversations of a user, the latest first: at most 1000, the service
lists no more.

Without --json or --raw: a table. With --raw: each conversation as it came, white
space dropped. With --json: the fields of the wire as they came, and
  Time  UpdateTime as RFC 3339 in --timezone, or null

The service lists the latest last, so nothing is printed before all is there.`

// conversationsFlags is what conversations was asked for, as it was typed.
type conversationsFlags struct {
	user   string
	output outputFlags
	access accessFlags
}

func newConversations(p Process) *cobra.Command {
	f := conversationsFlags{access: accessFlags{asks: true}}
	c := &cobra.Command{
		Use:   "conversations",
		Short: "Print the conversations of a user",
		Long:  conversationsHelp,
		Example: "backscroll conversations --user alice\n" +
			"backscroll conversations --user alice --json",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return printConversations(c.Context(), p, f) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.user, "user", "", "whose conversations")
	f.output.add(c.Flags())
	f.access.add(c.Flags(), strconv.Itoa(defaultRate))
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

// printConversations collects the list of a user and prints it.
func printConversations(ctx context.Context, p Process, f conversationsFlags) error {
	if err := refuse(rule{f.user == "", "conversations", "needs to know whose", "name the user, as in: backscroll conversations --user ID"}); err != nil {
		return err
	}
	return f.access.use(ctx, p, func(config keys.Config) (work, error) {
		out, err := f.output.parse(p, config, heading("TIME", false), heading("TYPE", false), heading("ID", false))
		return func(ctx context.Context, a *access) error { return out.printConversations(ctx, p, a, f.user) }, err
	})
}

func (o *output) printConversations(ctx context.Context, p Process, a *access, user string) error {
	list, failed := listConversations(zim.WithWaits(ctx, o.waiting), a.client, user)
	if err := o.conversations(list); err != nil {
		return err
	}
	switch {
	case failed != nil:
		return &failure{
			text: fmt.Sprintf("read conversations: stopped after %d: %s", len(list), inWords(failed)),
			hint: cmp.Or(wayOut(failed), "the latest conversations may be missing; try again, and tell ZEGOCLOUD if it stays"),
		}
	case len(list) >= history.MaxListed:
		say(p.Stderr, "backscroll: these are the latest %d conversations; the service lists no more", len(list))
	case len(list) == 0 && o.form == asTable:
		say(p.Stderr, "backscroll: no conversations")
	}
	return nil
}

// listConversations returns the conversations of a user, the latest first; after
// an error those that were had.
func listConversations(ctx context.Context, client *zim.Client, user string) ([]zim.Conversation, error) {
	var list history.List
	for {
		next, more := list.Next()
		if !more {
			return list.All(), nil
		}
		page, err := client.QueryConversationList(ctx, zim.QueryConversationListRequest{
			FromUserId: user, Limit: zim.MaxConversations, Next: next,
		})
		if err == nil {
			err = list.Add(page)
		}
		if err != nil {
			return list.All(), err
		}
	}
}

// conversationCells is a conversation as a row: when, what kind, with whom.
func conversationCells(c zim.Conversation, zone *time.Location) []cell {
	return []cell{timeCell(c.UpdateTime, zone), {text.CleanLine(c.ConvType.String()), false, dimInk}, idCell(c.ConvId)}
}
