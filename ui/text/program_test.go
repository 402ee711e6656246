package text

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// page is a program that shows a block.
type page Block

func (p page) Init() tea.Cmd                       { return nil }
func (p page) Update(tea.Msg) (tea.Model, tea.Cmd) { return p, nil }

func (p page) View() tea.View {
	var rows []string
	for _, l := range Wc.Wrap(Block(p), 80) {
		rows = append(rows, l.String())
	}
	v := tea.NewView(strings.Join(rows, "\n"))
	v.AltScreen = true
	return v
}

// TestRendererSurvives runs a real program over text that ends Bubble Tea when
// it is not cleaned: 33 parameters or more panic in its renderer.
func TestRendererSurvives(t *testing.T) {
	attacks := []string{
		"\x1b[" + strings.Repeat("1;", 40) + "m",
		"\u009b" + strings.Repeat("1;", 40) + "m",
		"\x1bP" + strings.Repeat("1;", 40) + "q\x1b\\",
		"\x1b]0;swallowed",
		"\x1b",
		"\xe2\x80",
		strings.Join(hostile, ""),
	}
	for _, attack := range attacks {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			p := tea.NewProgram(page(CleanBlock(attack+"\nstill here")), tea.WithInput(nil), tea.WithOutput(&out),
				tea.WithWindowSize(80, 60), tea.WithoutSignalHandler())
			ended := make(chan error, 1)
			go func() {
				_, err := p.Run()
				ended <- err
			}()
			time.Sleep(time.Second)
			p.Quit()
			if err := <-ended; err != nil {
				t.Fatalf("%+q ended the program: %v", attack, err)
			}
			if !strings.Contains(out.String(), "still here") {
				t.Errorf("%+q swallowed the line below it: %q", attack, out.String())
			}
			for _, bad := range []string{"\x1b]0;swallowed", "\x1b]52", "\x1b]8;", "\u009b", "\u009d", "\u202e"} {
				if strings.Contains(out.String(), bad) {
					t.Errorf("%+q reached the terminal", bad)
				}
			}
		})
	}
}
