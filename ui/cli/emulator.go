package cli

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"backscroll/keys"
	"backscroll/zim"
	"backscroll/zim/emulator"
)

// emulatorFlags is what emulator was asked for, as it was typed.
type emulatorFlags struct {
	listen, data string
	faults       []string
}

func newEmulator(p Process) *cobra.Command {
	var f emulatorFlags
	c := &cobra.Command{
		Use:   "emulator",
		Short: "Serve sample chats as the service would",
		Long:  emulatorHelp(),
		Example: "backscroll emulator\n" +
			"backscroll emulator --listen 127.0.0.1:0 --fault rate --fault slow",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return emulate(c.Context(), p, f) },
	}
	c.Flags().SortFlags = false
	f.add(c.Flags())
	c.Flags().BoolP("help", "h", false, "print this help")
	return c
}

func (f *emulatorFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8085", "address on this machine; port 0 takes a free one")
	flags.StringVar(&f.data, "data", "", "serve these messages too: a file as messages --raw writes it (the chat of its two senders, else the group data)")
	flags.StringArrayVar(&f.faults, "fault", nil, "answer with this fault; may be given several times")
}

// emulatorHelp lists the faults: they explain themselves.
func emulatorHelp() string {
	var b strings.Builder
	b.WriteString("Serve sample chats on this machine as the service would, until ctrl+c, for any\n" +
		"ZIM client. It prints its address, its AppId, its ServerSecret (invented, good\n" +
		"for nothing else) and a command to look at it.\n\nThe faults:\n")
	for _, name := range emulator.FaultNames() {
		fmt.Fprintf(&b, "  %-10s %s\n", name, name.Help())
	}
	return b.String()
}

// emulate serves until ctx is done.
func emulate(ctx context.Context, p Process, f emulatorFlags) error {
	address, err := parseListen(f.listen)
	if err != nil {
		return err
	}
	faults, err := parseFaults(f.faults)
	if err != nil {
		return err
	}
	opts, user := []emulator.Option{emulator.WithFault(faults...)}, demoUser
	if f.data != "" {
		var data emulator.Option
		if data, user, err = readData(f.data); err != nil {
			return err
		}
		opts = append(opts, data)
	}
	base, stop, err := emulator.New(opts...).Serve(ctx, address)
	if err != nil {
		return &failure{err.Error(), "a free port is taken by: backscroll emulator --listen 127.0.0.1:0"}
	}
	defer stop()
	for _, line := range []string{
		"listening " + base,
		fmt.Sprintf("AppId %d", emulator.AppID),
		"ServerSecret " + emulator.ServerSecret,
		fmt.Sprintf("%s=%d %s=%s backscroll --endpoint %s --user %s", keys.EnvAppID, emulator.AppID,
			keys.EnvServerSecret, emulator.ServerSecret, shellWord(base), shellWord(user)),
	} {
		if err := say(p.Stdout, "%s", line); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

func parseFaults(given []string) ([]emulator.FaultName, error) {
	var faults []emulator.FaultName
	for _, s := range given {
		name, err := emulator.ParseFault(s)
		if err != nil {
			return nil, misuse("--fault", "no such fault", "give --fault once for each; they are listed by: backscroll emulator --help")
		}
		faults = append(faults, name)
	}
	return faults, nil
}

// readData reads the messages to serve, and a user who sees them.
func readData(name string) (data emulator.Option, user string, err error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, "", &failure{fmt.Sprintf("read --data: %v", withoutPath(err)), "name a file that can be read"}
	}
	if data, err = emulator.WithData(bytes.NewReader(raw)); err != nil {
		return nil, "", &failure{err.Error(), "such a file is written by: " + messagesUsage + " --all --raw"}
	}
	for line := range bytes.Lines(raw) {
		if sender := zim.ReadMessage(bytes.TrimSpace(line)).Envelope().Sender; sender != "" {
			return data, sender, nil
		}
	}
	return data, emulator.DataUser, nil
}

// shellWord quotes s where a shell would not take it as one plain word.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.@:+,/", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// parseListen reads --listen: host and port, the host on this machine.
func parseListen(s string) (string, error) {
	refused := misuse("--listen", "is no address of this machine with a port", "give 127.0.0.1:8085; the emulator serves no other machine")
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", refused
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() {
		return "", refused
	}
	if _, err := net.LookupPort("tcp", port); err != nil || port == "" {
		return "", refused
	}
	return net.JoinHostPort(host, port), nil
}
