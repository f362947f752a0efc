package signature

import "testing"

func TestADeliveryIsRefused(t *testing.T) {
	cases := map[string]struct {
		given   string
		secrets []string
	}{
		"without secrets":       {"00", nil},
		"with an empty secret":  {"00", []string{""}},
		"without a signature":   {"", []string{"one"}},
		"with a bad signature":  {"00ff", []string{"one", "two"}},
		"with text for a digest": {"not hexadecimal", []string{"one"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if Valid([]byte("{}"), c.given, c.secrets) {
				t.Fatal("accepted")
			}
		})
	}
}
