package broker

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
)

// TLS has users prove who they are by certificates: the name in it is the
// user. The texts are PEM.
type TLS struct {
	Authority   string `json:"authority"`   // who vouches for users and broker
	Certificate string `json:"certificate"` // the broker's own
	Key         string `json:"key"`
	Revoked     string `json:"revoked"` // the authority's list of what is not valid any more

	EnrolAddr string   `json:"enrol_addr"` // host:port for terminals without a certificate; empty: none
	Retired   []string `json:"retired"`    // terminals that are let in no more
}

// server is the configuration of the listener for users.
func (t TLS) server() (*tls.Config, error) {
	own, err := tls.X509KeyPair([]byte(t.Certificate), []byte(t.Key))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(t.Authority)) {
		return nil, errors.New("the authority is no certificate")
	}
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{own},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}, nil
}

// revoked are the serial numbers on the authority's list.
func (t TLS) revoked() (map[string]bool, error) {
	serials := map[string]bool{}
	if t.Revoked == "" {
		return serials, nil
	}
	block, _ := pem.Decode([]byte(t.Revoked))
	if block == nil {
		return nil, errors.New("the list of what is revoked does not read")
	}
	list, err := x509.ParseRevocationList(block.Bytes)
	if err != nil {
		return nil, err
	}
	for _, one := range list.RevokedCertificateEntries {
		serials[one.SerialNumber.String()] = true
	}
	return serials, nil
}

// withoutClients is for those who have no certificate yet.
func withoutClients(c *tls.Config) *tls.Config {
	c = c.Clone()
	c.ClientAuth, c.ClientCAs = tls.NoClientCert, nil
	return c
}
