package ui

import (
	"os/exec"
	"strings"
	"testing"

	"backscroll/zim"
	"backscroll/zim/history"
)

// TestShellQuote has a shell read the words again: none runs, each is itself.
func TestShellQuote(t *testing.T) {
	for _, id := range []string{"alice", "$(touch x)", "a b", "it's", "`id`", "&|;<>", "-n", "", "~", "!!", "*", `"`, "#", "陈", "a\\b"} {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s.' "+shellQuote(id)).Output()
		if err != nil {
			t.Fatal(err)
		}
		if string(out) != id+"." {
			t.Errorf("%q is %q for a shell", id, out)
		}
	}
	if got := shellQuote("a\nb\x1b[2J"); strings.ContainsAny(got, "\n\x1b") {
		t.Errorf("control characters are copied: %q", got)
	}
}

func TestCopies(t *testing.T) {
	message := func(raw string) zim.Message { return zim.ReadMessage([]byte(raw)) }
	m := New(t.Context(), Config{Client: &slowService{}, Chat: history.Chat{Group: "$(touch x)"}, Endpoint: "https://zim.example"})
	m.messages.chat = history.Chat{Group: "$(touch x)"}
	text := message(`{"Sender":"it's","MsgType":1,"MsgBody":"*not bold* <b> \u001b[31m","MsgId":971503777289036729,"MsgSeq":7,"MsgTime":1700000000000,"n":1.10}`)
	for _, tt := range []struct {
		of   func(*Model, zim.Message) (string, error)
		msg  zim.Message
		want string
	}{
		{copyText, text, "*not bold* <b> ␛[31m"},
		{copyJSON, text, "\"n\": 1.10\n}"},
		{copyRaw, text, `"*not bold* <b> \u001b[31m"`},
		{copyMarkdown, text, `> \*not bold\* &lt;b&gt; ␛\[31m`},
		{copyLink, text, "backscroll --group='$(touch x)' --seq=7"},
		{copyCurl, message(`{"MsgSeq":7,"Sender":"a"}`), `"ConvId":"$(touch x)"`},
		{copyURL, message(`{"MsgType":11,"MsgBody":"{\"download_url\":\"https://media.example.com/a%20b.jpg\"}"}`), "https://media.example.com/a%20b.jpg"},
	} {
		m.messages.viewer = "alice"
		got, err := tt.of(m, tt.msg)
		if err != nil || !strings.Contains(got, tt.want) {
			t.Errorf("%q, %v; want %q in it", got, err, tt.want)
		}
	}
	empty := message(`{"IsEmpty":1}`)
	for _, c := range copies {
		if c.name == "text" || c.name == "JSON" || c.name == "Markdown" {
			continue
		}
		if got, err := c.of(m, empty); err == nil {
			t.Errorf("%s of a message that has none: %q", c.name, got)
		}
	}
}

// TestACopiedCurlHoldsNoSecret: what signs it comes from the environment.
func TestACopiedCurlHoldsNoSecret(t *testing.T) {
	got := curlOf("https://zim.example/", "QueryPeerMsg", `{"FromUserId":"it's $(touch x)"}`+"\n")
	for _, want := range []string{"https://zim.example/?Action=QueryPeerMsg", "$BACKSCROLL_SERVER_SECRET", "--config -", `it'\''s $(touch x)`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// TestCurlOfAGET: the recipe has the call's own parameters, and nothing of the
// signature that was used.
func TestCurlOfAGET(t *testing.T) {
	got := curlOfCall("https://zim.example/", zim.Exchange{Action: "QueryUserOnlineState", Method: "GET",
		URL: "https://zim.example/?Action=QueryUserOnlineState&AppId=1&Signature=%2A%2A%2A&SignatureNonce=n&Timestamp=5&UserId%5B%5D=it%27s+%24%28touch+x%29"})
	if !strings.Contains(got, `'https://zim.example/?Action=QueryUserOnlineState&UserId%5B%5D=it%27s+%24%28touch+x%29'"&AppId=$BACKSCROLL_APP_ID&`) ||
		!strings.HasSuffix(got, "\ncurl -sS --config - )\n") {
		t.Errorf("%s", got)
	}
}
