package ui

import (
	"context"
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
)

// Profile is an app whose credentials are kept; what they are is not here.
type Profile struct {
	Name     string
	AppID    uint32
	Endpoint string
	Active   bool // the browser is on it
}

// Profiles is where the apps are kept that a browser can turn to.
type Profiles interface {
	// List returns them, in the order in which they are shown.
	List(context.Context) ([]Profile, error)
	// Turn returns what a browser on another one begins with.
	Turn(ctx context.Context, name string) (Config, error)
}

// profiles is the pane of the apps that one can turn to.
type profiles struct {
	look look
	w, h int

	list     []Profile
	listed   bool
	turning  string // the name of the one that is being opened
	err      error
	cancel   context.CancelFunc
	ctx      context.Context
	from     Profiles
	selected int
	top      int
}

// profilesMsg answers listProfiles, turnedMsg turnTo.
type (
	profilesMsg struct {
		pane *profiles
		list []Profile
		err  error
	}
	turnedMsg struct {
		pane   *profiles
		config Config
		err    error
	}
)

// listProfiles asks for the apps, which may take as long as a keyring does.
func listProfiles(ctx context.Context, p *profiles, from Profiles) tea.Cmd {
	return func() tea.Msg {
		list, err := from.List(ctx)
		return profilesMsg{p, list, err}
	}
}

// turnTo asks for the credentials of an app.
func turnTo(ctx context.Context, p *profiles, from Profiles, name string) tea.Cmd {
	return func() tea.Msg {
		c, err := from.Turn(ctx, name)
		return turnedMsg{p, c, err}
	}
}

// showProfiles opens the pane.
func (m *Model) showProfiles() tea.Cmd {
	if m.profiles == nil {
		m.notice = text.Lit("there are no profiles here: backscroll auth login makes one")
		return nil
	}
	if m.exportRuns() {
		m.notice = text.Lit("an export is under way, which another app would end: x shows it")
		return nil
	}
	p := &profiles{from: m.profiles}
	p.ctx, p.cancel = context.WithCancel(m.ctx)
	m.put(p)
	return listProfiles(p.ctx, p, p.from)
}

// turn shows another app in the place of this one.
func (m *Model) turn(msg turnedMsg) (tea.Model, tea.Cmd) {
	if p, ok := m.cover.(*profiles); !ok || p != msg.pane || msg.err != nil {
		if ok {
			p.err, p.turning = msg.err, ""
		}
		m.draw()
		return m, nil
	}
	m.cancel()
	const apart = 1 << 32 // what the one before asked for is answered late, and is none of this one's business
	msg.config.numbers, msg.config.marks, msg.config.Jobs = m.numbers+apart, m.bookmarks, m.jobs
	next := New(m.outer, msg.config)
	next.timer, next.look, next.mouse = m.timer, m.look, m.mouse
	next.look.names, next.look.dense, next.look.keptDays = &next.names, false, msg.config.KeptDays
	next.restyle()
	_, sized := next.Update(tea.WindowSizeMsg{Width: m.width, Height: m.height})
	return next, tea.Batch(next.Init(), sized)
}

func (p *profiles) apply(msg profilesMsg) {
	if msg.pane != p {
		return
	}
	p.list, p.err, p.listed = msg.list, msg.err, true
	p.selected = max(slices.IndexFunc(p.list, func(e Profile) bool { return e.Active }), 0)
}

func (p *profiles) pane() pane { return paneProfiles }

func (p *profiles) resize(w, h int) {
	p.w, p.h = w, h
	p.move(0)
}

func (p *profiles) restyle(l look) { p.look = l }

func (p *profiles) move(k int) {
	p.selected = max(0, min(p.selected+k, len(p.list)-1))
	p.top = max(min(p.top, p.selected), p.selected-max(p.h-1, 1)+1)
}

func (p *profiles) handleKey(k tea.KeyPressMsg) tea.Cmd {
	by, moves := keys.step(k, p.h, len(p.list))
	switch {
	case moves:
		p.move(by)
	case key.Matches(k, keys.OpenProfile):
		return p.open()
	}
	return nil
}

// open asks for the selected app.
func (p *profiles) open() tea.Cmd {
	if p.selected >= len(p.list) || p.turning != "" {
		return nil
	}
	p.turning, p.err = p.list[p.selected].Name, nil
	return turnTo(p.ctx, p, p.from, p.turning)
}

func (p *profiles) scroll(k int) { p.move(k / wheelLines) }

func (p *profiles) click(_, y int) tea.Cmd {
	if n := p.top + y - 1 - len(p.problem()); n >= p.top && n < len(p.list) {
		p.selected = n
		return p.open()
	}
	return nil
}

func (p *profiles) back() bool { return false }

func (p *profiles) close() { p.cancel() }

// problem is what stands above the list where something failed.
func (p *profiles) problem() (rows []row) {
	if p.err == nil {
		return nil
	}
	for _, l := range p.look.widths.Wrap(text.CleanBlock(p.err.Error()), max(p.w-headerColumn-rightMargin, 1)) {
		rows = append(rows, row{space(headerColumn), {alarm, l}})
	}
	return rows
}

// view draws the pane, a string for each of its lines.
func (p *profiles) view() []string {
	draw := func(r row, selected bool) string { return r.render(p.look.styles, p.look.widths, p.w, selected) }
	said := span{dim, text.CleanLine(" · " + count(len(p.list), "app", "apps"))}
	switch {
	case p.turning != "":
		said.text = text.CleanLine(" · asking for the credentials of " + p.turning)
	case !p.listed:
		said.text = text.Lit(" · asking the keyring, which may ask for its password")
	}
	lines := []string{draw(row{space(barColumn), {accent, text.Lit("Profiles")}, said}, false)}
	for _, r := range p.problem() {
		lines = append(lines, draw(r, false))
	}
	for n := p.top; n < len(p.list) && len(lines) < p.h; n++ {
		e := p.list[n]
		bar, mark := space(1), text.Lit("  ")
		if n == p.selected {
			bar = selectionBar(true)
		}
		if e.Active {
			mark = text.Lit("✓ ")
		}
		lines = append(lines, draw(row{
			space(barColumn), bar, {accent, mark}, {bold, p.look.widths.Fit(text.CleanName(e.Name), 20)}, space(1),
			{plain, p.look.widths.Fit(text.CleanLine(strconv.FormatUint(uint64(e.AppID), 10)), 11)}, {dim, text.CleanLine(e.Endpoint)},
		}, n == p.selected))
	}
	return append(lines, slices.Repeat([]string{blanks(p.w)}, max(p.h-len(lines), 0))...)[:max(p.h, 0)]
}
