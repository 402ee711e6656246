package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"backscroll/zim/emulator"
)

// TestExportInABrowser opens a page of a hostile chat in Chromium: no script ran,
// nothing was fetched, the document is what was written, and it is light, dark and
// printed as it should be.
func TestExportInABrowser(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed")
	}
	var mu sync.Mutex
	var asked []string
	lure := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
	}))
	fetched := func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(asked)
	}
	t.Cleanup(lure.Close)
	attacks := lures(lure.URL)
	var rows []json.RawMessage
	for n, attack := range attacks {
		body, err := json.Marshal(attack)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Appendf(nil, `{"Sender":%[1]s,"MsgType":1,"MsgBody":%[1]s,"Payload":%[1]s,"MsgId":%[2]d,"MsgSeq":%[2]d,"MsgTime":1777636800000}`, body, n+1),
			fmt.Appendf(nil, `{"Sender":"u1","MsgType":11,"MsgBody":%q,"MsgId":%[2]d,"MsgSeq":%[2]d,"MsgTime":1777636800000}`,
				fmt.Sprintf(`{"file_name":%s,"download_url":"%s/image.png","file_size":"1"}`, body, lure.URL), n+1001))
	}
	s := newService(t, emulator.WithPeerHistory("u1", "u2", rows...))
	dir := t.TempDir()
	page := filepath.Join(dir, "x.html")
	s.run(t, "export --user u1 --peer u2 -o "+page)

	bait := filepath.Join(dir, "bait.html")
	if err := os.WriteFile(bait, []byte(strings.Join(attacks, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if dom := chromium(t, "--dump-dom", "file://"+bait); len(fetched()) < 5 || !strings.Contains(elements(dom), "iframe\n") {
		t.Errorf("the lures do not work: %q was fetched of %s", fetched(), dom)
	}
	before := fetched()

	dom := chromium(t, "--dump-dom", "file://"+page)
	written := readFile(t, page)
	if got, want := elements(dom), elements(written); got != want || strings.Count(want, "article") != 2*len(rows) {
		t.Errorf("the document is\n%s\nwant\n%s", got, want)
	}
	if want := "<title>u1 and u2, u1's side</title>"; !strings.Contains(dom, want) || strings.Contains(strings.ToLower(dom), "<title>pwned") {
		t.Errorf("the title is no longer %s", want)
	}
	light := screenshot(t, dir, page)
	dark := screenshot(t, dir, page, "--blink-settings=preferredColorScheme=0")
	if light < 200 || dark > 60 {
		t.Errorf("the background is %d, and %d where it is to be dark", light, dark)
	}
	chromium(t, "--print-to-pdf="+filepath.Join(dir, "x.pdf"), "file://"+page)
	if pdf := readFile(t, filepath.Join(dir, "x.pdf")); !strings.HasPrefix(pdf, "%PDF") || bytes.Contains([]byte(pdf), []byte(lure.URL+"/script")) && strings.Contains(pdf, "/URI") {
		t.Error("it is not printed, or has a link")
	}
	if after := fetched(); len(after) > len(before) {
		t.Errorf("%q was fetched", after[len(before):])
	}
}

// lures is text that fetches something, or changes the title, where it is taken for
// more than text.
func lures(url string) []string {
	const own = `document.title='pwned'`
	return []string{
		`<script>` + own + `;fetch('` + url + `/fetch')</script>`,
		`<script src="` + url + `/script.js"></script>`,
		`</div></article></main><script>` + own + `</script>`,
		`<img src=x onerror="` + own + `"><img src="` + url + `/image.png">`,
		`"><svg onload="` + own + `"><image href="` + url + `/svg.png"/></svg>`,
		`' onmouseover='` + own + `' autofocus onfocus='` + own + `' x='`,
		`</style><link rel="stylesheet" href="` + url + `/style.css"><style>@import "` + url + `/import.css";`,
		`</title><title>pwned</title>`,
		`<meta http-equiv="refresh" content="0;url=` + url + `/refresh">`,
		`<base href="` + url + `/base/"><iframe src="` + url + `/frame"></iframe><object data="` + url + `/object"></object>`,
		`<a href="javascript:` + own + `" ping="` + url + `/ping">x</a><link rel="dns-prefetch preconnect prefetch" href="` + url + `/prefetch">`,
		`<video src="` + url + `/video.mp4" poster="` + url + `/poster.png" autoplay></video><form action="` + url + `/form"><input autofocus></form>`,
		`<!-- --><noscript><p title="</noscript><img src=` + url + `/noscript.png>">`,
		`{{.Title}}<%= 1 %>${` + own + `}`,
		url + "/plain",
	}
}

var tag = regexp.MustCompile(`<(/?[a-zA-Z][a-zA-Z0-9]*)`)

// elements are the tags of a document, a line each.
func elements(document string) string {
	var b strings.Builder
	for _, found := range tag.FindAllStringSubmatch(document, -1) {
		b.WriteString(strings.ToLower(found[1]) + "\n")
	}
	return b.String()
}

// chromium runs a browser that has no past, and returns what it prints.
func chromium(t *testing.T, args ...string) string {
	t.Helper()
	c := exec.Command("chromium", append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir()}, args...)...)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("chromium %v: %v", args, err)
	}
	return string(out)
}

// screenshot returns how bright the corner of a page is, from 0 to 255.
func screenshot(t *testing.T, dir, page string, more ...string) uint32 {
	t.Helper()
	name := filepath.Join(dir, "x.png")
	chromium(t, append(more, "--window-size=800,600", "--hide-scrollbars", "--screenshot="+name, "file://"+page)...)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	r, g, b, _ := picture.At(5, 5).RGBA()
	return (r + g + b) / 3 >> 8
}
