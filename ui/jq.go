package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/itchyny/gojq"

	"backscroll/ui/text"
)

// What a jq expression may take, of which some never end.
const (
	jqTime    = 5 * time.Second
	jqResults = 10_000
	jqOutput  = 32 << 20 // bytes of results
	jqInput   = 32 << 20 // bytes of JSON: decoded, it takes ten times as many
)

// jqView is the expression whose results the Tree tab shows in place of the JSON.
type jqView struct {
	expr    string // empty for the JSON itself
	due     bool   // it is to be run on what the tab shows
	number  int    // of its last run
	cancel  context.CancelFunc
	said    string // how many results there are
	problem string // why there are none, or no more
}

// jqMsg answers runJQ.
type jqMsg struct {
	number int
	json   []byte // the result, or an array of several; nil for none
	n      int    // how many there are
	err    error  // what ended them
}

// runJQ runs an expression on a JSON text.
func runJQ(ctx context.Context, expr string, raw []byte, number int) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, jqTime)
		defer cancel()
		msg := jqMsg{number: number}
		var results [][]byte
		results, msg.err = evaluate(ctx, expr, raw)
		switch msg.n = len(results); msg.n {
		case 0:
		case 1:
			msg.json = results[0]
		default:
			msg.json = append(append([]byte{'['}, bytes.Join(results, []byte{','})...), ']')
		}
		return msg
	}
}

// errJQMore ends the results of an expression that has too many.
var errJQMore = fmt.Errorf("stopped after %d results or %s of them", jqResults, humanSize(jqOutput))

// evaluate returns the results of an expression as JSON, and what ended them before
// their end. A number that the expression does not calculate with stays as it was
// written; the keys of an object are sorted. The expression can read nothing but
// the text: no environment, no files.
func evaluate(ctx context.Context, expr string, raw []byte) (results [][]byte, err error) {
	code, err := compileJQ(expr)
	if err != nil {
		return nil, err
	}
	if len(raw) > jqInput {
		return nil, fmt.Errorf("over %s: too large for jq", humanSize(jqInput))
	}
	var input any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&input) != nil || d.More() {
		return nil, errors.New("this is not JSON as a whole: the tree without :jq shows where it breaks")
	}
	size := 0
	run := code.RunWithContext(ctx, input)
	for {
		v, more := run.Next()
		if !more {
			return results, nil
		}
		if err, failed := v.(error); failed {
			return results, jqFailure(err)
		}
		result, err := gojq.Marshal(v)
		if err != nil {
			return results, err
		}
		if size += len(result); len(results) >= jqResults || size > jqOutput {
			return results, errJQMore
		}
		results = append(results, result)
	}
}

// jqFailure says what ended an expression; nil for one that ended itself.
func jqFailure(err error) error {
	if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.Value() == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopped after %v", jqTime)
	}
	return err
}

func compileJQ(expr string) (*gojq.Code, error) {
	q, err := gojq.Parse(expr)
	if err != nil {
		return nil, err
	}
	return gojq.Compile(q)
}

// wrongJQ says what is wrong with an expression, and from which byte on.
func wrongJQ(expr string) (problem string, from int) {
	_, err := compileJQ(expr)
	if err == nil {
		return "", 0
	}
	if wrong, ok := errors.AsType[*gojq.ParseError](err); ok {
		from = max(wrong.Offset-len(wrong.Token), 0)
	}
	return err.Error(), min(from, max(len(expr)-1, 0))
}

// jq shows what an expression makes of the message, or with an empty one the JSON
// again.
func (m *Model) jq(expr string) tea.Cmd {
	if !m.inspector.open {
		m.inspect()
	}
	if m.inspector.open {
		m.focus = paneInspector
		m.inspector.showJQ(expr)
	}
	return nil
}

// showJQ is jq for an open inspector. What is shown stays until there are results.
func (i *inspector) showJQ(expr string) {
	had := i.jq.expr != ""
	if i.jq.expr = expr; expr == "" {
		i.stopJQ()
		if had {
			i.tree = nil
		}
	}
	i.tab, i.jq.due = tabTree, expr != ""
	i.compose(false)
}

// stopJQ ends a run whose results nobody waits for any more.
func (i *inspector) stopJQ() {
	if i.jq.cancel != nil {
		i.jq.cancel()
	}
	i.jq = jqView{expr: i.jq.expr, number: i.jq.number + 1}
}

// runDue runs the expression where it has not been run on what the tab shows.
func (i *inspector) runDue(ctx context.Context) tea.Cmd {
	if !i.open || i.tab != tabTree || !i.jq.due {
		return nil
	}
	i.stopJQ()
	ctx, i.jq.cancel = context.WithCancel(ctx)
	return runJQ(ctx, i.jq.expr, i.source(), i.jq.number)
}

// applyJQ shows results.
func (i *inspector) applyJQ(msg jqMsg) {
	if msg.number != i.jq.number || i.jq.expr == "" {
		return
	}
	i.jq.said, i.jq.problem = count(msg.n, "result", "results"), ""
	if msg.err != nil {
		i.jq.problem = msg.err.Error()
	}
	i.grow(msg.json)
}

// jqRow stands over the tree: the expression, how many results it has, and what
// ended them.
func (i *inspector) jqRow() row {
	r := row{space(barColumn + 1), {dim, text.CleanLine("jq ")}, {plain, text.CleanLine(i.jq.expr)}}
	if i.jq.said != "" {
		r = append(r, span{dim, text.CleanLine(" · " + i.jq.said)})
	}
	if i.jq.problem != "" {
		r = append(r, span{alarm, text.CleanLine(" · " + i.jq.problem)})
	}
	return r
}

// jqBefore is what the inspector showed before an expression was typed.
type jqBefore struct {
	expr       string
	tab        tab
	open, full bool
	focus      pane
}

// previewJQ shows what the expression that is being typed gives; enter keeps it.
func (m *Model) previewJQ() tea.Cmd {
	a, words, err := parseAction(m.prompt.input.Value())
	if err != nil || a.name != "jq" || words == "" || m.prompt.problem != "" {
		return nil
	}
	if i := &m.inspector; m.prompt.jq == nil {
		m.prompt.jq = &jqBefore{i.jq.expr, i.tab, i.open, i.full, m.focus}
	}
	return m.jq(words)
}

// endPreview shows again what the inspector showed before.
func (m *Model) endPreview(was *jqBefore) {
	i := &m.inspector
	i.showJQ(was.expr)
	i.tab, i.open, i.full, m.focus = was.tab, was.open, was.full, was.focus
	i.compose(false)
}
