package transcript

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"backscroll/zim"
)

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// csvFile writes a line a message, as RFC 4180 has it, all fields quoted.
type csvFile struct{ people }

func (c *csvFile) begin() {
	if c.first() {
		c.w.WriteString(byteOrderMark)
		names := []string{"Time", "MsgSeq", "MsgId", "Sender", "Kind", "Message", "Payload", "FileName", "Url"}
		if c.head.Note != nil {
			names = append(names, "Note")
		}
		if c.head.Saved != nil {
			names = append(names, "Saved")
		}
		c.line(names...)
	}
}

func (c *csvFile) line(fields ...string) error {
	for i, f := range fields {
		if i > 0 {
			c.w.WriteByte(',')
		}
		c.w.WriteString(`"` + strings.ReplaceAll(f, `"`, `""`) + `"`)
	}
	_, err := c.w.WriteString("\r\n")
	return err
}

func (c *csvFile) Write(m zim.Message) error {
	c.begin()
	e := c.entry(m)
	fields := []string{e.Stamp, inert(e.Seq), asText(e.ID), asText(e.Sender), e.Kind, inert(e.Said), inert(e.Payload), inert(e.File), inert(e.URL)}
	if c.head.Note != nil {
		fields = append(fields, inert(e.Note))
	}
	if c.head.Saved != nil {
		var rows []string
		for _, s := range e.Saved {
			rows = append(rows, cmp.Or(s.Text, s.String()))
		}
		fields = append(fields, inert(strings.Join(rows, "\n")))
	}
	return c.line(fields...)
}

func (c *csvFile) Close() error {
	c.begin()
	return c.w.Flush()
}

// inert returns a field that no spreadsheet takes for a formula, nor for a number,
// of which it would keep 15 digits. What begins with ' gets another: who takes one
// away has the field as it was.
func inert(field string) string {
	if len(field) > 15 && strings.Trim(field, "0123456789") == "" {
		return "'" + field
	}
	start := strings.TrimLeft(field, " \n\u00a0\u3000") // some look behind white space
	if first, _ := utf8.DecodeRuneInString(start); start != "" && strings.ContainsRune("=+-@\t\r＝＋－＠−'|%", first) {
		return "'" + field
	}
	return field
}

// asText returns an ID as a field. One with a digit may be a number, a date or a
// fraction to a spreadsheet, and is marked as text.
func asText(id string) string {
	if strings.ContainsAny(id, "0123456789") {
		return "'" + id
	}
	return inert(id)
}
