package export

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"backscroll/ui/mask"
	"backscroll/zim"
	"backscroll/zim/history"
)

// whatIsMasked is said at the head of files that are masked.
const whatIsMasked = "phone numbers, e-mail addresses, card numbers, and users, queries and fragments of URLs; names and what pictures show are not"

// beginMask begins to count anew: every writing of a job is masked from its start.
func (r *run) beginMask() {
	r.mask = nil
	if r.Mask {
		r.mask = mask.New(r.key)
	}
}

func (r *run) masked(m zim.Message) zim.Message {
	if r.mask == nil {
		return m
	}
	return r.mask.Message(m)
}

// maskedChat is the chat as files may name it.
func (r *run) maskedChat(c history.Chat) history.Chat {
	if r.Mask {
		m := mask.New(r.key)
		c.User, c.Peer, c.Group = m.Text(c.User), m.Text(c.Peer), m.Text(c.Group)
	}
	return c
}

// maskedNote is the note at a message as files may have it. A message keeps its IDs
// when it is masked, by which its note is found.
func (r *run) maskedNote() func(zim.Message) string {
	if r.Note == nil || !r.Mask {
		return r.Note
	}
	m := mask.New(r.key)
	return func(of zim.Message) string { return m.Text(r.Note(of)) }
}

// maskedManifest is the manifest as it is written.
func (r *run) maskedManifest() *Manifest {
	m := r.manifest
	if !r.Mask {
		return &m
	}
	head := mask.New(r.key)
	for _, s := range []*string{&m.Chat.User, &m.Chat.Peer, &m.Chat.Group, &m.Chat.File, &m.Filter, &m.OnlyOn} {
		*s = head.Text(*s)
	}
	if r.mask != nil {
		m.Masks = maps.Clone(r.mask.Counts())
	}
	return &m
}

// What keeps a job from masking.
var (
	ErrNamed    = errors.New("the name of a file has a phone number or an address in it")
	errPictures = errors.New("files that messages link to cannot be masked")
)

// CheckMask fails with ErrNamed if a file would be called by what is masked in it,
// and if files of messages are to be saved.
func (j *Job) CheckMask() error {
	if !j.Mask {
		return nil
	}
	if j.MediaLimit > 0 {
		return errPictures
	}
	for _, name := range j.Names() {
		name = filepath.Base(name)
		if mask.New(mask.Key{}).Text(name) != name {
			return fmt.Errorf("%s: %w", name, ErrNamed)
		}
	}
	return nil
}
