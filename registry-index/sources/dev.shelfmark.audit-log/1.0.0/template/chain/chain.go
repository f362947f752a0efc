// Package chain links entries by hash.
package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Head is the number and the hash of the newest entry.
type Head struct {
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
}

// Append returns the head after entry. Maps are written with sorted keys, so the bytes are canonical.
func Append(head Head, entry map[string]any) (Head, error) {
	body, err := json.Marshal(entry)
	if err != nil {
		return head, fmt.Errorf("entry %d cannot be written as JSON: %w", head.Number+1, err)
	}
	sum := sha256.Sum256(append([]byte(head.Hash), body...))
	return Head{Number: head.Number + 1, Hash: hex.EncodeToString(sum[:])}, nil
}

// Verify returns the number of the first entry that does not fit, or 0.
func Verify(start Head, entries []map[string]any, hashes []string) (int64, error) {
	if len(entries) != len(hashes) {
		return start.Number + 1, fmt.Errorf("%d entries and %d hashes", len(entries), len(hashes))
	}
	head := start
	for i, entry := range entries {
		next, err := Append(head, entry)
		if err != nil {
			return next.Number + 1, err
		}
		if next.Hash != hashes[i] {
			return next.Number, nil
		}
		head = next
	}
	return 0, nil
}
