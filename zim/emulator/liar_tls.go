package emulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"time"
)

// papers are the certificates of a Liar: the one that its client can trust, and
// the one that it shows while it lies. The zero papers are for http.
type papers struct {
	roots     *x509.CertPool
	good, bad *tls.Config
}

// dress begins TLS on a connection, if there is to be any.
func (p papers) dress(conn net.Conn, lie bool) net.Conn {
	switch {
	case p.good == nil:
		return conn
	case lie:
		return tls.Server(conn, p.bad)
	}
	return tls.Server(conn, p.good)
}

const day = 24 * time.Hour

// forge makes the papers for a lie. Their dates are of the machine's clock, by
// which a client checks them.
func forge(lie Lie) (papers, error) {
	now := time.Now()
	trusted, err := newAuthority("Example Trusted CA", now)
	if err != nil {
		return papers{}, err
	}
	signer, host, until := trusted, "127.0.0.1", now.Add(day)
	switch lie {
	case LieUnknownCA:
		signer, err = newAuthority("Example Company Proxy CA", now)
	case LieExpired:
		until = now.Add(-day)
	case LieWrongHost:
		host = "wrong.example.com"
	}
	if err != nil {
		return papers{}, err
	}
	p := papers{roots: x509.NewCertPool()}
	p.roots.AddCert(trusted.cert)
	if p.good, err = trusted.issue("127.0.0.1", now.Add(day)); err != nil {
		return papers{}, err
	}
	p.bad, err = signer.issue(host, until)
	return p, err
}

// authority is a CA.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(name string, now time.Time) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-30 * day), NotAfter: now.Add(30 * day),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return authority{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return authority{cert, key}, err
}

// issue makes a certificate for a host or an IP address. The server that shows
// it speaks HTTP/1.1, since only that has a connection to be cut.
func (a authority) issue(host string, until time.Time) (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host},
		NotBefore: until.Add(-7 * day), NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		NextProtos:   []string{"http/1.1"},
	}, nil
}
