package keys

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// CallArg is the only argument of a process that is to answer one call of the
// keyring, with [ServeCall]. Nobody types it: a [System] starts the program it
// is part of with it.
const CallArg = "keyring-call"

// maxMessage is the size of what the two processes send each other, in bytes. An
// item is a hundred bytes for each profile.
const maxMessage = 1 << 20

// verb is what is asked of the keyring.
type verb int

const (
	get verb = iota
	set
	del
)

// request is a call as the child reads it: one line of JSON. Texts that may be
// no UTF-8 are bytes, which JSON keeps as they are.
type request struct {
	Do      verb
	Service string
	Account string
	Value   []byte `json:",omitempty"`
}

// A stage is what the child waits for: where it is when it is killed.
type stage int

const (
	asksNobody stage = iota
	asksBus
	asksService
	asksItem
)

// stuck is the state of a keyring that does not answer at this stage.
func (s stage) stuck() State {
	switch s {
	case asksBus:
		return MuteBus
	case asksService:
		return MuteService
	}
	return TimedOut
}

// answer is what the library made of a request.
type answer struct {
	Value  []byte `json:",omitempty"`
	Failed bool   `json:",omitempty"`
	State  State  `json:",omitempty"` // says why, if Failed
	Cause  string `json:",omitempty"` // says more, or nothing
}

// report is what the child writes: a line for each stage it reaches, then one
// with the answer.
type report struct {
	Stage  stage   `json:",omitempty"`
	Answer *answer `json:",omitempty"`
}

// ServeCall is the whole of a process that was started with [CallArg]. It reads
// a request from in, asks the keyring, and writes what came of it to out. The
// process ends early, with exit code 1, when in does: nobody waits any more. The
// error is that of a request that cannot be read, or of a failed write.
func ServeCall(in io.Reader, out io.Writer) error {
	line, err := bufio.NewReader(io.LimitReader(in, maxMessage)).ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read a call of the keyring: %w", err)
	}
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return errors.New("read a call of the keyring: not as backscroll writes it") // err may quote it
	}
	go func() {
		io.Copy(io.Discard, in)
		os.Exit(1)
	}()
	reports := json.NewEncoder(out)
	reached := func(s stage) { _ = reports.Encode(report{Stage: s}) } // the answer fails likewise
	approach(reached)
	reached(asksItem)
	a := ask(goKeyring{}, r)
	return reports.Encode(report{Answer: &a})
}

// ask puts a request to the library, which may never return.
func ask(l library, r request) (a answer) {
	defer func() {
		// The library asserts types on what the bus sends.
		if p := recover(); p != nil {
			a = answer{Failed: true, Cause: fmt.Sprintf("the keyring library panicked: %v", p)}
		}
	}()
	var value string
	var err error
	switch r.Do {
	case get:
		value, err = l.Get(r.Service, r.Account)
	case set:
		err = l.Set(r.Service, r.Account, string(r.Value))
	case del:
		err = l.Delete(r.Service, r.Account)
	default:
		err = errors.New("no such call")
	}
	if err != nil {
		return answer{Failed: true, State: stateOf(err), Cause: cause(err)}
	}
	return answer{Value: []byte(value)}
}

// askChild puts a request to the keyring in a process of its own, which it kills
// when ctx ends. Neither the arguments nor the environment of that process have
// anything secret.
func askChild(ctx context.Context, r request, reached func(stage)) (answer, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return answer{}, err
	}
	if len(line) >= maxMessage {
		return answer{Failed: true, State: TooLarge}, nil
	}
	if len(os.Args) > 1 && os.Args[1] == CallArg {
		return answer{}, errors.New("this program does not serve calls") // and would start itself without end
	}
	path, err := os.Executable()
	if err != nil {
		return answer{}, fmt.Errorf("find this program itself: %w", err)
	}
	c := exec.CommandContext(ctx, path, CallArg)
	c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "BACKSCROLL_") })
	ownGroup(c)
	c.WaitDelay = time.Second
	var out io.ReadCloser
	in, err := c.StdinPipe()
	if err == nil {
		out, err = c.StdoutPipe()
	}
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		return answer{}, fmt.Errorf("start a process for the call: %w", err)
	}
	// What the child started may hold its output open for longer than it lives.
	defer context.AfterFunc(ctx, func() { out.Close() })()
	in.Write(append(line, '\n')) // a child that reads nothing does not answer either
	a, err := readAnswer(out, reached)
	if err != nil {
		c.Cancel()
	}
	c.Wait() // a process that has answered may end as it likes
	return a, err
}

// readAnswer reads reports up to the one with the answer.
func readAnswer(out io.Reader, reached func(stage)) (answer, error) {
	reports := json.NewDecoder(io.LimitReader(out, 2*maxMessage)) // a value takes a third more in JSON
	for {
		var r report
		if err := reports.Decode(&r); err != nil {
			return answer{}, errNoAnswer
		}
		if a := r.Answer; a != nil {
			if len(a.Value) > maxMessage {
				return answer{Failed: true, State: Damaged}, nil // Set takes no such item
			}
			return *a, nil
		}
		reached(r.Stage)
	}
}

var errNoAnswer = errors.New("the process that asks it ended without an answer")
