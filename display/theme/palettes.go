package theme

import "image/color"

// none is a colour that is not painted.
var none = color.RGBA{}

// normal is the palette of every day: nhsuk-frontend's colours applied.
func normal() Palette {
	buttonShadow := shade(green, 50) // nhsuk-button-shadow-colour
	return Palette{
		Page:          {Fill: grey5, Ink: black},
		BandPlain:     {Fill: blue, Ink: white},
		BandWorking:   {Fill: darkBlue, Ink: white},
		BandSuccess:   {Fill: green, Ink: white},
		BandWarning:   {Fill: warmYellow, Ink: black},
		BandProblem:   {Fill: red, Ink: white},
		BandKeycap:    {Fill: white, Border: blue, Ink: blue, Line: hairline, Radius: radius / 2},
		Text:          {Ink: black},
		Error:         {Ink: shade(red, 10)},
		ErrorBar:      {Fill: red},
		Primary:       {Fill: green, Ink: white, Shadow: buttonShadow, Radius: radius, Depth: depth},
		PrimaryKeycap: {Fill: buttonShadow, Ink: white, Radius: radius / 2},
		Secondary:     {Fill: white, Border: blue, Ink: blue, Shadow: blue, Line: rule, Radius: radius, Depth: depth},
		Keycap:        {Fill: tint(blue, 85), Ink: blue, Radius: radius / 2},
		Choice:        {Fill: white, Border: grey3, Ink: black, Line: hairline, Radius: radius},
		Key:           {Fill: white, Border: grey3, Ink: black, Line: hairline, Radius: radius},
		KeyQuiet:      {Fill: grey4, Border: grey3, Ink: black, Line: hairline, Radius: radius},
		KeyOn:         {Fill: blue, Ink: white, Radius: radius},
		Input:         {Fill: white, Border: grey1, Ink: black, Line: rule, Radius: radius / 2},
		InputError:    {Fill: white, Border: red, Ink: black, Line: rule, Radius: radius / 2},
		Status:        {Ink: grey1},
		Good:          {Ink: green},
		Bad:           {Ink: red},
		SymbolPlain:   {Fill: blue, Ink: white, Radius: fully},
		SymbolWorking: {Fill: darkBlue, Ink: white, Radius: fully},
		SymbolSuccess: {Fill: green, Ink: white, Radius: fully},
		SymbolWarning: {Fill: warmYellow, Ink: black, Radius: fully},
		SymbolProblem: {Fill: red, Ink: white, Radius: fully},
		Picture:       {Fill: white, Border: blue, Ink: blue, Line: rule, Radius: 2 * radius},
		Saver:         {Fill: printBlack, Ink: shade(grey3, 20)},
	}
}

// dark is the palette for the night: light letters on a page that gives little
// light. The tones keep their colours, shaded.
func dark() Palette {
	page, paper := shade(black, 55), shade(black, 15)
	edge, pale := tint(blue, 30), tint(blue, 65)
	return Palette{
		Page:          {Fill: page, Ink: grey4},
		BandPlain:     {Fill: shade(blue, 45), Ink: grey5},
		BandWorking:   {Fill: shade(darkBlue, 30), Ink: grey5},
		BandSuccess:   {Fill: shade(green, 40), Ink: grey5},
		BandWarning:   {Fill: shade(warmYellow, 25), Ink: printBlack},
		BandProblem:   {Fill: shade(red, 45), Ink: grey5},
		BandKeycap:    {Fill: paper, Border: edge, Ink: pale, Line: hairline, Radius: radius / 2},
		Text:          {Ink: grey4},
		Error:         {Ink: tint(red, 55)},
		ErrorBar:      {Fill: red},
		Primary:       {Fill: shade(green, 15), Ink: white, Shadow: shade(green, 60), Radius: radius, Depth: depth},
		PrimaryKeycap: {Fill: shade(green, 60), Ink: white, Radius: radius / 2},
		Secondary:     {Fill: paper, Border: edge, Ink: pale, Shadow: edge, Line: rule, Radius: radius, Depth: depth},
		Keycap:        {Fill: shade(blue, 55), Ink: pale, Radius: radius / 2},
		Choice:        {Fill: paper, Border: grey1, Ink: grey4, Line: hairline, Radius: radius},
		Key:           {Fill: paper, Border: grey1, Ink: grey4, Line: hairline, Radius: radius},
		KeyQuiet:      {Fill: shade(grey1, 50), Border: grey1, Ink: grey4, Line: hairline, Radius: radius},
		KeyOn:         {Fill: edge, Ink: printBlack, Radius: radius},
		Input:         {Fill: paper, Border: grey3, Ink: grey5, Line: rule, Radius: radius / 2},
		InputError:    {Fill: paper, Border: tint(red, 40), Ink: grey5, Line: rule, Radius: radius / 2},
		Status:        {Ink: grey3},
		Good:          {Ink: tint(green, 45)},
		Bad:           {Ink: tint(red, 55)},
		SymbolPlain:   {Fill: shade(blue, 45), Ink: grey5, Radius: fully},
		SymbolWorking: {Fill: shade(darkBlue, 30), Ink: grey5, Radius: fully},
		SymbolSuccess: {Fill: shade(green, 40), Ink: grey5, Radius: fully},
		SymbolWarning: {Fill: shade(warmYellow, 25), Ink: printBlack, Radius: fully},
		SymbolProblem: {Fill: shade(red, 45), Ink: grey5, Radius: fully},
		Picture:       {Fill: paper, Border: edge, Ink: pale, Line: rule, Radius: 2 * radius},
		Saver:         {Fill: printBlack, Ink: shade(grey3, 20)},
	}
}

// contrasty is the palette of high contrast: white and yellow on true black.
func contrasty() Palette {
	p := Palette{}
	for style, look := range normal() {
		p[style] = stark(style, look)
	}
	p[Primary] = Look{Fill: yellow, Ink: printBlack, Shadow: shade(yellow, 50), Radius: radius, Depth: depth}
	p[PrimaryKeycap] = Look{Fill: printBlack, Ink: yellow, Radius: radius / 2}
	p[KeyOn] = Look{Fill: yellow, Ink: printBlack, Radius: radius}
	p[Error] = Look{Ink: yellow}
	p[ErrorBar] = Look{Fill: yellow}
	p[InputError] = Look{Fill: printBlack, Border: yellow, Ink: white, Line: 2 * rule, Radius: radius / 2}
	return p
}

// stark turns a look into white on black, with a white edge where it had a
// fill of its own.
func stark(style Style, l Look) Look {
	l.Ink = white
	if l.Fill != none {
		l.Fill = printBlack
	}
	if l.Shadow != none {
		l.Shadow = tint(printBlack, 60)
	}
	if style != Page && style != Saver && l.Fill != none {
		l.Border, l.Line = white, max(l.Line, rule)
	}
	switch style {
	case SymbolPlain, SymbolWorking, SymbolSuccess, SymbolWarning, SymbolProblem:
		l = Look{Fill: yellow, Ink: printBlack, Radius: fully}
	case Keycap, BandKeycap:
		l.Fill, l.Ink, l.Border = white, printBlack, none
	}
	return l
}
