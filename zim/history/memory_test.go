package history

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"backscroll/zim"
)

// TestAMessageTakesItsBytesAndLittleMore loads a history from pages that the heap
// rounds up, and weighs what stays when the pages are gone. Snapshots and newer
// messages are part of it.
func TestAMessageTakesItsBytesAndLittleMore(t *testing.T) {
	const most = 44 // bytes a message: its row, and its place in ids
	text := strings.Repeat("x", 320)
	pageFrom := func(newest int) *zim.MessagePage {
		var list []string
		for seq := newest; seq > newest-zim.MaxMessages; seq-- {
			list = append(list, fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgBody":"%s"}`, 971503785670000000+seq, seq, text))
		}
		return zim.ReadMessagePage([]byte(fmt.Sprintf(`{"Next":%d,"List":[%s]}`, newest-zim.MaxMessages, strings.Join(list, ","))))
	}
	for _, n := range []int{1_000, 60_000, 100_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			before := inUse()
			h := &History{}
			for seq := n; seq > 0; seq -= zim.MaxMessages {
				if _, err := h.Add(pageFrom(seq)); err != nil {
					t.Fatal(err)
				}
			}
			h.AddNewer(pageFrom(n + 50))
			s := h.Snapshot()
			took := inUse() - before
			raw := int64(0)
			for i := range s.Len() {
				raw += int64(len(s.At(i).Raw))
			}
			over := took - raw
			t.Logf("%d messages of %d bytes take %.1f bytes more each", h.Len(), raw/int64(h.Len()), float64(over)/float64(h.Len()))
			if h.Len() != n+50 || over > int64(most*h.Len()+slabSize) { // the last slab may be empty
				t.Errorf("%d messages take %d bytes besides their own", h.Len(), over)
			}
			runtime.KeepAlive(h)
		})
	}
}

// inUse returns the bytes of the heap that are in use.
func inUse() int64 {
	runtime.GC()
	runtime.GC() // what the first one only marked for its clean-up goes
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
