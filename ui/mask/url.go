package mask

import (
	"slices"
	"strings"
	"unicode"
)

// taken is what was found in a text so far.
type taken struct {
	f     *folded
	of    []bool // the runes that are
	spans []span
}

// add takes a span, if nothing of it is taken yet.
func (t *taken) add(from, to int, k Kind, value string) bool {
	if from >= to || slices.Contains(t.of[from:to], true) {
		return false
	}
	for i := from; i < to; i++ {
		t.of[i] = true
	}
	t.spans = append(t.spans, span{from, to, k, value})
	return true
}

func (t *taken) sorted() []span {
	slices.SortFunc(t.spans, func(a, b span) int { return a.from - b.from })
	return t.spans
}

// ends reports whether a rune ends a URL wherever it stands.
func ends(r rune) bool {
	return r >= 0 && r <= ' ' || r == 0x7F || strings.ContainsRune("\"<>`{}|\\^，。！？、）】」』》；：“”‘’", r) || unicode.IsSpace(r)
}

// urls finds the user, the query and the fragment of each URL, and marks what is
// left of it: IDs are common there.
func (f *folded) urls(t *taken) {
	for i := 0; i < len(f.runes); i++ {
		if ends(f.runes[i]) {
			continue
		}
		end := i
		for end < len(f.runes) && !ends(f.runes[end]) {
			end++
		}
		f.url(i, end, t)
		i = end
	}
}

// url looks at the runes between two ends.
func (f *folded) url(from, to int, t *taken) {
	host, encoded := f.host(from, to)
	if host == 0 {
		f.relative(from, to, t)
		return
	}
	query, fragment := f.index(host, to, encoded, '?', encodedQuery), f.index(host, to, encoded, '#', encodedFragment)
	query = min(query, fragment)
	path := f.index(host, query, encoded, '/', 0)
	if at := lastIndex(f.runes[host:path], '@'); at >= 0 && !f.isMail(host) {
		f.hide(host, host+at, User, t)
	}
	for i := from; i < query; i++ {
		f.inURL[i] = true
	}
	f.hide(query+1, min(fragment, f.trimmed(query+1, to)), Query, t)
	f.hide(fragment+1, f.trimmed(fragment+1, to), Fragment, t)
}

// host returns where the host of a URL begins, 0 if there is none, and whether its
// :// is percent-encoded. What follows on mailto: is such a host.
func (f *folded) host(from, to int) (at int, encoded bool) {
	for i := from; i+2 < to; i++ {
		if f.runes[i] == ':' && f.runes[i+1] == '/' && f.runes[i+2] == '/' {
			return i + 3, f.end[i+2]-f.start[i] >= len("%3A//")
		}
		if f.runes[i] == ':' && f.isMail(i+1) {
			return i + 1, false
		}
	}
	if strings.HasPrefix(strings.ToLower(string(f.runes[from:min(from+4, to)])), "www.") {
		return from + 4, false
	}
	return 0, false
}

func (f *folded) isMail(at int) bool {
	const scheme = "mailto:"
	return at >= len(scheme) && strings.EqualFold(string(f.runes[at-len(scheme):at]), scheme)
}

// relative finds the query of a URL without a scheme: after a path or a host, and
// with a name and a value.
func (f *folded) relative(from, to int, t *taken) {
	query := from + slices.Index(f.runes[from:to], '?')
	if query < from || !slices.ContainsFunc(f.runes[from:query], func(r rune) bool { return r == '/' || r == '.' }) {
		return
	}
	name := query + 1
	for name < to && (isLetter(f.runes[name]) || isDigit(f.runes[name]) || strings.ContainsRune("-_.~[]", f.runes[name])) {
		name++
	}
	if name > query+1 && name < to && f.runes[name] == '=' {
		f.hide(query+1, f.trimmed(query+1, to), Query, t)
	}
}

// hide takes a part of a URL, unless it is a placeholder already.
func (f *folded) hide(from, to int, k Kind, t *taken) {
	if from >= to {
		return
	}
	value := string(f.runes[from:to])
	if to < len(f.runes) && isPlaceholder(value+string(f.runes[to])) { // its bracket was trimmed
		return
	}
	if !isPlaceholder(value) {
		t.add(from, to, k, value)
	}
}

// index returns where a sign stands first, or its encoded form if the URL is, and
// to if it does not.
func (f *folded) index(from, to int, encoded bool, sign, form rune) int {
	for i := from; i < to; i++ {
		if r := f.runes[i]; r == sign || encoded && form != 0 && r == form {
			return i
		}
	}
	return to
}

func lastIndex(runes []rune, r rune) int {
	for i := len(runes) - 1; i >= 0; i-- {
		if runes[i] == r {
			return i
		}
	}
	return -1
}

// trimmed returns where a URL ends without the signs of the sentence after it.
func (f *folded) trimmed(from, to int) int {
	for to > from && strings.ContainsRune(".,;:!?)]}'*_", f.runes[to-1]) {
		to--
	}
	return to
}
