package export

import (
	"cmp"
	endian "encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"backscroll/ui/mask"
	"backscroll/zim"
)

// PartialSuffix ends the name of the file that a job keeps its pages in until it is
// done.
const PartialSuffix = ".partial"

// What can be wrong with the pages of a job that was stopped.
var (
	ErrPartial = errors.New("there is what a stopped export kept")
	ErrBusy    = errors.New("another process is writing it")
	ErrForeign = errors.New("it is not what an export keeps")
)

// journal is the pages of a job as they came, in a file: a job that was stopped
// begins with them, as if the service gave them again. It has records, each with its
// size and a checksum. What a process that was killed wrote of the last one is cut
// off. The file is locked while it is open.
type journal struct {
	file     *os.File
	question question // the first record
	pages    int      // that are there
	resumed  int      // how often
	placed   []File   // that may have got their names
	at, size int64    // where it is read, and what of it is whole
	record   []byte   // the last that was read or written
	unsynced int      // pages
}

// question is what a job was asked for: Files without sizes.
type question struct {
	Partial int      // journalVersion
	Key     mask.Key `json:",omitzero"` // in no other file
	Manifest
}

const (
	journalVersion = 1
	journalMagic   = "backscroll export, not whole\n" // what the file begins with
)

// The kinds of records.
const (
	recordQuestion = 'q' // JSON, a question
	recordResumed  = 'r' // nothing
	recordPage     = 'p' // what was asked, RequestId, Next and messages, each after its size
	recordFiles    = 'f' // JSON, a list of Files
)

const (
	recordHead = 9       // bytes: the size of what follows the head, in 4, a checksum, in 4, and the kind
	maxRecord  = 1 << 30 // bytes
	syncEvery  = 50      // pages
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openJournal opens the file of that name, or makes it, for its owner alone. The
// question is empty if nothing is there. It fails with ErrBusy or ErrForeign.
func openJournal(name string) (*journal, error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, ErrForeign
	}
	file, err := openLocked(name)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err := j.scan(); err != nil {
		closeLocked(file)
		return nil, err
	}
	return j, nil
}

// scan finds out what is there, and cuts off what is not whole.
func (j *journal) scan() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	begun := make([]byte, min(info.Size(), int64(len(journalMagic))))
	if _, err := j.file.ReadAt(begun, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if string(begun) != journalMagic[:len(begun)] {
		return ErrForeign
	}
	j.at, j.size = int64(len(journalMagic)), info.Size()
	for first := true; ; first = false {
		begin := j.at
		kind, content, err := j.next()
		if err == nil && first != (kind == recordQuestion) {
			err = io.ErrUnexpectedEOF
		}
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			j.at, j.size = int64(len(journalMagic)), begin
			return nil
		}
		if err := cmp.Or(err, j.count(kind, content)); err != nil {
			return err
		}
	}
}

func (j *journal) count(kind byte, content []byte) error {
	switch kind {
	case recordQuestion:
		if json.Unmarshal(content, &j.question) != nil || j.question.Partial != journalVersion {
			return ErrForeign
		}
	case recordResumed:
		j.resumed++
	case recordPage:
		j.pages++
	case recordFiles:
		j.placed = nil
		if json.Unmarshal(content, &j.placed) != nil {
			return ErrForeign
		}
	}
	return nil
}

// next reads the record that follows. It fails with io.EOF at the end, and with
// io.ErrUnexpectedEOF if the record is not whole.
func (j *journal) next() (kind byte, content []byte, err error) {
	if j.at == j.size {
		return 0, nil, io.EOF
	}
	head := slices.Grow(j.record[:0], recordHead)[:recordHead]
	n, err := j.file.ReadAt(head, j.at)
	j.record = head[:n]
	if n < recordHead {
		return 0, nil, readError(err, n)
	}
	size := endian.BigEndian.Uint32(head)
	if j.at+recordHead+int64(size) > j.size || size > maxRecord {
		return 0, nil, io.ErrUnexpectedEOF
	}
	whole := slices.Grow(head, int(size))[:recordHead+int(size)]
	if n, err := j.file.ReadAt(whole[recordHead:], j.at+recordHead); n < int(size) {
		return 0, nil, readError(err, n+1)
	}
	j.record = whole
	if crc32.Checksum(whole[recordHead-1:], castagnoli) != endian.BigEndian.Uint32(whole[4:]) {
		return 0, nil, io.ErrUnexpectedEOF
	}
	j.at += int64(len(whole))
	return whole[recordHead-1], whole[recordHead:], nil
}

// readError tells an end from an error.
func readError(err error, n int) error {
	if errors.Is(err, io.EOF) && n > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// write adds a record at the end. What a write that failed left is overwritten by
// the next.
func (j *journal) write(kind byte, content []byte) error {
	b := append(j.record[:0], make([]byte, recordHead)...)
	b[recordHead-1] = kind
	b = append(b, content...)
	endian.BigEndian.PutUint32(b, uint32(len(content)))
	endian.BigEndian.PutUint32(b[4:], crc32.Checksum(b[recordHead-1:], castagnoli))
	j.record = b
	if _, err := j.file.WriteAt(b, j.size); err != nil {
		return err
	}
	j.size += int64(len(b))
	j.at = j.size
	return nil
}

func (j *journal) writeJSON(kind byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		panic("export: " + err.Error()) // it has strings and numbers only
	}
	return errors.Join(j.write(kind, b), j.file.Sync())
}

// begin forgets what is there, and begins with a question.
func (j *journal) begin(q question) error {
	*j = journal{file: j.file, question: q, size: int64(len(journalMagic))}
	if err := j.file.Truncate(0); err != nil {
		return err
	}
	if _, err := j.file.WriteAt([]byte(journalMagic), 0); err != nil {
		return err
	}
	return j.writeJSON(recordQuestion, q)
}

// resume goes on behind what is there; what is not whole is cut off.
func (j *journal) resume() error {
	at := j.at
	j.resumed++
	err := cmp.Or(j.file.Truncate(j.size), j.write(recordResumed, nil))
	j.at = at
	return err
}

// page returns the page that follows, one that was given for that list and that
// Next; nil if there are no more.
func (j *journal) page(list string, next zim.Next) (*zim.MessagePage, error) {
	for {
		kind, content, err := j.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, nil
		case err != nil:
			return nil, err
		case kind == recordPage:
			return readPage(slices.Clone(content), list, next)
		}
	}
}

// add keeps a page.
func (j *journal) add(list string, next zim.Next, page *zim.MessagePage) error {
	var b []byte
	for _, s := range []string{list, string(next), page.RequestId, string(page.Next)} {
		b = appendSized(b, s)
	}
	for _, m := range page.List {
		b = appendSized(b, m.Raw)
	}
	if err := j.write(recordPage, b); err != nil {
		return err
	}
	j.pages++
	if j.unsynced++; j.unsynced < syncEvery {
		return nil
	}
	return j.sync()
}

func (j *journal) sync() error {
	j.unsynced = 0
	return j.file.Sync()
}

// close leaves the file for a job to come, or removes it.
func (j *journal) close(keep bool) {
	if keep {
		j.sync()
		closeLocked(j.file)
		return
	}
	removeOpen(j.file)
}

func appendSized[T string | []byte](b []byte, s T) []byte {
	return append(endian.AppendUvarint(b, uint64(len(s))), s...)
}

// readPage reads a record of a page, which keeps it.
func readPage(b []byte, list string, next zim.Next) (*zim.MessagePage, error) {
	var parts [4]string
	for i := range parts {
		part, rest, ok := cutSized(b)
		if !ok {
			return nil, ErrForeign
		}
		parts[i], b = strings.Clone(string(part)), rest
	}
	if parts[0] != list || parts[1] != string(next) {
		return nil, ErrForeign
	}
	page := &zim.MessagePage{RequestId: parts[2], Next: zim.Next(parts[3])}
	for len(b) > 0 {
		raw, rest, ok := cutSized(b)
		if !ok {
			return nil, ErrForeign
		}
		page.List, b = append(page.List, zim.ReadMessage(raw)), rest
	}
	return page, nil
}

func cutSized(b []byte) (part, rest []byte, ok bool) {
	size, n := endian.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	end := n + int(size)
	return b[n:end:end], b[end:], true
}

// Kept says what a job that was stopped kept beside output.
type Kept struct {
	Began time.Time // zero if it kept no pages
	Pages int

	question question
}

// KeptBeside finds what a job with that Output kept. Began is what -24h and the like
// were counted from. It fails with ErrBusy or ErrForeign.
func KeptBeside(output string) (Kept, error) {
	if _, err := os.Lstat(output + PartialSuffix); errors.Is(err, os.ErrNotExist) {
		return Kept{}, nil
	}
	j, err := openJournal(output + PartialSuffix)
	if err != nil {
		return Kept{}, err
	}
	defer j.close(true)
	if j.pages == 0 {
		return Kept{}, nil
	}
	began, err := time.Parse(time.RFC3339Nano, j.question.Began)
	if err != nil {
		return Kept{}, ErrForeign
	}
	return Kept{began, j.pages, j.question}, nil
}
