package transcript_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// FuzzInert has anything at all between two plain messages.
func FuzzInert(f *testing.F) {
	for _, raw := range []string{
		`{"Sender":"<script>alert(1)</script>","MsgType":1,"MsgBody":"</div><img src=x onerror=alert(1)>","Payload":"-->"}`,
		`{"Sender":"**b**\n# x","MsgType":1,"MsgBody":"# a\n\n- b\n> c\n    d\n` + "```" + `\n<b>\n[x](javascript:1)\n1. e\n---","MsgSeq":1}`,
		`{"Sender":"=1+1","MsgType":1,"MsgBody":"=HYPERLINK(\"http://example.com\")\",\"\r\n+1"}`,
		`{"MsgType":200,"SubMsgType":1,"MsgBody":"` + "````\\n```\\n</pre>" + `"}`,
		`{"MsgType":11,"MsgBody":{"Url":"javascript:alert(1)` + "\u202e\u009b" + `","FileName":"\u001b[2J"}}`,
		"{\"MsgType\":777,\"MsgBody\":\"\xff\x1b]0;x\a\"}", `null`, ``, `{"IsEmpty":1}`, `{"IsEmpty":2,"MsgTime":1777636800123}`,
	} {
		f.Add([]byte(raw))
	}
	plain := zim.ReadMessage([]byte(`{"Sender":"bob","MsgType":1,"MsgBody":"plain","MsgTime":1777636800123}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, format := range transcript.Formats() {
			s := written(t, format, history.Chat{User: string(raw), Peer: "bob"}, plain, zim.ReadMessage(raw), plain)
			wantInert(t, format, s, 3)
			if format == transcript.JSONL && !strings.Contains(string(raw), "Raw") {
				if got := rawOf(t, strings.Split(s, "\n")[1]); got != string(raw) && len(raw) > 0 && raw[0] == '{' {
					t.Errorf("%q became %q", raw, got)
				}
			}
		}
	})
}

// wantInert checks that nothing in a file of n messages acts on its reader.
func wantInert(t testing.TB, f transcript.Format, s string, n int) {
	t.Helper()
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && (r != '\r' || f != transcript.CSV) || unicode.Is(unicode.Bidi_Control, r) {
			t.Fatalf("%s has %U", f, r)
		}
	}
	switch f {
	case transcript.JSONL:
		lines := slices.Collect(strings.Lines(s))
		for _, l := range lines {
			if !json.Valid([]byte(l)) {
				t.Fatalf("no JSON: %s", l)
			}
		}
		if len(lines) != n {
			t.Errorf("%d lines, want %d", len(lines), n)
		}
	case transcript.JSON:
		var all struct{ Messages []json.RawMessage }
		if err := json.Unmarshal([]byte(s), &all); err != nil || len(all.Messages) != n {
			t.Fatalf("%d messages, want %d: %v in %s", len(all.Messages), n, err, s)
		}
	case transcript.CSV:
		rows := readCSV(t, s)
		if len(rows) != n+1 {
			t.Errorf("%d rows, want %d", len(rows), n+1)
		}
		for _, row := range rows {
			for _, field := range row {
				if field = strings.TrimLeft(field, " \n"); field != "" && strings.ContainsAny(field[:1], "=+-@") {
					t.Errorf("a formula: %q", field)
				}
			}
		}
	case transcript.HTML:
		wantInertHTML(t, s, n)
	case transcript.Markdown:
		wantInertMarkdown(t, s, n)
	case transcript.Text:
		wantInertText(t, s, n)
	}
}

// ours is every element of a page, and its attributes.
var ours = map[string][]string{
	"html": {"lang"}, "head": nil, "meta": {"charset", "http-equiv", "content", "name"}, "title": nil, "style": nil,
	"body": nil, "header": nil, "h1": {"class", "dir"}, "dl": nil, "dt": nil, "dd": nil, "main": nil, "h2": nil, "article": nil,
	"p": {"class", "dir"}, "b": {"dir"}, "time": nil, "span": {"class"}, "div": {"class", "dir"}, "pre": nil, "footer": nil,
	"details": nil, "summary": nil,
}

func wantInertHTML(t testing.TB, s string, n int) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	articles, policy, style := 0, "", ""
	for node := range root.Descendants() {
		switch node.Type {
		case html.CommentNode:
			t.Errorf("a comment: %q", node.Data)
		case html.ElementNode:
			attributes, known := ours[node.Data]
			if !known {
				t.Errorf("an element %s", node.Data)
			}
			for _, a := range node.Attr {
				if !slices.Contains(attributes, a.Key) {
					t.Errorf("%s has an attribute %s", node.Data, a.Key)
				}
				if strings.Contains(a.Val, "default-src 'none'") {
					policy = a.Val
				}
			}
			switch node.Data {
			case "article":
				articles++
			case "style":
				style += node.FirstChild.Data
			}
		}
	}
	hash := sha256.Sum256([]byte(style))
	if articles != n || !strings.Contains(policy, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(hash[:])+"'") {
		t.Errorf("%d articles, want %d; policy %q", articles, n, policy)
	}
}

// wantInertMarkdown checks the lines outside of fences: they are ours, or a
// quotation in which every sign is escaped that could act.
func wantInertMarkdown(t testing.TB, s string, n int) {
	t.Helper()
	fence, heads := "", 0
	for l := range strings.SplitSeq(s, "\n") {
		switch {
		case fence != "":
			if l == fence {
				fence = ""
			}
			continue
		case strings.HasPrefix(l, "```"):
			fence = l
			continue
		case strings.HasPrefix(l, "**"):
			heads++
			l = strings.TrimPrefix(l, "**")
			l = strings.Replace(l, "** ", " ", 1)
		case strings.HasPrefix(l, "> "), strings.HasPrefix(l, "# "), strings.HasPrefix(l, "- "):
			l = l[2:]
		case l == ">", strings.HasPrefix(l, "## "), l == "", l == "---", l == "Payload:", l == "Note:", l == strconv.Itoa(n)+" messages":
			continue
		default:
			t.Errorf("a line of its own: %q", l)
		}
		for i := 0; i < len(l); i++ {
			if l[i] == '\\' {
				i++
			} else if strings.ContainsRune("`*_[]<#|~&@", rune(l[i])) || i == 0 && strings.ContainsRune("+-=>", rune(l[i])) {
				t.Errorf("%q in %q acts", l[i], l)
			}
		}
	}
	if fence != "" || heads != n {
		t.Errorf("a fence %q is open; %d messages, want %d", fence, heads, n)
	}
}

// wantInertText: a message is a line of ours, all under it is indented.
func wantInertText(t testing.TB, s string, n int) {
	t.Helper()
	_, rest, _ := strings.Cut(s, "\n\n")
	heads := 0
	for l := range strings.SplitSeq(rest, "\n") {
		if l != "" && !strings.HasPrefix(l, "    ") && !strings.HasPrefix(l, "---- ") {
			heads++
		}
	}
	if heads != n+min(n, 1) && n > 0 { // the total stands there too
		t.Errorf("%d lines of ours for %d messages", heads, n)
	}
}
