package robot

import (
	"context"
	"errors"
	"fmt"
)

// Insert puts the person's card in.
func (p *Person) Insert(ctx context.Context) error {
	return p.Post(ctx, "/cards/"+p.Card+"/insert", struct{}{}, nil)
}

// Remove takes it out and waits until the terminal is ready for the next one.
func (p *Person) Remove(ctx context.Context) error {
	if err := p.Post(ctx, "/cards/"+p.Card+"/remove", struct{}{}, nil); err != nil {
		return err
	}
	page, err := p.Page(ctx)
	for err == nil && page.ID != "idle" {
		page, err = p.waited(ctx, page)
	}
	if err != nil {
		return fmt.Errorf("after taking the card out, on page %s: %w", page.ID, err)
	}
	return nil
}

// Accepts asks the card whether a passcode is right; a wrong one costs a try.
func (p *Person) Accepts(ctx context.Context, passcode string) (bool, error) {
	var answer struct {
		Accepted bool `json:"accepted"`
	}
	err := p.Post(ctx, "/cards/"+p.Card+"/verify", map[string]string{"passcode": passcode}, &answer)
	return answer.Accepted, err
}

// Block types wrong passcodes until the card takes no more.
func (p *Person) Block(ctx context.Context) error {
	for {
		var card struct {
			Tries int `json:"passcode_tries"`
		}
		if err := p.Get(ctx, "/cards/"+p.Card+".json", &card); err != nil || card.Tries == 0 {
			return err
		}
		if ok, err := p.Accepts(ctx, "00000000"); err != nil || ok {
			return errors.Join(err, errors.New("blocking the card: the wrong passcode must be wrong"))
		}
	}
}

func passcode(p *Person, _ Page) (string, error)    { return p.Passcode, nil }
func newPasscode(p *Person, _ Page) (string, error) { return p.NewPasscode, nil }

// Register goes from the menu of a working card to register.done.
func (p *Person) Register(ctx context.Context) error {
	return p.Walk(ctx, "register.done", Registering())
}

// Unlock goes from the page of a blocked card to unlock.done.
func (p *Person) Unlock(ctx context.Context) error { return p.Walk(ctx, "unlock.done", Unlocking()) }

// UntilCode goes as far as the page that asks for the code.
func (p *Person) UntilCode(ctx context.Context) error {
	return p.Walk(ctx, "unlock.code", Unlocking())
}

// Change goes from the menu of a working card to change.done.
func (p *Person) Change(ctx context.Context) error { return p.Walk(ctx, "change.done", Changing()) }

// Registering is the way through every page of a registration.
func Registering() map[string]Way {
	return map[string]Way{
		"card.menu":         Press("1"),
		"register.start":    Press("Enter"),
		"register.passcode": Fill(passcode),
		"register.question": choose,
		"register.answer":   Fill(invent),
		"register.email":    Press("Enter"),
		"register.code":     Fill(code),
		"code.where":        Press("Enter"),
		"code.expired":      Press("Enter"),
	}
}

// Unlocking is the way through every page of an unlock.
func Unlocking() map[string]Way {
	return map[string]Way{
		"card.locked":     Press("Enter"),
		"unlock.warning":  Press("Enter"),
		"unlock.answer":   Fill(remember),
		"unlock.code":     Fill(code),
		"code.where":      Press("Enter"), // of one who pressed Enter again while the code was checked
		"unlock.passcode": Fill(newPasscode),
		"unlock.repeat":   Fill(newPasscode),
		"code.expired":    Press("Enter"),
		"code.used-up":    Press("Enter"),
	}
}

// Changing is the way through every page of a change of passcode.
func Changing() map[string]Way {
	return map[string]Way{
		"card.menu":     Press("2"),
		"change.old":    Fill(passcode),
		"change.new":    Fill(newPasscode),
		"change.repeat": Fill(newPasscode),
	}
}

// Code is the code that the person read last.
func (p *Person) Code() (string, error) { return code(p, Page{}) }
