// Command zimgen writes an invented chat as long as one wants, newest message
// first, as the service does; always the same one.
//
//	zimgen -n 100000 >chat.jsonl              a message a line
//	zimgen -n 100000 -format text >chat.txt   what a reader would see of it
//
// A message depends on its MsgSeq alone, 1 to n. Each of the rare words occurs
// once, at MsgSeq n/10 and the next ones: nine tenths of the way back.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	n := flag.Int("n", 1000, "number of messages")
	format := flag.String("format", "jsonl", "jsonl or text")
	rare := flag.String("rare", "quokkazephyr", "words, between commas")
	flag.Parse()
	if *n < 1 || !slices.Contains([]string{"jsonl", "text"}, *format) || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	words := strings.Split(*rare, ",")
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for seq := *n; seq >= 1; seq-- {
		word := ""
		if i := seq - max(1, *n/10); i >= 0 && i < len(words) {
			word = words[i]
		}
		m := write(seq, word)
		if *format == "text" {
			fmt.Fprintf(out, "%s %s: %s\n", time.UnixMilli(m.MsgTime).UTC().Format(time.DateTime), m.Sender, strings.ReplaceAll(m.shown, "\n", " "))
		} else {
			fmt.Fprintln(out, quote(m))
		}
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "zimgen:", err)
		os.Exit(1)
	}
}
