package media

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// fileNames are declared names, and what they become.
var fileNames = map[string]string{
	"holiday.jpg": "holiday.jpg", "你好 2026.jpg": "你好 2026.jpg", "été.png": "été.png", "कर्म.pdf": "कर्म.pdf", "🚲 ride.gpx": "🚲 ride.gpx",
	"my%20photo%281%29.jpg": "my photo_1_.jpg", "100%.pdf": "100_.pdf", "100%25.pdf": "100_.pdf", "a%252fb": "a_2fb",
	"../../etc/passwd": "passwd", "..%2f..%2fetc%2fpasswd": "passwd", `C:\Windows\evil.exe`: "evil.exe", "%5c%5chost%5cshare%5cx": "x",
	"a/..": "file", "..": "file", ".": "file", "": "file", "/": "file", "   ": "file", "\u200b\u202e": "file", "ㅤ": "file",
	".bashrc": "bashrc", "-rf": "rf", "~root": "root", " .-~x": "x", "\u202e.x": "x", "a.": "a", "a. . ": "a", "a.txt...": "a.txt",
	`<>:"|?*%`: "________", "a$(touch x)`id`;b&c": "a__touch x__id__b_c", "it's": "it_s", "=cmd": "_cmd", "!x#y^z{1}[2]": "_x_y_z_1__2_",
	"a\nb\tc": "a b c", "a\x1b[2Jb": "a__2Jb", "a\u009db": "a_b", "a\x00b": "a_b", "a\xffb": "a_b", "a\ue000b": "a_b", "a\u0378b": "a_b",
	"invoice\u202egpj.exe": "invoicegpj.exe", "a\u00adb\ufeffc\u2060d": "abcd", "❤\ufe0f.png": "❤.png", "a\u2800b": "a b", "a  b": "a b", "a\u2028b": "a b",
	"CON": "_CON", "con.txt": "_con.txt", "nul .tar.gz": "_nul .tar.gz", "COM1": "_COM1", "lpt¹.x": "_lpt¹.x", "COM10": "COM10", "CONSOLE": "CONSOLE", "com": "com",
	"x/AUX.": "_AUX", "~CON": "_CON", "C\u200bON": "_CON",
	"\u0301a": "_\u0301a", "a" + strings.Repeat("\u0301", 20): "a" + strings.Repeat("\u0301", 8),
	"e\u0301\u200d\u0301":                     "e\u0301\u0301",
	strings.Repeat("a", 300) + ".jpeg":        strings.Repeat("a", 195) + ".jpeg",
	strings.Repeat("你", 100) + ".jpg":         strings.Repeat("你", 65) + ".jpg",
	"a." + strings.Repeat("b", 300):           "a." + strings.Repeat("b", 198),
	strings.Repeat("a", 199) + " b":           strings.Repeat("a", 199),
	"CON." + strings.Repeat("b", 194) + ".jp": "_CON." + strings.Repeat("b", 192) + ".jp",
}

func TestFileNames(t *testing.T) {
	for declared, want := range fileNames {
		if got := FileName(Link{FileName: declared}); got != want {
			t.Errorf("%.80q becomes %q, want %q", declared, got, want)
		}
	}
}

func TestFileNameOfURL(t *testing.T) {
	for _, c := range []struct{ declared, url, want string }{
		{"a.jpg", "https://example.com/b.jpg", "a.jpg"},
		{"", "https://example.com/dir/b%20c.jpg?sign=secret#x", "b c.jpg"},
		{"...", "https://example.com/dir/b.jpg", "b.jpg"},
		{"", "https://example.com/a%2Fb%255c.jpg", "b_5c.jpg"},
		{"", "https://example.com/%E4%BD%A0.jpg", "你.jpg"},
		{"", "https://example.com/dir/", "file"},
		{"", "https://example.com", "file"},
		{"", "://", "file"},
		{"", "", "file"},
	} {
		if got := FileName(Link{FileName: c.declared, URL: c.url}); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.declared, c.url, got, c.want)
		}
	}
}

// fatal is what t.Fatalf is, for tests, fuzz targets and properties.
type fatal interface{ Fatalf(string, ...any) }

// checkName says what is wrong with a file name that was made safe.
func checkName(t fatal, l Link) {
	name := FileName(l)
	first, _ := utf8.DecodeRuneInString(name)
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	base = strings.TrimSpace(base)
	device := strings.Contains(" CON PRN AUX NUL COM0 COM1 COM2 COM9 COM¹ COM² COM³ LPT0 LPT1 LPT9 LPT¹ ", " "+base+" ")
	switch {
	case name == "", len(name) > 200, !utf8.ValidString(name), base != "" && device:
	case strings.ContainsAny(name, "/\\<>:\"|?*%$&;'()[]{}!#^`~=\x00"), strings.ContainsAny(name[:1], "-. "), strings.ContainsAny(name[len(name)-1:], ". "):
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }), unicode.Is(unicode.M, first):
	case FileName(Link{FileName: name}) != name:
		t.Fatalf("%q becomes %q, then %q", l.FileName, name, FileName(Link{FileName: name}))
	default:
		return
	}
	t.Fatalf("%q, %q becomes %q", l.FileName, l.URL, name)
}

func TestFileNamesAreSafe(t *testing.T) {
	parts := []string{"a", "é", "你", "/", `\`, "%2f", "%5C", "%", "%25", ".", "..", "-", "~", " ", "CON", "nul", "com¹", "\u0301", "\ufe0f", "\u200d",
		"\u202e", "\x00", "\x1b", "\xff", "\ue000", "$", ".jpg", ".tar.gz", "\n", "ㅤ", strings.Repeat("x", 190), strings.Repeat("你", 66), strings.Repeat("\u0301", 9)}
	rapid.Check(t, func(r *rapid.T) {
		piece := rapid.OneOf(rapid.SampledFrom(parts), rapid.SampledFrom(parts), rapid.String())
		join := func(label string) string { return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(r, label), "") }
		checkName(r, Link{FileName: join("name"), URL: "https://example.com/" + join("path")})
	})
}

func FuzzFileName(f *testing.F) {
	for declared := range fileNames {
		f.Add(declared, "https://example.com/"+declared)
	}
	f.Fuzz(func(t *testing.T, declared, link string) { checkName(t, Link{FileName: declared, URL: link}) })
}
