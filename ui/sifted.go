package ui

import (
	"slices"

	"backscroll/zim"
	"backscroll/zim/history"
)

// sifted is the messages of a history that a filter lets through; without a
// filter, all of them. The pane counts in items, 0 the newest that is shown. A
// search marks some of them as hits.
type sifted struct {
	log    *history.History
	filter *history.Filter // nil shows all
	places []int           // with a filter: the index in log of each item, ascending

	query history.Query // zero if nothing is searched for
	hits  []int         // the items that have it, ascending
}

// len returns how many messages are shown.
func (s *sifted) len() int {
	if s.filter == nil {
		return s.log.Len()
	}
	return len(s.places)
}

// at returns the message of an item.
func (s *sifted) at(item int) zim.Message { return s.log.At(s.place(item)) }

// place returns the index that an item has in the history.
func (s *sifted) place(item int) int {
	if s.filter == nil {
		return item
	}
	return s.places[item]
}

// item returns the item of an index in the history: if it is hidden, the next
// older one, or len if there is none.
func (s *sifted) item(place int) (item int, shown bool) {
	if s.filter == nil {
		return place, place < s.log.Len()
	}
	return slices.BinarySearch(s.places, place)
}

// hidden returns how many of the loaded messages the filter hides.
func (s *sifted) hidden() int { return s.log.Len() - s.len() }

// follow brings items and hits up to date after a change of the history. It looks
// at no message but the fresh ones. It returns where an old item is now, or, for
// len, the new len.
func (s *sifted) follow(c history.Change) (moved func(item int) int) {
	before := slices.Clone(s.places)
	if !c.Displaced() {
		before = nil
		moved = func(item int) int { return item }
	} else {
		for i, p := range s.places {
			s.places[i] = c.Moved(p)
		}
	}
	fresh := c.Places(s.log.Len())
	var came []int // items that are fresh, as they are counted in the end
	if s.filter == nil {
		came = fresh
	} else {
		for _, p := range fresh {
			if s.filter.Match(s.log.At(p)) {
				s.places = append(s.places, p)
				came = append(came, p)
			}
		}
		if c.Displaced() {
			slices.Sort(s.places)
		}
		for i, p := range came {
			came[i], _ = slices.BinarySearch(s.places, p)
		}
	}
	if c.Displaced() {
		moved = func(item int) int {
			place := s.log.Len()
			switch {
			case s.filter == nil:
				place = c.Moved(item)
			case item < len(before):
				place = c.Moved(before[item])
			}
			item, _ = s.item(place)
			return item
		}
		for i, h := range s.hits {
			s.hits[i] = moved(h)
		}
	}
	s.note(came)
	return moved
}

// note looks for the query in items that are new.
func (s *sifted) note(items []int) {
	if s.query.IsZero() {
		return
	}
	old := len(s.hits)
	for _, item := range items {
		if _, found := s.query.In(s.at(item)); found {
			s.hits = append(s.hits, item)
		}
	}
	if old > 0 && len(s.hits) > old && s.hits[old] < s.hits[old-1] {
		slices.Sort(s.hits)
	}
}

// isHit reports whether an item has what is searched for.
func (s *sifted) isHit(item int) bool {
	_, found := slices.BinarySearch(s.hits, item)
	return found
}

// hitBeyond returns the nearest hit that is older than an item (step 1) or newer
// (step -1).
func (s *sifted) hitBeyond(item, step int) (hit int, ok bool) {
	return history.Beyond(s.hits, item, step)
}
