package history

import (
	"slices"
	"strings"

	"backscroll/zim"
)

// FilterField is a field of a filter, or another form that a term can have.
type FilterField struct {
	Name    string // before the colon; "" for a form without a name
	Example string // a filter by itself
	Does    string // what the example lets through

	values []string // all that can stand there, if it is from a list
	read   func(*filterParser, token) (node, *FilterError)
}

// filterFields are the fields, in the order of the help.
var filterFields = []FilterField{
	{Name: "from", Example: "from:bob,alice", Does: "sent by bob or by alice; an ID with spaces or parentheses needs quotes", read: readFrom},
	{Name: "type", Example: "type:image,file", Does: "of a type, by name or number; also a message of several items that has one", values: typeNames(), read: readType},
	{Name: "is", Example: "is:recalled,deleted,undecodable", Does: "recalled or the notice of it; deleted or expired; not decodable as documented", values: factNames(isFacts), read: readFacts(isFacts)},
	{Name: "has", Example: "has:payload,media,link", Does: "with a payload; an image, file, audio or video; a link in its text or payload", values: factNames(hasFacts), read: readFacts(hasFacts)},
	{Name: "after", Example: "after:-7d", Does: "from that time on; a date, a time (with a space in quotes), or how long ago", read: readAfter},
	{Name: "before", Example: "before:2026-05-01", Does: "before that time", read: readBefore},
	{Name: "on", Example: "on:2026-05-01", Does: "on that day", read: readOn},
	{Name: "sub", Example: "sub:110", Does: "custom, of that SubMsgType", read: readSub},
	{Name: "seq", Example: "seq:100-200", Does: "with a MsgSeq of the range; also 120, 100- or -200", read: readSeq},
	{Name: "id", Example: "id:971503777289036729", Does: "with that MsgId", read: readID},
}

// FilterHelp explains every form that a term can have, the fields first.
func FilterHelp() []FilterField {
	return append(slices.Clone(filterFields),
		FilterField{Example: "refund", Does: "with the word anywhere: text, names of files, payload, IDs; any case, unless it has a capital"},
		FilterField{Example: `"blue frame"`, Does: "with these words as they stand"},
		FilterField{Example: "=Refund", Does: "with exactly these characters, case included"},
		FilterField{Example: "/refund|return/", Does: "with what the regular expression describes"},
		FilterField{Example: "-from:bob", Does: "not this; also not from:bob and -(from:bob refund)"},
		FilterField{Example: "from:bob refund", Does: "both; also with and between them"},
		FilterField{Example: "from:bob or (is:recalled refund)", Does: "one of both; and binds closer than or"},
	)
}

func fieldNames() []string {
	var names []string
	for _, f := range filterFields {
		names = append(names, f.Name)
	}
	return names
}

// namedTypes are the types that have a name, the most usual first.
var namedTypes = []zim.MsgType{
	zim.TypeText, zim.TypeImage, zim.TypeFile, zim.TypeAudio, zim.TypeVideo, zim.TypeCustom, zim.TypeMultiItem,
	zim.TypeCombined, zim.TypeTips, zim.TypeRecallNotice, zim.TypeSystem, zim.TypeCommand, zim.TypeBarrage,
}

// typeNames are the names of the types as they are typed: without spaces.
func typeNames() []string {
	var names []string
	for _, t := range namedTypes {
		names = append(names, strings.ReplaceAll(t.String(), " ", "-"))
	}
	return names
}

func factNames(facts []namedFact) []string {
	var names []string
	for _, f := range facts {
		names = append(names, f.name)
	}
	return names
}
