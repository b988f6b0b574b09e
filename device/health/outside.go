package health

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// reach is how long a step over the network may take.
const reach = 10 * time.Second

func testNetwork(ctx context.Context, b bench) {
	addresses, err := ownAddresses()
	switch {
	case err != nil:
		b.fail("address", err.Error(), "Restart it: \"reboot\".")
	case len(addresses) == 0:
		b.fail("address", "none but the terminal's own", "See that the cable is in and its light is on; \"network\" shows what is set.")
	default:
		b.pass("address", "%s", strings.Join(addresses, ", "))
	}
	if host, _, ok := b.broker(ctx); ok {
		b.resolve(ctx, host)
	}
}

// ownAddresses are those that are not the terminal's to itself.
func ownAddresses() ([]string, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list the addresses: %w", err)
	}
	var found []string
	for _, a := range all {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
			found = append(found, ip.String())
		}
	}
	return found, nil
}

// broker is where the broker is said to be.
func (b bench) broker(ctx context.Context) (host, port string, ok bool) {
	r, ok := b.reading(ctx)
	if !ok {
		return "", "", false
	}
	if r.Link.Broker == "" {
		b.skip("broker", "nobody has said where it is")
		return "", "", false
	}
	at, err := url.Parse(r.Link.Broker)
	if err != nil || at.Hostname() == "" {
		b.fail("broker", "its address does not read", "Write mqtts://HOST:8883: \"set broker\" does.")
		return "", "", false
	}
	if port = at.Port(); port == "" {
		port = map[string]string{"mqtt": "1883", "mqtts": "8883"}[at.Scheme]
	}
	return at.Hostname(), port, true
}

func (b bench) resolve(ctx context.Context, host string) {
	ctx, cancel := context.WithTimeout(ctx, reach)
	defer cancel()
	found, err := new(net.Resolver).LookupHost(ctx, host)
	if err != nil {
		b.fail("name of the broker", err.Error(), "Ask the network team for the name server, and whether it knows "+host+".")
		return
	}
	b.pass("name of the broker", "%s is %s", host, strings.Join(found, ", "))
}

func testMQTT(ctx context.Context, b bench) {
	host, port, ok := b.broker(ctx)
	if !ok || !b.connects(ctx, net.JoinHostPort(host, port)) {
		return
	}
	r, ok := b.reading(ctx)
	switch {
	case !ok:
	case r.Link.Linked:
		b.pass("session", "the broker lets this terminal in")
	case r.Link.Why != "":
		b.fail("session", r.Link.Why, "The broker does not let this terminal in: ask central IT whether it is on the broker's list, and whose certificate it shows.")
	default:
		b.fail("session", "not yet", "Wait a few seconds and test again.")
	}
}

// connects opens a TCP connection, and closes it.
func (b bench) connects(ctx context.Context, to string) bool {
	ctx, cancel := context.WithTimeout(ctx, reach)
	defer cancel()
	began := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", to)
	if err != nil {
		b.fail("connection", err.Error(), "Ask the network team whether a firewall lets this terminal through to "+to+", and central IT whether the broker runs.")
		return false
	}
	b.pass("connection", "%s in %d ms", to, time.Since(began).Milliseconds())
	conn.Close()
	return true
}

func testCentral(ctx context.Context, b bench) {
	ctx, cancel := context.WithTimeout(ctx, reach)
	defer cancel()
	began := time.Now()
	if err := b.ProbeCentral(ctx); err != nil {
		b.fail("central", err.Error(), "If \"test mqtt\" passes, central itself is away or does not know this terminal: tell central IT.")
		return
	}
	b.pass("central", "answered in %d ms", time.Since(began).Milliseconds())
}
