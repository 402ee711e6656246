package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"backscroll/ui"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

// TestTheDiffOfTheReadme: bob's sample chat differs as it stands there.
func TestTheDiffOfTheReadme(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, rest, found := strings.Cut(readFile(t, "../../README.md"), "<!-- diff -->\n```\n")
	want, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the README has no table")
	}
	o := s.run(t, "diff --user alice --peer bob --timezone UTC")
	if o.code != 0 || o.stdout != want {
		t.Errorf("exit code %d; the README shows\n%s\nthe program\n%s", o.code, want, o.stdout)
	}
	const counts = "backscroll: 69 in both lists (1 recalled in both), 1 missing from alice's list, 1 deleted in alice's list, 2 deleted in bob's list\n"
	if !strings.HasSuffix(o.stderr, counts) || strings.Count(o.stderr, "note: ") != len(ui.DiffMeaning) {
		t.Errorf("standard error is %s", o.stderr)
	}
	s.wantNoSecret(t, "diff", o.stdout+o.stderr)
}

// difference is a record of diff --json, as a script reads it.
type difference struct {
	Kind       string
	Side       *string
	ByPlace    bool
	Unsure     bool
	Fields     []string
	User, Peer *message
}

func (o outcome) differences(t *testing.T) (all []difference) {
	t.Helper()
	for line := range strings.Lines(o.stdout) {
		var d difference
		if err := json.Unmarshal([]byte(line), &d); err != nil || !strings.HasSuffix(line, "\n") {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, d)
	}
	return all
}

func TestDiffJSON(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := s.run(t, "diff --user bob --peer alice --json")
	o.wantDone(t, "backscroll: 69 in both lists (1 recalled in both), 1 missing from alice's list, 2 deleted in bob's list, 1 deleted in alice's list\n")
	all := o.differences(t)
	if len(all) != 4 {
		t.Fatalf("%d differences: %s", len(all), o.stdout)
	}
	missing, byPlace := all[0], all[2]
	if missing.Kind != "missing" || *missing.Side != "alice" || missing.Peer != nil || missing.User.Sender != "bob" || string(missing.User.MsgSeq) != "810" || len(*missing.User.MsgId) != 19 {
		t.Errorf("the missing one is %+v", missing)
	}
	if byPlace.Kind != "deleted" || !byPlace.ByPlace || *byPlace.Side != "bob" || byPlace.User.MsgId != nil || byPlace.Peer.Body["Text"] != "I would have paid 650." {
		t.Errorf("the one by place is %+v", byPlace)
	}
}

// TestDiffRange: only what is in it is told and counted, and the same chat has no
// difference from itself.
func TestDiffRange(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for args, want := range map[string]string{
		"--peer bob --since 2026-04-25":                    "29 in both lists (1 recalled in both), 1 missing from alice's list, 1 deleted in alice's list",
		"--peer bob --since 2026-04-20 --until 2026-04-25": "17 in both lists, 1 deleted in bob's list",
		"--peer bob --until 2020-01-01":                    "0 in both lists, no difference",
		"--peer dave":                                      "68 in both lists (9 recalled in both), no difference",
		"--peer walter":                                    "303 in both lists, no difference",
	} {
		o := s.run(t, "diff --user alice --json --timezone UTC "+args)
		if want := "backscroll: " + want + "\n"; o.code != 0 || o.stderr != want {
			t.Errorf("%s: exit code %d, %s; want %s", args, o.code, o.stderr, want)
		}
	}
}

// TestDiffOfForeignText: nothing that a user wrote acts on the terminal, and what
// differs in a message that both have is named, also a field nobody knows.
func TestDiffOfForeignText(t *testing.T) {
	t.Parallel()
	row := func(id, more string) json.RawMessage {
		return json.RawMessage(`{"MsgId":` + id + `,"MsgSeq":` + id + `,"MsgTime":177743420362` + id + `,"MsgType":1,"Sender":"u1\u001b[2J",` + more + `}`)
	}
	s := newService(t,
		emulator.WithPeerHistory("u1", "u2", row("3", `"MsgBody":"three\u001b[2J"`), row("4", `"MsgBody":"four","Odd\u202e":1`), row("5", `"MsgBody":"five"`)),
		emulator.WithPeerHistory("u2", "u1", row("4", `"MsgBody":"4"`), row("5", `"MsgBody":"five\u001b[2J"`)))
	const counts = "backscroll: 2 in both lists, 2 changed, 1 beyond the start of u2's list\n"
	for _, form := range []string{"", " --json"} {
		o := s.run(t, "diff --user u1 --peer u2 --timezone UTC"+form)
		if o.code != 0 || !strings.HasSuffix(o.stderr, counts) {
			t.Errorf("%q: exit code %d, %s", form, o.code, o.stderr)
		}
		if all := o.stdout + o.stderr; strings.ContainsAny(all, "\x1b\u202e") {
			t.Errorf("%q: what was written can act: %q", form, all)
		}
		if form == "" {
			for _, want := range []string{"MsgBody: five | five", ": four | 4", "beyond ", "three"} {
				if !strings.Contains(o.stdout, want) {
					t.Errorf("lacks %q:\n%s", want, o.stdout)
				}
			}
			continue
		}
		if all := o.differences(t); len(all) != 3 || all[0].Side != nil || len(all[1].Fields) != 2 || all[1].Fields[1] != "Odd\u202e" || all[2].Kind != "beyond" || all[2].Peer != nil {
			t.Errorf("%s", o.stdout)
		}
	}
}

// TestDiffFails: an error says where it stopped, after what was found.
func TestDiffFails(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.run(t, "diff --user alice --peer nobody").wantFailure(t, 1, "compare two lists: QueryPeerMsg")
	broken := newService(t, emulator.WithHook(func(action string, n int) *emulator.Fault {
		if action == "QueryPeerMsg" && n > 5 {
			return &emulator.Fault{Code: zim.NotInPlan}
		}
		return nil
	}))
	o := broken.run(t, "diff --user alice --peer archive --timezone UTC")
	if o.code != 1 || !strings.Contains(o.stderr, "stopped after 300 rows of alice's list and 200 of archive's, back to 2026-") {
		t.Errorf("exit code %d: %s", o.code, o.stderr)
	}
}
