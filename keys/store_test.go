package keys

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestItemLayout(t *testing.T) {
	memory := NewMemory()
	store := NewStore(memory)
	second := newProfile(t, "b-shop")
	second.Endpoint = "HTTP://localhost:8085/"
	for _, p := range []Profile{newProfile(t, "shop"), second} {
		if err := store.Save(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		"shop":      `{"AppId":12345,"ServerSecret":"` + canary + `","Endpoint":"https://zim.example.com"}`,
		"b-shop":    `{"AppId":12345,"ServerSecret":"` + canary + `","Endpoint":"http://localhost:8085"}`,
		".profiles": `{"Default":"shop","Profiles":[{"Name":"b-shop","AppId":12345,"Endpoint":"http://localhost:8085"},{"Name":"shop","AppId":12345,"Endpoint":"https://zim.example.com"}]}`,
	}
	if got := memory.Accounts("backscroll"); !maps.Equal(got, want) {
		t.Errorf("items of %v differ from the layout", slices.Sorted(maps.Keys(got)))
	}
	wantNoSecret(t, want[".profiles"])
}

// names lists the profiles, the default in brackets.
func names(entries []Entry) string {
	var parts []string
	for _, e := range entries {
		if e.Default {
			e.Name = "[" + e.Name + "]"
		}
		parts = append(parts, e.Name)
	}
	return strings.Join(parts, " ")
}

func TestDefaultProfile(t *testing.T) {
	memory := NewMemory()
	store := NewStore(memory)
	ctx := t.Context()
	save := func(name string) error { return store.Save(ctx, newProfile(t, name)) }
	remove := func(name string) error { _, err := store.Delete(ctx, name); return err }
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, ""},
		{func() error { return save("shop") }, "[shop]"},
		{func() error { return save("aqua") }, "aqua [shop]"},
		{func() error { return save("shop") }, "aqua [shop]"},
		{func() error { return store.SetDefault(ctx, "aqua") }, "[aqua] shop"},
		{func() error { return save("test") }, "[aqua] shop test"},
		{func() error { return remove("aqua") }, "shop test"},
		{func() error { return save("aqua") }, "aqua shop test"},
		{func() error { return remove("shop") }, "aqua test"},
		{func() error { return remove("aqua") }, "[test]"},
		{func() error { return save("aqua") }, "aqua [test]"},
		{func() error { return remove("aqua") }, "[test]"},
		{func() error { return remove("test") }, ""},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		entries, err := store.List(ctx)
		if got := names(entries); got != step.want || err != nil {
			t.Errorf("profiles = %q, %v; want %q", got, err, step.want)
		}
		p, err := store.Load(ctx, "")
		if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Default }); i >= 0 {
			if p.Name != entries[i].Name || err != nil {
				t.Errorf("Load = %v, %v; want %v", p, err, entries[i])
			}
			continue
		}
		if none, ok := err.(*NoDefaultError); !ok || len(none.Names) != len(entries) || none.Hint() == "" ||
			!strings.Contains(none.Error(), strings.Join(none.Names, ", ")) {
			t.Errorf("Load = %v, %v; want no default", p, err)
		}
	}
	if left := memory.Accounts(Service); len(left) != 0 {
		t.Errorf("%d items are left", len(left))
	}
}

func TestDeleteSaysWhatRemains(t *testing.T) {
	store := NewStore(NewMemory())
	for _, name := range []string{"a", "b", "c"} {
		if err := store.Save(t.Context(), newProfile(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, remaining string
		wasDefault      bool
	}{{"a", "b c", true}, {"b", "[c]", false}, {"c", "", true}} {
		removed, err := store.Delete(t.Context(), c.name)
		if err != nil || removed.WasDefault != c.wasDefault || names(removed.Remaining) != c.remaining {
			t.Errorf("Delete(%s) = %+v, %v", c.name, removed, err)
		}
	}
	_, err := store.Delete(t.Context(), "a")
	wantState(t, err, NotFound)
}

func TestSaveRefuses(t *testing.T) {
	memory := NewMemory()
	store := NewStore(memory)
	if err := store.Save(t.Context(), newProfile(t, "shop")); err != nil {
		t.Fatal(err)
	}
	before := memory.Accounts(Service)
	for _, c := range []struct {
		change func(*Profile)
		input  string
	}{
		{func(p *Profile) { p.Name = ".profiles" }, "profile name"},
		{func(p *Profile) { p.Name = "Shop" }, `profile name "Shop"`},
		{func(p *Profile) { p.AppID = 0 }, "AppID"},
		{func(p *Profile) { p.Secret = Secret{} }, "ServerSecret"},
		{func(p *Profile) { p.Endpoint = "" }, "endpoint"},
		{func(p *Profile) { p.Endpoint = "http://example.com" }, "endpoint"},
	} {
		p := newProfile(t, "shop")
		c.change(&p)
		wantInput(t, store.Save(t.Context(), p), c.input)
	}
	for _, name := range []string{".profiles", "a b"} {
		_, err := store.Load(t.Context(), name)
		wantInput(t, err, "profile name")
		_, err = store.Delete(t.Context(), name)
		wantInput(t, err, "profile name")
		wantInput(t, store.SetDefault(t.Context(), name), "profile name")
	}
	wantState(t, store.SetDefault(t.Context(), "other"), NotFound)
	if !maps.Equal(before, memory.Accounts(Service)) {
		t.Error("something was stored")
	}
}

func TestDamagedItems(t *testing.T) {
	for _, text := range []string{
		"", canary, "[]", `"x"`, `{"AppId":1}`, `{"AppId":"1"}`, `{"AppId":-1}`,
		`{"AppId":1,"ServerSecret":"` + canary + `"}`,
		`{"AppId":0,"ServerSecret":"` + canary + `","Endpoint":"https://zim.example.com"}`,
		`{"AppId":1,"ServerSecret":"` + canary + `0","Endpoint":"https://zim.example.com"}`,
		`{"AppId":1,"ServerSecret":"` + canary + `","Endpoint":"http://zim.example.com"}`,
	} {
		memory := NewMemory()
		if err := memory.Set(t.Context(), Service, "shop", text); err != nil {
			t.Fatal(err)
		}
		_, err := NewStore(memory).Load(t.Context(), "shop")
		wantState(t, err, Damaged)
	}
	for _, text := range []string{
		"", canary, "[]", `{"Profiles":[{}]}`,
		`{"Profiles":[{"Name":"a\u001b","AppId":1,"Endpoint":"https://zim.example.com"}]}`,
		`{"Profiles":[{"Name":"a","AppId":0,"Endpoint":"https://zim.example.com"}]}`,
		`{"Profiles":[{"Name":"a","AppId":1,"Endpoint":"https://zim.example.com\n"}]}`,
	} {
		memory := NewMemory()
		if err := memory.Set(t.Context(), Service, ".profiles", text); err != nil {
			t.Fatal(err)
		}
		store := NewStore(memory)
		_, err := store.List(t.Context())
		wantState(t, err, Damaged)
		wantState(t, store.Save(t.Context(), newProfile(t, "shop")), Damaged)
	}
}

// dismissed reports success for what it does not do, as the Secret Service
// does when its prompt is dismissed.
type dismissed struct {
	*Memory
	account string
}

func (d *dismissed) Set(ctx context.Context, service, account, value string) error {
	if account == d.account {
		return nil
	}
	return d.Memory.Set(ctx, service, account, value)
}

func (d *dismissed) Delete(ctx context.Context, service, account string) error {
	if account == d.account {
		return nil
	}
	return d.Memory.Delete(ctx, service, account)
}

func TestDismissedPrompts(t *testing.T) {
	for _, account := range []string{"shop", ".profiles"} {
		fake := &dismissed{Memory: NewMemory(), account: account}
		store := NewStore(fake)
		wantState(t, store.Save(t.Context(), newProfile(t, "shop")), NotKept)
		if left := fake.Accounts(Service); len(left) != 0 {
			t.Errorf("%s dismissed: %d items are left", account, len(left))
		}

		fake.account = ""
		if err := store.Save(t.Context(), newProfile(t, "shop")); err != nil {
			t.Fatal(err)
		}
		fake.account = account
		changed := newProfile(t, "shop")
		changed.AppID++
		wantState(t, store.Save(t.Context(), changed), NotKept)
		if p, err := store.Load(t.Context(), ""); err != nil || p.AppID != 12345 {
			t.Errorf("%s dismissed: profile = %v, %v", account, p, err)
		}
		_, err := store.Delete(t.Context(), "shop")
		wantState(t, err, NotKept)
		if _, ok := fake.Accounts(Service)[".profiles"]; !ok {
			t.Errorf("%s dismissed: the list is gone", account)
		}

		// The way out of half a removal is to log out again.
		fake.account = ""
		if _, err := store.Delete(t.Context(), "shop"); err != nil {
			t.Error(err)
		}
		if left := fake.Accounts(Service); len(left) != 0 {
			t.Errorf("%s: %d items are left", account, len(left))
		}
	}
}

func TestStoreFailsAsTheKeyring(t *testing.T) {
	memory := NewMemory()
	store := NewStore(memory)
	calls := map[string]func(context.Context) error{
		"Load":       func(ctx context.Context) error { _, err := store.Load(ctx, "shop"); return err },
		"Load any":   func(ctx context.Context) error { _, err := store.Load(ctx, ""); return err },
		"Save":       func(ctx context.Context) error { return store.Save(ctx, newProfile(t, "shop")) },
		"Delete":     func(ctx context.Context) error { _, err := store.Delete(ctx, "shop"); return err },
		"List":       func(ctx context.Context) error { _, err := store.List(ctx); return err },
		"SetDefault": func(ctx context.Context) error { return store.SetDefault(ctx, "shop") },
	}
	for state := Failed; state < Damaged; state++ {
		if state == NotFound {
			continue
		}
		memory.Fail(state)
		for _, call := range calls {
			wantState(t, call(t.Context()), state)
		}
	}
	memory.Heal()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range calls {
		if err := call(ctx); err != context.Canceled {
			t.Errorf("%s: error = %v, want that of the context", name, err)
		}
	}
}
