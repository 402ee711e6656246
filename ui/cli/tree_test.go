package cli

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows is every import between the packages of the tree. Nothing points back.
var arrows = map[string][]string{
	"backscroll":               {"backscroll/ui/cli"},
	"backscroll/ui/cli":        {"backscroll/keys", "backscroll/ui", "backscroll/ui/export", "backscroll/ui/mask", "backscroll/ui/text", "backscroll/ui/transcript", "backscroll/zim", "backscroll/zim/emulator", "backscroll/zim/history", "backscroll/zim/media", "backscroll/zim/saved"},
	"backscroll/ui":            {"backscroll/ui/export", "backscroll/ui/text", "backscroll/ui/transcript", "backscroll/zim", "backscroll/zim/history", "backscroll/zim/media", "backscroll/zim/saved"},
	"backscroll/ui/export":     {"backscroll/ui/mask", "backscroll/ui/text", "backscroll/ui/transcript", "backscroll/zim", "backscroll/zim/history", "backscroll/zim/media", "backscroll/zim/saved"},
	"backscroll/ui/mask":       {"backscroll/zim"},
	"backscroll/ui/text":       {},
	"backscroll/ui/transcript": {"backscroll/ui/text", "backscroll/zim", "backscroll/zim/history"},
	"backscroll/keys":          {},
	"backscroll/zim":           {},
	"backscroll/zim/history":   {"backscroll/zim"},
	"backscroll/zim/emulator":  {"backscroll/zim"},
	"backscroll/zim/media":     {"backscroll/zim"},
	"backscroll/zim/saved":     {"backscroll/zim"},
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	list := exec.Command("go", append([]string{"list"}, args...)...)
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestArrowsOfTheTree(t *testing.T) {
	found := map[string]bool{}
	for _, line := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		imports := strings.Fields(line)
		from := imports[0]
		found[from] = true
		allowed, known := arrows[from]
		if !known {
			t.Errorf("%s is not in the design's tree", from)
		}
		for _, to := range imports[1:] {
			if strings.HasPrefix(to, "backscroll") && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s", from, to)
			}
		}
	}
	for from := range arrows {
		if !found[from] {
			t.Errorf("%s does not exist", from)
		}
	}
}

// TestWhatThePackagesRefuse: zim and keys know no terminal, and zim neither the
// environment nor a log.
func TestWhatThePackagesRefuse(t *testing.T) {
	for _, from := range []string{"./zim", "./zim/history", "./keys"} {
		for _, to := range goList(t, "-deps", from) {
			if strings.Contains(to, "charm") || strings.Contains(to, "x/term") {
				t.Errorf("%s depends on %s", from, to)
			}
		}
	}
	for _, line := range goList(t, "-f", `{{join .Imports " "}}`, "./zim", "./zim/history") {
		for _, bad := range []string{"os", "log"} {
			if slices.Contains(strings.Fields(line), bad) {
				t.Errorf("zim imports %s", bad)
			}
		}
	}
}
