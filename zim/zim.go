// Package zim reads the chat history of an app from the server API of
// ZEGOCLOUD's In-app Chat.
//
// client.go holds the one door that every request goes through. An attempt
// takes its turn (schedule.go: one queue for all, by priority, under the rate),
// is signed by a clock that the service's answers set right (clock.go, sign.go),
// posted and read within bounds (attempt.go, transport.go), and told to
// observers, without what is secret of it (observe.go, headers.go). What follows a failed one is decided in one function
// (retry.go); a call that fails for good is an *Error or a *TransportError
// (errors.go, codes.go). calls.go, lookups.go and people.go have a method for each query of
// the API, with the wire's names. An answer keeps its raw bytes: a Message is a
// slice of its page, found in one pass (answer.go, page.go, scan.go), whose
// fields are decoded when they are asked for (message.go), its body after that
// (body.go and its neighbours). A body tells the steps that decoded it (step.go);
// what its strings hold beyond that is found by a walk over all values (walk.go,
// embedded.go, base64.go; values.go is for others who look at them), and so is what a developer should be told of
// (remarks*.go, javascript.go).
//
// The package refuses to write: the actions it can call are the table in
// calls.go and nothing else. It prints nothing, logs nothing, reads no
// environment, and knows no clock, nonce or transport that it was not given.
package zim

// Region is a data centre of the service, each with an address of its own.
type Region string

// The regions of the service. Unified is the default: it finds the data centre
// of the app by itself.
const (
	Unified    Region = "unified"
	Shanghai   Region = "shanghai"
	HongKong   Region = "hongkong"
	Frankfurt  Region = "frankfurt"
	California Region = "california"
	Mumbai     Region = "mumbai"
	Singapore  Region = "singapore"
)

// Regions lists every region, the default first.
func Regions() []Region {
	return []Region{Unified, Shanghai, HongKong, Frankfurt, California, Mumbai, Singapore}
}

// Endpoint returns the region's base URL, or "" for a region that is not known.
func (r Region) Endpoint() string {
	switch r {
	case Unified:
		return "https://zim-api.zego.im"
	case Shanghai:
		return "https://zim-api-sha.zego.im"
	case HongKong:
		return "https://zim-api-hkg.zego.im"
	case Frankfurt:
		return "https://zim-api-fra.zego.im"
	case California:
		return "https://zim-api-lax.zego.im"
	case Mumbai:
		return "https://zim-api-bom.zego.im"
	case Singapore:
		return "https://zim-api-sgp.zego.im"
	}
	return ""
}
