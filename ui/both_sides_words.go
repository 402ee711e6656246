package ui

import (
	"fmt"

	"backscroll/zim/history"
)

// What is said of a comparison of two lists, here and by the command.

// DiffMeaning is what a difference can mean and what it cannot, a line each.
var DiffMeaning = []string{
	"A missing message: cleared or deleted without a trace on that side, blocked by its user, sent without the sender's copy, or expired there earlier.",
	"A deleted one: deleted by that side's user or the app's server, or expired; the service does not tell which.",
	"No difference says who did it or when, whether somebody read the message, or that it was never there: how long each list is kept depends on the app's plan.",
}

// meaningOf returns the line of DiffMeaning that is about a kind.
func meaningOf(k history.DifferenceKind) string {
	switch k {
	case history.DiffMissing, history.DiffBeyond:
		return DiffMeaning[0]
	case history.DiffDeleted:
		return DiffMeaning[1]
	}
	return DiffMeaning[2]
}

// DiffCautions returns what makes the numbers of a comparison mean less than they
// seem to, a line each.
func DiffCautions(c history.DiffCounts) (lines []string) {
	if c.Renumbered > 0 {
		lines = append(lines, fmt.Sprintf("%d messages have another MsgSeq in each list", c.Renumbered))
	}
	lacks := func(s history.Side) int { return c.Kinds[history.DiffMissing][s] + c.Kinds[history.DiffBeyond][s] }
	if c.Both == 0 && lacks(history.SideA) > 0 && lacks(history.SideB) > 0 {
		lines = append(lines, "no MsgId is in both lists: if the service gives a message another one in each, the lists cannot be compared")
	}
	return lines
}

// sideMarks is what the marks of the lines mean, for the help.
var sideMarks = [][2]string{
	{"in both", "alike in both lists; recalled or deleted in both, where that is said"},
	{"only ID", "the other list has no row for it. With ?, that list has rows without an ID about there, one of which may be the message"},
	{"deleted at ID", "deleted or expired in that user's list, and not in the other one; by place: a row without an ID was matched, since both lists have as many rows between the same two messages"},
	{"recalled at ID", "recalled in that user's list, and not in the other one"},
	{"changed", "both have it, but the fields that are named differ"},
	{"unmatched at ID", "a row without an ID in that user's list: of which message cannot be told"},
	{"beyond ID's", "older than all that this user's list still has"},
}

// meaningLines is DiffMeaning, for the help.
func meaningLines() (lines [][2]string) {
	for i, l := range DiffMeaning {
		lines = append(lines, [2]string{[...]string{"missing", "deleted", "any"}[i], l})
	}
	return lines
}
