package uplink

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// dial makes the link that the identity describes: not before it is to run, for
// the keys take a small board a while.
func (u *Uplink) dial() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.unfit != nil || u.line != nil {
		return u.unfit
	}
	config, err := u.linkConfig()
	if err != nil {
		u.unfit = err
		return err
	}
	u.line = link.New(config)
	return nil
}

func (u *Uplink) linkConfig() (link.Config, error) {
	me := u.cfg.Identity
	secure, err := u.tls()
	if err != nil {
		return link.Config{}, err
	}
	will, err := u.stateNote(wire.StateBody{Build: u.cfg.Build})
	if err != nil {
		return link.Config{}, err
	}
	return link.Config{
		URL:       u.url,
		ClientID:  me.ClientID(),
		User:      me.MQTT.User,
		Password:  me.MQTT.Password,
		TLS:       secure,
		Subscribe: wire.TerminalTopics(me.Site, me.ID),
		Will:      &link.Message{Topic: u.voice().state(), Payload: will, Retained: true},
		Wait:      u.cfg.Wait,
	}, nil
}

// tls is the configuration for a broker that is reached by TLS.
func (u *Uplink) tls() (*tls.Config, error) {
	var err error
	config := &tls.Config{MinVersion: tls.VersionTLS13}
	mqtt := u.cfg.Identity.MQTT
	switch {
	case mqtt.Certificate != "":
		config, err = u.certified(mqtt)
	case mqtt.CA != "":
		config.RootCAs, err = authority(mqtt.CA)
	}
	if err != nil {
		return nil, err
	}
	config.Time = u.notBefore
	return config, nil
}

// certified is for a terminal with a certificate, which may be renewed while
// it runs.
func (u *Uplink) certified(mqtt wire.MQTT) (*tls.Config, error) {
	config, err := mqtt.TLS()
	if err != nil {
		return nil, err
	}
	u.pair.Store(&config.Certificates[0])
	config.Certificates, config.GetClientCertificate = nil, u.proof
	return config, nil
}

// notBefore is now, or what is certainly over when the clock is behind that:
// the floor on disk and the making of this build. Terminals have no clock that
// survives a power cut. A broker's certificate has not begun by it only when
// it began after the last welcome, which those of central's making never do:
// they begin with the authority (sync/central/authority).
func (u *Uplink) notBefore() time.Time {
	now := u.cfg.Now()
	for _, over := range []time.Time{u.floor, u.cfg.Made} {
		if over.After(now) {
			now = over
		}
	}
	return now
}

func authority(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the broker's authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read the broker's authority: no certificate in %s", file)
	}
	return pool, nil
}
