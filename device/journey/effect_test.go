package journey_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"unlockpoint/device/journey"
)

// Every type that is an effect stands in the list from which tests take their
// cells: one that is left out of it would be tested by nothing.
func TestEveryEffectIsListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "effect.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared, listed []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "effect" || f.Recv == nil {
			continue
		}
		name, ok := f.Recv.List[0].Type.(*ast.Ident)
		if !ok {
			t.Fatal("an effect that is no value")
		}
		declared = append(declared, name.Name)
	}
	for _, e := range journey.Effects() {
		listed = append(listed, effectName(e))
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if len(declared) == 0 || !slices.Equal(declared, listed) {
		t.Errorf("effects are %v, listed are %v", declared, listed)
	}
}
