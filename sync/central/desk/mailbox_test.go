package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
)

// letters are the mails that were written, oldest first, as they would go out.
func (w *world) letters() []mail.Message {
	w.Helper()
	var list []mail.Message
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		var found []mail.Letter
		for _, raw := range tx.Scan("mail/", "", 0) {
			var row struct{ Letter mail.Letter }
			w.ok(json.Unmarshal(raw, &row))
			found = append(found, row.Letter)
		}
		slices.SortStableFunc(found, func(a, b mail.Letter) int { return a.At.Compare(b.At) })
		for _, l := range found {
			if m, err := w.desk.Compose(tx, l); err == nil {
				list = append(list, m)
			}
		}
		return nil
	}))
	return list
}

// mailed is the newest code that the mailbox holds for a case.
func (w *world) mailed(caseID string) string {
	w.Helper()
	code := ""
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		for _, raw := range tx.Scan("mail/"+caseID+"/", "", 0) {
			var row struct{ Letter mail.Letter }
			w.ok(json.Unmarshal(raw, &row))
			if m, err := w.desk.Compose(tx, row.Letter); err == nil {
				code = m.Code
			}
		}
		return nil
	}))
	if len(code) != 6 {
		w.Fatalf("no code was mailed for %s", caseID)
	}
	return code
}

// wrongCode is one that is not the right one.
func (w *world) wrongCode(caseID string) string {
	w.Helper()
	if w.mailed(caseID) == "000000" {
		return "000001"
	}
	return "000000"
}

// mails counts the letters of a kind, whether they would still go out or not.
func (w *world) mails(kind mail.Kind) (n int) {
	w.Helper()
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		for _, raw := range tx.Scan("mail/", "", 0) {
			if bytes.Contains(raw, []byte(`"`+string(kind)+`"`)) {
				n++
			}
		}
		return nil
	}))
	return n
}
