package zim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kinds are messages as chats have them: text of several scripts, a media body
// that is URL-encoded, a custom one that is JSON, a recalled one. %[1]d is a
// MsgSeq. They have 395 bytes on average, a page of 100 about 40 KB.
var kinds = []string{
	`{"Sender":"user_1","MsgType":1,"MsgBody":"Is the blue frame in 54 still there? I would come by on Friday after work, if you keep it for me until then.","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_8","MsgType":12,"MsgBody":"%%7B%%22md5%%22%%3A%%2241cf8000eb8ffaacb6f6f66270492b96%%22%%2C%%22file_name%%22%%3A%%22invoice_23995.pdf%%22%%2C%%22file_size%%22%%3A%%2217665531%%22%%2C%%22download_url%%22%%3A%%22https%%3A%%2F%%2Fstorage.example.com%%2Fzim%%2Fcbfe2177%%2F8972bb49e8f2cef2278fbe41a3cbf618.pdf%%22%%7D","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_0","MsgType":1,"MsgBody":"蓝色的车架还在吗？我想周五下班以后过来看一下，可以帮我留到那时候吗？谢谢你，周五见！","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"{\"trace\":\"39be4e649ef1\",\"v\":1}","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_15","MsgType":11,"MsgBody":"%%7B%%22md5%%22%%3A%%22f4fac406eb28b5696fd81f798f67c425%%22%%2C%%22file_name%%22%%3A%%22frame_10929.png%%22%%2C%%22file_size%%22%%3A%%2237261460%%22%%2C%%22download_url%%22%%3A%%22https%%3A%%2F%%2Fstorage.example.com%%2Fzim%%2F6849fa6b%%2Fed5c7026bfabca1dff64626067068f92.png%%22%%2C%%22origin_image_width%%22%%3A3906%%2C%%22origin_image_height%%22%%3A2599%%2C%%22large_image_download_url%%22%%3A%%22https%%3A%%2F%%2Fstorage.example.com%%2Fzim%%2F6849fa6b%%2Fed5c7026bfabca1dff64626067068f92_l.png%%22%%7D","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_7","MsgType":200,"SubMsgType":110,"MsgBody":"{\"order\":1041,\"state\":\"paid\",\"items\":[{\"sku\":\"HER-54-G\",\"qty\":1},{\"sku\":\"BELL-2\",\"qty\":2}],\"note\":\"ring twice\"}","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
}

// samplePage returns an answer of n messages, newest first, from the MsgSeq
// last down, that goes on at next.
func samplePage(n, last, next int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"Code":0,"Message":"success","RequestId":"343649807833778782","Next":%d,"List":[`, next)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, kinds[i%len(kinds)], last-i)
	}
	return []byte(b.String() + "]}")
}

// fullPage is a page with every message decoded, as a program without raw
// messages has it.
type fullPage struct {
	Code      int64
	Message   string
	RequestId string
	Next      json.Number
	List      []struct {
		Sender     string
		MsgType    int64
		SubMsgType int64
		MsgBody    string
		MsgId      int64
		MsgSeq     int64
		Payload    string
		MsgTime    int64
		IsEmpty    int64
	}
}

// BenchmarkReadMessagePage reads a page of 100 messages, 40 KB, to a list.
func BenchmarkReadMessagePage(b *testing.B) {
	body := samplePage(100, 9000, 5)
	b.Run("split", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if len(ReadMessagePage(body).List) != 100 {
				b.Fatal("messages lost")
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var p fullPage
			if json.Unmarshal(body, &p) != nil || len(p.List) != 100 {
				b.Fatal("messages lost")
			}
		}
	})
}

// TestPageAllocations holds what a page costs besides its own bytes: the list,
// and the page itself.
func TestPageAllocations(t *testing.T) {
	body := samplePage(100, 9000, 5)
	if n := testing.AllocsPerRun(100, func() { ReadMessagePage(body) }); n > 4 {
		t.Errorf("a page of 100 messages takes %v allocations", n)
	}
}

// BenchmarkWalk walks 100,000 messages in 1,000 pages over loopback, without a
// limiter: as the client does, with every message in a list; with a plain
// client that reads the same bytes and drops them; and with one that decodes
// all of them. The three take turns, so that their ratios hold on a busy
// machine; the figures are ms for a walk.
func BenchmarkWalk(b *testing.B) {
	const pages, perPage = 1000, 100
	answers := make([][]byte, pages)
	for i := range answers {
		answers[i] = samplePage(perPage, (pages-i)*perPage, (i+1)%pages)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Next int }
		if json.NewDecoder(r.Body).Decode(&asked) != nil || asked.Next >= pages {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(answers[asked.Next])))
		w.Write(answers[asked.Next])
	}))
	defer server.Close()
	secret, err := NewSecret(testSecret)
	if err != nil {
		b.Fatal(err)
	}
	client, err := NewClient(12345, secret, WithEndpoint(server.URL), WithRate(0))
	if err != nil {
		b.Fatal(err)
	}
	plain := func(read func(io.Reader)) {
		for i := range pages {
			resp, err := http.Post(server.URL, "application/json", strings.NewReader(fmt.Sprintf(`{"Next":%d}`, i)))
			if err != nil {
				b.Fatal(err)
			}
			read(resp.Body)
			resp.Body.Close()
		}
	}
	walks := []struct {
		name string
		do   func()
	}{
		{"ms-client", func() { walkAll(b, client, pages*perPage) }},
		{"ms-bytes", func() { plain(func(r io.Reader) { io.Copy(io.Discard, r) }) }},
		{"ms-encoding-json", func() {
			plain(func(r io.Reader) {
				var p fullPage
				if err := json.NewDecoder(r).Decode(&p); err != nil || len(p.List) != perPage {
					b.Fatal(err)
				}
			})
		}},
	}
	took := make([]time.Duration, len(walks))
	for b.Loop() {
		for i, w := range walks {
			start := time.Now()
			w.do()
			took[i] += time.Since(start)
		}
	}
	for i, w := range walks {
		b.ReportMetric(float64(took[i].Milliseconds())/float64(b.N), w.name)
	}
	b.ReportMetric(float64(took[0])/float64(took[1]), "x-bytes")
	b.ReportMetric(float64(took[2])/float64(took[0]), "x-faster-than-json")
}

func walkAll(b *testing.B, c *Client, messages int) {
	b.Helper()
	request := QueryGroupMsgRequest{GroupId: "g", Limit: MaxMessages, WithEmptyMsg: 1}
	for got := 0; ; {
		page, err := c.QueryGroupMsg(b.Context(), request)
		if err != nil {
			b.Fatal(err)
		}
		if got += len(page.List); page.Next.End() {
			if got != messages {
				b.Fatalf("%d messages of %d", got, messages)
			}
			return
		}
		request.Next = page.Next
	}
}
