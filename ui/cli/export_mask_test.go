package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"backscroll/ui/export"
	"backscroll/ui/mask"
	"backscroll/ui/transcript"
	"backscroll/zim"
	"backscroll/zim/emulator"
	"backscroll/zim/saved"
)

// What tells of somebody in the chat of maskedChat, and not in what is masked.
var telling = []string{
	"anna@example.com", "0170 1234567", "01701234567", "491701234567", "+49", "170 123", "4111 1111", "41111111", "sign=", "hunter2", "token",
	"q1w2e3", "#top", "%40example", "YW5uYUBleGFtcGxlLmNvbQ", "5550134567",
}

// maskedChat is a service with a chat of anna@example.com and 491701234567: a value
// comes in several ways of writing.
func maskedChat(t *testing.T) *service {
	var raw []json.RawMessage
	for i, m := range []string{
		`"Sender":"anna@example.com","MsgType":1,"MsgBody":"call 0170 1234567 or +49 170 1234567, or write to Anna@Example.com"`,
		`"Sender":"491701234567","MsgType":1,"MsgBody":"card 4111 1111 1111 1111, see https://example.com/a?token=q1w2e3#top","Payload":"{\"mail\":\"anna%40example.com\"}"`,
		`"Sender":"491701234567","MsgType":12,"MsgBody":"%7B%22file_name%22%3A%22anna%40example.com.pdf%22%2C%22file_size%22%3A%2210%22%2C%22download_url%22%3A%22https%3A%2F%2Fu%3Ahunter2%40example.com%2Ff.pdf%3Fsign%3D1%22%7D"`,
		`"Sender":"anna@example.com","MsgType":200,"SubMsgType":7,"MsgBody":"{\"phone\":5550134567,\"in\":\"YW5uYUBleGFtcGxlLmNvbQ==\",\"seq\":9007199254740993}","Unknown":{"who":"<anna@example.com>"}`,
		`"Sender":"anna@example.com","MsgType":32,"MsgBody":"{\"type\":3,\"op_user_info\":{\"user_id\":\"anna@example.com\"}}","Masked":"anna@example.com"`,
	} {
		raw = append(raw, json.RawMessage(`{"MsgId":91123456789012345`+string(rune('0'+i))+`1,"MsgSeq":`+string(rune('1'+i))+`,"MsgTime":177737400000`+string(rune('0'+i))+`,"IsEmpty":0,`+m+`}`))
	}
	return newService(t, emulator.WithPeerHistory("anna@example.com", "491701234567", raw...))
}

const maskedArgs = "export --user anna@example.com --peer 491701234567 --timezone UTC --filter -from:anna@example.com.org --mask"

// TestExportMasked: nothing that tells of somebody is in any file, one value has one
// placeholder in all of them, and what is left can be read and checked.
func TestExportMasked(t *testing.T) {
	t.Parallel()
	s := maskedChat(t)
	dir := t.TempDir()
	o := s.run(t, maskedArgs+" --format jsonl,json,csv,md,html,txt -o "+filepath.Join(dir, "x"))
	o.wantDone(t, "backscroll: 5 messages of 5 looked at\n")
	codes := map[string]bool{}
	for _, f := range transcript.Formats() {
		all := readFile(t, filepath.Join(dir, "x."+string(f)))
		for _, bad := range telling {
			if strings.Contains(strings.ToLower(all), strings.ToLower(bad)) {
				t.Errorf("%s has %q:\n%s", f, bad, all)
			}
		}
		all = strings.ReplaceAll(all, `\`, "") // Markdown
		if !strings.Contains(all, "9007199254740993") || !strings.Contains(all, "9112345678901234501") {
			t.Errorf("%s: a number has changed:\n%s", f, all)
		}
		for _, code := range regexp.MustCompile(`\[(email|phone|card|query)-[A-Z]+\]`).FindAllString(all, -1) {
			codes[code] = true
		}
	}
	// anna's address; her number with and without its country, and that of the body;
	// the card; two queries; and the address in the filter.
	kinds := map[string]int{}
	for code := range codes {
		kind, _, _ := strings.Cut(code[1:], "-")
		kinds[kind]++
	}
	if want := map[string]int{"email": 2, "phone": 3, "card": 1, "query": 2}; !maps.Equal(kinds, want) {
		t.Errorf("the placeholders are %v, want %v", codes, want)
	}
	list := readFile(t, filepath.Join(dir, "x"+export.ManifestSuffix))
	for _, bad := range telling {
		if strings.Contains(list, bad) {
			t.Errorf("the manifest has %q", bad)
		}
	}
	var m export.Manifest
	if err := json.Unmarshal([]byte(list), &m); err != nil || !m.Masked || m.Masks[mask.Card] != 1 || !codes[m.Chat.User] || !codes[m.Chat.Peer] {
		t.Errorf("%+v, %v", m, err)
	}
	newMachine().run(t, "verify", filepath.Join(dir, "x"+export.ManifestSuffix)).wantDone(t, "")
	// Each line says that it is masked; whoever calls a field so keeps it.
	lines := slices.Collect(strings.Lines(readFile(t, filepath.Join(dir, "x.jsonl"))))
	for i, line := range lines {
		var said struct {
			Masked, Masked_ any
			Raw             string
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil || (said.Masked != true && said.Masked_ != true) || !json.Valid([]byte(said.Raw)) {
			t.Errorf("line %d: %v: %s", i, err, line)
		}
	}
	f, err := saved.Open(filepath.Join(dir, "x.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page, err := f.QueryPeerMsg(t.Context(), zim.QueryPeerMsgRequest{Limit: 10})
	if err != nil || len(page.List) != 5 || page.List[0].MsgId != 9112345678901234541 || !codes[page.List[0].Envelope().Sender] {
		t.Errorf("opened: %+v, %v", page, err)
	}
	// Another export has other placeholders.
	s.run(t, maskedArgs+" -o "+filepath.Join(dir, "y.txt")).wantDone(t, "backscroll: 5 messages of 5 looked at\n")
	for code := range codes {
		if strings.Contains(readFile(t, filepath.Join(dir, "y.txt")), code) {
			t.Errorf("%s is in two exports", code)
		}
	}
}

func TestExportMaskedIsCalledByNobody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"anna@example.com.html", "0170 1234567.html"} {
		m := newMachine()
		m.run(t, "export", "--user", "a", "--peer", "b", "--mask", "-o", filepath.Join(t.TempDir(), name)).wantFailure(t, 2, "--output: with --mask no file can be called")
	}
}

// TestExportMaskedGoesOn: with --resume the placeholders are those that it began with.
func TestExportMaskedGoesOn(t *testing.T) {
	t.Parallel()
	var raw []json.RawMessage
	for i := range 150 {
		raw = append(raw, json.RawMessage(fmt.Sprintf(`{"MsgId":%d,"MsgSeq":%d,"MsgTime":%d,"Sender":"a","MsgType":1,"MsgBody":"anna%d@example.com"}`, i+1, i+1, 1777374000000+i, i%7)))
	}
	s := newService(t, emulator.WithPeerHistory("a", "b", raw...))
	ctx, cancel := context.WithCancelCause(t.Context())
	s.before = func(_ *emulator.Emulator, call int) {
		if call == 2 {
			cancel(&stopped{os.Interrupt})
		}
	}
	file := filepath.Join(t.TempDir(), "x.txt")
	args := "export --user a --peer b --mask -o " + file
	var stdout, stderr strings.Builder
	if code := run(ctx, s.machine().process(&stdout, &stderr, strings.Fields(args)...)); code != exitStopped {
		t.Fatalf("exit code %d, %s%s", code, &stdout, &stderr)
	}
	kept := readFile(t, file+export.PartialSuffix)
	s.run(t, "export --user a --peer b --resume -o "+file).wantFailure(t, 1, "export: what was kept is of another export: not the same Masked")
	var texts []string
	for range 2 {
		if o := s.run(t, args+" --resume"); o.code != 0 {
			t.Fatalf("%+v", o)
		}
		texts = append(texts, readFile(t, file))
		if err := errors.Join(os.Remove(file), os.Remove(file+export.ManifestSuffix), os.WriteFile(file+export.PartialSuffix, []byte(kept), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if texts[0] != texts[1] || strings.Count(texts[0], "[email-") != 150 {
		t.Error("the same export has other placeholders when it goes on")
	}
}
