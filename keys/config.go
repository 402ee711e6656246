package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// maxConfig is the most that a configuration may have, in bytes.
const maxConfig = 16 << 10

// A Config is what a configuration sets. What it does not set is zero, so the
// zero Config is one that is not there.
type Config struct {
	// Path is the file that was read; "" if there is none.
	Path string
	// ConfigApp is the app that is used where no profile is named. Its AppID
	// may stand without a SecretCommand: it is then for --secret-stdin.
	ConfigApp
	// Profile is the profile that is used where none is named.
	Profile string
	// Rate, Timezone and Color are as the flags of these names take them.
	Rate, Timezone, Color string
	// NoRecents says that what is opened is not remembered: recents = false.
	NoRecents bool
	// Profiles are the apps of [profiles.NAME], all with a SecretCommand.
	Profiles map[string]ConfigApp
}

// A ConfigApp is an app whose secret another program keeps.
type ConfigApp struct {
	// AppID is the app's number, 0 if it is not given.
	AppID uint32
	// SecretCommand is a program and its arguments; nil if it is not given.
	SecretCommand []string
	// Endpoint is a base URL as ParseEndpoint spells it, Region the name of a
	// data centre, which the caller is to turn into an Endpoint. At most one of
	// the two is given.
	Endpoint, Region string
	// Retention is for how many days the app's plan keeps messages, 1 to
	// MaxRetention; 0 if it is not given.
	Retention int
}

// MaxRetention is the longest Retention, in days: a hundred years.
const MaxRetention = 36500

// command returns the app whose SecretCommand is to be asked: that of the named
// profile, or of the Config itself for "".
func (c Config) command(name string) (ConfigApp, bool) {
	app, ok := c.Profiles[name]
	if name == "" {
		app, ok = c.ConfigApp, len(c.SecretCommand) > 0
	}
	return app, ok
}

// LoadConfig reads a configuration, a file in TOML of at most 16 KiB; one that
// is not there sets nothing. It refuses a file that others than its owner can
// write, since it names a program to run, a key that it does not know, and
// whatever looks like a secret. It fails with an *InputError, which names key
// and line and no value, or as the system does.
func LoadConfig(path string) (Config, error) {
	data, err := readGuarded(path, maxConfig, othersWrite)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, nil
	}
	if wrong, ok := errors.AsType[*InputError](err); ok {
		return Config{}, &InputError{Input: path, Problem: wrong.Problem, Advice: strings.ReplaceAll(wrong.Advice, "FILE", path)}
	}
	if err != nil {
		return Config{}, fmt.Errorf("read %s: %w", path, err)
	}
	c, err := readConfig(string(data))
	if err != nil {
		return Config{}, fmt.Errorf("read %s: %w", path, err)
	}
	c.Path = path
	return c, nil
}

// ConfigPath is where the configuration is: backscroll/config.toml in
// $XDG_CONFIG_HOME if that is an absolute path, else in the folder that
// userDir, which is os.UserConfigDir, gives for this system. It is "" where
// there is no such folder.
func ConfigPath(getenv func(string) string, userDir func() (string, error)) string {
	dir := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) {
		var err error
		if dir, err = userDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(dir, Service, "config.toml")
}

const (
	secretPlace = "delete it there and run: backscroll auth login; or let secret_command name a program that prints it, as in [\"pass\", \"show\", \"zim\"]"
	keysKnown   = "the keys are profile, app_id, secret_command, endpoint, region, retention, rate, timezone, color, recents and tables [profiles.NAME]"
	keysOfApp   = "a profile has app_id, secret_command, and endpoint or region, and may have retention"
	adviseTOML  = "it is TOML, with lines such as: region = \"frankfurt\""
)

// hexRun is what a ServerSecret looks like, or the better part of one.
var (
	hexRun  = regexp.MustCompile(`[0-9A-Fa-f]{32,}`)
	partRun = regexp.MustCompile(`[0-9A-Fa-f]{16,}`)
)

// hideSecrets replaces what could be a secret in another program's text.
func hideSecrets(s string) string { return partRun.ReplaceAllString(s, mask) }

// configFile is a configuration that is being read.
type configFile struct{ meta toml.MetaData }

// table is a table of a configuration, its values not yet looked at.
type table map[string]toml.Primitive

// setter takes a value as TOML has it, and says what is wrong with it, or "".
type setter func(value any) (problem string)

// readConfig reads the text of a configuration. Neither TOML's own errors nor a
// key that could be a secret are repeated: they quote what they found.
func readConfig(text string) (Config, error) {
	if at := hexRun.FindStringIndex(text); at != nil {
		line := 1 + strings.Count(text[:at[0]], "\n")
		return Config{}, lineError(line, "has 32 hex digits, as a ServerSecret, which must not be in a file", secretPlace)
	}
	var top table
	meta, err := toml.Decode(text, &top)
	if err != nil {
		line := 0
		if broken, ok := errors.AsType[toml.ParseError](err); ok {
			line = broken.Position.Line
		}
		return Config{}, lineError(line, "is not TOML", adviseTOML)
	}
	f := configFile{meta}
	var c Config
	var profiles table
	known := c.setters()
	known["profile"] = func(v any) string { return setName(&c.Profile, v) }
	known["rate"] = func(v any) string { return setNumber(&c.Rate, v) }
	known["timezone"] = func(v any) string { return setText(&c.Timezone, v) }
	known["recents"] = func(v any) string { return setOff(&c.NoRecents, v) }
	known["color"] = func(v any) string { return setText(&c.Color, v) }
	if value, ok := top["profiles"]; ok {
		if profiles, ok = f.table(value); !ok {
			return Config{}, f.wrong(value, "profiles is no table", "write a table for each: [profiles.NAME]")
		}
		delete(top, "profiles")
	}
	if err := f.read(top, known, keysKnown); err != nil {
		return Config{}, err
	}
	if problem := c.check(); problem != "" {
		return Config{}, lineError(0, problem, "leave one of them out")
	}
	if len(c.SecretCommand) > 0 && c.AppID == 0 {
		return Config{}, f.wrong(top["secret_command"], "secret_command needs app_id", "add app_id, the number of the app")
	}
	c.Profiles, err = f.profiles(profiles)
	return c, err
}

// check returns what contradicts itself, or "".
func (c Config) check() string {
	switch {
	case c.Endpoint != "" && c.Region != "":
		return "endpoint contradicts region"
	case c.Profile != "" && len(c.SecretCommand) > 0:
		return "profile contradicts secret_command, which is for when no profile is named"
	}
	return ""
}

// profiles reads the tables [profiles.NAME].
func (f configFile) profiles(all table) (map[string]ConfigApp, error) {
	apps := map[string]ConfigApp{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var app ConfigApp
		values, ok := f.table(all[name])
		switch {
		case !ok && namesSecret(name):
			return nil, f.wrong(all[name], shownKey(name)+" looks like a secret, which must not be in a file", secretPlace)
		case CheckName(name) != nil:
			return nil, f.wrong(all[name], "the name of a profile is not 1 to 64 letters, digits, - and _", "choose a short name such as shop")
		case !ok:
			return nil, f.wrong(all[name], "profiles."+shownKey(name)+" is no table", keysOfApp)
		}
		if err := f.read(values, app.setters(), keysOfApp); err != nil {
			return nil, err
		}
		switch {
		case app.AppID == 0 || len(app.SecretCommand) == 0:
			return nil, f.wrong(all[name], "profiles."+shownKey(name)+" needs both app_id and secret_command", "add what is missing; a profile of the keyring needs no table")
		case app.Endpoint != "" && app.Region != "":
			return nil, f.wrong(values["region"], "region contradicts endpoint", "leave one of them out")
		}
		apps[name] = app
	}
	return apps, nil
}

// setters are the keys that an app has, wherever it stands.
func (a *ConfigApp) setters() map[string]setter {
	return map[string]setter{
		"app_id":         func(v any) string { return setAppID(&a.AppID, v) },
		"secret_command": func(v any) string { return setCommand(&a.SecretCommand, v) },
		"region":         func(v any) string { return setText(&a.Region, v) },
		"endpoint":       func(v any) string { return setEndpoint(&a.Endpoint, v) },
		"retention":      func(v any) string { return setDays(&a.Retention, v) },
	}
}

// read gives the values of a table to their setters.
func (f configFile) read(values table, known map[string]setter, advice string) error {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		set, ok := known[key]
		switch {
		case !ok && namesSecret(key):
			return f.wrong(values[key], shownKey(key)+" looks like a secret, which must not be in a file", secretPlace)
		case !ok:
			return f.wrong(values[key], "there is no key "+shownKey(key), advice)
		}
		var value any
		problem := "cannot be read"
		if f.meta.PrimitiveDecode(values[key], &value) == nil {
			problem = set(value)
		}
		if problem == holdsSecret {
			return f.wrong(values[key], key+" "+problem, secretPlace)
		}
		if problem != "" {
			return f.wrong(values[key], key+" "+problem, advice)
		}
	}
	return nil
}

// table returns the values of a table, or reports that it is none.
func (f configFile) table(value toml.Primitive) (table, bool) {
	var values table // which stays nil for what is no table, and that is no error
	err := f.meta.PrimitiveDecode(value, &values)
	return values, err == nil && values != nil
}

// wrong is an error about a value, with the line that it is on.
func (f configFile) wrong(value toml.Primitive, problem, advice string) error {
	return lineError(f.line(value), problem, advice)
}

// line is where a value stands, 0 if that is not known: a.b = 1 makes a table
// that stands nowhere itself.
func (f configFile) line(value toml.Primitive) int {
	if at, ok := errors.AsType[toml.ParseError](f.meta.PrimitiveDecode(value, &refusal{})); ok && at.Position.Line > 0 {
		return at.Position.Line
	}
	first := 0
	values, _ := f.table(value)
	for _, v := range values {
		if line := f.line(v); line > 0 && (first == 0 || line < first) {
			first = line
		}
	}
	return first
}

// refusal takes no value, so that the decoder says where the value stands.
type refusal struct{}

// UnmarshalTOML always fails.
func (*refusal) UnmarshalTOML(any) error { return errors.New("refused") }

// lineError is an error about a line, or about the whole file if it is 0.
func lineError(line int, problem, advice string) error {
	input := "the configuration"
	if line > 0 {
		input = "line " + strconv.Itoa(line)
	}
	return &InputError{Input: input, Problem: problem, Advice: advice}
}

// namesSecret reports whether a key is called as a secret would be.
func namesSecret(key string) bool {
	key = strings.NewReplacer("_", "", "-", "", ".", "", " ", "").Replace(strings.ToLower(key))
	for _, word := range []string{"secret", "password", "passwd", "passphrase", "token", "credential", "apikey", "privatekey", "appsign", "signature"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

// shownKey is a key as an error may repeat it: not if it could be a secret.
func shownKey(key string) string {
	if CheckName(key) != nil || len(key) > 32 || partRun.MatchString(key) {
		return "(not shown)"
	}
	return key
}

const (
	noText      = "is no text in quotes"
	holdsSecret = "has 32 hex digits, as a ServerSecret, which must not be in a file"
)

func setText(to *string, value any) string {
	s, ok := value.(string)
	switch {
	case !ok:
		return noText
	case s == "":
		return "is empty"
	case hexRun.MatchString(s): // written in a way that the file does not show
		return holdsSecret
	}
	*to = s
	return ""
}

func setName(to *string, value any) string {
	problem := setText(to, value)
	if problem == "" && CheckName(*to) != nil {
		return "is not 1 to 64 letters, digits, - and _"
	}
	return problem
}

func setNumber(to *string, value any) string {
	switch n := value.(type) {
	case int64:
		*to = strconv.FormatInt(n, 10)
	case float64:
		*to = strconv.FormatFloat(n, 'g', -1, 64)
	default:
		return "is no number"
	}
	return ""
}

func setDays(to *int, value any) string {
	n, ok := value.(int64)
	if !ok || n < 1 || n > MaxRetention {
		return fmt.Sprintf("is not a number of days, 1 to %d", MaxRetention)
	}
	*to = int(n)
	return ""
}

// setOff sets what is on unless the value says false.
func setOff(to *bool, value any) string {
	on, ok := value.(bool)
	if !ok {
		return "is neither true nor false"
	}
	*to = !on
	return ""
}

func setAppID(to *uint32, value any) string {
	n, ok := value.(int64)
	id, err := ParseAppID(strconv.FormatInt(n, 10))
	if !ok || err != nil {
		return "is " + errAppID.Problem
	}
	*to = id
	return ""
}

func setEndpoint(to *string, value any) string {
	problem := setText(to, value)
	if problem != "" {
		return problem
	}
	endpoint, err := ParseEndpoint(*to)
	if wrong, ok := errors.AsType[*InputError](err); ok {
		return wrong.Problem
	}
	*to = endpoint
	return ""
}

func setCommand(to *[]string, value any) string {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return "is no list of a program and its arguments, as in [\"pass\", \"show\", \"zim\"]"
	}
	args := make([]string, len(list))
	for i, element := range list {
		s, ok := element.(string)
		switch {
		case !ok:
			return "has an argument that " + noText
		case hexRun.MatchString(s):
			return holdsSecret
		}
		args[i] = s
	}
	if problem := checkCommand(args); problem != "" {
		return problem
	}
	*to = args
	return ""
}
