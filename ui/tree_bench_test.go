package ui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"backscroll/zim/history"
)

// largeBodies are texts of about so many bytes.
func largeBodies(n int) map[string][]byte {
	record := `{"id":971503777289036701,"name":"a record of an order","tags":["x","y\n"],"paid":true},`
	records := "[" + strings.Repeat(record, n/len(record)) + `null]`
	return map[string][]byte{
		"numbers": []byte("[" + strings.Repeat("1,", n/2) + "1]"),
		"records": []byte(records),
		"folded":  []byte(`{"a":{"list":` + records + `},"b":1}`),
		"string":  fmt.Appendf(nil, `{"MsgBody":%q,"MsgId":1}`, records[:len(records)*4/5]+"]"),
		"words":   []byte(`{"text":"` + strings.Repeat("the quick brown fox ", n/20) + `","MsgId":1}`),
		"deep":    bytes.Repeat([]byte("["), n),
	}
}

func benchLook() look { return look{styles: newStyles(true), now: time.Now} }

func BenchmarkTree(b *testing.B) {
	const w, h = 100, 50
	query, err := history.ParseQuery("nowhere to be found")
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{1 << 20, 32 << 20} {
		for name, raw := range largeBodies(size) {
			open := func() *tree {
				t := newTree(raw, benchLook())
				t.resize(w, h)
				t.view(true)
				return t
			}
			run := func(what string, do func(t *tree)) {
				b.Run(fmt.Sprintf("%s/%s/%dMiB", what, name, size>>20), func(b *testing.B) {
					b.ReportAllocs()
					t := open()
					for b.Loop() {
						do(t)
					}
				})
			}
			run("open", func(*tree) { open() })
			run("line", func(t *tree) {
				t.move(1)
				t.view(true)
			})
			run("page", func(t *tree) {
				t.move(h - 1)
				t.view(true)
			})
			run("last", func(*tree) {
				t := open()
				t.last()
				t.view(true)
			})
			run("unfoldAll", func(t *tree) { t.unfoldAll() })
			run("find", func(t *tree) {
				for t.find(query, 1, true); t.finding(); {
					t.seek()
				}
			})
			run("seek", func(t *tree) {
				if !t.finding() {
					t.find(query, 1, true)
				}
				t.seek()
			})
		}
	}
}
