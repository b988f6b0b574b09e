package layouttest

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"unlockpoint/display"
)

//go:embed testdata/product.json
var shown []byte

// Product is every page of the product in English, with nothing typed: what the
// tours of device/pages see, whose test keeps the file.
func Product() []display.Page {
	var kept product
	if err := json.Unmarshal(shown, &kept); err != nil {
		panic(err) // it is part of the package
	}
	for i := range kept.Pages {
		kept.Pages[i].Words = kept.Words
	}
	return kept.Pages
}

// product is that file: what is on every page once, then a page a line.
type product struct {
	Words display.Words
	Pages []display.Page
}

// Keep is the file of Product for some pages.
func Keep(pages []display.Page) (string, error) {
	words, err := json.Marshal(pages[0].Words)
	file := fmt.Sprintf("{\"Words\": %s, \"Pages\": [\n", words)
	for i, p := range pages {
		if p.Field != nil {
			blank := *p.Field
			blank.Value = nil
			p.Field = &blank
		}
		line, bad := json.Marshal(struct {
			display.Page
			Words *display.Words `json:",omitempty"` // in the place of the page's
		}{Page: p})
		if bad != nil {
			err = bad
		}
		if i > 0 {
			file += ",\n"
		}
		file += string(line)
	}
	return file + "\n]}\n", err
}
