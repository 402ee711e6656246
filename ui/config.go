package ui

import (
	"errors"
	"time"

	"backscroll/zim"
	"backscroll/zim/history"
	"backscroll/zim/media"
)

// Bookmark is a message that somebody marked.
type Bookmark struct {
	Chat    history.Chat
	Message zim.Message
	Note    string // may be empty
}

// Config is what a browser starts with.
type Config struct {
	Client Client
	Calls  *Exchanges // what the client's calls are noted in; nil if they are not
	// Endpoint is the base URL of the service, for commands that are copied.
	Endpoint string
	// Media fetches what messages link to; nil is one that asks no private address.
	Media *media.Fetcher
	// Open shows a URL in whatever shows URLs on this machine; nil if nothing does.
	Open func(url string) error
	// Recents keeps what is opened for the next session; nil keeps it for this one.
	Recents Recents
	// Profiles is what P turns to; nil for none.
	Profiles Profiles
	numbers  int // from which on requests are numbered
	marks    *bookmarks
	Version  string           // of the program, for files that it writes
	AppID    uint32           // that Client asks for; 0 for a file
	Jobs     *Jobs            // what it has to wait for that ends the program; nil if nobody does
	Place    string           // where one is: the profile's name
	User     string           // whose conversations; may be empty
	Chat     history.Chat     // the conversation to begin with; zero for none
	KeptDays int              // how long the app keeps messages; 0 is not known
	Seq      int64            // the MsgSeq to begin at; 0 for none
	At       time.Time        // the moment to begin at; zero for none
	Zones    []*time.Location // the zones that T walks through; the first is shown at first
	Now      func() time.Time // for "today"; nil is time.Now

	// Offline says that Client reads a file, which holds one list: Chat without a
	// User, or the conversations of User. Nothing is looked up, and both are named
	// as the file is.
	Offline bool
	Several bool // of these conversations the file has the messages too
	Inspect bool // open the inspector on the newest message; offline only
	Tree    bool // in the Tree tab
	// Bookmarks are marked from the start.
	Bookmarks []Bookmark
	Remark    string // what is to be known of the file all the time; may be empty
}

// whole returns the configuration with something in the place of all that may be nil.
func (c Config) whole() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if len(c.Zones) == 0 {
		c.Zones = []*time.Location{time.UTC}
	}
	if c.Media == nil {
		c.Media = media.NewFetcher()
	}
	if c.Open == nil {
		c.Open = func(string) error { return errors.New("nothing on this machine shows URLs: y u copies it") }
	}
	if c.Jobs == nil {
		c.Jobs = &Jobs{}
	}
	if c.marks == nil {
		c.marks = &bookmarks{}
	}
	return c
}
