package history

import (
	"hash/maphash"
	"math/bits"
)

// ids says at which place the row of a MsgId stands. It is a hash table of places
// that compares with the rows themselves: 6 to 9 bytes a message, where a map of
// MsgIds takes 24 to 38. It is cut in pieces, so that what grows is small.
type ids [64]struct {
	places []uint32 // 0 is free
	n      int
}

// hashSeed is unknown to the service, so that it cannot choose MsgIds that collide.
var hashSeed = maphash.MakeSeed()

// seek returns the piece of a MsgId, and the slot where a search for it begins.
func (t *ids) seek(id int64) (piece, slot int) {
	h := maphash.Comparable(hashSeed, id)
	piece = int(h % uint64(len(t)))
	high, _ := bits.Mul64(h, uint64(len(t[piece].places)))
	return piece, int(high)
}

// find returns the place of the row that has a MsgId; it knows no row without.
func (t *ids) find(id int64, r *rows) (place uint32, known bool) {
	piece, slot := t.seek(id)
	places := t[piece].places
	for range places {
		p := places[slot]
		if p == 0 {
			break
		}
		if r.at(r.atPlace(p)).id == id {
			return p, true
		}
		if slot++; slot == len(places) {
			slot = 0
		}
	}
	return 0, false
}

// add notes the row of an index, if it has a MsgId, which is not known yet.
func (t *ids) add(i int, r *rows) {
	id := r.at(i).id
	if id == 0 {
		return
	}
	piece, _ := t.seek(id)
	p := &t[piece]
	if p.n++; 10*p.n > 7*len(p.places) { // fuller, it takes long to see that an ID is not there
		old := p.places
		p.places = make([]uint32, max(8, len(old)*3/2))
		for _, place := range old {
			if place != 0 {
				t.put(r.at(r.atPlace(place)).id, 0, place)
			}
		}
	}
	t.put(id, 0, r.place(i))
}

// put writes a place into the first slot of a MsgId that holds was.
func (t *ids) put(id int64, was, place uint32) {
	piece, slot := t.seek(id)
	places := t[piece].places
	for places[slot] != was {
		if slot++; slot == len(places) {
			slot = 0
		}
	}
	places[slot] = place
}
