package transcript

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"backscroll/ui/text"
)

// Saved is a file that a message links to, and what became of it.
type Saved struct {
	Link   string // "original", "item 2 original", "thumbnail" …
	Path   string `json:",omitempty"` // where it is, from the folder of the transcript, with /; "" if it was not saved
	Bytes  int64  `json:",omitempty"`
	SHA256 string `json:",omitempty"` // hex
	State  string // "ok", what is not as declared, or why it was not saved
}

// savedEntry is Saved as people read it. All of it is clean.
type savedEntry struct {
	Text string // the path, or "" if it was not saved
	Href string // the same as a relative URL; "" for what must not be opened by a click
	Note string // "" if all is well
}

// shown are the ends of the names of files that show something and run nothing when
// they are opened from a page on somebody's disk: a page or an SVG would.
var shown = strings.Fields("jpg jpeg png gif webp bmp heic heif avif tif tiff mp3 m4a aac wav ogg oga opus flac amr mp4 m4v mov webm mkv 3gp avi pdf txt csv zip doc docx xls xlsx ppt pptx odt ods odp")

// saved returns what was saved of the message that is written.
func (p *people) saved() (list []savedEntry) {
	if p.head.Saved == nil {
		return nil
	}
	for _, s := range p.head.Saved() {
		e := savedEntry{Text: text.CleanLine(s.Path).String()}
		if s.State != "ok" {
			e.Note = text.CleanLine(s.State).String()
		}
		end := strings.ToLower(strings.TrimPrefix(path.Ext(s.Path), "."))
		if s.Path != "" && slices.Contains(shown, end) {
			var parts []string
			for part := range strings.SplitSeq(s.Path, "/") {
				parts = append(parts, url.PathEscape(part))
			}
			e.Href = "./" + strings.Join(parts, "/") // without ./ a colon would make a scheme of it
		}
		list = append(list, e)
	}
	return list
}

// String is the whole in words.
func (s savedEntry) String() string {
	switch {
	case s.Text == "":
		return "not saved: " + s.Note
	case s.Note != "":
		return "saved: " + s.Text + " (" + s.Note + ")"
	}
	return "saved: " + s.Text
}
