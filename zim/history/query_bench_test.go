package history

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"backscroll/zim"
)

// benchKinds are messages as chats have them, in several scripts and encodings.
// %[1]d is a MsgSeq. They have 395 bytes on average.
var benchKinds = []string{
	`{"Sender":"user_1","MsgType":1,"MsgBody":"Is the blue frame in 54 still there? I would come by on Friday after work, if you keep it for me until then.","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_8","MsgType":12,"MsgBody":"%%7B%%22md5%%22%%3A%%2241cf8000eb8ffaacb6f6f66270492b96%%22%%2C%%22file_name%%22%%3A%%22invoice_23995.pdf%%22%%2C%%22file_size%%22%%3A%%2217665531%%22%%2C%%22download_url%%22%%3A%%22https%%3A%%2F%%2Fstorage.example.com%%2Fzim%%2Fcbfe2177%%2F8972bb49e8f2cef2278fbe41a3cbf618.pdf%%22%%7D","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_0","MsgType":1,"MsgBody":"蓝色的车架还在吗？我想周五下班以后过来看一下，可以帮我留到那时候吗？谢谢你，周五见！","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"{\"trace\":\"39be4e649ef1\",\"v\":1}","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_15","MsgType":11,"MsgBody":"%%7B%%22md5%%22%%3A%%22f4fac406eb28b5696fd81f798f67c425%%22%%2C%%22file_name%%22%%3A%%22%%E8%%93%%9D%%E8%%89%%B2%%E8%%BD%%A6%%E6%%9E%%B6_10929.png%%22%%2C%%22file_size%%22%%3A%%2237261460%%22%%2C%%22download_url%%22%%3A%%22https%%3A%%2F%%2Fstorage.example.com%%2Fzim%%2F6849fa6b%%2Fed5c7026bfabca1dff64626067068f92.png%%22%%2C%%22origin_image_width%%22%%3A3906%%2C%%22origin_image_height%%22%%3A2599%%2C%%22large_image_download_url%%22%%3A%%22https%%3A%%2F%%2Fstorage.example.com%%2Fzim%%2F6849fa6b%%2Fed5c7026bfabca1dff64626067068f92_l.png%%22%%7D","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_7","MsgType":200,"SubMsgType":110,"MsgBody":"{\"order\":1041,\"state\":\"paid\",\"items\":[{\"sku\":\"HER-54-G\",\"qty\":1},{\"sku\":\"BELL-2\",\"qty\":2}],\"note\":\"ring twice\"}","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_3","MsgType":1,"MsgBody":"\u042f \u0437\u0430\u0435\u0434\u0443 \u0432 \u043f\u044f\u0442\u043d\u0438\u0446\u0443 \u043f\u043e\u0441\u043b\u0435 \u0440\u0430\u0431\u043e\u0442\u044b","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_4","MsgType":1,"MsgBody":"Рама ещё на месте? Я заеду в пятницу после работы, если вы её придержите.","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
	`{"Sender":"user_12","MsgType":1,"MsgBody":"<b>Salut</b>, le cadre bleu est-il toujours l\u00e0 ? Je passerais vendredi apr\u00e8s le travail & je paie comptant \ud83d\ude42","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`,
}

// benchRare is one message in 10,000.
const benchRare = `{"Sender":"user_1","MsgType":1,"MsgBody":"The courier said Wednesday; the derailleur and the 拨链器 come together.","MsgId":97150378567%07[1]d,"MsgSeq":%[1]d,"Payload":"","MsgTime":16411892%05[1]d,"IsEmpty":0}`

// benchHistory returns 100,000 messages in 1,000 pages, 36 MB, and the pages.
var benchHistory = sync.OnceValues(func() (list []zim.Message, pages [][]byte) {
	const perPage, all = 100, 100_000
	for last := all; last > 0; last -= perPage {
		var b strings.Builder
		b.WriteString(`{"Code":0,"Message":"success","RequestId":"343649807833778782","Next":1,"List":[`)
		for i := range perPage {
			if i > 0 {
				b.WriteByte(',')
			}
			kind := benchKinds[i%len(benchKinds)]
			if (last-i)%10_000 == 77 {
				kind = benchRare
			}
			fmt.Fprintf(&b, kind, last-i)
		}
		page := []byte(b.String() + "]}")
		pages = append(pages, page)
		list = append(list, zim.ReadMessagePage(page).List...)
	}
	return list, pages
})

// BenchmarkFind looks for queries in 100,000 messages and reports ms for each,
// and how many times longer that takes than bytes.Index over the same pages, which
// takes turns with it.
func BenchmarkFind(b *testing.B) {
	list, pages := benchHistory()
	for _, query := range []struct {
		name, typed string
		hits        int // -1: many
	}{
		{"rare", "derailleur", 10},
		{"rare-with-case", "Wednesday", 10},
		{"rare-of-common-letters", "the courier", 10},
		{"absent", "zeppelin", 0},
		{"common", "frame", -1},
		{"wire-name", "sender", 0},
		{"wire-name-in-media", "file_name", 0},
		{"digits", "54", -1},
		{"id", "971503785670000077", 1},
		{"chinese-rare", "拨链器", 10},
		{"chinese-common", "车架", -1},
		{"russian", "пятницу", -1},
		{"russian-absent", "понедельник", 0},
		{"emoji", "🙂", -1},
		{"regexp-literal", `/de\w+lleur/`, 10},
		{"regexp-no-literal", `/[dw]\w+lle?ur|wed.{2}sday/`, 10},
		{"no-anchor", "!?!", 0},
	} {
		b.Run(query.name, func(b *testing.B) {
			q, err := ParseQuery(query.typed)
			if err != nil {
				b.Fatal(err)
			}
			var ours, index time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				found, err := q.Find(b.Context(), list)
				if err != nil || query.hits >= 0 && len(found) != query.hits || query.hits < 0 && len(found) < 1000 {
					b.Fatalf("%d hits, %v", len(found), err)
				}
				between := time.Now()
				for _, page := range pages {
					if bytes.Contains(page, []byte("zeppelin")) {
						b.Fatal("bytes.Index finds what is not there")
					}
				}
				ours, index = ours+between.Sub(start), index+time.Since(between)
			}
			b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), "ms/100k")
			b.ReportMetric(float64(ours)/float64(index), "x-index")
		})
	}
}
