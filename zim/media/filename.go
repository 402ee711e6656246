package media

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxName      = 200 // bytes of a file name
	maxExtension = 16  // bytes of what is kept of it as an extension, the dot included
	maxMarks     = 8   // on one base
)

// FileName returns a name that is safe on every system: of the declared file name,
// else of the URL's path, else "file". It is valid UTF-8 without separators,
// control, invisible or shell characters, at most 200 bytes, and no device.
func FileName(l Link) string {
	if name := safeName(l.FileName); name != "" {
		return name
	}
	if u, err := url.Parse(l.URL); err == nil {
		if name := safeName(u.EscapedPath()); name != "" {
			return name
		}
	}
	return "file"
}

// safeName is FileName for one source, "" if nothing of it is left. What it
// returns it would return again.
func safeName(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		s = decoded
	}
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Join(strings.Fields(visible(s)), " ")
	s = strings.TrimLeft(s, "-.~ ")
	s = strings.TrimRight(s, ". ")
	s = strings.Map(harmless, s)
	if r, _ := utf8.DecodeRuneInString(s); unicode.Is(unicode.M, r) {
		s = "_" + s // a mark needs something to stand on
	}
	if isDevice(s) {
		s = "_" + s
	}
	return shorten(s)
}

// visible leaves out what cannot be seen, makes a space of what is blank and a _
// of what is no character, and takes what is too much from a pile of marks.
func visible(s string) string {
	var b strings.Builder
	marks := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		broken := r == utf8.RuneError && size == 1
		s = s[size:]
		switch {
		case unicode.IsSpace(r), isFiller(r):
			r = ' '
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			continue
		case broken, !unicode.IsPrint(r):
			r = '_'
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks <= maxMarks {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isFiller reports whether a letter or a symbol has nothing to see: the fillers
// of Hangul, and the braille pattern without a dot.
func isFiller(r rune) bool {
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
}

// harmless replaces what means something to a file system or a shell.
func harmless(r rune) rune {
	if strings.ContainsRune("<>:\"/\\|?*%$&;'()[]{}!#^`~=", r) {
		return '_'
	}
	return r
}

// isDevice reports whether Windows takes the name for a device, which it does
// whatever the extension.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL": // CONIN$ and its like have lost their $
		return true
	}
	port, ok := strings.CutPrefix(base, "COM")
	if !ok {
		port, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && utf8.RuneCountInString(port) == 1 && strings.ContainsAny(port, "0123456789¹²³")
}

// shorten cuts a name on a rune, and keeps its extension.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	stem, ext := split(name)
	end := maxName - len(ext)
	for !utf8.RuneStart(stem[end]) {
		end--
	}
	return strings.TrimRight(stem[:end]+ext, ". ")
}

// split parts a name from its extension, which is "" where it would be all of the
// name or is too long for one.
func split(name string) (stem, ext string) {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || len(name)-dot > maxExtension {
		return name, ""
	}
	return name[:dot], name[dot:]
}
