package audit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"unlockpoint/sync/central/audit"
)

// TestWhateverIsWrittenDownHasWords looks at what package audit declares.
func TestWhateverIsWrittenDownHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "what.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		block, ok := n.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST || !block.Lparen.IsValid() {
			return true
		}
		for _, spec := range block.Specs {
			what, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			said := audit.Words(what)
			if said == what || seen[said] != "" || strings.ToUpper(said[:1]) != said[:1] {
				t.Errorf("%s is told as %q, and so is %q", what, said, seen[said])
			}
			seen[said] = what
		}
		return true
	})
	if len(seen) < 40 {
		t.Errorf("%d are declared", len(seen))
	}
	if said := audit.Words("brewed.tea"); said != "brewed.tea" {
		t.Errorf("what is not known is told as %q", said)
	}
}
