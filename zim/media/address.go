package media

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// ErrAddress is the cause of an *Error whose link leads to an address that is not
// connected to: inside of a network, of this machine, or of no host at all.
var ErrAddress = errors.New("links are not followed to such an address")

// network is a range of addresses that is not the public internet.
type network struct {
	netip.Prefix
	kind string
}

const (
	loopback = "a loopback address"
	private  = "a private address"
	reserved = "a reserved address"
)

// networks is every range that is refused; the first that fits counts. An address of IPv6 that holds one of
// IPv4 is judged by that, see inside.
var networks = []network{
	{netip.MustParsePrefix("127.0.0.0/8"), loopback},
	{netip.MustParsePrefix("::1/128"), loopback},
	{netip.MustParsePrefix("10.0.0.0/8"), private},
	{netip.MustParsePrefix("172.16.0.0/12"), private},
	{netip.MustParsePrefix("192.168.0.0/16"), private},
	{netip.MustParsePrefix("fc00::/7"), private},
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address"}, // cloud metadata too
	{netip.MustParsePrefix("fe80::/10"), "a link-local address"},
	{netip.MustParsePrefix("fec0::/10"), "a site-local address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "an address behind a provider's NAT"}, // Alibaba's metadata too
	{netip.MustParsePrefix("168.63.129.16/32"), "a metadata address"},              // Azure's
	{netip.MustParsePrefix("192.0.0.0/24"), reserved},                              // Oracle's metadata too
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address"},
	{netip.MustParsePrefix("ff00::/8"), "a multicast address"},
	{netip.MustParsePrefix("0.0.0.0/8"), reserved},
	{netip.MustParsePrefix("192.0.2.0/24"), reserved},
	{netip.MustParsePrefix("192.88.99.0/24"), reserved},
	{netip.MustParsePrefix("198.18.0.0/15"), reserved},
	{netip.MustParsePrefix("198.51.100.0/24"), reserved},
	{netip.MustParsePrefix("203.0.113.0/24"), reserved},
	{netip.MustParsePrefix("240.0.0.0/4"), reserved},
	{netip.MustParsePrefix("::/96"), reserved},
	{netip.MustParsePrefix("64:ff9b:1::/48"), reserved}, // NAT64 of one's own: where IPv4 stands in it is not known
	{netip.MustParsePrefix("100::/64"), reserved},
	{netip.MustParsePrefix("2001::/23"), reserved}, // Teredo and others
	{netip.MustParsePrefix("2001:db8::/32"), reserved},
	{netip.MustParsePrefix("3fff::/20"), reserved},
	{netip.MustParsePrefix("5f00::/16"), reserved},
}

// holders are the ranges of IPv6 that hold an address of IPv4, and at which byte.
var holders = []struct {
	netip.Prefix
	at int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},    // NAT64
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12}, // its stateless kin, SIIT
	{netip.MustParsePrefix("2002::/16"), 2},        // 6to4
}

// inside returns the address that a packet to ip ends at.
func inside(ip netip.Addr) netip.Addr {
	ip = ip.WithZone("").Unmap()
	for _, h := range holders {
		if h.Contains(ip) {
			b := ip.As16()
			v4, _ := netip.AddrFromSlice(b[h.at : h.at+4])
			return v4
		}
	}
	return ip
}

// refuse returns an ErrAddress if ip is not to be connected to. local lets
// loopback and private addresses pass, nothing else.
func refuse(ip netip.Addr, local bool) error {
	end := inside(ip)
	i := slices.IndexFunc(networks, func(n network) bool { return n.Contains(end) })
	if i < 0 {
		return nil
	}
	kind := networks[i].kind
	if local && (kind == loopback || kind == private) {
		return nil
	}
	return fmt.Errorf("%w: %v is %s", ErrAddress, ip.Unmap(), kind)
}

// control is a net.Dialer's Control: it sees each address after the name was
// resolved, right before the connection, so that no second answer of a name
// server comes in between.
func (f *Fetcher) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: it cannot be read", ErrAddress)
	}
	return refuse(ap.Addr(), f.local)
}
