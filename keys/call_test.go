package keys

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// oddChild names what the process of a call does instead of its work.
const oddChild = "KEYS_TEST_ODD_CHILD"

// TestMain is what a call of the keyring starts: this binary, with CallArg.
func TestMain(m *testing.M) {
	if does := os.Getenv(asCommand); does != "" {
		beCommand(does)
	}
	if len(os.Args) != 2 || os.Args[1] != CallArg {
		os.Exit(m.Run())
	}
	if odd, ok := oddChildren[os.Getenv(oddChild)]; ok {
		odd()
		os.Exit(3)
	}
	if ServeCall(os.Stdin, os.Stdout) != nil {
		os.Exit(2)
	}
}

var oddChildren = map[string]func(){
	"silent":  func() { time.Sleep(time.Hour) },
	"dies":    func() { io.WriteString(os.Stdout, `{"Stage":1}`+"\n") },
	"garbage": func() { io.WriteString(os.Stdout, "Killed\n"); time.Sleep(time.Hour) },
	"endless": func() {
		for {
			io.WriteString(os.Stdout, `{"Stage":1}`+"\n")
		}
	},
	"large": func() {
		json.NewEncoder(os.Stdout).Encode(report{Answer: &answer{Value: make([]byte, maxMessage+1)}})
	},
	"shows": func() {
		seen := fmt.Sprint(os.Args, os.Environ())
		json.NewEncoder(os.Stdout).Encode(report{Answer: &answer{Value: []byte(seen)}})
	},
}

// TestChildren are those that do not do as they should.
func TestChildren(t *testing.T) {
	for odd, want := range map[string]State{"dies": Failed, "garbage": Failed, "endless": Failed, "large": Damaged} {
		t.Setenv(oddChild, odd)
		k := newTestSystem(false, nil)
		k.ask = askChild
		_, err := k.Get(t.Context(), Service, "shop")
		wantState(t, err, want)
	}
}

func TestChildIsKilled(t *testing.T) {
	t.Setenv(oddChild, "silent")
	k := newTestSystem(false, nil)
	k.ask = askChild
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := k.Set(ctx, Service, "shop", strings.Repeat("a", maxMessage/2)) // more than a pipe holds
	if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 30*time.Second {
		t.Errorf("error = %v after %v", err, took)
	}
}

func TestChildIsGivenNoSecret(t *testing.T) {
	t.Setenv(oddChild, "shows")
	t.Setenv(EnvServerSecret, canary)
	k := newTestSystem(false, nil)
	k.ask = askChild
	got, err := k.call(t.Context(), trySet, request{Do: set, Service: Service, Account: "shop", Value: []byte(canary)})
	if err != nil || !strings.Contains(got, oddChild) {
		t.Fatalf("the child says %q, %v", got, err)
	}
	wantNoSecret(t, got)
	if strings.Contains(got, "BACKSCROLL_") {
		t.Errorf("the child was given %s", got)
	}
}

func TestTooLargeForACall(t *testing.T) {
	k := newTestSystem(false, nil)
	k.ask = askChild
	wantState(t, k.Set(t.Context(), Service, "shop", strings.Repeat("a", maxMessage)), TooLarge)
}

func TestServeCallRefuses(t *testing.T) {
	for _, bad := range []string{"", canary, canary + "\n", `{"Do":0,"Value":"` + canary + `"`, strings.Repeat("{", 2*maxMessage)} {
		var out bytes.Buffer
		err := ServeCall(strings.NewReader(bad), &out)
		if err == nil || out.Len() > 0 {
			t.Errorf("%.20q: %v, %q", bad, err, &out)
			continue
		}
		wantNoSecret(t, err.Error())
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, s := range []string{
		"", "{}\n{}", `{"Stage":2}` + "\n" + `{"Answer":{"Value":"dGV4dA=="}}`, `{"Answer":{"Failed":true,"State":99,"Cause":"x"}}`,
		`{"Answer":null}`, `{"Stage":-7}`, `{"Stage":1e9}`, "[", `{"Answer":{"Value":"?"}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, out []byte) {
		k := newTestSystem(false, nil)
		k.ask = func(_ context.Context, _ request, reached func(stage)) (answer, error) {
			return readAnswer(bytes.NewReader(out), reached)
		}
		value, err := k.Get(t.Context(), Service, "shop")
		failed, ok := errors.AsType[*KeyringError](err)
		if err != nil && (!ok || value != "" || failed.Hint() == "" || failed.Error() == "" || failed.State.String() == "") {
			t.Errorf("%q, %v", value, err)
		}
	})
}
