// Package saved shows a file as if it were the service: what was saved of its
// answers, what backscroll messages wrote, or one message or body that was pasted.
//
// A File (saved.go) answers the queries of a client from what stands in the file.
// kind.go looks at its beginning, never at its name, and says what it is; body.go
// makes a message of a naked body. Messages are read a page at a time (walk.go), in
// either direction, so that nothing is known of a large file but what was shown of
// it: a Next is a position. step.go tells what stands at a position, scan.go where
// values of JSON begin and end. case.go reads and writes a case: messages of
// several chats, put together by somebody.
//
// What is broken is a row of its own and never lost. The package refuses to write,
// to ask anybody, and to go by what a file is called.
package saved

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"backscroll/zim"
)

// MaxRead is how many bytes Read takes.
const MaxRead = 1 << 30

// Kind says what a file is.
type Kind uint8

// The kinds of files. The zero value is a history.
const (
	Messages      Kind = iota // of one conversation, or what somebody put together
	Message                   // one
	Body                      // a naked MsgBody, of which a message was made: see Inferred
	Conversations             // of a user
	Document                  // other JSON, such as the answer of QueryUserInfos; each value is a row
	CaseFile                  // of several chats: see File.Case
)

// Error is why a file cannot be shown, and what can be done about it. It has
// nothing of what the file holds, and not its name.
type Error struct{ Problem, Way string }

// Error is the problem.
func (e *Error) Error() string { return e.Problem }

// Advice is what can be done.
func (e *Error) Advice() string { return e.Way }

// order is how a file is walked so that the newest message comes first.
type order uint8

const (
	fromStart      order = iota
	fromEndByLine        // a row a line, the oldest first
	fromEndByValue       // rows of several lines, or in an array, the oldest first
)

// File is an open file. It is safe for concurrent use.
type File struct {
	r       io.ReaderAt
	size    int64
	file    *os.File    // nil for what is in memory
	opened  fs.FileInfo // of file
	kind    Kind
	flat    bool // each value is a row: no list is entered
	order   order
	start   place // where a walk begins
	first   int64 // where the rows begin, walking back
	made    []byte
	msgType zim.MsgType // of made

	openCase *Case                    // nil for what is none
	ofChat   map[string][]zim.Message // of the case, by the chat's title, newest first
}

// Open opens a file. It reads some hundred KB of it at most, unless a row is
// larger. What cannot be read at any position, such as a pipe, is read whole, and
// so is a case, which may be named by its folder.
func Open(name string) (*File, error) {
	if inside := filepath.Join(name, CaseName); isFile(inside) {
		name = inside
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, &Error{"open the file: " + cause(err), "name a file that can be read, or - for standard input"}
	}
	f, err := open(file)
	if err != nil || f.file == nil {
		file.Close()
	}
	return f, err
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func open(file *os.File) (*File, error) {
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, &Error{"open the file: " + cause(err), "name a file that can be read"}
	case info.IsDir():
		return nil, &Error{"open the file: it is a directory, and no case", "name a file in it"}
	case !info.Mode().IsRegular():
		return Read(file)
	}
	return looked(&File{r: file, size: info.Size(), file: file, opened: info})
}

// looked returns a file of which is known what it is.
func looked(f *File) (*File, error) {
	if err := f.look(context.Background()); err != nil {
		return nil, err
	}
	return f, nil
}

// Read reads all there is, up to MaxRead, into memory, and nowhere else.
func Read(r io.Reader) (*File, error) { return readUpTo(r, MaxRead) }

func readUpTo(r io.Reader, most int64) (*File, error) {
	var b bytes.Buffer
	// Not by the buffer's own ReadFrom, which asks for more and more at once.
	n, err := io.CopyBuffer(struct{ io.Writer }{&b}, io.LimitReader(r, most+1), make([]byte, 256<<10))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what is to be opened: %w", err)
	case n > most:
		return nil, &Error{"read what is to be opened: there is over 1 GiB", "write it to a file, and open that: a file may have any size"}
	}
	return New(bytes.NewReader(b.Bytes()), n)
}

// New returns a file of so many bytes that does not change.
func New(r io.ReaderAt, size int64) (*File, error) {
	return looked(&File{r: r, size: size})
}

// Close closes the file.
func (f *File) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// Kind returns what the file is.
func (f *File) Kind() Kind { return f.kind }

// Inferred returns the MsgType that was given to a naked body. It is a guess, from
// the fields that the body has.
func (f *File) Inferred() (zim.MsgType, bool) { return f.msgType, f.kind == Body }

func errChanged() error {
	return &Error{"the file was changed since it was opened", "leave, and open it again"}
}

// changed fails if the file is not what was opened.
func (f *File) changed() error {
	if f.file == nil {
		return nil
	}
	now, err := f.file.Stat()
	if err != nil {
		return &Error{"the file cannot be read: " + cause(err), "open it again, or a copy of it"}
	}
	if now.Size() != f.opened.Size() || !now.ModTime().Equal(f.opened.ModTime()) {
		return errChanged()
	}
	return nil
}

// cause is an error without the name of the file.
func cause(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// page reads up to limit rows from where next says.
func (f *File) page(ctx context.Context, next zim.Next, limit int) (page, zim.Next, error) {
	at, err := f.placeOf(next)
	if err != nil {
		return page{}, "", err
	}
	read := f.ahead
	if f.order != fromStart {
		read = f.back
	}
	p, err := read(ctx, at, limit)
	if err != nil || p.ends {
		return p, "0", err
	}
	return p, p.rest.next(), nil
}

// messages is a page of the file, whoever's it is.
func (f *File) messages(ctx context.Context, chat string, next zim.Next, limit int) (*zim.MessagePage, error) {
	switch {
	case f.openCase != nil:
		return f.caseMessages(chat, next, limit)
	case f.kind == Conversations:
		return nil, &Error{"the file lists conversations only: it has no messages", "open a file of messages"}
	case f.made != nil:
		return &zim.MessagePage{Raw: f.made, Next: "0", List: []zim.Message{zim.ReadMessage(f.made)}}, ctx.Err()
	}
	p, next, err := f.page(ctx, next, clamp(limit, zim.MaxMessages))
	if err != nil {
		return nil, err
	}
	list := make([]zim.Message, len(p.rows))
	for i, row := range p.rows {
		list[i] = zim.ReadMessage(row)
	}
	return &zim.MessagePage{Raw: p.raw, RequestId: p.id, Next: next, List: list}, nil
}

func clamp(limit, most int) int { return max(1, min(limit, most)) }

// QueryPeerMsg returns a page of the file's messages, the newest first. It asks
// nothing of the request but Limit and Next, and of a case which chat.
func (f *File) QueryPeerMsg(ctx context.Context, r zim.QueryPeerMsgRequest) (*zim.MessagePage, error) {
	return f.messages(ctx, r.ToUserId, r.Next, r.Limit)
}

// QueryGroupMsg does what QueryPeerMsg does.
func (f *File) QueryGroupMsg(ctx context.Context, r zim.QueryGroupMsgRequest) (*zim.MessagePage, error) {
	return f.messages(ctx, r.GroupId, r.Next, r.Limit)
}

// maxListed is how far into a file conversations are listed, in bytes: a list of
// 1000, all that the service has of a user, takes a hundredth of it.
const maxListed = 16 << 20

// QueryConversationList returns a page of the file's conversations, in its order.
func (f *File) QueryConversationList(ctx context.Context, r zim.QueryConversationListRequest) (*zim.ConversationPage, error) {
	if at, err := f.placeOf(r.Next); err == nil && at.pos > maxListed {
		return nil, &Error{"the file has over 16 MiB of conversations: the others are not listed", "split it, and open its parts"}
	}
	if f.openCase != nil {
		return f.caseConversations(), ctx.Err()
	}
	list := &zim.ConversationPage{Next: "0"}
	if f.kind != Conversations {
		return list, nil
	}
	p, next, err := f.page(ctx, r.Next, clamp(r.Limit, zim.MaxConversations))
	if err != nil {
		return nil, err
	}
	list.Raw, list.RequestId, list.Next = p.raw, p.id, next
	for _, row := range p.rows {
		c := zim.Conversation{Raw: row} // one that is broken has no more
		if end, v := valueEnd(row, 0); v == whole && end == len(row) {
			if read := zim.ReadConversationPage(fmt.Appendf(nil, `{"List":[%s]}`, row)).List; len(read) == 1 {
				c = read[0]
			}
		}
		list.List = append(list.List, c)
	}
	return list, nil
}

// errNothing is the answer to what a file has no place for.
func errNothing() error {
	return &Error{"a file holds one list only", "ask the service, without: backscroll open"}
}

// QueryUserInfos fails: a file has no names.
func (f *File) QueryUserInfos(context.Context, zim.QueryUserInfosRequest) (*zim.UserInfos, error) {
	return nil, errNothing()
}

// QueryGroupInfo fails: a file has no names.
func (f *File) QueryGroupInfo(context.Context, zim.QueryGroupInfoRequest) (*zim.GroupInfo, error) {
	return nil, errNothing()
}

// QueryMessagesByMsgSeq fails: a file is read in its own order.
func (f *File) QueryMessagesByMsgSeq(context.Context, zim.QueryMessagesByMsgSeqRequest) (*zim.MessagePage, error) {
	return nil, errNothing()
}

// Traffic is none.
func (f *File) Traffic() zim.Traffic { return zim.Traffic{} }
