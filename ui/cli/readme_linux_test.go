package cli

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestTheScriptOfTheReadme runs it as it stands there.
func TestTheScriptOfTheReadme(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed")
	}
	_, rest, found := strings.Cut(readFile(t, "../../README.md"), "<!-- script -->\n```sh\n")
	script, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the README has no script")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := newService(t)
	c := exec.Command("sh", "-e")
	c.Stdin = strings.NewReader(script)
	c.Dir = t.TempDir()
	c.Env = append(s.environ(), "HOME="+c.Dir, "PATH="+strings.TrimSuffix(path, "/backscroll")+":"+os.Getenv("PATH"), "TZ=UTC")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{
		"  5 2026-04-28\twalter\n",
		"1498136609852241734\tnumbers, not strings.mp4\t49404\thttp://",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not print %q:\n%s", want, out)
		}
	}
}
