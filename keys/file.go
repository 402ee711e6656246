package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// What a file's mode must not allow anybody but its owner.
const (
	othersRead  fs.FileMode = 0o044
	othersWrite fs.FileMode = 0o022
)

// readGuarded reads a regular file of at most so many bytes whose mode has
// nothing of forbidden, which Windows does not tell and is not asked for. It
// fails with an *InputError, or with what the system says, without the path:
// that may be a secret in the wrong place. The Input of the error is left to
// the caller.
func readGuarded(path string, most int64, forbidden fs.FileMode) ([]byte, error) {
	// A pipe is told before it is opened: that would wait for its other end.
	info, err := os.Stat(path)
	if err == nil {
		err = checkFile(info, most, forbidden)
	}
	if err != nil {
		return nil, withoutPath(err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil { // it may be another file by now
		err = checkFile(info, most, forbidden)
	}
	if err != nil {
		return nil, withoutPath(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if int64(len(data)) > most {
		return nil, tooLong(most)
	}
	return data, withoutPath(err)
}

func checkFile(info fs.FileInfo, most int64, forbidden fs.FileMode) error {
	mode := info.Mode()
	switch {
	case !mode.IsRegular():
		return &InputError{Problem: "is not a regular file", Advice: "name a file, no folder, pipe or device"}
	case forbidden&othersRead == 0 && isForeign(info):
		return &InputError{Problem: "belongs to another user, who can write it", Advice: "make a copy of your own"}
	case runtime.GOOS == "windows" || mode&forbidden == 0:
	case forbidden&othersRead != 0:
		return &InputError{
			Problem: fmt.Sprintf("can be read or written by others than its owner (mode %04o)", mode.Perm()),
			Advice:  "take their rights away, with: chmod 600 FILE",
		}
	default:
		return &InputError{
			Problem: fmt.Sprintf("can be written by others than its owner (mode %04o)", mode.Perm()),
			Advice:  "take that right away, with: chmod go-w FILE",
		}
	}
	if info.Size() > most {
		return tooLong(most)
	}
	return nil
}

func tooLong(most int64) error {
	return &InputError{
		Problem: fmt.Sprintf("has more than %d bytes", most),
		Advice:  "check that it is the right file",
	}
}

func withoutPath(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}

// readSecretFile reads the secret from a file that holds nothing else. It fails
// with an *InputError.
func readSecretFile(path string) (Secret, error) {
	data, err := readGuarded(path, maxLine, othersRead|othersWrite)
	if wrong, ok := errors.AsType[*InputError](err); ok {
		return Secret{}, &InputError{Input: EnvServerSecretFile, Problem: wrong.Problem, Advice: wrong.Advice}
	}
	if err != nil {
		return Secret{}, &InputError{
			Input:   EnvServerSecretFile,
			Problem: "the file cannot be read: " + err.Error(),
			Advice:  "give the path of a file with the ServerSecret in it that you own, or unset the variable",
		}
	}
	secret, err := NewSecret(string(data))
	if err != nil {
		return Secret{}, fmt.Errorf("read %s: %w", EnvServerSecretFile, err)
	}
	return secret, nil
}
