package transcript

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"backscroll/zim"
)

// markdown writes prose as quotations, escaped, and what is data between fences.
type markdown struct{ people }

func (m *markdown) begin() {
	if !m.first() {
		return
	}
	fmt.Fprintf(m.w, "# %s\n\n", escapeMarkdown(title(m.head.Chat)))
	for _, f := range m.head.facts() {
		fmt.Fprintf(m.w, "- %s: %s\n", escapeMarkdown(f.Name), escapeMarkdown(f.Value))
	}
}

func (m *markdown) Write(message zim.Message) error {
	m.begin()
	e := m.entry(message)
	if e.Day != "" {
		fmt.Fprintf(m.w, "\n## %s\n", e.Day)
	}
	fmt.Fprintf(m.w, "\n**%s** %s", escapeMarkdown(e.Sender), e.Clock)
	if n := e.numbers(); n != "" {
		fmt.Fprintf(m.w, " · %s", n)
	}
	m.w.WriteString("\n\n")
	if strings.HasPrefix(e.Kind, "custom") || strings.HasPrefix(e.Kind, "type ") {
		m.fenced(e.Said)
	} else {
		m.quote(e.Said)
	}
	if e.URL != "" {
		m.fenced(e.URL)
	}
	for _, s := range e.Saved {
		m.saved(s)
	}
	if e.Payload != "" {
		m.w.WriteString("\nPayload:\n\n")
		m.fenced(e.Payload)
	}
	if e.Note != "" {
		m.w.WriteString("\nNote:\n\n")
		m.quote(e.Note)
	}
	return m.failed()
}

// saved writes where a file is, as a link if it may be opened.
func (m *markdown) saved(s savedEntry) {
	if s.Href == "" {
		fmt.Fprintf(m.w, "\n%s\n", escapeMarkdown(s.String()))
		return
	}
	fmt.Fprintf(m.w, "\nsaved: [%s](<%s>)", escapeMarkdown(s.Text), s.Href)
	if s.Note != "" {
		fmt.Fprintf(m.w, " (%s)", escapeMarkdown(s.Note))
	}
	m.w.WriteString("\n")
}

// quote writes prose. A line that ends in \ is followed by a break.
func (m *markdown) quote(s string) {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		shown := strings.TrimLeft(l, " ")
		shown = strings.Repeat("\u00a0", len(l)-len(shown)) + escapeMarkdown(strings.TrimRight(shown, " "))
		if shown != "" && i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			shown += `\`
		}
		m.w.WriteString(strings.TrimRight("> "+shown, " ") + "\n")
	}
}

// fenced writes data. The fence is longer than any run of its sign inside.
func (m *markdown) fenced(s string) {
	longest, run := 2, 0
	for _, r := range s {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	fmt.Fprintf(m.w, "%s\n%s\n%s\n", fence, s, fence)
}

func (m *markdown) Close() error {
	m.begin()
	fmt.Fprintf(m.w, "\n---\n\n%s\n", m.total())
	return m.w.Flush()
}

// escapeMarkdown escapes every sign of a line that means something where it stands.
func escapeMarkdown(line string) string {
	var b strings.Builder
	begins := true // nothing but digits and spaces so far
	for i, r := range line {
		rest := line[i+utf8.RuneLen(r):]
		switch {
		case strings.ContainsRune("\\`*_[]<#|~&@$", r),
			begins && strings.ContainsRune("+-=>.):", r),
			r == ':' && strings.HasPrefix(rest, "//"),
			r == '.' && i >= 3 && strings.EqualFold(line[i-3:i], "www"):
			b.WriteByte('\\')
		}
		begins = begins && (r == ' ' || r >= '0' && r <= '9')
		b.WriteRune(r)
	}
	return b.String()
}
