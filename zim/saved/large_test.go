package saved

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"backscroll/zim"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// vast is a file of any size that is made as it is read: lines of one length, the
// middle ones all alike, which nobody should look at.
type vast struct {
	size         int64
	first, last  string // before and behind the lines
	up           bool   // the oldest first
	read, widest atomic.Int64
}

const vastLine = 200

func (v *vast) ReadAt(b []byte, at int64) (int, error) {
	v.read.Add(int64(len(b)))
	v.widest.Store(max(v.widest.Load(), int64(len(b))))
	n := 0
	for n < len(b) && at < v.size {
		k := copy(b[n:], v.at(at))
		n, at = n+k, at+int64(k)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// at returns what stands at a position, as far as it likes.
func (v *vast) at(pos int64) string {
	if pos < int64(len(v.first)) {
		return v.first[pos:]
	}
	rows := (v.size - int64(len(v.first)+len(v.last))) / vastLine
	row, off := (pos-int64(len(v.first)))/vastLine, (pos-int64(len(v.first)))%vastLine
	if row >= rows {
		s := strings.Repeat(" ", vastLine-1) + "\n" + v.last
		return s[len(s)-int(v.size-pos):]
	}
	n := rows - row
	if v.up {
		n = row + 1
	}
	s := fmt.Sprintf(`{"Sender":"bob","MsgType":1,"MsgId":%d,"MsgSeq":%d,"MsgBody":"`, 9e17+n, n)
	comma := ","
	if v.last == "" || row == rows-1 {
		comma = " "
	}
	return (s + strings.Repeat("x", vastLine-len(s)-4) + `"}` + comma + "\n")[off:]
}

// shapes are the files that are walked lazily.
var shapes = map[string]func(size int64) *vast{
	"lines":               func(size int64) *vast { return &vast{size: size} },
	"lines, oldest first": func(size int64) *vast { return &vast{size: size, up: true} },
	"array":               func(size int64) *vast { return &vast{size: size, first: "[", last: "]\n"} },
	"array, oldest first": func(size int64) *vast { return &vast{size: size, first: "[", last: "]\n", up: true} },
	"answer":              func(size int64) *vast { return &vast{size: size, first: `{"Code":0,"List":[`, last: `],"Next":0}`} },
}

// TestBytesRead: what is read for a page does not depend on the size of the file.
func TestBytesRead(t *testing.T) {
	t.Parallel()
	for name, shape := range shapes {
		for _, size := range []int64{1 << 20, 1 << 30, 1 << 40} {
			v := shape(size)
			f, err := New(v, size)
			if err != nil {
				t.Fatal(err)
			}
			if got := v.read.Swap(0); got > 4*firstRead {
				t.Errorf("%s of %d bytes: %d bytes were read to open it", name, size, got)
			}
			next, last := zim.Next(""), int64(0)
			for range 3 {
				p, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{Limit: 100, Next: next})
				if err != nil || len(p.List) != 100 || p.Next.End() {
					t.Fatalf("%s of %d bytes: %v, a page of %d, then %s", name, size, err, len(p.List), p.Next)
				}
				if got := v.read.Swap(0); got > firstRead {
					t.Errorf("%s of %d bytes: %d bytes were read for a page", name, size, got)
				}
				if last == 0 {
					last = p.List[0].MsgSeq + 1
					if rows := (size - 100) / vastLine; last-1 < rows-1 {
						t.Errorf("%s of %d bytes: it begins at seq %d of %d", name, size, last-1, rows)
					}
				}
				for _, m := range p.List {
					if m.MsgSeq != last-1 {
						t.Fatalf("%s of %d bytes: seq %d follows %d", name, size, m.MsgSeq, last)
					}
					last = m.MsgSeq
				}
				next = p.Next
			}
		}
	}
}

// TestALongRow is read whole, when it is its turn.
func TestALongRow(t *testing.T) {
	t.Parallel()
	long := `{"MsgBody":"` + strings.Repeat(`\"a}`, 1<<20) + `","MsgSeq":2,"MsgId":2}`
	for _, file := range []string{line(3) + "\n" + long + "\n" + line(1), line(1) + "\n" + long + "\n" + line(3), "[" + line(1) + "," + long + "," + line(3) + "]", answer(line(3), long, line(1))} {
		if got := walked(t, of(t, file)); !slices.Equal(got, []string{line(3), long, line(1)}) {
			t.Errorf("%.20q…: %d rows", file, len(got))
		}
	}
	if got := walked(t, of(t, long+"\n"+line(3))); !slices.Equal(got, []string{line(3), long}) {
		t.Errorf("the order of a long first row is not found: %d rows", len(got))
	}
}

// TestEveryForm: the same messages in any form, broken lines among them, are the
// same rows.
func TestEveryForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows []string
		for n := rapid.IntRange(2, 120).Draw(t, "rows"); n > 0; n-- {
			row := line(n)
			if len(rows) > 0 && n > 1 { // the order is found by the first and the last
				switch rapid.IntRange(0, 9).Draw(t, "kind") {
				case 0:
					row = `{"IsEmpty":1}`
				case 1:
					row = strings.TrimSpace(row[:rapid.IntRange(1, len(row)-1).Draw(t, "cut")])
				case 2:
					row = `{"MsgBody":"` + strings.Repeat("y", rapid.IntRange(0, 3000).Draw(t, "long")) + `","Payload":"{\"\\\\"}`
				}
			}
			rows = append(rows, row)
		}
		good := slices.DeleteFunc(slices.Clone(rows), func(s string) bool { return !json.Valid([]byte(s)) })
		up, goodUp := slices.Clone(rows), slices.Clone(good)
		slices.Reverse(up)
		slices.Reverse(goodUp)
		eol := rapid.SampledFrom([]string{"\n", "\r\n", "\n\n"}).Draw(t, "eol")
		check := func(name, file string, want []string) {
			f, err := New(strings.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := walk(t, f); !slices.Equal(got, want) {
				t.Fatalf("%s: %d rows, want %d: %q", name, len(got), len(want), file)
			}
		}
		check("lines", strings.Join(rows, eol)+eol, rows)
		check("lines, oldest first", strings.Join(up, eol), rows)
		check("one line", strings.Join(good, " "), good)
		check("one line, oldest first", strings.Join(goodUp, ""), good)
		check("array", "["+strings.Join(good, ","+eol)+"]", good)
		check("array, oldest first", "["+eol+strings.Join(goodUp, ",")+eol+"]"+eol, good)
		check("answer", answer(good...), good)
		half := len(good) / 2
		check("answers", answer(good[:half]...)+eol+answer(good[half:]...), good)
	})
}

// walk is walked for what has no context.
func walk(t *rapid.T, f *File) (rows []string) {
	for next := zim.Next(""); ; {
		p, err := f.QueryGroupMsg(t.Context(), zim.QueryGroupMsgRequest{Limit: 100, Next: next})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.List {
			rows = append(rows, string(m.Raw))
		}
		if next = p.Next; next.End() {
			return rows
		}
	}
}

// FuzzFile: no input panics or is walked without an end, and each line that is a
// message is in a row.
func FuzzFile(f *testing.F) {
	for _, s := range []string{
		line(1), line(2) + "\n" + line(1), line(1) + "\r\n" + line(2), "[" + line(1) + "," + line(2) + "]",
		answer(line(2), line(1)), answer() + answer(line(1)), "[[" + line(1) + "]", `{"List":[`, `{"MsgId":1}]}`,
		string(bom) + pretty(line(1)) + pretty(line(2)), `{"ConvId":"a"}`, `"a`, "plain\ntext", "%7B%7D", `{"MsgId":1,"a":["` + "\n" + line(3),
		"\\\"}\n{\"MsgSeq\":1}\n{\"MsgSeq\":2}", "[{\"MsgSeq\":1}]\n[{\"MsgSeq\":2}]", "[1,\"]\",{\"MsgSeq\":1},{\"MsgSeq\":2}]",
		`{"Case":1,"Name":"x"}` + "\n" + `{"Chat":{"User":"a","Peer":"b"},"Note":"n","Raw":"{}"}` + "\n" + `{"Call":{}}` + "\nbroken\n\n" + `{"Raw":"x"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := New(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		if _, err := file.QueryConversationList(t.Context(), zim.QueryConversationListRequest{Limit: 500}); err != nil {
			t.Fatal(err)
		}
		if c := file.Case(); c != nil { // each line but the first is in it
			_, rest, _ := bytes.Cut(bytes.TrimPrefix(b, bom), []byte("\n"))
			lines := 0
			for l := range bytes.Lines(rest) {
				if len(bytes.TrimSpace(l)) > 0 {
					lines++
				}
			}
			if len(c.Entries)+len(c.Calls) != lines {
				t.Errorf("%d entries and %d calls of %d lines: %q", len(c.Entries), len(c.Calls), lines, b)
			}
			return
		}
		if file.Kind() == Conversations {
			return
		}
		rows := walked(t, file)
		if file.Kind() == Body {
			return
		}
		all := strings.Join(rows, "\x00")
		if bytes.Contains(b, []byte("List")) { // what an answer has beside its list is passed over
			return
		}
		for l := range bytes.Lines(b) {
			l = bytes.TrimSpace(l)
			if end, v := valueEnd(l, 0); v == whole && end == len(l) && classOf(l) == classMessage && !strings.Contains(all, string(l)) {
				t.Errorf("lost: %q of %q, order %d\n%q", l, b, file.order, rows)
			}
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	for _, size := range []int64{1 << 20, 100 << 20, 1 << 30} {
		for _, shape := range []string{"lines", "lines, oldest first", "array, oldest first"} {
			b.Run(fmt.Sprintf("%s/%dMB", shape, size>>20), func(b *testing.B) {
				v := shapes[shape](size)
				for b.Loop() {
					f, err := New(v, size)
					if err != nil {
						b.Fatal(err)
					}
					if p, err := f.QueryPeerMsg(b.Context(), zim.QueryPeerMsgRequest{Limit: 100}); err != nil || len(p.List) != 100 {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(v.read.Load())/float64(b.N), "bytes-read/op")
			})
		}
	}
}
