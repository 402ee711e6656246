package mask

// card returns how many groups of a run, from s on, are the number of a card, 0
// for none: 13 to 19 digits whose check digit agrees, in groups of 3 at least, seven at most.
func (r *run) card(s int) (n int, digits string) {
	if last := r.f.rune(r.groups[s].from - 1); last == '-' || last == '+' || last == '.' { // an amount
		return 0, ""
	}
	for e := min(len(r.groups), s+7); e > s; e-- {
		digits = r.digits(s, e)
		if r.cuts(s, e) && len(digits) >= 13 && len(digits) <= 19 && r.inCardGroups(s, e) && isCard(digits, e == s+1 && r.hint != ofCard) {
			return e - s, digits
		}
	}
	return 0, ""
}

func (r *run) inCardGroups(s, e int) bool {
	for i := s; i < e; i++ {
		g := r.groups[i]
		if i+1 < e && g.to-g.from < 3 {
			return false
		}
		if i > s {
			if sep := r.separator(i); sep != " " && sep != "+" && sep != "-" && sep != " - " {
				return false
			}
		}
	}
	return true
}

// cards are how the numbers of payment cards begin, and how many digits they have:
// the usual ones, and the long ones, which are more often an ID if they stand bare.
var (
	cards     = onFirstUse(`^(4(\d{12}|\d{15})|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{15}|81\d{14}|62\d{15,17})$`)
	longCards = onFirstUse(`^[456]\d{16,18}$`)
)

// isCard reports whether digits are as those of payment cards, and have the check
// digit of Luhn.
func isCard(digits string, bare bool) bool {
	if !cards().MatchString(digits) && (bare || !longCards().MatchString(digits)) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
