package history

import (
	"slices"
	"strings"
)

// maxOptions is how many options CompleteFilter gives.
const maxOptions = 50

// CompleteFilter returns what the word before the cursor, which stands at a byte
// of a filter, can become: the names of fields, the fixed values of type:, is:
// and has:, and for from: those of the senders that begin like it, in any case
// and in the order given. An option replaces s[start:at]. There are 50 at most,
// and none for times, numbers and words.
func CompleteFilter(s string, at int, senders []string) (start int, options []string) {
	s = s[:max(0, min(at, len(s)))]
	lex := filterLexer{s: s}
	last := lex.next()
	for t := last; t.kind != tokenEnd; t = lex.next() {
		if last = t; t.wrong != nil && t.end < len(s) {
			return len(s), nil
		}
	}
	switch {
	case last.kind == tokenField && last.end == len(s):
		return completeValue(s, last, senders)
	case last.end < len(s) || last.kind == tokenEnd || last.kind == tokenOpen || last.kind == tokenMinus: // between words
		return len(s), withPrefix(fieldOptions(), "")
	case last.kind == tokenClose:
		return len(s), nil
	}
	return last.start, withPrefix(fieldOptions(), s[last.start:])
}

func fieldOptions() []string {
	var options []string
	for _, name := range fieldNames() {
		options = append(options, name+":")
	}
	return options
}

// completeValue completes the last value of a field. Values that the field has
// already are left out.
func completeValue(s string, t token, senders []string) (start int, options []string) {
	v := t.values[len(t.values)-1]
	others := t.values[:len(t.values)-1]
	if v.closed || slices.ContainsFunc(others, func(o value) bool { return o.text == "" }) {
		return len(s), nil
	}
	i := slices.IndexFunc(filterFields, func(f FilterField) bool { return f.Name == t.field() })
	if i < 0 {
		return len(s), nil
	}
	options = filterFields[i].values
	if filterFields[i].Name == "from" {
		options = senders
	}
	options = slices.DeleteFunc(slices.Clone(options), func(option string) bool {
		return option == "" || slices.ContainsFunc(others, func(o value) bool { return o.text == option })
	})
	options = withPrefix(options, v.text)
	for i, option := range options {
		options[i] = typedValue(option)
	}
	return v.start, options
}

// withPrefix returns the options that begin with what was typed, in any case.
func withPrefix(options []string, typed string) (fitting []string) {
	for _, option := range options {
		if len(fitting) < maxOptions && len(typed) <= len(option) && strings.EqualFold(option[:len(typed)], typed) {
			fitting = append(fitting, option)
		}
	}
	return fitting
}

// typedValue returns a value as it is typed: in quotes if it would not be read
// as it stands.
func typedValue(text string) string {
	if wordEnd(text, 0, ',') == len(text) && !strings.ContainsAny(text, `"()`) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
