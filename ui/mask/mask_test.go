package mask_test

import (
	"regexp"
	"strings"
	"testing"

	"backscroll/ui/mask"
)

// key is the same in all tests: what is shown to be equal must not be so by chance.
var key = mask.Key{1, 2, 3}

var placeholder = regexp.MustCompile(`\[(phone|email|card|user|query|fragment)-[A-Z]{10}\]`)

// masked is a text with each placeholder as its kind in brackets.
func masked(s string) string {
	return placeholder.ReplaceAllString(mask.New(key).Text(s), "<$1>")
}

// TestMasked: all numbers and addresses are invented.
func TestMasked(t *testing.T) {
	for _, c := range [][2]string{
		// With the country.
		{"+491701234567", "<phone>"},
		{"call +49 170 1234567 now", "call <phone> now"},
		{"+49 (0)170 / 123 45 67", "<phone>"},
		{"+44 (0)20 7946 0958", "<phone>"},
		{"(+49) 170 1234567", "(<phone>"},
		{"+1 (415) 555-2671, thanks", "<phone>, thanks"},
		{"+1-415-555-2671", "<phone>"},
		{"+1 415 555 2671 10 times", "<phone> 10 times"},
		{"+33 6 12 34 56 78", "<phone>"},
		{"+86 138 1234 5678", "<phone>"},
		{"+91 98765 43210", "<phone>"},
		{"+7 (916) 123-45-67", "<phone>"},
		{"+372 5123 4567", "<phone>"},
		{"+971-50-123-4567", "<phone>"},
		{"0049 170 1234567", "<phone>"},
		{"00491701234567", "<phone>"},
		{"491701234567", "<phone>"},
		{"8613812345678", "<phone>"},
		{"919876543210", "<phone>"},
		{"+49 170 1234567 2 mal", "<phone> 2 mal"},
		{"+49 170 1234567 2024-05-01", "<phone> 2024-05-01"},
		{"+491701234567und", "<phone>und"},
		{"+1 415 555 2671 10am", "<phone> 10am"},
		{"+1 415 555 2671 10:30", "<phone> 10:30"},
		// With 0 in front.
		{"0170 1234567", "<phone>"},
		{"0170/1234567", "<phone>"},
		{"01701234567", "<phone>"},
		{"(030) 123456", "<phone>"},
		{"030-1234567", "<phone>"},
		{"089 / 123 456", "<phone>"},
		{"020 7946 0958", "<phone>"},
		{"07911 123456", "<phone>"},
		{"06 12 34 56 78", "<phone>"},
		{"06.12.34.56.78", "<phone>"},
		{"06-12345678", "<phone>"},
		{"0 892 123 456", "<phone>"},
		{"079 123 45 67", "<phone>"},
		{"0412 345 678", "<phone>"},
		{"090-1234-5678", "<phone>"},
		{"090ー1234ー5678", "<phone>"},
		{"010-1234-5678", "<phone>"},
		{"0812-3456-7890", "<phone>"},
		{"0532 123 45 67", "<phone>"},
		{"010 12345678", "<phone>"},
		{"0171 7654321 or 0170 1234567", "<phone> or <phone>"},
		{"0170 1234567 0171 7654321", "<phone> <phone>"},
		{"0170 1234567 / 0171 7654321", "<phone> / <phone>"},
		{"- 0170 1234567", "- <phone>"},
		{"at 2024-05-01 0170 1234567", "at 2024-05-01 <phone>"},
		// By its groups.
		{"(415) 555-2671", "<phone>"},
		{"415-555-2671", "<phone>"},
		{"415.555.2671", "<phone>"},
		{"1-800-555-0199", "<phone>"},
		{"8 (916) 123-45-67", "<phone>"},
		{"89161234567", "<phone>"},
		{"612 34 56 78", "<phone>"},
		{"612-345-678", "<phone>"},
		{"138 1234 5678", "<phone>"},
		{"13812345678", "<phone>"},
		{"98765 43210", "<phone>"},
		{"(11) 91234-5678", "<phone>"},
		{"11 91234-5678", "<phone>"},
		{"532 123 45 67", "<phone>"},
		// By a word.
		{"tel 5550134", "tel <phone>"},
		{"Phone: 9876543210", "Phone: <phone>"},
		{"my WhatsApp number is 98 76 54 32", "my WhatsApp number is <phone>"},
		{"tel0170123456", "tel<phone>"},
		{"电话13812345678请", "电话<phone>请"},
		{"手机: 1381234", "手机: <phone>"},
		{"тел. 123-45-67", "тел. <phone>"},
		{"https://wa.me/491701234567", "https://wa.me/<phone>"},
		{"tel:+49-170-1234567", "tel:<phone>"},
		// However it is written.
		{"＋４９　１７０　１２３４５６７", "<phone>"},
		{"٠٥٠١٢٣٤٥٦٧", "<phone>"},
		{"+4\u200b9 17\u200d0 123\u20604567", "<phone>"},
		{"0170\u00a0123\u202f4567", "<phone>"},
		{"0170–123–4567", "<phone>"},
		{"&#43;49 170 1234567", "<phone>"},
		{"%2B49 170 1234567", "<phone>"},
		{"Call+%2B49+170+1234567", "Call <phone>"},
		{"+4️⃣9️⃣1️⃣7️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣", "<phone>️⃣"},
		// E-mail.
		{"alice@example.com", "<email>"},
		{"write to Alice.Moreau+tag@Mail.Example.co.uk.", "write to <email>."},
		{"<alice@example.com>, bob_1@example.org", "<<email>>, <email>"},
		{"mailto:alice@example.com?subject=hi", "mailto:<email>?<query>"},
		{"alice%40example.com", "<email>"},
		{"alice%2540example.com", "<email>"},
		{"alice&#64;example&period;com", "<email>"},
		{"alice (at) example [dot] com", "<email>"},
		{"alice＠example．com", "<email>"},
		{"a\u200blice@exam\u00adple.com", "<email>"},
		{"josé@exämple.de", "<email>"},
		{"邮箱alice@example.com谢谢", "邮箱<email>谢谢"},
		{"пишите: иван@пример.рф", "пишите: <email>"},
		{"email=alice@example.com&x", "email=<email>&x"},
		{"o'brien@example.com", "<email>"},
		{`"john doe"@example.com`, "<email>"},
		{"491701234567@s.whatsapp.example.net", "<email>"},
		{`broken {"a":"alice\u0040example.com","b":"\n0170 1234567","c":"https:\/\/example.com\/a?b=c"`, `broken {"a":"<email>","b":"\n<phone>","c":"https:\/\/example.com\/a?<query>"`},
		// Cards: published test numbers.
		{"4111 1111 1111 1111", "<card>"},
		{"4111-1111-1111-1111 12/27", "<card> 12/27"},
		{"card 4111111111111111.", "card <card>."},
		{"3782 822463 10005", "<card>"},
		{"5555555555554444", "<card>"},
		{"４１１１　１１１１　１１１１　１１１１", "<card>"},
		{"order 4111111111111111", "order <card>"},
		{"30569309025904", "<card>"},
		{"6205 5000 0000 0000 004", "<card>"},
		// URLs.
		{"https://example.com/a.jpg?sign=1&t=2", "https://example.com/a.jpg?<query>"},
		{"(see https://example.com/a?x=1).", "(see https://example.com/a?<query>)."},
		{"https://alice:pw@example.com/x#frag", "https://<user>@example.com/x#<fragment>"},
		{"https://example.com/u/alice@example.org/x", "https://example.com/u/<email>/x"},
		{"https%3A%2F%2Fexample.com%2Fa%3Fx%3D1", "https://example.com/a?<query>"},
		{"goto https%3A%2F%2Fexample.com%2Fa%3Fx%3D1 now", "goto https%3A%2F%2Fexample.com%2Fa%3F<query> now"},
		{"www.example.com/?q=alice", "www.example.com/?<query>"},
		{"example.com/reset?token=abc done", "example.com/reset?<query> done"},
		{"ftp://example.com/?a", "ftp://example.com/?<query>"},
		{"看https://example.com/a?x=1，谢谢", "看https://example.com/a?<query>，谢谢"},
		{"https://example.com/?a=1 https://example.com/?a=2", "https://example.com/?<query> https://example.com/?<query>"},
		// Wrapped.
		{`{"a":"alice@example.com","n":1.50,"b":["0170 1234567"]}`, `{"a":"<email>","n":1.50,"b":["<phone>"]}`},
		{`{"phone":491701234567,"id":491701234567}`, `{"phone":"<phone>","id":491701234567}`},
		{`{"mobileNumber":"9876543210","order_id":"9876543210"}`, `{"mobileNumber":"<phone>","order_id":"9876543210"}`},
		{`{"cardNumber":4111111111111111,"msg":4111111111111111}`, `{"cardNumber":"<card>","msg":4111111111111111}`},
		{`{"alice@example.com":{"+49 170 1234567":1}}`, `{"<email>":{"<phone>":1}}`},
		{`{"in":"{\"deep\":\"{\\\"a\\\":\\\"alice@example.com\\\"}\"}"}`, `{"in":"{\"deep\":\"{\\\"a\\\":\\\"<email>\\\"}\"}"}`},
		{`{"a":"alice\u0040example.com"}`, `{"a":"<email>"}`},
		{"%7B%22a%22%3A%22alice%40example.com%22%7D", `{"a":"<email>"}`},
		{"eyJhIjoiYWxpY2VAZXhhbXBsZS5jb20ifQ==", `{"a":"<email>"}`},
		{`"call 0170 1234567"`, `"call <phone>"`},
	} {
		if got := masked(c[0]); got != c[1] {
			t.Errorf("%q\n is %q\nnot %q", c[0], got, c[1])
		}
	}
}

// TestNotMasked: what has digits and signs and tells of nobody.
func TestNotMasked(t *testing.T) {
	for _, s := range []string{
		"", "hello", "1234567", "12345678", "1234567890", "order 0123456789", "order #0123456789", "#0123456789", "Bestellung 0123456789", "订单0123456789",
		"2024-05-01", "2024-05-01 10:30:00", "01.05.2024", "01-05-2024", "01/05/24", "01.05.2024 10:30", "2024/05/01", "20240501", "20240501123000",
		"2024.05.01 10:30:00.123", "2024-05-01T10:30:00.000+08:00", "1714550400", "1714550400000", "09:30:15", "09.30 Uhr",
		"1.2.3", "v1.26.0", "10.15.7.1234", "0.12.3.4567", "version 01.02.0304", "go1.26", "0.1234567890", "3.14159265358979",
		"192.168.0.1", "10.0.0.255:8080", "010.020.030.040", "255.255.255.0", "2001:db8::1", "08.08.08.08",
		"550e8400-e29b-41d4-a716-446655440000", "d41d8cd98f00b204e9800998ecf8427e", "SN-0123456789-AB", "RE-0123456789", "A0123456789", "id=0123456789",
		"1,234,567.89", "1.234.567,89", "12.345.678", "1 234 567", "EUR 612 345 678", "612 345 678 €", "$5551234567", "612 345 678,50", "+1000000 points", "-0.5", "+5%",
		"1 2 3 4 5 6 7 8 9 10", "01 02 03 04 05", "01 02 03 04 05 06 07", "1, 2, 3", "seq 120 121 122", "120-130", "seq 9007199254740993",
		"48.8566, 2.3522", "1920x1080", "4032×3024", "978-3-16-148410-0", "DE89 3704 0044 0532 0130 00", "100%", "50 000", "1:05:00",
		"4111 1111 1111 1112", "4111111111111112", "1234 5678 9012 3456", "9712345678901234567",
		"@alice", "alice@host", "icon@2x.png", "left-pad@1.2.3", "golang.org/x/net@v0.1.0", "a @ b", "50@60", "@RBT#bot", "alice@", "a@b.1",
		"https://example.com/a/0123456789/b.jpg", "https://media.example.com/2024/05/01/13812345678.png", "https://example.com/?", "really?", "why?a=b", "C#", "what/that?", "https://example.com/x.",
		"(at) noon", "50%25", "a%zz", "AT&T", "&amp;", "{}", "[]", `{"MsgId":"x","n":12345678901234567890}`, "[smile]", "[phone-BCDFGHJKLM]", "https://example.com/?[query-BCDFGHJKLM]",
		"00 ff 01 00 00 79 00 0b", "14 03 03 00 01 01 17 03 03 00 35", "04 01 05 01 06 01 00 2b", "Mon Jan 02 15:04:05 -0700 2006", "0123456789", "call8388608", "x+2147483644", "32 + 2147483648", "r + 2147483648",
		"-5894682518218493085", "32767.99999976135", "55301989350000", "4615674634722404292", "5803876044675762232",
		"hotel 1234567", "I called 3 times, 1234567", "phone costs 15000", "555-0134", "Mon 12 2024 2025", "2023 2024", "iPhone 15", "room 0815",
	} {
		if got := mask.New(key).Text(s); got != s {
			t.Errorf("%q is %q", s, got)
		}
	}
}

// TestSameValue: one value has one placeholder, however it is written.
func TestSameValue(t *testing.T) {
	for _, same := range [][]string{
		{"+49 170 1234567", "+491701234567", "0049-170-1234567", "+49 (0)170 1234567", "+49 (170) 123 45 67", "491701234567", "＋49 170 1234567"},
		{"alice@example.com", "ALICE@Example.COM", "alice%40example.com", "alice (at) example.com", "a\u200blice@example.com"},
		{"4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"},
		{"0170 1234567", "0170/123 45 67", "01701234567", "(0170) 1234567"},
	} {
		want := mask.New(key).Text(same[0])
		if !placeholder.MatchString(want) {
			t.Fatalf("%q is %q", same[0], want)
		}
		for _, s := range same[1:] {
			if got := mask.New(key).Text(s); got != want {
				t.Errorf("%q is %q, %q is %q", same[0], want, s, got)
			}
		}
	}
	m := mask.New(key)
	if m.Text("+49 170 1234567") == m.Text("+49 170 1234568") || m.Text("a@example.com") == mask.New(mask.NewKey()).Text("a@example.com") {
		t.Error("two values, or two keys, have one placeholder")
	}
	if got := m.Counts(); got[mask.Phone] != 2 || got[mask.Email] != 1 || len(got) != 2 {
		t.Errorf("counted %v", got)
	}
}

func TestKeyAsText(t *testing.T) {
	text, _ := key.MarshalText()
	var again mask.Key
	if err := again.UnmarshalText(text); err != nil || again != key {
		t.Errorf("%s read again is %v, %v", text, again, err)
	}
	for _, bad := range []string{"", "00", strings.Repeat("x", 64), strings.Repeat("0", 66)} {
		if again.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q is taken for a key", bad)
		}
	}
}
