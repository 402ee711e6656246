package transcript

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"

	"backscroll/zim"
)

// page writes one HTML file that needs no other. It has no script, no link and no
// image, and its policy lets a browser take none but its own style.
type page struct{ people }

const style = `
:root { color-scheme: light dark; --dim: light-dark(#5c6066, #9a9fa6); --line: light-dark(#d9dce0, #33373d); --accent: light-dark(#1f5fbf, #7fb0ff); }
body { margin: 0 auto; max-width: 48rem; padding: 1.5rem 1rem 4rem; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fff, #16181b); color: light-dark(#1c1e21, #e4e6e9); }
h1 { font-size: 1.35rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h1.chat { font-size: 1.1rem; margin: 3rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; font-size: .85rem; }
dt, time, .numbers, footer { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
h2 { font-size: .9rem; position: sticky; top: 0; margin: 2rem 0 1rem; padding: .4rem 0; border-bottom: 1px solid var(--line); background: light-dark(#fff, #16181b); }
article { margin: 0 0 1rem; break-inside: avoid; }
.who { margin: 0; font-size: .85rem; overflow-wrap: anywhere; }
.who b { color: var(--accent); }
.numbers { font-variant-numeric: tabular-nums; font-size: .75rem; margin-left: .5rem; }
.said { white-space: pre-wrap; overflow-wrap: anywhere; }
.note { color: var(--dim); }
.mark { margin: .25rem 0; padding: .1rem .75rem; border-left: 2px solid var(--accent); overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding-left: .75rem; border-left: 2px solid var(--line); font: .8rem/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; font-size: .85rem; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10pt; } h2 { position: static; break-after: avoid; } }
`

var pages = template.Must(template.New("").Parse(`
{{- define "head"}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{.Hash}}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
{{.Style}}
</head>
<body>
<header>
<h1 dir="auto">{{.Title}}</h1>
<dl>
{{range .Facts}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>
{{end}}</dl>
</header>
<main>
{{end}}
{{- define "message"}}{{if .Day}}<h2>{{.Day}}</h2>
{{end}}<article>
<p class="who"><b dir="auto">{{.Sender}}</b> <time>{{.Clock}}</time><span class="numbers">{{.Numbers}}</span></p>
<div class="said{{if not .Prose}} note{{end}}" dir="auto">{{.Said}}</div>
{{if .URL}}<pre>{{.URL}}</pre>
{{end}}{{range .Saved}}<div class="note">{{if .Href}}saved: <a href="{{.Href}}" rel="noreferrer" dir="auto">{{.Text}}</a>{{if .Note}} ({{.Note}}){{end}}{{else}}{{.}}{{end}}</div>
{{end}}{{if .Payload}}<pre>payload: {{.Payload}}</pre>
{{end}}{{if .Note}}<p class="mark" dir="auto">{{.Note}}</p>
{{end}}</article>
{{end}}
{{- define "section"}}<h1 class="chat" dir="auto">{{.}}</h1>
{{end}}
{{- define "calls"}}<h1 class="chat">Exchanges</h1>
{{range .}}<details>
<summary>{{if .Action}}<b>{{.Action}}</b> <time>{{.Time}}</time><span class="numbers">HTTP {{.Status}} · code {{.Code}} · {{.DurationMs}} ms{{with .RequestId}} · request {{.}}{{end}}</span>{{else}}not readable{{end}}</summary>
<pre>{{.All}}</pre>
</details>
{{end}}{{end}}
{{- define "foot"}}</main>
<footer>{{.}}</footer>
</body>
</html>
{{end}}`))

func (p *page) begin() error {
	if !p.first() {
		return nil
	}
	return p.top(title(p.head.Chat))
}

// top writes all that comes before the messages.
func (p *page) top(title string) error {
	hash := sha256.Sum256([]byte(style))
	return pages.ExecuteTemplate(p.w, "head", struct {
		Hash, Title string
		Style       template.HTML
		Facts       []Asked
	}{base64.StdEncoding.EncodeToString(hash[:]), title, "<style>" + style + "</style>", p.head.facts()})
}

func (p *page) Write(m zim.Message) error {
	if err := p.begin(); err != nil {
		return err
	}
	e := p.entry(m)
	return pages.ExecuteTemplate(p.w, "message", struct {
		entry
		Numbers string
	}{e, e.numbers()})
}

func (p *page) Close() error {
	if err := p.begin(); err != nil {
		return err
	}
	if err := pages.ExecuteTemplate(p.w, "foot", p.total()); err != nil {
		return err
	}
	return p.w.Flush()
}
