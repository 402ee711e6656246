package media_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/media"
)

// The sample shop's media are what its messages declare, whatever the shape of
// the body: each link is checked, and one of each kind is saved.
func TestMediaOfTheEmulator(t *testing.T) {
	base, stop, err := emulator.New(emulator.WithRate(0)).Serve(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	transport := zim.NewTransport(nil)
	t.Cleanup(func() { transport.CloseIdleConnections(); stop() })
	client, err := zim.NewClient(emulator.AppID, emulator.Secret(), zim.WithEndpoint(base), zim.WithRate(0), zim.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	page, err := client.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{FromUserId: "alice", ToUserId: "dave", Limit: zim.MaxMessages})
	if err != nil {
		t.Fatal(err)
	}
	f, dir := media.NewFetcher(media.WithLoopback(true)), t.TempDir()
	checked := map[string]int{}
	for _, m := range page.List {
		for _, l := range media.Links(m.Envelope().Body().Content) {
			name := l.Name[strings.LastIndex(l.Name, " ")+1:]
			r, err := f.Check(t.Context(), l, nil)
			if err != nil || len(r.Differs) > 0 {
				t.Errorf("%v %s: %+v, %v", l.Type, l.Name, r, err)
			}
			if checked[l.Type.String()+" "+name]++; checked[l.Type.String()+" "+name] > 1 {
				continue
			}
			r, err = f.Save(t.Context(), l, dir, "", nil)
			if info, statErr := os.Stat(r.Path); err != nil || statErr != nil || info.Size() != r.Size || filepath.Dir(r.Path) != dir {
				t.Errorf("%v %s: %+v, %v, %v", l.Type, l.Name, r, err, statErr)
			}
		}
	}
	for _, want := range []string{"image original", "image large", "image thumbnail", "image frame", "file original", "audio original", "video original"} {
		if checked[want] == 0 {
			t.Errorf("no %s among %v", want, checked)
		}
	}
}
