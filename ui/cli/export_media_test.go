package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"backscroll/ui/export"
	"backscroll/zim/emulator"
)

// manifestOf reads the manifest of an export.
func manifestOf(t *testing.T, output string) (m export.Manifest) {
	t.Helper()
	if err := json.Unmarshal([]byte(readFile(t, output+export.ManifestSuffix)), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// filesIn has the files of a folder with what is in them.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
		all[e.Name()] = readFile(t, filepath.Join(dir, e.Name()))
	}
	return all
}

// TestExportMedia: every file of a chat is saved and checked, and each transcript
// leads to it.
func TestExportMedia(t *testing.T) {
	t.Parallel()
	s := newService(t)
	dir := t.TempDir()
	output := filepath.Join(dir, "x")
	args := "export --user alice --peer bob --media --format jsonl,json,csv,md,html,txt -o " + output
	s.run(t, args).wantDone(t, "backscroll: 11 of 11 files saved\nbackscroll: 69 messages of 69 looked at\n")
	m, folder := manifestOf(t, output), output+export.MediaSuffix
	files := filesIn(t, folder)
	if info, err := os.Stat(folder); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 || m.MediaFolder != "x.media" || len(m.Media) != 11 || len(files) != 11 {
		t.Fatalf("%v, %v, %+v, %d files", info, err, m.Media, len(files))
	}
	texts := map[string]string{}
	for _, f := range []string{"jsonl", "json", "csv", "md", "html", "txt"} {
		texts[f] = readFile(t, output+"."+f)
	}
	for _, f := range m.Media {
		if f.State != export.MediaOK || f.Link == "" || f.MsgId == "" || int64(len(files[f.Name])) != f.Bytes || !strings.HasPrefix(f.Host, "127.0.0.1:") {
			t.Errorf("%+v", f)
		}
		for _, format := range []string{"jsonl", "json", "csv", "html", "txt"} {
			if !strings.Contains(texts[format], "x.media/"+f.Name) {
				t.Errorf("%s does not name %s", format, f.Name)
			}
		}
	}
	for format, link := range map[string]*regexp.Regexp{"html": regexp.MustCompile(`<a href="\./([^"]*)" rel="noreferrer"`), "md": regexp.MustCompile(`\]\(<\./([^>]*)>\)`)} {
		found := link.FindAllStringSubmatch(texts[format], -1)
		for _, l := range found {
			name, err := url.PathUnescape(l[1])
			if err == nil {
				_, err = os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
			}
			if err != nil {
				t.Errorf("%s leads to %s: %v", format, l[1], err)
			}
		}
		if len(found) != 11 {
			t.Errorf("%s has %d links, want 11", format, len(found))
		}
	}
	if strings.Count(texts["html"], "<a ") != 11 || strings.Contains(texts["html"], "src=") || !strings.Contains(texts["html"], "default-src 'none'") {
		t.Error("the page has other links, or fetches something")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(texts["csv"], "\ufeff"))).ReadAll()
	if err != nil || rows[0][9] != "Saved" || !slices.ContainsFunc(rows, func(r []string) bool { return r[9] == "x.media/hubs.jpg\nx.media/kettle.jpg" }) {
		t.Errorf("%v, %v", rows[0], err)
	}

	list := output + export.ManifestSuffix
	if o := newMachine().run(t, "verify", list); o.code != 0 || strings.Count(o.stdout, "ok       x.media/") != 11 {
		t.Errorf("%+v", o)
	}
	s.run(t, args).wantFailure(t, 2, "--output: there is such a file")
	if err := os.WriteFile(filepath.Join(folder, "rack.jpg"), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := newMachine().run(t, "verify", list); o.code != 1 || !strings.Contains(o.stdout, "differs  x.media/rack.jpg: it has 5 bytes") || !strings.Contains(o.stderr, "1 of 17 files") {
		t.Errorf("%+v", o)
	}
	if err := os.WriteFile(filepath.Join(folder, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.run(t, args+" --force").wantFailure(t, 2, "--output: there is such a file")
	if err := os.Remove(filepath.Join(folder, "mine")); err != nil {
		t.Fatal(err)
	}
	if o := s.run(t, args+" --force"); o.code != 0 || readFile(t, filepath.Join(folder, "rack.jpg")) != files["rack.jpg"] {
		t.Errorf("%+v", o)
	}
	wantNames(t, dir, "x.csv", "x.html", "x.json", "x.jsonl", "x.manifest.json", "x.md", "x.media", "x.txt")
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	var got []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("there is %q, want %q, %v", got, want, err)
	}
}

// TestExportMediaThatCannotBeHad fails nothing, and says what became of each.
func TestExportMediaThatCannotBeHad(t *testing.T) {
	t.Parallel()
	var raw []json.RawMessage
	base := ""
	message := func(body string) json.RawMessage {
		n := len(raw)
		return json.RawMessage(fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgTime":%d,"Sender":"carl","MsgType":12,"MsgBody":%q}`, n+1, n+1, 1777374000000+n, strings.ReplaceAll(body, "BASE", base)))
	}
	s := newService(t)
	base = s.base
	for _, body := range []string{
		`{"file_name":"a.jpg","download_url":"BASE/media/rack.jpg?sign=hunter2","md5":"00000000000000000000000000000000","file_size":"5"}`,
		`{"file_name":"b.jpg","download_url":"BASE/media/none.jpg?sign=hunter2"}`,
		`{"file_name":"c.jpg","download_url":"ftp://example.com/c.jpg"}`,
		`{"file_name":"d.html","download_url":"BASE/media/rack.jpg"}`,
		`{"file_name":"d.html","download_url":"BASE/media/rack.jpg"}`,
		`{"file_name":"e.mp4","download_url":"BASE/media/spreading.mp4"}`,
		`{"file_name":"f.jpg","thumbnail_download_url":"BASE/media/workshop-thumb.jpg"}`,
		`{"file_name":"g.jpg","download_url":"BASE/media/workshop.jpg","file_size":"157783"}`,
	} {
		raw = append(raw, message(body))
	}
	s.mu.Lock()
	s.before = func(e *emulator.Emulator, call int) {
		if call == 1 {
			e.Push("carl", "dora", raw...)
		}
	}
	s.mu.Unlock()
	dir := t.TempDir()
	output := filepath.Join(dir, "x.html")
	o := s.run(t, "export --user carl --peer dora --media --media-limit 150KB -o "+output)
	o.wantDone(t, "backscroll: 4 of 8 files saved, 1 of them not as their message says; the manifest says which, and why\nbackscroll: 8 messages of 8 looked at\n")
	var states []string
	for _, f := range manifestOf(t, output).Media {
		states = append(states, f.Name+": "+f.State)
	}
	want := []string{
		"a.jpg: size differs, MD5 differs", ": the server has no file for it: HTTP 404 Not Found", ": the URL is neither http nor https", "d.html: ok", "d.html: ok",
		": left out: all files together would be over the limit", "workshop-thumb.jpg: ok", ": left out: all files together would be over the limit",
	}
	if !slices.Equal(states, want) {
		t.Errorf("%q\nwant %q", states, want)
	}
	page := readFile(t, output)
	for _, says := range []string{`x.html.media/a.jpg</a> (size differs, MD5 differs)`, "not saved: the server has no file for it: HTTP 404 Not Found", `<div class="note">saved: x.html.media/d.html</div>`} {
		if !strings.Contains(page, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	if strings.Contains(readFile(t, output+export.ManifestSuffix), "hunter2") {
		t.Error("the manifest has the query of a URL")
	}
	if got := filesIn(t, output+export.MediaSuffix); len(got) != 3 {
		t.Errorf("there are %d files, want 3", len(got))
	}
	// Nothing to save: no folder.
	none := filepath.Join(t.TempDir(), "y.txt")
	s.run(t, "export --user alice --peer walter --media --filter type:tips -o "+none).wantDone(t, "backscroll: no message links to a file\nbackscroll: 0 messages of 303 looked at\n")
	wantNames(t, filepath.Dir(none), "y.txt", "y.txt.manifest.json")
}

// TestExportMediaThatIsStopped: what was saved is not asked for again, and the files
// are those of an export that was not stopped.
func TestExportMediaThatIsStopped(t *testing.T) {
	t.Parallel()
	for _, at := range []int{3, 6, 11} { // of the calls: the first is for the messages
		s := newService(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		s.before = func(_ *emulator.Emulator, call int) {
			if call == at {
				cancel(&stopped{os.Interrupt})
			}
		}
		dir := t.TempDir()
		output := filepath.Join(dir, "x.html")
		var stdout, stderr strings.Builder
		args := []string{"export", "--user", "alice", "--peer", "bob", "--media", "--rate", "20", "-o", output}
		p := s.machine().process(&stdout, &stderr, args...)
		if code := run(ctx, p); code != exitStopped || !strings.Contains(stderr.String(), goOn) {
			t.Fatalf("exit code %d, %s%s", code, &stdout, &stderr)
		}
		wantNames(t, dir, "x.html.media.partial", "x.html.partial")
		// What a process that was killed leaves.
		for _, litter := range []string{"kettle.jpg", "five herons.jpg.part"} {
			if err := os.WriteFile(filepath.Join(dir, "x.html.media.partial", litter), []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := s.count()
		if code := run(t.Context(), s.machine().process(&stdout, &stderr, append(args, "--resume")...)); code != exitDone {
			t.Fatalf("exit code %d, %s%s", code, &stdout, &stderr)
		}
		if asked, want := s.count()-before, 13-at; asked != want { // the one that was stopped again
			t.Errorf("stopped at call %d, asked %d times, want %d", at, asked, want)
		}
		wantNames(t, dir, "x.html", "x.html.manifest.json", "x.html.media")
		whole := filepath.Join(t.TempDir(), "x.html")
		s.run(t, "export --user alice --peer bob --media -o "+whole)
		if readFile(t, output) != readFile(t, whole) {
			t.Error("the page is another one")
		}
		a, b := filesIn(t, output+export.MediaSuffix), filesIn(t, whole+export.MediaSuffix)
		if len(a) != len(b) {
			t.Errorf("%d files, want %d", len(a), len(b))
		}
		for name := range b {
			if a[name] != b[name] {
				t.Errorf("%s is another file", name)
			}
		}
	}
}

func TestExportMediaMisuse(t *testing.T) {
	t.Parallel()
	for args, says := range map[string]string{
		"--media --mask":               "--media: does not go with --mask",
		"--media-limit 1GB":            "--media-limit: is for --media",
		"--media --media-limit 0":      "--media-limit: no size",
		"--media --media-limit plenty": "--media-limit: no size",
		"--media --media-limit 99EB":   "--media-limit: no size",
	} {
		m := newMachine()
		m.run(t, append(strings.Fields("export --user a --peer b -o"), append([]string{filepath.Join(t.TempDir(), "x.txt")}, strings.Fields(args)...)...)...).wantFailure(t, 2, says)
	}
}
