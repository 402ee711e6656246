package ui

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// readme returns what stands in the README between two marks.
func readme(t *testing.T, from, to string) string {
	t.Helper()
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), from)
	found, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("the README has no %q … %q", from, to)
	}
	return found
}

func TestThePictureOfTheReadmeIsTrue(t *testing.T) {
	term := start(t, sample(t), 104, 26)
	term.press("enter" + strings.Repeat(" k", 25))
	if got, want := term.shows()+"\n", readme(t, "<!-- screen -->\n```\n", "```"); got != want {
		t.Errorf("the README shows\n%s\nthe program\n%s", want, got)
	}
}

func TestTheKeysOfTheReadmeAreTrue(t *testing.T) {
	var table strings.Builder
	for _, k := range keyTable() {
		table.WriteString("| `" + strings.ReplaceAll(k[0], " ", "` `") + "` | " + k[1] + " |\n")
	}
	if got := readme(t, "<!-- keys -->\n| key | does |\n| --- | --- |\n", "\n## "); strings.TrimSpace(got) != strings.TrimSpace(table.String()) {
		t.Errorf("the README's table is\n%s\nthe key map's\n%s", got, table.String())
	}
}

func TestTheFiltersOfTheReadmeAreTrue(t *testing.T) {
	var table strings.Builder
	for _, f := range filterForms() {
		table.WriteString("| `" + strings.ReplaceAll(f[0], "|", "\\|") + "` | " + f[1] + " |\n")
	}
	if got := readme(t, "<!-- filter -->\n| filter | lets through |\n| --- | --- |\n", "\n\n"); strings.TrimSpace(got) != strings.TrimSpace(table.String()) {
		t.Errorf("the README's table is\n%s\nthat of the filters\n%s", got, table.String())
	}
}

func TestTheActionsOfTheReadmeAreTrue(t *testing.T) {
	var names []string
	for _, a := range actions {
		names = append(names, "`:"+a.name+"`")
	}
	if got := strings.Fields(readme(t, "<!-- actions -->\n", "\n\n")); !slices.Equal(got, names) {
		t.Errorf("the README lists\n%s\nthe actions are\n%s", got, strings.Join(names, " "))
	}
}
