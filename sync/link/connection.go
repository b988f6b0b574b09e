package link

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// connection is one paho client for one connection. Its own way to reconnect
// has no jitter and keeps what we would send again ourselves, so it is off.
type connection struct {
	client mqtt.Client
	hangUp context.CancelFunc
	gone   chan struct{} // closed when the connection is lost
	lost   func()        // closes gone
}

func (s *Session) newConnection(ctx context.Context) *connection {
	// A context of its own: on leaving, the good-bye still has to get out.
	ctx, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	c := &connection{gone: make(chan struct{}), hangUp: hangUp}
	c.lost = sync.OnceFunc(func() { close(c.gone) })
	c.client = mqtt.NewClient(s.options().
		SetConnectionLostHandler(func(mqtt.Client, error) { c.lost() }).
		SetCustomOpenConnectionFn(func(broker *url.URL, _ mqtt.ClientOptions) (net.Conn, error) {
			conn, err := dial(ctx, broker, s.config.TLS)
			if err != nil {
				return nil, err
			}
			context.AfterFunc(ctx, func() { conn.Close() })
			return conn, nil
		}))
	return c
}

func (s *Session) options() *mqtt.ClientOptions {
	o := mqtt.NewClientOptions().AddBroker(*s.url.Load()).SetClientID(s.config.ClientID).
		SetUsername(s.config.User).SetPassword(s.config.Password).
		SetProtocolVersion(4). // MQTT 3.1.1, no second try as 3.1
		SetCleanSession(true).SetAutoReconnect(false).SetConnectRetry(false).
		SetKeepAlive(keepAlive).SetPingTimeout(keepAlive).
		SetConnectTimeout(connectLimit).SetWriteTimeout(writeLimit).
		SetAutoAckDisabled(true).
		// Numbered facts must not overtake each other. This is safe because
		// the handler never blocks.
		SetOrderMatters(true).
		SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) {
			s.take(Message{Topic: m.Topic(), Payload: m.Payload(), Retained: m.Retained(), Ack: m.Ack})
		})
	if w := s.config.Will; w != nil {
		o.SetBinaryWill(w.Topic, w.Payload, 1, w.Retained)
	}
	return o
}

// open connects, subscribes and publishes the birth.
func (c *connection) open(ctx context.Context, config Config) error {
	if err := c.wait(ctx, c.client.Connect()); err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	if err := c.subscribe(ctx, config.Subscribe); err != nil {
		return fmt.Errorf("subscribing: %w", err)
	}
	if config.Birth == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	if err := c.publish(ctx, *config.Birth); err != nil {
		return fmt.Errorf("publishing the birth: %w", err)
	}
	return nil
}

// refused is the code in a SUBACK for a filter that was not granted (MQTT
// 3.1.1, 3.9.3).
const refused = 0x80

func (c *connection) subscribe(ctx context.Context, filters []string) error {
	if len(filters) == 0 {
		return nil
	}
	wanted := map[string]byte{}
	for _, f := range filters {
		wanted[f] = 1
	}
	token := c.client.SubscribeMultiple(wanted, nil)
	if err := c.wait(ctx, token); err != nil {
		return err
	}
	for filter, code := range token.(*mqtt.SubscribeToken).Result() {
		if code == refused {
			return fmt.Errorf("%s is refused", filter)
		}
	}
	return nil
}

func (c *connection) publish(ctx context.Context, m Message) error {
	token := c.client.Publish(m.Topic, 1, m.Retained, m.Payload)
	select {
	case <-token.Done():
	case <-c.gone:
		return ErrLost
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := token.Error(); err != nil {
		c.lost() // where nothing can be written there is no connection, whatever paho tells
		return fmt.Errorf("publishing: %w", errors.Join(ErrLost, err))
	}
	return nil
}

// wait for a token, never without a limit.
func (c *connection) wait(ctx context.Context, token mqtt.Token) error {
	timer := time.NewTimer(connectLimit)
	defer timer.Stop()
	select {
	case <-token.Done():
		return token.Error()
	case <-c.gone:
		return ErrLost
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return errors.New("no answer")
	}
}

// leave says good-bye. The broker keeps the will to itself then, so it is
// published here first.
func (c *connection) leave(will *Message) {
	if will != nil {
		ctx, cancel := context.WithTimeout(context.Background(), leaveLimit)
		defer cancel()
		// Who is gone cannot say so: the broker will.
		_ = c.publish(ctx, *will)
	}
	c.close()
}

// close ends the connection and paho's goroutines. Paho gets a moment to send
// its DISCONNECT; one that never connected has nothing to send.
func (c *connection) close() {
	if c.client.IsConnectionOpen() {
		c.client.Disconnect(100) // ms
	}
	c.hangUp()
}
