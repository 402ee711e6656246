package emulator

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// nowhere is what the fault empty makes of a page after the first: a page with
// no rows, whose Next was not given before.
func (e *Emulator) nowhere(seal sealer, asked int64) (next int64, lost bool) {
	if asked == 0 || !e.has(FaultEmpty) {
		return 0, false
	}
	const most = 1<<positionBits - 1
	seal.key = mix(seal.key, hash(string(FaultEmpty)))
	n, err := seal.position(asked, 0, most)
	if err != nil {
		n = 0 // the Next of a page that had rows
	}
	return seal.seal(n%most + 1), true
}

// circled is what the fault loop makes of a page's Next.
func (e *Emulator) circled(asked, next int64) int64 {
	if asked != 0 && e.has(FaultLoop) {
		return asked
	}
	return next
}

// overlapped moves the end of a page back into the page before, past nothing
// that has no MsgId: it could not be told from a message of its own.
func overlapped(l list, end, limit int) int {
	for range min(rowsBack, limit-1) {
		if end >= l.len() || l.at(end).unnamed() {
			break
		}
		end++
	}
	return end
}

// unnamed reports whether the message comes without a MsgId.
func (m message) unnamed() bool {
	return m.id == 0 || m.empty == deleted && m.raw == nil && m.trace <= zeros
}

// distort makes of an answer what the faults that are always there do to it.
// An answer that cannot be read stays as it is.
func (e *Emulator) distort(answer []byte) []byte {
	strings, nulls, bare := e.has(FaultStringIDs), e.has(FaultNulls), e.has(FaultBare)
	if !strings && !nulls && !bare {
		return answer
	}
	change := func(row map[string]json.RawMessage) {
		if bare && (string(row["IsEmpty"]) == "1" || string(row["IsEempy"]) == "1") {
			clear(row)
			row["IsEmpty"] = json.RawMessage("1")
		}
		if strings {
			quote(row, "MsgId", "MsgSeq")
		}
		if nulls {
			empty(row)
		}
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(answer, &members) != nil {
		return answer
	}
	for _, name := range []string{"List", "MessageList", "MemberList", "Result", "ErrorList"} {
		if rows, ok := members[name]; ok {
			members[name] = eachRow(rows, change)
		}
	}
	if nulls {
		empty(members, "Code", "TotalCount")
	}
	return marshal(members)
}

// eachRow changes the objects of an array. Their names come in another order,
// their values as they were.
func eachRow(array json.RawMessage, change func(map[string]json.RawMessage)) json.RawMessage {
	var rows []map[string]json.RawMessage
	if json.Unmarshal(array, &rows) != nil {
		return array
	}
	for _, row := range rows {
		change(row)
	}
	return marshal(rows)
}

// quote makes strings of numbers.
func quote(row map[string]json.RawMessage, names ...string) {
	for _, name := range names {
		if v, ok := row[name]; ok && v[0] != '"' && !strings.HasPrefix(string(v), "null") {
			row[name] = json.RawMessage(strconv.Quote(string(v)))
		}
	}
}

// empty makes null of what is empty or 0, except of the names given.
func empty(row map[string]json.RawMessage, except ...string) {
	for name, v := range row {
		switch string(v) {
		case `""`, "0", "[]":
			if !slices.Contains(except, name) {
				row[name] = json.RawMessage("null")
			}
		}
	}
}
