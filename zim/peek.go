package zim

// Peek is what of a message can be told without decoding it whole: the readings
// of Envelope, without its fields and problems, for whoever must look at many
// messages.
type Peek struct {
	Sender     []byte // user ID; mostly a slice of Raw, and not to be changed
	MsgType    MsgType
	SubMsgType int64 // 0-200; means something for TypeCustom only
	IsEmpty    IsEmpty
	msgBody    []byte // the raw value
	payload    []byte // the raw value
}

// Peek reads the message in one pass. It allocates nothing, unless a value is
// written in an unusual way: a Sender with escapes, a number in quotes.
func (m Message) Peek() Peek {
	var p Peek
	for name, raw := range byteMembers(m.Raw) {
		if isNull(raw) {
			continue
		}
		switch string(name) {
		case "Sender":
			p.Sender = raw
			if raw[0] == '"' {
				p.Sender = unquoteBytes(raw)
			}
		case "MsgType":
			p.MsgType = MsgType(number(raw))
		case "SubMsgType":
			p.SubMsgType = number(raw)
		case "MsgBody":
			p.msgBody = raw
		case "Payload":
			p.payload = raw
		case "IsEmpty", "IsEempy": // as for Envelope
			p.IsEmpty = IsEmpty(number(raw))
		}
	}
	return p
}

// HasPayload reports whether Payload would return anything.
func (p Peek) HasPayload() bool { return len(p.payload) > 0 && string(p.payload) != `""` }

// Payload decodes the sender's extension, as Envelope does.
func (p Peek) Payload() string {
	text, _ := stringOf(p.payload)
	return text
}

// Body decodes the body of the message, as Envelope.Body does.
func (p Peek) Body() Body {
	return Envelope{MsgType: p.MsgType, SubMsgType: p.SubMsgType, IsEmpty: p.IsEmpty, MsgBody: p.msgBody}.Body()
}
