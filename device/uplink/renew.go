package uplink

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/wire"
)

const (
	// renewEvery is how often the terminal looks at its certificate.
	renewEvery = time.Hour
	// renewAgain is when it asks again: it may be on for an hour a day.
	renewAgain = time.Minute
	// renewLimit is how long it waits for another one.
	renewLimit = time.Minute
)

// renewals gets another certificate once two thirds of the life of the one in
// use are over: a terminal may then be off for months and still be let in. It
// is central's clock that says so, since the terminal's own may never have been
// set.
func (u *Uplink) renewals(ctx context.Context) error {
	if u.pair.Load() == nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return nil
	case <-u.told:
	}
	for ctx.Err() == nil {
		wait := renewEvery
		if err := u.renew(ctx); err != nil {
			wait = renewAgain
			if !errors.Is(err, ErrLink) {
				u.cfg.Log.Warn("the certificate was not renewed", "err", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// renew asks when it is time. The old certificate stays good to its end, and
// the new one is on the disk before it is used.
func (u *Uplink) renew(ctx context.Context) error {
	pair := u.pair.Load()
	life := pair.Leaf.NotAfter.Sub(pair.Leaf.NotBefore)
	if u.Time().Before(pair.Leaf.NotAfter.Add(-life / 3)) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, renewLimit)
	defer cancel()
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, pair.PrivateKey.(crypto.Signer))
	if err != nil {
		return fmt.Errorf("ask for another certificate: %w", err)
	}
	var reply wire.CertRenewReply
	if err := u.Call(ctx, wire.CertRenew, wire.CertRenewBody{CSR: csr}, &reply); err != nil {
		return err
	}
	return u.take(reply.Certificate)
}

// take keeps a certificate and uses it from the next connection on.
func (u *Uplink) take(certificate string) error {
	mqtt := u.cfg.Identity.MQTT
	mqtt.Certificate = certificate
	pair, err := mqtt.KeyPair()
	if err != nil {
		return err
	}
	if err := u.record(func(i *wire.Identity) { i.MQTT.Certificate = certificate }); err != nil {
		return fmt.Errorf("keep the new certificate: %w", err)
	}
	u.pair.Store(&pair)
	u.cfg.Log.Info("the certificate was renewed", "until", pair.Leaf.NotAfter)
	return nil
}

// proof is the certificate of the next connection.
func (u *Uplink) proof(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return u.pair.Load(), nil
}
