package ui

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// inProcess carries requests to a handler without a network, so that tests can
// run in a synctest bubble.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// sampleWorld is made once: it draws pictures.
var sampleWorld = sync.OnceValue(func() *emulator.Emulator { return emulator.New(emulator.WithRate(0)) })

// sampleClient asks the emulator's sample world.
func sampleClient(t testing.TB) *zim.Client {
	t.Helper()
	c, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"),
		zim.WithTransport(inProcess{sampleWorld()}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// terminal drives a Model by hand: it runs every command at once, one after the
// other. Its spinner stands still.
type terminal struct {
	t testing.TB
	m *Model
}

func start(t testing.TB, c Config, w, h int) *terminal {
	t.Helper()
	term := &terminal{t, New(t.Context(), c)}
	term.m.timer = func(time.Duration, tea.Msg) tea.Cmd { return nil }
	term.m.pauses = func(context.Context, time.Duration, tea.Msg) tea.Cmd { return nil }
	term.m.listen = func() tea.Cmd { return nil } // it would wait for ever
	term.run(term.m.Init())
	term.send(tea.WindowSizeMsg{Width: w, Height: h})
	return term
}

func (term *terminal) send(msg tea.Msg) {
	_, cmd := term.m.Update(msg)
	term.run(cmd)
}

func (term *terminal) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil, tea.QuitMsg:
	case tea.BatchMsg:
		for _, c := range msg {
			term.run(c)
		}
	default:
		term.send(msg)
	}
}

// press sends keys written as Bubble Tea spells them, separated by spaces.
func (term *terminal) press(keys string) {
	term.t.Helper()
	for k := range strings.FieldsSeq(keys) {
		term.send(keyOf(term.t, k))
	}
}

// write types text, rune by rune.
func (term *terminal) write(s string) {
	for _, r := range s {
		term.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var namedKeys = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace,
	"left": tea.KeyLeft, "right": tea.KeyRight,
	"up": tea.KeyUp, "down": tea.KeyDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f2": tea.KeyF2, "backspace": tea.KeyBackspace,
}

func keyOf(t testing.TB, name string) tea.KeyPressMsg {
	t.Helper()
	var k tea.KeyPressMsg
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		k.Mod, name = tea.ModCtrl, rest
	}
	if rest, ok := strings.CutPrefix(name, "shift+"); ok {
		k.Mod, name = tea.ModShift, rest
	}
	if code, ok := namedKeys[name]; ok {
		k.Code = code
		return k
	}
	r := []rune(name)
	if len(r) != 1 {
		t.Fatalf("no key %q", name)
	}
	k.Code = r[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

// shows returns the screen as a person reads it, without colours and without
// blanks at the ends of lines.
func (term *terminal) shows() string {
	lines := strings.Split(ansi.Strip(term.m.View().Content), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

var shanghai = time.FixedZone("CST", 8*3600)

// noted is sampleClient whose calls are noted.
func noted(t testing.TB, calls *Exchanges) *zim.Client {
	t.Helper()
	c, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithRate(0), zim.WithEndpoint("http://127.0.0.1:8085"),
		zim.WithTransport(inProcess{sampleWorld()}), zim.WithObserver(calls.Note))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cellsOf counts the cells of a line as the renderer does.
func cellsOf(line string) int { return ansi.StringWidthWc(ansi.Strip(line)) }
