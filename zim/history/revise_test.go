package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
	"pgregory.net/rapid"
)

// pageOf makes a page of rows of JSON that ends the history.
func pageOf(rows ...string) *zim.MessagePage {
	return zim.ReadMessagePage([]byte(`{"Next":0,"List":[` + strings.Join(rows, ",") + `]}`))
}

// wrote is a text message.
func wrote(id int, text string) string {
	return fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgTime":1770000000000,"Sender":"alice","MsgType":1,"MsgBody":%q}`, id, id, text)
}

func image(id int, query string) string {
	return fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgType":11,"MsgBody":"%%7B%%22download_url%%22%%3A%%22https%%3A%%2F%%2Fmedia.example.com%%2Fa.jpg%%3F%s%%22%%7D"}`, id, id, query)
}

func TestReviseTellsWhatChanged(t *testing.T) {
	tests := map[string]struct {
		loaded, again []string
		want          string // kind, index and fields of each
	}{
		"nothing":                {[]string{wrote(2, "b"), wrote(1, "a")}, []string{wrote(2, "b"), wrote(1, "a")}, ""},
		"a text":                 {[]string{wrote(2, "b"), wrote(1, "a")}, []string{wrote(2, "b"), wrote(1, "A")}, "0 1 [MsgBody]"},
		"spelled otherwise":      {[]string{wrote(1, "é")}, []string{strings.Replace(wrote(1, "é"), "é", `\u00e9`, 1)}, ""},
		"a payload":              {[]string{`{"MsgId":1,"Payload":"a"}`}, []string{`{"MsgId":1,"Payload":"b"}`}, "0 0 [Payload]"},
		"a field nobody knows":   {[]string{`{"MsgId":1,"Read":[1, 2]}`}, []string{`{"Read":[1,2,3],"MsgId":1}`}, "0 0 [Read]"},
		"order and white space":  {[]string{`{"MsgId":1,"Read":[1, 2]}`}, []string{`{"Read":[1,2],"MsgId":1}`}, ""},
		"zero or missing":        {[]string{`{"MsgId":1,"Payload":"","IsEmpty":0}`}, []string{`{"MsgId":1}`}, ""},
		"a link signed anew":     {[]string{image(1, "sig%3D1")}, []string{image(1, "sig%3D2")}, ""},
		"another link":           {[]string{image(1, "sig")}, []string{strings.Replace(image(1, "sig"), "a.jpg", "b.jpg", 1)}, "0 0 [MsgBody]"},
		"a link in a text":       {[]string{wrote(1, "https://example.com/?a")}, []string{wrote(1, "https://example.com/?b")}, "0 0 [MsgBody]"},
		"recalled, bare":         {[]string{wrote(2, "b"), wrote(1, "a")}, []string{`{"MsgId":2,"IsEmpty":2}`, wrote(1, "a")}, "1 0 []"},
		"recalled, a notice":     {[]string{wrote(1, "a")}, []string{`{"MsgId":1,"MsgSeq":1,"MsgType":31,"MsgBody":"{}"}`}, "1 0 []"},
		"deleted, with MsgId":    {[]string{wrote(1, "a")}, []string{`{"MsgId":1,"IsEmpty":1}`}, "2 0 []"},
		"deleted, with MsgSeq":   {[]string{wrote(2, "b"), wrote(1, "a")}, []string{`{"MsgSeq":1,"IsEmpty":1}`}, "2 1 []"},
		"deleted, between":       {[]string{wrote(3, "c"), wrote(2, "b"), wrote(1, "a")}, []string{wrote(3, "c"), `{"IsEmpty":1}`, wrote(1, "a")}, "2 1 []"},
		"deleted, the newest":    {[]string{wrote(2, "b"), wrote(1, "a")}, []string{wrote(3, "c"), `{"IsEmpty":1}`, wrote(1, "a")}, "2 0 []"},
		"how many is not known":  {[]string{wrote(4, "d"), wrote(3, "c"), wrote(2, "b"), wrote(1, "a")}, []string{wrote(4, "d"), `{"IsEmpty":1}`, wrote(1, "a")}, ""},
		"the newest, or another": {[]string{wrote(3, "c"), wrote(2, "b"), wrote(1, "a")}, []string{`{"IsEmpty":1}`, wrote(1, "a")}, ""},
		"a row without MsgId":    {[]string{wrote(2, "b"), `{"IsEmpty":1}`, wrote(1, "a")}, []string{wrote(2, "b"), `{"IsEmpty":1,"MsgSeq":0}`, wrote(1, "a")}, ""},
		"the last on the page":   {[]string{wrote(2, "b"), wrote(1, "a")}, []string{wrote(2, "b"), `{"IsEmpty":1}`}, ""},
		"one that is not loaded": {[]string{wrote(2, "b")}, []string{wrote(3, "c"), wrote(1, "a")}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var h History
			h.Add(pageOf(tt.loaded...))
			var got []string
			for _, r := range h.Revise(pageOf(tt.again...)) {
				got = append(got, fmt.Sprint(r.Kind, r.Index, r.Fields))
				if string(r.Before.Raw) != tt.loaded[r.Index] || !r.After.Same(h.At(r.Index)) || h.At(r.Index).MsgId != r.Before.MsgId || h.At(r.Index).MsgSeq != r.Before.MsgSeq || h.At(r.Index).MsgTime != r.Before.MsgTime {
					t.Errorf("before %s, after %s", r.Before.Raw, r.After.Raw)
				}
				if e := h.Earlier(r.Before.MsgId); len(e) != 1 || string(e[0].Raw) != tt.loaded[r.Index] {
					t.Errorf("Earlier gives %v", e)
				}
			}
			if s := strings.Join(got, ", "); s != tt.want || h.Len() != len(tt.loaded) {
				t.Errorf("got %q of %d, want %q of %d", s, h.Len(), tt.want, len(tt.loaded))
			}
		})
	}
}

// What became of messages is told once, and adds no row when the page is added,
// however often it comes.
func TestRevisedRowsAreNotAddedAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h History
		n := rapid.IntRange(2, 12).Draw(t, "n")
		rows := make([]string, n) // the newest first
		for i := range rows {
			rows[i] = wrote(n-i, "as sent")
		}
		h.Add(pageOf(rows...))
		ids, changed := n, map[int]int{}
		for range rapid.IntRange(1, 6).Draw(t, "polls") {
			for range rapid.IntRange(0, 2).Draw(t, "new") {
				ids++
				rows = slices.Insert(rows, 0, wrote(ids, "new"))
			}
			before := h.Len()
			known := ids - (len(rows) - before)
			i := rapid.IntRange(len(rows)-before, len(rows)-2).Draw(t, "row") // the oldest stays, as an anchor
			id := known - (i - (len(rows) - before))
			now := rapid.SampledFrom([]string{wrote(id, fmt.Sprintf("edit %d", ids)), fmt.Sprintf(`{"MsgId":%d,"IsEmpty":2}`, id), `{"IsEmpty":1}`, rows[i]}).Draw(t, "now")
			if now != rows[i] && rows[i] != `{"IsEmpty":1}` {
				rows[i] = now
				changed[id]++
			}
			p := pageOf(rows...)
			if got := h.Revise(p); len(got) > 1 {
				t.Fatalf("%d revisions of one change", len(got))
			}
			h.AddNewer(p)
			if again := h.Revise(p); len(again) > 0 {
				t.Fatalf("told again: %s", again[0].After.Raw)
			}
			if c := h.AddNewer(p); len(c.Fresh) > 0 || h.Len() != len(rows) {
				t.Fatalf("%d rows, want %d: %s", h.Len(), len(rows), shown(&h))
			}
			for i, raw := range rows {
				if string(h.At(i).Raw) != raw || h.At(i).MsgId != int64(ids-i) {
					t.Fatalf("row %d is %d %s, want %s", i, h.At(i).MsgId, h.At(i).Raw, raw)
				}
			}
		}
		for id, times := range changed {
			if got := len(h.Earlier(int64(id))); got != times {
				t.Fatalf("%d versions of %d before, want %d", got, id, times)
			}
		}
	})
}

func TestASnapshotKeepsWhatWasRevised(t *testing.T) {
	var h History
	var rows []string
	for id := 3 * partLen; id > 0; id-- {
		rows = append(rows, wrote(id, "as sent"))
	}
	h.Add(pageOf(rows...))
	s := h.Snapshot()
	done := make(chan bool)
	go func() {
		for i := range s.Len() {
			if string(s.At(i).Raw) != rows[i] {
				t.Errorf("row %d of the snapshot is %s", i, s.At(i).Raw)
			}
		}
		close(done)
	}()
	edited := slices.Clone(rows)
	for _, i := range []int{0, 1, partLen, 3*partLen - 1} {
		edited[i] = wrote(3*partLen-i, "edited")
	}
	if got := h.Revise(pageOf(edited...)); len(got) != 4 {
		t.Errorf("%d revisions, want 4", len(got))
	}
	<-done
	for i := range h.Len() {
		if string(h.At(i).Raw) != edited[i] {
			t.Errorf("row %d is %s, want %s", i, h.At(i).Raw, edited[i])
		}
	}
}

func TestAMessageThatAlwaysChangesTakesNoRoomForEver(t *testing.T) {
	var h History
	h.Add(pageOf(wrote(1, "as sent")))
	kept := h.Bytes()
	for i := range 1000 {
		h.Revise(pageOf(wrote(1, fmt.Sprint("edit ", i))))
	}
	if got := len(h.Earlier(1)); got != maxVersions-1 {
		t.Errorf("%d versions, want %d", got, maxVersions-1)
	}
	if more := h.Bytes() - kept; more <= 0 || more > maxVersions*200 {
		t.Errorf("%d bytes more", more)
	}
}

func TestARevisedMessageKnowsItsPage(t *testing.T) {
	var h History
	h.Add(pageOf(wrote(2, "b"), wrote(1, "a")))
	p := pageOf(wrote(2, "b"), wrote(1, "edited"))
	p.RequestId = "42"
	h.Revise(p)
	if o, ok := h.PageOf(h.At(1)); !ok || o.RequestId != "42" || o.Pos != 1 {
		t.Errorf("origin %+v, %v", o, ok)
	}
	if _, ok := h.PageOf(h.Earlier(1)[0]); ok {
		t.Error("the version before is said to be loaded")
	}
}
