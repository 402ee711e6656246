package ui

import (
	"hash/fnv"
	"strings"

	"charm.land/lipgloss/v2"
)

// ink is the way a piece of text looks. Every ink has its SGR prefix made once
// for a light or a dark terminal: rows are strings joined, not styles applied.
type ink uint8

const (
	plain  ink = iota // what people wrote
	dim               // times, markers, rules
	bold              // names
	accent            // the focused pane's title, and what the program says
	alarm             // errors
	cursor            // the place where text is typed
	marked            // what is searched for
	sender            // the first of senderInks hues; never the only difference
)

const (
	senderInks = 8
	inks       = int(sender) + senderInks
)

// styles are the inks of a theme, alone and on the background of the selection.
type styles struct {
	on, selected [inks]string
}

const sgrReset = "\x1b[m"

// newStyles makes the inks for a dark or a light terminal. The greys are among
// the 256 colours too: a terminal that has no more turns others into blues.
func newStyles(dark bool) *styles {
	pick := lipgloss.LightDark(dark)
	color := func(light, dark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark)))
	}
	all := [inks]lipgloss.Style{
		plain:  lipgloss.NewStyle(),
		dim:    color("#6c6c6c", "#8a8a8a"),
		bold:   lipgloss.NewStyle().Bold(true),
		accent: color("#0f6f86", "#5fc4d8").Bold(true),
		alarm:  color("#b3261e", "#ff8a80"),
		cursor: lipgloss.NewStyle().Reverse(true),
		marked: lipgloss.NewStyle().Reverse(true),
	}
	light := [senderInks]string{"#a4402a", "#8a5a00", "#55691b", "#1f7245", "#0f6f86", "#2f62b8", "#6b4fb8", "#a03a86"}
	onDark := [senderInks]string{"#f0a08c", "#dfb66a", "#b5c878", "#86cfa0", "#7ccbd8", "#93b8f2", "#b9a8f2", "#e79ccf"}
	for i := range senderInks {
		all[int(sender)+i] = color(light[i], onDark[i]).Bold(true)
	}
	faint := pick(lipgloss.Color("#e4e4e4"), lipgloss.Color("#303030"))
	var s styles
	for i, style := range all {
		s.on[i] = prefix(style)
		s.selected[i] = prefix(style.Background(faint))
	}
	return &s
}

// prefix returns the SGR sequence that begins a style.
func prefix(s lipgloss.Style) string {
	before, _, _ := strings.Cut(s.Render("x"), "x")
	return before
}

// senderInk returns the hue of a user ID: the same one wherever it is seen.
func senderInk(id string) ink {
	h := fnv.New32a()
	h.Write([]byte(id))
	return sender + ink(h.Sum32()%senderInks)
}
