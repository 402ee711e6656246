package history

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"backscroll/zim"
	"pgregory.net/rapid"
)

// alphabets are what texts are drawn from. What could be read as a URL encoding
// is in the second one only.
var alphabets = [2]string{
	"abckszABCKSZ019 .,-_/\"\\<>&'{}[]:#\n\täÄßéсяСЯ你车架🙂👍\u212A\u017F\u0301",
	"abckszABCKSZ019 .,-_/\"\\<>&'{}[]:#\n\täÄßéсяСЯ你车架🙂👍\u212A\u017F\u0301%+%+%+%+%",
}

func drawText(r *rapid.T, alphabet string) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune(alphabet)), 1, 24, -1).Draw(r, "text")
}

// drawMessage draws a message that says a text somewhere, in one of the ways in
// which that can travel.
func drawMessage(r *rapid.T) (raw, text string) {
	oneOf := func(label string, ways ...func(string) string) func(string) string {
		return ways[rapid.IntRange(0, len(ways)-1).Draw(r, label)]
	}
	inString := func(s string) string {
		return escaped(s, rapid.SampledFrom([]func(int, rune) bool{notASCII, every, someOf, percents}).Draw(r, "escapes"))
	}
	if rapid.Bool().Draw(r, "structured") {
		text = drawText(r, alphabets[0])
		bodies := structuredBodies(text, text)
		t := rapid.SampledFrom(slices.Sorted(maps.Keys(bodies))).Draw(r, "type")
		enc := rapid.SampledFrom(bodyEncodings).Draw(r, "encoding")
		return messageOf(t, enc.encode(bodies[t]), `,"MsgId":77,"MsgSeq":5`), text
	}
	text = drawText(r, alphabets[1])
	where := oneOf("where",
		func(v string) string { return messageOf(zim.TypeText, v, "") },
		func(v string) string { return messageOf(zim.TypeCustom, v, "") },
		func(v string) string { return messageOf(777, v, "") },
		func(v string) string { return messageOf(zim.TypeCustom, inString(`{"a":[`+v+`]}`), "") },
		func(v string) string {
			return messageOf(zim.TypeCustom, inString(`{"a":`+inString(`{"b":`+v+`}`)+`}`), "")
		},
		func(v string) string { return messageOf(zim.TypeText, `""`, `,"Payload":`+v) },
		func(v string) string { return messageOf(zim.TypeText, `""`, `,"Payload":`+inString(`[`+v+`]`)) },
		func(v string) string { return `{"MsgType":1,"Sender":` + v + `}` },
		func(v string) string { return messageOf(zim.TypeText, `"x"`, `,"Quote":`+v) },
		func(v string) string { return messageOf(zim.TypeText, `"x"`, `,"Quote":{"of":`+v+`}`) },
		func(v string) string { return v },
	)
	return where(inString(text)), text
}

// drawPart draws a part of a text that is not empty.
func drawPart(r *rapid.T, text string) string {
	runes := []rune(text)
	from := rapid.IntRange(0, len(runes)-1).Draw(r, "from")
	return string(runes[from:rapid.IntRange(from+1, len(runes)).Draw(r, "to")])
}

// lowered returns s in lower case, or as it is where its query would then not stand
// for any case: the Kelvin sign has a small letter in ASCII only.
func lowered(s string) string {
	lower := strings.Map(func(r rune) rune {
		if l := unicode.ToLower(r); (l < utf8.RuneSelf) == (r < utf8.RuneSelf) {
			return l
		}
		return r
	}, s)
	if hasUpper(lower) {
		return s
	}
	return lower
}

// TestWhateverIsSaidIsFound: a part of a text that a message says is found,
// however the message spells it.
func TestWhateverIsSaidIsFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		raw, text := drawMessage(r)
		part := drawPart(r, text)
		m := zim.ReadMessage([]byte(raw))
		queries := []string{"=" + part, "/" + regexp.QuoteMeta(part) + "/"}
		if part[0] != '/' && part[0] != '=' { // else it would be another kind of query
			queries = append(queries, lowered(part))
		}
		for _, typed := range queries {
			q := mustQuery(r, typed)
			if _, found := q.In(m); !found {
				r.Errorf("%q is not found in %s", typed, raw)
			}
			if len(q.Ranges(text)) == 0 {
				r.Errorf("%q marks nothing in %q", typed, text)
			}
		}
	})
}

// drawQuery draws a query that may or may not be in a text.
func drawQuery(r *rapid.T, text string) Query {
	typed := rapid.OneOf(
		rapid.Just("="+drawPart(r, text)),
		rapid.Just(drawPart(r, text)),
		rapid.Just("/"+regexp.QuoteMeta(drawPart(r, text))+"./"),
		rapid.Just("/(x|"+regexp.QuoteMeta(drawPart(r, text))+")+/"),
		rapid.StringOfN(rapid.RuneFrom([]rune(alphabets[1])), 1, 3, -1),
		rapid.SampledFrom([]string{"7", "77", "5", "110", "000000", "22", "msg", "u00", `/\d\d/`, "/[a-c]/", "/ab|你/", "/s|k/", "/a.*c/"}),
	).Draw(r, "query")
	q, err := ParseQuery(typed)
	if err != nil {
		r.Skip("not a query")
	}
	return q
}

// TestQueryFindsWhatDecodingAllFinds compares Find with a search that looks at no
// raw byte.
func TestQueryFindsWhatDecodingAllFinds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var list []zim.Message
		text := "a"
		for range rapid.IntRange(1, 12).Draw(r, "messages") {
			var raw string
			raw, text = drawMessage(r)
			list = append(list, zim.ReadMessage([]byte(raw)))
		}
		list = append(list, zim.ReadMessage([]byte(`{"MsgId":1e18,"MsgSeq":7.70e1}`)))
		q := drawQuery(r, text)
		var want []int
		for i, m := range list {
			for field, text := range texts(m, always) {
				if q.has(field, text) {
					want = append(want, i)
					break
				}
			}
		}
		got, err := q.Find(r.Context(), list)
		if err != nil || !slices.Equal(got, want) {
			r.Errorf("%q finds %v, %v, want %v", q, got, err, want)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, typed := range []string{"frame", "Frame", "=a", "/a|b*/", "/(/", "//", "=", "ⱥ", "\xff", "54", `/\Q[:(?/`, "/[[:alpha:](?A]/"} {
		f.Add(typed, "a Frame Ⱥ \xff 54", []byte(`{"Sender":"a","MsgType":200,"MsgBody":"{\"a\":\"\\u0041%41\"}","MsgId":54}`))
		f.Add(typed, "", []byte(messageOf(zim.TypeMultiItem, `{"multi_msg":[{"msg_type":11,"callback_content":"%7B%22a%22%3A%2541%7D"}],"x":{"y":["\ud83d"]}}`, `,"Z":[1e3,"`+"\xff"+`"]`)))
	}
	f.Fuzz(func(t *testing.T, typed, text string, raw []byte) {
		q, err := ParseQuery(typed)
		if wrong, ok := errors.AsType[*QueryError](err); err != nil && (!ok || wrong.Problem == "") {
			t.Fatalf("error %v", err)
		}
		end := 0
		for _, r := range q.Ranges(text) {
			if r[0] < end || r[0] >= r[1] || r[1] > len(text) {
				t.Fatalf("ranges %v of %q", q.Ranges(text), text)
			}
			end = r[1]
		}
		m := zim.ReadMessage(raw)
		_, found := q.In(m)
		said := false
		for field, text := range texts(m, always) {
			if text == "" || field == "" && len(m.Envelope().Fields) == 0 {
				t.Fatalf("field %q has %q", field, text)
			}
			said = said || !q.IsZero() && q.has(field, text)
		}
		if found != said {
			t.Errorf("%q is found: %v, said: %v", typed, found, said)
		}
	})
}
