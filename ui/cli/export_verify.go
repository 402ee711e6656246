package cli

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

	"github.com/spf13/cobra"
)

// maxManifest is how large a manifest is at most, in bytes.
const maxManifest = 256 << 20

const verifyHelp = `Check the files of an export against its manifest, which is beside them: whether
each is there, and has the size and the SHA-256 that it was written with. The exit
code is 1 if one differs.

It shows that nothing was changed by accident. Against somebody who can change the
manifest too, keep its SHA-256 elsewhere.`

func newVerify(p Process) *cobra.Command {
	c := &cobra.Command{
		Use:     "verify FILE" + manifestSuffix,
		Short:   "Check the files of an export",
		Long:    verifyHelp,
		Example: "backscroll verify refund.html.manifest.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("verify", "needs one file", "name the manifest of an export, as in: backscroll verify FILE"+manifestSuffix)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return verifyExport(c.Context(), p, args[0]) },
	}
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

// verifyExport prints a line for each file.
func verifyExport(ctx context.Context, p Process, name string) error {
	m, err := readManifest(name)
	if err != nil {
		return err
	}
	bad := 0
	for _, f := range m.Files {
		differs := f.differs(ctx, filepath.Dir(name))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if differs != "" {
			bad++
			say(p.Stdout, "differs  %s: %s", f.Name, differs)
			continue
		}
		say(p.Stdout, "ok       %s  %d bytes, %s", f.Name, f.Bytes, f.SHA256)
	}
	if bad > 0 {
		return &failure{fmt.Sprintf("verify: %d of %d files are not as they were exported", bad, len(m.Files)), "ask for the files again where they come from, or export the chat again"}
	}
	return nil
}

func readManifest(name string) (*manifest, error) {
	const hint = "name the file that an export ended with: it ends in " + manifestSuffix
	file, err := os.Open(name)
	if err != nil {
		return nil, &failure{fmt.Sprintf("read the manifest: %v", withoutPath(err)), hint}
	}
	defer file.Close()
	var m manifest
	if err := json.NewDecoder(io.LimitReader(file, maxManifest)).Decode(&m); err != nil {
		return nil, &failure{"read the manifest: it is no manifest of an export, or not whole", hint}
	}
	switch {
	case m.Manifest > manifestVersion:
		return nil, &failure{fmt.Sprintf("read the manifest: it is of version %d", m.Manifest), "use the version of backscroll that wrote it, or a newer one"}
	case m.Manifest < 1 || len(m.Files) == 0:
		return nil, &failure{"read the manifest: it names no files", hint}
	}
	return &m, nil
}

// differs says how a file in dir is not as it was written, "" if it is.
func (f fileJSON) differs(ctx context.Context, dir string) string {
	if f.Name == "" || f.Name == "." || f.Name == ".." || f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) {
		return "it is not beside the manifest"
	}
	path := filepath.Join(dir, f.Name)
	if info, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "it is not there"
	} else if err == nil && !info.Mode().IsRegular() {
		return "it is no file"
	}
	file, err := os.Open(path)
	if err != nil {
		return withoutPath(err).Error()
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, whileWanted{ctx, file})
	switch {
	case err != nil:
		return withoutPath(err).Error()
	case n != f.Bytes:
		return fmt.Sprintf("it has %d bytes, not %d", n, f.Bytes)
	case hex.EncodeToString(hash.Sum(nil)) != f.SHA256:
		return "its SHA-256 is another one"
	}
	return ""
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
