package export

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"backscroll/ui/transcript"
)

// write writes all files, the manifest last. They have no names yet. Those that
// were begun are returned with an error too.
func (r *run) write(ctx context.Context, from *spool) (files []*newFile, err error) {
	var writers []transcript.Writer
	for i, t := range r.Targets {
		file, err := createFile(t.Name, r.hidden(1+i))
		if err != nil {
			return files, err
		}
		files = append(files, file)
		w, err := transcript.New(t.Format, file, r.head())
		if err != nil {
			return files, err
		}
		writers = append(writers, w)
	}
	r.beginMask()
	r.state.Phase = Writing
	for m, err := range from.backward() {
		if err = cmp.Or(err, context.Cause(ctx)); err != nil {
			return files, err
		}
		if r.MediaLimit > 0 {
			r.saved = r.savedOf(len(filesOf(m)))
		}
		m = r.masked(m)
		for _, w := range writers {
			if err := w.Write(m); err != nil {
				return files, err
			}
		}
		if r.state.Written++; r.state.Written%1000 == 0 {
			r.tell()
		}
	}
	for i, w := range writers {
		if err := w.Close(); err != nil {
			return files, err
		}
		f := files[i]
		r.manifest.Files = append(r.manifest.Files, File{filepath.Base(f.name), r.Targets[i].Format, f.bytes, f.sum()})
	}
	r.manifest.Ended = stamp(r.Now(), r.Zone)
	file, err := createFile(r.Output+ManifestSuffix, r.hidden(1+len(r.Targets)))
	if err != nil {
		return files, err
	}
	files = append(files, file)
	_, err = file.Write(r.maskedManifest().encode())
	return files, err
}

// head is what every file says of itself.
func (r *run) head() transcript.Head {
	m := r.maskedManifest()
	h := transcript.Head{Chat: r.maskedChat(r.Chat), Masked: r.Mask, Zone: r.Zone, At: r.began, Version: m.Version, Say: r.Say, Note: r.maskedNote()}
	for _, a := range []transcript.Asked{{Name: "Only", Value: m.Only}, {Name: "Only on the side of", Value: m.OnlyOn}, {Name: "Since", Value: m.Since}, {Name: "Until", Value: m.Until}, {Name: "Filter", Value: m.Filter}} {
		if a.Value != "" {
			h.Asked = append(h.Asked, a)
		}
	}
	if m.NoEmpty {
		h.Asked = append(h.Asked, transcript.Asked{Name: "Without", Value: "recalled, deleted and expired messages"})
	}
	if r.MediaLimit > 0 {
		h.Saved = func() []transcript.Saved { return r.saved }
	}
	if m.Masked {
		h.Asked = append(h.Asked, transcript.Asked{Name: "Masked", Value: whatIsMasked})
	}
	return h
}

// place gives the files their names. What they are is written down before that: a
// job that goes on after this one was killed then knows them.
func (r *run) place(files []*newFile) error {
	list := slices.Clone(r.manifest.Files)
	last := files[len(files)-1]
	list = append(list, File{Name: filepath.Base(last.name), Bytes: last.bytes, SHA256: last.sum()})
	if err := r.journal.writeJSON(recordFiles, list); err != nil {
		return err
	}
	return placeAll(files, func(name string) bool { return r.Force || r.ours[name] })
}
