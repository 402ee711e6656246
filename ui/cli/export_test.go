package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"backscroll/ui/export"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

// wantFiles checks that these and no other files are in a folder, for their owner
// alone.
func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
		if info, err := e.Info(); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("there is %q, want %q", got, want)
	}
}

// TestExport has every format of a chat of four pages, and what it says of itself.
func TestExport(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, f := range transcript.Formats() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, "walter."+string(f))
			o := s.run(t, "export --user alice --peer walter --timezone UTC -o "+file)
			o.wantDone(t, "backscroll: 303 messages of 303 looked at\n")
			if want := file + "\n" + file + export.ManifestSuffix + "\n"; o.stdout != want {
				t.Errorf("printed %q, want %q", o.stdout, want)
			}
			wantFiles(t, dir, "walter."+string(f), "walter."+string(f)+export.ManifestSuffix)
			if n := messagesIn(t, f, readFile(t, file)); n != 303 {
				t.Errorf("%d messages, want 303", n)
			}
			s.wantNoSecret(t, file, readFile(t, file)+readFile(t, file+export.ManifestSuffix))
			v := newMachine().run(t, "verify", file+export.ManifestSuffix)
			v.wantDone(t, "")
			if !strings.HasPrefix(v.stdout, "ok       walter."+string(f)) {
				t.Error(v.stdout)
			}
		})
	}
}

// messagesIn counts the messages of a file.
func messagesIn(t *testing.T, f transcript.Format, s string) int {
	t.Helper()
	switch f {
	case transcript.JSONL:
		return strings.Count(s, "\n")
	case transcript.JSON:
		var all struct{ Messages []json.RawMessage }
		if err := json.Unmarshal([]byte(s), &all); err != nil {
			t.Fatal(err)
		}
		return len(all.Messages)
	case transcript.CSV:
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return len(rows) - 1
	case transcript.HTML:
		return strings.Count(s, "<article>")
	}
	return strings.Count(s, " seq ") // no message of this chat says so
}

// TestExportIsTheChat: the same messages as those of messages, the oldest first,
// whichever are asked for.
func TestExportIsTheChat(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, args := range []string{
		"--user alice --peer walter",
		"--user alice --peer walter --since 2026-04-20",
		"--user alice --peer walter --since 2026-04-10 --until 2026-04-20",
		"--user alice --peer walter --filter from:walter",
		"--user alice --peer dave --no-empty",
		"--user alice --peer dave --side dave",
		"--group team",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "x.jsonl")
			s.run(t, "export --timezone UTC -o "+file+" "+args)
			want := s.run(t, "messages --timezone UTC --json --oldest-first --all "+args).messages(t)
			got := outcome{stdout: readFile(t, file)}.messages(t)
			if !slices.Equal(ids(got), ids(want)) || len(want) == 0 {
				t.Errorf("%d messages, want the %d of messages", len(got), len(want))
			}
		})
	}
}

// TestExportOnlyOn has the messages that diff finds in one list alone.
func TestExportOnlyOn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const chat = " --user alice --peer bob --timezone UTC"
	for id, other := range map[string]string{"alice": "bob", "bob": "alice"} {
		file := filepath.Join(t.TempDir(), "x.jsonl")
		o := s.run(t, "export --only-on "+id+" -o "+file+chat)
		var want []string
		for line := range strings.Lines(s.run(t, "diff --json"+chat).stdout) {
			var d struct {
				Side       string
				User, Peer *struct{ MsgId string }
			}
			if err := json.Unmarshal([]byte(line), &d); err != nil {
				t.Fatal(err)
			}
			if id == "bob" {
				d.User = d.Peer
			}
			if d.Side == other && d.User != nil {
				want = append(want, d.User.MsgId)
			}
		}
		slices.Reverse(want)
		if got := ids(outcome{stdout: readFile(t, file)}.messages(t)); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("only on %s: %q, want %q: %+v", id, got, want, o)
		}
		var m export.Manifest
		if err := json.Unmarshal([]byte(readFile(t, file+export.ManifestSuffix)), &m); err != nil || m.OnlyOn != id || m.Messages != len(want) || m.Newest == nil {
			t.Errorf("%+v, %v", m, err)
		}
	}
}

// TestSeveralFormats come from one walk, with one manifest.
func TestSeveralFormats(t *testing.T) {
	t.Parallel()
	s := newService(t)
	dir := t.TempDir()
	base := filepath.Join(dir, "w")
	o := s.run(t, "export --user alice --peer walter --timezone Asia/Shanghai --since 2020-01-01 --filter type:text --format jsonl,html -o "+base)
	if o.code != 0 || s.count() != 4 {
		t.Fatalf("%+v, %d calls", o, s.count())
	}
	wantFiles(t, dir, "w.jsonl", "w.html", "w"+export.ManifestSuffix)
	var m export.Manifest
	if err := json.Unmarshal([]byte(readFile(t, base+export.ManifestSuffix)), &m); err != nil {
		t.Fatal(err)
	}
	n := messagesIn(t, transcript.JSONL, readFile(t, base+".jsonl"))
	if m.Messages != n || m.Kinds["text"] != n || len(m.Kinds) != 1 || n == 0 || n == 303 || m.LookedAt != 303 || m.Pages != 4 || len(m.RequestIds) != 4 ||
		m.Chat != (export.ChatName{User: "alice", Peer: "walter"}) || m.AppId != canaryApp || m.Endpoint != s.base || m.Zone != "Asia/Shanghai" ||
		m.Since != "2020-01-01T00:00:00+08:00" || m.Filter != "type:text" || m.Newest == nil || m.Newest.MsgId == "" || m.Began == "" || m.Ended == "" ||
		m.End != "at the start of the retained history" {
		t.Errorf("%+v", m)
	}
}

// TestExportBeginsWithWhatThereWas: what arrives meanwhile is not part of it.
func TestExportBeginsWithWhatThereWas(t *testing.T) {
	t.Parallel()
	var rows []json.RawMessage
	for n := 1; n <= 250; n++ {
		rows = append(rows, numbered(n))
	}
	s := newService(t, emulator.WithPeerHistory("u1", "u2", rows...))
	s.before = func(e *emulator.Emulator, call int) {
		if call > 1 {
			e.Push("u1", "u2", numbered(250+call))
		}
	}
	file := filepath.Join(t.TempDir(), "x.jsonl")
	s.run(t, "export --user u1 --peer u2 -o "+file)
	got := ids(outcome{stdout: readFile(t, file)}.messages(t))
	if len(got) != 250 || got[0] != "1" || got[249] != "250" {
		t.Errorf("%d messages, %q", len(got), got)
	}
}

// TestExportReplacesNothing unless it is told to.
func TestExportReplacesNothing(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, taken := range []string{"x.txt", "x.txt" + export.ManifestSuffix} {
		dir := t.TempDir()
		name := filepath.Join(dir, taken)
		if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		calls := s.count()
		args := "export --user alice --peer bob -o " + filepath.Join(dir, "x.txt")
		s.run(t, args).wantFailure(t, 2, "--output: there is such a file, or its manifest, already")
		if readFile(t, name) != "mine" || s.count() != calls {
			t.Errorf("%s was replaced, or the service asked", taken)
		}
		if o := s.run(t, args+" --force"); o.code != 0 || readFile(t, name) == "mine" {
			t.Errorf("with --force: %+v", o)
		}
		wantFiles(t, dir, "x.txt", "x.txt"+export.ManifestSuffix)
	}
	// A file that comes while the messages do.
	dir := t.TempDir()
	late := filepath.Join(dir, "x.html")
	s.before = func(*emulator.Emulator, int) { os.WriteFile(late, []byte("mine"), 0o600) }
	s.run(t, "export --user alice --peer bob --format txt,html -o "+filepath.Join(dir, "x")).wantFailure(t, 1, "export: no file was written: file exists")
	wantFiles(t, dir, "x.html", "x"+export.PartialSuffix)
	if readFile(t, late) != "mine" {
		t.Error("it was replaced")
	}
}

// TestExportThatFails leaves nothing.
func TestExportThatFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault emulator.Option
		says  string
	}{
		"loop":  {emulator.WithFault(emulator.FaultLoop), "export: stopped after "},
		"empty": {emulator.WithFault(emulator.FaultEmpty), "export: stopped after "},
		"code": {emulator.WithHook(func(string, int) *emulator.Fault { return &emulator.Fault{Code: zim.NotInPlan} }),
			"export: stopped before the first message; no file was written: QueryPeerMsg"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			newService(t, test.fault).run(t, "export --user alice --peer walter -o "+filepath.Join(dir, "x.html")).wantFailure(t, 1, test.says)
			wantFiles(t, dir)
		})
	}
	newService(t).run(t, "export --user alice --peer bob -o "+filepath.Join(t.TempDir(), "none", "x.html")).wantFailure(t, 1, "export: no file was written: no such file or directory")
}

// TestExportThatIsStopped keeps what it had: --resume asks for the rest alone, and
// the files are those of an export that was not stopped.
func TestExportThatIsStopped(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	s.before = func(_ *emulator.Emulator, call int) {
		if call == 3 {
			cancel(&stopped{os.Interrupt})
		}
	}
	dir := t.TempDir()
	file, partial := filepath.Join(dir, "x.html"), filepath.Join(dir, "x.html"+export.PartialSuffix)
	var stdout, stderr strings.Builder
	args := []string{"export", "--user", "alice", "--peer", "walter", "--rate", "20", "--since", "-9000d", "-o", file}
	p := s.machine().process(&stdout, &stderr, args...)
	if code := run(ctx, p); code != exitStopped || stdout.Len() > 0 ||
		!strings.HasPrefix(stderr.String(), "backscroll: export: stopped after 200 messages, at ") || !strings.HasSuffix(stderr.String(), "\nhint: "+goOn+"\n") {
		t.Errorf("exit code %d, %s%s", code, &stdout, &stderr)
	}
	wantFiles(t, dir, "x.html"+export.PartialSuffix)
	again := strings.Join(args, " ")
	s.run(t, again).wantFailure(t, 2, "--output: an export to it was stopped, and x.html.partial has what it had")
	s.run(t, again+" --resume --no-empty").wantFailure(t, 1, "export: what was kept is of another export: not the same NoEmpty")
	s.run(t, again+" --resume --until -1d --peer bob").wantFailure(t, 1, "export: what was kept is of another export: not the same Chat, Until")
	before := s.count()
	later := s.machine().process(&stdout, &stderr, append(args, "--resume")...)
	later.Now = func() time.Time { return noon.Add(time.Hour) }
	if code := run(t.Context(), later); code != exitDone || s.count()-before != 2 {
		t.Errorf("exit code %d after %d calls, %s", code, s.count()-before, &stderr)
	}
	wantFiles(t, dir, "x.html", "x.html"+export.ManifestSuffix)
	whole := filepath.Join(t.TempDir(), "x.html")
	s.run(t, "export --user alice --peer walter --since -9000d -o "+whole)
	if readFile(t, file) != readFile(t, whole) {
		t.Error("it is not the file of an export that was not stopped")
	}
	var m export.Manifest
	if err := json.Unmarshal([]byte(readFile(t, file+export.ManifestSuffix)), &m); err != nil || m.Resumed != 1 || m.Pages != 4 || len(m.RequestIds) != 4 {
		t.Errorf("%+v, %v", m, err)
	}
	s.run(t, again+" --resume").wantFailure(t, 2, "--output: there is such a file")
	// What is there is no export's.
	if err := os.WriteFile(filepath.Join(dir, "y.html"+export.PartialSuffix), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"", " --resume", " --force"} {
		s.run(t, "export --user alice --peer bob -o "+filepath.Join(dir, "y.html")+flag).wantFailure(t, 2, "--output: y.html.partial is there and is not what an export keeps")
	}
	// Nothing to go on with: it begins.
	if o := s.run(t, "export --user alice --peer bob --resume -o "+filepath.Join(dir, "z.html")); o.code != 0 {
		t.Errorf("%+v", o)
	}
	if err := os.WriteFile(partial, nil, 0o600); err != nil { // killed before the first page
		t.Fatal(err)
	}
	if o := s.run(t, again+" --force"); o.code != 0 {
		t.Errorf("%+v", o)
	}
}

func TestExportMisuse(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for args, says := range map[string]string{
		"export -o x.html":                                      "export: needs to know of which chat",
		"export --user a --peer b":                              "export: needs to know which file to write",
		"export --user a --peer b -o -":                         "--output: is no file",
		"export --user a --peer b -o x":                         "--format: not one of jsonl, json, csv, md, html and txt",
		"export --user a --peer b -o x.pdf":                     "--format: not one of",
		"export --user a --peer b -o x --format txt,txt":        "--format: names a format twice",
		"export --user a --peer b -o x.txt --since 12 --rate 1": "--since: ",
		"export --user a --peer b -o x.txt --only-on c":         "--only-on: is neither of the two users",
		"export --group g -o x.txt --only-on g":                 "--only-on: contradicts --group",
	} {
		s.run(t, args).wantFailure(t, 2, says)
	}
	newMachine().run(t, "verify").wantFailure(t, 2, "verify: needs one file")
}

// TestVerifyExport finds every way in which a file is another one.
func TestVerifyExport(t *testing.T) {
	t.Parallel()
	s := newService(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "x.txt")
	s.run(t, "export --user alice --peer bob -o "+file)
	whole, said := readFile(t, file), readFile(t, file+export.ManifestSuffix)
	put := func(name, content string) {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, change := range map[string]func(){
		"its SHA-256 is another one":    func() { put(file, "B"+whole[1:]) },
		"it has 1 bytes, not ":          func() { put(file, "B") },
		"it is not there":               func() { os.Remove(file) },
		"it is not beside the manifest": func() { put(file+export.ManifestSuffix, strings.Replace(said, `"x.txt"`, `"../x.txt"`, 1)) },
	} {
		put(file, whole)
		put(file+export.ManifestSuffix, said)
		change()
		if o := newMachine().run(t, "verify", file+export.ManifestSuffix); o.code != 1 || !strings.Contains(o.stdout, want) {
			t.Errorf("%+v, want %q", o, want)
		}
	}
	for content, says := range map[string]string{
		"{}":                "read the manifest: it names no files",
		"x":                 "read the manifest: it is no manifest of an export, or not whole",
		`{"Manifest": 999}`: "read the manifest: it is of version 999",
	} {
		put(file+export.ManifestSuffix, content)
		newMachine().run(t, "verify", file+export.ManifestSuffix).wantFailure(t, 1, says)
	}
}
