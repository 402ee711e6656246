package cli

import (
	"cmp"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/ui/transcript"
	"backscroll/zim"
)

// The forms of output.
type form uint8

const (
	asTable form = iota
	asJSON
	asRaw
)

// columnsByDefault is the width of a terminal that does not tell.
const columnsByDefault = 80

func (p Process) columns() int {
	if n := p.Columns(); n > 0 {
		return n
	}
	return columnsByDefault
}

// outputFlags is how data is to be written, as it was typed.
type outputFlags struct {
	json, raw       bool
	timezone, color string
}

func (f *outputFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "an object a line, decoded")
	flags.BoolVar(&f.raw, "raw", false, "an object a line, as it came")
	f.addLook(flags)
}

// addLook adds what every form of output has.
func (f *outputFlags) addLook(flags *pflag.FlagSet) {
	flags.StringVar(&f.timezone, "timezone", "", "zone name or UTC (the machine's)")
	flags.StringVar(&f.color, "color", "", "bold and dim in tables: auto, always or never (auto)")
}

// output writes lists of the service, in one form.
type output struct {
	lines
	form    form
	zone    *time.Location
	table   *table // for asTable
	visible bool   // no raw byte may act on a terminal
	bar     *progress
}

// parse returns an output to standard output. The header is that of a table.
func (f *outputFlags) parse(p Process, config keys.Config, header ...cell) (*output, error) {
	if err := refuse(rule{f.json && f.raw, "--raw", "contradicts --json", one}); err != nil {
		return nil, err
	}
	colors, err := p.colors(f.color, config)
	if err != nil {
		return nil, err
	}
	zones, err := parseZones(cmp.Or(f.timezone, config.Timezone), p.Local, p.Now())
	if err != nil {
		return nil, err
	}
	o := &output{lines: lines{w: p.Stdout}, zone: zones[0], visible: p.StdoutIsTerminal, bar: p.newProgress()}
	switch {
	case f.json:
		o.form = asJSON
	case f.raw:
		o.form = asRaw
	default:
		ink := colors == colorprofile.TrueColor
		if colors == colorprofile.Unknown {
			ink = p.StdoutIsTerminal && p.Getenv("TERM") != "dumb"
		}
		o.table = p.newTable(ink, header...)
	}
	return o, nil
}

// messages writes messages and hands them on.
func (o *output) messages(list []zim.Message) error {
	return write(o, list, messageCells, transcript.Object, func(m zim.Message) []byte { return m.Raw })
}

// conversations writes conversations and hands them on.
func (o *output) conversations(list []zim.Conversation) error {
	return write(o, list, conversationCells, transcript.ConversationObject, func(c zim.Conversation) []byte { return c.Raw })
}

// write writes elements of a list of the service in the form of the output.
func write[T any](o *output, list []T, cells func(T, *time.Location) []cell, object func(T, *time.Location) []byte, raw func(T) []byte) error {
	if len(list) == 0 {
		return nil // not even a header
	}
	o.bar.clear()
	var rows [][]cell
	for _, element := range list {
		var err error
		switch o.form {
		case asTable:
			rows = append(rows, cells(element, o.zone))
		case asJSON:
			err = o.add(object(element, o.zone))
		case asRaw:
			err = o.add(transcript.Compact(nil, raw(element), o.visible))
		}
		if err != nil {
			return err
		}
	}
	if o.form == asTable {
		for _, line := range o.table.lines(rows) {
			if err := o.add(line); err != nil {
				return err
			}
		}
	}
	return o.flush()
}

// waiting shows a pause before a call is tried again.
func (o *output) waiting(w zim.Wait) {
	if w.Attempt == 0 {
		o.bar.clear()
		return
	}
	o.bar.show("waiting %v, then attempt %d of %d: %v", w.Delay.Round(time.Second/10), w.Attempt, w.Of, w.Cause)
}
