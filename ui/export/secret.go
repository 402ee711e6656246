package export

import "regexp"

// NotShown stands in files in the place of a filter that MayBeSecret.
const NotShown = "(not shown, since it may hold a secret)"

// MayBeSecret reports whether there is something like a ServerSecret in what was
// typed.
func MayBeSecret(s string) bool {
	return regexp.MustCompile(`(?i)[0-9a-f]{32}`).MatchString(s) // not compiled at every start
}
