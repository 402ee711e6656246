package cli

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// askTime is how long a terminal has to answer: one at the other end of a bad
// line too.
const askTime = 2 * time.Second

// checkTerminal says what the browser would find.
func (p Process) checkTerminal(ctx context.Context) finding {
	term := cmp.Or(p.Getenv("TERM"), "TERM is not set")
	if err := p.checkScreen(false); err != nil {
		of := wrong(err)
		if !p.StdinIsTerminal || !p.StdoutIsTerminal { // in a script
			of.health = noted
		}
		return of
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	asked := &asking{}
	if err := p.Screen(ctx, asked); err != nil {
		return wrong(err)
	}
	says := []string{term, asked.size(), colors(asked.profile), localeOf(p.Getenv), "graphemes (mode 2027): " + asked.graphemes()}
	of := finding{health: well, says: strings.Join(says, ", ")}
	switch {
	case asked.width > 0 && (asked.width < 40 || asked.height < 10):
		of.health, of.do = noted, "make it 40x10 cells at least"
	case !isUTF8(p.Getenv):
		of.health, of.do = noted, "set LANG to a locale with UTF-8, such as C.UTF-8"
	}
	return of
}

// asking is a program without a screen that asks the terminal what it is, and
// ends when it knows.
type asking struct {
	width, height int
	profile       colorprofile.Profile
	mode          ansi.ModeSetting // of mode 2027, if told
	told, over    bool
}

// Init asks about mode 2027, then for something that every terminal answers: a
// terminal that does not know the mode may keep silent.
func (a *asking) Init() tea.Cmd {
	return tea.Sequence(tea.Raw(ansi.RequestModeUnicodeCore), tea.RequestCursorPosition)
}

// Update takes the answers.
func (a *asking) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
	case tea.ColorProfileMsg:
		a.profile = msg.Profile
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeUnicodeCore {
			a.mode, a.told = msg.Value, true
		}
	case tea.CursorPositionMsg:
		a.over = true
		return a, tea.Quit
	}
	return a, nil
}

// View shows nothing.
func (a *asking) View() tea.View { return tea.View{} }

func (a *asking) size() string {
	if a.width == 0 {
		return "size unknown"
	}
	return fmt.Sprintf("%dx%d", a.width, a.height)
}

// graphemes says whether the terminal measures text as the browser does.
func (a *asking) graphemes() string {
	switch {
	case a.told && !a.mode.IsNotRecognized() && a.mode != ansi.ModePermanentlyReset:
		return "yes"
	case a.told, a.over:
		return "no"
	}
	return "no answer"
}

// colors puts what a terminal can show into words.
func colors(p colorprofile.Profile) string {
	switch p {
	case colorprofile.TrueColor:
		return "16 million colours"
	case colorprofile.ANSI256:
		return "256 colours"
	case colorprofile.ANSI:
		return "16 colours"
	}
	return "no colours"
}

// locale is the one that says how text is written.
func locale(getenv func(string) string) string {
	return cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG"))
}

func localeOf(getenv func(string) string) string {
	if l := locale(getenv); l != "" {
		return "locale " + l
	}
	return "no locale"
}

func isUTF8(getenv func(string) string) bool {
	l := strings.ToUpper(locale(getenv))
	return runtime.GOOS == "windows" || strings.Contains(l, "UTF-8") || strings.Contains(l, "UTF8")
}
