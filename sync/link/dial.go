package link

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
)

// dial opens the way to the broker. It is ours, not paho's, so that a broker
// that takes the connection and then says nothing can be hung up on.
func dial(ctx context.Context, broker *url.URL, config *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	switch broker.Scheme {
	case "mqtt", "tcp":
		return new(net.Dialer).DialContext(ctx, "tcp", hostPort(broker, "1883"))
	case "mqtts", "ssl", "tls":
		d := &tls.Dialer{Config: config}
		return d.DialContext(ctx, "tcp", hostPort(broker, "8883"))
	}
	return nil, fmt.Errorf("scheme %q is neither mqtt nor mqtts", broker.Scheme)
}

func hostPort(u *url.URL, port string) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), port)
}
