package mask

import (
	"strings"
	"unicode"
)

// hint is what stands before a number, or the name of the member that it is in.
type hint uint8

const (
	anything hint = iota
	ofPhone       // it is a phone number, however it is written
	ofCard        // it may be the number of a card
	ofOther       // it is a number of something else
)

// phoneWords say that a phone number comes; those that end with - go on, as in
// "telephone number".
var phoneWords = []string{
	"phone-", "phones", "tel", "telefon-", "telephon-", "teléf-", "telef-", "téléph-", "tél", "mobile-", "mobil-", "móvil-", "movil-", "cell", "cellphone-",
	"cel", "celular-", "handy-", "call", "ring", "whatsapp-", "sms", "fax-", "rufnummer-", "rückruf-", "viber", "msisdn", "hotline", "portable", "telp", "hp",
	"wa", "тел-", "моб-", "звон-", "позвон-", "телефон-",
}

// denseWords do the same in scripts where no space shows the end of a word.
var denseWords = []string{"电话", "電話", "手机", "手機", "携帯", "전화", "휴대폰", "핸드폰", "โทร", "هاتف", "جوال", "موبايل", "تلفن", "फोन", "फ़ोन", "मोबाइल"}

// otherWords say that some other number comes.
var otherWords = []string{
	"order-", "invoice-", "ticket-", "ref", "reference-", "track-", "id", "ids", "uid", "msgid", "seq", "msgseq", "serial-", "iban", "isbn", "ean", "sku", "article-", "item", "code-",
	"version-", "build", "price", "amount-", "case", "parcel-", "receipt-", "booking-", "bestell-", "rechnung-", "auftrag-", "sendung-", "kundennummer-",
	"commande-", "facture-", "colis", "pedido-", "factura-", "ordine-", "fattura-", "заказ-", "счет-", "счёт-", "трек-",
}

var denseOtherWords = []string{"订单", "訂單", "单号", "單號", "编号", "編號", "快递", "注文", "伝票", "주문", "송장", "طلب", "ऑर्डर"}

// before is how many runes before a number are looked at for a word.
const before = 24

// hintBefore returns what the nearest word before a number says. Another number in
// between is what the word is about.
func (f *folded) hintBefore(at int) hint {
	from := at
	for from > 0 && at-from < before && f.runes[from-1] != '\n' && !isDigit(f.runes[from-1]) && f.runes[from-1] != ']' {
		from--
	}
	text := strings.ToLower(string(f.runes[from:at]))
	for _, w := range wordsOf(text) { // the nearest first
		if is := hintOfWord(w); is != anything {
			return is
		}
	}
	if hasAny(text, denseWords) {
		return ofPhone
	}
	if hasAny(text, denseOtherWords) {
		return ofOther
	}
	return anything
}

// hintOf returns what the name of a member says of its value.
func hintOf(name string) hint {
	if name == "" {
		return anything
	}
	for _, w := range wordsOf(strings.ToLower(spaced(name))) {
		switch {
		case w == "pan" || w == "card" || strings.HasPrefix(w, "cardn") || w == "creditcard":
			return ofCard
		case w == "call" || w == "ring" || w == "cell" && len(name) > len(w): // call_id, cell_width
		default:
			switch is := hintOfWord(w); is {
			case ofPhone:
				return is
			case ofOther:
				return anything
			}
		}
	}
	if hasAny(name, denseWords) {
		return ofPhone
	}
	return anything
}

// spaced puts a space before each capital that begins a word.
func spaced(name string) string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func hintOfWord(w string) hint {
	switch {
	case among(w, phoneWords):
		return ofPhone
	case among(w, otherWords):
		return ofOther
	}
	return anything
}

// wordsOf returns the words of a text, the last one first.
func wordsOf(text string) (words []string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		words = append([]string{w}, words...)
	}
	return words
}

func among(word string, list []string) bool {
	for _, w := range list {
		if start, more := strings.CutSuffix(w, "-"); word == w || more && strings.HasPrefix(word, start) {
			return true
		}
	}
	return false
}

func hasAny(text string, list []string) bool {
	for _, w := range list {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
