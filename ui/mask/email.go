package mask

import (
	"strings"
	"unicode"
)

// emails finds e-mail addresses.
func (f *folded) emails(t *taken) {
	for i, r := range f.runes {
		if r != '@' || t.of[i] {
			continue
		}
		from, to := f.localPart(i), f.domain(i+1)
		if from < i && to > i+1 {
			t.add(from, to, Email, strings.ToLower(string(f.runes[from:to])))
		}
	}
}

// dense are the scripts that put no spaces between words: an address in Latin
// letters may follow right behind.
var dense = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// inAddress reports whether a rune can be a letter or a digit of an address. Those
// of the dense scripts are only where the address ends, or begins, with one.
func inAddress(r rune, isDense bool) bool {
	if r < 0x80 {
		return isLetter(r) || isDigit(r)
	}
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && (isDense || !unicode.In(r, dense...))
}

// localPart returns where what stands before an @ begins.
func (f *folded) localPart(at int) int {
	from := at
	isDense := at > 0 && unicode.In(f.runes[at-1], dense...)
	for from > 0 && (inAddress(f.runes[from-1], isDense) || strings.ContainsRune("._%+-'&=~!$*", f.runes[from-1]) && f.runes[from-1] > 0) {
		from--
	}
	for i := at - 1; i >= from; i-- { // these are the end of something else more often than in an address
		if strings.ContainsRune("'&=~!$*", f.runes[i]) && !(f.runes[i] == '\'' && i > from && inAddress(f.runes[i-1], isDense)) {
			from = i + 1
			break
		}
	}
	for from < at && strings.ContainsRune(".-+%'", f.runes[from]) {
		from++
	}
	if from == at && at > 1 && f.runes[at-1] == '"' { // "john doe"@example.com
		for i := at - 2; i >= max(0, at-64) && f.runes[i] != '\n'; i-- {
			if f.runes[i] == '"' {
				return i
			}
		}
	}
	return from
}

// domain returns where the domain that begins at from ends, and from if there is
// none with a top level.
func (f *folded) domain(from int) int {
	isDense := unicode.In(f.rune(from), dense...)
	to, last, labels := from, from, 0 // last is where the last label begins
	for label := from; ; label = to + 1 {
		end := label
		for inAddress(f.rune(end), isDense) || f.rune(end) == '-' && end > label {
			end++
		}
		for end > label && f.runes[end-1] == '-' {
			end--
		}
		if end == label {
			break
		}
		if labels++; labels > 2 && fileTypes[strings.ToLower(string(f.runes[label:end]))] {
			break
		}
		to, last = end, label
		if f.rune(to) != '.' {
			break
		}
	}
	top := string(f.runes[last:to])
	if last == from || len(top) < 2 || strings.Trim(top, "0123456789") == "" || isDigit(f.runes[last]) {
		return from
	}
	if isScale(string(f.runes[from : last-1])) { // icon@2x.png
		return from
	}
	return to
}

// fileTypes are ends of file names, which may be called by an address.
var fileTypes = map[string]bool{
	"pdf": true, "jpg": true, "jpeg": true, "png": true, "gif": true, "webp": true, "heic": true, "mp3": true, "m4a": true, "wav": true, "mp4": true, "mov": true,
	"doc": true, "docx": true, "xls": true, "xlsx": true, "csv": true, "txt": true, "vcf": true, "zip": true, "html": true, "json": true, "jsonl": true,
}

// isScale reports whether what follows on an @ is the scale of an image: 2x, 1.5x.
func isScale(s string) bool {
	number, ok := strings.CutSuffix(strings.ToLower(s), "x")
	return ok && number != "" && strings.Trim(number, "0123456789.") == ""
}
