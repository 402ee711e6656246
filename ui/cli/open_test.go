package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backscroll/keys"
	"backscroll/ui"
	"backscroll/zim/history"
	"backscroll/zim/saved"
)

// fileOf writes a file that is named after nothing it holds.
func fileOf(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.png")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	t.Parallel()
	const message = `{"MsgId":1,"MsgSeq":5,"MsgTime":1777636800000}`
	team := history.Chat{Peer: "x.png"}
	tests := map[string]struct {
		file string
		want ui.Config
	}{
		"messages":      {message + "\n" + message, ui.Config{Chat: team}},
		"conversations": {`{"ConvId":"bob"}`, ui.Config{User: "x.png"}},
		"a message":     {message, ui.Config{Chat: team, Inspect: true}},
		"a document":    {`{"Code":0,"RequestId":"1","Result":[]}`, ui.Config{Chat: team, Inspect: true, Tree: true}},
		"a body":        {`{"order":5}`, ui.Config{Chat: team, Inspect: true, Remark: "type custom is a guess by its fields"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := fileOf(t, test.file)
			f, err := saved.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var got ui.Config
			describe(&got, f, filepath.Base(path))
			if got.Chat != test.want.Chat || got.User != test.want.User || got.Inspect != test.want.Inspect || got.Tree != test.want.Tree || got.Remark != test.want.Remark {
				t.Errorf("%+v", got)
			}
			// Neither the keyring nor the environment is asked, whatever they hold.
			m := newMachine().with(keys.EnvServerSecret, canary, keys.EnvProfile, "gone", keys.EnvEndpoint, "nonsense")
			m.ring.Fail(keys.Locked)
			if o := m.run(t, "open", path, "--timezone", "UTC", "--color", "never"); o != (outcome{}) || m.shown != 1 {
				t.Errorf("%+v, %d shown", o, m.shown)
			}
			if _, ok := m.env[keys.EnvServerSecret]; ok {
				t.Error("the secret is still in the environment")
			}
			piped := newMachine()
			piped.piped, piped.stdin = true, test.file
			if o := piped.run(t, "open", "-"); o != (outcome{}) || piped.shown != 1 {
				t.Errorf("through standard input: %+v, %d shown", o, piped.shown)
			}
		})
	}
}

func TestRefusedOpen(t *testing.T) {
	t.Parallel()
	good, list := fileOf(t, "{\"MsgId\":1}\n{\"MsgId\":2}"), fileOf(t, `{"ConvId":"bob"}`)
	tests := []struct {
		name string
		args []string
		set  func(*machine)
		code int
		says string
	}{
		{"no file", []string{"open"}, nil, 2, "open: takes one file"},
		{"two files", []string{"open", good, good}, nil, 2, "open: takes one file"},
		{"a contradiction", []string{"open", good, "--seq", "1", "--at", "-24h"}, nil, 2, "--at: contradicts"},
		{"a place in a list", []string{"open", list, "--seq", "1"}, nil, 2, "conversations only"},
		{"no such file", []string{"open", good + "x"}, nil, 1, "no such file"},
		{"a directory", []string{"open", filepath.Dir(good)}, nil, 1, "directory"},
		{"an empty file", []string{"open", fileOf(t, "\n")}, nil, 1, "empty"},
		{"a binary file", []string{"open", fileOf(t, "PK\x03\x04\x00")}, nil, 1, "no text"},
		{"a terminal", []string{"open", "-"}, nil, 2, "standard input is a terminal"},
		{"nothing", []string{"open", "-"}, func(m *machine) { m.piped = true }, 1, "empty"},
		{"no terminal for the keys", []string{"open", good}, func(m *machine) { m.piped = true }, 1, "standard input is not a terminal"},
		{"no screen", []string{"open", "-"}, func(m *machine) { m.piped, m.noScreen = true, true }, 1, "standard output is not a terminal"},
		{"a zone", []string{"open", good, "--timezone", "Mars"}, nil, 2, "--timezone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			if test.set != nil {
				test.set(m)
			}
			o := m.run(t, test.args...)
			o.wantFailure(t, test.code, test.says)
			if m.shown != 0 || strings.Contains(o.stderr, filepath.Dir(good)) {
				t.Errorf("%d shown, %s", m.shown, o.stderr)
			}
		})
	}
}

// TestOpenedAgain: what messages writes is the same history when it is opened.
func TestOpenedAgain(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, peer := range []string{"walter", "dave", "mallory", "bob"} {
		for _, form := range []string{"--raw", "--json"} {
			written := s.run(t, "messages --all --user alice --peer "+peer+" "+form)
			want := strings.Split(strings.TrimSpace(written.stdout), "\n")
			if len(want) < 10 {
				t.Fatalf("%s %s: %d lines", peer, form, len(want))
			}
			upward := s.run(t, "messages --all --oldest-first --user alice --peer "+peer+" "+form)
			for name, file := range map[string]string{"as it came": written.stdout, "--oldest-first": upward.stdout} {
				f, err := saved.Read(strings.NewReader(file))
				if err != nil {
					t.Fatal(err)
				}
				walk := history.Chat{Peer: "x"}.Walk(t.Context(), f, history.WalkOptions{})
				var got []string
				for page, err := range walk.Pages() {
					if err != nil {
						t.Fatal(err)
					}
					for _, m := range page {
						got = append(got, string(m.Raw))
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s %s, %s: %d messages, want %d, or not the same", peer, form, name, len(got), len(want))
				}
			}
		}
	}
}
