package text

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// only imports one package.
type only struct{ pkg *types.Package }

func (o only) Import(path string) (*types.Package, error) {
	if o.pkg == nil || path != o.pkg.Path() {
		return nil, errors.New("not needed here")
	}
	return o.pkg, nil
}

// TestLitTakesConstantsOnly is about what does not compile.
func TestLitTakesConstantsOnly(t *testing.T) {
	fset := token.NewFileSet()
	check := func(path, name, src string, imports types.Importer, report func(error)) *types.Package {
		var source any
		if src != "" {
			source = src
		}
		f, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: imports, Error: report}
		pkg, _ := conf.Check(path, fset, []*ast.File{f}, nil)
		return pkg
	}
	// What text.go needs of the other files is not of interest.
	pkg := check("backscroll/ui/text", "text.go", "", only{}, func(error) {})

	rows := []struct {
		expr string
		ok   bool
	}{
		{`text.Lit("words")`, true},
		{`text.Lit("two " + "words")`, true},
		{`text.Lit(foreign)`, false},
		{`text.Lit("from " + foreign)`, false},
		{`text.Lit(text.literal(foreign))`, false},
		{`text.Line{foreign}`, false},
		{`text.Line{s: foreign}`, false},
		{`text.Block{s: foreign}`, false},
		{`text.Line(foreign)`, false},
		{`text.CleanLine(foreign)`, true},
	}
	for _, row := range rows {
		var failed error
		src := "package client\nimport \"backscroll/ui/text\"\nvar foreign string\nvar _ = " + row.expr + "\nvar _ text.Line\n"
		check("client", "client.go", src, only{pkg}, func(err error) { failed = err })
		if ok := failed == nil; ok != row.ok {
			t.Errorf("%s compiles: %t (%v)", row.expr, ok, failed)
		}
	}
}
