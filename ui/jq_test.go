package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestEvaluate: numbers that are only passed on are what was sent, and what is no
// JSON, no expression or without an end is an error.
func TestEvaluate(t *testing.T) {
	order := `{"id":971503777289036729,"price":1.10,"huge":1e400,"items":[{"n":1},{"n":2.0}],"inner":"{\"id\":9007199254740993}"}`
	for _, tt := range []struct{ expr, raw, want, fails string }{
		{".id", order, "971503777289036729", ""},
		{".price, .huge", order, "1.10 1e400", ""},
		{".items[].n", order, "1 2.0", ""},
		{"{id, price}", order, `{"id":971503777289036729,"price":1.10}`, ""},
		{".id + 1", order, "971503777289036730", ""},
		{".inner | fromjson | .id", order, "9007199254740993", ""},
		{".items | length", order, "2", ""},
		{"select(.id == 1)", order, "", ""},
		{".items[].n.x", order, "", "expected an object but got: number"},
		{".items[0].n, .id.x", order, "1", "expected an object"},
		{"halt", order, "", ""},
		{"env, $ENV", order, "{} {}", ""},
		{`input`, order, "", "input"},
		{`import "x" as x; .`, order, "", "cannot load"},
		{".id", `{"id":1`, "", "not JSON as a whole"},
		{".id", `{"id":1} {}`, "", "not JSON as a whole"},
		{".id |", order, "", "unexpected"},
		{"nothing_like_it", order, "", "function not defined"},
		{"repeat(1)", order, "", "stopped after 10000 results"},
		{`[range(40000)] | tojson | range(1000) as $i | .`, order, "", "stopped after 10000 results or 34 MB"},
	} {
		got, err := evaluate(t.Context(), tt.expr, []byte(tt.raw))
		if (err == nil) != (tt.fails == "") || err != nil && !strings.Contains(err.Error(), tt.fails) {
			t.Errorf("%s: %v, want %q", tt.expr, err, tt.fails)
		}
		if s := string(bytes.Join(got, []byte(" "))); err == nil && s != tt.want || tt.want != "" && s != tt.want {
			t.Errorf("%s gives %s, want %s", tt.expr, s, tt.want)
		}
	}
	if _, err := evaluate(t.Context(), ".", make([]byte, jqInput+1)); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("too large: %v", err)
	}
}

func TestAnExpressionWithoutAnEndIsStopped(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := evaluate(ctx, "last(repeat(1))", []byte("{}")); err == nil || err.Error() != "stopped after 5s" {
		t.Errorf("%v", err)
	}
}

// TestThePathIsAnExpression: what the status line says of a node gives that node.
func TestThePathIsAnExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`-?[1-9][0-9]{0,30}(\.[0-9]{1,5})?`)
		key := rapid.StringN(0, 6, -1)
		object := map[string]json.Number{}
		for _, k := range rapid.SliceOfN(key, 1, 5).Draw(t, "keys") {
			object[k] = json.Number(number.Draw(t, "number"))
		}
		raw, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		for k := range object {
			path := pathKey(k, false)
			if !strings.HasPrefix(path, ".") {
				path = "." + path
			}
			got, err := evaluate(t.Context(), path, raw)
			if err != nil || len(got) != 1 || string(got[0]) != object[k].String() {
				t.Fatalf("%s of %s: %s, %v", path, raw, got, err)
			}
		}
	})
}

func TestJQInTheTree(t *testing.T) {
	term := inspected(t, "bob", 797, 160, 40)
	has := func(all ...string) {
		t.Helper()
		for _, s := range all {
			if !strings.Contains(term.shows(), s) {
				t.Errorf("no %q on\n%s", s, term.shows())
			}
		}
	}
	term.press(":")
	term.write("jq .order")
	has("of the body", "jq .order · 1 result", "1041") // while it is typed
	term.write(" |")
	has("unexpected", "1041")
	if term.press("esc"); term.m.inspector.tab != tabFields || term.m.inspector.jq.expr != "" || term.m.focus != paneInspector {
		t.Errorf("esc leaves tab %d, %q, focus %d", term.m.inspector.tab, term.m.inspector.jq.expr, term.m.focus)
	}
	term.say(":", "jq keys[]")
	has("jq keys[] · 2 results", `"order"`, `"state"`)
	term.press("v")
	has("of the payload", "jq keys[]")
	term.press("v v")
	term.say(":", "jq .nothing[]")
	has("0 results · cannot iterate over: ")
	term.press("j k l h E 3 n N") // nothing to move in
	term.say(":", "jq empty")
	has("jq empty · 0 results")
	term.say(":", "jq .order, error(\"stop\")")
	has("1 result · error: stop", "1041")
	if term.press("esc"); term.m.inspector.jq.expr != "" || !term.m.inspector.open {
		t.Error("esc does not end the expression alone")
	}
	has(`state: "paid"`)
	term.say(":", "jq .order")
	term.say(":", "jq")
	has(`state: "paid"`)
	term.press("g j : ctrl+u")
	term.write("jq ")
	if term.press("tab"); term.m.prompt.input.Value() != "jq .order" {
		t.Errorf("tab gives %q", term.m.prompt.input.Value())
	}
}

// TestJQFollows: the expression stays for the next message.
func TestJQFollows(t *testing.T) {
	term := inspected(t, "bob", 797, 160, 40)
	term.press("] v v")
	term.say(":", "jq .MsgSeq")
	if !strings.Contains(term.shows(), "▌   797") {
		t.Fatal(term.shows())
	}
	if term.press("tab tab j"); !strings.Contains(term.shows(), "▏   798") || !strings.Contains(term.shows(), "jq .MsgSeq · 1 result") {
		t.Errorf("the next message:\n%s", term.shows())
	}
}
