package saved

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"backscroll/zim"
)

// of opens a text.
func of(t testing.TB, s string) *File {
	t.Helper()
	f, err := New(strings.NewReader(s), int64(len(s)))
	if err != nil {
		t.Fatalf("%.200q: %v", s, err)
	}
	return f
}

// walked returns all messages of a file, as they are walked.
func walked(t testing.TB, f *File) (rows []string) {
	t.Helper()
	for next, pages := zim.Next(""), int64(0); ; pages++ {
		p, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{Limit: zim.MaxMessages, Next: next})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.List {
			rows = append(rows, string(m.Raw))
		}
		if next = p.Next; next.End() {
			return rows
		}
		if pages > f.size {
			t.Fatal("the walk does not end")
		}
	}
}

// line is a message, the higher the newer.
func line(n int) string {
	return fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgBody":"no. %d: {\"a\":[\"]}\\\\","MsgId":"97150377728903%04d","MsgSeq":%d,"MsgTime":%d}`, n, n, n, 1700000000000+n)
}

// lines are messages in this order.
func lines(ns ...int) (all []string) {
	for _, n := range ns {
		all = append(all, line(n))
	}
	return all
}

// pretty lays a message out over several lines.
func pretty(s string) string {
	return "{\n  " + strings.ReplaceAll(s[1:len(s)-1], `,"Msg`, ",\n  \"Msg") + "\n}"
}

func answer(list ...string) string {
	return `{"Code":0,"Message":"success","RequestId":"34` + fmt.Sprint(len(list)) + `","Next":5,"List":[` + strings.Join(list, ",") + `],"Extra":{"List":[1]}}`
}

func TestKinds(t *testing.T) {
	t.Parallel()
	join := func(list []string) string { return strings.Join(list, "\n") + "\n" }
	down, up := lines(3, 2, 1), lines(1, 2, 3)
	prettyDown := []string{pretty(line(3)), pretty(line(2)), pretty(line(1))}
	const half = `{"MsgId":7,"MsgBody":"never en`
	tests := []struct {
		name string
		file string
		kind Kind
		want []string
	}{
		{"JSON Lines, newest first", join(down), Messages, down},
		{"oldest first", join(up), Messages, down},
		{"without the last newline", strings.TrimSpace(join(up)), Messages, down},
		{"BOM and CRLF", string(bom) + strings.ReplaceAll(join(up), "\n", "\r\n"), Messages, down},
		{"blank lines", "\n\n" + strings.ReplaceAll(join(up), "\n", "\n \n"), Messages, down},
		{"commas behind the lines", strings.ReplaceAll(join(up), "\n", ",\n"), Messages, down},
		{"all on one line", strings.Join(down, ""), Messages, down},
		{"all on one line, oldest first", strings.Join(up, " "), Messages, down},
		{"pretty", join(prettyDown), Messages, prettyDown},
		{"pretty, oldest first", string(bom) + pretty(line(1)) + "\n" + pretty(line(2)) + "\n" + pretty(line(3)), Messages, prettyDown},
		{"array", "[" + strings.Join(down, ",") + "]\n", Messages, down},
		{"array, oldest first", "[\n " + strings.Join(up, ",\n ") + "\n]\n", Messages, down},
		{"array of one line, oldest first", "[" + strings.Join(up, ",") + "]", Messages, down},
		{"array, cut short", "[" + line(3) + "," + line(2) + `,{"MsgId":`, Messages, []string{line(3), line(2), `{"MsgId":`}},
		{"arrays, one a line", "[" + line(3) + "]\n[" + line(2) + "," + line(1) + "]\n", Messages, down},
		{"page", answer(down...), Messages, down},
		{"look-up by MsgSeq", `{"MessageList":[` + strings.Join(down, ",") + `],"Code":0}`, Messages, down},
		{"pages", answer(line(3)) + answer() + "\n" + answer(down[1:]...), Messages, down},
		{"array of pages", "[" + answer(line(3)) + ",\n" + answer(down[1:]...) + "]", Messages, down},
		{"page, cut short", strings.TrimSuffix(answer(down...), line(1)[20:]+`],"Extra":{"List":[1]}}`), Messages, append(lines(3, 2), line(1)[:20])},
		{"page behind one that was cut short", `{"Code":0,"List":[` + line(3) + `,{"Ms` + "\n" + answer(down[1:]...), Messages, []string{line(3), `{"Ms`, line(2), line(1)}},
		{"deleted rows", "{\"IsEmpty\":1}\n{\"IsEmpty\":1}\n", Messages, []string{`{"IsEmpty":1}`, `{"IsEmpty":1}`}},
		{"broken line", line(2) + "\n" + half + "\n" + line(1) + "\n", Messages, []string{line(2), half, line(1)}},
		{"broken line, oldest first", line(1) + "\n" + half + "\n" + line(2) + "\n", Messages, []string{line(2), half, line(1)}},
		{"broken within an object", line(2) + "\n{\"MsgBody\":\n" + line(1), Messages, []string{line(2), `{"MsgBody":`, line(1)}},
		{"what tail -c left", "\"97\"}\n" + line(2) + "\n" + line(1), Messages, []string{`"97"}`, line(2), line(1)}},
		{"cut short, oldest first", line(1) + "\n" + line(2) + "\n" + half, Messages, []string{half, line(2), line(1)}},
		{"without MsgSeq, by time", `{"MsgId":1,"MsgTime":5}` + "\n" + `{"MsgId":2,"MsgTime":6}`, Messages, []string{`{"MsgId":2,"MsgTime":6}`, `{"MsgId":1,"MsgTime":5}`}},
		{"one message", line(1) + "\n", Message, lines(1)},
		{"one message, pretty", pretty(line(1)), Message, []string{pretty(line(1))}},
		{"one message, cut short", half, Message, []string{half}},
		{"users", `{"Code":0,"RequestId":"1","Result":[{"UserId":"a"}]}`, Document, []string{`{"Code":0,"RequestId":"1","Result":[{"UserId":"a"}]}`}},
		{"an error", `{"Code":3,"Message":"no"}`, Document, []string{`{"Code":3,"Message":"no"}`}},
		{"an empty page", answer(), Document, []string{answer()}},
		{"other JSON Lines", "{\"a\":1}\n[2]\n", Document, []string{`{"a":1}`, `[2]`}},
		{"naked JSON", "{\"order\":7}\n", Body, []string{`{"MsgType":200,"MsgBody":{"order":7}}`}},
		{"a list of its own", `{"List":[{"a":1}]}`, Body, []string{`{"MsgType":200,"MsgBody":{"List":[{"a":1}]}}`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := of(t, test.file)
			if got := walked(t, f); f.Kind() != test.kind || !slices.Equal(got, test.want) {
				t.Errorf("kind %d, want %d\n%q\nwant\n%q", f.Kind(), test.kind, got, test.want)
			}
		})
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	const bob, team = `{"ConvId":"bob","UpdateTime":1700000000000}`, `{"ConvId":"team","ConvType":2,"UpdateTime":1700000001000}`
	for name, test := range map[string]struct {
		file string
		want []string
	}{
		"lines":        {team + "\n" + bob + "\n", []string{"team", "bob"}},
		"answer":       {`{"Code":0,"TotalCount":2,"Next":0,"List":[` + bob + "," + team + "]}", []string{"bob", "team"}},
		"broken line":  {bob + "\n{\"ConvId\":\"ca\n" + team, []string{"bob", "", "team"}},
		"as --json is": {`{"ConvId":"bob","UpdateTime":1,"Time":null}`, []string{"bob"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := of(t, test.file)
			p, err := f.QueryConversationList(t.Context(), zim.QueryConversationListRequest{Limit: zim.MaxConversations})
			if err != nil || f.Kind() != Conversations || !p.Next.End() {
				t.Fatalf("kind %d, next %s, %v", f.Kind(), p.Next, err)
			}
			var got []string
			for _, c := range p.List {
				got = append(got, c.ConvId)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
			if _, err := f.QueryGroupMsg(t.Context(), zim.QueryGroupMsgRequest{}); err == nil {
				t.Error("it has messages")
			}
		})
	}
}

func TestRequestIdOfAPage(t *testing.T) {
	t.Parallel()
	f := of(t, answer(lines(3)...)+`{"List":[`+line(2)+`,`+line(1)+`],"RequestId":99}`)
	var ids []string
	for next := zim.Next(""); ; {
		p, err := f.QueryGroupMsg(t.Context(), zim.QueryGroupMsgRequest{Limit: 100, Next: next})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, fmt.Sprintf("%d of %s", len(p.List), p.RequestId))
		if next = p.Next; next.End() {
			break
		}
	}
	if want := []string{"1 of 341", "2 of 99"}; !slices.Equal(ids, want) {
		t.Errorf("%q, want %q", ids, want)
	}
}

func TestInferred(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want zim.MsgType
	}{
		{"Hello, is it there?\nYes.\n", zim.TypeText},
		{`"said \"it\""`, zim.TypeText},
		{`"two" strings`, zim.TypeText},
		{`12`, zim.TypeText},
		{`{"order":1`, zim.TypeText},
		{`{"order":1}`, zim.TypeCustom},
		{`"{\"order\":1}"`, zim.TypeCustom},
		{`[1,2]`, zim.TypeCustom},
		{`{"Title":"Sale"}`, zim.TypeCustom},
		{`{"Title":"Chat","Summary":"a: b"}`, zim.TypeCombined},
		{`{"multi_msg":[{"msg_type":1,"callback_content":"a"}]}`, zim.TypeMultiItem},
		{`{"multi_msg":7}`, zim.TypeCustom},
		{`{"MultiMsg":[]}`, zim.TypeMultiItem},
		{`{"file_name":"a.jpg","origin_image_width":1,"download_url":"https://example.com/a.jpg"}`, zim.TypeImage},
		{`{"Url":"https://example.com/a","Origin":{"Width":1}}`, zim.TypeImage},
		{`{"file_name":"a.pdf","download_url":"https://example.com/a.pdf"}`, zim.TypeFile},
		{`"%7B%22file_name%22%3A%22a.pdf%22%7D"`, zim.TypeFile},
		{`%7B%22file_name%22%3A%22a.pdf%22%7D`, zim.TypeFile},
		{`{"Uid":"1","Url":"https://example.com/a"}`, zim.TypeFile},
		{`{"media_duration":"31","file_name":"a.m4a"}`, zim.TypeAudio},
		{`{"media_duration":"31","file_name":"a.MP4"}`, zim.TypeVideo},
		{`{"MediaDuration":31,"Url":"https://example.com/v","Thumbnail":{"Width":1}}`, zim.TypeVideo},
		{`{"video_first_frame_width":3}`, zim.TypeVideo},
		{`{"type":3,"op_user_info":{"user_id":"a"}}`, zim.TypeTips},
		{`{"user_id":"a","revoke_time":1}`, zim.TypeRecallNotice},
	}
	for _, test := range tests {
		f := of(t, test.body)
		got, inferred := f.Inferred()
		if !inferred || got != test.want {
			t.Errorf("%s: %v, %v; want %v", test.body, got, inferred, test.want)
			continue
		}
		raw := []byte(walked(t, f)[0])
		e := zim.ReadMessage(raw).Envelope()
		if _, not := e.Body().Content.(*zim.Undecoded); not || e.MsgType != test.want || len(e.Problems) > 0 {
			t.Errorf("%s: the message is %s", test.body, raw)
		}
	}
	if got := zim.ReadMessage([]byte(walked(t, of(t, "a <b>\r\nc\r\n"))[0])).Envelope().Body().Raw; got != "a <b>\r\nc" {
		t.Errorf("the text is %q", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, says string }{
		"empty":       {"", "empty"},
		"blank":       {string(bom) + " \r\n\n", "empty"},
		"much blank":  {strings.Repeat(" \n", 1<<20), "empty"},
		"zeros":       {"{\"a\":\x00}", "no text"},
		"a picture":   {"\x89PNG\r\n\x1a\n1234", "no text"},
		"gzip":        {"\x1f\x8b\x08\x01\x02", "no text"},
		"Latin-1":     {"gr\xfc\xdfe", "no text"},
		"later bytes": {strings.Repeat("a", firstRead) + "\xff", "no text"},
		"UTF-16":      {"\xff\xfe{\x00", "UTF-16"},
		"too large":   {strings.Repeat("lorem ipsum\n", maxRow/12+1), "too large"},
	} {
		f, err := New(strings.NewReader(test.file), int64(len(test.file)))
		var refused *Error
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.says) || refused.Advice() == "" || f != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	for name, says := range map[string]string{dir: "directory", filepath.Join(dir, "none"): "no such file"} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readUpTo(strings.NewReader("123456"), 5); err == nil || !strings.Contains(err.Error(), "1 GiB") {
		t.Errorf("more than is read: %v", err)
	}
	if _, err := Read(iotest.ErrReader(context.Canceled)); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader that fails: %v", err)
	}
	if f, err := Read(strings.NewReader(line(1))); err != nil || f.Kind() != Message || f.Close() != nil {
		t.Errorf("what is read: %v", err)
	}
}

// TestAFileThatChanges ends in an error, wherever it is noticed.
func TestAFileThatChanges(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for n := range 3000 {
		b.WriteString(line(3000-n) + "\n")
	}
	whole := b.Bytes()
	for name, change := range map[string]func(path string) error{
		"shrinks":  func(path string) error { return os.Truncate(path, 100) },
		"vanishes": func(path string) error { return os.Truncate(path, 0) },
		"grows":    func(path string) error { return os.WriteFile(path, append(slices.Clone(whole), "{}\n"...), 0o600) },
		"is other": func(path string) error { return os.WriteFile(path, bytes.ToUpper(whole), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			p, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{Limit: 100})
			if err != nil || len(p.List) != 100 {
				t.Fatal(err)
			}
			if err := change(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, noon, noon); err != nil { // a clock that is too coarse would miss it
				t.Fatal(err)
			}
			if _, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{Limit: 100, Next: p.Next}); err == nil || !strings.Contains(err.Error(), "changed") {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}

func TestACancelledRead(t *testing.T) {
	t.Parallel()
	f := of(t, line(2)+"\n"+line(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.QueryPeerMsg(ctx, zim.QueryPeerMsgRequest{Limit: 100}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	for _, next := range []zim.Next{"x", "-5", "99999999", `"9"`} {
		if _, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{Next: next}); err == nil {
			t.Errorf("there is a page %s", next)
		}
	}
}
