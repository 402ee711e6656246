// Command walk goes through the whole chat that zimserve serves and prints how
// many ms that took, without the start of the process.
//
//	walk client URL   as backscroll does, without its limiter; every message is kept
//	walk bytes URL    with net/http alone, which reads the same bytes and drops them
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
)

const (
	appID  = 12345 // zimserve takes any
	secret = "0123456789abcdef0123456789abcdef"
)

func main() {
	log.SetFlags(0)
	walks := map[string]func(string) (int, error){"client": client, "bytes": bytesOnly}
	if len(os.Args) != 3 || walks[os.Args[1]] == nil {
		log.Fatal("walk client|bytes URL")
	}
	start := time.Now()
	pages, err := walks[os.Args[1]](os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(float64(time.Since(start).Microseconds())/1000, pages)
}

// client returns the number of pages it had, the history being kept meanwhile.
func client(url string) (pages int, err error) {
	s, err := zim.NewSecret(secret)
	if err != nil {
		return 0, err
	}
	c, err := zim.NewClient(appID, s, zim.WithEndpoint(url), zim.WithRate(0))
	if err != nil {
		return 0, err
	}
	walk := history.Chat{Group: "g"}.Walk(context.Background(), c, history.WalkOptions{})
	kept := 0
	for fresh, err := range walk.Pages() {
		if err != nil {
			return 0, err
		}
		pages, kept = pages+1, kept+len(fresh)
	}
	if n := walk.History().Len(); n != kept {
		return 0, fmt.Errorf("%d messages came and %d were kept", kept, n)
	}
	return pages, nil
}

// bytesOnly looks for nothing but Next, without which there is no next page.
func bytesOnly(url string) (pages int, err error) {
	head := make([]byte, 128)
	for next := "0"; ; {
		resp, err := http.Post(url+"/?Action=QueryGroupMsg", "application/json", strings.NewReader(`{"GroupId":"g","Limit":100,"Next":`+next+`}`))
		if err != nil {
			return 0, err
		}
		_, err = io.ReadFull(resp.Body, head)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
		}
		resp.Body.Close()
		if err != nil {
			return 0, err
		}
		pages++
		_, rest, ok := strings.Cut(string(head), `"Next":`)
		if next, _, _ = strings.Cut(rest, ","); !ok {
			return 0, fmt.Errorf("page %d has no Next", pages)
		}
		if next == "0" {
			return pages, nil
		}
	}
}
