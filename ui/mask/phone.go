package mask

import (
	"strconv"
	"strings"
)

// Digits of a phone number, at least and at most: E.164 allows 15.
const (
	minDigits      = 7
	maxDigits      = 15
	nationalDigits = 12 // without the country, the 0 in front included
)

// find takes the cards and phone numbers of a run.
func (r *run) find(t *taken) {
	for s := 0; s < len(r.groups); {
		if r.hint == ofPhone || !r.inURL(s) { // else the IDs of a path
			if n, digits := r.card(s); n > 0 && r.hint != ofPhone {
				t.add(r.groups[s].from, r.groups[s+n-1].to, Card, digits)
				s += n
				continue
			}
		}
		n, number := r.phone(s)
		if n == 0 {
			s++
			continue
		}
		from := r.groups[s].from
		switch {
		case s == 0 && r.plus >= 0:
			from = r.plus
		case r.f.rune(from-1) == '(' && strings.ContainsRune(string(r.f.runes[from:r.groups[s+n-1].to]), ')'):
			from--
		}
		t.add(from, r.groups[s+n-1].to, Phone, number)
		s += n
	}
}

func (r *run) inURL(s int) bool { return r.f.inURL[r.groups[s].from] }

// phone returns how many groups from s on are a phone number, 0 for none, and the
// number in digits, with its country where that is known.
func (r *run) phone(s int) (n int, number string) {
	if r.size(s) > maxDigits+2 || r.isAccount() {
		return 0, ""
	}
	international := s == 0 && r.plus >= 0
	switch {
	case international:
		return r.international(s, "")
	case r.inURL(s) && r.hint != ofPhone:
		return 0, ""
	case r.size(s) > 2 && strings.HasPrefix(r.digits(s, s+1), "00"), r.size(s) == 2 && r.digits(s, s+1) == "00":
		if n, number := r.international(s, "00"); n > 0 && r.hint != ofOther {
			return n, number
		}
	}
	if r.hint == ofPhone {
		if n := r.longest(s, minDigits, maxDigits); n > 0 && !r.isDate(s, s+n) {
			return n, r.digits(s, s+n)
		}
	}
	if r.hint == ofOther {
		return 0, ""
	}
	if n := r.national(s); n > 0 {
		return n, r.digits(s, s+n)
	}
	if n := r.shaped(s); n > 0 {
		return n, r.digits(s, s+n)
	}
	return 0, ""
}

// longest returns how many groups from s on make a number of least to most digits.
// It stops before what is a number of its own: a new one with 0 in front, a time, a
// single digit.
func (r *run) longest(s, least, most int) int {
	end, total := 0, 0
	for e := s; e < len(r.groups); e++ { // ends with the first that is too many
		size := r.size(e)
		if e > s && strings.Contains(r.separator(e), " ") {
			isNew := r.digit(e) == '0' && size > 2 && total >= 9 && most <= nationalDigits
			isTrail := size == 1 && r.separator(e) == " " && (e+1 == len(r.groups) || strings.HasPrefix(r.separator(e+1), " ")) && total >= 9
			if isNew || isTrail {
				break
			}
		}
		if total += size; total > most {
			break
		}
		if total >= least && r.cuts(s, e+1) {
			end = e + 1
		}
	}
	return max(end-s, 0)
}

// international reads a number with + or 00 in front.
func (r *run) international(s int, prefix string) (n int, number string) {
	most := countryMost(strings.TrimPrefix(r.digits(s, min(s+2, len(r.groups))), prefix))
	trunk := r.trunk(s)
	if trunk > 0 {
		most++
	}
	alone := r.size(s)
	least := minDigits
	if alone >= 5 {
		least = 8 // +1000000 are points
	}
	n = r.longest(s, least+len(prefix), most+len(prefix))
	if n == 0 && alone <= maxDigits+len(prefix) && r.cuts(s, s+1) && alone >= 10+len(prefix) {
		n = 1 // longer than its country has them
	}
	if n == 0 {
		return 0, ""
	}
	number = r.digits(s, s+n)[len(prefix):]
	switch {
	case prefix != "" && n > 1 && !r.hasLong(s, s+n): // bytes in hex
		return 0, ""
	case number[0] == '0', prefix != "" && n == 1 && len(number) < 9: // an order 00012345
		return 0, ""
	case number[0] == '1' && len(number) < 11, number[0] == '7' && len(number) < 11: // points, amounts
		return 0, ""
	}
	if trunk > 0 && trunk < s+n {
		number = r.digits(s, trunk)[len(prefix):] + r.digits(trunk+1, s+n)
	}
	return n, number
}

// hasLong reports whether one of the groups has more than two digits.
func (r *run) hasLong(s, e int) bool {
	for i := s; i < e; i++ {
		if r.size(i) > 2 {
			return true
		}
	}
	return false
}

// trunk returns the group that is the 0 of +44 (0)20, 0 if there is none.
func (r *run) trunk(s int) int {
	for i := s + 1; i < min(s+3, len(r.groups)); i++ {
		if r.size(i) == 1 && r.digit(i) == '0' && strings.HasSuffix(r.separator(i), "(") {
			return i
		}
	}
	return 0
}

// national reads a number with 0 in front.
func (r *run) national(s int) int {
	if r.digit(s) != '0' {
		return 0
	}
	if r.size(s) == 1 { // 0 892 123 456, in France
		if e := s + 4; e <= len(r.groups) && r.shape(s, e) == "1-3-3-3" && r.separator(s+1) == " " && r.cuts(s, e) {
			return 4
		}
		return 0
	}
	if r.f.runes[r.groups[s].from+1] == '0' {
		return 0
	}
	if r.size(s) == 2 && r.pairs(s) > 0 {
		return r.twos(s)
	}
	least := 8
	if r.size(s) >= 8 {
		least = 9 // the bare number
	}
	n := r.longest(s, least, nationalDigits)
	if r.size(s) >= 10 && r.cuts(s, s+1) && r.size(s) <= nationalDigits {
		n = 1
	}
	if n == 1 && strings.Contains("01234567890", r.digits(s, s+1)) || n == 2 && r.shape(s, s+n) == "4-4" { // an example; -0700 2006
		return 0
	}
	if n == 0 || r.isDate(s, s+n) || r.isAddress(s, s+n) || r.size(s) <= 3 && n == 1 {
		return 0
	}
	if n > 1 && n < len(r.groups)-s && r.separator(s+1) == "." { // a version, or the like
		return 0
	}
	return n
}

// pairs returns how many groups of two digits there are from s on, up to six parted
// alike, 0 for less than four.
func (r *run) pairs(s int) (n int) {
	for e := s; e < min(len(r.groups), s+6) && r.size(e) == 2; e++ {
		if e > s+1 && r.separator(e) != r.separator(s+1) {
			break
		}
		n++
	}
	if n < 4 {
		return 0
	}
	return n
}

// twos reads 06 12 34 56 78, and no list such as 01 02 03 04 05.
func (r *run) twos(s int) int {
	e := s + 5
	if r.pairs(s) != 5 || !r.cuts(s, e) || s > 0 && r.size(s-1) <= 2 || e < len(r.groups) && r.size(e) <= 1 || r.besideHex(s, e) {
		return 0
	}
	var steps [4]int
	for i := range steps {
		a, _ := strconv.Atoi(r.digits(s+i, s+i+1))
		b, _ := strconv.Atoi(r.digits(s+i+1, s+i+2))
		steps[i] = b - a
	}
	if steps[0] == steps[1] && steps[1] == steps[2] && steps[2] == steps[3] {
		return 0
	}
	return 5
}

// shapes are numbers without 0 or + in front that are known by their groups: how
// these are parted, and how they begin.
var shapes = []struct{ shape, parted, begins string }{
	{"3-3-4", " -.()", "23456789"},  // North America
	{"1-3-3-4", " -.()", "178"},     // the same, and Russia
	{"1-3-3-2-2", " -()", "78"},     // Russia
	{"3-3-2-2", " -()", "23456789"}, // Turkey, Russia
	{"3-2-2-2", " -", "6789"},       // Spain
	{"3-3-3", " -", "56789"},        // Spain, Portugal, Poland
	{"3-4-4", " -", "1"},            // China
	{"5-5", " -", "6789"},           // India
	{"2-5-5", " -", "9"},            // India, with its country
	{"2-5-4", " -()", "123456789"},  // Brazil
	{"2-4-4", " -()", "123456789"},  // Brazil, Mexico, Argentina
	{"3-2-3", " ", "49"},            // Norway
	{"3-7", ")", "23456789"},        // (415) 5552671
	{"4-6", ")", "123456789"},       // (2345) 678901
	{"3-3-3-3", "()", "23456789"},   // (495) 123 456 789
	{"2-3-3-4", " -", "23456789"},   // a country without +
	{"2-3-4-4", " -", "8"},          // China, with its country
	{"4-3-3", ")", "123456789"},     // (1234) 567 890
	{"3-3-2-2-2", "()", "23456789"}, // (495) 123 45 67 89
	{"2-3-7", " -", "23456789"},     // 49 170 1234567
	{"2-3-8", " -", "23456789"},     // 49 170 12345678
	{"1-10", " -", "1"},             // 1 4155552671
	{"2-10", " -", "9"},             // 91 9876543210
}

// bare is a mobile number with its country and without + in front, or one of China.
var bare = onFirstUse(`^(1[3-9]\d{9}|1[2-9]\d\d[2-9]\d{6}|201\d{9}|27[678]\d{8}|33[67]\d{8}|34[67]\d{8}|393\d{8,9}|447\d{9}|48[5-8]\d{8}|491[5-7]\d{8,9}|` +
	`55\d\d9\d{8}|601\d{8,9}|614\d{8}|628\d{8,11}|639\d{9}|66[689]\d{8}|[78]9\d{9}|81[789]0\d{8}|8210\d{8}|84[3579]\d{8}|861[3-9]\d{9}|8801\d{9}|` +
	`905\d{9}|91[6-9]\d{9}|923\d{9}|234[789]\d{9}|9665\d{8}|9715\d{8})$`)

// shaped reads a number that is known by its groups.
func (r *run) shaped(s int) int {
	if r.size(s) >= 11 && r.cuts(s, s+1) && bare().MatchString(r.digits(s, s+1)) {
		return 1
	}
	for _, known := range shapes {
		if int(known.shape[0]-'0') != r.size(s) {
			continue
		}
		e := s + 1 + strings.Count(known.shape, "-")
		if e > len(r.groups) || r.shape(s, e) != known.shape || !strings.ContainsRune(known.begins, r.digit(s)) {
			continue
		}
		if !r.cuts(s, e) || !r.partedBy(s, e, known.parted) || r.isDate(s, e) || r.isAddress(s, e) || r.isMoney(s, e) || r.goesOn(s, e) {
			continue
		}
		if known.shape == "3-4-4" && (r.f.runes[r.groups[s].from+1] < '3') {
			continue
		}
		return e - s
	}
	return 0
}

// partedBy reports whether between the groups is nothing but these signs; where )
// is the first of them, it must be there.
func (r *run) partedBy(s, e int, signs string) bool {
	all := ""
	for i := s + 1; i < e; i++ {
		all += r.separator(i)
	}
	if signs[0] == ')' && !strings.HasPrefix(all, ")") || signs[0] == '(' && !strings.Contains(all, ")") {
		return false
	}
	if signs[0] == ')' || signs[0] == '(' {
		signs += " -"
	}
	return strings.Trim(all, signs) == ""
}

// goesOn reports whether a row of groups, parted alike, continues on either side: a
// list of numbers, or an account.
func (r *run) goesOn(s, e int) bool {
	if e-s < 2 {
		return false
	}
	return s > 0 && r.separator(s) == r.separator(s+1) && r.size(s-1) == r.size(s) ||
		e < len(r.groups) && r.separator(e) == r.separator(e-1) && r.size(e) == r.size(e-1)
}

// isDate reports whether the first groups are a date.
func (r *run) isDate(s, e int) bool {
	if e-s < 3 || r.separator(s+1) != r.separator(s+2) {
		return false
	}
	a, _ := strconv.Atoi(r.digits(s, s+1))
	b, _ := strconv.Atoi(r.digits(s+1, s+2))
	y, _ := strconv.Atoi(r.digits(s+2, s+3))
	isDay := r.size(s) <= 2 && r.size(s+1) <= 2 && a >= 1 && b >= 1 && a <= 31 && b <= 31 && min(a, b) <= 12
	isYear := r.size(s+2) == 4 && y >= 1900 && y < 2100
	isShort := r.size(s+2) == 2 && e-s == 3
	turned := r.size(s) == 4 && a >= 1900 && a < 2100 && b >= 1 && b <= 12 && y >= 1 && y <= 31
	isYears := r.size(s+1) == 4 && b >= 1900 && b < 2100 && isYear // 12 2024 2025
	return isDay && (isYear || isShort) || turned || isYears
}

// isAddress reports whether the groups are an address of IPv4, or of such a kind.
func (r *run) isAddress(s, e int) bool {
	if e-s != 4 {
		return false
	}
	for i := s; i < e; i++ {
		if n, _ := strconv.Atoi(r.digits(i, i+1)); r.size(i) > 3 || n > 255 || i > s && r.separator(i) != "." {
			return false
		}
	}
	return true
}

// isAccount reports whether the run is that of an IBAN: DE89 3704 0044 0532 0130 00.
func (r *run) isAccount() bool {
	from := r.groups[0].from
	return r.plus < 0 && r.size(0) == 2 && isLetter(r.f.rune(from-1)) && isLetter(r.f.rune(from-2)) && !isLetter(r.f.rune(from-3)) &&
		len(r.groups) > 2 && r.size(1) == 4 && r.separator(1) == " "
}

// most is how many digits the numbers of a country have at most, with its code.
var most = map[string]int{
	"1": 11, "7": 11, "20": 12, "27": 11, "30": 12, "31": 11, "32": 11, "33": 11, "34": 11, "36": 11, "39": 13, "40": 11, "41": 11, "43": 13, "44": 12,
	"45": 10, "46": 11, "47": 10, "48": 11, "49": 13, "51": 11, "52": 13, "54": 13, "55": 13, "56": 11, "57": 12, "58": 12, "60": 12, "61": 11, "62": 14,
	"63": 12, "64": 12, "65": 10, "66": 11, "81": 12, "82": 12, "84": 11, "86": 13, "90": 12, "91": 12, "92": 12, "94": 11, "95": 12, "98": 12,
}

// countryMost returns how many digits an international number has at most, by its
// country, with that.
func countryMost(digits string) int {
	for n := 1; n <= 2 && n <= len(digits); n++ {
		if m := most[digits[:n]]; m > 0 {
			return m
		}
	}
	return maxDigits
}
