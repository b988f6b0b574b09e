package broker

import (
	"errors"
	"os"
	"os/user"
	"strconv"
)

// usualUser is who Mosquitto becomes when root starts it: mosquitto.conf(5),
// "user".
const usualUser = "mosquitto"

// handOver lets Mosquitto read files that root wrote, by its group: it gives
// root up before it reads them. Nobody else is let in. Without root they
// belong to whoever starts Mosquitto, and where Mosquitto is not installed
// there is nobody to hand them to.
func handOver(files []string, runAs string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	name := runAs
	if name == "" {
		name = usualUser
	}
	account, err := user.Lookup(name)
	if unknown := user.UnknownUserError(""); errors.As(err, &unknown) && runAs == "" {
		return nil
	}
	if err != nil {
		return err
	}
	group, err := strconv.Atoi(account.Gid)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := errors.Join(os.Chown(file, -1, group), os.Chmod(file, 0o640)); err != nil {
			return err
		}
	}
	return nil
}
