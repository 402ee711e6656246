package export

import (
	endian "encoding/binary"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"backscroll/zim"
)

// spool is messages in a temporary file, to be read in the opposite order. It has
// blocks, each followed by its size in 8 bytes; a block is messages, each after its
// size in 4. Only one block is in memory.
type spool struct {
	file  *os.File
	block []byte
	size  int64
}

// newSpool makes the file.
func newSpool(hidden string) (*spool, error) {
	file, err := createHidden(hidden)
	if err != nil {
		return nil, err
	}
	return &spool{file: file}, nil
}

func (s *spool) add(list []zim.Message) error {
	if len(list) == 0 {
		return nil
	}
	s.block = s.block[:0]
	for _, m := range list {
		s.block = endian.BigEndian.AppendUint32(s.block, uint32(len(m.Raw)))
		s.block = append(s.block, m.Raw...)
	}
	s.block = endian.BigEndian.AppendUint64(s.block, uint64(len(s.block)))
	n, err := s.file.Write(s.block)
	s.size += int64(n)
	return err
}

// backward yields the message that was added last first. A message is good until
// the next one.
func (s *spool) backward() iter.Seq2[zim.Message, error] {
	return func(yield func(zim.Message, error) bool) {
		var list [][]byte
		for end := s.size; end > 0; {
			block, err := s.blockBefore(end)
			if err != nil {
				yield(zim.Message{}, err)
				return
			}
			end -= int64(len(block)) + 8
			for list = list[:0]; len(block) > 0; {
				n := endian.BigEndian.Uint32(block) + 4
				list, block = append(list, block[4:n]), block[n:]
			}
			for _, raw := range slices.Backward(list) {
				if !yield(zim.ReadMessage(raw), nil) {
					return
				}
			}
		}
	}
}

func (s *spool) blockBefore(end int64) ([]byte, error) {
	var size [8]byte
	if _, err := s.file.ReadAt(size[:], end-8); err != nil {
		return nil, err
	}
	n := int64(endian.BigEndian.Uint64(size[:]))
	if n > end-8 { // somebody else wrote into it
		return nil, fmt.Errorf("the temporary file is not as it was written: %w", io.ErrUnexpectedEOF)
	}
	s.block = append(s.block[:0], make([]byte, n)...)
	_, err := s.file.ReadAt(s.block, end-8-n)
	return s.block, err
}

// close removes the file.
func (s *spool) close() {
	s.file.Close()
	os.Remove(s.file.Name())
}
