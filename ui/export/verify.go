package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxManifest is how large a manifest is at most, in bytes.
const maxManifest = 256 << 20

// ErrNewer says of a manifest that its form is that of a newer program.
var ErrNewer = errors.New("it is of version")

// ReadManifest reads a manifest. It fails with ErrNewer, or says in a few words,
// without the name of the file, what is wrong with it.
func ReadManifest(name string) (*Manifest, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, WithoutPath(err)
	}
	defer file.Close()
	var m Manifest
	switch err := json.NewDecoder(io.LimitReader(file, maxManifest)).Decode(&m); {
	case err != nil:
		return nil, errors.New("it is no manifest of an export, or not whole")
	case m.Manifest > manifestVersion:
		return nil, fmt.Errorf("%w %d", ErrNewer, m.Manifest)
	case m.Manifest < 1 || len(m.Files) == 0:
		return nil, errors.New("it names no files")
	}
	return &m, nil
}

// Differs says how the file in dir, that of the manifest, is not as it was written,
// "" if it is. It fails if the context ends.
func (f File) Differs(ctx context.Context, dir string) (string, error) {
	if f.Name == "" || f.Name == "." || f.Name == ".." || f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) {
		return "it is not beside the manifest", nil
	}
	path := filepath.Join(dir, f.Name)
	if info, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "it is not there", nil
	} else if err == nil && !info.Mode().IsRegular() {
		return "it is no file", nil
	}
	file, err := os.Open(path)
	if err != nil {
		return WithoutPath(err).Error(), nil
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, whileWanted{ctx, file})
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return WithoutPath(err).Error(), nil
	case n != f.Bytes:
		return fmt.Sprintf("it has %d bytes, not %d", n, f.Bytes), nil
	case hex.EncodeToString(hash.Sum(nil)) != f.SHA256:
		return "its SHA-256 is another one", nil
	}
	return "", nil
}

// whileWanted is a reader that fails once its context has ended.
type whileWanted struct {
	ctx context.Context
	r   io.Reader
}

func (w whileWanted) Read(b []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	return w.r.Read(b)
}
