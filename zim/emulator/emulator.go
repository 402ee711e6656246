// Package emulator is the service in a box: an HTTP server that answers the
// history calls and look-ups of In-app Chat as the service does, from a world of
// its own.
//
// A request passes server.go (method, signature, rate), reaches its call in
// calls.go, lookups.go or people.go, and is answered with a page (pages.go) of rows
// (message.go, body.go). The world (world.go) is invented: the support desk of a
// small bicycle shop, written in the files world_*.go, mostly as scripts that
// script.go plays. It depends on a seed and on nothing else, so that the same
// seed gives the same bytes; data.go adds a chat from a file. Messages link to
// media that the same server draws and serves (media.go and its neighbours),
// with true sizes and MD5 sums.
//
// For those who test a client, the emulator misbehaves on request (faults.go
// names the ways, faults_wire.go and faults_answer.go have them), messages
// arrive (push.go) and become something else (alter.go), and a Liar stands before any server and lies about the
// connection, the handshake or the answer (liar.go and its neighbours).
//
// The package refuses to be clever about time and chance: the emulator reads no
// clock but the one it was given, the world ends at Epoch whatever the date is,
// and the same calls meet the same faults. Only a Liar's certificates know the
// machine's date. Nothing changes when it is called, so no call can write.
package emulator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"backscroll/zim"
)

// AppID is the AppId of the sample app.
const AppID uint32 = 1041200

// ServerSecret is the secret of the sample app, for clients in other processes.
// It is as invented as the rest of the world, and opens nothing else.
const ServerSecret = "0ddba11c0ffee0ddba11c0ffee0ddba1"

// Secret returns ServerSecret, ready to sign with.
func Secret() zim.Secret {
	s, err := zim.NewSecret(ServerSecret)
	must(err)
	return s
}

// Emulator is an http.Handler that behaves as the service: the API at /, the
// media under /media/. It may be used by many goroutines at once.
type Emulator struct {
	config
	world   *world
	growing sync.RWMutex // Push holds it to write, a call to read the world

	mu       sync.Mutex
	calls    map[string]int // how many of each action were seen
	total    uint64         // answers given, for the RequestId
	rate     window         // of calls
	messages window         // of messages looked up
	turns    turns
}

type config struct {
	seed   uint64
	appID  uint32
	secret zim.Secret
	clock  func() time.Time
	limit  int
	large  bool
	hook   func(action string, n int) *Fault
	faults []FaultName
	pace   time.Duration // of the faults that take time
	extra  []func(*world)
}

// Option changes an Emulator while New makes it.
type Option func(*config)

// WithSeed chooses another world: the same shop with other numbers, other small
// talk and other tokens. The default is 1.
func WithSeed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// WithApp replaces the credentials of the sample app.
func WithApp(appID uint32, secret zim.Secret) Option {
	return func(c *config) { c.appID, c.secret = appID, secret }
}

// WithClock replaces time.Now, by which signatures expire, calls are counted
// and the Date header is written.
func WithClock(now func() time.Time) Option { return func(c *config) { c.clock = now } }

// WithRate sets how many calls, of all actions together, are answered in any
// span of one second; those beyond get 660300005. The default is 20; 0 is no
// limit.
func WithRate(callsPerSecond int) Option { return func(c *config) { c.limit = callsPerSecond } }

// WithLargeNext makes every Next larger than 2^53, and at most 2^63-1: a client
// that passes one through a float fails.
func WithLargeNext() Option { return func(c *config) { c.large = true } }

// Fault is what a hook does to one call. The zero Fault does nothing.
type Fault struct {
	// Delay passes before anything else happens.
	Delay time.Duration
	// Status, if it is not 0, is answered at once, with Header and Body.
	Status int
	Header http.Header
	Body   string
	// Code, if it is not 0, is answered in the service's own form.
	Code zim.Code
}

// WithHook calls f before a call is looked at, from the goroutine that serves
// it. n counts the calls of that action from 1. A nil Fault lets the call
// through.
func WithHook(f func(action string, n int) *Fault) Option {
	return func(c *config) { c.hook = f }
}

// WithUser registers a user, or renames one.
func WithUser(id, name string) Option {
	return func(c *config) {
		c.extra = append(c.extra, func(w *world) { w.users[id] = name })
	}
}

// WithPeerHistory gives from's list of the chat with to, oldest message first,
// in place of the one the world may have; to's list of it stays as it is. Each
// message is sent byte for byte, so it may be as wrong as a test needs it to
// be. Both users are registered. The conversation's UpdateTime is the last
// MsgTime that can be read, or Epoch.
func WithPeerHistory(from, to string, raw ...json.RawMessage) Option {
	return func(c *config) {
		c.extra = append(c.extra, func(w *world) {
			w.register(from, to)
			w.keep(from, to, thread(verbatim(raw)))
		})
	}
}

// WithGroupHistory gives a group's list as WithPeerHistory does one user's. The
// members are registered and have the group among their conversations.
func WithGroupHistory(groupID string, members []string, raw ...json.RawMessage) Option {
	return func(c *config) {
		c.extra = append(c.extra, func(w *world) {
			w.register(members...)
			g := &group{name: groupID, created: Epoch.UnixMilli(), list: thread(verbatim(raw))}
			for i, id := range members {
				g.members = append(g.members, member{id: id, role: roleOf(i)})
			}
			w.groups[groupID] = g
		})
	}
}

// New returns the sample world, ready to serve.
func New(opts ...Option) *Emulator {
	c := config{seed: 1, appID: AppID, secret: Secret(), clock: time.Now, limit: 20, pace: time.Second}
	for _, o := range opts {
		o(&c)
	}
	c.apply()
	e := &Emulator{config: c, world: sample(c.seed), calls: map[string]int{},
		rate: window{limit: c.limit}, messages: window{limit: maxSeqRate}, turns: newTurns(c.faults)}
	for _, add := range c.extra {
		add(e.world)
	}
	return e
}

// Serve listens on addr ("" is a free port of 127.0.0.1) and serves until ctx
// is done or stop is called, which cuts open connections and waits until the
// server is gone. The URL has no slash at its end.
func (e *Emulator) Serve(ctx context.Context, addr string) (url string, stop func(), err error) {
	var lc net.ListenConfig
	addr = cmp.Or(addr, "127.0.0.1:0")
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, fmt.Errorf("emulator: listen on %s: %w; another --listen address may be free", addr, unwrapOp(err))
	}
	srv := &http.Server{Handler: e, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	var wg sync.WaitGroup
	wg.Go(func() { srv.Serve(l) })
	forget := context.AfterFunc(ctx, func() { srv.Close() })
	stop = func() {
		forget()
		srv.Close()
		wg.Wait()
	}
	return "http://" + l.Addr().String(), stop, nil
}

// unwrapOp drops "listen tcp ADDR", which the caller has said already.
func unwrapOp(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}
