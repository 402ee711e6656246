// Command hello is the least that a Go program costs: the yardstick of
// `backscroll --version`.
package main

import "os"

func main() { os.Stdout.WriteString("hello\n") }
