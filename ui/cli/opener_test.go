package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestOpener(t *testing.T) {
	for _, tt := range []struct {
		goos, env string
		want      []string
	}{
		{"darwin", "", []string{"open"}},
		{"windows", "", []string{"rundll32", "url.dll,FileProtocolHandler"}},
		{"linux", "DISPLAY", []string{"xdg-open"}},
		{"freebsd", "WAYLAND_DISPLAY", []string{"xdg-open"}},
		{"linux", "WSL_DISTRO_NAME", []string{"wslview"}},
		{"linux", "", nil},
	} {
		got, err := opener(tt.goos, func(name string) string {
			if name == tt.env {
				return "set"
			}
			return ""
		})
		if !slices.Equal(got, tt.want) || (err == nil) != (tt.want != nil) {
			t.Errorf("%s with %s: %v, %v", tt.goos, tt.env, got, err)
		}
	}
}

// TestOpenURL: the program has the URL as one argument, and none of our variables.
func TestOpenURL(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program of this test is a shell script")
	}
	dir := t.TempDir()
	seen := filepath.Join(dir, "seen")
	script := "#!/bin/sh\n{ for a; do echo \"<$a>\"; done; env; } >" + seen + "\n[ \"$1\" != https://example.com/fails ]\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	getenv := func(name string) string { return map[string]string{"DISPLAY": ":0"}[name] }
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=/nowhere", "BACKSCROLL_SERVER_SECRET=" + canary, "BACKSCROLL_APP_ID=7"}
	const url = "https://example.com/a%20b?x=$(touch%20y);z&w='q'"
	if err := openURL("linux", getenv, environ, url); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(seen)
	if got := string(b); err != nil || !strings.HasPrefix(got, "<"+url+">\n") || strings.Count(got, "<") != 1 ||
		!strings.Contains(got, "HOME=/nowhere") || strings.Contains(got, "BACKSCROLL") {
		t.Errorf("it saw %v\n%s", err, got)
	}
	if err := openURL("linux", getenv, environ, "https://example.com/fails"); err == nil || !strings.Contains(err.Error(), "xdg-open failed") || strings.Contains(err.Error(), "example") {
		t.Errorf("a failure: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := openURL("linux", getenv, environ, url); err == nil || !strings.Contains(err.Error(), "cannot be run") {
		t.Errorf("nothing to run: %v", err)
	}
}
