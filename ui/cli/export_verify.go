package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"backscroll/ui/export"
)

const verifyHelp = `Check the files of an export, or of a case by its folder, against the manifest,
which is beside them: whether each is there, and has the size and the SHA-256 that it
was written with, those that --media saved too. The exit code is 1 if one differs.

It shows that nothing was changed by accident. Against somebody who can change the
manifest too, keep its SHA-256 elsewhere.`

func newVerify(p Process) *cobra.Command {
	c := &cobra.Command{
		Use:     "verify FILE" + export.ManifestSuffix,
		Short:   "Check the files of an export",
		Long:    verifyHelp,
		Example: "backscroll verify refund.html.manifest.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("verify", "needs one file", "name the manifest of an export, as in: backscroll verify FILE"+export.ManifestSuffix)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return verifyExport(c.Context(), p, args[0]) },
	}
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// verifyExport prints a line for each file.
func verifyExport(ctx context.Context, p Process, name string) error {
	if inside := filepath.Join(name, export.CaseManifest); isFile(inside) {
		name = inside
	}
	m, err := export.ReadManifest(name)
	if err != nil {
		hint := "name the file that an export ended with: it ends in " + export.ManifestSuffix
		if errors.Is(err, export.ErrNewer) {
			hint = "use the version of backscroll that wrote it, or a newer one"
		}
		return &failure{fmt.Sprintf("read the manifest: %v", err), hint}
	}
	bad, files := 0, checkable(m)
	for _, f := range files {
		differs, err := f.DiffersIn(ctx, filepath.Dir(name), f.folder)
		switch {
		case err != nil:
			return err
		case differs != "":
			bad++
			say(p.Stdout, "differs  %s: %s", f.shownName(), differs)
		default:
			say(p.Stdout, "ok       %s  %d bytes, %s", f.shownName(), f.Bytes, f.SHA256)
		}
	}
	if bad > 0 {
		return &failure{fmt.Sprintf("verify: %d of %d files are not as they were exported", bad, len(files)), "ask for the files again where they come from, or export the chat again"}
	}
	return nil
}
