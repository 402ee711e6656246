package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	revision := strings.Repeat("0123456789abcdef", 3)
	tests := []struct {
		name  string
		build *debug.BuildInfo
		want  string
	}{
		{"unknown", nil, "(devel)"},
		{"empty", &debug.BuildInfo{}, "(devel)"},
		{"a release", build("v1.2.3"), "v1.2.3"},
		{"a release from its repository", build("v1.2.3", "vcs.revision", revision, "vcs.modified", "false"), "v1.2.3 0123456789ab"},
		{"a working tree", build("(devel)", "vcs.revision", revision, "vcs.modified", "true"), "(devel) 0123456789ab+dirty"},
		{"a pseudo-version", build("v0.0.0-20260501120000-0123456789ab", "vcs.revision", revision), "v0.0.0-20260501120000-0123456789ab"},
		{"a short revision", build("(devel)", "vcs.revision", "12"), "(devel) 12"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			p := newMachine().process(&stdout, &stderr, "--version")
			p.Build = test.build
			if code := run(t.Context(), p); code != 0 || stdout.String() != "backscroll "+test.want+"\n" {
				t.Errorf("exit code %d, %q; want %q", code, &stdout, test.want)
			}
		})
	}
}

func build(version string, settings ...string) *debug.BuildInfo {
	b := &debug.BuildInfo{Main: debug.Module{Version: version}}
	for i := 0; i < len(settings); i += 2 {
		b.Settings = append(b.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
	}
	return b
}
