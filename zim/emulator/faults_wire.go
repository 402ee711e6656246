package emulator

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"backscroll/zim"
)

const tooLarge = 33 << 20 // bytes: more than a client should take

// loginPage is what a proxy that wants a password answers to everything.
const loginPage = `<!DOCTYPE html>
<html><head><title>Guest network</title></head>
<body><h1>Welcome to the guest network</h1>
<p>Please <a href="http://login.example.com/">sign in</a> to go on.</p></body></html>
`

// deliver sends the answer, or what a fault makes of it.
func (e *Emulator) deliver(w http.ResponseWriter, r *http.Request, f FaultName, answer []byte) {
	switch f {
	case FaultRate:
		send(w, http.StatusOK, e.compose(nil, refuse(tooMany(r.URL.Query().Get("Action")), "")))
	case FaultBusy:
		send(w, http.StatusOK, e.compose(nil, refuse(zim.ServiceBusy, "")))
	case FaultHTTP500:
		http.Error(w, "internal server error", http.StatusInternalServerError)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, loginPage)
	case FaultTruncate:
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		w.Write(answer[:len(answer)/2]) // less than was promised: the server hangs up
	case FaultReset:
		reset(w)
	case FaultSlow:
		if pause(r, 2*e.pace) {
			send(w, http.StatusOK, answer)
		}
	case FaultDrip:
		drip(w, r, e.pace, answer)
	case FaultHang:
		<-r.Context().Done()
	case FaultBigBody:
		inflate(w, answer)
	case FaultRedirect:
		http.Redirect(w, r, "https://elsewhere.example.com"+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	default:
		send(w, http.StatusOK, answer)
	}
}

// reset ends the connection in the rudest way, or panics with
// http.ErrAbortHandler where there is none to be had.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	cut(conn)
}

// cut closes a connection with a RST in place of a FIN.
func cut(conn net.Conn) {
	inner := conn
	if c, ok := conn.(*tls.Conn); ok {
		inner = c.NetConn()
	}
	if c, ok := inner.(*net.TCPConn); ok {
		c.SetLinger(0)
	}
	inner.Close()
}

// inflate sends a whole answer with a lot of white space after its first byte.
func inflate(w http.ResponseWriter, answer []byte) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)+tooLarge))
	w.Write(answer[:1])
	blank := bytes.Repeat([]byte(" "), 1<<16)
	for range tooLarge / len(blank) {
		if _, err := w.Write(blank); err != nil {
			return
		}
	}
	w.Write(answer[1:])
}

// drip sends a whole answer, a byte at a time.
func drip(w http.ResponseWriter, r *http.Request, pace time.Duration, answer []byte) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	out := http.NewResponseController(w)
	for i := range answer {
		if out.Flush() != nil || !pause(r, pace) {
			return
		}
		w.Write(answer[i : i+1])
	}
}
