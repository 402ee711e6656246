package export

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
)

// TestSpool: what goes in comes out the other way round.
func TestSpool(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := newSpool(filepath.Join(dir, "x"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for block := range 20 {
		var list []zim.Message
		for i := range block * 3 {
			raw := strings.Repeat("x", i) + fmt.Sprint(block, i)
			list, want = append(list, zim.ReadMessage([]byte(raw))), append(want, raw)
		}
		if err := s.add(list); err != nil {
			t.Fatal(err)
		}
	}
	slices.Reverse(want)
	for range 2 {
		var got []string
		for m, err := range s.backward() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(m.Raw))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	s.close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
}
