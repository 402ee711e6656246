//go:build unix

package export

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestAChildThatIsBeingStarted has the journal too until it runs, and does not keep
// it locked.
func TestAChildThatIsBeingStarted(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "x"+PartialSuffix)
	file, err := openLocked(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openLocked(name); err != ErrBusy {
		t.Errorf("a second one: %v", err)
	}
	child, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(child)
	closeLocked(file)
	again, err := openLocked(name)
	if err != nil {
		t.Fatalf("it is still locked: %v", err)
	}
	closeLocked(again)
}
