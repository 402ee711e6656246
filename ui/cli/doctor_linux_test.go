package cli

import "testing"

// TestDoctorOnAScreen asks a terminal that answers.
func TestDoctorOnAScreen(t *testing.T) {
	t.Parallel()
	s := newService(t)
	screen := openScreen(t, 120, 40, s.environ()...)
	screen.begin("doctor")
	screen.waitFor("tmux-256color, 120x40, ", "locale C.UTF-8", "graphemes (mode 2027): ", "it accepts AppId 7")
	screen.wantWhole(0)
	s.wantNoSecret(t, "the screen", screen.frames.String()+screen.tmux("capture-pane", "-p", "-S", "-"))
}

// TestDoctorOnASilentTerminal asks one that does not.
func TestDoctorOnASilentTerminal(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := start(t, s.environ(), "doctor")
	c.waitForText("120x40, 256 colours, no locale, graphemes (mode 2027): no answer")
	c.waitForText("it accepts AppId 7")
	c.wantEnd(0)
	s.wantNoSecret(t, "the terminal", c.written())
}
