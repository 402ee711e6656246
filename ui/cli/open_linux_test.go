package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/zim/emulator"
)

// holds writes a file where the shell is.
func (s *screen) holds(name, content string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.home, name), []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// TestOpenEndToEnd saves a history as somebody would, and looks at it offline.
func TestOpenEndToEnd(t *testing.T) {
	t.Parallel()
	saved := newService(t)
	for _, form := range []string{"--raw", "--json --oldest-first"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			s := openScreen(t, 120, 40, "BACKSCROLL_SERVER_SECRET="+emulator.ServerSecret) // half a pair: nobody asks for it
			s.holds("w.png", saved.run(t, "messages --user alice --peer walter --all "+form).stdout)
			s.begin("open w.png")
			s.waitFor("w.png", "file · w.png · ", "100 loaded, older: yes", "Soup is getting cold")
			s.answer("/", "champagne")
			s.waitFor("▌   Ben says champagne.", "searched: 1 of 3, back to the start")
			s.escape(s.lacks("searched:"))
			s.answer("f", "from:alice")
			s.waitFor("from:alice, ", " hidden")
			s.press("a")
			s.until("reason", s.says("a file holds one list only"))
			s.press("Enter", "[")
			s.waitFor("a file does not hold the exchange")
			s.ends()
		})
	}
}

// TestOpenKindsEndToEnd opens a file of each kind, and the same through a pipe.
func TestOpenKindsEndToEnd(t *testing.T) {
	t.Parallel()
	const message = `{"Sender":"bob","MsgType":1,"MsgBody":"How many?","MsgId":971503777289036729,"MsgSeq":7,"MsgTime":1777636800000}`
	for name, test := range map[string]struct {
		file string
		has  []string
	}{
		"answer":        {`{"Code":0,"Next":0,"RequestId":"34","List":[` + message + `,{"IsEmpty":1}]}`, []string{"How many?", "deleted or expired", "2 loaded, older: no"}},
		"broken":        {message + "\n{\"MsgBody\":\"half a li\n", []string{"How many?", "[not decodable: the message is not a JSON object]", "half a li"}},
		"conversations": {`{"ConvId":"bob"}` + "\n" + `{"ConvId":"team","ConvType":2}`, []string{"Conversations · ", "* team", "2 conversations"}},
		"document":      {`{"Code":0,"RequestId":"34","Result":[{"UserId":"bob"}]}`, []string{"of the message", `UserId: "bob"`, "[no message]"}},
		"message":       {message, []string{"Fields  Tree  Raw  HTTP", "971503777289036729", "seq 7"}},
		"body":          {`{"file_name":"a.pdf","file_size":"240000","download_url":"https://example.com/a.pdf"}`, []string{"[file 240 KB] a.pdf · example.com", "type file is a guess by its fields"}},
		"text":          {"%E4%BD%A0 \x1b[2J", []string{"%E4%BD%A0 ␛[2J", "type text is a guess by its fields"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openScreen(t, 120, 40)
			s.holds("f", test.file)
			for _, args := range []string{"open f", "open - <f"} {
				s.begin(args)
				s.waitFor(test.has...)
				if args != "open f" && !strings.Contains(s.shows(), " -") {
					t.Errorf("standard input has no name:\n%s", s.shows())
				}
				if name == "conversations" {
					s.press("Enter")
					s.waitFor("it has no messages")
				}
				s.ends()
			}
		})
	}
	s := openScreen(t, 80, 24)
	s.begin("open .")
	s.waitFor("backscroll: open the file: it is a directory", "hint: ", "code=1", "whole")
}
