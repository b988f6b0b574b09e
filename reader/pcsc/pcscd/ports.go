package pcscd

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports below those that Linux gives to outgoing connections, which could
// otherwise take one between our look and vpcd's.
const (
	lowestPort = 20000
	portPairs  = 6000
)

// freePorts returns the first of two free ports that follow each other.
func freePorts() (int, error) {
	const attempts = 50
	for range attempts {
		port := lowestPort + 2*rand.IntN(portPairs)
		if free(port) && free(port+1) {
			return port, nil
		}
	}
	return 0, errors.New("no two neighbours are free")
}

func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	return err == nil && l.Close() == nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
