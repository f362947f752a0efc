// Package intake accepts deliveries and keeps them.
package intake

import (
	"io"
	"net/http"
	"time"

	"example.com/{{ name }}/signature"
)

const largest = 1 << 20

// Source is a system that sends webhooks.
type Source struct {
	Name            string
	SignatureHeader string
	Secret          string
}

// Delivery is what a source sent, before anyone has read it.
type Delivery struct {
	Source string
	Body   []byte
	At     time.Time
}

// Store keeps a delivery before the source gets its answer.
type Store interface {
	Keep(Delivery) error
}

// Handler accepts the deliveries of one source.
func Handler(source Source, store Store, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		if err != nil {
			http.Error(w, "the delivery is too large", http.StatusRequestEntityTooLarge)
			return
		}
		if !signature.Valid(body, r.Header.Get(source.SignatureHeader), source.Secret) {
			http.Error(w, "the signature does not fit", http.StatusUnauthorized)
			return
		}
		if err := store.Keep(Delivery{Source: source.Name, Body: body, At: now()}); err != nil {
			http.Error(w, "the delivery could not be kept, please send it again", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
