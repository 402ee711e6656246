package ui

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

const typedSecret = "0123456789abcdef0123456789ABCDEF"

// form is a sign-in form on a screen, with what it asked for.
type form struct {
	t      *testing.T
	s      *SignIn
	asked  []string // "verify" and "store", with what was entered
	err    error    // what both answer
	frames strings.Builder
	held   tea.Cmd // not run yet
	hold   bool
	quit   bool
}

func newForm(t *testing.T, w, h int) *form {
	f := &form{t: t}
	ask := func(what string) func(context.Context, Entered) error {
		return func(ctx context.Context, e Entered) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f.asked = append(f.asked, fmt.Sprint(what, " ", e.Profile, " ", e.AppID, " ", e.Secret() == typedSecret, " ", e.Endpoint))
			return f.err
		}
	}
	f.s = NewSignIn(t.Context(), SignInConfig{
		Profile: "default", Endpoint: "unified",
		Check: func(field Field, e Entered) error {
			if _, err := strconv.ParseUint(e.AppID, 10, 32); field == FieldAppID && err != nil {
				return errors.New("an AppId is a number up to 4294967295\x1b[2J")
			}
			if field == FieldSecret && len(e.Secret()) != 32 {
				return errors.New("32 hex digits are wanted")
			}
			return nil
		},
		Verify: ask("verify"), Store: ask("store"),
		Advice: func(error) string { return "look it up in the console" },
	})
	f.send(tea.WindowSizeMsg{Width: w, Height: h})
	return f
}

func (f *form) send(msg tea.Msg) {
	_, cmd := f.s.Update(msg)
	f.frames.WriteString(f.s.View().Content)
	if f.hold && cmd != nil {
		f.held = cmd
		return
	}
	f.run(cmd)
}

func (f *form) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if msg := cmd(); msg != nil {
		if _, f.quit = msg.(tea.QuitMsg); !f.quit {
			f.send(msg)
		}
	}
}

func (f *form) press(keys string) {
	for k := range strings.FieldsSeq(keys) {
		f.send(keyOf(f.t, k))
	}
}

func (f *form) write(s string) {
	for _, r := range s {
		f.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func (f *form) wants(all ...string) {
	f.t.Helper()
	for _, s := range all {
		if shown := ansi.Strip(f.s.View().Content); !strings.Contains(shown, s) {
			f.t.Errorf("no %q on\n%s", s, shown)
		}
	}
}

// fill types what is right, and presses enter.
func (f *form) fill() {
	f.write("1041200")
	f.press("tab")
	f.write(typedSecret)
	f.press("enter")
}

func TestSignIn(t *testing.T) {
	f := newForm(t, 80, 24)
	f.wants("Sign in", "profile   default", "AppId", "the ServerSecret beside it", "region    unified", "enter verifies · tab next · ctrl+d opens the demo instead")
	f.fill()
	f.wants("the service knows this app · k keeps it in the keyring of this machine · s", strings.Repeat("•", 32))
	if f.press("k"); !f.quit {
		t.Error("it does not end")
	}
	want := []string{"verify default 1041200 true unified", "store default 1041200 true unified"}
	if e, entered, demo := f.s.Outcome(); fmt.Sprint(f.asked) != fmt.Sprint(want) || !entered || demo || e.Secret() != typedSecret {
		t.Errorf("asked %q, entered %v, demo %v", f.asked, entered, demo)
	}
	if strings.Contains(strings.ToLower(f.frames.String()), "0123") || strings.Contains(fmt.Sprintf("%v %+v", f.s.entered(), f.s.entered()), "0123") {
		t.Error("the secret was shown")
	}
}

func TestSignInForTheSession(t *testing.T) {
	f := newForm(t, 80, 24)
	f.fill()
	f.press("s")
	if _, entered, _ := f.s.Outcome(); !entered || !f.quit || len(f.asked) != 1 {
		t.Errorf("asked %q, entered %v", f.asked, entered)
	}
}

func TestSignInSaysWhatIsWrong(t *testing.T) {
	f := newForm(t, 80, 24)
	f.write("12x")
	f.wants("an AppId is a number up to 4294967295␛[2J")
	if f.press("enter"); len(f.asked) > 0 || f.s.focused != FieldAppID {
		t.Errorf("asked %q, field %d", f.asked, f.s.focused)
	}
	f.press("backspace")
	f.send(tea.PasteMsg{Content: "34"})
	f.press("down")
	f.write("ab")
	f.wants("1234", "32 hex digits are wanted")
	if f.press("up up enter"); f.s.focused != FieldSecret {
		t.Errorf("field %d", f.s.focused)
	}
	f.write(typedSecret[2:])
	f.press("ctrl+u")
	f.write(typedSecret)
	f.err = errors.New("the secret is not this app's\x1b[31m")
	f.press("enter")
	f.wants("the secret is not this app's␛[31m", "look it up in the console", "enter verifies")
	if _, entered, _ := f.s.Outcome(); entered || f.quit {
		t.Error("it ends all the same")
	}
	f.err = nil
	f.press("enter")
	f.err = errors.New("the keyring is locked")
	f.press("k")
	f.wants("the keyring is locked", "k keeps it in the keyring", "for this session only")
	f.press("s")
	if _, entered, _ := f.s.Outcome(); !entered {
		t.Error("the session is no way out")
	}
}

// TestSignInStops: esc ends what is waited for, and its answer is not told.
func TestSignInStops(t *testing.T) {
	f := newForm(t, 80, 24)
	f.hold = true
	f.fill()
	f.wants("asking the service whether this is right · esc stops")
	asking := f.held
	f.press("x k s enter esc")
	f.wants("enter verifies")
	f.hold = false
	if f.run(asking); len(f.asked) > 0 || f.s.step != stepTyping || f.s.err != nil {
		t.Errorf("asked %q, step %d, %v", f.asked, f.s.step, f.s.err)
	}
	if f.press("esc"); !f.quit {
		t.Error("esc does not leave")
	}
	if _, entered, demo := f.s.Outcome(); entered || demo {
		t.Error("something was entered")
	}
}

func TestSignInOpensTheDemo(t *testing.T) {
	for _, keys := range []string{"ctrl+d", "esc", "ctrl+c"} {
		f := newForm(t, 80, 24)
		f.press(keys)
		if _, entered, demo := f.s.Outcome(); entered || demo != (keys == "ctrl+d") || !f.quit {
			t.Errorf("%s: entered %v, demo %v, quit %v", keys, entered, demo, f.quit)
		}
	}
}

func TestEveryLineOfTheFormFits(t *testing.T) {
	t.Parallel()
	for w := 1; w < 130; w++ {
		for _, h := range []int{0, 1, 5, 12, 24, 50} {
			f := newForm(t, w, h)
			f.err = errors.New("a long answer of the service that goes on and on and needs more than one line")
			f.fill()
			lines := strings.Split(f.s.View().Content, "\n")
			if len(lines) > max(h, 1) {
				t.Fatalf("%dx%d: %d lines", w, h, len(lines))
			}
			for i, l := range lines {
				if n := cellsOf(l); n > w {
					t.Fatalf("%dx%d: line %d has %d cells", w, h, i, n)
				}
			}
		}
	}
}
