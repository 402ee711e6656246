package cli

import (
	"context"
	"fmt"
	"time"

	"backscroll/zim"
	"backscroll/zim/emulator"
)

// demoUser is whose conversations the demo shows when nobody is named.
const demoUser = "alice"

// demoPresent is the time at which the demo plays, shortly after the last
// message of the sample chats.
func demoPresent() time.Time { return emulator.Epoch.Add(5 * time.Minute) }

// startDemo serves the sample chats on this machine until stop is called, and
// returns a client of them.
func startDemo(ctx context.Context, rate float64, more ...zim.Option) (client *zim.Client, stop func(), err error) {
	// The client keeps to the rate. A limit here too would refuse calls that
	// arrive a millisecond early.
	base, stop, err := emulator.New(emulator.WithRate(0)).Serve(ctx, "")
	if err != nil {
		return nil, nil, fmt.Errorf("start the demo: %w", err)
	}
	client, err = zim.NewClient(emulator.AppID, emulator.Secret(), append([]zim.Option{zim.WithEndpoint(base), zim.WithRate(rate)}, more...)...)
	if err != nil {
		stop()
		return nil, nil, fmt.Errorf("start the demo: %w", err)
	}
	return client, stop, nil
}
