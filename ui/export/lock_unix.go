//go:build unix

package export

import (
	"errors"
	"os"
	"syscall"
)

// openLocked opens or makes a file that no other process can open so until it is
// closed. It fails with ErrBusy. A link is not followed.
func openLocked(name string) (*os.File, error) {
	for {
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil && isAt(file, name) {
			return file, nil
		}
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrBusy
		}
		if err != nil {
			return nil, err
		}
		// The process that had it was done just now, and removed it.
	}
}

func isAt(file *os.File, name string) bool {
	here, err := file.Stat()
	there, err2 := os.Lstat(name)
	return err == nil && err2 == nil && os.SameFile(here, there)
}

// closeLocked gives the lock back and closes the file. To close it is not enough: a
// child that is just being started has the file too, for a moment.
func closeLocked(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) // else it ends with the child's copy
	file.Close()
}

// removeOpen removes the file before anybody else can lock it.
func removeOpen(file *os.File) {
	os.Remove(file.Name())
	closeLocked(file)
}
