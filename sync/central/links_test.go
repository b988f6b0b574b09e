package central_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// The address that everybody may reach has the page of a letter's link, and
// nothing that is for those who look after central.
func TestThePublicAddressServesLinksOnly(t *testing.T) {
	cfg := config(t)
	cfg.Public, cfg.PublicURL = brokertest.FreeAddr(t), "https://smartcard.trust.nhs.uk/"
	c := open(t, cfg)
	accounts, err := c.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Broker.URL = brokers()["embedded"](t, accounts)
	run(t, c, cfg.Broker)
	for path, want := range map[string]string{
		"/freeze/AAAAAAAAAAAAAAAAAAAAAA": "This link does not work", "/freeze/central.css": "--blue",
		"/": "404", "/metrics": "404", "/healthz": "404", "/central.css": "404", "/enter": "404",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+cfg.Public+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || !strings.Contains(response.Status+string(body), want) {
			t.Errorf("%s: %s %s, %v", path, response.Status, body, err)
		}
	}
	if err := open(t, other(t, cfg.Public)).Run(t.Context(), cfg.Broker); err == nil || !strings.Contains(err.Error(), "public") {
		t.Errorf("the same address twice: %v", err)
	}
}

// other is another central, at the same public address.
func other(t *testing.T, public string) central.Config {
	cfg := config(t)
	cfg.Public = public
	return cfg
}

// A card without an address is frozen as any other, with nobody to tell.
func TestACardWithoutAnAddressIsFrozen(t *testing.T) {
	c := open(t, config(t))
	if err := c.AddCard(t.Context(), desk.NewCard{Card: cardOfCeri, Profile: "piv", Holder: "Ceri Jones", Site: "east", PUK: desk.Derived}); err != nil {
		t.Fatal(err)
	}
	if err := socket.Inside(c.Office()).Call(t.Context(), "POST", "/acts/card.freeze", wire.CardActBody{Card: cardOfCeri, Reason: "badge lost"}, nil); err != nil {
		t.Fatal(err)
	}
	if o, err := c.Overview(t.Context()); err != nil || o.Queue != 0 || o.Rows[0].Standing != wire.StandsFrozen {
		t.Errorf("%+v, %v", o, err)
	}
}
