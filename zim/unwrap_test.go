package zim_test

import (
	"testing"

	"backscroll/zim"
)

func TestUnwrapped(t *testing.T) {
	for _, c := range []struct {
		text, plain string
		ok          bool
	}{
		{`"a\u0040b"`, "a@b", true},
		{"a%40b%20c", "a@b c", true},
		{" a%2Bb+c ", "a+b c", true},
		{"eyJhIjoxfQ==", `{"a":1}`, true},
		{"eyJhIjoxfQ", `{"a":1}`, true},
		{"", "", false},
		{"a b", "", false},
		{"hello", "", false},
		{"%zz", "", false},
		{"%ff%fe", "", false},
		{`"cut off`, "", false},
		{`{"a":1}`, "", false},
	} {
		if plain, ok := zim.Unwrapped(c.text); ok != c.ok || ok && plain != c.plain {
			t.Errorf("%q is unwrapped to %q, %v", c.text, plain, ok)
		}
	}
}

func TestStringValueAndIsJSON(t *testing.T) {
	if s, ok := zim.StringValue([]byte(`"a\n"`)); s != "a\n" || !ok {
		t.Errorf("the value is %q, %v", s, ok)
	}
	for _, raw := range []string{"", "1", "{}", "null"} {
		if s, ok := zim.StringValue([]byte(raw)); ok {
			t.Errorf("%s is the string %q", raw, s)
		}
	}
	for text, want := range map[string]bool{" {} ": true, "[1]": true, `"a"`: false, "1": false, "{": false, "": false} {
		if zim.IsJSON(text) != want {
			t.Errorf("%q is JSON: %v", text, !want)
		}
	}
}
