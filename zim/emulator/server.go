package emulator

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"backscroll/zim"
)

const (
	maxBody    = 1 << 20   // bytes of a request's body that are read
	timeWindow = 600       // seconds a Timestamp may be off, both ways
	mediaPath  = "/media/" // what precedes the name of a media file
	jsonType   = "application/json; charset=utf-8"
)

// refusal is an answer with a Code that is not 0.
type refusal struct {
	code   zim.Code
	detail string
}

func (r *refusal) Error() string {
	if r.detail == "" {
		return r.code.String()
	}
	return r.code.String() + ": " + r.detail
}

func refuse(code zim.Code, detail string) *refusal { return &refusal{code, detail} }

// ServeHTTP answers a call, or serves a media file.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", e.clock().UTC().Format(http.TimeFormat))
	switch {
	case strings.HasPrefix(r.URL.Path, mediaPath):
		e.world.media.serve(w, r)
	case r.URL.Path != "/" && r.URL.Path != "":
		http.Error(w, "the emulator has / and "+mediaPath, http.StatusNotFound)
	case r.Method != methodOf(r.URL.Query().Get("Action")):
		allowed := methodOf(r.URL.Query().Get("Action"))
		w.Header().Set("Allow", allowed)
		send(w, http.StatusMethodNotAllowed, e.compose(nil, refuse(zim.ActionUnsupported, "only "+allowed+" is answered")))
	default:
		e.call(w, r)
	}
}

// methodOf returns the HTTP method by which an action is asked for.
func methodOf(action string) string {
	if action == "QueryUserOnlineState" {
		return http.MethodGet
	}
	return http.MethodPost
}

// call takes one API call from the hook to the answer.
func (e *Emulator) call(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	action := q.Get("Action")
	body, unread := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if r.Method == http.MethodGet { // its parameters are in the query
		body = marshal(map[string][]string{"UserIds": q["UserId[]"]})
	}
	if f := e.fault(action); f != nil {
		if !pause(r, f.Delay) {
			return
		}
		switch {
		case f.Status != 0:
			for k, v := range f.Header {
				w.Header()[k] = v
			}
			w.WriteHeader(f.Status)
			io.WriteString(w, f.Body)
			return
		case f.Code != 0:
			send(w, http.StatusOK, e.compose(nil, refuse(f.Code, "")))
			return
		}
	}
	if err := e.admit(action, q); err != nil {
		send(w, http.StatusOK, e.compose(nil, err))
		return
	}
	fault := e.turn(action, body)
	members, err := []byte(nil), refuse(zim.BodyUnreadable, "")
	if unread == nil {
		e.growing.RLock()
		members, err = actions[action](e, body, baseURL(r))
		e.growing.RUnlock()
	}
	e.deliver(w, r, fault, e.distort(e.compose(members, err)))
}

// admit checks the common parameters and the rate.
func (e *Emulator) admit(action string, q url.Values) *refusal {
	if err := e.authenticate(q); err != nil {
		return err
	}
	if _, ok := actions[action]; !ok {
		return refuse(zim.ActionUnsupported, strconv.Quote(action))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.limit > 0 && !e.rate.allow(e.clock(), 1) {
		return refuse(tooMany(action), fmt.Sprintf("%d calls a second", e.limit))
	}
	return nil
}

// tooMany is the code that a call gets when there were too many of them.
func tooMany(action string) zim.Code {
	if action == "QueryGroupMemberList" {
		return zim.MemberListRateLimited
	}
	return zim.RateLimited
}

// authenticate checks the common parameters, each with its own code. What is
// missing is said before what is wrong.
func (e *Emulator) authenticate(q url.Values) *refusal {
	appID, err := strconv.ParseUint(q.Get("AppId"), 10, 32)
	stamp, nonce, sign, version := q.Get("Timestamp"), q.Get("SignatureNonce"), q.Get("Signature"), q.Get("SignatureVersion")
	switch {
	case q.Get("Action") == "":
		return refuse(zim.ActionEmpty, "")
	case err != nil:
		return refuse(zim.AppIDMalformed, "")
	case stamp == "":
		return refuse(zim.TimestampEmpty, "")
	case nonce == "":
		return refuse(zim.NonceEmpty, "")
	case sign == "":
		return refuse(zim.SignatureEmpty, "")
	case version == "":
		return refuse(zim.VersionEmpty, "")
	case version != zim.SignatureVersion:
		return refuse(zim.VersionUnsupported, "")
	case uint32(appID) != e.appID:
		return refuse(zim.NoConfiguration, "")
	}
	unix, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return refuse(zim.TimestampMalformed, "")
	}
	now := e.clock().Unix()
	if unix < now-timeWindow || unix > now+timeWindow {
		return refuse(zim.SignatureExpired, "")
	}
	want := zim.Signature(e.appID, nonce, e.secret, unix)
	if subtle.ConstantTimeCompare([]byte(sign), []byte(want)) != 1 {
		return refuse(zim.WrongSignature, "")
	}
	return nil
}

// compose writes the head that every answer has, then the members of its own.
func (e *Emulator) compose(members []byte, err *refusal) []byte {
	head := struct {
		Code      zim.Code
		Message   string
		RequestId string
	}{Message: "success", RequestId: e.requestID()}
	if err != nil {
		head.Code, head.Message = err.code, err.Error()
	}
	b := marshal(head)
	if len(members) > 0 {
		b[len(b)-1] = ','
		b = append(append(b, members...), '}')
	}
	return b
}

// send writes a whole answer.
func send(w http.ResponseWriter, status int, answer []byte) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.WriteHeader(status)
	w.Write(answer)
}

// requestID returns a decimal number of 19 digits, another one each time, the
// same ones for the same seed.
func (e *Emulator) requestID() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.total++
	return strconv.FormatUint(1e18+mix(e.seed, e.total)%(8e18), 10)
}

// fault asks the hook about the next call of an action.
func (e *Emulator) fault(action string) *Fault {
	e.mu.Lock()
	e.calls[action]++
	n := e.calls[action]
	e.mu.Unlock()
	if e.hook == nil {
		return nil
	}
	return e.hook(action, n)
}

// pause waits, and reports false if the client went away first.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// baseURL is where the client reached the server, so that links to media work
// on any port and behind any name.
func baseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// window counts what happened in any span of one second. Its user holds the
// lock.
type window struct {
	limit int
	seen  []time.Time
}

// allow reports whether n more fit, and counts them if they do.
func (w *window) allow(now time.Time, n int) bool {
	w.seen = slices.DeleteFunc(w.seen, func(t time.Time) bool { return now.Sub(t) >= time.Second })
	if len(w.seen)+n > w.limit {
		return false
	}
	w.seen = append(w.seen, slices.Repeat([]time.Time{now}, n)...)
	return true
}

// marshal writes JSON as the service does: "<" stays "<".
func marshal(v any) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("emulator: " + err.Error())
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
