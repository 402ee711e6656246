package export

import (
	"bytes"
	"encoding/json"
	"time"

	"backscroll/ui/mask"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// ManifestSuffix ends the name of a manifest.
const ManifestSuffix = ".manifest.json"

// manifestVersion is the version of the form of manifests.
const manifestVersion = 1

// Manifest is what an export says of itself. Its fields are those of the file.
type Manifest struct {
	Manifest int    // manifestVersion
	Version  string // of the program

	Chat     ChatName
	AppId    uint32 `json:",omitempty"`
	Endpoint string `json:",omitempty"`
	Since    string `json:",omitempty"` // RFC 3339; inclusive
	Until    string `json:",omitempty"` // RFC 3339; exclusive
	Filter   string `json:",omitempty"`
	NoEmpty  bool   `json:",omitempty"`
	OnlyOn   string `json:",omitempty"` // the user ID whose list alone has the messages
	Only     string `json:",omitempty"` // what was chosen of the chat, in words
	Masked   bool   `json:",omitempty"` // what tells of whom this is was replaced, here too
	Zone     string // of all times in files for people

	MediaFolder string `json:",omitempty"` // beside the manifest, with the files that messages link to
	MediaLimit  int64  `json:",omitempty"` // bytes of all of them

	Began, Ended string // RFC 3339
	Resumed      int    `json:",omitempty"` // how often it was stopped and went on
	End          string // how it ended
	Newest       *Bound `json:",omitempty"` // nil where nobody was asked
	Pages        int
	LookedAt     int               // messages that the service gave
	Messages     int               // of these, written
	Kinds        map[string]int    // the same, by kind
	RequestIds   []string          // of the pages, in order
	Masks        map[mask.Kind]int `json:",omitempty"` // how often each kind was replaced
	Files        []File
	Media        []Media `json:",omitempty"` // in the order of the messages, the oldest first
}

// ChatName is a chat: a group, or User's list of that with Peer, or what a file has.
type ChatName struct {
	User  string `json:",omitempty"`
	Peer  string `json:",omitempty"`
	Group string `json:",omitempty"`
	File  string `json:",omitempty"`
}

func nameOf(c history.Chat) ChatName {
	if c.User == "" && !c.IsGroup() {
		return ChatName{File: c.Peer}
	}
	return ChatName{User: c.User, Peer: c.Peer, Group: c.Group}
}

// Bound is the newest message there was when the export began.
type Bound struct {
	MsgId  string
	MsgSeq int64
	Time   string `json:",omitempty"`
}

// File is a file beside the manifest.
type File struct {
	Name   string // without a folder
	Format transcript.Format
	Bytes  int64
	SHA256 string // hex
}

// maxKinds is how many kinds are counted apart: the types of messages are numbers
// that anybody can make up.
const maxKinds = 100

func (m *Manifest) count(e zim.Envelope) {
	kind := transcript.KindOf(e)
	if _, known := m.Kinds[kind]; !known && len(m.Kinds) >= maxKinds {
		kind = "other"
	}
	m.Kinds[kind]++
	m.Messages++
}

func (m *Manifest) encode() []byte {
	b, err := indented(m)
	if err != nil {
		panic("backscroll: " + err.Error()) // it has strings and numbers only
	}
	return b
}

// indented is a value as JSON for people: what cannot be seen in it is escaped.
func indented(v any) ([]byte, error) {
	line, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, transcript.Compact(nil, line, true), "", "  ")
	b.WriteByte('\n')
	return b.Bytes(), err
}

// stamp is a time as RFC 3339, "" for zero.
func stamp(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format(time.RFC3339Nano)
}
