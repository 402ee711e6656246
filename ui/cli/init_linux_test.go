package cli

import (
	"cmp"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// maxInit is the bytes that a package may allocate before main: every start pays
// for them, --version too.
const maxInit = 100_000

// costlyInit is what may allocate more: gojq makes the syntax trees of jq's own
// functions at every start, in a third of a millisecond, and offers no other way.
var costlyInit = map[string]int{"github.com/itchyny/gojq": 250_000}

// initLine is what the runtime says of each package that has something to do.
var initLine = regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, \d+ allocs$`)

// TestInitAllocations: no package, ours or a dependency's, makes tables at every
// start that most runs never look at.
func TestInitAllocations(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var trace strings.Builder
	c := exec.Command(path, "--version")
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	c.Stderr = &trace
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	understood := false
	for _, line := range initLine.FindAllStringSubmatch(trace.String(), -1) {
		name := line[1]
		bytes, err := strconv.Atoi(line[2])
		if err != nil {
			t.Fatal(err)
		}
		if limit := cmp.Or(costlyInit[name], maxInit); bytes > limit {
			t.Errorf("init of %s allocates %d bytes, %d are allowed", name, bytes, limit)
		}
		understood = understood || name == "net/http" && bytes > 0
	}
	if !understood {
		t.Errorf("the trace does not say what net/http allocates:\n%s", &trace)
	}
}
