package media

import (
	"errors"
	"net"
	"net/netip"
	"testing"
)

func TestAddresses(t *testing.T) {
	const (
		always = iota // let pass
		local         // let pass where the service is local
		never
	)
	for address, want := range map[string]int{
		"1.1.1.1": always, "8.8.8.8": always, "100.63.255.255": always, "100.128.0.0": always, "172.15.255.255": always,
		"172.32.0.0": always, "169.253.255.255": always, "192.167.255.255": always, "223.255.255.255": always, "11.0.0.0": always,
		"2606:4700::1111": always, "2a00:1450::1": always, "64:ff9b::808:808": always, "2002:808:808::1": always, "::ffff:8.8.8.8": always,

		"127.0.0.1": local, "127.255.255.254": local, "::1": local, "::ffff:127.0.0.1": local, "10.0.0.1": local, "172.16.0.1": local,
		"172.31.255.255": local, "192.168.1.1": local, "fd00::1": local, "fc00::1": local, "fd00:ec2::254": local,
		"64:ff9b::7f00:1": local, "64:ff9b::a00:1": local, "2002:7f00:1::": local, "::ffff:0:10.0.0.1": local, "::ffff:192.168.0.1": local,

		"0.0.0.0": never, "0.1.2.3": never, "169.254.169.254": never, "::ffff:169.254.169.254": never, "64:ff9b::a9fe:a9fe": never,
		"2002:a9fe:a9fe::1": never, "100.100.100.200": never, "100.64.0.1": never, "100.127.255.255": never, "168.63.129.16": never,
		"192.0.0.192": never, "192.0.2.1": never, "198.18.0.1": never, "198.19.255.255": never, "198.51.100.1": never, "203.0.113.1": never,
		"224.0.0.1": never, "239.255.255.255": never, "240.0.0.1": never, "255.255.255.255": never,
		"::": never, "::7f00:1": never, "fe80::1": never, "fe80::1%lo": never, "fec0::1": never, "ff02::1": never, "2001:db8::1": never,
		"2001:0:1::1": never, "64:ff9b:1::a00:1": never, "100::1": never,
	} {
		for _, isLocal := range []bool{false, true} {
			f := NewFetcher(WithLoopback(isLocal))
			err := f.control("tcp", net.JoinHostPort(address, "443"), nil)
			if pass := want == always || want == local && isLocal; pass != (err == nil) {
				t.Errorf("%s, local %v: %v", address, isLocal, err)
			}
			if err != nil && !errors.Is(err, ErrAddress) {
				t.Errorf("%s: %v is no ErrAddress", address, err)
			}
			if again := refuse(netip.MustParseAddr(address), isLocal); (again == nil) != (err == nil) {
				t.Errorf("%s: %v for the dialer, %v for a proxy", address, err, again)
			}
		}
	}
	if err := NewFetcher().control("tcp", "nowhere", nil); !errors.Is(err, ErrAddress) {
		t.Errorf("what is no address: %v", err)
	}
}
