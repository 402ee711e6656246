// Command backscroll browses, in a terminal, the chat history of apps that use
// ZEGOCLOUD's In-app Chat (ZIM).
package main

import (
	"os"

	"backscroll/ui/cli"
)

func main() { os.Exit(cli.Main(cli.OS())) }
