package ui

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTreePaths goes through all rows of the sample: what the paths are, and that
// an evaluator of its own comes to the same values.
func TestTreePaths(t *testing.T) {
	raw := strings.NewReplacer("NaN", "0", `\x`, "x", "[1 2]", "[1,2]", `,\"b\":[1,2`, "}").Replace(oddJSON)
	pane := stack(t, raw, 80, 10)
	var paths []string
	for moved := true; moved; {
		path := pane.path()
		paths = append(paths, path)
		if got, want := string(pane.value()), follow(t, raw, strings.Replace(path, `gsub("-"; "+") | gsub("_"; "/") | @base64d`, "@base64url", 1)); !equalJSON(got, want) {
			t.Errorf("%s is %s, want %v", path, got, want)
		}
		before := pane.selected.last()
		pane.move(1)
		moved = pane.selected.last() != before
	}
	for _, want := range []string{
		".", ".Sender", ".MsgBody", ".MsgBody | fromjson", ".MsgBody | fromjson | .order.items[1].file",
		".base64 | @base64d | fromjson | .a[0]", ".words | @base64d", `.["odd \"key\""]`, `.[""]`, ".deep[0][0][0]",
		`.url | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson | .["~"]`,
	} {
		if !slices.Contains(paths, want) {
			t.Errorf("no row has the path %s", want)
		}
	}
}

func equalJSON(raw string, want any) bool {
	got := decoded([]byte(raw))
	if err, ok := got.(error); ok && err != nil {
		got = raw // words in base64
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}

// samePath reports whether a path is the way that the model writes in brackets.
func samePath(path, way string) bool {
	return strings.Join(filters(path), "\n") == strings.Join(filters(way), "\n")
}

// filters takes a path apart: into keys, quoted, into numbers, and into what
// stands between pipes.
func filters(path string) (list []string) {
	for rest := path; rest != ""; {
		n := 1
		switch c := rest[0]; {
		case rest == "." || c == '.' && (rest[1] == '[' || rest[1] == ' '), c == ' ':
			rest = rest[n:]
			continue
		case c == '.':
			for n < len(rest) && strings.IndexByte(".[ ", rest[n]) < 0 {
				n++
			}
			quoted, _ := json.Marshal(rest[1:n])
			list = append(list, string(quoted))
		case c == '[' && rest[1] == '"':
			d := json.NewDecoder(strings.NewReader(rest[1:]))
			var key string
			_ = d.Decode(&key)
			n = 1 + int(d.InputOffset()) + 1
			quoted, _ := json.Marshal(key)
			list = append(list, string(quoted))
		case c == '[':
			n = strings.IndexByte(rest, ']') + 1
			list = append(list, rest[1:n-1])
		case c == '|':
			for n = 2; n < len(rest) && strings.IndexByte(".[ ", rest[n]) < 0; {
				n++
			}
			if n > 2 {
				list = append(list, rest[2:n])
			}
		}
		rest = rest[n:]
	}
	return list
}

// follow does to a text what jq does for a path.
func follow(t interface{ Fatalf(string, ...any) }, raw, path string) any {
	v := decoded([]byte(raw))
	for _, filter := range filters(path) {
		switch at := v.(type) {
		case map[string]any:
			var key string
			if json.Unmarshal([]byte(filter), &key) != nil {
				t.Fatalf("%s of an object, in %s", filter, path)
			}
			v = at[key]
		case []any:
			i, err := strconv.Atoi(filter)
			if err != nil || i >= len(at) {
				t.Fatalf("%s of an array, in %s", filter, path)
			}
			v = at[i]
		case string:
			switch filter {
			case "fromjson":
				v = decoded([]byte(at))
			case "@base64d":
				b, _ := base64.StdEncoding.DecodeString(at)
				v = string(b)
			case "@base64url": // jq has two filters more for this
				b, _ := base64.RawURLEncoding.DecodeString(at)
				v = string(b)
			default:
				t.Fatalf("%s of a string, in %s", filter, path)
			}
		default:
			t.Fatalf("%s of %v, in %s", filter, at, path)
		}
	}
	return v
}

// decoded returns a JSON text as encoding/json reads it, or nil.
func decoded(raw []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil || d.More() {
		return fmt.Errorf("%s is no JSON", raw)
	}
	return v
}
