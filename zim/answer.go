package zim

// head is what every answer of the service has.
type head struct {
	Code      Code
	Message   string
	RequestId string
	hasCode   bool
	whole     bool // one JSON object and nothing else: an answer that was cut short is not
}

// readAnswer goes once over the members of an answer. take is given the name of
// each and where its value begins, and returns the position after the value.
func readAnswer(body []byte, take func(name, body []byte, at int) (end int, ok bool)) (h head) {
	i := skipSpace(body, 0)
	if i >= len(body) || body[i] != '{' {
		return h
	}
	i = skipSpace(body, i+1)
	for more := i < len(body) && body[i] != '}'; more; {
		name, at, ok := nameAt(body, i)
		if !ok {
			return h
		}
		end, ok := take(name, body, at)
		if !ok {
			return h
		}
		h.set(name, body[at:end])
		i, more = commaAt(body, end)
	}
	h.whole = i < len(body) && body[i] == '}' && skipSpace(body, i+1) == len(body)
	return h
}

func (h *head) set(name, raw []byte) {
	switch string(name) {
	case "Code":
		n, ok := integerOf(raw)
		h.Code, h.hasCode = Code(n), ok
	case "Message":
		h.Message, _ = stringOf(raw) // shown as it is, whatever it is
		h.Message = h.Message[:min(len(h.Message), maxMessage)]
	case "RequestId":
		h.RequestId, _ = stringOf(raw)
		h.RequestId = h.RequestId[:min(len(h.RequestId), maxMessage)]
	}
}

// maxMessage is how many bytes are kept of what an answer says of itself; they
// are shown in one line.
const maxMessage = 512

// values makes a take for readAnswer of a function that is given whole values.
func values(set func(name string, raw []byte)) func(name, body []byte, at int) (int, bool) {
	return func(name, body []byte, at int) (int, bool) {
		end, ok := skipValue(body, at)
		if ok {
			set(string(name), body[at:end:end])
		}
		return end, ok
	}
}
