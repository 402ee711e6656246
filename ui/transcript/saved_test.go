package transcript_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// TestSaved has what each format says of files that were saved, and of messages that
// are masked. A name may be hostile: the folder's is what somebody typed.
func TestSaved(t *testing.T) {
	saved := []transcript.Saved{
		{Link: "item 1 original", Path: `x.media/a "b" (1).jpg`, Bytes: 5, SHA256: "00ff", State: "ok"},
		{Link: "item 2 original", Path: "javascript:alert(1)/<img>.png", Bytes: 5, SHA256: "00ff", State: "size differs, MD5 differs"},
		{Link: "item 3 original", Path: "x.media/page.html", Bytes: 5, SHA256: "00ff", State: "ok"},
		{Link: "item 4 original", State: "the server has no file for it: HTTP 404 \u202e<b>"},
		{Link: "item 5 original", Path: "=x.media/noend", State: "ok"},
	}
	m := zim.ReadMessage([]byte(`{"MsgId":1,"Sender":"u","MsgType":1,"MsgBody":"[phone-BCDFGHJKLM]","MsgTime":1777374000000,"Saved":"mine","Masked":2}`))
	for _, f := range transcript.Formats() {
		t.Run(string(f), func(t *testing.T) {
			head := headOf(history.Chat{Group: "g"})
			head.Masked = true
			head.Saved = func() []transcript.Saved { return saved }
			var b bytes.Buffer
			w, err := transcript.New(f, &b, head)
			if err == nil {
				err = w.Write(m)
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, b.String())
			for _, href := range regexp.MustCompile(`(?:href="|\]\(<)([^">]*)`).FindAllStringSubmatch(b.String(), -1) {
				if !strings.HasPrefix(href[1], "./") || strings.ContainsAny(href[1], " <()'\\") && f == transcript.HTML || strings.HasSuffix(href[1], ".html") {
					t.Errorf("leads to %q", href[1])
				}
			}
		})
	}
}
