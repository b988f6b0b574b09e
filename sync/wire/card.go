package wire

import "time"

// CardView is a card as operators see it. The address is masked.
type CardView struct {
	Card         string    `json:"card"`
	Profile      string    `json:"profile"`
	Holder       string    `json:"holder"`
	Address      string    `json:"address"`
	Site         string    `json:"site"`
	Standing     Standing  `json:"standing"`
	AttemptsLeft int       `json:"attempts_left"`
	PUK          int       `json:"puk_generation"`
	Factory      bool      `json:"factory_key,omitempty"` // the card's key is one that anybody knows
	LastUnlock   time.Time `json:"last_unlock,omitzero"`
}

// CardFindBody looks for cards by their id, or by part of the holder's name.
type CardFindBody struct {
	Query string `json:"query"`
}

// CardHistoryBody asks what happened to a card, newest first, from before an
// entry of the audit log on; 0 is the newest.
type CardHistoryBody struct {
	Card   string `json:"card"`
	Before uint64 `json:"before,omitempty"`
}

// History is a page of what happened to a card.
type History struct {
	Card    CardView    `json:"card"`
	Entries []CardEntry `json:"entries"`
	More    bool        `json:"more,omitempty"` // before the last of these
}

// CardEntry is one thing that happened, as the audit log has it.
type CardEntry struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	What   string    `json:"what"`
	By     string    `json:"by"`
	Second string    `json:"second,omitempty"` // operator who agreed
	Site   string    `json:"site,omitempty"`
	Note   string    `json:"note,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Notes  []string  `json:"notes,omitempty"` // by which operators did it, as they signed them
}

// CardActBody is an act on a card.
type CardActBody struct {
	Card    string `json:"card"`
	Reason  string `json:"reason"`
	Address string `json:"address,omitempty"` // card.address: the new one
	Forget  bool   `json:"forget,omitempty"`  // card.remove: nobody is to tell whose the history was
}

// CardAgreeBody agrees to what another operator asked for: to exactly that, as
// it was shown to who agrees.
type CardAgreeBody struct {
	ID   string      `json:"id"`
	Kind Kind        `json:"kind"`
	By   string      `json:"by"` // who asked for it
	Act  CardActBody `json:"act"`
	Note string      `json:"note"` // SHA-256 of the note by which they did, hex; empty: on central's pages
}

// CardWaitingBody asks what waits for a second operator; with an ID, for that
// alone.
type CardWaitingBody struct {
	ID string `json:"id,omitempty"`
}

// CardDone is what came of an act. With Agree nothing was done yet.
type CardDone struct {
	Agree   string `json:"agree,omitempty"` // what a second operator has to agree to
	Code    string `json:"code,omitempty"`  // to be typed at a terminal
	Minutes int    `json:"minutes,omitempty"`
}

// Waiting is an act that waits for a second operator, and what is to be agreed
// to.
type Waiting struct {
	CardAgreeBody
	Card  CardView  `json:"card"`
	Until time.Time `json:"until"`
}

// AssistTakeBody types the IT booth's code at a terminal, with a fresh proof
// of the card. It is answered by a CodeCheckReply.
type AssistTakeBody struct {
	Card   string    `json:"card"`
	Code   Typed     `json:"code"`
	Proof  CardProof `json:"proof"`
	SealTo []byte    `json:"seal_to"`
}
