package emulator

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const bombSize = 40 << 20 // bytes, once unpacked

// bomb is a JSON object of bombSize bytes, packed.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	must(err)
	blank := bytes.Repeat([]byte(" "), 1<<20)
	io.WriteString(z, "{")
	for range bombSize/len(blank) - 1 {
		z.Write(blank)
	}
	z.Write(append(blank[2:], `}`...))
	must(z.Close())
	return b.Bytes()
})

// captured is an answer that has not been sent.
type captured struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *captured) Header() http.Header { return c.header }

func (c *captured) WriteHeader(status int) { c.status = cmp.Or(c.status, status) }

func (c *captured) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

// head returns the status line and the headers, up to the body of length bytes.
func (c *captured) head(length int) []byte {
	var b bytes.Buffer
	c.header.Set("Content-Length", strconv.Itoa(length))
	b.WriteString("HTTP/1.1 " + strconv.Itoa(c.status) + " " + http.StatusText(c.status) + "\r\n")
	c.header.Write(&b)
	b.WriteString("\r\n")
	return b.Bytes()
}

// serve answers a request, truly or not.
func (l *Liar) serve(w http.ResponseWriter, r *http.Request) {
	if l.Lie.level() != ofRequest || !l.lies() {
		l.Next.ServeHTTP(w, r)
		return
	}
	truth := &captured{header: http.Header{}}
	l.Next.ServeHTTP(truth, r)
	truth.WriteHeader(http.StatusOK)
	switch l.Lie {
	case LieDrip:
		drip(w, r, cmp.Or(l.Pace, time.Second), truth.body.Bytes())
	case LieBigHead:
		w.Header().Set("X-Padding", strings.Repeat("x", 1<<20))
		send(w, truth.status, truth.body.Bytes())
	case LieEndless:
		w.Header().Set("Content-Type", jsonType)
		for chunk := bytes.Repeat([]byte(" "), 1<<16); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	case LieBomb:
		w.Header().Set("Content-Encoding", "gzip")
		send(w, truth.status, bomb())
	case Lie429, Lie429Day, Lie503Date, Lie503Past, Lie503Garbage, Lie407, Lie307:
		l.refuse(w, r)
	default:
		l.hijack(w, truth)
	}
}

// refuse answers with a status that is no success.
func (l *Liar) refuse(w http.ResponseWriter, r *http.Request) {
	now := time.Now
	if l.Now != nil {
		now = l.Now
	}
	later := func(d time.Duration) string { return now().Add(d).UTC().Format(http.TimeFormat) }
	name, value, status := "Retry-After", "", http.StatusServiceUnavailable
	switch l.Lie {
	case Lie429:
		value, status = "2", http.StatusTooManyRequests
	case Lie429Day:
		value, status = "86400", http.StatusTooManyRequests
	case Lie503Date:
		value = later(2 * time.Second)
	case Lie503Past:
		value = later(-time.Hour)
	case Lie503Garbage:
		value = "soon"
	case Lie407:
		name, value, status = "Proxy-Authenticate", `Basic realm="Example Company"`, http.StatusProxyAuthRequired
	case Lie307:
		name, value, status = "Location", "https://elsewhere.example.com"+r.URL.RequestURI(), http.StatusTemporaryRedirect
	}
	w.Header().Set(name, value)
	http.Error(w, http.StatusText(status), status)
}

// hijack takes the connection from the server, to say on it what no server
// would.
func (l *Liar) hijack(w http.ResponseWriter, truth *captured) {
	l.gone.Add(1)
	defer l.gone.Done()
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	body := truth.body.Bytes()
	head, half := truth.head(len(body)), body[:len(body)/2]
	switch l.Lie {
	case LieMuteHead:
		await(conn)
	case LieMuteBody:
		conn.Write(head)
		conn.Write(half)
		await(conn)
	case LieResetHead:
		conn.Write(head[:len(head)/2])
		cut(conn)
	case LieResetBody:
		conn.Write(head)
		conn.Write(half)
		cut(conn)
	case LieStale:
		conn.Write(head)
		conn.Write(body)
		await(conn)
		cut(conn)
	case LieGarbage:
		io.WriteString(conn, "\x1b]0;owned\a SSH-2.0-not-a-web-server\r\n\r\n")
	case LieLong:
		conn.Write(truth.head(len(body) + 10))
		conn.Write(body)
	case LieShort:
		conn.Write(truth.head(len(half)))
		conn.Write(body)
		await(conn)
	}
}

// await returns when the other side has said something or gone.
func await(conn net.Conn) { conn.Read(make([]byte, 1)) }
