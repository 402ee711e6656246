package cli

import (
	"fmt"
	"path/filepath"
	"testing"

	"backscroll/keys"
	"backscroll/ui/export"
	"backscroll/zim/emulator"
)

// TestExportOnTheTerminal stops an export by ctrl+c while it tells how far it is, and
// goes on with it.
func TestExportOnTheTerminal(t *testing.T) {
	t.Parallel()
	_, base, _ := startEmulator(t)
	s := openScreen(t, 100, 30, fmt.Sprintf("%s=%d", keys.EnvAppID, emulator.AppID), keys.EnvServerSecret+"="+emulator.ServerSecret, keys.EnvEndpoint+"="+base)
	const command = "backscroll export --user alice --peer walter -o out/walter.html"
	s.tmux("send-keys", "mkdir out", "Enter")
	s.tmux("send-keys", command+" --rate 1", "Enter")
	s.waitFor("100 messages, back to 2026-")
	s.tmux("send-keys", "C-c")
	s.waitFor("backscroll: export: stopped after ", "hint: "+goOn[:40])
	wantFiles(t, filepath.Join(s.home, "out"), "walter.html"+export.PartialSuffix)
	s.tmux("send-keys", command, "Enter")
	s.waitFor("an export to it was stopped", "go on with --resume")
	s.tmux("send-keys", command+" --resume", "Enter")
	s.waitFor("walter.html.manifest.json", "backscroll: 303 messages of 303 looked at")
	s.tmux("send-keys", "backscroll verify out/walter.html.manifest.json", "Enter")
	s.waitFor("ok       walter.html")
}
