// Command zimserve serves one group chat as the service does, from pages that
// are ready before anybody asks, so that it is not what is measured.
//
//	zimserve -file chat.jsonl [-listen 127.0.0.1:0] [-delay 60ms] [-spread 9ms] [-qps 20]
//
// The file has a message a line, newest first. -delay is a round trip, -spread
// what may come on top, by chance: else answers to a program with a frame clock
// always come at the same moment of it. Beyond -qps calls in a second it answers 660300005, as the service does. Signatures
// are not looked at. The first line of its output is its address; GET /stats
// is what was asked of it so far.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	file := flag.String("file", "", "messages, one a line, newest first")
	listen := flag.String("listen", "127.0.0.1:0", "address")
	delay := flag.Duration("delay", 0, "wait before each answer")
	spread := flag.Duration("spread", 0, "wait up to so much longer")
	qps := flag.Int("qps", 0, "calls a second; 0 is no limit")
	flag.Parse()
	log.SetFlags(0)
	raw, err := os.ReadFile(*file)
	if err != nil {
		log.Fatal(err)
	}
	s := &service{pages: cut(raw), delay: *delay, spread: *spread, qps: *qps}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("http://" + listener.Addr().String())
	server := http.Server{Handler: s, ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.count(func(st *stats) { st.Connections++ })
		}
	}}
	log.Fatal(server.Serve(listener))
}

// perPage is the messages of a page, whatever Limit asks for.
const perPage = 100

// cut returns the pages of messages as they are answered. Next of page i is
// opaque to a client: only pageOf reads it.
func cut(raw []byte) (pages [][]byte) {
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	for i := 0; i < len(lines); i += perPage {
		end, next := min(i+perPage, len(lines)), 0
		if end < len(lines) {
			next = (end/perPage)*7919 + 1
		}
		pages = append(pages, fmt.Appendf(nil, `{"Code":0,"Message":"success","RequestId":"%d","Next":%d,"List":[%s]}`,
			343649807833778782+i, next, bytes.Join(lines[i:end], []byte(","))))
	}
	return pages
}

func pageOf(next int) int { return next / 7919 }

// stats is what was asked so far; the walk from the newest message began with
// an answer that was sent at Answered, ns on the clock that the whole machine
// shares.
type stats struct {
	Connections, Calls, Refused int
	Answered                    int64
}

type service struct {
	pages         [][]byte
	delay, spread time.Duration
	qps           int

	mu       sync.Mutex
	stats    stats
	second   int64 // the one that inSecond counts the calls of
	inSecond int
}

func (s *service) count(f func(*stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stats)
}

// refuses counts a call, and reports whether it is one too many.
func (s *service) refuses() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Calls++
	if now := time.Now().Unix(); now != s.second {
		s.second, s.inSecond = now, 0
	}
	s.inSecond++
	if s.qps == 0 || s.inSecond <= s.qps {
		return false
	}
	s.stats.Refused++
	return true
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/stats" {
		s.count(func(st *stats) { json.NewEncoder(w).Encode(st) })
		return
	}
	asked := question{}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	time.Sleep(s.delay + rand.N(s.spread+1))
	if s.refuses() {
		fmt.Fprint(w, `{"Code":660300005,"Message":"too many calls","RequestId":"1"}`)
		return
	}
	action := r.URL.Query().Get("Action")
	body := s.answer(action, asked)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if action == "QueryGroupMsg" && asked.Next == 0 {
		s.count(func(st *stats) { st.Answered = monotonic() })
	}
	w.Write(body)
}

type question struct {
	Next    int
	UserIds []string
}

func (s *service) answer(action string, asked question) []byte {
	switch action {
	case "QueryGroupMsg":
		if i := pageOf(asked.Next); i >= 0 && i < len(s.pages) {
			return s.pages[i]
		}
		return []byte(`{"Code":660000002,"Message":"no such page","RequestId":"1"}`)
	case "QueryGroupInfo":
		return []byte(`{"Code":0,"Message":"success","RequestId":"1","GroupName":"The history"}`)
	case "QueryUserInfos":
		type user struct{ UserId, UserName string }
		answer := struct {
			Code               int
			Message, RequestId string
			Result             []user
			ErrorList          []string
		}{0, "success", "1", nil, []string{}}
		for _, id := range asked.UserIds {
			answer.Result = append(answer.Result, user{id, "Name of " + id})
		}
		body, err := json.Marshal(answer)
		if err != nil {
			panic(err) // strings only
		}
		return body
	}
	return []byte(`{"Code":100000007,"Message":"unsupported action","RequestId":"1"}`)
}

// monotonic is the time in ns on the clock that ptybench reads, too.
func monotonic() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(err) // every Linux has it
	}
	return t.Nano()
}
