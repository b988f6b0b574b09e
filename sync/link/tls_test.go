package link_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"unlockpoint/sync/link"
)

func TestOverTLS(t *testing.T) {
	certificate, roots := authority(t)
	url := "mqtts://" + tlsFront(t, embedded(t).Addr(), certificate)
	config := central(url)
	config.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}
	c, _ := run(t, config)
	waitUp(t, c, true)
}

func TestABrokerOfAnotherAuthorityIsNotTrusted(t *testing.T) {
	certificate, _ := authority(t)
	_, others := authority(t)
	config := central("mqtts://" + tlsFront(t, embedded(t).Addr(), certificate))
	config.TLS = &tls.Config{RootCAs: others}
	c, stop := run(t, config)
	for c.Err() == nil {
		select {
		case <-c.Up():
			t.Fatal("up at a broker that nobody vouches for")
		default:
		}
	}
	stop()
}

func TestHurryBringsItUpAtOnce(t *testing.T) {
	config := central(embedded(t).URL())
	config.Wait = link.Wait{First: 1000 * time.Hour}
	c, _ := run(t, config)
	c.Hurry()
	waitUp(t, c, true)
}

// authority makes a certificate for 127.0.0.1 that vouches for itself.
func authority(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	must(t, err)
	leaf, err := x509.ParseCertificate(der)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// tlsFront takes TLS off and hands on to a plain broker.
func tlsFront(t *testing.T, to string, certificate tls.Certificate) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	must(t, err)
	var lines sync.WaitGroup
	lines.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			lines.Go(func() { splice(in, to) })
		}
	})
	t.Cleanup(func() { l.Close(); lines.Wait() })
	return l.Addr().String()
}

func splice(in net.Conn, to string) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	var back sync.WaitGroup
	back.Go(func() { io.Copy(in, out); in.Close() })
	io.Copy(out, in)
	out.Close()
	back.Wait()
}
