package cli

import (
	"strconv"
	"time"

	"backscroll/ui"
	"backscroll/ui/text"
	"backscroll/zim"
	"backscroll/zim/history"
)

// unknownTime stands where the service gives a time that cannot be one.
const unknownTime = "unknown time"

// timeCell is a time of the wire, in ms.
func timeCell(ms int64, zone *time.Location) cell {
	return cell{text.CleanLine(clockTime(ms, zone)), false, dimInk}
}

// clockTime writes a time of the wire, in ms, for people.
func clockTime(ms int64, zone *time.Location) string {
	at, ok := zim.TimeOf(ms)
	if !ok {
		return unknownTime
	}
	return at.In(zone).Format(history.TimeLayout)
}

// idCell is a user or group ID.
func idCell(id string) cell {
	name := text.CleanName(id)
	if name.Empty() {
		return cell{text.Lit("(none)"), false, dimInk}
	}
	return cell{name, false, boldInk}
}

// messageCells is a message as a row: when, which, who, what.
func messageCells(m zim.Message, zone *time.Location) []cell {
	e := m.Envelope()
	seq := cell{text.Lit("-"), true, dimInk}
	if e.MsgSeq != 0 {
		seq.text = text.CleanLine(strconv.FormatInt(e.MsgSeq, 10))
	}
	return []cell{timeCell(e.MsgTime, zone), seq, idCell(e.Sender), {ui.Summary(e, zone), false, plainInk}}
}
