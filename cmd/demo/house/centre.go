package house

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"time"

	"unlockpoint/cmd/demo/tray"
	"unlockpoint/device/journey"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/wire"
)

// The demo's place. Seed files name it.
var site = wire.Site{
	ID: "ward7", Name: "St Brân's Hospital", Booth: "level 1, beside the main entrance",
	Hours: "Monday to Friday, 7am to 7pm", Phone: "01632 960 700",
}

const (
	terminalID   = "ward7-door"
	terminalName = "Ward 7 corridor"
	sender       = "unlockpoint@demo.nhs.uk"
)

// anywhere stands in an identity until the broker has an address.
const anywhere = "mqtt://127.0.0.1:1883"

// openCentral opens central, lets it know the terminal and the cards that are
// new, and starts the broker for the accounts that it lists.
func (h *House) openCentral(ctx context.Context) error {
	cfg, err := h.centralConfig()
	if err != nil {
		return err
	}
	if err := central.SetUp(cfg); err != nil {
		return err
	}
	if h.central, err = central.Open(cfg); err != nil {
		return err
	}
	if err := h.enrolTerminal(ctx); err != nil {
		return err
	}
	badges, err := h.enrolOperators(ctx)
	if err != nil {
		return err
	}
	if err := h.importCards(ctx, h.tray.Issued()); err != nil {
		return err
	}
	if err := h.tray.Keep(); err != nil {
		return err
	}
	if err := h.lendCentral(); err != nil {
		return err
	}
	if err := h.startBroker(ctx, cfg.Broker); err != nil {
		return err
	}
	for file, badge := range badges {
		badge.MQTT.URL = h.broker.URL() // another one each time
		err = errors.Join(err, badge.Save(h.path(file)))
	}
	return err
}

func (h *House) centralConfig() (central.Config, error) {
	authority, err := h.authority()
	if err != nil {
		return central.Config{}, err
	}
	issuers, err := vouching(authority, h.cfg.Issuers)
	if err != nil {
		return central.Config{}, err
	}
	policy := wire.DefaultPolicy()
	if h.cfg.Policy != nil {
		h.cfg.Policy(&policy)
	}
	return central.Config{
		Realm: "demo", Data: h.path("central"), Keyring: h.path("keyring.json"),
		Policy: policy, Sites: []wire.Site{site}, Authority: issuers,
		Broker:    central.Broker{User: wire.Central, Password: rand.Text()},
		Terminals: central.Broker{URL: anywhere},
		Mail:      mail.Server{Host: "127.0.0.1", Port: h.mail.Addr().Port, Security: mail.NoTLS, Timeout: 10 * time.Second},
		House:     mail.House{Sender: sender, Name: "Unlockpoint", Contact: "the registration authority"},
		Socket:    h.path("central.sock"), PublicURL: h.URL(),
		Pages: journey.Names(), Build: "demo", Now: h.clock.Now, Log: h.cfg.Log.With("part", "central"),
	}, nil
}

// vouching are all whose cards central believes.
func vouching(own *simcard.Authority, others []byte) (*x509.CertPool, error) {
	pool := own.Pool()
	if len(others) > 0 && !pool.AppendCertsFromPEM(others) {
		return nil, errors.New("the issuers' file holds no certificate: it is PEM, with BEGIN CERTIFICATE")
	}
	return pool, nil
}

// lendCentral leaves a configuration with which the program central speaks to
// the one in the demo: that is how real cards are imported.
func (h *House) lendCentral() error {
	text := fmt.Sprintf("socket = %q\n\n[[sites]]\nid = %q\nname = %q\nbooth = %q\n", "central.sock", site.ID, site.Name, site.Booth)
	if err := os.WriteFile(h.path("central.toml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("leave a configuration for central: %w", err)
	}
	return nil
}

// enrolTerminal loads who the terminal is, or lets central make it.
func (h *House) enrolTerminal(ctx context.Context) (err error) {
	path := h.path("terminal.json")
	if exists(path) {
		h.who, err = wire.LoadIdentity(path)
		return err
	}
	h.who, err = h.central.AddTerminal(ctx, central.NewTerminal{ID: terminalID, Site: site.ID, Name: terminalName})
	if err != nil {
		return err
	}
	return h.who.Save(path)
}

// AdminFile and BoothFile, in the data folder, say who the demo's operators
// are: they are for the program fleet. Some acts on a card take both.
const (
	AdminFile = "admin.json"
	BoothFile = "booth.json"

	administrator = "admin"
)

// enrolOperators loads who the operators are, or lets central make them.
func (h *House) enrolOperators(ctx context.Context) (map[string]wire.Badge, error) {
	badges := map[string]wire.Badge{}
	for file, who := range map[string]central.NewOperator{
		AdminFile: {ID: administrator, Role: wire.Admin},
		BoothFile: {ID: "booth", Role: wire.Booth, Sites: []string{site.ID}},
	} {
		var err error
		if path := h.path(file); exists(path) {
			badges[file], err = wire.LoadBadge(path)
		} else {
			badges[file], err = h.addOperator(ctx, who)
		}
		if err != nil {
			return nil, err
		}
	}
	return badges, nil
}

// addOperator makes an operator anew whose badge nobody has: a start was cut.
func (h *House) addOperator(ctx context.Context, who central.NewOperator) (wire.Badge, error) {
	badge, err := h.central.AddOperator(ctx, who)
	if !errors.Is(err, operators.ErrTaken) {
		return badge, err
	}
	if err := h.central.RemoveOperator(ctx, who.ID); err != nil {
		return badge, err
	}
	return h.central.AddOperator(ctx, who)
}

// importCards tells central of new cards, by the file that an administrator
// would hand in. The file stays beside the data, to look at.
func (h *House) importCards(ctx context.Context, issued []tray.Issued) error {
	file, n, err := cardFile(issued)
	if err != nil || n == 0 {
		return err
	}
	if err := os.WriteFile(h.path("cards.csv"), file, 0o600); err != nil {
		return fmt.Errorf("keep the card file: %w", err)
	}
	if _, err := h.central.ImportCards(ctx, bytes.NewReader(file)); err != nil {
		return fmt.Errorf("import cards: %w", err)
	}
	return nil
}

// cardFile writes the cards that central is to know.
func cardFile(issued []tray.Issued) (file []byte, n int, err error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{desk.Columns()}
	for _, c := range issued {
		if c.Known() {
			rows = append(rows, []string{c.ID, c.Profile, c.Holder, c.Email, c.Site, c.PUK, base64.StdEncoding.EncodeToString(c.Certificate)})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, 0, fmt.Errorf("write the card file: %w", err)
	}
	return b.Bytes(), len(rows) - 1, nil
}

// startBroker serves the accounts that central lists.
func (h *House) startBroker(ctx context.Context, own central.Broker) error {
	accounts, err := h.central.Accounts(ctx)
	if err != nil {
		return err
	}
	if h.broker, err = broker.Start("127.0.0.1:0", append(accounts, h.cfg.Watchers...)); err != nil {
		return err
	}
	own.URL = h.broker.URL()
	h.line = own
	return nil
}
