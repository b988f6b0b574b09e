package broker

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"net"
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"unlockpoint/sync/wire"
)

// gate is the hook that asks who comes in and keeps the rules.
type gate struct {
	mqtt.HookBase
	secure bool // users have certificates
	seats  seats

	mu       sync.Mutex // mochi calls from every client's goroutine
	accounts map[string]Account
	retired  map[string]bool // for good
	revoked  map[string]bool // certificates, by their serial numbers
	gone     map[string]bool // cut off for now
}

var _ mqtt.Hook = (*gate)(nil)

func newGate(accounts []Account, secure bool) *gate {
	g := &gate{secure: secure, gone: map[string]bool{}, seats: seats{taken: map[string]seat{}}}
	g.admit(accounts, nil, nil)
	return g
}

// admit replaces whom the gate lets in.
func (g *gate) admit(accounts []Account, retired []string, revoked map[string]bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.accounts, g.retired, g.revoked = map[string]Account{}, map[string]bool{}, revoked
	for _, a := range accounts {
		g.accounts[a.User] = a
	}
	for _, user := range retired {
		g.retired[user] = true
	}
}

// ID names the hook.
func (g *gate) ID() string { return "unlockpoint-rules" }

// Provides says which questions this hook answers.
func (g *gate) Provides(b byte) bool {
	return bytes.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish, mqtt.OnWill}, []byte{b})
}

// OnConnectAuthenticate lets in who proves to be a user that is not cut off,
// and at the enrolment listener who calls itself by the id of a code.
func (g *gate) OnConnectAuthenticate(client *mqtt.Client, pk packets.Packet) bool {
	if !g.proves(client, pk) {
		return false
	}
	g.seats.take(client.ID, client.Net.Conn)
	return true
}

func (g *gate) proves(client *mqtt.Client, pk packets.Packet) bool {
	switch {
	case client.Net.Listener == enrolment:
		return wire.ValidEnrolID(client.ID)
	case g.secure:
		client.Properties.Username = []byte(certified(client.Net.Conn).Subject.CommonName)
	case !g.knows(string(pk.Connect.Username), pk.Connect.Password):
		return false
	}
	return g.serves(client)
}

// serves says whether a client is somebody's who has a role and is not out.
func (g *gate) serves(client *mqtt.Client) bool {
	a := g.account(client)
	return a.Role != "" && !g.isCut(a.User) && !g.isRevoked(certified(client.Net.Conn))
}

func (g *gate) knows(user string, password []byte) bool {
	a, known := g.find(user)
	want, have := sha256.Sum256([]byte(a.Password)), sha256.Sum256(password)
	return subtle.ConstantTimeCompare(want[:], have[:]) == 1 && known
}

// account is whose a client is. It has no role when it is nobody's.
func (g *gate) account(client *mqtt.Client) Account {
	user := string(client.Properties.Username)
	a, known := g.find(user)
	switch {
	case client.Net.Listener == enrolment:
		return Account{User: client.ID, Role: Enrolling}
	case !known && g.secure && wire.ValidTerminal(user):
		return Account{User: user, Role: Terminal}
	}
	return a
}

// certified is the certificate that a line was opened with; an empty one
// without.
func certified(line net.Conn) *x509.Certificate {
	secure, ok := line.(*tls.Conn)
	if !ok || len(secure.ConnectionState().PeerCertificates) == 0 {
		return new(x509.Certificate)
	}
	return secure.ConnectionState().PeerCertificates[0]
}

// OnACLCheck answers for publications, for filters, and again for each
// delivery: who was just let in when the line was cut gets nothing.
func (g *gate) OnACLCheck(client *mqtt.Client, topic string, write bool) bool {
	return g.account(client).allows(topic, write) && g.serves(client)
}

// OnPublish lets nobody who enrols leave anything behind: anybody may be that.
func (g *gate) OnPublish(client *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	pk.FixedHeader.Retain = pk.FixedHeader.Retain && client.Net.Listener != enrolment
	return pk, nil
}

// OnWill empties a will for a topic that its owner may not write to; mochi
// asks for wills nothing else. An error would let the will out as it is.
func (g *gate) OnWill(client *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	if !g.account(client).allows(will.TopicName, true) {
		return mqtt.Will{}, nil
	}
	will.Retain = will.Retain && client.Net.Listener != enrolment
	return will, nil
}

func (g *gate) find(user string) (Account, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a, known := g.accounts[user]
	return a, known
}

func (g *gate) cut(user string, cut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gone[user] = cut
}

func (g *gate) isCut(user string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gone[user] || g.retired[user]
}

func (g *gate) isRevoked(certificate *x509.Certificate) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return certificate.SerialNumber != nil && g.revoked[certificate.SerialNumber.String()]
}
