package cli

import (
	"cmp"
	"runtime/debug"
	"strings"
)

// revisionLen is how many digits of a revision are shown.
const revisionLen = 12

func printVersion(p Process) error { return say(p.Stdout, "%s", p.version()) }

// version names the program and its version.
func (p Process) version() string { return "backscroll " + version(p.Build) }

// version returns the module's version, "(devel)" if it has none, and the
// revision it was built from, if that is known and not part of the version.
func version(build *debug.BuildInfo) string {
	if build == nil {
		return "(devel)"
	}
	v := cmp.Or(build.Main.Version, "(devel)")
	var revision, dirty string
	for _, s := range build.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(len(s.Value), revisionLen)]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if revision == "" || strings.Contains(v, revision) {
		return v
	}
	return v + " " + revision + dirty
}
