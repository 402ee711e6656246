package history

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"backscroll/zim"
)

func listPage(next string, conversations ...string) *zim.ConversationPage {
	return zim.ReadConversationPage([]byte(`{"Next":` + next + `,"List":[` + strings.Join(conversations, ",") + `]}`))
}

func TestList(t *testing.T) {
	var l List
	for _, p := range []*zim.ConversationPage{
		listPage("7", `{"ConvId":"a","UpdateTime":1}`, `{"ConvId":"b","UpdateTime":2}`, `{"UpdateTime":1}`, `{"UpdateTime":1}`),
		listPage("0", `{"ConvId":"a","UpdateTime":5}`, `{"ConvId":"b","UpdateTime":1}`, `{"ConvId":"a","ConvType":2,"UpdateTime":4}`),
	} {
		if err := l.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, c := range l.All() {
		got = append(got, c.ConvId+"/"+c.ConvType.String())
	}
	if want := []string{"a/one-on-one", "a/group", "b/one-on-one", "/one-on-one", "/one-on-one"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, more := l.Next(); more {
		t.Error("the list does not end")
	}
}

func TestListsThatLeadInACircle(t *testing.T) {
	for name, tt := range map[string]struct {
		page func(i int) *zim.ConversationPage
		err  error
		most int
	}{
		"a Next again":  {func(int) *zim.ConversationPage { return listPage("7", `{"ConvId":"a"}`) }, ErrListRepeated, 2},
		"nothing":       {func(i int) *zim.ConversationPage { return listPage(fmt.Sprint(i + 1)) }, ErrListIdle, maxEmpty},
		"the same":      {func(i int) *zim.ConversationPage { return listPage(fmt.Sprint(i+1), `{"ConvId":"a"}`) }, ErrListIdle, maxEmpty + 1},
		"without an ID": {func(i int) *zim.ConversationPage { return listPage(fmt.Sprint(i+1), `{}`) }, ErrListIdle, maxEmpty + 1},
	} {
		t.Run(name, func(t *testing.T) {
			var l List
			var err error
			pages := 0
			for more := true; more && pages < 200; _, more = l.Next() {
				err = l.Add(tt.page(pages))
				pages++
			}
			if !errors.Is(err, tt.err) || pages != tt.most {
				t.Errorf("%v after %d pages", err, pages)
			}
		})
	}
	var full List
	var rows []string
	for i := range MaxListed {
		rows = append(rows, fmt.Sprintf(`{"ConvId":"%d","UpdateTime":%d}`, i, i))
	}
	for range 2 {
		if err := full.Add(listPage("7", rows...)); err != nil {
			t.Errorf("a full list lacks nothing: %v", err)
		}
	}
	if _, more := full.Next(); more || len(full.All()) != MaxListed {
		t.Errorf("more %v, %d listed", more, len(full.All()))
	}
}
