package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"time"

	"backscroll/keys"
	"backscroll/zim"
)

// verifyLimit is how long credentials are tried, with all attempts.
const verifyLimit = 20 * time.Second

// nobody is a user ID for a call whose answer does not matter.
const nobody = "backscroll-nobody"

// A trouble is what can be wrong with credentials, as far as a call can tell.
type trouble uint8

const (
	unclear     trouble = iota // the service answered something else
	wrongSecret                // it is not that of the AppId
	wrongApp                   // the service knows no such AppId
	wrongRegion                // it is not ZIM that answers there, or not for this app
	wrongClock                 // of this machine
	noNetwork                  // or something in it that does not let the call through
)

// verifyError says what is wrong with credentials. Err is an *zim.Error or a
// *zim.TransportError.
type verifyError struct {
	kind  trouble
	appID uint32
	host  string
	err   error
}

// Error is one sentence, without a secret.
func (e *verifyError) Error() string {
	tried := fmt.Sprintf("verify AppId %d with %s: ", e.appID, e.host)
	switch e.kind {
	case wrongSecret:
		return tried + "wrong secret: it is not the ServerSecret of this AppId" + e.request()
	case wrongApp:
		return tried + "wrong AppId: no app has this number there" + e.request()
	case wrongRegion:
		return tried + "wrong region or endpoint: " + e.why()
	case wrongClock:
		return tried + "wrong clock: that of this machine is more than ten minutes off" + e.request()
	case noNetwork:
		return tried + "the service was not reached: " + e.why()
	}
	return tried + e.why()
}

// Unwrap returns what the call failed with.
func (e *verifyError) Unwrap() error { return e.err }

// Hint is the way out.
func (e *verifyError) Hint() string {
	switch e.kind {
	case wrongSecret:
		return "copy the ServerSecret of this AppId from the ZEGOCLOUD console again; the AppSign, 64 digits, is something else"
	case wrongApp:
		return "copy the AppId from the ZEGOCLOUD console again, and check --region or --endpoint"
	case wrongRegion:
		return "give the app's --region, or another --endpoint"
	case wrongClock:
		return "set the clock of this machine right"
	case noNetwork:
		if _, ok := errors.AsType[*net.DNSError](e.err); ok { // whose advice is to check the name, which is right
			return "check the network, its name server and the proxy"
		}
	}
	return wayOut(e.err)
}

// request is what the vendor's support asks for.
func (e *verifyError) request() string {
	if answer, ok := errors.AsType[*zim.Error](e.err); ok {
		return fmt.Sprintf(" (%d, request %s)", int64(answer.Code), answer.RequestId)
	}
	return ""
}

// why is what the call failed with, less what is said already.
func (e *verifyError) why() string {
	if broken, ok := errors.AsType[*zim.TransportError](e.err); ok {
		return broken.Cause.Error()
	}
	if answer, ok := errors.AsType[*zim.Error](e.err); ok {
		return answer.Code.String() + e.request()
	}
	return e.err.Error()
}

// verify tries credentials by one signed call, a look-up of a user that does not
// exist. clock says how wrong the clock of this machine is if that had to be put
// right to be answered, such as "clock 25 min slow"; else it is "". The error is a
// *verifyError, or that of ctx.
func verify(ctx context.Context, appID uint32, secret keys.Secret, endpoint string, more ...zim.Option) (clock string, err error) {
	client, err := newClient(keys.Credentials{AppID: appID, Secret: secret, Endpoint: endpoint}, defaultRate, more...)
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, verifyLimit)
	defer cancel()
	_, err = client.QueryUserInfos(limited, zim.QueryUserInfosRequest{UserIds: []string{nobody}})
	if ctx.Err() != nil {
		return "", fmt.Errorf("verify AppId %d: %w", appID, context.Cause(ctx))
	}
	if answer, ok := errors.AsType[*zim.Error](err); err == nil || ok && answer.Code.AboutID() {
		return client.Traffic().Clock(), nil
	}
	host := client.Endpoint()
	if u, err := url.Parse(host); err == nil {
		host = u.Host
	}
	return "", &verifyError{kind: troubleOf(err, client.Endpoint()), appID: appID, host: host, err: err}
}

// troubleOf tells what a failed call says of the credentials.
func troubleOf(err error, endpoint string) trouble {
	answer, ok := errors.AsType[*zim.Error](err)
	if !ok {
		return troubleOnTheWay(err, endpoint)
	}
	switch answer.Code {
	case zim.WrongSignature, zim.AuthenticationFailed:
		if answer.ClockOffset != 0 {
			return wrongClock
		}
		return wrongSecret
	case zim.AppIDMalformed, zim.NoSecret, zim.NoConfiguration:
		return wrongApp
	case zim.WrongHost, zim.ActionUnsupported:
		return wrongRegion
	case zim.SignatureExpired:
		return wrongClock
	}
	return unclear
}

// troubleOnTheWay tells an endpoint that is not ZIM's from a network that does
// not get there. The addresses of the regions are right: what answers in their
// place is the network's.
func troubleOnTheWay(err error, endpoint string) trouble {
	ours := slices.ContainsFunc(zim.Regions(), func(r zim.Region) bool { return r.Endpoint() == endpoint })
	if broken, ok := errors.AsType[*zim.TransportError](err); ok && broken.Misdirected() && !ours {
		return wrongRegion
	}
	return noNetwork
}
