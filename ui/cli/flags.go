package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a zone name means the same on every machine

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/history"
)

// The values of --color.
const (
	colorAuto   = "auto"
	colorAlways = "always"
	colorNever  = "never"
)

// defaultRate is the calls a second without --rate. The limit is the app's, and
// its own backend draws on it too.
const defaultRate = 5

// browseFlags is what the browser was asked for, as it was typed.
type browseFlags struct {
	demo, version   bool
	chat            chatFlags
	seq, at         string
	access          accessFlags
	timezone, color string
}

func (f *browseFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.demo, "demo", false, "show sample chats; needs no credentials")
	f.chat.add(flags, "list the conversations of this user ID", "open the chat of --user with this user ID", "open this group ID")
	flags.StringVar(&f.seq, "seq", "", "begin at the message with this MsgSeq")
	flags.StringVar(&f.at, "at", "", "begin at this time: RFC 3339, a date, or -24h")
	f.access.add(flags, fmt.Sprintf("%d; demo %d", defaultRate, zim.MaxRate))
	flags.StringVar(&f.timezone, "timezone", "", "zone name or UTC (the machine's)")
	flags.StringVar(&f.color, "color", "", "colours: auto, always or never (auto)")
	flags.BoolVar(&f.version, "version", false, "print the version")
}

// rule is one thing that flags can be wrong about.
type rule struct {
	broken                 bool
	input, problem, advice string
}

// refuse returns the first rule that is broken as an error.
func refuse(rules ...rule) error {
	for _, r := range rules {
		if r.broken {
			return misuse(r.input, r.problem, r.advice)
		}
	}
	return nil
}

// one is the way out of a contradiction.
const one = "leave one of them out"

// inAChat is the way out where a place in no chat is named.
const inAChat = "say in which chat, as in: backscroll --user ID --peer ID"

// check refuses flags that contradict one another or need one another.
func (f *browseFlags) check() error {
	if err := f.chat.check("backscroll --user ID --peer ID"); err != nil {
		return err
	}
	none := f.chat.chat() == history.Chat{}
	return refuse(
		rule{f.seq != "" && f.at != "", "--at", "contradicts --seq", one},
		rule{f.seq != "" && none, "--seq", "needs --peer or --group", inAChat},
		rule{f.at != "" && none, "--at", "needs --peer or --group", inAChat},
		rule{f.demo && f.access.profile != "", "--demo", "contradicts --profile", one},
		rule{f.demo && f.access.secretStdin, "--demo", "contradicts --secret-stdin", one},
		rule{f.demo && f.access.appID != "", "--demo", "contradicts --app-id", one},
		rule{f.demo && f.access.address.region != "", "--demo", "contradicts --region", one},
		rule{f.demo && f.access.address.endpoint != "", "--demo", "contradicts --endpoint", one},
	)
}

// beginning reads --seq and --at: where in the chat to begin.
func (f *browseFlags) beginning(zone *time.Location, now time.Time) (seq int64, at time.Time, err error) {
	if f.seq != "" {
		if seq, err = strconv.ParseInt(f.seq, 10, 64); err != nil || seq < 1 {
			return 0, at, misuse("--seq", "not a whole number above 0", "give the MsgSeq of a message; for a time, give --at instead")
		}
	}
	at, err = parseTime("--at", f.at, zone, now)
	return seq, at, err
}

// chatFlags is which conversation is meant, as it was typed.
type chatFlags struct{ user, peer, group, side string }

func (f *chatFlags) add(flags *pflag.FlagSet, user, peer, group string) {
	flags.StringVar(&f.user, "user", "", user)
	flags.StringVar(&f.peer, "peer", "", peer)
	flags.StringVar(&f.group, "group", "", group)
	flags.StringVar(&f.side, "side", "", "whose list of the chat with --peer (--user's)")
}

// check refuses flags that name no conversation; example is a line that does.
func (f *chatFlags) check(example string) error {
	return refuse(
		rule{f.peer != "" && f.user == "", "--peer", "needs --user", "say who talks to the peer, as in: " + example},
		rule{f.peer != "" && f.group != "", "--group", "contradicts --peer", one},
		rule{f.side != "" && f.peer == "", "--side", "needs --peer", "only a one-on-one chat has two sides: add --peer, or leave --side out"},
		rule{f.side != "" && f.side != f.user && f.side != f.peer, "--side", "is neither --user nor --peer", "give one of these two IDs"},
	)
}

// chat is the conversation that is meant; zero for none.
func (f *chatFlags) chat() history.Chat {
	switch {
	case f.group != "":
		return history.Chat{Group: f.group}
	case f.peer == "":
		return history.Chat{}
	}
	c := history.Chat{User: f.user, Peer: f.peer}
	if f.side == f.peer {
		return c.OtherSide()
	}
	return c
}

// parseRate reads --rate: calls a second, above 0, MaxRate at most.
func parseRate(s string, byDefault float64) (float64, error) {
	if s == "" {
		return byDefault, nil
	}
	r, err := strconv.ParseFloat(s, 64)
	if err != nil || !(r > 0 && r <= zim.MaxRate) {
		return 0, misuse("--rate", fmt.Sprintf("not a number above 0 and up to %d", zim.MaxRate),
			"the service allows an app 20 calls a second, its own backend's included")
	}
	return r, nil
}

// parseZones reads --timezone, and returns the zones to choose from: that one,
// UTC, and the machine's, without one that shows the same times as another.
func parseZones(name string, local *time.Location, now time.Time) ([]*time.Location, error) {
	first := local
	if name != "" {
		var err error
		if first, err = time.LoadLocation(name); err != nil {
			return nil, misuse("--timezone", "no zone has this name", "give a name such as Asia/Shanghai, or UTC")
		}
	}
	zones := []*time.Location{first}
	for _, z := range []*time.Location{time.UTC, local} {
		if !slices.ContainsFunc(zones, func(have *time.Location) bool { return sameTimes(have, z, now) }) {
			zones = append(zones, z)
		}
	}
	return zones, nil
}

// sameTimes reports whether two zones agreed in each of the last 24 months: the
// machine's zone is called Local, whatever its name.
func sameTimes(a, b *time.Location, now time.Time) bool {
	for months := range 24 {
		at := now.AddDate(0, -months, 0)
		_, offsetA := at.In(a).Zone()
		_, offsetB := at.In(b).Zone()
		if offsetA != offsetB {
			return false
		}
	}
	return true
}

// parseColor reads --color. Unknown leaves the choice to what the terminal can.
func parseColor(s string, noColor bool) (colorprofile.Profile, error) {
	switch {
	case s == colorAlways:
		return colorprofile.TrueColor, nil
	case s == colorNever, s == colorAuto && noColor:
		return colorprofile.ASCII, nil
	case s == colorAuto:
		return colorprofile.Unknown, nil
	}
	return 0, misuse("--color", "not one of auto, always and never", "leave it out for auto")
}

// addressFlags is where the service is, as it was typed.
type addressFlags struct{ region, endpoint string }

func (f *addressFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.region, "region", "", "data centre of the app, such as frankfurt (default: unified)")
	flags.StringVar(&f.endpoint, "endpoint", "", "base URL of the service (the region's)")
}

// parse returns the base URL that was asked for, or "".
func (f *addressFlags) parse() (string, error) {
	switch {
	case f.region != "" && f.endpoint != "":
		return "", misuse("--endpoint", "contradicts --region", "leave one of them out")
	case f.endpoint != "":
		return parseEndpoint("--endpoint", f.endpoint)
	case f.region == "":
		return "", nil
	}
	if base := zim.Region(f.region).Endpoint(); base != "" {
		return base, nil
	}
	var names []string
	for _, r := range zim.Regions() {
		names = append(names, string(r))
	}
	return "", misuse("--region", "no such region", "the regions are "+strings.Join(names, ", "))
}

// parseEndpoint reads a base URL; the error names where it came from.
func parseEndpoint(from, s string) (string, error) {
	base, err := keys.ParseEndpoint(s)
	if wrong, ok := errors.AsType[*keys.InputError](err); ok {
		return "", &keys.InputError{Input: from, Problem: wrong.Problem, Advice: wrong.Advice}
	}
	return base, err
}
