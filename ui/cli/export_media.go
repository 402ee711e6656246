package cli

import (
	"math"
	"path"
	"strings"

	"github.com/dustin/go-humanize"

	"backscroll/ui/export"
)

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
	if f.mediaLimit == "" {
		return export.DefaultMediaLimit, nil
	}
	n, err := humanize.ParseBytes(f.mediaLimit)
	if err != nil || n == 0 || n > math.MaxInt64 {
		return 0, misuse("--media-limit", "no size", "give one such as 500MB or 2GB")
	}
	return int64(n), nil
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
