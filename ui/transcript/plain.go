package transcript

import (
	"fmt"
	"strings"

	"backscroll/zim"
)

// plain writes text: each message under a line with its time and sender.
type plain struct{ people }

func (p *plain) begin() {
	if !p.first() {
		return
	}
	fmt.Fprintln(p.w, title(p.head.Chat))
	for _, f := range p.head.facts() {
		fmt.Fprintf(p.w, "%s: %s\n", f.Name, f.Value)
	}
}

func (p *plain) Write(m zim.Message) error {
	p.begin()
	e := p.entry(m)
	if e.Day != "" {
		fmt.Fprintf(p.w, "\n---- %s ----\n", e.Day)
	}
	fmt.Fprintf(p.w, "\n%s\n", strings.TrimSpace(e.Clock+"  "+e.Sender+"  "+e.numbers()))
	p.indented(e.Said)
	if e.URL != "" {
		p.indented(e.URL)
	}
	for _, s := range e.Saved {
		p.indented(s.String())
	}
	if e.Payload != "" {
		p.indented("payload: " + e.Payload)
	}
	if e.Note != "" {
		p.indented("note: " + e.Note)
	}
	return p.failed()
}

// indented writes what is foreign: a line of it never looks like one of ours.
func (p *plain) indented(s string) {
	for l := range strings.SplitSeq(s, "\n") {
		fmt.Fprintf(p.w, "    %s\n", l)
	}
}

func (p *plain) Close() error {
	p.begin()
	fmt.Fprintf(p.w, "\n%s\n", p.total())
	return p.w.Flush()
}
