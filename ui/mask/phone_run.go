package mask

import "strings"

// group is digits in a row: the runes from from to to.
type group struct{ from, to int }

// run is groups of digits with no more between them than stands in a phone number.
type run struct {
	f      *folded
	groups []group
	plus   int // where the + in front is, -1 for none
	hint   hint
}

// numbers finds the numbers of cards and phones.
func (f *folded) numbers(t *taken, h hint) {
	for i := 0; i < len(f.runes); {
		if !isDigit(f.runes[i]) || t.of[i] {
			i++
			continue
		}
		r := f.runAt(i, t)
		i = r.groups[len(r.groups)-1].to
		if r.hint = h; h == anything {
			r.hint = f.hintBefore(r.groups[0].from)
		}
		r.find(t)
	}
}

// runAt returns the run that begins with the digit at i.
func (f *folded) runAt(i int, t *taken) *run {
	r := &run{f: f, plus: -1}
	switch { // +49, (+49, + 49, +(49
	case f.rune(i-1) == '+':
		r.plus = i - 1
	case f.rune(i-2) == '+' && (f.rune(i-1) == ' ' || f.rune(i-1) == '('):
		r.plus = i - 2
	}
	if r.plus >= 0 && (t.of[r.plus] || f.isSum(r.plus)) {
		r.plus = -1
	}
	for {
		g := group{i, i}
		for g.to < len(f.runes) && isDigit(f.runes[g.to]) && !t.of[g.to] {
			g.to++
		}
		r.groups = append(r.groups, g)
		i = g.to
		for i < len(f.runes) && i-g.to < 4 && !t.of[i] && strings.ContainsRune(" +-./()", f.runes[i]) && f.runes[i] > 0 {
			i++
		}
		if i == len(f.runes) || t.of[i] || !isDigit(f.runes[i]) || !separates(string(f.runes[g.to:i])) {
			return r.begun()
		}
	}
}

// begun drops a + that is no part of the number: + 1234567.
func (r *run) begun() *run {
	if r.plus >= 0 && r.f.rune(r.plus+1) == ' ' && r.size(0) > 3 {
		r.plus = -1
	}
	return r
}

// isSum reports whether a + adds up: 1+2, 1 + 2, x+2.
func (f *folded) isSum(plus int) bool {
	last := f.rune(plus - 1)
	if last == ' ' && f.rune(plus+1) == ' ' {
		last = f.rune(plus - 2)
		return isDigit(last) || last == ')'
	}
	return isDigit(last) || last == '+' || isLetter(last) && f.hintBefore(plus) != ofPhone
}

// separates reports whether a text can stand between two groups of one number. A +
// is a space in the query of a URL and in a form.
func separates(s string) bool {
	switch s {
	case "", " ", "+", "-", ".", "/", " - ", " / ", " (", ") ", ")", "(", ")-", ") - ", ")/", "-(", " -", "- ", "/ ", " /", ").":
		return s != ""
	}
	return false
}

// separator is what stands before a group.
func (r *run) separator(i int) string {
	return string(r.f.runes[r.groups[i-1].to:r.groups[i].from])
}

// digits are those of the groups from s to e.
func (r *run) digits(s, e int) string {
	var b strings.Builder
	for _, g := range r.groups[s:e] {
		b.WriteString(string(r.f.runes[g.from:g.to]))
	}
	return b.String()
}

func (r *run) digit(s int) rune { return r.f.runes[r.groups[s].from] }

func (r *run) size(i int) int { return r.groups[i].to - r.groups[i].from }

// shape is the sizes of groups, such as 3-3-4.
func (r *run) shape(s, e int) string {
	b := make([]byte, 0, 2*(e-s))
	for i := s; i < e; i++ {
		if i > s {
			b = append(b, '-')
		}
		b = append(b, byte('0'+min(r.size(i), 30)))
	}
	return string(b)
}

// cuts reports whether a number can begin with group s and end before group e: it
// is cut out of its neighbours by more than a dash.
func (r *run) cuts(s, e int) bool {
	if s > 0 && !strings.ContainsAny(r.separator(s), " +/(") {
		return false
	}
	if e < len(r.groups) && !strings.ContainsAny(r.separator(e), " +/(") {
		return false
	}
	return r.beginsAlone(s) && r.endsAlone(e)
}

// beginsAlone reports whether nothing is stuck to group s from before.
func (r *run) beginsAlone(s int) bool {
	if s > 0 || r.plus >= 0 {
		return true
	}
	at := r.groups[0].from - 1
	if r.f.rune(at) == '(' {
		at--
	}
	last, before := r.f.rune(at), r.f.rune(at-1)
	switch {
	case isLetter(last):
		return r.hint == ofPhone && stuck(string(r.f.runes[max(0, at-8):at+1]))
	case isDigit(last), strings.ContainsRune("_#$€£¥₹₽₩^", last) && last != 0:
		return false
	case strings.ContainsRune("-./,:+=*~%", last) && last > 0:
		return !isDigit(before) && (!isLetter(before) || r.hint == ofPhone || strings.ContainsRune(":=,", last)) && (last != '+' || r.hint == ofPhone)
	}
	return true
}

// stuck reports whether a text ends with a word that is written right before a number,
// as in tel0170.
func stuck(text string) bool {
	text = strings.ToLower(text)
	return strings.HasSuffix(text, "tel") || strings.HasSuffix(text, "phone") || strings.HasSuffix(text, "mobile") || strings.HasSuffix(text, "whatsapp")
}

// besideHex reports whether a byte in hex, such as 0d, stands right before or behind.
func (r *run) besideHex(s, e int) bool {
	from, to := r.groups[s].from, r.groups[e-1].to
	isByte := func(at int) bool {
		a, b := r.f.rune(at), r.f.rune(at+1)
		return isHexRune(a) && isHexRune(b) && !isLetter(r.f.rune(at-1)) && !isLetter(r.f.rune(at+2)) && !isDigit(r.f.rune(at+2))
	}
	for from > 0 && r.f.runes[from-1] == ' ' {
		from--
	}
	for r.f.rune(to) == ' ' {
		to++
	}
	return isByte(from-2) || isByte(to)
}

func isHexRune(r rune) bool { return r > 0 && r < 0x80 && isHex(byte(r)) }

// endsAlone reports whether nothing is stuck to the group before e.
func (r *run) endsAlone(e int) bool {
	at := r.groups[e-1].to
	next, after := r.f.rune(at), r.f.rune(at+1)
	switch {
	case isLetter(next):
		return r.hint == ofPhone || r.plus >= 0 || (next == 'x' || next == 'X') && isDigit(after) // an extension
	case strings.ContainsRune("_%€$£¥₹₽₩°^", next) && next != 0:
		return false
	case next == ':' || next == ',' || next == '=' || next == '*':
		return !isDigit(after)
	case next == '-':
		return !isLetter(after)
	}
	return true
}

// money are the signs and words of a currency, which make an amount of a number.
var money = []string{"€", "$", "£", "¥", "₹", "₽", "₩", "usd", "eur", "gbp", "inr", "idr", "vnd", "rub", "cny", "rmb", "jpy", "krw", "元", "円", "원", "руб", "dollar", "euro", "rupee", "dong", "đ"}

// isMoney reports whether a currency stands beside the groups from s to e.
func (r *run) isMoney(s, e int) bool {
	from, to := r.groups[s].from, r.groups[e-1].to
	left := strings.TrimRight(strings.ToLower(string(r.f.runes[max(0, from-5):from])), " ")
	right := strings.TrimLeft(strings.ToLower(string(r.f.runes[to:min(len(r.f.runes), to+8)])), " ")
	for _, sign := range money {
		if strings.HasSuffix(left, sign) || strings.HasPrefix(right, sign) {
			return true
		}
	}
	return false
}
