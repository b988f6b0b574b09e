package broker

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// gate is the hook that asks for passwords and keeps the rules.
type gate struct {
	mqtt.HookBase
	accounts map[string]Account

	mu   sync.Mutex // mochi calls from every client's goroutine
	gone map[string]bool
}

var _ mqtt.Hook = (*gate)(nil)

func newGate(accounts []Account) *gate {
	g := &gate{accounts: map[string]Account{}, gone: map[string]bool{}}
	for _, a := range accounts {
		g.accounts[a.User] = a
	}
	return g
}

// ID names the hook.
func (g *gate) ID() string { return "unlockpoint-rules" }

// Provides says which questions this hook answers.
func (g *gate) Provides(b byte) bool {
	return bytes.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnWill}, []byte{b})
}

// OnConnectAuthenticate lets in who knows the password and is not cut off.
func (g *gate) OnConnectAuthenticate(_ *mqtt.Client, pk packets.Packet) bool {
	user := string(pk.Connect.Username)
	a, known := g.accounts[user]
	want, have := sha256.Sum256([]byte(a.Password)), sha256.Sum256(pk.Connect.Password)
	return subtle.ConstantTimeCompare(want[:], have[:]) == 1 && known && !g.isCut(user)
}

// OnACLCheck answers for publications, for filters, and again for each
// delivery: who was just let in when the line was cut gets nothing.
func (g *gate) OnACLCheck(client *mqtt.Client, topic string, write bool) bool {
	user := string(client.Properties.Username)
	return g.accounts[user].allows(topic, write) && !g.isCut(user)
}

// OnWill empties a will for a topic that its owner may not write to; mochi
// asks for wills nothing else. An error would let the will out as it is.
func (g *gate) OnWill(client *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	if !g.accounts[string(client.Properties.Username)].allows(will.TopicName, true) {
		return mqtt.Will{}, nil
	}
	return will, nil
}

func (g *gate) cut(user string, cut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gone[user] = cut
}

func (g *gate) isCut(user string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gone[user]
}
