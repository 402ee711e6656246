package zim

import "strconv"

// Code is a return code of the service: 0 is success, and every other one is
// an error, though the HTTP status is 200.
type Code int64

// The return codes that the service documents.
const (
	Success                Code = 0
	ServerError            Code = 1
	BadParameter           Code = 2
	AuthenticationFailed   Code = 3
	TooManyCalls           Code = 7
	NotLoggedIn            Code = 51102
	DatabaseFailed         Code = 105001
	WrongHost              Code = 100000000
	AppIDMalformed         Code = 100000001
	TimestampEmpty         Code = 100000002
	TimestampMalformed     Code = 100000003
	SignatureExpired       Code = 100000004
	WrongSignature         Code = 100000005
	ActionEmpty            Code = 100000006
	ActionUnsupported      Code = 100000007
	NonceEmpty             Code = 100000008
	SignatureEmpty         Code = 100000009
	NoSecret               Code = 100000010
	NoConfiguration        Code = 100000011
	BodyUnreadable         Code = 100000012
	VersionEmpty           Code = 100000013
	VersionUnsupported     Code = 100000014
	GatewayFailed          Code = 100000015
	NotInProduction        Code = 100000016
	ServiceNotEnabled      Code = 100000017
	ServiceBusy            Code = 660000001
	ParameterInvalid       Code = 660000002
	ServiceFailed          Code = 660000003
	UserIDTooLong          Code = 660000012
	NotInPlan              Code = 660000028
	UserUnknown            Code = 660200001
	RateLimited            Code = 660300005
	GroupRateLimited       Code = 660300006
	ConversationUser       Code = 660500002
	GroupUnknown           Code = 660600001
	MembersUnreadable      Code = 660600003
	MemberListRateLimited  Code = 660600004
	GroupUnreadable        Code = 660600009
	UserUnreadable         Code = 660700008
	PeerUnknown            Code = 660700012
	SenderUnknown          Code = 660700015
	ConversationUnreadable Code = 660800053
)

// fact is what is known of a code: what it means, and what its reader does.
type fact struct{ meaning, advice string }

const (
	adviseBug      = "this is a defect of backscroll: please report it with the request ID"
	adviseBusy     = "the service is busy or failing: try again, and give ZEGOCLOUD the request ID if it stays"
	adviseSlow     = "the app's calls are used up for this second: try again, or ask for fewer a second if others need them too"
	adviseUser     = "check the user ID: the service knows only users who have logged in or were registered"
	adviseConsole  = "check the app in the ZEGOCLOUD console, or ask ZEGOCLOUD with the request ID"
	adviseAppID    = "check the AppId in the ZEGOCLOUD console"
	adviseTrouble  = "check the ID and try again; if it stays, give ZEGOCLOUD the request ID"
	adviseEndpoint = "check the region or endpoint"
)

var facts = map[Code]fact{
	Success:                {"success", ""},
	ServerError:            {"server error", adviseBusy},
	BadParameter:           {"bad parameter", "check the user and group IDs"},
	AuthenticationFailed:   {"authentication failed", "check AppId and ServerSecret in the ZEGOCLOUD console, then sign in again"},
	TooManyCalls:           {"too many calls", adviseSlow},
	NotLoggedIn:            {"user not logged in", adviseUser},
	DatabaseFailed:         {"database request failed", adviseBusy},
	WrongHost:              {"wrong host", adviseEndpoint},
	AppIDMalformed:         {"AppId malformed", adviseAppID},
	TimestampEmpty:         {"Timestamp empty", adviseBug},
	TimestampMalformed:     {"Timestamp malformed", adviseBug},
	SignatureExpired:       {"signature expired", "the clock of this machine is more than ten minutes off: set it right"},
	WrongSignature:         {"wrong signature", "the ServerSecret does not belong to this AppId: copy it again from the ZEGOCLOUD console"},
	ActionEmpty:            {"Action empty", adviseBug},
	ActionUnsupported:      {"Action unsupported", adviseEndpoint + "; if it is right, " + adviseBug},
	NonceEmpty:             {"SignatureNonce empty", adviseBug},
	SignatureEmpty:         {"Signature empty", adviseBug},
	NoSecret:               {"no secret for that AppId", adviseAppID},
	NoConfiguration:        {"no configuration for that AppId", adviseAppID},
	BodyUnreadable:         {"gateway could not read the body", adviseBusy},
	VersionEmpty:           {"SignatureVersion empty", adviseBug},
	VersionUnsupported:     {"SignatureVersion unsupported", adviseBug},
	GatewayFailed:          {"gateway failed", adviseBusy},
	NotInProduction:        {"app not configured for production", adviseConsole},
	ServiceNotEnabled:      {"In-app Chat not enabled for the app", adviseConsole},
	ServiceBusy:            {"service busy", adviseBusy},
	ParameterInvalid:       {"bad parameter", "check the user and group IDs"},
	ServiceFailed:          {"service failed", adviseBusy},
	UserIDTooLong:          {"user ID longer than 32 bytes", "check the user ID: it has 32 bytes at most"},
	NotInPlan:              {"not in the free plan", "the app's plan does not include this call: see the ZEGOCLOUD console"},
	UserUnknown:            {"user not registered", adviseUser},
	RateLimited:            {"too many calls", adviseSlow},
	GroupRateLimited:       {"too many calls for that group", adviseSlow},
	ConversationUser:       {"user not registered", adviseUser},
	GroupUnknown:           {"no such group", "check the group ID: a disbanded group is gone"},
	MembersUnreadable:      {"group members could not be read", adviseTrouble},
	MemberListRateLimited:  {"too many calls for member lists", adviseSlow},
	GroupUnreadable:        {"group could not be read", adviseTrouble},
	UserUnreadable:         {"user could not be read", adviseTrouble},
	PeerUnknown:            {"user not registered", adviseUser},
	SenderUnknown:          {"user not registered", adviseUser},
	ConversationUnreadable: {"conversation list could not be read", "give ZEGOCLOUD the request ID"},
}

// String returns what the code means, or "unknown code" for one that is not
// documented.
func (c Code) String() string {
	if f, ok := facts[c]; ok {
		return f.meaning
	}
	return "unknown code " + strconv.FormatInt(int64(c), 10)
}

// Advice says what the reader of the code can do.
func (c Code) Advice() string {
	if f, ok := facts[c]; ok {
		return f.advice
	}
	return "the code is not documented: give ZEGOCLOUD the request ID"
}

// AboutID reports whether a refusal speaks of the user or the group that was asked
// for, not of the service: asking for another one may be answered.
func (c Code) AboutID() bool {
	switch c {
	case BadParameter, ParameterInvalid, UserIDTooLong, UserUnknown, UserUnreadable, GroupUnknown, GroupUnreadable,
		MembersUnreadable, ConversationUser, PeerUnknown, SenderUnknown:
		return true
	}
	return false
}
