package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"backscroll/ui"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/history"
)

// run collects the messages and writes the files. There are none if it fails.
func (x *export) run(ctx context.Context, a *access) error {
	messages, err := newSpool(filepath.Dir(x.last))
	if err != nil {
		return x.failed(err)
	}
	defer messages.close()
	x.describe(a)
	if err := x.collect(zim.WithWaits(ctx, x.waiting), a, messages); err != nil {
		return err
	}
	files, err := x.write(ctx, messages)
	for _, f := range files {
		defer f.discard()
	}
	if err == nil {
		err = placeAll(files, x.flags.force)
	}
	if err != nil {
		return x.failed(err)
	}
	x.bar.clear()
	for _, f := range files {
		if err := say(x.process.Stdout, "%s", f.name); err != nil {
			return err
		}
	}
	return say(x.process.Stderr, "backscroll: %d messages of %d looked at", x.manifest.Messages, x.manifest.LookedAt)
}

// describe fills in what is known of the manifest at the start.
func (x *export) describe(a *access) {
	chat := x.flags.chat.chat()
	x.manifest = manifest{
		Manifest: manifestVersion, Version: x.version(),
		Chat: chatJSON{chat.User, chat.Peer, chat.Group}, AppId: a.appID, Endpoint: a.client.Endpoint(),
		Since: stamp(x.sieve.since, x.zone), Until: stamp(x.sieve.until, x.zone), Filter: x.flags.filter, NoEmpty: x.flags.noEmpty,
		Zone: x.zone.String(), Began: stamp(x.began, x.zone), Kinds: map[string]int{}, RequestIds: []string{},
	}
	if mayBeSecret(x.flags.filter) {
		x.manifest.Filter = "(not shown, since it may hold a secret)"
	}
}

func (x *export) version() string { return "backscroll " + version(x.process.Build) }

// collect walks through the chat, newest first, and keeps what is wanted of it.
func (x *export) collect(ctx context.Context, a *access, to *spool) error {
	stream := x.flags.chat.chat().Stream(ctx, a.client, history.WalkOptions{
		NoEmpty: x.flags.noEmpty,
		Until:   span{since: x.from}.isPast,
	})
	for batch, err := range stream.Batches() {
		if err != nil {
			return x.stoppedAt(err)
		}
		if batch.RequestId != "" {
			x.manifest.RequestIds = append(x.manifest.RequestIds, strings.Clone(batch.RequestId)) // else it would keep its page
		}
		if err := x.take(batch.List, to); err != nil {
			return x.failed(err)
		}
		x.progress()
	}
	if err := x.keep(x.sieve.rest(), to); err != nil {
		return x.failed(err)
	}
	x.manifest.Pages = stream.Pages()
	x.manifest.End = "at the start of the retained history"
	if stream.End() == history.EndStopped {
		x.manifest.End = "at the earliest time that was asked for"
	}
	return nil
}

func (x *export) take(list []zim.Message, to *spool) error {
	var through []zim.Message
	for _, m := range list {
		at, timed := m.Time()
		if timed {
			x.oldest = at
		}
		if timed && x.newest.IsZero() {
			x.newest = at
		}
		if x.manifest.LookedAt++; x.manifest.Newest == nil {
			x.manifest.Newest = &boundJSON{MsgId: strconv.FormatInt(m.MsgId, 10), MsgSeq: m.MsgSeq}
			if timed {
				x.manifest.Newest.Time = stamp(at, x.zone)
			}
		}
		through = append(through, x.sieve.take(m)...)
	}
	return x.keep(through, to)
}

func (x *export) keep(list []zim.Message, to *spool) error {
	list = slices.DeleteFunc(list, func(m zim.Message) bool { return !x.filter.Match(m) })
	for _, m := range list {
		x.manifest.count(m.Envelope())
	}
	return to.add(list)
}

// write writes all files, the manifest last. They have no names yet. Those that
// were begun are returned with an error too.
func (x *export) write(ctx context.Context, from *spool) (files []*newFile, err error) {
	var writers []transcript.Writer
	for _, t := range x.targets {
		file, err := createFile(t.name)
		if err != nil {
			return files, err
		}
		files = append(files, file)
		w, err := transcript.New(t.format, file, x.head())
		if err != nil {
			return files, err
		}
		writers = append(writers, w)
	}
	written := 0
	for m, err := range from.backward() {
		if err = cmp.Or(err, context.Cause(ctx)); err != nil {
			return files, err
		}
		for _, w := range writers {
			if err := w.Write(m); err != nil {
				return files, err
			}
		}
		if written++; written%1000 == 0 {
			x.bar.show("%d of %d messages written", written, x.manifest.Messages)
		}
	}
	for i, w := range writers {
		if err := w.Close(); err != nil {
			return files, err
		}
		f := files[i]
		x.manifest.Files = append(x.manifest.Files, fileJSON{filepath.Base(f.name), x.targets[i].format, f.bytes, f.sum()})
	}
	x.manifest.Ended = stamp(x.process.Now(), x.zone)
	file, err := createFile(x.last)
	if err != nil {
		return files, err
	}
	files = append(files, file)
	_, err = file.Write(x.manifest.encode())
	return files, err
}

// head is what every file says of itself.
func (x *export) head() transcript.Head {
	m := x.manifest
	h := transcript.Head{Chat: x.flags.chat.chat(), Zone: x.zone, At: x.began, Version: m.Version, Say: ui.Rows}
	for _, a := range []transcript.Asked{{Name: "Since", Value: m.Since}, {Name: "Until", Value: m.Until}, {Name: "Filter", Value: m.Filter}} {
		if a.Value != "" {
			h.Asked = append(h.Asked, a)
		}
	}
	if m.NoEmpty {
		h.Asked = append(h.Asked, transcript.Asked{Name: "Without", Value: "recalled, deleted and expired messages"})
	}
	return h
}

// progress tells how much time is covered by what was read, and of how much if
// that is known.
func (x *export) progress() {
	if x.bar == nil || x.oldest.IsZero() {
		return
	}
	line := fmt.Sprintf("%d messages", x.manifest.LookedAt)
	if x.filter != nil {
		line = fmt.Sprintf("%d of %s", x.manifest.Messages, line)
	}
	x.bar.show("%s", line+covered(x.newest, x.oldest, x.from, x.zone))
}

// waiting shows a pause before a call is tried again.
func (x *export) waiting(w zim.Wait) { (&output{bar: x.bar}).waiting(w) }

// stoppedAt says how far the walk came.
func (x *export) stoppedAt(err error) error {
	where := "before the first message"
	if n := x.manifest.LookedAt; n > 0 && !x.oldest.IsZero() {
		where = fmt.Sprintf("after %d messages, at %s", n, x.oldest.In(x.zone).Format(time.RFC3339))
	}
	return &failure{
		text: fmt.Sprintf("export: stopped %s; no file was written: %s", where, inWords(err)),
		hint: cmp.Or(wayOut(err), "try again, and tell ZEGOCLOUD if it stays"),
	}
}

// failed is an error of the files.
func (x *export) failed(err error) error {
	return &failure{
		text: fmt.Sprintf("export: no file was written: %v", withoutPath(err)),
		hint: "the folder of --output must be there and have room; choose another name if there is such a file by now",
	}
}
