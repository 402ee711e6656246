package cli

import (
	"cmp"
	"os"
	"strings"
	"time"
)

// named returns the machine's zone under its real name, which package time does not
// tell, or the zone itself where it is another one, or the name is not found.
func (p Process) named(zone *time.Location) *time.Location {
	if zone != time.Local {
		return zone
	}
	link, _ := os.Readlink("/etc/localtime") // "" where it is no link
	_, link, _ = strings.Cut(link, "zoneinfo/")
	name := cmp.Or(strings.TrimPrefix(p.Getenv("TZ"), ":"), link)
	known, err := time.LoadLocation(name)
	if err != nil || name == "" || !sameTimes(known, zone, p.Now()) {
		return zone
	}
	return known
}
