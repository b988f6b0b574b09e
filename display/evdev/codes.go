package evdev

// The types and codes that mean something here, by their names in
// include/uapi/linux/input-event-codes.h.
const (
	EvSyn = 0x00
	EvKey = 0x01
	EvAbs = 0x03
	EvSw  = 0x05

	SynReport  = 0
	SynDropped = 3

	AbsX           = 0x00
	AbsY           = 0x01
	AbsMTSlot      = 0x2f
	AbsMTPositionX = 0x35
	AbsMTPositionY = 0x36
	AbsMTToolType  = 0x37
	AbsMTTracking  = 0x39

	SwHeadphoneInsert = 0x02

	BtnLeft  = 0x110
	BtnTouch = 0x14a

	toolPalm    = 2 // MT_TOOL_PALM
	propPointer = 0 // INPUT_PROP_POINTER: a touchpad, whose finger is not on the picture
)

// The keys that are not just a character, by the same header.
const (
	KeyEsc        = 1
	KeyBackspace  = 14
	KeyEnter      = 28
	KeyLeftCtrl   = 29
	KeyA          = 30
	KeyLeftShift  = 42
	KeyZ          = 44
	KeyRightShift = 54
	KeyLeftAlt    = 56
	KeyCapsLock   = 58
	KeyKPEnter    = 96
	KeyRightCtrl  = 97
	KeyRightAlt   = 100
	KeyDelete     = 111
	KeyLeftMeta   = 125
	KeyRightMeta  = 126

	KeyKPAsterisk = 55
	KeyKPMinus    = 74
	KeyKPDot      = 83
	KeyKPSlash    = 98

	KeyNumeric0     = 0x200 // to KeyNumeric0+9: phones and keypads
	KeyNumericStar  = 0x20a
	KeyNumericPound = 0x20b
)

// The requests of EVIOCG..., by their number (include/uapi/linux/input.h).
const (
	GetName    = 0x06
	GetProps   = 0x09
	GetMTSlots = 0x0a
	GetKeys    = 0x18
	GetSwitch  = 0x1b
	GetBits    = 0x20 // + type
	GetAbs     = 0x40 // + code
)
