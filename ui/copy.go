package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"backscroll/ui/text"
	"backscroll/zim"
)

// copying is what of a message a key of the menu copies.
type copying struct {
	key, name string
	short     string // the name where there is little room
	of        func(m *Model, msg zim.Message) (string, error)
}

// copies is the menu, in the order in which it is shown.
var copies = []copying{
	{"y", "text", "text", copyText},
	{"j", "JSON", "JSON", copyJSON},
	{"r", "raw body", "raw", copyRaw},
	{"i", "MsgId", "ID", func(_ *Model, msg zim.Message) (string, error) { return number64(msg.MsgId, "MsgId") }},
	{"s", "MsgSeq", "seq", func(_ *Model, msg zim.Message) (string, error) { return number64(msg.MsgSeq, "MsgSeq") }},
	{"u", "URL", "URL", copyURL},
	{"q", "RequestId", "req", copyRequestID},
	{"m", "Markdown", "md", copyMarkdown},
	{"l", "link", "link", copyLink},
	{"c", "curl", "curl", copyCurl},
}

// callCopies is the menu for a call of the log.
var callCopies = []copying{
	{"q", "RequestId", "req", func(m *Model, _ zim.Message) (string, error) {
		return copyOfCall(m, func(x call) string { return text.CleanLine(x.RequestId).String() })
	}},
	{"c", "curl", "curl", func(m *Model, _ zim.Message) (string, error) {
		return copyOfCall(m, func(x call) string { return curlOfCall(m.endpoint, x.Exchange) })
	}},
}

// copyOfCall returns something of the selected call.
func copyOfCall(m *Model, of func(call) string) (string, error) {
	if c, ok := m.cover.(*calls); ok {
		if x, ok := c.current(); ok && of(x) != "" {
			return of(x), nil
		}
	}
	return "", errors.New("the call has none")
}

// copying returns the menu for what has the focus.
func (m *Model) copying() []copying {
	if m.focus == paneCalls {
		return callCopies
	}
	if m.focus == paneBoth {
		return slices.DeleteFunc(slices.Clone(copies), func(c copying) bool { return strings.Contains("qlc", c.key) }) // those are of one list
	}
	return copies
}

// copyMenu is the line of the menu, or less of it where it is too narrow.
func copyMenu(menu []copying, w text.Widths, cells int) row {
	full, short := row{span{plain, text.Lit("copy ")}}, row{span{plain, text.Lit("copy ")}}
	for _, c := range menu {
		full = append(full, span{accent, text.CleanLine(c.key)}, span{dim, text.CleanLine(" " + c.name + "  ")})
		short = append(short, span{accent, text.CleanLine(c.key)}, span{dim, text.CleanLine(" " + c.short + " ")})
	}
	if full.width(w) <= cells {
		return full
	}
	return short.cut(w, cells)
}

// copyBy copies what a key of the menu names, and says what and how much.
func (m *Model) copyBy(k tea.KeyPressMsg) tea.Cmd {
	msg, _ := m.pointedAt()
	for _, c := range m.copying() {
		if c.key != k.String() {
			continue
		}
		s, err := c.of(m, msg)
		if err != nil {
			m.notice = text.CleanLine("not copied: " + err.Error())
			return nil
		}
		return m.toClipboard(c.name, s)
	}
	return nil
}

// toClipboard hands text to the terminal's clipboard and to that of the machine.
func (m *Model) toClipboard(name, s string) tea.Cmd {
	m.notice = text.CleanLine(fmt.Sprintf("copied: %s, %s", name, count(utf8.RuneCountInString(s), "character", "characters")))
	return tea.Batch(tea.SetClipboard(s), writeClipboard(s))
}

// pointedAt returns the message that the inspector shows, or the selected one.
func (m *Model) pointedAt() (zim.Message, bool) {
	if b, ok := m.cover.(*bothSides); ok {
		return b.pointed()
	}
	switch {
	case m.inspector.open:
		return m.inspector.message, true
	case m.messages.len() > 0:
		return m.messages.at(m.messages.selected), true
	}
	return zim.Message{}, false
}

func number64(n int64, name string) (string, error) {
	if n == 0 {
		return "", errors.New("the message has no " + name)
	}
	return strconv.FormatInt(n, 10), nil
}

// copyText returns what somebody wrote, as it is shown: nothing that acts on what
// it is pasted into.
func copyText(m *Model, msg zim.Message) (string, error) {
	e := msg.Envelope()
	if b, ok := e.Body().Content.(*zim.Text); ok && e.IsEmpty == zim.Present {
		return text.CleanBlock(b.Text).String(), nil
	}
	return Summary(e, m.look.zone).String(), nil
}

// copyJSON returns the message laid out over several lines; no number in it is
// touched.
func copyJSON(_ *Model, msg zim.Message) (string, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, msg.Raw, "", "  "); err != nil {
		return "", errors.New("the message is not JSON: r copies its body")
	}
	return b.String(), nil
}

func copyRaw(_ *Model, msg zim.Message) (string, error) {
	if raw := msg.Envelope().MsgBody; len(raw) > 0 {
		return string(raw), nil
	}
	return "", errors.New("the message has no body")
}

func copyURL(_ *Model, msg zim.Message) (string, error) {
	if media, ok := msg.Envelope().Body().Content.(*zim.Media); ok && media.URL != "" {
		return text.CleanLine(media.URL).String(), nil
	}
	return "", errors.New("the message has no URL")
}

func copyRequestID(m *Model, msg zim.Message) (string, error) {
	if o, ok := m.messages.log.PageOf(msg); ok && o.RequestId != "" {
		return text.CleanLine(o.RequestId).String(), nil
	}
	return "", errors.New("the RequestId of its page is not known")
}

// copyMarkdown returns the message as a quote: who, when, what, with nothing in it
// that Markdown would obey.
func copyMarkdown(m *Model, msg zim.Message) (string, error) {
	e := msg.Envelope()
	when := "unknown time"
	if at, ok := e.Time(); ok {
		when = fullTime(at, m.look.zone)
	}
	said, err := copyText(m, msg)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "> **%s** · %s\n>\n", escapeMarkdown(idLine(e.Sender).String()), when)
	for line := range strings.SplitSeq(said, "\n") {
		b.WriteString("> " + escapeMarkdown(line) + "\n")
	}
	return b.String(), nil
}

// escapeMarkdown returns a line that Markdown shows as it stands. Marks that mean
// something at the beginning of a line only are escaped everywhere.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for i, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>()#+-.!|~&=:@", r) || i == 0 && r == ' ' {
			if r == ' ' {
				b.WriteString("&nbsp;")
				continue
			}
			if r == '<' || r == '>' || r == '&' {
				b.WriteString(map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;"}[r])
				continue
			}
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// copyLink returns the command that opens the browser at this message.
func copyLink(m *Model, msg zim.Message) (string, error) {
	if m.offline {
		return "", errors.New("a file does not say whose chat it is: there is nothing to link to")
	}
	if msg.MsgSeq == 0 {
		return "", errors.New("the message has no MsgSeq to open it at")
	}
	chat := m.messages.chat
	line := "backscroll"
	add := func(flag, value string) { line += " " + flag + "=" + shellQuote(value) }
	if chat.IsGroup() {
		add("--group", chat.Group)
	} else {
		viewer := chat
		if m.messages.viewer == chat.Peer {
			viewer = chat.OtherSide()
		}
		add("--user", viewer.User)
		add("--peer", viewer.Peer)
		if viewer != chat {
			add("--side", chat.User)
		}
	}
	return line + " --seq=" + strconv.FormatInt(msg.MsgSeq, 10), nil
}

// shellQuote returns s as one word of a POSIX shell, whatever it holds. What cannot
// be typed into one is shown, not kept.
func shellQuote(s string) string {
	s = text.CleanLine(s).String()
	if s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:@%+,", r))
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// copyCurl returns a recipe for the call that brought the message, or for the
// message alone if that call is not known.
func copyCurl(m *Model, msg zim.Message) (string, error) {
	if m.offline {
		return "", errors.New("a file does not hold the call that brought the message")
	}
	if x := m.broughtBy(msg); x.known {
		return curlOf(m.endpoint, x.exchange.Action, string(x.exchange.Request)), nil
	}
	ask, ok := m.messages.askBySeq(msg.MsgSeq)
	if !ok || msg.MsgSeq == 0 {
		return "", errors.New("the call that brought the message is not known")
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return "", err
	}
	return curlOf(m.endpoint, "QueryMessagesByMsgSeq", string(body)), nil
}

// curlOf returns a call as a recipe for a shell, which signs itself from the
// environment: nothing in it is secret. curl reads the signed URL from its
// standard input, so that no list of processes shows it either.
func curlOf(endpoint, action, body string) string {
	return curlRecipe(endpoint, url.Values{"Action": {action}}, `-H 'Content-Type: application/json' --data-raw '`+strings.ReplaceAll(strings.TrimSpace(body), "'", `'\''`)+"' ")
}

// curlOfCall is curlOf for a call that was made, which may have been a GET.
func curlOfCall(endpoint string, x zim.Exchange) string {
	u, err := url.Parse(x.URL)
	if x.Method != http.MethodGet || err != nil {
		return curlOf(endpoint, x.Action, string(x.Request))
	}
	own := u.Query()
	for _, common := range []string{"AppId", "SignatureNonce", "Timestamp", "SignatureVersion", "Signature"} {
		own.Del(common)
	}
	return curlRecipe(endpoint, own, "")
}

// curlRecipe is the recipe for a call with these parameters of its own, and what
// curl is told beside the URL.
func curlRecipe(endpoint string, own url.Values, more string) string {
	base := strings.TrimSuffix(endpoint, "/") + "/?" + own.Encode()
	return `( : "${BACKSCROLL_APP_ID:?}" "${BACKSCROLL_SERVER_SECRET:?}"
nonce=$(openssl rand -hex 8) time=$(date +%s)
signature=$(printf %s "$BACKSCROLL_APP_ID$nonce$BACKSCROLL_SERVER_SECRET$time" | openssl md5 -r | cut -c1-32)
printf 'url = "%s"\n' ` + shellQuote(base) + `"&AppId=$BACKSCROLL_APP_ID&SignatureNonce=$nonce&Timestamp=$time&SignatureVersion=` + zim.SignatureVersion + `&Signature=$signature" |
curl -sS --config - ` + more + ")\n"
}
