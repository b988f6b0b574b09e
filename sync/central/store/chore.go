package store

import "context"

// Chore is work on any number of rows. It does as much as one transaction takes
// (see [Tx.Full]) and says whether there may be more.
type Chore func(Tx) (more bool, err error)

// Finish does a chore, in as many transactions as it takes.
func Finish(ctx context.Context, s Store, do Chore) error {
	for more := true; more; {
		if err := s.Update(ctx, func(tx Tx) (err error) { more, err = do(tx); return err }); err != nil {
			return err
		}
	}
	return nil
}
