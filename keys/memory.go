package keys

import (
	"context"
	"sync"
)

// Memory is a Keyring that lives as long as the process, for tests. It may be
// used by several goroutines.
type Memory struct {
	mu     sync.Mutex
	items  map[item]string
	state  State
	broken bool
}

type item struct{ service, account string }

// NewMemory returns an empty Memory.
func NewMemory() *Memory { return &Memory{items: map[item]string{}} }

// Fail makes every later call fail with state and change nothing.
func (m *Memory) Fail(state State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state, m.broken = state, true
}

// Heal ends what Fail began.
func (m *Memory) Heal() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = false
}

// Accounts returns a copy of what is stored for service, by account.
func (m *Memory) Accounts(service string) map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	accounts := map[string]string{}
	for at, value := range m.items {
		if at.service == service {
			accounts[at.account] = value
		}
	}
	return accounts
}

// Get returns the text stored for service and account.
func (m *Memory) Get(ctx context.Context, service, account string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(ctx, tryGet, account); err != nil {
		return "", err
	}
	value, ok := m.items[item{service, account}]
	if !ok {
		return "", keyringError(tryGet, account, NotFound, nil)
	}
	return value, nil
}

// Set stores value for service and account.
func (m *Memory) Set(ctx context.Context, service, account, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(ctx, trySet, account); err != nil {
		return err
	}
	m.items[item{service, account}] = value
	return nil
}

// Delete removes what is stored for service and account.
func (m *Memory) Delete(ctx context.Context, service, account string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(ctx, tryDelete, account); err != nil {
		return err
	}
	if _, ok := m.items[item{service, account}]; !ok {
		return keyringError(tryDelete, account, NotFound, nil)
	}
	delete(m.items, item{service, account})
	return nil
}

func (m *Memory) check(ctx context.Context, try, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.broken {
		return keyringError(try, account, m.state, nil)
	}
	return nil
}
