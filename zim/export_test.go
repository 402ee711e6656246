package zim

import "net/http"

// NewTransportDialing is NewTransport over a network of the test's own.
func NewTransportDialing(dial dialFunc) *http.Transport { return newTransport(nil, dial) }
