package journey

// Complaint is what a person has to put right on the page. Pages has the
// words.
type Complaint string

// The complaints.
const (
	WrongPasscode    Complaint = "wrong-passcode" // tries left: Card.Tries
	PasscodeEmpty    Complaint = "passcode-empty"
	PasscodeShort    Complaint = "passcode-short"
	PasscodeLong     Complaint = "passcode-long"
	PasscodeTrivial  Complaint = "passcode-trivial"
	PasscodeSame     Complaint = "passcode-same"     // as the old one
	PasscodeOther    Complaint = "passcode-other"    // not the same the second time
	PasscodeRefused  Complaint = "passcode-refused"  // by the card
	PasscodeUntyped  Complaint = "passcode-untyped"  // at the reader's own keys
	PasscodeMistyped Complaint = "passcode-mistyped" // there: too few digits, or too many
	PadFails         Complaint = "pad-fails"         // those keys do
	AnswerShort      Complaint = "answer-short"
	AnswerLong       Complaint = "answer-long"
	AnswerCharacter  Complaint = "answer-character"
	AnswerInQuestion Complaint = "answer-in-question"
	AnswerIsAddress  Complaint = "answer-is-address"
	AnswerTwice      Complaint = "answer-twice"
	RegisterTooLong  Complaint = "register-too-long" // for central to keep what was begun
	AddressForm      Complaint = "address-form"
	AddressDomain    Complaint = "address-domain"
	AddressRefused   Complaint = "address-refused" // by central
	CodeShort        Complaint = "code-short"
	CodeWrong        Complaint = "code-wrong" // tries left: Case.TriesLeft
	AssistShort      Complaint = "assist-short"
	AssistWrong      Complaint = "assist-wrong"
	AssistOver       Complaint = "assist-over" // run out, used up, or used already
	ResendTooSoon    Complaint = "resend-too-soon"
	ResendUsedUp     Complaint = "resend-used-up"
)

// Complaints lists every complaint, for tests that must not miss any.
func Complaints() []Complaint {
	return []Complaint{
		WrongPasscode, PasscodeEmpty, PasscodeShort, PasscodeLong, PasscodeTrivial, PasscodeSame, PasscodeOther, PasscodeRefused, PasscodeUntyped, PasscodeMistyped, PadFails,
		AnswerShort, AnswerLong, AnswerCharacter, AnswerInQuestion, AnswerIsAddress, AnswerTwice, RegisterTooLong,
		AddressForm, AddressDomain, AddressRefused, CodeShort, CodeWrong, AssistShort, AssistWrong, AssistOver, ResendTooSoon, ResendUsedUp,
	}
}

func resendComplaint(p Problem) Complaint {
	if p == TooSoon {
		return ResendTooSoon
	}
	return ResendUsedUp
}
