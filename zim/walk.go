package zim

import "bytes"

// walk goes over all values of a JSON text, and over those of the texts that
// stand in its strings, and notes the steps that lead to these. The text is valid
// JSON: encoding/json lets none pass that is nested more than 10,000 deep.
type walk struct {
	noted
	told   map[string]bool                    // paths of which no step is to be noted
	see    func(w *walk, e event, raw []byte) // may be nil
	up     []byte                             // the path of the string that holds the text
	nested int                                // how many strings the text stands in
	open   []opened
	names  [][]byte // of the members of what is open, as in the text, one object behind the other
}

// opened is an object or an array whose end is still to come.
type opened struct {
	array bool
	value bool // of an object: a member's value comes next, not its name
	index int  // of an array: the element that comes next
	first int  // where the names of the object's members begin
}

// event is what a walk comes to.
type event uint8

const (
	foundNumber event = iota
	foundString       // a value; what it holds comes after it
	foundName         // of a member
	foundObject       // an object ends; w.members has the names of its members
)

// maxNested is how many strings a text may stand in to be looked into.
const maxNested = 8

// run goes over valid JSON.
func (w *walk) run(text []byte) {
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; c {
		case '{', '[':
			w.open = append(w.open, opened{array: c == '[', first: len(w.names)})
		case '}', ']':
			w.close(c == '}')
		case ',':
			if o := w.inner(); o.array {
				o.index++
			} else {
				o.value = false
			}
		case ':':
			w.inner().value = true
		case '"':
			end, _ = skipString(text, i)
			w.string(text[i:end])
		case ' ', '\n', '\t', '\r':
		default:
			end, _ = skipToken(text, i)
			if c == '-' || c <= '9' {
				w.tell(foundNumber, text[i:end])
			}
		}
		i = max(end, i+1)
	}
}

// inner returns what is open around the walk's place.
func (w *walk) inner() *opened { return &w.open[len(w.open)-1] }

func (w *walk) tell(e event, raw []byte) {
	if w.see != nil {
		w.see(w, e, raw)
	}
}

func (w *walk) close(object bool) {
	o := w.inner()
	first := o.first
	if object {
		w.tell(foundObject, nil)
	}
	w.names = w.names[:first]
	w.open = w.open[:len(w.open)-1]
}

// members returns the names in the object that the walk is in, as far as it came.
func (w *walk) members() [][]byte { return w.names[w.inner().first:] }

func (w *walk) string(raw []byte) {
	if len(w.open) > 0 && !w.inner().array && !w.inner().value {
		w.names = append(w.names, raw)
		w.tell(foundName, raw)
		return
	}
	w.tell(foundString, raw)
	if w.nested >= maxNested {
		return
	}
	text := unquoteBytes(raw)
	if steps, inner := unwrap(text); len(steps) > 0 {
		w.take(w.path(), append([]Step{{Name: stepString, In: len(raw), Out: len(text)}}, steps...), inner)
	}
}

// apart goes over what a text holds that is the body or the payload itself.
func (w *walk) apart(text []byte) {
	if steps, inner := unwrap(text); len(steps) > 0 {
		w.take(nil, steps, inner)
	}
}

// take notes the steps of a text and goes over the JSON that they lead to, if any.
func (w *walk) take(path []byte, steps []Step, inner []byte) {
	where := string(path)
	for _, s := range steps {
		if s.Where = where; !w.told[where] {
			w.note(s)
		}
	}
	if inner != nil {
		deeper := walk{noted: w.noted, told: w.told, see: w.see, up: path, nested: w.nested + 1}
		deeper.run(inner)
		w.noted = deeper.noted
	}
}

// shortName returns the name that a JSON string is, as much as a path can have.
func shortName(raw []byte) string {
	if len(raw) > 2*maxPath { // its end is not looked at
		raw = raw[1:maxPath]
	}
	name := unquoteBytes(raw)
	return string(name[:min(len(name), maxPath)])
}

// path returns where the walk is, as Step.Where tells it.
func (w *walk) path() []byte { return w.pathOf(len(w.open)) }

// maxPath is how many bytes of a path are told: names can be a megabyte long, and
// 10,000 of them stand in each other.
const maxPath = 1000

// pathOf returns the path of what the first so many that are open lead to. What is
// beyond maxPath becomes "…".
func (w *walk) pathOf(depth int) []byte {
	path := bytes.Clone(w.up)
	for n, o := range w.open[:depth] {
		if len(path) > maxPath {
			break
		}
		if o.array {
			path = appendIndex(path, o.index)
			continue
		}
		last := len(w.names)
		if n+1 < len(w.open) {
			last = w.open[n+1].first
		}
		if last > o.first {
			path = appendName(path, shortName(w.names[last-1]))
		}
	}
	if len(path) <= maxPath || len(w.up) > maxPath {
		return path
	}
	return append(bytes.ToValidUTF8(path[:maxPath], nil), "…"...)
}
