package history

// FromFilter returns the filter that lets through what a sender sent, as it is
// typed.
func FromFilter(sender string) string { return "from:" + typedValue(sender) }
