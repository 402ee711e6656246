package zim

import "net/http"

// NewTransportDialing is NewTransport over a network of the test's own.
func NewTransportDialing(dial dialFunc) *http.Transport { return newTransport(nil, dial) }

// ReadPeople reads an answer of each call about people.
func ReadPeople(body []byte) (states UserStates, joined JoinedGroupPage) {
	states.read(body)
	joined.read(body)
	return states, joined
}
