// Package ui is the browser: a Bubble Tea program that shows a user's
// conversations beside the messages of one.
//
// Model, in this file, is the browser, and begins with a Config (config.go); a form
// may come before it (signin.go). It owns focus, layout (layout.go) and routing
// (press.go for keys); navigate.go goes from pane to pane,
// other_side.go to the other list. The panes own
// their state and keys and have the verbs handleKey, apply, resize, restyle and
// view: conversations.go (drawn by conversation_rows.go), findings.go in its place,
// messages.go (which names its files) and inspector.go (with fields.go, http.go,
// pager.go and tree.go). rows.go and tips.go turn a message into rows, marks.go
// marks what is looked for, row.go draws them, screen.go puts the panes together.
// keymap.go is the one truth about keys, actions.go about their names; what stands
// over the panes is in help.go, finder.go (with places.go, fuzzy.go and recents.go),
// open.go, prompt.go and overlay.go; in their place stands a cover (cover.go):
// bookmarks.go (kept in a case by case.go), both_sides.go (which names its files),
// calls.go, gap_list.go, limits.go, media_check.go, profiles.go, shapes.go (drawn by
// shapes_rows.go), or what people.go knows. export_form.go asks what is to be exported,
// export_job.go does it, behind the panes, and export_kept.go goes on with one that was
// stopped. copy.go is what can be copied, media.go opens and saves what messages link to,
// exchanges.go remembers the calls, following.go asks for what is new again and again.
// answers.go says whom an answer is for. Everything that waits is a command, most in
// commands.go, and request.go numbers those that a pane awaits; names.go and recalls.go
// look up, behind them, what makes a history readable. gaps.go and retention.go put rows
// between messages, fate.go tells what became of one that is gone.
//
// The package refuses to show text that did not come through package text, to
// wait in Update, and to draw what is not on screen.
package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"backscroll/ui/text"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// wheelLines is how far a turn of the mouse wheel scrolls.
const wheelLines = 3

// Model is the browser.
type Model struct {
	place  string
	zones  []*time.Location
	zone   int
	look   look
	ctx    context.Context
	waits  chan waitMsg
	cancel context.CancelFunc // of everything under way

	width, height int
	layout        layout
	focus         pane
	listOff       bool
	mouse         bool

	conversations conversations
	findings      *findings // in the place of the conversations; nil if nothing was searched for
	searches      int       // that were begun
	messages      messages
	inspector     inspector
	both          *bothSides // of the chat that they were last compared of; may be nil
	cover         cover      // nil but while one stands over the panes
	beneath       pane       // what had the focus before

	names     names
	client    Client
	exchanges *Exchanges
	endpoint  string
	media     *media.Fetcher
	openURL   func(string) error
	transfer  *transfer   // the file that is being saved
	opening   *media.Link // whether to open it is asked
	profiles  Profiles
	outer     context.Context // that of the browser after this one
	numbers   int             // as in Config
	bookmarks *bookmarks
	rosters   map[string]roster // the members of groups of which all are known
	panels    int               // of people that were opened
	recents   recents
	export    exports
	jobs      *Jobs
	appID     uint32
	offline   bool
	several   bool // see Config
	remark    string
	version   string

	prompt prompt
	past   map[promptKind][]string // what was typed into prompts, the latest last
	asking bool                    // whether to quit
	copies bool                    // the menu of what can be copied is open
	finder *finder
	opener *opener
	help   *help
	notice text.Line // for one key press

	start    target
	inspects bool // the first message that comes
	frame    int  // of the spinner; 0 is none
	spinning bool
	counting bool // a trafficMsg is to come
	timer    func(after time.Duration, msg tea.Msg) tea.Cmd
	listen   func() tea.Cmd // for the next pause of a request
	screen   string         // the drawn frame: View only reads

	following following
	pauses    func(ctx context.Context, after time.Duration, msg tea.Msg) tea.Cmd // as timer, but it can be cancelled
}

// New returns a browser. Cancelling the context cancels all its requests.
func New(ctx context.Context, c Config) *Model {
	c = c.whole()
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	waits := make(chan waitMsg)
	m := &Model{
		names: newNames(ctx, c.Client, waits), client: c.Client, exchanges: c.Calls, endpoint: c.Endpoint,
		offline: c.Offline, several: c.Several, remark: c.Remark, version: c.Version, inspects: c.Inspect,
		bookmarks: c.marks, jobs: c.Jobs, appID: c.AppID,
		listen: func() tea.Cmd { return awaitWait(ctx, waits) },
		ctx:    ctx, waits: waits,
		media: c.Media, openURL: c.Open, profiles: c.Profiles, outer: outer,
		place: c.Place, zones: c.Zones, cancel: cancel, mouse: true, timer: timer,
		start: target{user: c.User, chat: c.Chat}, past: map[promptKind][]string{},
	}
	switch {
	case c.Seq != 0:
		m.start.goal = goal{kind: goalSeq, seq: c.Seq, row: -1, alone: true}
	case !c.At.IsZero():
		m.start.goal = goal{kind: goalTime, at: c.At, row: -1}
	}
	m.pauses, m.following.request = pause, request{of: paneFollow, waits: waits}
	m.look = look{styles: newStyles(true), zone: c.Zones[0], now: c.Now, names: &m.names, keptDays: max(c.KeptDays, 0)}
	m.conversations = newConversations(ctx, c.Client, waits, m.look)
	m.messages = newMessages(ctx, c.Client, waits, m.look)
	m.messages.offline = c.Offline
	m.inspector = inspector{look: m.look, pager: pager{made: map[int][]row{}}}
	m.inspector.versions = func(id int64) []version { return m.messages.versions(id) }
	if c.Tree {
		m.inspector.tab = tabTree
	}
	if c.User == "" && c.Chat == (history.Chat{}) {
		m.showFinder() // Init gathers its places
	}
	for _, r := range m.requests() {
		r.number = c.numbers
	}
	for _, k := range c.Bookmarks {
		m.bookmarks.list = append(m.bookmarks.list, &bookmark{place: c.Place, chat: k.Chat, message: k.Message, note: k.Note})
	}
	m.messages.bookmarked = func(msg zim.Message) *bookmark { return m.bookmarks.at(m.place, m.messages.chat, msg) }
	m.inspector.fateOf = m.fate
	m.messages.left = m.hasLeft
	m.recents.kept = c.Recents
	m.export.of, m.export.waits, m.export.number = paneExport, waits, c.numbers
	m.export.formats = []transcript.Format{transcript.JSONL, transcript.HTML}
	m.messages.sifting.number, m.inspector.jq.number, m.numbers = c.numbers, c.numbers, c.numbers
	m.draw()
	return m
}

// Init opens what the browser was started for.
func (m *Model) Init() tea.Cmd {
	started := m.goTo(m.start)
	if m.recents.kept != nil {
		m.recents.busy = true // nothing is written before it is read
		started = tea.Batch(started, loadRecents(m.recents.kept))
	}
	return tea.Batch(tea.RequestBackgroundColor, m.listen(), m.after(tea.Batch(started, m.gather())))
}

// Update applies a message and draws the screen anew.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg, ok := msg.(turnedMsg); ok {
		return m.turn(msg)
	}
	cmd := m.after(m.handle(msg))
	m.draw()
	return m, tea.Batch(cmd, m.messages.explain()) // of what was drawn
}

// handle routes a message to whom it concerns.
func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = max(msg.Width, 0), max(msg.Height, 0)
	case tea.BackgroundColorMsg:
		m.look.styles = newStyles(msg.IsDark())
		m.restyle()
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeUnicodeCore && !msg.Value.IsNotRecognized() && msg.Value != ansi.ModePermanentlyReset {
			m.look.widths = text.Graphemes
			m.restyle()
		}
	case tea.KeyPressMsg:
		return m.handleKey(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.MouseClickMsg:
		return m.handleClick(msg)
	case tea.MouseWheelMsg:
		return m.handleWheel(msg)
	default:
		return m.apply(msg)
	}
	return nil
}

// pause tells the one who made a request of its pause.
func (m *Model) pause(msg waitMsg) {
	m.messages.pause(msg)
	m.findings.pause(msg)
	m.both.pause(msg)
	m.pausePeople(msg)
	for _, r := range m.requests()[1:] {
		r.pause(msg)
	}
}

// requests returns all that number what they ask, that of the messages first.
func (m *Model) requests() []*request {
	return []*request{
		&m.messages.request, &m.conversations.request, &m.names.request,
		&m.messages.recalls.request, &m.messages.alone.request, &m.messages.gaps.request,
		&m.following.request, &m.export.request,
	}
}

// wantSender asks for the name of who sent a message.
func (m *Model) wantSender(msg zim.Message) {
	if !m.offline {
		m.names.want(string(msg.Peek().Sender))
	}
}

// applyNames shows names that came.
func (m *Model) applyNames(msg namesMsg) {
	if m.names.apply(msg) {
		m.conversations.renamed()
		m.messages.restyle(m.look)
		m.inspector.learn()
	}
	if m.names.err != nil {
		m.notice = text.Join(text.Lit("names: "), text.CleanBlock(m.names.err.Error()).Line())
	}
}

// after brings layout and spinner up to date with what an update did.
func (m *Model) after(cmd tea.Cmd) tea.Cmd {
	m.arrange()
	if m.layout.messages.w > 0 {
		m.messages.see()
	}
	cmd = tea.Batch(cmd, m.keepFollowing())
	waiting := m.messages.waiting() || m.conversations.state == listLoading || m.messages.sifting.busy || m.both.waiting() || m.transferring()
	if !waiting {
		m.frame = 0
	}
	m.messages.spin(m.frame)
	m.conversations.spin(m.frame)
	if !m.inspector.say.Empty() {
		m.notice, m.inspector.say = m.inspector.say, text.Line{}
	}
	if !m.messages.say.Empty() {
		m.notice, m.messages.say = m.messages.say, text.Line{}
	}
	if m.inspector.open && m.messages.len() > 0 {
		if selected := m.messages.at(m.messages.selected); !m.inspector.stays(selected) {
			m.inspector.show(selected, m.broughtBy(selected))
		}
	}
	ahead := tea.Batch(m.messages.fetchAhead(), m.tendBoth()) // a resize may have made room for more
	if !m.offline {
		m.conversations.wantGroups(&m.names)
	}
	return tea.Batch(cmd, ahead, m.keepCase(), m.recents.write(), m.names.fetch(), m.inspector.runDue(m.ctx), m.tick(waiting || ahead != nil))
}

// tick moves the spinner while something is awaited, and the count of calls
// until it is 0 again.
func (m *Model) tick(waiting bool) tea.Cmd {
	var cmds []tea.Cmd
	if waiting && !m.spinning {
		m.spinning = true
		delay := spinPace
		if m.frame == 0 {
			delay = spinDelay
		}
		cmds = append(cmds, m.timer(delay, spinMsg{}))
	}
	if !m.counting && m.client.Traffic().Calls > 0 {
		m.counting = true
		cmds = append(cmds, m.timer(time.Second, trafficMsg{}))
	}
	return tea.Batch(cmds...)
}

// arrange gives every pane its place.
func (m *Model) arrange() {
	list := m.width < wideWidth || !m.listOff && m.conversations.user != ""
	if m.focus == m.listPane() && !list {
		m.focus = paneMessages
	}
	if m.layout = arrange(m.width, m.height, list, m.inspector.open, m.focus); m.cover != nil && !m.layout.tooSmall {
		m.layout = layout{status: m.layout.status, cover: rect{0, 0, m.width, m.height - 1}}
		m.focus = m.cover.pane()
	} else if m.inspector.open && m.inspector.full && m.focus == paneInspector {
		m.layout = arrange(m.width, m.height, false, false, m.focus)
		m.layout.messages = rect{}
		m.layout.inspector = rect{0, 0, m.width, m.height - 1}
	}
	resize := func(r rect, do func(w, h int)) {
		if r.w > 0 {
			do(r.w, r.h)
		}
	}
	if m.cover != nil {
		m.cover.resize(m.layout.cover.w, m.layout.cover.h)
	}
	resize(m.layout.conversations, m.conversations.resize)
	if m.findings != nil {
		resize(m.layout.conversations, m.findings.resize)
	}
	resize(m.layout.messages, m.messages.resize)
	resize(m.layout.inspector, m.inspector.resize)
}

func (m *Model) restyle() {
	m.conversations.restyle(m.look)
	if m.findings != nil {
		m.findings.restyle(m.look)
	}
	m.messages.restyle(m.look)
	m.inspector.restyle(m.look)
	if m.cover != nil {
		m.cover.restyle(m.look)
	}
}
