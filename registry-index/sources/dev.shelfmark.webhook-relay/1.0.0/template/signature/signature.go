// Package signature decides whether a delivery is from its sender.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// Valid reports whether given is the HMAC of body with secret.
func Valid(body []byte, given, secret string) bool {
	got, err := hex.DecodeString(given)
	if err != nil || secret == "" {
		return false
	}
	return hmac.Equal(got, sum(body, secret))
}

func sum(body []byte, secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return mac.Sum(nil)
}
