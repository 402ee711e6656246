package cli

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"strings"

	"github.com/dustin/go-humanize"

	"backscroll/ui/export"
)

// defaultMediaLimit is how many bytes the files of an export have together at most.
const defaultMediaLimit = "1GB"

// checkMedia refuses what does not go with the files of messages, or without them.
func (f *exportFlags) checkMedia() error {
	return refuse(
		rule{f.media && f.mask, "--media", "does not go with --mask: what pictures show cannot be masked", "leave one of them out; with --mask the names of files are masked too"},
		rule{!f.media && f.mediaLimit != "", "--media-limit", "is for --media", "give that too"},
	)
}

// limit is how many bytes of files are saved, 0 for none of them.
func (f *exportFlags) limit() (int64, error) {
	if !f.media {
		return 0, nil
	}
	n, err := humanize.ParseBytes(cmp.Or(f.mediaLimit, defaultMediaLimit))
	if err != nil || n == 0 || n > math.MaxInt64 {
		return 0, misuse("--media-limit", "no size", "give one such as 500MB or 2GB")
	}
	return int64(n), nil
}

// mediaSaid says what became of the files that messages link to.
func mediaSaid(m *export.Manifest) string {
	ok, differ, missing := m.MediaCount()
	if len(m.Media) == 0 {
		return "no message links to a file"
	}
	said := fmt.Sprintf("%d of %d files saved", ok+differ, len(m.Media))
	if differ > 0 {
		said += fmt.Sprintf(", %d of them not as their message says", differ)
	}
	if differ+missing > 0 {
		said += "; the manifest says which, and why"
	}
	return said
}

// humanSize is a number of bytes for people.
func humanSize(bytes int64) string {
	return strings.Replace(humanize.Bytes(uint64(max(bytes, 0))), "kB", "KB", 1)
}

// checkable lists the files of an export, with the folder that each is in beside the
// manifest.
func checkable(m *export.Manifest) (files []checked) {
	for _, f := range m.Files {
		files = append(files, checked{f, ""})
	}
	for _, f := range m.MediaFiles() {
		files = append(files, checked{f, m.MediaFolder})
	}
	return files
}

// checked is a file of an export.
type checked struct {
	export.File
	folder string
}

func (c checked) shownName() string { return path.Join(c.folder, c.Name) }
