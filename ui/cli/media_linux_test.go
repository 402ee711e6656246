package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMediaEndToEnd opens, saves and checks the file of a message.
func TestMediaEndToEnd(t *testing.T) {
	t.Parallel()
	s := openScreen(t, 120, 30, "DISPLAY=:0")
	script := "#!/bin/sh\necho \"$#:$1\" >" + filepath.Join(s.home, "opened") + "\nenv >" + filepath.Join(s.home, "environment") + "\n"
	if err := os.WriteFile(filepath.Join(s.home, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s.begin("--demo --user alice --peer bob --seq 791")
	s.waitFor("Fields", "seq 791", "▌   [image 158 KB 1280×960] workshop.jpg")
	s.press("o")
	s.waitFor("open workshop.jpg at 127.0.0.1:", "any other key does not")
	s.press("y")
	s.waitFor("opened at 127.0.0.1:")
	opened, err := os.ReadFile(filepath.Join(s.home, "opened"))
	if err != nil || !strings.HasPrefix(string(opened), "1:http://127.0.0.1:") || !strings.HasSuffix(string(opened), "/media/workshop.jpg\n") {
		t.Errorf("opened %q, %v", opened, err)
	}
	if env, err := os.ReadFile(filepath.Join(s.home, "environment")); err != nil || strings.Contains(string(env), "BACKSCROLL") {
		t.Errorf("its environment: %v\n%s", err, env)
	}

	s.press("w")
	s.waitFor("save as: workshop.jpg", "158 KB · from 127.0.0.1:")
	s.press("Enter")
	s.waitFor("saved: workshop.jpg · 158 KB · size, MD5, dimensions as declared · in "+s.home[:20], "▌   saved: workshop.jpg")
	info, err := os.Stat(filepath.Join(s.home, "workshop.jpg"))
	if err != nil || info.Size() != 157783 || info.Mode().Perm() != 0o600 {
		t.Errorf("saved: %v, %v", info, err)
	}

	s.answer(":", "media")
	s.waitFor("3 links of this message, 3 checked", "thumbnail", "160×120", "found: 200 image/jpeg", "dimensions as declared")
	s.escape(func() bool { return strings.Contains(s.shows(), "Conversations") })
	s.ends()
}
