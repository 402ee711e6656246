package zim

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// document draws a JSON value whose numbers JavaScript changes, each one once; some
// of its values stand in strings.
func document(t *rapid.T, depth int, numbers *int64) string {
	kinds := []string{"number", "number", "word", "object", "array", "string"}
	if depth == 0 {
		kinds = kinds[:3]
	}
	space := func() string { return rapid.SampledFrom([]string{"", "", " ", "\n\t"}).Draw(t, "space") }
	list := func(member func(i int) string) string {
		var all []string
		for i := range rapid.IntRange(0, 4).Draw(t, "members") {
			all = append(all, space()+member(i)+space())
		}
		return strings.Join(all, ",")
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "number":
		*numbers += 2
		return strconv.FormatInt(1<<53-1+*numbers, 10)
	case "word":
		return rapid.SampledFrom([]string{`"hello"`, `"a\"b\\"`, "true", "null", `"[smile]"`, `"{"`, `"971503777289036729"`, `""`, "7", "-1.5e3"}).Draw(t, "word")
	case "array":
		return "[" + list(func(int) string { return document(t, depth-1, numbers) }) + "]"
	case "object":
		return "{" + list(func(i int) string {
			name := rapid.SampledFrom([]string{"a", "_b9", "odd name", "9c", "", "d.e", `f"]`, "ключ", "g[0]"}).Draw(t, "name") + fmt.Sprint(i)
			return quoted(name) + space() + ":" + space() + document(t, depth-1, numbers)
		}) + "}"
	}
	inner := document(t, depth-1, numbers)
	if inner = strings.TrimSpace(inner); inner[0] != '{' && inner[0] != '[' {
		inner = "[" + inner + "]"
	}
	return quoted(inner)
}

// follow goes along a path through a document, into strings too.
func follow(t *rapid.T, document, path string) string {
	value := json.RawMessage(document)
	for path != "" {
		for value[0] == '"' {
			var text string
			if err := json.Unmarshal(value, &text); err != nil {
				t.Fatal(err)
			}
			value = json.RawMessage(strings.TrimSpace(text))
		}
		var name string
		path = strings.TrimPrefix(path, ".")
		if rest, bracket := strings.CutPrefix(path, "["); bracket {
			token := json.NewDecoder(strings.NewReader(rest))
			token.UseNumber()
			v, err := token.Token()
			if err != nil {
				t.Fatalf("path %q: %v", path, err)
			}
			path = strings.TrimPrefix(rest[token.InputOffset():], "]")
			if n, ok := v.(json.Number); ok {
				var elements []json.RawMessage
				i, _ := strconv.Atoi(n.String())
				if err := json.Unmarshal(value, &elements); err != nil || i >= len(elements) {
					t.Fatalf("no element %d in %s", i, value)
				}
				value = elements[i]
				continue
			}
			name = v.(string)
		} else {
			end := len(path)
			if i := strings.IndexAny(path, ".["); i >= 0 {
				end = i
			}
			name, path = path[:end], path[end:]
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(value, &members); err != nil || members[name] == nil {
			t.Fatalf("no member %q in %s", name, value)
		}
		value = members[name]
	}
	return string(value)
}

// TestPathsLeadThere draws documents and follows the path of every number that is
// remarked on, and of every string that is taken apart.
func TestPathsLeadThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var numbers int64
		text := document(t, 5, &numbers)
		if text[0] != '{' && text[0] != '[' {
			text = "[" + text + "]"
		}
		e := ReadMessage([]byte(`{"MsgType":200,"MsgBody":` + quoted(text) + `}`)).Envelope()
		body := e.Body()
		remarks, _ := e.Remarks(body)
		for _, r := range remarks {
			if r.Kind != RemarkNumber || r.Field != "MsgBody" {
				t.Fatalf("%s: remark %+v", text, r)
			}
			if got := follow(t, text, r.Path); got != r.Value {
				t.Fatalf("%s: %s at %s is %s", text, r.Value, r.Path, got)
			}
		}
		if len(remarks) != int(numbers)/2 {
			t.Fatalf("%s: %d remarks on %d numbers", text, len(remarks), numbers/2)
		}
		steps, _ := body.Embedded()
		for _, s := range steps {
			if got := follow(t, text, s.Where); s.Name == stepString && len(got) != s.In {
				t.Fatalf("%s: %d bytes at %s, which is %s", text, s.In, s.Where, got)
			}
		}
	})
}
