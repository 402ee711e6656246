package zim

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
)

// JavaScript returns what JavaScript makes of a JSON number, as
// String(JSON.parse(number)) prints it, and whether that is another number: an
// integer beyond 2^53, more digits than a float64 holds, or one out of its range.
// 1.10 and 1e3 are printed as 1.1 and 1000, and are the same.
func JavaScript(number []byte) (shown string, changed bool) {
	if keptByJavaScript(number) {
		return string(number), false
	}
	f, _ := strconv.ParseFloat(string(number), 64) // an infinity for what is out of range
	shown = javaScriptText(f)
	return shown, math.IsInf(f, 0) || !decimalOf([]byte(shown)).equals(decimalOf(number))
}

// keptByJavaScript reports of the integers that nearly all numbers are that they
// are printed as they are. It is false for many others that are.
func keptByJavaScript(number []byte) bool {
	return len(number) <= 15 && onlyDigits(string(number)) && (number[0] != '0' || len(number) == 1)
}

// javaScriptText is Number::toString of ECMA-262 with radix 10: the fewest digits
// that give the number back, and an exponent from 1e21 on and below 1e-6.
func javaScriptText(f float64) string {
	switch {
	case f == 0:
		return "0" // also -0
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return digits + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// decimal is a number by its digits: 0.DIGITS x 10^exponent, neither beginning nor
// ending with a zero. The zero value is 0.
type decimal struct {
	negative bool
	digits   []byte
	exponent int64
}

// maxExponent is where exponents end; what is beyond is no float64 by far.
const maxExponent = 1 << 40

// decimalOf takes a JSON number apart, however long it is. Nothing is rounded.
func decimalOf(number []byte) (d decimal) {
	number, d.negative = bytes.CutPrefix(number, []byte("-"))
	mantissa := number
	if i := bytes.IndexAny(number, "eE"); i >= 0 {
		mantissa = number[:i]
		e, _ := strconv.ParseInt(string(number[i+1:]), 10, 64) // the nearest of what is out of range
		d.exponent = max(-maxExponent, min(e, maxExponent))
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	d.exponent += int64(len(whole))
	d.digits = slices.Concat(whole, fraction)
	leading := len(d.digits) - len(bytes.TrimLeft(d.digits, "0"))
	d.digits = bytes.TrimRight(d.digits[leading:], "0")
	d.exponent -= int64(leading)
	if len(d.digits) == 0 {
		return decimal{}
	}
	return d
}

func (d decimal) equals(other decimal) bool {
	return d.negative == other.negative && d.exponent == other.exponent && bytes.Equal(d.digits, other.digits)
}
