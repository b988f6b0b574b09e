package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

const header = "card,profile,holder,email,site,puk,certificate\n"

func (w *world) count() (n int) {
	w.Helper()
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		lines, err := w.desk.Cards(tx)
		n = len(lines)
		return err
	}))
	return n
}

func TestImportTakesAllCards(t *testing.T) {
	w := newWorld(t)
	var file strings.Builder
	file.WriteString("\ufeffSite,Card,PUK,Holder,Email,Profile\n") // any order, no certificates, as spreadsheets write it
	for i := range 3000 {
		fmt.Fprintf(&file, "ward,PIV:%08x,derived,\"Person, %d\",p%d@nhs.net,piv\n", i, i, i)
	}
	n, err := w.desk.ImportCards(t.Context(), w.store, strings.NewReader(file.String()))
	if err != nil || n != 3000 {
		t.Fatalf("%d cards, %v", n, err)
	}
	if got := w.count(); got != 3001 {
		t.Errorf("%d cards are there", got)
	}
}

func TestImportNamesLineAndColumn(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ row, want string }{
		{"piv 01,piv,A,a@nhs.net,ward,12345678,", "line 3, card: is not a card id"},
		{w.id + ",piv,A,a@nhs.net,ward,12345678,", "line 3, card: is there already"},
		{"piv:01,piv,A,a@nhs.net,ward,12345678,", "line 3, card: is in line 2 too"},
		{"piv:02,idprime,A,a@nhs.net,ward,12345678,", "line 3, profile: is not served: use one of piv, gids,"},
		{"piv:02,gids,A,a@nhs.net,ward,12345678,", "line 3, profile: is not that of the card id"},
		{"gids:02,piv,A,a@nhs.net,ward,12345678,", "line 3, profile: is not that of the card id"},
		{"piv:02,piv,,a@nhs.net,ward,12345678,", "line 3, holder: is not a name"},
		{"piv:02,piv,A,a@example.com,ward,12345678,", "line 3, email: is not an address in an accepted domain"},
		{"piv:02,piv,A,a@nhs.net,moon,12345678,", "line 3, site: is not a site"},
		{"piv:02,piv,A,a@nhs.net,ward,1234,", "line 3, puk: does not fit the card: use a PUK of 6 to 8 digits"},
		{"gids:02,gids,A,a@nhs.net,ward,12345678,", "line 3, puk: does not fit the card: use an admin key of 48 hex digits"},
		{"isoapplet:02,isoapplet,A,a@nhs.net,ward,12345678,", "line 3, puk: does not fit the card: use a PUK of 16"},
		{"piv:02,piv,A,a@nhs.net,ward,12345678,AAAA", "line 3, certificate: is not a certificate"},
		{"piv:02,piv,A,a@nhs.net", "line 3, row: has not as many fields"},
		{`piv:02,piv,"A"B,a@nhs.net,ward,12345678,`, "line 3, row: has a quote in the wrong place"},
	} {
		_, err := w.desk.ImportCards(t.Context(), w.store, strings.NewReader(header+"piv:01,piv,First,f@nhs.net,ward,derived,\n"+c.row+"\n"))
		if _, ok := errors.AsType[Problems](err); !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.row, err, c.want)
		}
		if strings.Contains(fmt.Sprint(err), "12345678") {
			t.Errorf("the message has a PUK in it: %v", err)
		}
	}
	if got := w.count(); got != 1 {
		t.Errorf("%d cards are there: something was half imported", got)
	}
}

// Keys that anybody knows are taken in, and told of.
func TestAFactoryKeyIsToldOf(t *testing.T) {
	w := newWorld(t) // whose card has PIV's
	rows := "piv:01,piv,A,a@nhs.net,ward,87651234,\n" +
		"piv:02,piv,B,b@nhs.net,ward,derived,\n" +
		"gids:03,gids,C,c@nhs.net,ward,010203040506070801020304050607080102030405060708,\n" +
		"openpgp:04,openpgp,D,d@nhs.net,ward,12345678,\n"
	if _, err := w.desk.ImportCards(t.Context(), w.store, strings.NewReader(header+rows)); err != nil {
		t.Fatal(err)
	}
	var lines []wire.CardView
	var overview Overview
	w.ok(w.store.View(t.Context(), func(tx store.Tx) (err error) {
		if lines, err = w.desk.Cards(tx); err == nil {
			overview, err = w.desk.Overview(tx)
		}
		return err
	}))
	told := map[string]bool{}
	for _, l := range lines {
		told[l.Card] = l.Factory
	}
	if want := map[string]bool{w.id: true, "piv:01": false, "piv:02": false, "gids:03": true, "openpgp:04": true}; !maps.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
	if overview.FactoryKeys != 3 {
		t.Errorf("%d in the overview", overview.FactoryKeys)
	}
}

func TestImportNeedsItsHeader(t *testing.T) {
	w := newWorld(t)
	for file, want := range map[string]string{
		"":                                     "line 1, file: is empty",
		"piv:01,piv,A,a@nhs.net,ward,12345678": "line 1, card: is missing",
		"card,card,profile,holder,email,site,puk\n": "line 1, card: is not a column, or is there twice",
	} {
		_, err := w.desk.ImportCards(t.Context(), w.store, strings.NewReader(file))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// failing is a store whose power goes after some commits.
type failing struct {
	store.Store
	left int
}

func (f *failing) Update(ctx context.Context, fn func(store.Tx) error) error {
	if f.left--; f.left < 0 {
		return errors.New("power cut")
	}
	return f.Store.Update(ctx, fn)
}

func TestAnImportThatWasCutShortNeverWas(t *testing.T) {
	w := newWorld(t)
	var file strings.Builder
	file.WriteString(header)
	for i := range 3 * perCommit {
		fmt.Fprintf(&file, "piv:%08x,piv,Person,p@nhs.net,ward,derived,\n", i)
	}
	if _, err := w.desk.ImportCards(t.Context(), &failing{w.store, 2}, strings.NewReader(file.String())); err == nil {
		t.Fatal("the power cut went unnoticed")
	}
	if got := w.count(); got != 1 {
		t.Fatalf("%d cards are there", got)
	}
	hall := w.terminal("hall")
	w.id = "piv:00000001"
	if got := hall.look(); got.Standing != wire.StandsUnknown {
		t.Errorf("a card of it: %+v", got)
	}
	if n, err := w.desk.ImportCards(t.Context(), w.store, strings.NewReader(file.String())); n != 3*perCommit || err != nil {
		t.Errorf("the same file again: %d, %v", n, err)
	}
}

func TestAPinnedCertificate(t *testing.T) {
	w := newWorld(t)
	mine := base64.StdEncoding.EncodeToString(w.card.Certificate())
	_, err := w.desk.ImportCards(t.Context(), w.store, strings.NewReader(header+"piv:01,piv,Somebody,s@nhs.net,ward,derived,"+mine+"\n"))
	w.ok(err)
	_ = w.store.View(t.Context(), func(tx store.Tx) error {
		c, _, _ := find(tx, "piv:01")
		if !c.mayProveWith(w.card.Certificate()) || c.mayProveWith([]byte("another")) {
			t.Error("the certificate is not pinned")
		}
		return nil
	})
}

func TestACardWithoutAnAddress(t *testing.T) {
	w := newWorld(t)
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
		c, _, err := find(tx, w.id)
		c.Address = nil
		return errors.Join(err, cards().Put(tx, c.ID, c))
	}))
	if got := w.terminal("hall").begin(); got.Refused != wire.NoAddress || got.Address != "" {
		t.Errorf("got %+v", got)
	}
}

// Whatever is in a file: it is read, or its problems are named.
func FuzzReadCards(f *testing.F) {
	f.Add(header + "piv:01,piv,A,a@nhs.net,ward,derived,\n")
	f.Add("\ufeffcard,puk\n\"\n")
	f.Add("card;profile;holder\n")
	f.Fuzz(func(t *testing.T, file string) {
		list, err := readCards(strings.NewReader(file))
		if err != nil {
			if _, ok := errors.AsType[Problems](err); !ok {
				t.Errorf("no problem is named: %v", err)
			}
			return
		}
		for _, n := range list {
			if n.line < 2 {
				t.Errorf("a card in line %d", n.line)
			}
		}
	})
}
