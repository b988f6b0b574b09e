package wire

import "testing"

func TestASealedBodyOpensInItsOwnNoteOnly(t *testing.T) {
	key, err := GenerateSealKey()
	must(t, err)
	e := helloFrom("wall-1")
	e.Kind = CardLook
	sealed, err := Seal(key.Public(), "trust.example", e, []byte("card 7"))
	must(t, err)
	same, err := ParseSealKey(key.Bytes())
	must(t, err)
	plain, err := same.Unseal("trust.example", e, *sealed)
	must(t, err)
	if string(plain) != "card 7" {
		t.Errorf("unsealed %q", plain)
	}
	other := func(change func(*Envelope)) Envelope { o := e; change(&o); return o }
	for name, o := range map[string]Envelope{
		"kind": other(func(e *Envelope) { e.Kind = CodeCheck }),
		"id":   other(func(e *Envelope) { e.ID = NewID() }),
		"from": other(func(e *Envelope) { e.From = "wall-2" }),
		"to":   other(func(e *Envelope) { e.To = "wall-2" }),
	} {
		if _, err := key.Unseal("trust.example", o, *sealed); err == nil {
			t.Errorf("opened under another %s", name)
		}
	}
	if _, err := key.Unseal("other.example", e, *sealed); err == nil {
		t.Error("opened in another realm")
	}
}
