package export

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/saved"
)

// TestCaseTooLarge: no file is begun for a case that could not be read again.
func TestCaseTooLarge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	head := transcript.Head{Zone: time.UTC, At: time.Now(), Say: func(zim.Envelope, *time.Location) []text.Line { return nil }}
	of := func(bytes int) saved.Case {
		return saved.Case{Name: "refund", Entries: []saved.Entry{{Message: zim.ReadMessage([]byte(strings.Repeat("x", bytes)))}}}
	}
	for bytes, want := range map[int]error{1000: nil, 10_000: errTooLarge} {
		w := caseWriter{dir: dir, most: 5000}
		if lines := w.writeAll(of(bytes), head); !errors.Is(w.err, want) || (lines != nil) != (want == nil) || (len(w.files) > 0) != (want == nil) {
			t.Errorf("of %d bytes: %d bytes in %d files, %v", bytes, len(lines), len(w.files), w.err)
		}
		w.discard()
	}
	if list, err := os.ReadDir(dir); len(list) > 0 || err != nil {
		t.Errorf("there is %v, %v", list, err)
	}
}
