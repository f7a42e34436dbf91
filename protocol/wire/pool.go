package wire

import (
	"bufio"
	"sync"
)

// Buffers that connections share, one after another: a connection may carry
// no more than one letter.
var (
	readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, bufSize) }}
	writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, bufSize) }}
	blocks  = sync.Pool{New: func() any { return new(make([]byte, 0, bufSize)) }}
)

// getBlock gives an empty buffer for data that is still growing.
func getBlock() []byte { return (*blocks.Get().(*[]byte))[:0] }

// putBlock takes a buffer back, unless it grew too large to be worth keeping.
func putBlock(b []byte) {
	if cap(b) > 0 && cap(b) <= 2*MaxBlock {
		kept := b // not b: a parameter kept by address takes memory at every call
		blocks.Put(&kept)
	}
}
