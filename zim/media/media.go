// Package media follows what a message links to: it names the links, fetches
// them, compares what comes with what the message declares, and saves it.
//
// media.go lists the links of a message. url.go says which URLs are followed and
// what host is shown for them, address.go which addresses are never connected to,
// filename.go what a file may be called. fetch.go asks, hop by hop, download.go
// reads what comes and compares it, save.go writes it, errors.go words what fails.
//
// All that a message says of a file is a stranger's word. The package refuses to
// connect to addresses inside of somebody's network, to carry cookies, credentials
// or a Referer, to read more than its limit, to write over a file or outside of
// the folder that it was given, and to put a URL into an error: its query may be
// a key. It asks nothing by itself: only what its caller was told to ask for.
package media

import (
	"fmt"

	"backscroll/zim"
)

// Link is one URL of a message, with what the message declares of what is there.
// Nothing of it is checked: all text is foreign.
type Link struct {
	// Name is "original", "large", "thumbnail" or "first frame". In a multi-item
	// message the number of the item, from 1, stands before it: "item 2 original".
	Name          string
	Type          zim.MsgType // what the file should be: TypeImage also for a video's first frame
	URL           string      // never empty
	FileName      string      // of the original only, else ""
	MD5           string      // of the original only, as the sender wrote it, else ""
	Size          int64       // bytes, of the original only; -1 unknown
	Width, Height int         // px, 0 unknown
}

// Links returns every URL that a decoded body has a field for, in the order of the
// message, the original of a file first. Forwarded chats have none, and what looks
// like a URL in a text or a custom body is the app's own.
func Links(c zim.Content) []Link {
	switch c := c.(type) {
	case *zim.Media:
		return linksOf(c, "")
	case *zim.MultiItem:
		var links []Link
		for i, item := range c.Items {
			if m, ok := item.Content.(*zim.Media); ok {
				links = append(links, linksOf(m, fmt.Sprintf("item %d ", i+1))...)
			}
		}
		return links
	}
	return nil
}

func linksOf(m *zim.Media, prefix string) (links []Link) {
	if m.URL != "" {
		l := Link{Name: prefix + "original", Type: m.Type, URL: m.URL, FileName: m.Name, MD5: m.MD5, Size: m.Size}
		if m.Type == zim.TypeImage { // a video's are its first frame's
			l.Width, l.Height = m.Width, m.Height
		}
		links = append(links, l)
	}
	for _, v := range m.Variants {
		if v.URL != "" {
			links = append(links, Link{Name: prefix + v.Name, Type: zim.TypeImage, URL: v.URL, Size: -1, Width: v.Width, Height: v.Height})
		}
	}
	return links
}

// Result is what came from a link, as far as it came where there is an error too.
type Result struct {
	Status        int    // of HTTP; 0 if no answer came
	Type          string // the Content-Type without its parameters, 100 bytes at most: foreign text; "" if there was none
	Size          int64  // bytes that came
	MD5           string // of them, in lower-case hex; "" unless all came
	Width, Height int    // px, of a PNG, JPEG or GIF, as stored: not turned by its Exif; else 0
	Path          string // where it was saved; "" if it was not
	// Differs is what is not as the message declares. What it does not declare, or
	// what could not be found out, is not compared.
	Differs []Difference
}

// Difference is one thing that is not as the message declares it.
type Difference struct {
	What            string // "size" (bytes), "MD5", "dimensions" (px, "4032×3024") or "type"
	Declared, Found string // foreign text
}
