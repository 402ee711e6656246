package zim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestJSONIn(t *testing.T) {
	for raw, want := range map[string]string{
		`"{\"a\":1}"`:             `{"a":1}`,
		`" [9007199254740993] "`:  `[9007199254740993]`,
		`"\n{\"a\":\"\u4e2d\"}"`:  `{"a":"` + "中" + `"}`,
		`"\u007b\u007d"`:          `{}`,
		`"{"`:                     "",
		`"[smile]"`:               "",
		`"{\"a\":1} and more"`:    "",
		`"7"`:                     "",
		`"\"{}\""`:                "",
		`"eyJhIjoxfQ=="`:          "",
		`"%7B%22a%22%3A1%7D"`:     "",
		`""`:                      "",
		`"`:                       "",
		``:                        "",
		`{"a":1}`:                 "",
		`null`:                    "",
		`"  "`:                    "",
		`"  `:                     "",
		"\"{}\u00a0\"":            "",
		"\"\u00a0{}\"":            "", // white space that JSON does not know
		`"{\"a\":\"{\\\"b\\\"}"}`: "",
	} {
		if got := JSONIn([]byte(raw)); string(got) != want {
			t.Errorf("%s holds %q, want %q", raw, got, want)
		}
	}
}

func TestBodyText(t *testing.T) {
	for _, raw := range peeks {
		p := ReadMessage([]byte(raw)).Peek()
		if got, want := p.BodyText(), p.Body().Raw; got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

// FuzzValues takes JSON apart by Members and Elements, and puts it together again.
func FuzzValues(f *testing.F) {
	for _, s := range []string{`{}`, `[]`, `{"a":[1,2,{"b":null}],"a":"x"}`, ` [ 1e400 , -0, "\ud83d" ] `, `{"\u0061":{"":[[[]]]}}`, `7`, `"x"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !json.Valid([]byte(s)) || strings.Contains(s, `\`) {
			return
		}
		var compact strings.Builder
		inside := strings.TrimSpace(s)
		write(&compact, []byte(inside))
		var same, want any
		if json.Unmarshal([]byte(compact.String()), &same) != nil && json.Unmarshal([]byte(s), &want) == nil {
			t.Fatalf("%s became %s", s, compact.String())
		}
		if json.Unmarshal([]byte(s), &want) == nil && fmt.Sprint(same) != fmt.Sprint(want) {
			t.Errorf("%s became %s", s, compact.String())
		}
		JSONIn([]byte(inside))
	})
}

// write writes a value by its parts.
func write(b *strings.Builder, raw []byte) {
	comma := ""
	switch raw[0] {
	case '{':
		b.WriteByte('{')
		for name, value := range Members(raw) {
			fmt.Fprintf(b, `%s"%s":`, comma, name)
			write(b, value)
			comma = ","
		}
		b.WriteByte('}')
	case '[':
		b.WriteByte('[')
		for value := range Elements(raw) {
			b.WriteString(comma)
			write(b, value)
			comma = ","
		}
		b.WriteByte(']')
	default:
		b.Write(raw)
	}
}
