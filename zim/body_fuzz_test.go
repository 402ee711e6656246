package zim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"unicode/utf8"
)

func FuzzEnvelope(f *testing.F) {
	for _, s := range bodySamples {
		f.Add([]byte(fmt.Sprintf(`{"Sender":"alice","MsgType":%d,"MsgBody":%s,"MsgId":9007199254740993,"MsgSeq":12,"IsEmpty":%d,"unknown":[1]}`, s.msgType, orNull(s.msgBody), s.isEmpty)))
	}
	for _, s := range shapes() {
		f.Add([]byte(fmt.Sprintf(`{"MsgType":%d,"MsgBody":%s,"MsgId":"9223372036854775807","MsgTime":1777298651009}`, s.msgType, s.object)))
	}
	for _, odd := range []string{``, `null`, `[]`, `7`, `{`, `{"MsgId":`, `{"MsgId":1e3,"MsgSeq":-1}`, `{"MsgId":{},"MsgId":5}`,
		`{"IsEmpty":1}`, `{"IsEempy":2}`, `{"MsgId":"","Sender":7,"Payload":{}}`, "{\"\\u004dsgId\":18446744073709551616,\"a\":\"\xff\"}"} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		m := ReadMessage(raw)
		e := m.Envelope()
		body := e.Body()
		if body.Content == nil {
			t.Error("no content")
		}
		e.Remarks(body)
		payload, _ := e.PayloadLadder()
		checkSteps(t, payload)
		if !bytes.Equal(m.Raw, before) || !bytes.Equal(e.Raw, before) {
			t.Errorf("raw is %q, want %q", e.Raw, before)
		}
		if e.MsgId != m.MsgId || e.MsgSeq != m.MsgSeq {
			t.Error("the envelope has other numbers than its message")
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var fields map[string]any
		if !json.Valid(raw) || decoder.Decode(&fields) != nil {
			return
		}
		for name, got := range map[string]int64{"MsgId": m.MsgId, "MsgSeq": m.MsgSeq} {
			if want, known := exactly(fields[name]); known && got != want {
				t.Errorf("%s is %d, want %d", name, got, want)
			}
		}
		for _, field := range e.Fields {
			if _, ok := fields[field.Name]; !ok && utf8.Valid(raw) {
				t.Errorf("field %q was made up", field.Name)
			}
		}
	})
}

// exactly returns the number that a decoded field must give, if it is written
// in a way that leaves no doubt.
func exactly(v any) (int64, bool) {
	var text string
	switch v := v.(type) {
	case nil, bool, map[string]any, []any:
		return 0, true
	case json.Number:
		text = v.String()
	case string:
		text = v
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

func orNull(raw string) string {
	if raw == "" {
		return "null"
	}
	return raw
}

func FuzzBody(f *testing.F) {
	for _, s := range bodySamples {
		f.Add(int64(s.msgType), int64(s.isEmpty), []byte(s.msgBody))
	}
	for _, s := range shapes() {
		for _, enc := range encodings {
			f.Add(int64(s.msgType), int64(Present), []byte(enc.encode(s.object)))
		}
		f.Add(int64(s.msgType), int64(Revoked), []byte(s.object[:len(s.object)/2]))
	}
	f.Fuzz(func(t *testing.T, msgType, isEmpty int64, raw []byte) {
		before := bytes.Clone(raw)
		body := Envelope{MsgType: MsgType(msgType), IsEmpty: IsEmpty(isEmpty), MsgBody: raw}.Body()
		if !bytes.Equal(raw, before) {
			t.Error("the bytes were changed")
		}
		if body.JSON != nil && !json.Valid(body.JSON) {
			t.Errorf("JSON is none: %q", body.JSON)
		}
		checkContent(t, MsgType(msgType), body.Content)
		checkSteps(t, body.Ladder)
		embedded, _ := body.Embedded()
		checkSteps(t, embedded)
		if len(body.Ladder) > 0 && body.Ladder[0].Where == "" && body.Ladder[0].In != len(raw) {
			t.Errorf("%d bytes went in, of %q", body.Ladder[0].In, raw)
		}
		var text string
		if !utf8.Valid(raw) || len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
			return
		}
		if c, ok := body.Content.(*Text); ok && c.Text != text {
			t.Errorf("text %q, want %q", c.Text, text)
		}
		if c, ok := body.Content.(*Custom); ok && (c.Text != text || c.JSON != json.Valid([]byte(text))) {
			t.Errorf("custom %q, %v, want %q", c.Text, c.JSON, text)
		}
	})
}

func checkContent(t *testing.T, msgType MsgType, content Content) {
	t.Helper()
	switch c := content.(type) {
	case nil:
		t.Error("no content")
	case *Undecoded:
		if c.Type != msgType {
			t.Errorf("undecoded is of type %v, want %v", c.Type, msgType)
		}
	case *Media:
		if c.Type != msgType || c.Size < -1 || c.Duration < UnknownDuration || c.Width < 0 || c.Height < 0 {
			t.Errorf("media %s", show(c))
		}
	case *MultiItem:
		for _, it := range c.Items {
			checkContent(t, it.MsgType, it.Content)
		}
	}
}
