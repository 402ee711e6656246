package ui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"backscroll/ui/text"
)

// Entered is what was typed into the form of the first use.
type Entered struct {
	Profile, AppID string
	Endpoint       string        // a URL, or the name of a region
	Secret         func() string // the ServerSecret: what prints a struct prints no function
}

// SignInConfig is what a form begins with, and whom it asks.
type SignInConfig struct {
	Profile, Endpoint string // what stands in the fields at first
	// Check says what is wrong with a field as it is typed, nil for nothing; it
	// waits for nobody.
	Check func(Field, Entered) error
	// Verify asks the service whether the credentials are right.
	Verify func(context.Context, Entered) error
	// Store keeps them in the keyring.
	Store func(context.Context, Entered) error
	// Advice is the way out that an error knows, or "".
	Advice func(error) string
}

// Field is a field of the form. The zero value is the first.
type Field uint8

// The fields, in their order on the screen.
const (
	FieldProfile Field = iota
	FieldAppID
	FieldSecret
	FieldEndpoint
	fields
)

var fieldTexts = [fields]struct{ label, means text.Line }{
	FieldProfile:  {text.Lit("profile"), text.Lit("a name for this app on this machine")},
	FieldAppID:    {text.Lit("AppId"), text.Lit("a number: console.zegocloud.com, the project, Basic Configurations, AppID")},
	FieldSecret:   {text.Lit("secret"), text.Lit("the ServerSecret beside it, 32 hex digits; it is never shown")},
	FieldEndpoint: {text.Lit("region"), text.Lit("unified, shanghai, hongkong, frankfurt, california, mumbai, singapore, or an https URL")},
}

// signInKeys are the keys that only the form has.
var signInKeys = struct{ Demo, Keyring, Session key.Binding }{
	Demo:    bind("ctrl+d", "opens the demo instead", "ctrl+d"),
	Keyring: bind("k", "keeps it in the keyring of this machine", "k"),
	Session: bind("s", "keeps it for this session only", "s"),
}

// signInStep says what the form waits for.
type signInStep uint8

const (
	stepTyping signInStep = iota
	stepVerifying
	stepKeeping // whether to keep them is asked
	stepStoring
)

// SignIn is the form of the first use: it asks for credentials, verifies them, and
// asks where to keep them. It is a program of its own, before the browser is one.
type SignIn struct {
	SignInConfig
	ctx           context.Context
	look          look
	width, height int
	inputs        [fields]textinput.Model
	focused       Field
	step          signInStep
	cancel        context.CancelFunc // of what is asked
	number        int                // of it
	err           error              // what the service or the keyring said
	done, demo    bool
}

// NewSignIn returns a form. Cancelling the context ends what it waits for.
func NewSignIn(ctx context.Context, c SignInConfig) *SignIn {
	s := &SignIn{SignInConfig: c, ctx: ctx, look: look{styles: newStyles(true)}, cancel: func() {}}
	for i := range s.inputs {
		s.inputs[i] = newInput()
		s.inputs[i].CharLimit = 256
	}
	s.inputs[FieldSecret].EchoMode = textinput.EchoPassword
	s.inputs[FieldProfile].SetValue(c.Profile)
	s.inputs[FieldEndpoint].SetValue(c.Endpoint)
	s.focus(FieldAppID)
	return s
}

// Outcome returns what was entered once it was verified, and whether the demo is
// wanted in its place; without either, somebody left.
func (s *SignIn) Outcome() (e Entered, entered, demo bool) { return s.entered(), s.done, s.demo }

func (s *SignIn) entered() Entered {
	value := func(f Field) string { return strings.TrimSpace(s.inputs[f].Value()) }
	secret := value(FieldSecret)
	return Entered{Profile: value(FieldProfile), AppID: value(FieldAppID), Endpoint: value(FieldEndpoint), Secret: func() string { return secret }}
}

// Init asks the terminal for its background.
func (s *SignIn) Init() tea.Cmd { return tea.RequestBackgroundColor }

// verifiedMsg answers verify, storedMsg store.
type (
	verifiedMsg struct {
		number int
		err    error
	}
	storedMsg verifiedMsg
)

// Update applies a message.
func (s *SignIn) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = max(msg.Width, 0), max(msg.Height, 0)
	case tea.BackgroundColorMsg:
		s.look.styles = newStyles(msg.IsDark())
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeUnicodeCore && !msg.Value.IsNotRecognized() && msg.Value != ansi.ModePermanentlyReset {
			s.look.widths = text.Graphemes
		}
	case tea.KeyPressMsg:
		return s, s.handleKey(msg)
	case tea.PasteMsg:
		if s.step == stepTyping {
			s.typeIn(msg)
		}
	case verifiedMsg:
		if msg.number == s.number {
			s.step, s.err = stepKeeping, msg.err
			if msg.err != nil {
				s.step = stepTyping
			}
		}
	case storedMsg:
		if msg.number == s.number {
			if s.err = msg.err; msg.err != nil {
				s.step = stepKeeping
				return s, nil
			}
			s.done = true
			return s, tea.Quit
		}
	}
	return s, nil
}

func (s *SignIn) handleKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case k.String() == "ctrl+c":
		s.cancel()
		return tea.Quit
	case key.Matches(k, signInKeys.Demo):
		s.cancel()
		s.demo = true
		return tea.Quit
	case key.Matches(k, keys.Cancel):
		if s.step == stepTyping {
			return tea.Quit
		}
		s.cancel()
		s.number++
		s.step = stepTyping
	case s.step == stepKeeping && key.Matches(k, signInKeys.Keyring):
		return s.ask(stepStoring, func(ctx context.Context, e Entered, n int) tea.Msg { return storedMsg{n, s.Store(ctx, e)} })
	case s.step == stepKeeping && key.Matches(k, signInKeys.Session):
		s.done = true
		return tea.Quit
	case s.step != stepTyping:
	case key.Matches(k, keys.NextField):
		s.focus((s.focused + 1) % fields)
	case key.Matches(k, keys.PrevField):
		s.focus((s.focused + fields - 1) % fields)
	case key.Matches(k, keys.Accept):
		return s.accept()
	default:
		s.typeIn(k)
	}
	return nil
}

// typeIn hands a key or a paste to the focused field.
func (s *SignIn) typeIn(msg tea.Msg) {
	s.inputs[s.focused], _ = s.inputs[s.focused].Update(msg) // its commands are not wanted: see opener.update
	s.err = nil
}

func (s *SignIn) focus(f Field) {
	s.inputs[s.focused].Blur()
	s.focused = f
	s.inputs[f].Focus()
}

// accept goes to the first field that is not right yet, or asks the service.
func (s *SignIn) accept() tea.Cmd {
	for f := range fields {
		if s.Check(f, s.entered()) != nil {
			s.focus(f)
			return nil
		}
	}
	return s.ask(stepVerifying, func(ctx context.Context, e Entered, n int) tea.Msg { return verifiedMsg{n, s.Verify(ctx, e)} })
}

// ask has something done about what was entered.
func (s *SignIn) ask(step signInStep, do func(context.Context, Entered, int) tea.Msg) tea.Cmd {
	s.step, s.err = step, nil
	s.number++
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(s.ctx)
	entered, number := s.entered(), s.number
	return func() tea.Msg { return do(ctx, entered, number) }
}

// View draws the form.
func (s *SignIn) View() tea.View {
	var lines []string
	for _, r := range s.rows() {
		lines = append(lines, r.render(s.look.styles, s.look.widths, s.width, false))
	}
	return newView(strings.Join(lines[:min(len(lines), s.height)], "\n"))
}

// rows lays the form out, without the explanations where there is no room for them.
func (s *SignIn) rows() []row {
	const labelCells = 10
	w := s.look.widths
	rows := []row{{}, {space(headerColumn), span{accent, text.Lit("Sign in")}, span{dim, text.Lit(" to an app that uses ZIM; its chats are only read")}}, {}}
	explained := s.height >= 3*int(fields)+8
	wrapped := func(i ink, l text.Line, indent int) {
		for _, line := range w.Wrap(text.CleanBlock(l.String()), max(s.width-indent-rightMargin, 1)) {
			rows = append(rows, row{space(indent), span{i, line}})
		}
	}
	for f := range fields {
		label := span{dim, w.Fit(fieldTexts[f].label, labelCells)}
		focused := f == s.focused && s.step == stepTyping
		if focused {
			label.ink = bold
		}
		rows = append(rows, append(row{space(headerColumn), label}, s.field(f, focused, s.width-headerColumn-labelCells-rightMargin)...))
		switch problem := s.Check(f, s.entered()); {
		case problem != nil && s.inputs[f].Value() != "":
			wrapped(alarm, text.CleanLine(problem.Error()), headerColumn+labelCells)
		case explained:
			wrapped(dim, fieldTexts[f].means, headerColumn+labelCells)
		}
	}
	rows = append(rows, row{})
	if s.err != nil {
		wrapped(alarm, text.CleanBlock(s.err.Error()).Line(), headerColumn)
		if advice := s.Advice(s.err); advice != "" {
			wrapped(dim, text.CleanLine(advice), headerColumn)
		}
	}
	wrapped(dim, text.CleanLine(s.wayOn()), headerColumn)
	return rows
}

// wayOn says what can be done now.
func (s *SignIn) wayOn() string {
	does := func(b key.Binding) string { return " · " + b.Help().Key + " " + b.Help().Desc }
	switch s.step {
	case stepVerifying:
		return "asking the service whether this is right · esc stops"
	case stepStoring:
		return "asking the keyring, which may ask for its password · esc stops"
	case stepKeeping:
		return "the service knows this app" + does(signInKeys.Keyring) + does(signInKeys.Session) + " · esc back"
	}
	return "enter verifies · tab next" + does(signInKeys.Demo) + " · esc leaves"
}

// field draws a field; of the secret only how long it is.
func (s *SignIn) field(f Field, focused bool, cells int) row {
	in := s.inputs[f]
	if f == FieldSecret {
		hidden := newInput()
		hidden.CharLimit = 0
		hidden.SetValue(strings.Repeat("•", len([]rune(in.Value()))))
		hidden.SetCursor(in.Position())
		in = hidden
	}
	return typed(in, focused, s.look.widths, cells)
}
