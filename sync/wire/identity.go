package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Identity is who a terminal is and whom it trusts: one JSON file that only
// its owner may read. It never prints its secrets.
type Identity struct {
	Realm       string        `json:"realm"`
	Site        string        `json:"site"`
	ID          string        `json:"id"`
	Name        string        `json:"name"`     // as people say it: "Main entrance"
	NoteKey     []byte        `json:"note_key"` // Ed25519 seed
	SealKey     []byte        `json:"seal_key"` // X25519
	Central     PinnedCentral `json:"central"`
	RegistryKey []byte        `json:"registry_key"`          // of CardHash
	ConsoleKey  []byte        `json:"console_key,omitempty"` // of ConsoleAnswer; none: nobody can log in at the console
	MQTT        MQTT          `json:"mqtt"`

	Root []byte `json:"root,omitempty"`         // Ed25519, public: who may give central other keys; none: nobody
	Keys int    `json:"keys_version,omitempty"` // of the newest KeyList that was believed
}

// PinnedCentral holds the public keys of the one server that is believed.
type PinnedCentral struct {
	ID      string `json:"id"`
	NoteKey []byte `json:"note_key"`
	SealKey []byte `json:"seal_key"`
}

// MQTT says how to reach the broker.
type MQTT struct {
	URL      string `json:"url"` // mqtt://host:1883 or mqtts://host:8883
	User     string `json:"user"`
	Password string `json:"password,omitempty"`
	CA       string `json:"ca,omitempty"` // PEM file of the broker's authority

	// With certificates instead of a password: the broker's authority, the
	// terminal's certificate, whose name is User, and its key (PKCS #8).
	Authority   string `json:"authority,omitempty"`   // PEM
	Certificate string `json:"certificate,omitempty"` // PEM
	Key         []byte `json:"key,omitempty"`
}

// TLS has the holder of a certificate prove who they are by it, and believe
// none but the authority that it came from.
func (m MQTT) TLS() (*tls.Config, error) {
	pair, err := m.KeyPair()
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(m.Authority)) {
		return nil, errors.New("the broker's authority is no certificate")
	}
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, RootCAs: pool}, nil
}

// KeyPair is the certificate with its key.
func (m MQTT) KeyPair() (tls.Certificate, error) {
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: m.Key})
	defer clear(key)
	pair, err := tls.X509KeyPair([]byte(m.Certificate), key)
	if err != nil {
		return pair, errors.New("the certificate and its key do not read, or not belong together")
	}
	return pair, nil
}

// String and GoString keep secrets out of logs.
func (i Identity) String() string   { return "identity of " + i.Site + "/" + i.ID }
func (i Identity) GoString() string { return i.String() }
func (m MQTT) String() string       { return m.User + " at " + m.URL }
func (m MQTT) GoString() string     { return m.String() }

// ClientID is what the terminal calls itself towards the broker, always the
// same. A broker hangs up on a client when another of the same id comes, and
// asks nobody: nobody else may know it but central, which hangs up that way.
func (i Identity) ClientID() string { return SecretClientID(i.ID, i.ConsoleKey) }

// SecretClientID is the client id of who holds a secret key.
func SecretClientID(id string, key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("unlockpoint client id v1\n" + id))
	return id + "." + hex.EncodeToString(mac.Sum(nil)[:8])
}

// Signer signs the terminal's notes.
func (i Identity) Signer() (Signer, error) { return newSeedSigner(i.ID, i.NoteKey) }

// Verifier opens central's notes.
func (i Identity) Verifier() (Verifier, error) { return NewVerifier(i.Central.ID, i.Central.NoteKey) }

// Check says what is missing or malformed.
func (i Identity) Check() error {
	_, noteErr := i.Signer()
	_, centralErr := i.Verifier()
	_, sealErr := ParseSealKey(i.SealKey)
	switch {
	case !ValidRealm(i.Realm):
		return errors.New("realm is malformed")
	case !ValidSite(i.Site):
		return errors.New("site is malformed")
	case !ValidTerminal(i.ID):
		return errors.New("id is malformed")
	case noteErr != nil:
		return errors.New("note_key is malformed")
	case sealErr != nil:
		return errors.New("seal_key is malformed")
	case i.Central.ID != Central || centralErr != nil || len(i.Central.SealKey) != 32:
		return errors.New("central is malformed")
	case len(i.RegistryKey) < 16:
		return errors.New("registry_key is too short")
	case i.MQTT.URL == "":
		return errors.New("mqtt.url is missing")
	case i.MQTT.Certificate != "":
		_, err := i.MQTT.KeyPair()
		return err
	}
	return nil
}

// ValidRealm reports whether s may name an installation: an id, dots allowed.
func ValidRealm(s string) bool {
	return ValidID(string(bytes.ReplaceAll([]byte(s), []byte("."), []byte("-"))))
}

// LoadIdentity reads and checks the file. One that others may read is
// refused: its keys are no secret any more.
func LoadIdentity(path string) (Identity, error) {
	i, err := loadIdentity(path)
	if err != nil {
		return Identity{}, fmt.Errorf("loading the identity from %s (\"central terminals add\" writes one): %w", path, err)
	}
	return i, nil
}

func loadIdentity(path string) (Identity, error) {
	raw, err := readSecret(path)
	if err != nil {
		return Identity{}, err
	}
	return ParseIdentity(raw)
}

// readSecret reads a file unless others may, too.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others may read it; set its mode to 0600", path)
	}
	return os.ReadFile(path)
}

// ParseIdentity reads the file's text.
func ParseIdentity(raw []byte) (Identity, error) {
	var i Identity
	if err := Decode(raw, &i); err != nil {
		return Identity{}, err
	}
	return i, i.Check()
}

// Save writes the file whole or not at all, with mode 0600.
func (i Identity) Save(path string) error {
	if err := i.save(path); err != nil {
		return fmt.Errorf("saving the identity: %w", err)
	}
	return nil
}

func (i Identity) save(path string) error {
	if err := i.Check(); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return err
	}
	return ReplaceFile(path, append(raw, '\n'), 0o600)
}

// ReplaceFile writes a file whole or not at all, whatever byte the power is cut
// at: the new file is on the disk before it takes the name, and the name is on
// the disk before ReplaceFile returns.
func ReplaceFile(path string, text []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing there any more when all went well
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
