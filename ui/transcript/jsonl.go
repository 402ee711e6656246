package transcript

import (
	"bufio"

	"backscroll/zim"
)

// jsonLines writes an object a line.
type jsonLines struct {
	w    *bufio.Writer
	head Head
}

func (j *jsonLines) Write(m zim.Message) error {
	j.w.Write(j.head.lossless(m))
	return j.w.WriteByte('\n') // a failure before shows here too, as everywhere below
}

func (j *jsonLines) Close() error { return j.w.Flush() }

// jsonFile writes one object, whose Messages have a line each.
type jsonFile struct {
	w     *bufio.Writer
	head  Head
	begun bool
}

func (j *jsonFile) begin() {
	if j.begun {
		j.w.WriteString(",\n")
		return
	}
	j.begun = true
	var head record
	switch c := j.head.Chat; {
	case c.IsGroup():
		head.member("Group", quoted(c.Group))
	case c.User == "":
		head.member("File", quoted(c.Peer))
	default:
		head.member("User", quoted(c.User))
		head.member("Peer", quoted(c.Peer))
	}
	head.member("Exported", quoted(j.head.at()))
	head.member("Zone", quoted(ZoneName(j.head.Zone, j.head.At)))
	head.member("Version", quoted(j.head.Version))
	for _, a := range j.head.Asked {
		head.member(a.Name, quoted(a.Value))
	}
	j.w.WriteString(`{"Export":`)
	j.w.Write(head.end())
	j.w.WriteString(`,"Messages":[` + "\n")
}

func (j *jsonFile) Write(m zim.Message) error {
	j.begin()
	r, _ := j.head.objectOf(m)
	_, err := j.w.Write(r.end())
	return err
}

func (j *jsonFile) Close() error {
	if !j.begun {
		j.begin()
	}
	j.w.WriteString("\n]}\n")
	return j.w.Flush()
}
